//! What is wrong with a filter, and where.

use std::fmt;

/// Where in a filter something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The n-th character of a text, from 1.
    Character(usize),
    /// A member of a JSON document, as a JSON pointer (RFC 6901): `/args/0`; empty for the whole.
    Member(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(n) => write!(f, "at character {n}"),
            Self::Member(pointer) if pointer.is_empty() => f.write_str("in the whole filter"),
            Self::Member(pointer) => write!(f, "at {pointer}"),
        }
    }
}

/// A filter that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct FilterError {
    /// Where.
    pub place: Place,
    /// What is wrong, and what was expected.
    pub what: String,
}

impl FilterError {
    pub(crate) fn new(place: &Place, what: impl Into<String>) -> Self {
        Self { place: place.clone(), what: what.into() }
    }
}

/// The first 60 characters, for a message.
pub(crate) fn short(text: &str) -> String {
    let mut out: String = text.chars().take(60).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}
