//! The table as a GeoJSON FeatureCollection, a feature a line; `fid` is the feature's id too.

use super::{
    ExportError, Writer,
    table::{Cell, Column, Table, TableRow},
};
use crate::feature::geojson::push_geometry;
use serde_json::Value;
use std::{
    fmt::Write as _,
    fs,
    io::{BufWriter, Write},
    path::Path,
};

/// A file under way.
pub struct File {
    out: BufWriter<fs::File>,
    columns: Vec<Column>,
    line: String,
    is_first: bool,
}

impl File {
    /// Writes the head.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(path: &Path, table: &Table) -> Result<Self, ExportError> {
        let mut out = BufWriter::new(fs::File::create(path)?);
        write!(
            out,
            "{{\"type\":\"FeatureCollection\",\"name\":{},\"features\":[",
            Value::from(table.name.as_str())
        )?;
        Ok(Self { out, columns: table.columns.clone(), line: String::new(), is_first: true })
    }
}

impl Writer for File {
    fn row(&mut self, row: &TableRow) -> Result<(), ExportError> {
        let line = &mut self.line;
        line.clear();
        line.push_str(if std::mem::take(&mut self.is_first) { "\n" } else { ",\n" });
        line.push_str(r#"{"type":"Feature""#);
        // Writing to a String cannot fail.
        if let (Some(Cell::Integer(fid)), true) = (row.cells.first(), self.columns[0].name == "fid") {
            let _ = write!(line, ",\"id\":{fid}");
        }
        line.push_str(r#","geometry":"#);
        push_geometry(line, &row.place);
        line.push_str(r#","properties":{"#);
        for (i, (column, cell)) in self.columns.iter().zip(&row.cells).enumerate() {
            let comma = if i > 0 { "," } else { "" };
            let _ = write!(line, "{comma}{}:{}", Value::from(column.name.as_str()), cell.json());
        }
        line.push_str("}}");
        Ok(self.out.write_all(line.as_bytes())?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.out.write_all(b"\n]}\n")?;
        Ok(self.out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?)
    }
}
