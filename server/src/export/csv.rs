//! The table as CSV: its columns, then `lon` and `lat`, or `wkt`.

use super::{
    ExportError, Writer,
    table::{Shape, Table, TableRow},
};
use crate::feature::{Geometry, csv::cell, frame::Frame, geojson};
use std::{fs, io::BufWriter, path::Path};

/// A file under way.
pub struct File {
    writer: csv::Writer<BufWriter<fs::File>>,
    shape: Shape,
}

impl File {
    /// Writes the header line.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(path: &Path, table: &Table) -> Result<Self, ExportError> {
        let mut writer = csv::Writer::from_writer(BufWriter::new(fs::File::create(path)?));
        let place: &[&str] = match table.shape {
            Shape::None => &[],
            Shape::Point => &["lon", "lat"],
            Shape::MultiLineString | Shape::MultiPolygon => &["wkt"],
        };
        let names = table.columns.iter().map(|c| c.name.clone());
        writer.write_record(names.chain(place.iter().map(|name| table.free(name))))?;
        Ok(Self { writer, shape: table.shape })
    }
}

impl Writer for File {
    fn row(&mut self, row: &TableRow) -> Result<(), ExportError> {
        let mut cells: Vec<String> = row.cells.iter().map(|c| cell(&c.json())).collect();
        match (self.shape, &row.place) {
            (Shape::None, _) => {}
            (Shape::Point, Geometry::Point(p)) => {
                for units in [p.lon, p.lat] {
                    let mut text = String::new();
                    geojson::push_degrees(&mut text, units);
                    cells.push(text);
                }
            }
            (Shape::Point, _) => cells.extend([String::new(), String::new()]),
            (_, Geometry::None) => cells.push(String::new()),
            // Every position has degrees.
            (_, place) => {
                cells.push(geojson::wkt(place, &Frame::CRS84).unwrap_or_default());
            }
        }
        Ok(self.writer.write_record(cells)?)
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        let whole = |e: csv::IntoInnerError<_>| e.into_error();
        let file = self.writer.into_inner().map_err(whole)?;
        Ok(file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?)
    }
}
