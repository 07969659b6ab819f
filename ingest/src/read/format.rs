//! Which reader a file needs: by its content; the ending only to say when the two disagree.

use super::{
    bare_wkt,
    bytes::Blob,
    csv, flatgeobuf, geojson, geopackage,
    shapefile::{self, Parts},
    table::{Header, Input},
    zipped,
};
use crate::IngestError;
use std::path::Path;

/// Looks at a file and opens it with its reader.
pub(crate) fn open(path: &Path, layer: Option<&str>) -> Result<(Box<dyn Input>, Header), IngestError> {
    let blob = Blob::of_path(path)?;
    let head = blob.head(512)?;
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let bad = |what: &str| Err(IngestError::format(&blob.name, what));
    // Nothing but white space is nothing (a longer stretch of it may still lead to something).
    if head.len() < 512 && head.iter().all(u8::is_ascii_whitespace) {
        return bad("is empty");
    }
    let magic = magic(&head);
    match (ending.as_str(), magic) {
        ("dbf" | "shx" | "prj" | "cpg", m) if m != Some("shp") || ending == "shx" => {
            return bad("is one part of a shapefile; name its .shp");
        }
        ("shp" | "gpkg" | "fgb" | "zip" | "gz", m) if m != Some(ending.as_str()) => {
            return bad(&format!("is named .{ending} but does not begin like one"));
        }
        _ => {}
    }
    match magic {
        Some("zip") => zipped::open(&blob, layer),
        Some("gpkg") => geopackage::open(&blob, layer).map(|(i, h)| (Box::new(i) as Box<dyn Input>, h)),
        Some("shp") => {
            shapefile::open(blob, Parts::beside(path)?).map(|(i, h)| (Box::new(i) as Box<dyn Input>, h))
        }
        _ => open_content(blob),
    }
}

/// Opens what stands in one file alone: FlatGeobuf, GeoJSON, bare WKT, delimited text (each perhaps gzipped).
pub(crate) fn open_content(blob: Blob) -> Result<(Box<dyn Input>, Header), IngestError> {
    let head = blob.content_head(512)?;
    if head.is_empty() {
        return Err(IngestError::format(&blob.name, "is empty"));
    }
    if magic(&head) == Some("fgb") {
        if blob.gzipped {
            return Err(IngestError::format(&blob.name, "is a gzipped FlatGeobuf file; unpack it"));
        }
        return flatgeobuf::open(blob).map(|(i, h)| (Box::new(i) as Box<dyn Input>, h));
    }
    if let Some(inner) = magic(&head) {
        return Err(IngestError::format(&blob.name, format!("holds a {inner} file inside; unpack it")));
    }
    let text = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(&head);
    match text.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0x1e)) {
        Some(b'{' | b'[') => geojson::open(blob).map(|(i, h)| (Box::new(i) as Box<dyn Input>, h)),
        Some(b'<') => Err(IngestError::format(
            &blob.name,
            "is XML or HTML; expected CSV, GeoJSON, WKT, a shapefile, GeoPackage or FlatGeobuf",
        )),
        _ if is_bare_wkt(text) => bare_wkt::open(blob).map(|(i, h)| (Box::new(i) as Box<dyn Input>, h)),
        _ => csv::open(blob).map(|(i, h)| (Box::new(i) as Box<dyn Input>, h)),
    }
}

/// `MULTIPOLYGON (((…` and nothing before it but perhaps `SRID=4490;`: a header line has no bracket behind
/// its first word.
fn is_bare_wkt(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&text[..text.len().min(128)]).trim_start().to_ascii_uppercase();
    let text = text
        .split_once(';')
        .filter(|(head, _)| head.starts_with("SRID="))
        .map_or(&*text, |(_, t)| t.trim_start());
    ["POINT", "POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION", "LINESTRING", "MULTILINESTRING"].iter().any(
        |k| {
            text.strip_prefix(k)
                .is_some_and(|rest| rest.trim_start().trim_start_matches(['Z', 'M', ' ']).starts_with('('))
        },
    )
}

fn magic(head: &[u8]) -> Option<&'static str> {
    // Letters alone might begin a CSV's header; the byte behind them is a version.
    if head.starts_with(&flatgeobuf::MAGIC) && head.get(3).is_some_and(|v| *v < b' ') {
        return Some("fgb");
    }
    let table: [(&[u8], &'static str); 5] = [
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
        (b"SQLite format 3\0", "gpkg"),
        (&[0, 0, 0x27, 0x0a], "shp"),
        (&[0x1f, 0x8b], "gz"),
    ];
    table.into_iter().find(|(m, _)| head.starts_with(m)).map(|(_, n)| n)
}
