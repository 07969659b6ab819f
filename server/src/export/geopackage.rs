//! The table as a GeoPackage of one layer with its R-tree: the file any GIS software makes of it, not a
//! store.

use super::{
    ExportError, Writer,
    table::{Cell, Shape, Table, TableRow},
};
use crate::feature::{Geometry, collection::Kind};
use gridbeat_store::geopackage::{ColumnKind, LayerFile, LayerShape, Place, Value};
use std::path::Path;

/// A file under way.
pub struct File(LayerFile);

impl File {
    /// Makes the tables.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(path: &Path, table: &Table) -> Result<Self, ExportError> {
        let columns: Vec<(&str, ColumnKind)> = table
            .columns
            .iter()
            .map(|c| {
                let kind = match c.kind {
                    Kind::Text | Kind::Date | Kind::Shares => ColumnKind::Text,
                    Kind::Integer => ColumnKind::Integer,
                    Kind::Number => ColumnKind::Double,
                    Kind::Boolean => ColumnKind::Boolean,
                    Kind::Time => ColumnKind::DateTime,
                };
                (c.name.as_str(), kind)
            })
            .collect();
        let shape = match table.shape {
            Shape::None => LayerShape::None,
            Shape::Point => LayerShape::Point,
            Shape::MultiLineString => LayerShape::MultiLineString,
            Shape::MultiPolygon => LayerShape::MultiPolygon,
        };
        Ok(Self(LayerFile::create(path, &table.name, &table.title, &columns, shape)?))
    }
}

impl Writer for File {
    fn row(&mut self, row: &TableRow) -> Result<(), ExportError> {
        let values: Vec<Value<'_>> = row
            .cells
            .iter()
            .map(|cell| match cell {
                Cell::Null => Value::Null,
                Cell::Text(text) => Value::Text(text),
                Cell::Integer(n) => Value::Integer(*n),
                Cell::Number(x) => Value::Double(*x),
                Cell::Boolean(b) => Value::Boolean(*b),
                Cell::Time(t) => Value::Time(*t),
            })
            .collect();
        let place = match &row.place {
            Geometry::None => Place::None,
            Geometry::Point(at) => Place::Point(*at),
            Geometry::Lines(lines) => Place::Lines(lines),
            Geometry::Ground(ground) => Place::Ground(ground),
        };
        Ok(self.0.row(&values, place)?)
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.finish()?)
    }
}
