//! Small drawings for the tests.

use crate::{
    E7, MultiPolygon, Polygon,
    record::{AreaRow, Fid, Region},
};

/// On the equator 90 units are a metre, to 1 %.
pub(super) const METRE: i32 = 90;

pub(super) fn polygon(points: &[(i32, i32)]) -> MultiPolygon {
    let exterior = points.iter().map(|&(x, y)| E7::new(x, y)).collect();
    MultiPolygon(vec![Polygon { exterior, holes: vec![] }])
}

/// In units.
pub(super) fn square(x: i32, y: i32, side: i32) -> MultiPolygon {
    rectangle(x, y, side, side)
}

/// In units.
pub(super) fn rectangle(x: i32, y: i32, width: i32, height: i32) -> MultiPolygon {
    polygon(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
}

pub(super) fn rows<const N: usize>(areas: [(&str, MultiPolygon); N]) -> Vec<AreaRow> {
    let row = |(i, (code, ground)): (usize, (&str, MultiPolygon))| AreaRow {
        fid: Fid(i as u64 + 1),
        region: Region(0),
        code: code.to_owned(),
        name: None,
        level: None,
        parent: None,
        kind: None,
        geometry: Some(ground),
    };
    areas.into_iter().enumerate().map(row).collect()
}
