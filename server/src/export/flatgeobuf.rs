//! The table as FlatGeobuf, with an R-tree before it. Rows without a place are left out: the library writes
//! them as geometries that GDAL refuses.

use super::{
    ExportError, Writer,
    table::{Cell, Shape, Table, TableRow},
};
use crate::feature::{
    Geometry,
    collection::Kind,
    flatgeobuf::{Drawn, FileError},
    frame::Frame,
};
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::{ColumnValue, PropertyProcessor, error::GeozeroError};
use std::{
    fs,
    io::BufWriter,
    path::{Path, PathBuf},
};

/// A file under way. The library keeps features in a temporary file until the R-tree can be written.
pub struct File {
    writer: FgbWriter<'static>,
    names: Vec<String>,
    path: PathBuf,
    shape: Shape,
}

impl File {
    /// Writes the head.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(path: &Path, table: &Table) -> Result<Self, ExportError> {
        let kind = match table.shape {
            Shape::None => GeometryType::Unknown,
            Shape::Point => GeometryType::Point,
            Shape::MultiLineString => GeometryType::MultiLineString,
            Shape::MultiPolygon => GeometryType::MultiPolygon,
        };
        let options = FgbWriterOptions {
            write_index: table.shape != Shape::None,
            detect_type: false,
            promote_to_multi: false,
            crs: FgbCrs { code: 4490, ..FgbCrs::default() },
            title: Some(&table.title),
            ..FgbWriterOptions::default()
        };
        let mut writer =
            FgbWriter::create_with_options(&table.name, kind, options).map_err(FileError::from)?;
        for column in &table.columns {
            let kind = match column.kind {
                Kind::Text | Kind::Date | Kind::Shares => ColumnType::String,
                Kind::Integer => ColumnType::Long,
                Kind::Number => ColumnType::Double,
                Kind::Boolean => ColumnType::Bool,
                Kind::Time => ColumnType::DateTime,
            };
            writer.add_column(&column.name, kind, |_, _| {});
        }
        let names = table.columns.iter().map(|c| c.name.clone()).collect();
        Ok(Self { writer, names, path: path.to_owned(), shape: table.shape })
    }
}

impl Writer for File {
    fn row(&mut self, row: &TableRow) -> Result<(), ExportError> {
        if self.shape != Shape::None && row.place == Geometry::None {
            return Ok(());
        }
        let mut failed: Option<GeozeroError> = None;
        let names = &self.names;
        let frame = Frame::CRS84;
        let done = self.writer.add_feature_geom(Drawn(&row.place, &frame), |out| {
            for (i, (name, cell)) in names.iter().zip(&row.cells).enumerate() {
                let time;
                let value = match cell {
                    Cell::Null => continue,
                    Cell::Text(text) => ColumnValue::String(text),
                    Cell::Integer(n) => ColumnValue::Long(*n),
                    Cell::Number(x) => ColumnValue::Double(*x),
                    Cell::Boolean(b) => ColumnValue::Bool(*b),
                    Cell::Time(t) => {
                        time = t.to_string();
                        ColumnValue::DateTime(&time)
                    }
                };
                failed = failed.take().or(out.property(i, name, &value).err());
            }
        });
        done.map_err(FileError::from)?;
        match failed {
            Some(error) => Err(FileError::from(error).into()),
            None => Ok(()),
        }
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        let mut out = BufWriter::new(fs::File::create(&self.path)?);
        self.writer.write(&mut out).map_err(FileError::from)?;
        Ok(out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?)
    }
}
