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
    Csv(#[from] csv::Error),
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

/// One feature's cells, under [`header`].
fn record(feature: &Feature, frame: &Frame) -> Result<Vec<String>, Outside> {
    let mut cells = Vec::with_capacity(feature.properties.len() + 3);
    if let Id::Fid(fid) = feature.id {
        cells.push(fid.to_string());
    }
    cells.extend(feature.properties.iter().map(|(_, value)| cell(value)));
    match &feature.geometry {
        Geometry::Point(p) if frame.is_degrees() => {
            for units in [p.lon, p.lat] {
                let mut text = String::new();
                geojson::push_degrees(&mut text, units);
                cells.push(text);
            }
        }
        Geometry::Point(p) => {
            let (east, north) = frame.east_north(*p)?;
            cells.extend([east, north].map(|n| format!("{n:.4}")));
        }
        ground @ (Geometry::Lines(_) | Geometry::Ground(_)) => cells.push(geojson::wkt(ground, frame)?),
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
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let names = header(collection, fields, frame);
    writer.write_record(&names)?;
    for feature in features {
        let mut cells = record(feature, frame)?;
        cells.resize(names.len(), String::new()); // No geometry: empty cells.
        writer.write_record(&cells)?;
    }
    Ok(writer.into_inner().map_err(|e| csv::Error::from(e.into_error()))?)
}
