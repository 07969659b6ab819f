//! Reads a file on a thread of its own, so that reading and storing go on at the same time.

use gridbeat_ingest::{DepartmentImport, Import, IngestError, Note, Problem, Progress, Reject, Report};
use gridbeat_onemap::{
    department::{FeatureRow, Schema},
    record::Row,
};
use std::{
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::Scope,
};

/// Rows of a batch.
const BATCH: usize = 256;
/// Batches that wait at most.
const WAITING: usize = 16;

/// A file that is being read.
pub trait Reading: Iterator<Item = Result<Self::Record, Problem>> {
    /// What becomes of a row.
    type Record: Send;
    /// What is known of all rows before the first comes.
    type Head: Send;

    /// See there.
    fn head(&self) -> Self::Head;
    /// Guesses.
    fn notes(&self) -> &[Note];
    /// How far the reader is.
    fn progress(&self) -> Progress;
    /// What it counted.
    fn report(&self) -> Report;
    /// The row read last, as it stood in the file.
    fn source(&self) -> String;
}

macro_rules! reading {
    ($reader:ident gives $record:ident under $head:ty: $get:expr) => {
        impl Reading for $reader {
            type Record = $record;
            type Head = $head;

            fn head(&self) -> $head {
                let get: fn(&Self) -> $head = $get;
                get(self)
            }
            fn notes(&self) -> &[Note] {
                self.notes()
            }
            fn progress(&self) -> Progress {
                self.progress()
            }
            fn report(&self) -> Report {
                self.report()
            }
            fn source(&self) -> String {
                self.source()
            }
        }
    };
}

reading!(Import gives Row under (): |_| ());
reading!(DepartmentImport gives FeatureRow under Schema: |import| import.schema().clone());

/// What the reading thread sends.
enum Message<R, H> {
    Opened(H, Vec<Note>),
    Rows(Vec<Result<Numbered<R>, Reject>>, Progress),
    Failed(IngestError),
    Done(Report),
}

/// A row, and where it stood.
pub struct Numbered<R> {
    /// The row.
    pub row: R,
    /// Its number in the file (approximate for areas, of which several rows may make one).
    pub number: u64,
    /// The row as it stood in the file, if that was asked for and can be said.
    pub source: String,
}

/// The rows of a file, as they come.
pub struct Rows<R, H = ()> {
    receiver: Receiver<Message<R, H>>,
    batch: std::vec::IntoIter<Result<Numbered<R>, Reject>>,
    /// How far the reader is.
    pub progress: Progress,
    /// Complete when the rows are through.
    pub report: Option<Report>,
}

/// What is known of a file once it is open: of all its rows, the guesses, and the rows.
pub type Opened<R> = (<R as Reading>::Head, Vec<Note>, Rows<<R as Reading>::Record, <R as Reading>::Head>);

/// Opens a file on a thread of the scope; with `sources`, rows bring what stood in the file.
///
/// # Errors
/// When the whole file is unusable.
pub fn read<'s, R: Reading>(
    scope: &'s Scope<'s, '_>,
    path: &'s Path,
    open: impl FnOnce(&Path) -> Result<R, IngestError> + Send + 's,
    sources: bool,
) -> Result<Opened<R>, IngestError>
where
    R::Record: 's,
    R::Head: 's,
{
    let (sender, receiver) = sync_channel(WAITING);
    scope.spawn(move || {
        let _ = pump(path, open, sources, &sender);
    });
    let rows = Rows { receiver, batch: Vec::new().into_iter(), progress: Progress::default(), report: None };
    match rows.receiver.recv() {
        Ok(Message::Opened(head, notes)) => Ok((head, notes, rows)),
        Ok(Message::Failed(error)) => Err(error),
        // The reader sends nothing else first; a closed channel means that it panicked.
        _ => Err(rows.broken(path)),
    }
}

/// `None` when nobody wants the rest.
fn pump<R: Reading>(
    path: &Path,
    open: impl FnOnce(&Path) -> Result<R, IngestError>,
    sources: bool,
    sender: &SyncSender<Message<R::Record, R::Head>>,
) -> Option<()> {
    let mut import = match open(path) {
        Ok(import) => import,
        Err(error) => return sender.send(Message::Failed(error)).ok(),
    };
    sender.send(Message::Opened(import.head(), import.notes().to_vec())).ok()?;
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

impl<R, H> Rows<R, H> {
    /// The next row or reject; `None` when the file is through.
    #[allow(clippy::type_complexity)] // A row, or why it is none, or why there are no more.
    pub fn next(&mut self) -> Option<Result<Result<Numbered<R>, Reject>, IngestError>> {
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
                Ok(Message::Opened(..)) => {}
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
