//! What a caller may say about a feature of a department's layer: its columns, by the kind of each, and its place.
//!
//! `grid`, `beat`, `piece` and `shares` follow from the place, so what a caller sends back there is not looked at
//! (a Feature that was read can be written).

use super::write_body::{Faults, Members, Mode};
use crate::{
    error::ApiError,
    feature::{department::SHARES, frame::Frame},
};
use gridbeat_ingest::drawing_of_geojson;
use gridbeat_onemap::{
    department::{Cell, ColumnKind, Drawing, Drawn, FeatureRow, Schema},
    record::{Fid, Region},
};
use jiff::{Timestamp, civil::Date};
use serde_json::Value;

/// Names that the server sets; a column of a layer is never called so.
const READ_ONLY: [&str; 5] = ["fid", "grid", "beat", "piece", SHARES];

/// A feature of nothing, before a body is applied.
pub fn blank(schema: &Schema) -> FeatureRow {
    FeatureRow {
        fid: Fid::default(),
        region: Region(0),
        cells: vec![Cell::Null; schema.columns.len()],
        drawing: Drawing::Lines(Vec::new()),
    }
}

/// Applies a body to a row; its coordinates are of the frame.
///
/// # Errors
/// [`ApiError::BadBody`] with every fault.
pub fn apply(
    schema: &Schema,
    mut row: FeatureRow,
    body: &Value,
    mode: Mode,
    frame: &Frame,
) -> Result<FeatureRow, ApiError> {
    let mut errors = Faults::default();
    let members = Members::of(body, mode, &mut errors)?;
    match members.object.get("geometry") {
        None if mode == Mode::Merge => {}
        geometry => match drawing(schema.drawn, geometry, frame) {
            Ok(drawing) => row.drawing = drawing,
            Err(reason) => errors.add("geometry", reason),
        },
    }
    for (name, value) in members.properties(&mut errors) {
        match schema.column(name) {
            Some(i) => match cell(schema.columns[i].kind, value) {
                Ok(cell) => row.cells[i] = cell,
                Err(reason) => errors.add(format!("properties.{name}"), reason),
            },
            None if READ_ONLY.contains(&name) => {}
            None => errors.add(format!("properties.{name}"), format!("is not a column of {}", schema.name)),
        }
    }
    errors.end()?;
    Ok(row)
}

/// What a column of this kind takes; null is taken by all.
fn cell(kind: ColumnKind, value: &Value) -> Result<Cell, String> {
    let cell = match (kind, value) {
        (_, Value::Null) => Some(Cell::Null),
        (ColumnKind::Text, Value::String(text)) => Some(Cell::Text(text.as_str().into())),
        (ColumnKind::Integer, value) => whole(value).map(Cell::Integer),
        (ColumnKind::Number, value) => value.as_f64().filter(|n| n.is_finite()).map(Cell::Number),
        (ColumnKind::Boolean, value) => value.as_bool().map(Cell::Boolean),
        (ColumnKind::Date, value) => value.as_str().and_then(|t| t.parse::<Date>().ok()).map(Cell::Date),
        (ColumnKind::Timestamp, value) => {
            value.as_str().and_then(|t| t.parse::<Timestamp>().ok()).map(Cell::Timestamp)
        }
        (ColumnKind::Text, _) => None,
    };
    cell.ok_or_else(|| {
        let wanted = match kind {
            ColumnKind::Text => "text",
            ColumnKind::Integer => "a whole number of 64 bits",
            ColumnKind::Number => "a number",
            ColumnKind::Boolean => "true or false",
            ColumnKind::Date => "a day such as 2026-05-01",
            ColumnKind::Timestamp => "an RFC 3339 time such as 2026-05-01T08:00:00+08:00",
        };
        format!("is not {wanted}")
    })
}

/// A whole number, also as JSON may write one: `1.0`, `1e3`.
fn whole(value: &Value) -> Option<i64> {
    let float = || value.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 2_f64.powi(53)).map(|n| n as i64);
    value.as_i64().or_else(float)
}

/// The place of a layer's feature: of one part, or of several where the layer has lines or polygons.
fn drawing(drawn: Drawn, geometry: Option<&Value>, frame: &Frame) -> Result<Drawing, String> {
    let kinds: &[&str] = match drawn {
        Drawn::Point => &["Point"],
        Drawn::Line => &["LineString", "MultiLineString"],
        Drawn::Polygon => &["Polygon", "MultiPolygon"],
    };
    let wanted = kinds.join(" or ");
    let Some(geometry) = geometry.filter(|g| !g.is_null()) else {
        return Err(format!("is missing; a {wanted} was expected"));
    };
    let kind = geometry.get("type").and_then(Value::as_str).unwrap_or_default();
    if !kinds.contains(&kind) {
        return Err(format!("is not a {wanted}"));
    }
    drawing_of_geojson(&geometry.to_string(), |x, y| frame.position(x, y))
}

#[cfg(test)]
#[path = "feature_body_tests.rs"]
mod tests;
