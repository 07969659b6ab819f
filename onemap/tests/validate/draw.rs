//! Layers from a few rectangles.

use gridbeat_onemap::{
    E7, Layer, MultiPolygon, Polygon,
    coverage::{Finding, FindingKind, Tolerance, validate},
    record::{AreaRow, Fid, Level, Region, Side},
};

/// Near the equator a metre is about 90 units, in both directions.
pub const METRE: i32 = 90;

/// A ring in metres.
pub fn ring(points: &[(f64, f64)]) -> Vec<E7> {
    let unit = |m: f64| (m * f64::from(METRE)).round() as i32;
    points.iter().map(|&(x, y)| E7::new(unit(x), unit(y))).collect()
}

/// A polygon without holes, in metres.
pub fn polygon(points: &[(f64, f64)]) -> MultiPolygon {
    MultiPolygon(vec![Polygon { exterior: ring(points), holes: vec![] }])
}

/// From (x, y), so wide and so high, in metres.
pub fn rectangle(x: f64, y: f64, w: f64, h: f64) -> MultiPolygon {
    polygon(&[(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
}

/// The row of a grid.
pub fn row(n: u32, code: &str, geometry: MultiPolygon) -> AreaRow {
    AreaRow {
        fid: Fid::new(Region(3202), n),
        region: Region(3202),
        code: code.into(),
        level: Some(Level::Grid),
        geometry: Some(geometry),
        ..AreaRow::default()
    }
}

/// Grids with the codes A, B, C …
pub fn layer(drawings: impl IntoIterator<Item = MultiPolygon>) -> Layer {
    let rows = drawings.into_iter().zip(b'A'..).zip(1..);
    Layer::new(Side::Grid, rows.map(|((g, code), n)| row(n, &char::from(code).to_string(), g)).collect())
}

/// What is found with the usual tolerance.
pub fn check(layer: &Layer) -> Vec<Finding> {
    validate(layer, &Tolerance::default())
}

/// The kinds found.
pub fn kinds(found: &[Finding]) -> Vec<FindingKind> {
    found.iter().map(|f| f.kind).collect()
}

/// The one finding of a kind.
#[track_caller]
pub fn the(found: &[Finding], kind: FindingKind) -> Finding {
    let of_kind: Vec<&Finding> = found.iter().filter(|f| f.kind == kind).collect();
    assert_eq!(of_kind.len(), 1, "findings of kind {kind:?} among {:?}", kinds(found));
    of_kind[0].clone()
}

/// Codes of the areas concerned.
pub fn codes(layer: &Layer, finding: &Finding) -> String {
    finding.areas.iter().map(|&a| layer.area(a).code.as_str()).collect()
}
