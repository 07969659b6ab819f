//! Boundaries as GeoJSON features, and the registers of their parents as CSV.

use crate::{city::City, register::Unit, text::degrees};
use gridbeat_onemap::{MultiPolygon, Polygon};

/// Appends the features of one side, each on its own line; `first` says whether none stands before.
pub fn features(
    out: &mut Vec<u8>,
    units: &[Unit],
    ground: &[MultiPolygon],
    order: &[u32],
    level: &str,
    mut first: bool,
) -> u64 {
    for &i in order {
        let (unit, shape) = (&units[i as usize], &ground[i as usize]);
        if !first {
            out.extend_from_slice(b",\n");
        }
        first = false;
        out.extend_from_slice(br#"{"type":"Feature","properties":{"#);
        // Names and codes hold no character that JSON would escape.
        for (key, value) in [
            ("code", unit.code.as_str()),
            ("name", &unit.name),
            ("level", level),
            ("parent", &unit.parent),
            ("kind", unit.kind),
        ] {
            if value.is_empty() {
                continue;
            }
            if key != "code" {
                out.push(b',');
            }
            for part in ["\"", key, "\":\"", value, "\""] {
                out.extend_from_slice(part.as_bytes());
            }
        }
        out.extend_from_slice(br#"},"geometry":{"type":""#);
        if let [only] = shape.0.as_slice() {
            out.extend_from_slice(br#"Polygon","coordinates":"#);
            polygon(out, only);
        } else {
            out.extend_from_slice(br#"MultiPolygon","coordinates":["#);
            for (k, part) in shape.0.iter().enumerate() {
                if k > 0 {
                    out.push(b',');
                }
                polygon(out, part);
            }
            out.push(b']');
        }
        out.extend_from_slice(b"}}");
    }
    order.len() as u64
}

fn polygon(out: &mut Vec<u8>, shape: &Polygon) {
    out.push(b'[');
    for (k, ring) in shape.rings().enumerate() {
        out.extend_from_slice(if k > 0 { b",[" } else { b"[" });
        for (j, v) in ring.iter().chain(&ring[..1]).enumerate() {
            out.extend_from_slice(if j > 0 { b",[" } else { b"[" });
            degrees(out, v.lon);
            out.push(b',');
            degrees(out, v.lat);
            out.push(b']');
        }
        out.push(b']');
    }
    out.push(b']');
}

/// Appends one parent: `code,name,level,parent`.
pub fn parent(out: &mut Vec<u8>, unit: &Unit, level: &str) {
    for (word, after) in
        [(unit.code.as_str(), b','), (&unit.name, b','), (level, b','), (&unit.parent, b'\n')]
    {
        out.extend_from_slice(word.as_bytes());
        out.push(after);
    }
}

/// Appends the parents of a city's grids, from the city down; gives their number.
pub fn divisions(out: &mut Vec<u8>, city: &City) -> u64 {
    let r = &city.register;
    parent(out, &r.city, "city");
    let mut rows = 1;
    for (units, level) in [(&r.counties, "county"), (&r.towns, "town"), (&r.communities, "community")] {
        rows += sorted(out, units, level);
    }
    rows
}

/// Appends the parents of a city's beats, from the bureau down; gives their number.
pub fn stations(out: &mut Vec<u8>, city: &City) -> u64 {
    let r = &city.register;
    parent(out, &r.bureau, "bureau");
    1 + sorted(out, &r.subbureaus, "subbureau") + sorted(out, &r.stations, "station")
}

fn sorted(out: &mut Vec<u8>, units: &[Unit], level: &str) -> u64 {
    let mut order: Vec<&Unit> = units.iter().collect();
    order.sort_by(|a, b| a.code.cmp(&b.code));
    for unit in &order {
        parent(out, unit, level);
    }
    order.len() as u64
}
