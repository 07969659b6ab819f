//! The findings for programs: JSON, and GeoJSON that a map shows.

use super::Checked;
use crate::feature::{
    Geometry,
    geojson::{push_geometry, push_position},
};
use gridbeat_onemap::{
    E7,
    coverage::{Finding, FindingKind, Severity, Shape, Tolerance},
};
use serde_json::{Map, Value, json};

/// Counts, then every finding.
pub(super) fn json(checked: &[Checked<'_>], tolerance: &Tolerance) -> String {
    let count = |severity| checked.iter().map(|c| c.count(severity)).sum::<usize>();
    let findings: Vec<Value> =
        checked.iter().flat_map(|c| c.findings.iter().map(|f| Value::Object(properties(c, f)))).collect();
    json!({
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "notes": count(Severity::Note),
        "tolerance_m": tolerance.gap_m,
        "layers": checked.iter().map(layer).collect::<Vec<_>>(),
        "findings": findings,
    })
    .to_string()
}

/// How much of a layer is in order: its areas, ground claimed more than once, ground of nobody, and
/// how many findings of each kind there are.
fn layer(checked: &Checked<'_>) -> Value {
    let areas = checked.layer.areas();
    let of = |kinds: &[FindingKind]| {
        let found = checked.findings.iter().filter(|f| kinds.contains(&f.kind));
        // An empty sum of floats is -0.
        found.map(|f| f.area_m2).fold(0.0, |sum, m2| sum + m2)
    };
    let kinds: Map<String, Value> = FindingKind::ALL
        .into_iter()
        .map(|k| (k.as_str().to_owned(), checked.findings.iter().filter(|f| f.kind == k).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(k, n)| (k, n.into()))
        .collect();
    json!({
        "layer": checked.layer.side().layer(),
        "areas": areas.iter().filter(|a| a.drawn).count(),
        "parents": areas.iter().filter(|a| !a.drawn).count(),
        "disputed_m2": of(&[FindingKind::Overlap]),
        "gaps_m2": of(&[FindingKind::Gap, FindingKind::NarrowGap]),
        "kinds": kinds,
    })
}

fn properties(checked: &Checked<'_>, f: &Finding) -> Map<String, Value> {
    let value = json!({
        "layer": checked.layer.side().layer(),
        "kind": f.kind.as_str(),
        "severity": f.severity.as_str(),
        "areas": checked.codes(f),
        "area_m2": f.area_m2,
        "width_m": f.width_m,
        "length_m": f.length_m,
        "count": f.count,
        "sliver": f.sliver,
        "lon": f.at.map(|p| p.lon_degrees()),
        "lat": f.at.map(|p| p.lat_degrees()),
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Every finding as a feature with its ground, its lines or its places.
pub(super) fn geojson(checked: &[Checked<'_>]) -> String {
    let mut features = Vec::new();
    for c in checked {
        for f in &c.findings {
            let mut text = String::from(r#"{"type":"Feature","geometry":"#);
            push_shape(&mut text, f);
            text += &format!(r#","properties":{}}}"#, Value::Object(properties(c, f)));
            features.push(text);
        }
    }
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}

fn push_shape(out: &mut String, finding: &Finding) {
    match &finding.shape {
        Shape::Ground(ground) => push_geometry(out, &Geometry::Ground(ground.clone())),
        Shape::Lines(lines) => {
            out.push_str(r#"{"type":"MultiLineString","coordinates":["#);
            push_list(out, lines, |out, line| {
                out.push('[');
                push_list(out, line, push_place);
                out.push(']');
            });
            out.push_str("]}");
        }
        Shape::Points(points) => {
            out.push_str(r#"{"type":"MultiPoint","coordinates":["#);
            push_list(out, points, push_place);
            out.push_str("]}");
        }
        Shape::None => push_geometry(out, &finding.at.map_or(Geometry::None, Geometry::Point)),
    }
}

fn push_place(out: &mut String, p: &E7) {
    push_position(out, *p);
}

fn push_list<T>(out: &mut String, items: &[T], push: impl Fn(&mut String, &T)) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        push(out, item);
    }
}
