//! GeoJSON of any size: a collection, one Feature, a bare geometry, a Feature on each line; and the
//! `polygoys` export of field tools (BD-09).

use super::{
    bytes::{Blob, Content, Meter},
    csv::text_error,
    encoding::{self, Utf8},
    feature::{self, Columns, Kind},
    json::{ItemKind, Items, ScanError},
    table::{Header, Input, RawRow, RowError, Rows},
};
use crate::{Crs, IngestError, Note, Progress, crs::declared::Declared};
use encoding_rs::Encoding;
use std::sync::Arc;

/// From so many features the names of the columns are collected.
const SAMPLE: u64 = 10_000;

pub(crate) struct JsonInput {
    blob: Blob,
    encoding: &'static Encoding,
    columns: Arc<Columns>,
}

/// Looks at a GeoJSON text: walks through all of it once for its `crs` member (which may stand at the
/// end) and to know that it is whole.
pub(crate) fn open(blob: Blob) -> Result<(JsonInput, Header), IngestError> {
    let detected = encoding::detect(|| Ok(blob.reader()?)).map_err(|e| text_error(&blob, e))?;
    let mut header = Header { has_geometry: true, ..Header::default() };
    if let Some(at) = detected.not_utf8_at {
        header.notes.push(Note::info(format!("text is GB18030 (not UTF-8 from byte {} on)", at.byte)));
    }
    let mut input = JsonInput { blob, encoding: detected.encoding, columns: Arc::default() };
    let (mut items, _) = input.items()?;
    let mut columns = Columns::default();
    let mut buffer = Vec::new();
    let (mut count, mut polygoys, mut crs) = (0u64, 0u64, None);
    while let Some(kind) = items.next(&mut buffer).map_err(|e| input.error(e, count))? {
        count += 1;
        polygoys += u64::from(kind == ItemKind::Polygoy);
        if count > SAMPLE && kind != ItemKind::Top {
            continue;
        }
        let Ok(text) = std::str::from_utf8(&buffer) else {
            continue;
        };
        if kind == ItemKind::Top {
            let (what, own_crs) = feature::inspect(text);
            crs = crs.or(own_crs);
            if what == Kind::Else && count == 1 {
                return Err(IngestError::format(&input.blob.name, not_geojson(text)));
            }
        }
        if count <= SAMPLE {
            // A feature that cannot be read is rejected when its turn comes.
            let _ = feature::collect_columns(text, &mut columns);
        }
    }
    if count == 0 {
        return Err(IngestError::format(&input.blob.name, "holds no feature"));
    }
    header.declared = items
        .crs
        .as_deref()
        .and_then(|c| std::str::from_utf8(c).ok())
        .map(str::to_owned)
        .or(crs)
        .and_then(|c| declared(&c));
    if polygoys > 0 && header.declared.is_none() {
        header.declared =
            Some(Declared { whence: "the polygoys format", text: "BD-09".into(), crs: Ok(Crs::Bd09) });
    }
    header.anonymous = columns.names.is_empty() && polygoys == count;
    header.columns.clone_from(&columns.names);
    input.columns = Arc::new(columns);
    Ok((input, header))
}

fn not_geojson(text: &str) -> String {
    let topology = text.contains("\"Topology\"");
    if topology {
        "is TopoJSON; export it as GeoJSON".into()
    } else {
        "is JSON but not GeoJSON: expected a FeatureCollection, a Feature, a geometry or polygoys".into()
    }
}

/// The `crs` member of GeoJSON 2008: a name, or an EPSG code; null says nothing.
pub(crate) fn declared(crs: &str) -> Option<Declared> {
    let value: serde_json::Value = serde_json::from_str(crs).ok()?;
    if value.is_null() {
        return None;
    }
    let properties = value.get("properties");
    let member = |key: &str| properties.and_then(|p| p.get(key));
    if let Some(name) = member("name").and_then(|n| n.as_str()) {
        return Some(Declared::name("its crs member", name));
    }
    if let Some(code) = member("code").and_then(|c| c.as_u64().or_else(|| c.as_str()?.parse().ok())) {
        return Some(Declared::code("its crs member", "EPSG", &code.to_string()));
    }
    Some(Declared {
        whence: "its crs member",
        text: crs.chars().take(80).collect(),
        crs: Err("it names no coordinate system".into()),
    })
}

impl JsonInput {
    fn items(&self) -> Result<(Items<Utf8<Content>>, Meter), IngestError> {
        let content = self.blob.reader()?;
        let meter = content.meter();
        Ok((Items::new(Utf8::new(content, self.encoding)), meter))
    }

    fn error(&self, e: ScanError, count: u64) -> IngestError {
        scan_error(&self.blob.name, e, count)
    }
}

pub(crate) fn scan_error(name: &str, e: ScanError, count: u64) -> IngestError {
    match e {
        ScanError::Io(e) => super::bytes::read_error(name, e),
        ScanError::Syntax { byte, what } => IngestError::format(
            name,
            format!("is not GeoJSON at byte {byte} (after {count} features): {what}"),
        ),
        ScanError::CutOff { byte } => IngestError::format(
            name,
            format!("is cut off: it ends at byte {byte}, after {count} whole features"),
        ),
        ScanError::Limit(what) => IngestError::limit(name, what),
    }
}

impl Input for JsonInput {
    fn rows(&self) -> Result<Box<dyn Rows>, IngestError> {
        let (items, meter) = self.items()?;
        Ok(Box::new(JsonRows {
            name: self.blob.name.clone(),
            items,
            meter,
            columns: Arc::clone(&self.columns),
            buffer: Vec::new(),
            number: 0,
        }))
    }
}

struct JsonRows {
    name: String,
    items: Items<Utf8<Content>>,
    meter: Meter,
    columns: Arc<Columns>,
    buffer: Vec<u8>,
    number: u64,
}

impl Rows for JsonRows {
    fn read(&mut self, row: &mut RawRow) -> Result<bool, RowError> {
        let next = self.items.next(&mut self.buffer).map_err(|e| scan_error(&self.name, e, self.number))?;
        let Some(kind) = next else { return Ok(false) };
        self.number += 1;
        row.number = self.number;
        let text = std::str::from_utf8(&self.buffer).map_err(|_| RowError::row("is not valid text"))?;
        let read = match kind {
            ItemKind::Polygoy => feature::read_polygoy(text, &self.columns, row),
            ItemKind::Feature | ItemKind::Top => feature::read(text, &self.columns, row),
        };
        read.map_err(|(field, reason)| RowError::Row { field, reason })?;
        Ok(true)
    }

    fn progress(&self) -> Progress {
        self.meter.progress()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crs_members_of_real_files() {
        let d = declared(r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4236"}}"#).unwrap();
        assert_eq!(d.crs, Ok(Crs::Epsg(4236)));
        let d = declared(r#"{"type":"EPSG","properties":{"code":4490}}"#).unwrap();
        assert_eq!(d.crs, Ok(Crs::Epsg(4490)));
        assert!(declared("null").is_none());
        assert!(declared(r#"{"type":"link","properties":{"href":"x"}}"#).unwrap().crs.is_err());
    }
}
