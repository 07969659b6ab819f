//! A piece of text that somebody looks for, and the best of what holds it.
//!
//! Letters of any case are alike: `B座` is found by `b座`, `ΟΔΟΣ` by `οδος`. Letter by letter, so that every piece of a
//! text is found in it, whatever stands around (`ß` is not `ss`). Found early in a short text is best.
//!
//! A text is not read letter by letter where it need not be: it is gone through for a *mark*, some bytes that every
//! text with the piece holds, and only what stands around them is compared.

use memchr::{memchr, memchr2, memchr3, memmem::Finder};
use std::{
    collections::{BTreeMap, HashMap},
    iter::once,
    sync::LazyLock,
};

/// Hits looked at, for each that is wanted, before the best are picked.
const CHOICE: usize = 8;
/// The same at least, so that few wanted are still well chosen.
const CHOICE_AT_LEAST: usize = 400;
/// Letters of a piece that are tried as a mark.
const MOST_LETTERS: usize = 8;

/// Where in the text (in characters), how long the text is: less is better.
pub type Rank = (usize, usize);

/// What letters of any case have in common: the small letter of the capital one, where each is one character.
fn fold(c: char) -> char {
    // Chinese characters, kana and Hangul have no case.
    if matches!(c, '\u{2E80}'..='\u{A63F}' | '\u{AC00}'..='\u{D7A3}') {
        return c;
    }
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let one = |mut all: std::char::ToUppercase| all.next().filter(|_| all.next().is_none());
    let capital = one(c.to_uppercase()).unwrap_or(c);
    let mut small = capital.to_lowercase();
    small.next().filter(|_| small.next().is_none()).unwrap_or(capital)
}

/// The other characters that fold to one, of those that are not alone.
static ALIKE: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut alike: HashMap<char, Vec<char>> = HashMap::new();
    // No script with letters of two cases lies beyond.
    for c in '\0'..='\u{1FFFF}' {
        let folded = fold(c);
        if folded != c {
            alike.entry(folded).or_default().push(c);
        }
    }
    alike
});

/// Whether a folded character is alike with no other.
fn is_alone(c: char) -> bool {
    !ALIKE.contains_key(&c)
}

/// A piece of text that is looked for.
#[derive(Debug)]
pub struct Sought {
    /// Folded, without the blanks around it.
    text: String,
    letters: Vec<char>,
    /// One at least.
    marks: Vec<Mark>,
}

/// Some bytes that are in every text with the piece.
#[derive(Debug)]
pub(crate) struct Mark {
    /// How many letters of the piece come before it.
    before: usize,
    bytes: Bytes,
}

#[derive(Debug)]
enum Bytes {
    /// A run of letters that are alike with no others: `座101` of `B座101`.
    Run(Box<Finder<'static>>),
    /// One of those with which a letter may begin, whatever its case.
    First(Vec<u8>),
}

impl Mark {
    /// The first place in some bytes where it is.
    fn find(&self, bytes: &[u8]) -> Option<usize> {
        match &self.bytes {
            Bytes::Run(run) => run.find(bytes),
            Bytes::First(first) => match first[..] {
                [a] => memchr(a, bytes),
                [a, b] => memchr2(a, b, bytes),
                [a, b, c] => memchr3(a, b, c, bytes),
                _ => bytes.iter().position(|b| first.contains(b)),
            },
        }
    }

    /// Every place in some bytes where it is.
    pub(crate) fn places<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = from + self.find(&bytes[from..])?;
            from = at + 1;
            Some(at)
        })
    }
}

impl Sought {
    /// Of what somebody wrote; `None` if that is empty, or holds a NUL, which no text does.
    pub fn new(text: &str) -> Option<Self> {
        let letters: Vec<char> = text.trim().chars().map(fold).collect();
        let marks = marks(&letters);
        (!letters.is_empty() && !letters.contains(&'\0')).then(|| Self {
            text: letters.iter().collect(),
            letters,
            marks,
        })
    }

    /// The piece, its letters small, without the blanks around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether any database means the same by letters of any case: besides those of ASCII, it has only such as
    /// have no case.
    pub fn is_plain(&self) -> bool {
        self.letters.iter().all(|&c| c.is_ascii() || is_alone(c))
    }

    /// Runs of so many letters that are alike with no others.
    pub(crate) fn runs(&self, length: usize) -> impl Iterator<Item = String> {
        self.letters
            .windows(length)
            .filter(|run| run.iter().all(|&c| is_alone(c)))
            .map(|run| run.iter().collect())
    }

