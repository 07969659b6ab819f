//! Polygons as the rows of a layer, with parents over them.

use super::Random;
use gridbeat_onemap::{
    MultiPolygon,
    record::{AreaRow, Fid, Region, Side},
};

/// The parent of all parents.
pub const ALL: &str = "ALL";

/// One row an area, codes in random order (a dispute goes by the code, so it must not follow the drawing), each
/// under one of some parents, and those under [`ALL`].
pub fn rows_of(
    random: &mut Random,
    side: Side,
    areas: impl IntoIterator<Item = MultiPolygon>,
) -> Vec<AreaRow> {
    let areas: Vec<_> = areas.into_iter().collect();
    let mut order: Vec<usize> = (0..areas.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, random.below(i + 1));
    }
    let letter = if side == Side::Grid { 'G' } else { 'B' };
    let parents = (areas.len() / 7).max(1);
    let mut rows = Vec::with_capacity(areas.len() + parents + 1);
    for (geometry, n) in areas.into_iter().zip(order) {
        let parent = Some(format!("P{}", random.below(parents)));
        rows.push(AreaRow {
            code: format!("{letter}{n:04}"),
            parent,
            geometry: Some(geometry),
            ..AreaRow::default()
        });
    }
    for p in 0..parents {
        rows.push(AreaRow { code: format!("P{p}"), parent: Some(ALL.into()), ..AreaRow::default() });
    }
    rows.push(AreaRow { code: ALL.into(), ..AreaRow::default() });
    for (i, row) in rows.iter_mut().enumerate() {
        row.region = Region(3202);
        row.fid = Fid::new(Region(3202), i as u32 + 1);
    }
    rows
}

/// The drawings among some rows.
pub fn drawn(rows: &[AreaRow]) -> impl Iterator<Item = &MultiPolygon> + Clone {
    rows.iter().filter_map(|r| r.geometry.as_ref())
}
