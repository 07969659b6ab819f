//! What both backends do with the candidates of a search: keep those that hold the text, best first.

use crate::store::AddressHit;
use gridbeat_onemap::e7::Bounds;
use std::collections::BTreeMap;

/// Hits looked at, for each that is wanted, before the best are picked.
const CHOICE: usize = 8;
/// The same at least, so that few wanted are still well chosen.
const CHOICE_AT_LEAST: usize = 400;

/// Where in the text (in characters), how long the text is: early in a short one is best.
pub(crate) type Rank = (usize, usize);

/// Hits in the making.
pub(crate) struct Hits {
    wanted: String,
    limit: usize,
    bbox: Option<Bounds>,
    // By fid too, so that equal ranks have an order and a row offered twice counts once.
    found: BTreeMap<(Rank, u64), AddressHit>,
}

impl Hits {
    /// Looks for `text`, letters of any case, without the blanks around it.
    pub(crate) fn new(text: &str, limit: usize, bbox: Option<Bounds>) -> Self {
        Self { wanted: text.trim().to_lowercase(), limit, bbox, found: BTreeMap::new() }
    }

    /// The text looked for, in lower case.
    pub(crate) fn wanted(&self) -> &str {
        &self.wanted
    }

    /// Whether nothing can be found.
    pub(crate) fn is_pointless(&self) -> bool {
        self.wanted.is_empty() || self.limit == 0 || self.wanted.contains('\0')
    }

    /// Where the text is found; `None` when it is not.
    pub(crate) fn rank(&self, text: &str) -> Option<Rank> {
        let text = text.to_lowercase();
        let at = text.find(&self.wanted)?;
        Some((text[..at].chars().count(), text.chars().count()))
    }

    /// Takes a hit; whether more are wanted.
    pub(crate) fn offer(&mut self, rank: Rank, hit: AddressHit) -> bool {
        if self.bbox.is_none_or(|b| b.contains(hit.at)) {
            self.found.insert((rank, hit.fid.0), hit);
        }
        !self.is_full()
    }

    /// Whether there are enough to choose from.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= self.limit.saturating_mul(CHOICE).max(CHOICE_AT_LEAST)
    }

    /// The best, best first.
    pub(crate) fn best(self) -> Vec<AddressHit> {
        self.found.into_values().take(self.limit).collect()
    }
}
