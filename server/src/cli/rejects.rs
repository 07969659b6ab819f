//! `--rejects FILE`: every row that was not taken, as CSV: where it stood, what is wrong with it, and the
//! row itself as a JSON object of its columns.

use crate::error::CliError;
use gridbeat_ingest::Reject;
use std::{fs::File, io::BufWriter, path::Path};

/// How many are shown on stderr.
pub const SHOWN: usize = 10;

/// Rows that were not taken: the first few kept to be shown, all of them in the file.
pub struct Rejects {
    /// The first [`SHOWN`].
    pub first: Vec<Reject>,
    /// How many there were.
    pub count: u64,
    file: Option<csv::Writer<BufWriter<File>>>,
    failed: Option<CliError>,
}

impl Rejects {
    /// Opens the file, if there is to be one.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(path: Option<&Path>) -> Result<Self, CliError> {
        let file = match path {
            None => None,
            Some(path) => {
                let file = File::create(path)
                    .map_err(|e| CliError::io(format!("--rejects {}", path.display()), &e))?;
                let mut writer = csv::Writer::from_writer(BufWriter::new(file));
                writer.write_record(["file", "row", "field", "reason", "source"]).map_err(cannot_write)?;
                Some(writer)
            }
        };
        Ok(Self { first: Vec::new(), count: 0, file, failed: None })
    }

    /// Whether there is a file that keeps them.
    pub fn are_kept(&self) -> bool {
        self.file.is_some()
    }

    /// One more. A failure to write is told by [`Rejects::finish`].
    pub fn add(&mut self, reject: Reject) {
        self.count += 1;
        if let Some(writer) = &mut self.file
            && let Err(error) = writer.write_record([
                &reject.file,
                &reject.row.to_string(),
                &reject.field,
                &reject.reason,
                &reject.source,
            ])
        {
            self.failed.get_or_insert_with(|| cannot_write(error));
        }
        if self.first.len() < SHOWN {
            self.first.push(reject);
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When the file could not be written.
    pub fn finish(&mut self) -> Result<(), CliError> {
        if let Some(writer) = &mut self.file
            && let Err(error) = writer.flush()
        {
            return Err(CliError::io("--rejects", &error));
        }
        self.failed.take().map_or(Ok(()), Err)
    }
}

fn cannot_write(error: csv::Error) -> CliError {
    CliError::Other(format!("--rejects: {error}"))
}
