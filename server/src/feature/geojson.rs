//! GeoJSON (RFC 7946) and WKT, written straight from the integers, so that every coordinate is exact; in a
//! projected frame to a tenth of a millimetre.

use super::{Feature, Geometry, Id, frame::Frame};
use gridbeat_ingest::crs::Outside;
use gridbeat_onemap::{E7, Ring};
use serde_json::Value;
use std::fmt::Write;

/// Degrees of a lattice value, exact: `1203000001` → `120.3000001`, `-5` → `-0.0000005`.
pub fn push_degrees(out: &mut String, units: i32) {
    let magnitude = units.unsigned_abs();
    if units < 0 {
        out.push('-');
    }
    let (whole, mut part) = (magnitude / 10_000_000, magnitude % 10_000_000);
    push(out, whole);
    if part == 0 {
        return;
    }
    let mut digits = 7;
    while part.is_multiple_of(10) {
        part /= 10;
        digits -= 1;
    }
    let _ = write!(out, ".{part:0digits$}"); // Writing to a String cannot fail.
}

fn push(out: &mut String, value: impl std::fmt::Display) {
    let _ = write!(out, "{value}"); // Writing to a String cannot fail.
}

/// Digits behind the point of a projected coordinate: a tenth of a millimetre.
const DIGITS: usize = 4;

/// The two numbers of a position, in the order of the frame's axes.
fn push_numbers(out: &mut String, p: E7, between: char, frame: &Frame) -> Result<(), Outside> {
    if frame.is_degrees() {
        let (first, second) = if frame.is_north_first() { (p.lat, p.lon) } else { (p.lon, p.lat) };
        push_degrees(out, first);
        out.push(between);
        push_degrees(out, second);
        return Ok(());
    }
    let (east, north) = frame.east_north(p)?;
    let (first, second) = if frame.is_north_first() { (north, east) } else { (east, north) };
    let _ = write!(out, "{first:.DIGITS$}{between}{second:.DIGITS$}"); // Writing to a String cannot fail.
    Ok(())
}

/// `[lon,lat]`.
pub fn push_position(out: &mut String, p: E7) {
    out.push('[');
    push_degrees(out, p.lon);
    out.push(',');
    push_degrees(out, p.lat);
    out.push(']');
}

fn push_position_in(out: &mut String, p: E7, frame: &Frame) -> Result<(), Outside> {
    out.push('[');
    push_numbers(out, p, ',', frame)?;
    out.push(']');
    Ok(())
}

fn push_ring(out: &mut String, ring: &Ring, frame: &Frame) -> Result<(), Outside> {
    out.push('[');
    for &p in ring {
        push_position_in(out, p, frame)?;
        out.push(',');
    }
    if let Some(&first) = ring.first() {
        push_position_in(out, first, frame)?;
    }
    out.push(']');
    Ok(())
}

/// A geometry, or `null`, as longitudes and latitudes.
pub fn push_geometry(out: &mut String, geometry: &Geometry) {
    let _ = push_geometry_in(out, geometry, &Frame::CRS84); // Every position has degrees.
}

