//! FlatGeobuf: a table with an R-tree before it, which GIS software opens as it is.

use super::{
    Feature, Geometry, Id,
    collection::{Collection, Field, Kind},
    frame::Frame,
};
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor, error::GeozeroError};
use gridbeat_onemap::{E7, Ring, department::Drawn as Kinds};
use serde_json::Value;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A position cannot be projected.
    #[error(transparent)]
    Geometry(#[from] GeozeroError),
    /// The library's temporary file cannot be written.
    #[error(transparent)]
    File(#[from] flatgeobuf::Error),
}

/// Features that have these properties, as a file. Coordinates are easting (longitude), northing (latitude)
/// whatever the order of the frame's axes is: the format has it so.
///
/// # Errors
/// [`FileError`].
pub fn file(
    collection: Collection,
    fields: &[Field],
    features: &[Feature],
    frame: &Frame,
) -> Result<Vec<u8>, FileError> {
    let kind = match collection.drawn() {
        Kinds::Point => GeometryType::Point,
        Kinds::Line => GeometryType::MultiLineString,
        Kinds::Polygon => GeometryType::MultiPolygon,
    };
    let options = FgbWriterOptions {
        // A row without a place cannot be in the tree.
        write_index: features.iter().all(|f| f.geometry != Geometry::None),
        detect_type: false,
        promote_to_multi: false,
        crs: FgbCrs { code: frame.epsg() as i32, ..FgbCrs::default() },
        title: Some(collection.title()),
        ..FgbWriterOptions::default()
    };
    let mut writer = FgbWriter::create_with_options(collection.id(), kind, options)?;
    let has_fid = collection != Collection::Pieces;
    if has_fid {
        writer.add_column("fid", ColumnType::Long, |_, column| column.nullable = false);
    }
    for field in fields {
        let kind = match field.kind {
            Kind::Text => ColumnType::String,
            Kind::Integer => ColumnType::Long,
            Kind::Number => ColumnType::Double,
            Kind::Boolean => ColumnType::Bool,
            // The format has one type for days and instants.
            Kind::Date | Kind::Time => ColumnType::DateTime,
            Kind::Shares => ColumnType::Json,
        };
        writer.add_column(field.name, kind, |_, _| {});
    }
    for feature in features {
        let mut failed = None;
        writer.add_feature_geom(Drawn(&feature.geometry, frame), |out| {
            let mut index = 0;
            if let Id::Fid(fid) = feature.id {
                failed = out.property(0, "fid", &ColumnValue::Long(fid as i64)).err();
                index = 1;
            }
            for (field, (name, value)) in fields.iter().zip(&feature.properties) {
                let written = matches!(field.kind, Kind::Shares).then(|| value.to_string());
                let value = written.as_deref().map(ColumnValue::Json).or_else(|| column(field.kind, value));
                if let Some(value) = value {
                    failed = failed.take().or(out.property(index, name, &value).err());
                }
                index += 1;
            }
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
    }
    let mut out = Vec::new();
    writer.write(&mut out)?;
    Ok(out)
}

/// A value as its column has it; `None` for null.
fn column(kind: Kind, value: &Value) -> Option<ColumnValue<'_>> {
    match kind {
        Kind::Text => value.as_str().map(ColumnValue::String),
        Kind::Integer => value.as_i64().map(ColumnValue::Long),
        Kind::Number => value.as_f64().map(ColumnValue::Double),
        Kind::Boolean => value.as_bool().map(ColumnValue::Bool),
        Kind::Date | Kind::Time => value.as_str().map(ColumnValue::DateTime),
        Kind::Shares => None, // Written by who has the text.
    }
}

/// A place in a frame, for the library to walk.
pub(crate) struct Drawn<'a>(pub(crate) &'a Geometry, pub(crate) &'a Frame);

impl Drawn<'_> {
    fn xy(&self, at: E7, i: usize, out: &mut impl GeomProcessor) -> Result<(), GeozeroError> {
        let (x, y) = self.1.east_north(at).map_err(|e| GeozeroError::Geometry(e.to_string()))?;
        out.xy(x, y, i)
    }

    fn ring(&self, ring: &Ring, i: usize, out: &mut impl GeomProcessor) -> Result<(), GeozeroError> {
        out.linestring_begin(false, ring.len() + 1, i)?;
        for (k, &at) in ring.iter().chain(ring.first()).enumerate() {
            self.xy(at, k, out)?;
        }
        out.linestring_end(false, i)
    }
}

impl GeozeroGeometry for Drawn<'_> {
    fn process_geom<P: GeomProcessor>(&self, out: &mut P) -> Result<(), GeozeroError> {
        match self.0 {
            Geometry::None => Ok(()),
            Geometry::Point(at) => {
                out.point_begin(0)?;
                self.xy(*at, 0, out)?;
                out.point_end(0)
            }
            Geometry::Lines(lines) => {
                out.multilinestring_begin(lines.len(), 0)?;
                for (i, line) in lines.iter().enumerate() {
                    out.linestring_begin(false, line.len(), i)?;
                    for (k, &at) in line.iter().enumerate() {
                        self.xy(at, k, out)?;
                    }
                    out.linestring_end(false, i)?;
                }
                out.multilinestring_end(0)
            }
            Geometry::Ground(ground) => {
                out.multipolygon_begin(ground.0.len(), 0)?;
                for (i, polygon) in ground.0.iter().enumerate() {
                    out.polygon_begin(false, polygon.rings().count(), i)?;
                    for (k, ring) in polygon.rings().enumerate() {
                        self.ring(ring, k, out)?;
                    }
                    out.polygon_end(false, i)?;
                }
                out.multipolygon_end(0)
            }
        }
    }
}
