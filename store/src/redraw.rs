//! New drawings for areas that stay what they are otherwise.
//!
//! Compiled once inside `gpkg` and once inside `postgis`, as `single` is. The triggers of a GeoPackage
//! keep its R-tree up to date.

use super::{Conn, begin, single};
use crate::{
    columns::Ground,
    error::StoreError,
    rules,
    schema::{beats, gridbeat_changes as changes, grids},
    stored::fid_in,
};
use diesel::{dsl::exists, prelude::*};
use gridbeat_onemap::{
    e7::Bounds,
    record::{Change, Fid, LayerKind, Op, Region, Side},
    shape::MultiPolygon,
};

/// See [`crate::Store::redraw`].
pub(super) fn redraw(
    conn: &mut Conn,
    side: Side,
    seen: u64,
    drawings: Vec<(Fid, MultiPolygon)>,
) -> Result<Change, StoreError> {
    for (_, ground) in &drawings {
        rules::drawing(ground).map_err(|(field, reason)| StoreError::BadRow { field, reason })?;
    }
    let layer = match side {
        Side::Grid => LayerKind::Grid,
        Side::Beat => LayerKind::Beat,
    };
    begin(conn, |conn| {
        let later = changes::table
            .filter(changes::layer.eq(layer.as_str()))
            .filter(changes::n.gt(i64::try_from(seen).unwrap_or(i64::MAX)));
        if diesel::select(exists(later)).get_result(conn)? {
            return Err(StoreError::Outdated);
        }
        let mut change = change(layer, &drawings);
        let mut touched = Bounds::EMPTY;
        for (fid, ground) in drawings {
            touched = touched.join(ground.bounds());
            let before = match side {
                Side::Grid => swap_grid(conn, fid, ground),
                Side::Beat => swap_beat(conn, fid, ground),
            }?;
            touched = touched.join(before.bounds());
        }
        change.bbox = (!touched.is_empty()).then_some(touched);
        single::append_change(conn, &mut change)?;
        Ok(change)
    })
}

macro_rules! swap {
    ($name:ident, $table:ident) => {
        /// Puts a drawing in the place of an area's; returns that.
        fn $name(conn: &mut Conn, fid: Fid, ground: MultiPolygon) -> Result<MultiPolygon, StoreError> {
            let area = $table::table
                .filter($table::region.eq(i32::from(fid.region().0)))
                .filter($table::fid.eq(fid_in(fid)))
                .filter($table::geom.is_not_null());
            let before: Option<Option<Ground>> = area.select($table::geom).first(conn).optional()?;
            let Some(Some(before)) = before else {
                return Err(StoreError::NotFound);
            };
            diesel::update(area).set($table::geom.eq(Some(Ground(ground)))).execute(conn)?;
            Ok(before.0)
        }
    };
}

swap!(swap_grid, grids);
swap!(swap_beat, beats);

/// The change, still without its number and its box.
fn change(layer: LayerKind, drawings: &[(Fid, MultiPolygon)]) -> Change {
    let mut regions = drawings.iter().map(|(fid, _)| fid.region());
    let first = regions.next().unwrap_or(Region(0));
    Change {
        n: 0,
        region: if regions.all(|r| r == first) { first } else { Region(0) },
        layer: layer.into(),
        op: Op::Import,
        fid: None,
        grid: None,
        beat: None,
        bbox: None,
        at: rules::now(),
        rows: drawings.len() as u64,
    }
}
