//! Reads a file on a thread of its own, so that reading and storing go on at the same time.

use gridbeat_ingest::{IngestError, Note, Options, Problem, Progress, Reject, Report, open};
use gridbeat_onemap::record::Row;
use std::{
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::Scope,
};

/// Rows of a batch.
const BATCH: usize = 256;
/// Batches that wait at most.
const WAITING: usize = 16;

/// What the reading thread sends.
enum Message {
    Opened(Vec<Note>),
    Rows(Vec<Result<Numbered, Reject>>, Progress),
    Failed(IngestError),
    Done(Report),
}

/// A row, and where it stood.
pub struct Numbered {
    /// The row.
    pub row: Row,
    /// Its number in the file (approximate for areas, of which several rows may make one).
    pub number: u64,
    /// The row as it stood in the file, if that was asked for and can be said.
    pub source: String,
}

/// The rows of a file, as they come.
pub struct Rows {
    receiver: Receiver<Message>,
    batch: std::vec::IntoIter<Result<Numbered, Reject>>,
    /// How far the reader is.
    pub progress: Progress,
    /// Complete when the rows are through.
    pub report: Option<Report>,
}

/// Opens a file on a thread of the scope and returns its notes and rows; with `sources`, rows bring what
/// stood in the file.
///
/// # Errors
/// When the whole file is unusable.
pub fn read<'s>(
    scope: &'s Scope<'s, '_>,
    path: &'s Path,
    options: Options,
    sources: bool,
) -> Result<(Vec<Note>, Rows), IngestError> {
    let (sender, receiver) = sync_channel(WAITING);
    scope.spawn(move || {
        let _ = pump(path, options, sources, &sender);
    });
    let rows = Rows { receiver, batch: Vec::new().into_iter(), progress: Progress::default(), report: None };
    match rows.receiver.recv() {
        Ok(Message::Opened(notes)) => Ok((notes, rows)),
        Ok(Message::Failed(error)) => Err(error),
        // The reader sends nothing else first; a closed channel means that it panicked.
        _ => Err(rows.broken(path)),
    }
}

/// `None` when nobody wants the rest.
fn pump(path: &Path, options: Options, sources: bool, sender: &SyncSender<Message>) -> Option<()> {
    let mut import = match open(path, options) {
        Ok(import) => import,
        Err(error) => return sender.send(Message::Failed(error)).ok(),
    };
    sender.send(Message::Opened(import.notes().to_vec())).ok()?;
    let mut batch = Vec::with_capacity(BATCH);
    let mut number = 0;
    while let Some(next) = import.next() {
        match next {
            Ok(row) => {
                number += 1;
                let source = if sources { import.source() } else { String::new() };
                batch.push(Ok(Numbered { row, number, source }));
            }
            Err(Problem::Reject(reject)) => {
                number = reject.row;
                batch.push(Err(reject));
            }
            Err(Problem::Fatal(error)) => return sender.send(Message::Failed(error)).ok(),
        }
        if batch.len() == BATCH {
            sender.send(Message::Rows(std::mem::take(&mut batch), import.progress())).ok()?;
            batch.reserve(BATCH);
        }
    }
    sender.send(Message::Rows(batch, import.progress())).ok()?;
    sender.send(Message::Done(import.report())).ok()
}

impl Rows {
    /// The next row or reject; `None` when the file is through.
    pub fn next(&mut self) -> Option<Result<Result<Numbered, Reject>, IngestError>> {
        loop {
            if let Some(row) = self.batch.next() {
                return Some(Ok(row));
            }
            if self.report.is_some() {
                return None;
            }
            match self.receiver.recv() {
                Ok(Message::Rows(batch, progress)) => {
                    self.batch = batch.into_iter();
                    self.progress = progress;
                }
                Ok(Message::Done(report)) => self.report = Some(report),
                Ok(Message::Failed(error)) => return Some(Err(error)),
                Ok(Message::Opened(_)) => {}
                Err(_) => return Some(Err(self.broken(Path::new("the file")))),
            }
        }
    }

    fn broken(&self, path: &Path) -> IngestError {
        IngestError::Io {
            file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            source: std::io::Error::other("the reader stopped without a word"),
        }
    }
}