/// A geometry, or `null`, in a frame.
///
/// # Errors
/// When a position cannot be projected.
pub fn push_geometry_in(out: &mut String, geometry: &Geometry, frame: &Frame) -> Result<(), Outside> {
    match geometry {
        Geometry::None => out.push_str("null"),
        Geometry::Point(p) => {
            out.push_str(r#"{"type":"Point","coordinates":"#);
            push_position_in(out, *p, frame)?;
            out.push('}');
        }
        Geometry::Lines(lines) => {
            out.push_str(r#"{"type":"MultiLineString","coordinates":["#);
            for (i, line) in lines.iter().enumerate() {
                out.push_str(if i == 0 { "[" } else { ",[" });
                for (j, &p) in line.iter().enumerate() {
                    if j > 0 {
                        out.push(',');
                    }
                    push_position_in(out, p, frame)?;
                }
                out.push(']');
            }
            out.push_str("]}");
        }
        Geometry::Ground(ground) => {
            out.push_str(r#"{"type":"MultiPolygon","coordinates":["#);
            for (i, polygon) in ground.0.iter().enumerate() {
                out.push_str(if i == 0 { "[" } else { ",[" });
                for (j, ring) in polygon.rings().enumerate() {
                    if j > 0 {
                        out.push(',');
                    }
                    push_ring(out, ring, frame)?;
                }
                out.push(']');
            }
            out.push_str("]}");
        }
    }
    Ok(())
}

/// A feature, without `links`.
///
/// # Errors
/// When a position cannot be projected.
pub fn push_feature(out: &mut String, feature: &Feature, frame: &Frame) -> Result<(), Outside> {
    out.push_str(r#"{"type":"Feature","id":"#);
    match &feature.id {
        Id::Fid(fid) => push(out, fid),
        Id::Piece(id) => push(out, Value::from(id.as_str())),
    }
    out.push_str(r#","geometry":"#);
    push_geometry_in(out, &feature.geometry, frame)?;
    out.push_str(r#","properties":{"#);
    for (i, (name, value)) in feature.properties.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        push(out, Value::from(*name));
        out.push(':');
        push(out, value);
    }
    out.push_str("}}");
    Ok(())
}

/// One feature as text, in longitudes and latitudes.
pub fn feature(feature: &Feature) -> String {
    let mut out = String::new();
    let _ = push_feature(&mut out, feature, &Frame::CRS84); // Every position has degrees.
    out
}

/// WKT of a geometry, for CSV; empty where there is none.
///
/// # Errors
/// When a position cannot be projected.
pub fn wkt(geometry: &Geometry, frame: &Frame) -> Result<String, Outside> {
    let mut out = String::new();
    let position = |out: &mut String, p: E7| push_numbers(out, p, ' ', frame);
    match geometry {
        Geometry::None => {}
        Geometry::Point(p) => {
            out.push_str("POINT (");
            position(&mut out, *p)?;
            out.push(')');
        }
        Geometry::Lines(lines) => {
            out.push_str("MULTILINESTRING (");
            for (i, line) in lines.iter().enumerate() {
                out.push_str(if i == 0 { "(" } else { ", (" });
                for (j, &p) in line.iter().enumerate() {
                    if j > 0 {
                        out.push_str(", ");
                    }
                    position(&mut out, p)?;
                }
                out.push(')');
            }
            out.push(')');
        }
        Geometry::Ground(ground) if ground.is_empty() => out.push_str("MULTIPOLYGON EMPTY"),
        Geometry::Ground(ground) => {
            out.push_str("MULTIPOLYGON (");
            for (i, polygon) in ground.0.iter().enumerate() {
                out.push_str(if i == 0 { "(" } else { ", (" });
                for (j, ring) in polygon.rings().enumerate() {
                    out.push_str(if j == 0 { "(" } else { ", (" });
                    for &p in ring.iter().chain(ring.first()) {
                        if !out.ends_with('(') {
                            out.push_str(", ");
                        }
                        position(&mut out, p)?;
                    }
                    out.push(')');
                }
                out.push(')');
            }
            out.push(')');
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridbeat_onemap::{MultiPolygon, Polygon};

    #[test]
    fn degrees_are_exact_to_the_last_unit() {
        for (units, text) in [
            (0, "0"),
            (1_203_000_001, "120.3000001"),
            (-5, "-0.0000005"),
            (1_800_000_000, "180"),
            (315_000_000, "31.5"),
            (-900_000_000, "-90"),
            (10, "0.000001"),
        ] {
            let mut out = String::new();
            push_degrees(&mut out, units);
            assert_eq!(out, text);
            let back: f64 = out.parse().unwrap();
            assert_eq!((back * 1e7).round() as i32, units);
        }
    }

    #[test]
    fn rings_are_closed_and_text_is_escaped() {
        let triangle = vec![E7::new(0, 0), E7::new(10_000_000, 0), E7::new(0, 10_000_000)];
        let ground = MultiPolygon(vec![Polygon { exterior: triangle, holes: vec![] }]);
        let f = Feature {
            id: Id::Piece("A~\"".into()),
            geometry: Geometry::Ground(ground),
            properties: vec![("code", "网\n格".into()), ("grid", Value::Null)],
        };
        let value: Value = serde_json::from_str(&feature(&f)).unwrap();
        assert_eq!(value["geometry"]["coordinates"], serde_json::json!([[[[0, 0], [1, 0], [0, 1], [0, 0]]]]));
        assert_eq!(value["properties"]["code"], "网\n格");
        assert_eq!(value["id"], "A~\"");
        assert!(value["properties"]["grid"].is_null());
        assert_eq!(wkt(&f.geometry, &Frame::CRS84).unwrap(), "MULTIPOLYGON (((0 0, 1 0, 0 1, 0 0)))");
    }
}
