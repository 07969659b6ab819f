//! Addresses, one by one.

use super::{places, text};
use crate::{
    frame::Frame,
    maker::{Keep, Row},
    mvt::{self, Geometry, Value},
};
use gridbeat_onemap::Reader;

/// Every address that belongs to the tile, by id.
pub(crate) fn addresses(out: &mut mvt::Layer, map: &Reader<'_>, frame: &Frame, keep: Keep<'_>) {
    let all = map.addresses();
    let mut near = Vec::new();
    all.in_box(&frame.bounds(), |i| {
        if keep.keeps(Row::Address(i)) {
            near.push(i);
        }
    });
    near.sort_unstable();
    out.reserve(near.len());
    for i in near {
        let address = all.get(i);
        let Some((x, y)) = frame.place(address.at) else {
            continue;
        };
        let [grid, beat, piece] = places(map, address.piece);
        let properties = [
            ("code", text(Some(address.code))),
            ("text", text(Some(address.text))),
            ("residents", Some(Value::Uint(u64::from(address.residents)))),
            ("dwellings", Some(Value::Uint(u64::from(address.dwellings)))),
            ("organisations", Some(Value::Uint(u64::from(address.organisations)))),
            ("grid", text(grid)),
            ("beat", text(beat)),
            ("piece", text(piece)),
        ];
        out.add(Some(address.fid.0), &Geometry::point(x, y), properties);
    }
}
