//! Features as CSV: `fid` (not for pieces, whose id is a column), the properties, then the place.

use super::{Feature, Geometry, Id, collection::Collection, geojson};
use serde_json::Value;

/// A cell: text as it is, numbers and booleans as JSON writes them, null as the empty cell.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The header line's names.
pub fn header(collection: Collection) -> Vec<&'static str> {
    let mut names = Vec::new();
    if collection != Collection::Pieces {
        names.push("fid");
    }
    names.extend(collection.fields().iter().map(|f| f.name));
    names.extend(if collection.has_ground() { &["wkt"][..] } else { &["lon", "lat"] });
    names
}

/// One feature's cells, under [`header`].
pub fn record(feature: &Feature) -> Vec<String> {
    let mut cells = Vec::with_capacity(feature.properties.len() + 3);
    if let Id::Fid(fid) = feature.id {
        cells.push(fid.to_string());
    }
    cells.extend(feature.properties.iter().map(|(_, value)| cell(value)));
    match &feature.geometry {
        Geometry::Point(p) => {
            for units in [p.lon, p.lat] {
                let mut text = String::new();
                geojson::push_degrees(&mut text, units);
                cells.push(text);
            }
        }
        ground @ Geometry::Ground(_) => cells.push(geojson::wkt(ground)),
        Geometry::None => {}
    }
    cells
}

/// A whole table.
///
/// # Errors
/// None in practice: it writes to memory.
pub fn table(collection: Collection, features: &[Feature]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let names = header(collection);
    writer.write_record(&names)?;
    for feature in features {
        let mut cells = record(feature);
        cells.resize(names.len(), String::new()); // No geometry: empty cells.
        writer.write_record(&cells)?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}
