//! What is told about an import: guesses while it opens ([`Note`]), sums when it is through ([`Report`]).

use serde::Serialize;
use std::fmt;

/// A guess or decision worth printing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Information, or something the user should look at.
    pub level: NoteLevel,
    /// One sentence.
    pub text: String,
}

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoteLevel {
    /// A guess that is probably right.
    Info,
    /// Something that may be wrong.
    Warning,
}

impl Note {
    pub(crate) fn info(text: impl fmt::Display) -> Self {
        Self { level: NoteLevel::Info, text: text.to_string() }
    }
    pub(crate) fn warning(text: impl fmt::Display) -> Self {
        Self { level: NoteLevel::Warning, text: text.to_string() }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.level == NoteLevel::Warning {
            f.write_str("warning: ")?;
        }
        f.write_str(&self.text)
    }
}

/// How far a reader is: bytes of the file, or rows where bytes mean nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    /// Done so far.
    pub done: u64,
    /// All there is; 0 when not known.
    pub total: u64,
}

/// Sums over the rows read so far (complete once the iterator has ended).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Rows (or features) read from the file.
    pub read: u64,
    /// Rows taken. Several rows of one area count each.
    pub accepted: u64,
    /// Rows not taken.
    pub rejected: u64,
    /// Records handed out: `accepted` less the rows that were merged into another.
    pub records: u64,
    /// Codes that stood in several rows and became one multi-part area.
    pub merged: Vec<Merged>,
    /// Rings that were mended (the first [`Report::LIST`] of them; `repaired_rows` counts all).
    pub repaired: Vec<Repair>,
    /// Rows with a mended ring.
    pub repaired_rows: u64,
    /// Things to look at: conflicting names, areas of the lowest level without a drawing, ….
    pub warnings: Vec<String>,
    /// How the order of day and month was decided, if the file left it open.
    pub date_order: Option<String>,
    /// Columns that identify persons and were not read.
    pub dropped_columns: Vec<String>,
}

impl Report {
    /// How many repairs are listed one by one.
    pub const LIST: usize = 1000;
}

/// One code that stood in several rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// The code.
    pub code: String,
    /// In how many rows it stood.
    pub rows: u64,
    /// Of how many polygons the area consists now.
    pub parts: usize,
}

/// What was mended in one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// Row number, as in [`crate::Reject::row`].
    pub row: u64,
    /// Code of the area.
    pub code: String,
    /// What was done.
    pub what: String,
}
