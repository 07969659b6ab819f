//! Bare WKT: geometries one after the other, nothing else. `SRID=4490;POLYGON((…))` may say the system.
//!
//! A geometry ends with its line, or where its brackets close if that is on a later line; each is a row. A
//! file that is one collection (`MULTIPOLYGON`, `GEOMETRYCOLLECTION`) is a layer, not one area: its members
//! are the rows. Rows have no attributes; their number is their code.

use super::{
    bytes::{Blob, Content, Meter, too_much},
    csv::text_error,
    encoding::{self, Utf8},
    table::{Geometry, Header, Input, RawRow, RowError, Rows},
    wkt,
};
use crate::{IngestError, Progress, crs::declared::Declared};
use encoding_rs::Encoding;
use std::io::{BufRead, BufReader, Read};

/// The longest geometry that is read, in bytes.
const MAX_GEOMETRY: usize = 64 << 20;

/// A file of bare WKT.
pub(crate) struct WktInput {
    blob: Blob,
    encoding: &'static Encoding,
    /// The whole file is one collection.
    collection: bool,
    /// The system that the first geometry states; the others must state the same or none.
    srid: Option<String>,
}

/// Looks at the first geometry, and whether there is a second.
pub(crate) fn open(blob: Blob) -> Result<(WktInput, Header), IngestError> {
    let detected = encoding::detect(|| Ok(blob.reader()?)).map_err(|e| text_error(&blob, e))?;
    let mut input = WktInput { blob, encoding: detected.encoding, collection: false, srid: None };
    let mut texts = input.texts()?;
    let mut first = Vec::new();
    if !texts.next(&mut first)? {
        return Err(IngestError::format(&input.blob.name, "is empty"));
    }
    let single = !texts.next(&mut Vec::new())?;
    let first = String::from_utf8_lossy(&first);
    input.collection = single && wkt::is_collection(&first);
    input.srid = wkt::srid(&first).map(str::to_owned);
    let declared = input.srid.as_ref().map(|code| Declared::code("its SRID", "EPSG", code));
    Ok((input, Header { has_geometry: true, anonymous: true, declared, ..Header::default() }))
}

impl WktInput {
    fn texts(&self) -> Result<Texts, IngestError> {
        let content = self.blob.reader()?;
        let meter = content.meter();
        let text = BufReader::with_capacity(1 << 17, Utf8::new(content, self.encoding));
        Ok(Texts { name: self.blob.name.clone(), text, meter })
    }
}

impl Input for WktInput {
    fn rows(&self) -> Result<Box<dyn Rows>, IngestError> {
        let mut texts = self.texts()?;
        let mut members = None;
        if self.collection {
            let mut whole = Vec::new();
            texts.next(&mut whole)?;
            let parsed = wkt::parse_members(&String::from_utf8_lossy(&whole));
            members = Some(parsed.map_err(|what| IngestError::format(&self.blob.name, what))?.into_iter());
        }
        Ok(Box::new(WktRows { texts, members, srid: self.srid.clone(), buffer: Vec::new(), number: 0 }))
    }
}

/// The texts of the geometries in a file.
struct Texts {
    name: String,
    text: BufReader<Utf8<Content>>,
    meter: Meter,
}

impl Texts {
    /// Reads the text of the next geometry; `false` at the end.
    fn next(&mut self, out: &mut Vec<u8>) -> Result<bool, IngestError> {
        out.clear();
        let mut depth = 0i64;
        loop {
            let start = out.len();
            let most = (MAX_GEOMETRY + 1 - start) as u64;
            let read = self.text.by_ref().take(most).read_until(b'\n', out);
            let read = read.map_err(|e| super::bytes::read_error(&self.name, e))?;
            if out.len() > MAX_GEOMETRY {
                let what =
                    format!("a geometry is longer than {} MB (is a bracket missing?)", MAX_GEOMETRY >> 20);
                return Err(super::bytes::read_error(&self.name, too_much(what)));
            }
            let line = &out[start..];
            depth += line.iter().map(|b| i64::from(*b == b'(') - i64::from(*b == b')')).sum::<i64>();
            let blank = out.iter().all(u8::is_ascii_whitespace);
            if read == 0 || (depth <= 0 && !blank) {
                return Ok(!blank);
            }
        }
    }
}

struct WktRows {
    texts: Texts,
    /// The members of a collection.
    members: Option<std::vec::IntoIter<Geometry>>,
    srid: Option<String>,
    buffer: Vec<u8>,
    number: u64,
}

impl Rows for WktRows {
    fn read(&mut self, row: &mut RawRow) -> Result<bool, RowError> {
        row.cells.reset(0);
        let next = match &mut self.members {
            Some(members) => members.next(),
            None => self.texts.next(&mut self.buffer)?.then(Geometry::default),
        };
        let Some(geometry) = next else { return Ok(false) };
        self.number += 1;
        row.number = self.number;
        row.geometry = geometry;
        if self.members.is_none() {
            let text = std::str::from_utf8(&self.buffer).map_err(|_| RowError::row("is not valid text"))?;
            if let Some(own) = wkt::srid(text)
                && self.srid.as_deref() != Some(own)
            {
                let first = self.srid.as_deref().map_or("none".into(), |s| format!("SRID={s}"));
                return Err(RowError::geometry(format!("states SRID={own}; the first row states {first}")));
            }
            row.geometry = wkt::parse(text).map_err(RowError::geometry)?;
        }
        Ok(true)
    }

    fn progress(&self) -> Progress {
        self.texts.meter.progress()
    }
}
