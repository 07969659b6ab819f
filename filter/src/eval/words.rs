//! What `CASEI` and `ACCENTI` make of a text.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A way to make texts equal that differ in something only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Upper and lower case: Unicode's full case folding (`Straße` is `STRASSE`).
    Case,
    /// Accents: decomposed (NFD), without combining marks (`débárquér` is `debarquer`).
    Accents,
}

impl Fold {
    /// The text without that difference.
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::Case => caseless::default_case_fold_str(text),
            Self::Accents => text.nfd().filter(|c| !is_combining_mark(*c)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents() {
        assert_eq!(Fold::Case.apply("Straße"), Fold::Case.apply("STRASSE"));
        assert_eq!(Fold::Case.apply("Οδος"), Fold::Case.apply("ΟΔΟΣ"));
        assert_eq!(Fold::Accents.apply("débárquér"), "debarquer");
        assert_eq!(Fold::Accents.apply("Å"), "A");
        assert_ne!(Fold::Case.apply("é"), Fold::Case.apply("e"));
    }
}
