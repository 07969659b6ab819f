//! Pieces: ground with one grid and one beat, and how the two disagree there.

use super::text;
use crate::{
    faces::{faces, polygon_geometry},
    frame::Frame,
    mvt::{self, Geometry, Value},
    stage::Stage,
};
use gridbeat_onemap::{Overlay, Piece, PieceId, Reader, record::Side};

/// From this share on a grid counts as lying in one beat: what is missing is drawing, not intent.
const WHOLE: f64 = 0.999;

/// Below this share of its grid a piece is a minor one.
const MINOR: f64 = 0.1;

/// How grid and beat disagree at a piece: `whole` the grid lies in one beat, `minor` a small rest of
/// the grid lies here, `split` a real part of it, `grid_only` no beat, `beat_only` no grid.
fn mismatch(piece: &Piece) -> &'static str {
    match (piece.grid, piece.beat, piece.share_of_grid) {
        (None, ..) => "beat_only",
        (_, None, _) => "grid_only",
        (.., Some(share)) if share >= WHOLE => "whole",
        (.., Some(share)) if share < MINOR => "minor",
        _ => "split",
    }
}

/// A feature id that a piece keeps from one map to the next: the 64-bit FNV-1a hash of its name, cut
/// to the 53 bits that a browser's numbers hold exactly.
fn stable_id(name: &str) -> u64 {
    let hash = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    hash & ((1 << 53) - 1)
}

fn properties<'a>(map: &Reader<'a>, piece: &'a Piece) -> [(&'static str, Option<Value<'a>>); 8] {
    let code = |side, id: Option<_>| id.map(|id| Value::String(&map.layer(side).area(id).code));
    [
        ("piece", text(Some(&piece.id))),
        ("grid", code(Side::Grid, piece.grid)),
        ("beat", code(Side::Beat, piece.beat)),
        ("area_m2", Some(Value::Double(piece.area_m2))),
        ("share_of_grid", piece.share_of_grid.map(Value::Double)),
        ("share_of_beat", piece.share_of_beat.map(Value::Double)),
        ("sliver", Some(Value::Bool(piece.sliver))),
        ("mismatch", text(Some(mismatch(piece)))),
    ]
}

/// The ground of every piece, and a point for each that fell together at this zoom.
pub(crate) fn pieces(out: &mut mvt::Layer, map: &Reader<'_>, stage: &Stage, frame: &Frame) {
    let overlay: &Overlay = map.overlay();
    let drawn = faces(&stage.ground(frame, &stage.edges(frame)));
    for (&owner, ground) in &drawn {
        let piece = overlay.piece(PieceId(owner));
        out.add(Some(stable_id(&piece.id)), &polygon_geometry(ground), properties(map, piece));
    }
    for (owner, (x, y)) in stage.marks_in(frame, |mark| !drawn.contains_key(&mark.owner), |_| None) {
        let piece = overlay.piece(PieceId(owner));
        let collapsed = [("collapsed", Some(Value::Bool(true)))];
        let properties = properties(map, piece).into_iter().chain(collapsed);
        out.add(Some(stable_id(&piece.id)), &Geometry::point(x, y), properties);
    }
}
