//! Staff at their last positions: role and side, never a name.

use super::text;
use crate::{
    frame::Frame,
    maker::{Keep, Row},
    mvt::{self, Geometry, Value},
};
use gridbeat_onemap::Reader;

/// Everybody whose last position belongs to the tile, by id.
pub(crate) fn staff(out: &mut mvt::Layer, map: &Reader<'_>, frame: &Frame, keep: Keep<'_>) {
    let mut near = Vec::new();
    map.staff().in_box(&frame.bounds(), |person| {
        if keep.keeps(Row::Staff(person)) {
            near.push(person.row.fid);
        }
    });
    near.sort_unstable();
    for row in near.into_iter().filter_map(|fid| map.staff().get(fid)).map(|person| &person.row) {
        let Some((x, y)) = row.at.and_then(|at| frame.place(at)) else {
            continue;
        };
        let seen_at = row.seen_at.map(|t| t.to_string());
        let properties = [
            ("code", text(Some(&row.code))),
            ("role", text(row.role.as_deref())),
            ("side", text(Some(row.side.staff()))),
            ("area", text(row.area.as_deref())),
            ("on_duty", Some(Value::Bool(row.on_duty))),
            ("seen_at", text(seen_at.as_deref())),
        ];
        out.add(Some(row.fid.0), &Geometry::point(x, y), properties);
    }
}
