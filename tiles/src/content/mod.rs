//! What each layer puts into a tile: one file a kind.

pub(crate) mod address;
pub(crate) mod area;
pub(crate) mod density;
pub(crate) mod department;
pub(crate) mod fault;
pub(crate) mod incident;
pub(crate) mod piece;
pub(crate) mod staff;

use crate::mvt::Value;
use gridbeat_onemap::{PieceId, Reader, record::Side};

/// A text property that may be missing.
pub(crate) fn text(value: Option<&str>) -> Option<Value<'_>> {
    value.map(Value::String)
}

/// Codes of the grid and the beat of a piece, and the piece's own name.
pub(crate) fn places<'a>(map: &Reader<'a>, piece: Option<PieceId>) -> [Option<&'a str>; 3] {
    let Some(piece) = piece.map(|id| map.overlay().piece(id)) else {
        return [None; 3];
    };
    let code = |side, id: Option<_>| id.map(|id| map.layer(side).area(id).code.as_str());
    [code(Side::Grid, piece.grid), code(Side::Beat, piece.beat), Some(&piece.id)]
}
