//! Delimited text with a header line: comma, semicolon, tab or bar, plain or gzipped.
//!
//! Streamed; memory is one row. A row may span lines inside quotes, but not without end: one lost quote
//! would otherwise swallow the rest of a city. An empty cell is null, an empty one in quotes the empty text, as
//! PostgreSQL's `COPY` has it.

use super::{
    bytes::{Blob, Content, Meter, read_error, too_much},
    encoding::{self, TextError, Utf8},
    table::{Header, Input, RawRow, RowError, Rows, check_columns},
};
use crate::{IngestError, Note, Progress};
use encoding_rs::Encoding;
use std::{
    io::{self, BufRead, BufReader, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// The longest row that is read. The WKT of a detailed province has some ten megabytes.
const MAX_ROW: u64 = 64 << 20;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A delimited text.
pub(crate) struct CsvInput {
    blob: Blob,
    encoding: &'static Encoding,
    delimiter: u8,
    columns: usize,
}

/// Looks at a delimited text: its encoding (over the whole file), delimiter and header.
pub(crate) fn open(blob: Blob) -> Result<(CsvInput, Header), IngestError> {
    encoding::check_head(&blob.content_head(4096)?).map_err(|e| IngestError::encoding(&blob.name, e))?;
    let detected = encoding::detect(|| Ok(blob.reader()?)).map_err(|e| text_error(&blob, e))?;
    let mut notes = Vec::new();
    if let Some(at) = detected.not_utf8_at {
        notes.push(Note::info(format!(
            "text is GB18030 (not UTF-8 from byte {}, line {} on)",
            at.byte, at.line
        )));
    }
    let mut input = CsvInput { blob, encoding: detected.encoding, delimiter: b',', columns: 0 };
    let mut head = Vec::new();
    input.text()?.0.take(1 << 16).read_to_end(&mut head).map_err(|e| input.blob.io(e))?;
    input.delimiter = find_delimiter(&head);
    let mut reader = input.reader()?;
    reader.next().map_err(|e| read_error(&input.blob.name, e))?;
    let columns: Vec<String> =
        reader.cells().map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect();
    if columns.iter().all(String::is_empty) {
        return Err(IngestError::format(&input.blob.name, "is empty; expected a header line and rows"));
    }
    let columns = check_columns(&input.blob.name, columns)?;
    input.columns = columns.len();
    Ok((input, Header { columns, notes, blank_fits_all: true, ..Header::default() }))
}

/// The candidate that occurs most often in the header line, outside quotes.
pub(crate) fn find_delimiter(head: &[u8]) -> u8 {
    let mut counts = [0usize; DELIMITERS.len()];
    let mut quoted = false;
    for &b in head {
        match b {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(i) = DELIMITERS.iter().position(|&d| d == b) {
                    counts[i] += 1;
                }
            }
        }
    }
    // The first of the list wins a tie: a header of one column is comma-separated.
    let best = (0..DELIMITERS.len()).max_by_key(|&i| (counts[i], DELIMITERS.len() - i)).unwrap_or(0);
    DELIMITERS[best]
}

impl CsvInput {
    fn text(&self) -> Result<(Utf8<Content>, Meter), IngestError> {
        let content = self.blob.reader()?;
        let meter = content.meter();
        Ok((Utf8::new(content, self.encoding), meter))
    }

    fn reader(&self) -> Result<CsvRows, IngestError> {
        let (text, meter) = self.text()?;
        let (limited, budget) = Limited::new(text);
        Ok(CsvRows {
            name: self.blob.name.clone(),
            input: BufReader::with_capacity(1 << 17, limited),
            core: csv_core::ReaderBuilder::new().delimiter(self.delimiter).build(),
            meter,
            budget,
            text: Vec::new(),
            ends: Vec::new(),
            columns: self.columns,
            number: 0,
        })
    }
}

impl Input for CsvInput {
    fn rows(&self) -> Result<Box<dyn Rows>, IngestError> {
        let mut rows = self.reader()?;
        // The header line.
        rows.next().map_err(|e| read_error(&self.blob.name, e))?;
        Ok(Box::new(rows))
    }
}

/// Reads cell by cell: read as whole rows, cells no longer say whether they were quoted.
struct CsvRows {
    name: String,
    input: BufReader<Limited<Utf8<Content>>>,
    core: csv_core::Reader,
    meter: Meter,
    budget: Budget,
    /// The text of a row's cells, one after the other.
    text: Vec<u8>,
    /// Where each of them ends, and whether quotes were around it.
    ends: Vec<(usize, bool)>,
    columns: usize,
    number: u64,
}

impl CsvRows {
    /// Reads a row; `false` at the end.
    fn next(&mut self) -> io::Result<bool> {
        self.budget.refill();
        self.ends.clear();
        let (mut end, mut quoted) = (0, false);
        loop {
            if self.text.len() < end + 64 {
                self.text.resize((2 * end).max(1024), 0);
            }
            let (result, read, written) = {
                let input = self.input.fill_buf()?;
                let (result, read, written) = self.core.read_field(input, &mut self.text[end..]);
                quoted |= input[..read].contains(&b'"');
                (result, read, written)
            };
            self.input.consume(read);
            end += written;
            match result {
                csv_core::ReadFieldResult::InputEmpty | csv_core::ReadFieldResult::OutputFull => {}
                csv_core::ReadFieldResult::Field { record_end } => {
                    self.ends.push((end, quoted));
                    quoted = false;
                    if record_end {
                        return Ok(true);
                    }
                }
                csv_core::ReadFieldResult::End => return Ok(false),
            }
        }
    }

    /// The cells of the row that was read, and whether each was quoted.
    fn cells(&self) -> impl Iterator<Item = (&[u8], bool)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(end, _)| *end));
        starts.zip(&self.ends).map(|(start, &(end, quoted))| (&self.text[start..end], quoted))
    }
}

