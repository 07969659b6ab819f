//! A piece of text that somebody looks for, and the best of what holds it.
//!
//! Letters of any case are alike: what is looked for and where it is looked for are both put into lower case. Found
//! early in a short text is best.

use memchr::memmem::Finder;
use std::collections::BTreeMap;

/// Hits looked at, for each that is wanted, before the best are picked.
const CHOICE: usize = 8;
/// The same at least, so that few wanted are still well chosen.
const CHOICE_AT_LEAST: usize = 400;

/// Where in the text (in characters), how long the text is: less is better.
pub type Rank = (usize, usize);

/// A piece of text that is looked for.
#[derive(Debug)]
pub struct Sought {
    /// In lower case, without the blanks around it.
    text: String,
    mark: Mark,
}

/// Bytes that are in every text with the piece, whatever the case of its letters.
#[derive(Debug)]
enum Mark {
    /// The longest run of the piece without a letter that has two cases, if it is long enough to be rare: `座101`
    /// of `B座101`.
    Run(Box<Finder<'static>>),
    /// The first letter in either case.
    Letter([u8; 2]),
    /// None that is known.
    Nothing,
}

impl Sought {
    /// Of what somebody wrote; `None` if that is empty, or holds a NUL, which no text does.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let is_same = |c: &char| c.to_uppercase().eq([*c]) && c.to_lowercase().eq([*c]);
        let runs = text.split(|c: char| !is_same(&c));
        let mark = match (runs.max_by_key(|run| run.len()), text.bytes().next()) {
            (Some(run), _) if !run.is_empty() => Mark::Run(Box::new(Finder::new(run).into_owned())),
            (_, Some(first)) if first.is_ascii_alphabetic() => {
                Mark::Letter([first, first.to_ascii_uppercase()])
            }
            _ => Mark::Nothing,
        };
        (!text.is_empty() && !text.contains('\0')).then_some(Self { text, mark })
    }

    /// The piece in lower case, without the blanks around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it is found in a text; `None` when it is not.
    pub fn rank(&self, text: &str) -> Option<Rank> {
        let text = text.to_lowercase();
        let at = text.find(&self.text)?;
        Some((text[..at].chars().count(), text.chars().count()))
    }

    /// The first place in some bytes where a text with the piece may be, and how long what is there is. In UTF-8
    /// it begins and ends with a character.
    pub(crate) fn mark_in(&self, bytes: &[u8]) -> Option<(usize, usize)> {
        match &self.mark {
            Mark::Run(run) => run.find(bytes).map(|at| (at, run.needle().len())),
            Mark::Letter([lower, upper]) => memchr::memchr2(*lower, *upper, bytes).map(|at| (at, 1)),
            Mark::Nothing => (!bytes.is_empty()).then_some((0, 0)),
        }
    }
}

/// The best of what was found, as far as there was a choice.
#[derive(Debug)]
pub struct Best<T> {
    limit: usize,
    // By id too, so that equal ranks have an order and what is offered twice counts once.
    found: BTreeMap<(Rank, u64), T>,
}

impl<T> Best<T> {
    /// So many at most.
    pub fn new(limit: usize) -> Self {
        Self { limit, found: BTreeMap::new() }
    }

    /// Takes one with its rank and its id; whether more are wanted.
    pub fn offer(&mut self, rank: Rank, id: u64, hit: T) -> bool {
        self.found.insert((rank, id), hit);
        !self.is_full()
    }

    /// Whether there are enough to choose from.
    pub fn is_full(&self) -> bool {
        self.limit == 0 || self.found.len() >= self.limit.saturating_mul(CHOICE).max(CHOICE_AT_LEAST)
    }

    /// The best, best first.
    pub fn best(self) -> Vec<T> {
        self.found.into_values().take(self.limit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_any_case_are_alike() {
        let sought = Sought::new(" b座101 ").unwrap();
        assert_eq!(sought.text(), "b座101");
        assert_eq!(sought.rank("中山路B座101室"), Some((3, 9)));
        assert_eq!(sought.rank("中山路b座10室"), None);
    }

    #[test]
    fn what_no_text_holds_is_not_looked_for() {
        for nothing in ["", "  ", "a\0b"] {
            assert!(Sought::new(nothing).is_none(), "{nothing:?}");
        }
    }

    #[test]
    fn a_mark_is_in_every_text_with_the_piece() {
        for (piece, text) in
            [("B座101", "b座101"), ("abc", "xxABC"), ("Ж1", "ж1"), ("ЖД", "жд"), ("ǅ", "ǆ"), ("1", "1")]
        {
            let sought = Sought::new(piece).unwrap();
            assert!(sought.mark_in(text.as_bytes()).is_some(), "{piece}");
        }
    }

    #[test]
    fn early_in_a_short_text_is_best() {
        let sought = Sought::new("路").unwrap();
        let mut best = Best::new(2);
        for (id, text) in ["中山路1号", "山路", "大桥路东", "路口"].into_iter().enumerate() {
            assert!(best.offer(sought.rank(text).unwrap(), id as u64, text));
        }
        assert_eq!(best.best(), ["路口", "山路"]);
    }
}
