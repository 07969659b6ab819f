//! A shapefile: `.shp` and `.dbf` side by side, `.prj` and `.cpg` where there are any.

use super::{
    bytes::Blob,
    dbf::{Dbf, DbfRows},
    shp::Shapes,
    table::{Geometry, Header, Input, RawRow, RowError, Rows},
};
use crate::{IngestError, Note, Progress, crs::declared::Declared};
use std::path::Path;

pub(crate) struct ShapefileInput {
    shp: Blob,
    dbf: Dbf,
}

/// The parts of a shapefile beside its geometries.
#[derive(Default)]
pub(crate) struct Parts {
    pub dbf: Option<Blob>,
    pub prj: Option<String>,
    pub cpg: Option<String>,
}

/// A side file's text is read up to this size.
const SIDE_FILE: usize = 128 * 1024;

impl Parts {
    /// The files beside a `.shp` on disk: the same stem, the ending in small or capital letters.
    pub fn beside(shp: &Path) -> Result<Self, IngestError> {
        let find = |ending: &str| {
            [ending.to_owned(), ending.to_uppercase()]
                .into_iter()
                .map(|e| shp.with_extension(e))
                .find(|p| p.is_file())
        };
        let text = |ending: &str| -> Result<Option<String>, IngestError> {
            find(ending).map(|p| side_text(&Blob::of_path(&p)?)).transpose()
        };
        Ok(Self {
            dbf: find("dbf").map(|p| Blob::of_path(&p)).transpose()?,
            prj: text("prj")?,
            cpg: text("cpg")?,
        })
    }
}

/// The text of a side file.
pub(crate) fn side_text(blob: &Blob) -> Result<String, IngestError> {
    Ok(String::from_utf8_lossy(&blob.head(SIDE_FILE)?).into_owned())
}

/// Looks at a shapefile.
pub(crate) fn open(shp: Blob, parts: Parts) -> Result<(ShapefileInput, Header), IngestError> {
    let Some(dbf) = parts.dbf else {
        return Err(IngestError::format(
            &shp.name,
            "its attribute table is missing: expected the .dbf of the same name beside it",
        ));
    };
    Shapes::open(&shp)?;
    let (dbf, mut notes) = Dbf::open(dbf, parts.cpg.as_deref())?;
    let declared = parts.prj.as_deref().map(str::trim).filter(|p| !p.is_empty());
    let declared = declared.map(|p| Declared::wkt("its .prj file", p));
    if declared.is_none() {
        notes.push(Note::info("there is no .prj file"));
    }
    let header = Header {
        columns: dbf.columns.clone(),
        has_geometry: true,
        declared,
        notes,
        typings: dbf.typings(),
        ..Header::default()
    };
    Ok((ShapefileInput { shp, dbf }, header))
}

impl Input for ShapefileInput {
    fn rows(&self) -> Result<Box<dyn Rows>, IngestError> {
        Ok(Box::new(ShapefileRows {
            name: self.shp.name.clone(),
            shapes: Shapes::open(&self.shp)?,
            rows: self.dbf.reader()?,
            number: 0,
        }))
    }
}

struct ShapefileRows {
    name: String,
    shapes: Shapes,
    rows: DbfRows,
    number: u64,
}

impl Rows for ShapefileRows {
    fn read(&mut self, row: &mut RawRow) -> Result<bool, RowError> {
        loop {
            row.geometry = Geometry::None;
            let shape = self.shapes.next();
            let table = self.rows.next()?;
            let more = !matches!(shape, Ok(None));
            if more != table {
                let (has, lacks) = if more { ("geometries", ".dbf") } else { ("table rows", ".shp") };
                return Err(RowError::Fatal(IngestError::format(
                    &self.name,
                    format!("has more {has} than rows in the {lacks} (row {})", self.number + 1),
                )));
            }
            if !more {
                return Ok(false);
            }
            self.number += 1;
            row.number = self.number;
            self.rows.cells(&mut row.cells);
            if self.rows.deleted() {
                continue;
            }
            row.geometry = shape?.unwrap_or_default();
            return Ok(true);
        }
    }

    fn progress(&self) -> Progress {
        self.rows.meter.progress()
    }
}
