//! What both backends do with the candidates of a search: keep those that hold the text, best first.

use crate::store::AddressHit;
use gridbeat_onemap::search::{Best, Sought};

/// Characters from which on the store's index finds a text.
pub const SHORTEST_SEARCH: usize = 3;

/// Hits in the making.
pub(crate) struct Hits {
    sought: Sought,
    best: Best<AddressHit>,
}

impl Hits {
    /// Looks for `text`; `None` when nothing can be found.
    pub(crate) fn new(text: &str, limit: usize) -> Option<Self> {
        let sought = Sought::new(text)?;
        let is_long = sought.text().chars().count() >= SHORTEST_SEARCH;
        (is_long && limit > 0).then(|| Self { sought, best: Best::new(limit) })
    }

    /// The text looked for, in lower case.
    pub(crate) fn wanted(&self) -> &str {
        self.sought.text()
    }

    /// Takes what `hit` makes of a text that holds the piece; whether more are wanted.
    pub(crate) fn offer<E>(
        &mut self,
        text: &str,
        hit: impl FnOnce() -> Result<AddressHit, E>,
    ) -> Result<bool, E> {
        let Some(rank) = self.sought.rank(text) else {
            return Ok(true);
        };
        let hit = hit()?;
        Ok(self.best.offer(rank, hit.fid.0, hit))
    }

    /// The best, best first.
    pub(crate) fn best(self) -> Vec<AddressHit> {
        self.best.best()
    }
}
