//! One import: from a path to a stream of records.

use crate::{IngestError, Note, Options, Problem, Progress, Report};
use gridbeat_onemap::record::Row;
use std::path::Path;

/// A file that is being read: an iterator over its records.
pub struct Import {
    notes: Vec<Note>,
    report: Report,
}

/// Opens a file and decides its format, encoding, coordinate system and mapping.
///
/// # Errors
/// When the whole file is unusable.
pub fn open(path: &Path, _options: Options) -> Result<Import, IngestError> {
    Err(IngestError::format(
        &crate::error::file_name(path),
        "no reader takes this file",
    ))
}

impl Import {
    /// Guesses and decisions to print before the rows come.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
    /// How far the reader is.
    pub fn progress(&self) -> Progress {
        Progress::default()
    }
    /// Sums so far.
    pub fn report(&self) -> Report {
        self.report.clone()
    }
}

impl Iterator for Import {
    type Item = Result<Row, Problem>;
    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}