    /// Where it is found in a text; `None` when it is not.
    pub fn rank(&self, text: &str) -> Option<Rank> {
        let mark = &self.marks[0];
        mark.places(text.as_bytes()).find_map(|at| self.rank_at(text, at, mark))
    }

    /// The same where its mark was found at a byte of the text.
    pub(crate) fn rank_at(&self, text: &str, at: usize, mark: &Mark) -> Option<Rank> {
        let (head, tail) = text.split_at_checked(at)?;
        let (before, after) = self.letters.split_at(mark.before);
        let fits = begins(tail.chars(), after.iter()) && begins(head.chars().rev(), before.iter().rev());
        if !fits {
            return None;
        }
        let start = head.chars().count() - before.len();
        Some((start, start + before.len() + tail.chars().count()))
    }

    /// The mark that is found least often in some samples of the texts.
    pub(crate) fn rarest<'s>(&self, samples: impl Iterator<Item = &'s [u8]> + Clone) -> &Mark {
        let (mut rarest, mut least) = (&self.marks[0], usize::MAX);
        for mark in &self.marks {
            let count = samples.clone().flat_map(|bytes| mark.places(bytes)).take(least).count();
            if count < least {
                (rarest, least) = (mark, count);
            }
        }
        rarest
    }
}

/// Whether a text begins with a piece, its letters folded.
fn begins<'a>(mut text: impl Iterator<Item = char>, mut piece: impl Iterator<Item = &'a char>) -> bool {
    piece.all(|&c| text.next().is_some_and(|t| fold(t) == c))
}

/// The longest run of letters that are alike with no others first, then letters that are not.
fn marks(letters: &[char]) -> Vec<Mark> {
    let mut runs = Vec::new();
    let mut start = 0;
    for run in letters.chunk_by(|a, b| is_alone(*a) == is_alone(*b)) {
        if is_alone(run[0]) {
            runs.push((start, run));
        }
        start += run.len();
    }
    let longest = runs.into_iter().max_by_key(|(_, run)| run.len());
    let run = longest.map(|(before, run)| {
        let text: String = run.iter().collect();
        Mark { before, bytes: Bytes::Run(Box::new(Finder::new(&text).into_owned())) }
    });
    let cased = letters.iter().enumerate().filter_map(|(before, &c)| Some((before, c, ALIKE.get(&c)?)));
    let letters = cased.take(MOST_LETTERS).map(|(before, c, alike)| {
        let first = |c: char| c.encode_utf8(&mut [0; 4]).as_bytes()[0];
        let mut all: Vec<u8> = once(c).chain(alike.iter().copied()).map(first).collect();
        all.sort_unstable();
        all.dedup();
        Mark { before, bytes: Bytes::First(all) }
    });
    run.into_iter().chain(letters).collect()
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
    fn every_piece_of_a_text_is_found_in_it() {
        for text in [
            "中山路B座101室",
            "İSTANBUL CADDESİ 7",
            "ΟΔΟΣ ΔΟΣΙΣ 5ς",
            "Ꭰ cherokee ꭰ",
            "Straße ẞ ſtreet ﬁn",
            "ŉ ǰ ΐ Ⅷ ⓐ Ｂ座 K Å",
        ] {
            let letters: Vec<char> = text.chars().collect();
            for (from, to) in
                (0..letters.len()).flat_map(|from| (from + 1..=letters.len()).map(move |to| (from, to)))
            {
                let piece: String = letters[from..to].iter().collect();
                let Some(sought) = Sought::new(&piece) else { continue };
                let blanks = piece.chars().take_while(|c| c.is_whitespace()).count();
                let rank = sought.rank(text).unwrap_or_else(|| panic!("{piece:?} of {text:?}"));
                assert!(
                    rank.0 <= from + blanks && rank.1 == letters.len(),
                    "{piece:?} of {text:?}: {rank:?}"
                );
            }
        }
        for (piece, text) in
            [("οδος", "ΟΔΟΣ 1"), ("STREET", "ſtreet"), ("K", "\u{212A}"), ("ВЕРХ", "верхний")]
        {
            assert!(Sought::new(piece).unwrap().rank(text).is_some(), "{piece}");
        }
    }

    #[test]
    fn what_folds_is_folded() {
        assert!(('\0'..=char::MAX).all(|c| fold(fold(c)) == fold(c)));
        assert!(('\u{20000}'..=char::MAX).all(|c| fold(c) == c));
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