impl Rows for CsvRows {
    fn read(&mut self, row: &mut RawRow) -> Result<bool, RowError> {
        if !self.next().map_err(|e| read_error(&self.name, e))? {
            return Ok(false);
        }
        self.number += 1;
        row.number = self.number;
        row.cells.reset(self.columns);
        row.geometry = super::Geometry::None;
        if self.ends.len() != self.columns {
            return Err(RowError::row(format!(
                "has {} cells; the header has {} columns",
                self.ends.len(),
                self.columns
            )));
        }
        for (i, (cell, quoted)) in self.cells().enumerate() {
            // The text was checked or decoded, so this never fails; a file that changes while it is read might.
            let text = std::str::from_utf8(cell).map_err(|_| RowError::row("is not valid text"))?;
            if quoted || !text.trim().is_empty() {
                row.cells.set(i, text);
            }
        }
        Ok(true)
    }

    fn progress(&self) -> Progress {
        self.meter.progress()
    }
}

/// Stops reading when one row has used up its budget.
pub(crate) struct Limited<R> {
    inner: R,
    budget: Arc<AtomicU64>,
}

/// What one row may still read.
pub(crate) struct Budget(Arc<AtomicU64>);

impl Budget {
    /// A new row begins.
    pub fn refill(&self) {
        self.0.store(MAX_ROW, Ordering::Relaxed);
    }
}

impl<R> Limited<R> {
    pub fn new(inner: R) -> (Self, Budget) {
        let budget = Arc::new(AtomicU64::new(MAX_ROW));
        (Self { inner, budget: Arc::clone(&budget) }, Budget(budget))
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        let left = self.budget.load(Ordering::Relaxed);
        if n as u64 > left {
            return Err(too_much(format!("a row is longer than {} MB (is a quote missing?)", MAX_ROW >> 20)));
        }
        self.budget.store(left - n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

pub(crate) fn text_error(blob: &Blob, e: TextError) -> IngestError {
    match e {
        TextError::Io(e) => blob.io(e),
        TextError::File(e) => e,
        TextError::Unreadable(what) => IngestError::encoding(&blob.name, what),
    }
}
