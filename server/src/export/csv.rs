//! The table as CSV: its columns, then `lon` and `lat`, or `wkt`.

use super::{
    ExportError, Writer,
    table::{Shape, Table, TableRow},
};
use crate::feature::{Geometry, csv::Lines, frame::Frame, geojson};
use std::{fs, io::BufWriter, path::Path};

/// A file under way.
pub struct File {
    lines: Lines<BufWriter<fs::File>>,
    shape: Shape,
}

impl File {
    /// Writes the header line.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(path: &Path, table: &Table) -> Result<Self, ExportError> {
        let mut lines = Lines::new(BufWriter::new(fs::File::create(path)?));
        let place: &[&str] = match table.shape {
            Shape::None => &[],
            Shape::Point => &["lon", "lat"],
            Shape::MultiLineString | Shape::MultiPolygon => &["wkt"],
        };
        table.columns.iter().for_each(|c| lines.text(&c.name));
        place.iter().for_each(|name| lines.text(&table.free(name)));
        lines.end()?;
        Ok(Self { lines, shape: table.shape })
    }
}

impl Writer for File {
    fn row(&mut self, row: &TableRow) -> Result<(), ExportError> {
        let lines = &mut self.lines;
        row.cells.iter().for_each(|c| lines.value(&c.json()));
        match (self.shape, &row.place) {
            (Shape::None, _) => {}
            (Shape::Point, Geometry::Point(p)) => {
                for units in [p.lon, p.lat] {
                    let mut text = String::new();
                    geojson::push_degrees(&mut text, units);
                    lines.text(&text);
                }
            }
            (Shape::Point, _) => {
                lines.null();
                lines.null();
            }
            (_, Geometry::None) => lines.null(),
            // Every position has degrees.
            (_, place) => match geojson::wkt(place, &Frame::CRS84) {
                Ok(wkt) => lines.text(&wkt),
                Err(_) => lines.null(),
            },
        }
        Ok(lines.end()?)
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        let file = self.lines.into_inner();
        Ok(file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?)
    }
}
