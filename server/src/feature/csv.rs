//! Features as CSV: `fid` (not for pieces, whose id is a column), the properties, then the place.

use super::{
    Feature, Geometry, Id,
    collection::{Collection, Field},
    frame::Frame,
    geojson,
};
use gridbeat_ingest::crs::Outside;
use gridbeat_onemap::department::Drawn;
use serde_json::Value;
use std::io;

/// Writes CSV so that null, an empty cell, is told from the empty text, which is quoted: PostgreSQL and we read it so.
/// The writer of the csv crate quotes both or neither.
pub struct Lines<W> {
    out: W,
    line: String,
}

impl<W: io::Write> Lines<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, line: String::new() }
    }

    /// A cell that holds text. Blanks alone are quoted too: unquoted they are read as nothing.
    pub fn text(&mut self, text: &str) {
        if text.trim().is_empty() || text.contains([',', '"', '\r', '\n']) {
            self.line.push('"');
            self.line.push_str(&text.replace('"', "\"\""));
            self.line.push('"');
        } else {
            self.line.push_str(text);
        }
        self.line.push(',');
    }

    /// A cell that holds nothing.
    pub fn null(&mut self) {
        self.line.push(',');
    }

    /// A cell that holds a value, if it is not null.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.null(),
            other => self.text(&cell(other)),
        }
    }

    /// The line is whole.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(&mut self) -> io::Result<()> {
        self.line.pop(); // The comma behind the last cell.
        self.line.push('\n');
        let written = self.out.write_all(self.line.as_bytes());
        self.line.clear();
        written
    }

    /// A whole line of names.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn names<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        names.into_iter().for_each(|name| self.text(name));
        self.end()
    }

    /// What was written to; all lines are in it.
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// A cell: text as it is, numbers and booleans as JSON writes them, null as the empty cell.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Why there is no table.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Writing failed; none in practice, since it is to memory.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A position cannot be projected.
    #[error(transparent)]
    Outside(#[from] Outside),
}

/// The header line's names. Ground is WKT with the axes in the frame's order; points have columns whose
/// names say which is which.
/// A layer of a department may have a column of such a name; then the place's begin with `place_`.
pub fn header(collection: Collection, fields: &[Field], frame: &Frame) -> Vec<&'static str> {
    let mut names = Vec::new();
    if collection != Collection::Pieces {
        names.push("fid");
    }
    names.extend(fields.iter().map(|f| f.name));
    let (plain, other) = match (collection.drawn(), frame.is_degrees()) {
        (Drawn::Line | Drawn::Polygon, _) => (&["wkt"][..], &["place_wkt"][..]),
        (Drawn::Point, true) => (&["lon", "lat"][..], &["place_lon", "place_lat"][..]),
        (Drawn::Point, false) => (&["easting", "northing"][..], &["place_easting", "place_northing"][..]),
    };
    let taken = plain.iter().any(|name| names.contains(name));
    names.extend(if taken { other } else { plain });
    names
}

/// One feature's cells, under [`header`]; those of the place are left out where there is none.
fn put<W: io::Write>(lines: &mut Lines<W>, feature: &Feature, frame: &Frame) -> Result<usize, Outside> {
    let mut cells = feature.properties.len();
    if let Id::Fid(fid) = feature.id {
        lines.text(&fid.to_string());
        cells += 1;
    }
    feature.properties.iter().for_each(|(_, value)| lines.value(value));
    match &feature.geometry {
        Geometry::Point(p) if frame.is_degrees() => {
            for units in [p.lon, p.lat] {
                let mut text = String::new();
                geojson::push_degrees(&mut text, units);
                lines.text(&text);
            }
            cells += 2;
        }
        Geometry::Point(p) => {
            let (east, north) = frame.east_north(*p)?;
            [east, north].iter().for_each(|n| lines.text(&format!("{n:.4}")));
            cells += 2;
        }
        ground @ (Geometry::Lines(_) | Geometry::Ground(_)) => {
            lines.text(&geojson::wkt(ground, frame)?);
            cells += 1;
        }
        Geometry::None => {}
    }
    Ok(cells)
}

/// A whole table of features that have these properties.
///
/// # Errors
/// [`TableError::Outside`].
pub fn table(
    collection: Collection,
    fields: &[Field],
    features: &[Feature],
    frame: &Frame,
) -> Result<Vec<u8>, TableError> {
    let mut lines = Lines::new(Vec::new());
    let names = header(collection, fields, frame);
    lines.names(names.iter().copied())?;
    for feature in features {
        let cells = put(&mut lines, feature, frame)?;
        (cells..names.len()).for_each(|_| lines.null());
        lines.end()?;
    }
    Ok(lines.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_is_told_from_the_empty_text_and_all_text_is_read_back() {
        let row = [json!(null), json!(""), json!(" "), json!("a,\"b\"\r\n"), json!(1.5), json!("张")];
        let mut lines = Lines::new(Vec::new());
        row.iter().for_each(|value| lines.value(value));
        lines.end().unwrap();
        let written = String::from_utf8(lines.into_inner()).unwrap();
        assert_eq!(written, ",\"\",\" \",\"a,\"\"b\"\"\r\n\",1.5,张\n");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_bytes());
        let read = reader.records().next().unwrap().unwrap();
        assert!(read.iter().eq(row.iter().map(cell)));
    }
}
