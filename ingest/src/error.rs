//! What can go wrong with a whole file ([`IngestError`]) and with one row ([`Reject`]).

use serde::Serialize;
use std::{fmt, io, path::Path};

/// Why a file cannot be used at all. Nothing of it was taken.
///
/// Every variant names the file (its last path segment only) and says what was expected.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The disk or the system failed, not the file's content.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// Not a format that is read here, or not what its name says, or cut off.
    #[error("{file}: {what}")]
    Format {
        /// The file.
        file: String,
        /// What is wrong and what was expected.
        what: String,
    },
    /// Text that is neither UTF-8 nor GB18030 (nor what the file declares).
    #[error("{file}: {what}")]
    Encoding {
        /// The file.
        file: String,
        /// Where (byte or row) and what.
        what: String,
    },
    /// The coordinate system is unknown, missing or plainly wrong.
    #[error("{file}: {what}")]
    Crs {
        /// The file.
        file: String,
        /// What is wrong, and what to pass.
        what: String,
    },
    /// A field has no column, a column no field, or a map entry is wrong.
    #[error("{file}: {what}")]
    Mapping {
        /// The file.
        file: String,
        /// What is missing, with the columns there are.
        what: String,
    },
    /// Times without zone, or in an order that cannot be told.
    #[error("{file}: {what}")]
    Time {
        /// The file.
        file: String,
        /// What is wrong, and what to pass.
        what: String,
    },
    /// Larger, deeper or more compressed than is read.
    #[error("{file}: {what}")]
    Limit {
        /// The file.
        file: String,
        /// Which limit, and its value.
        what: String,
    },
}

impl IngestError {
    /// Whether the disk or system failed (exit code 3) rather than the input being bad (exit code 1).
    /// A file that is not there counts as bad input.
    pub fn is_system(&self) -> bool {
        matches!(self, Self::Io { source, .. } if !matches!(source.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidInput | io::ErrorKind::IsADirectory))
    }

    pub(crate) fn io(file: &str, source: io::Error) -> Self {
        Self::Io { file: file.to_owned(), source }
    }
    pub(crate) fn format(file: &str, what: impl fmt::Display) -> Self {
        Self::Format { file: file.to_owned(), what: what.to_string() }
    }
    pub(crate) fn encoding(file: &str, what: impl fmt::Display) -> Self {
        Self::Encoding { file: file.to_owned(), what: what.to_string() }
    }
    pub(crate) fn crs(file: &str, what: impl fmt::Display) -> Self {
        Self::Crs { file: file.to_owned(), what: what.to_string() }
    }
    pub(crate) fn mapping(file: &str, what: impl fmt::Display) -> Self {
        Self::Mapping { file: file.to_owned(), what: what.to_string() }
    }
    pub(crate) fn time(file: &str, what: impl fmt::Display) -> Self {
        Self::Time { file: file.to_owned(), what: what.to_string() }
    }
    pub(crate) fn limit(file: &str, what: impl fmt::Display) -> Self {
        Self::Limit { file: file.to_owned(), what: what.to_string() }
    }
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// The file (its last path segment).
    pub file: String,
    /// The row: 1 for the first row of data (a header line is not counted) or the first feature.
    pub row: u64,
    /// The contract's field that is wrong (`code`, `geometry`, …); empty when it is the row as a whole.
    pub field: String,
    /// What is wrong and what was expected.
    pub reason: String,
    /// The row itself, as [`crate::Import::source`] gives it.
    pub source: String,
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} row {}", self.file, self.row)?;
        if !self.field.is_empty() {
            write!(f, ", {}", self.field)?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// What stands in the place of a row.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// This row was not taken; the next one may be.
    #[error("{0}")]
    Reject(Reject),
    /// The file itself failed; no row follows.
    #[error(transparent)]
    Fatal(#[from] IngestError),
}

/// The last segment of a path, for messages (a full path says more than a user should be told).
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}
