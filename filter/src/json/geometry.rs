//! GeoJSON geometries inside a filter.

use super::{Read, fault};
use crate::{error::short, limits};
use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};
use serde_json::{Map, Value};

/// West, south, east, north; heights between them are left out.
pub fn bbox(value: &Value, at: &str) -> Read<[f64; 4]> {
    let numbers: Option<Vec<f64>> =
        value.as_array().and_then(|list| list.iter().map(|v| v.as_f64().filter(|n| n.is_finite())).collect());
    match numbers.as_deref() {
        Some(&[w, s, e, n] | &[w, s, _, e, n, _]) => Ok([w, s, e, n]),
        _ => fault(at, "is not a list of 4 numbers (west, south, east, north), or of 6 with heights"),
    }
}

/// A geometry; `positions` counts on.
pub fn read(object: &Map<String, Value>, at: &str, positions: &mut usize) -> Read<Geometry<f64>> {
    let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
    if kind == "GeometryCollection" {
        let Some(Value::Array(members)) = object.get("geometries") else {
            return fault(&format!("{at}/geometries"), "is not a list");
        };
        let mut all = Vec::new();
        for (i, member) in members.iter().enumerate() {
            let at = format!("{at}/geometries/{i}");
            match member {
                // The standard has no collections in collections.
                Value::Object(o) if o.get("type").and_then(Value::as_str) != Some("GeometryCollection") => {
                    all.push(read(o, &at, positions)?);
                }
                _ => return fault(&at, "is not a geometry that is no collection"),
            }
        }
        return Ok(Geometry::GeometryCollection(GeometryCollection(all)));
    }
    let here = format!("{at}/coordinates");
    let mut r = Reader { at: &here, positions };
    let found = object.get("coordinates").unwrap_or(&Value::Null);
    Ok(match kind {
        "Point" => Geometry::Point(Point(r.position(found)?)),
        "LineString" => Geometry::LineString(r.line(found)?),
        "Polygon" => Geometry::Polygon(r.polygon(found)?),
        "MultiPoint" => Geometry::MultiPoint(MultiPoint(r.many(found, |r, v| r.position(v).map(Point))?)),
        "MultiLineString" => Geometry::MultiLineString(MultiLineString(r.many(found, Reader::line)?)),
        "MultiPolygon" => Geometry::MultiPolygon(MultiPolygon(r.many(found, Reader::polygon)?)),
        other => {
            return fault(&format!("{at}/type"), format!("“{}” is not a type of geometry", short(other)));
        }
    })
}

struct Reader<'a> {
    at: &'a str,
    positions: &'a mut usize,
}

impl Reader<'_> {
    fn many<T>(&mut self, value: &Value, mut one: impl FnMut(&mut Self, &Value) -> Read<T>) -> Read<Vec<T>> {
        match value {
            Value::Array(list) if !list.is_empty() => list.iter().map(|v| one(self, v)).collect(),
            _ => fault(self.at, "is not as deep a list as the type says"),
        }
    }

    fn position(&mut self, value: &Value) -> Read<Coord<f64>> {
        *self.positions += 1;
        if *self.positions > limits::POSITIONS {
            return fault(self.at, format!("the geometries have more than {} positions", limits::POSITIONS));
        }
        let numbers: Option<Vec<f64>> = value
            .as_array()
            .and_then(|list| list.iter().map(|v| v.as_f64().filter(|n| n.is_finite())).collect());
        match numbers.as_deref() {
            Some(&[x, y] | &[x, y, _]) => Ok(Coord { x, y }),
            _ => fault(self.at, "a position is not a list of two numbers (or three, with a height)"),
        }
    }

    fn line(&mut self, value: &Value) -> Read<LineString<f64>> {
        self.many(value, Self::position).map(LineString)
    }

    fn polygon(&mut self, value: &Value) -> Read<Polygon<f64>> {
        let mut rings = self.many(value, Self::line)?.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }
}
