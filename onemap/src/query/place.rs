//! Where to look.

use crate::{AreaId, E7, Reader, index::Ground, overlay::PieceId, record::Side};

/// Some ground, some pieces, or the ground that both have in common.
#[derive(Debug)]
pub struct Where {
    ground: Ground,
    /// Ascending.
    pieces: Option<Vec<PieceId>>,
}

impl Where {
    /// Everything, also what has no place.
    pub const fn everywhere() -> Self {
        Self { ground: Ground::all(), pieces: None }
    }

    /// A box, a polygon, a circle.
    pub const fn on(ground: Ground) -> Self {
        Self { ground, pieces: None }
    }

    /// The present ground of an area, of a parent that of all below it.
    pub fn in_area(reader: &Reader<'_>, side: Side, area: AreaId) -> Self {
        let drawn = reader.layer(side).drawn_below(area);
        Self::in_pieces(drawn.iter().flat_map(|&d| reader.overlay().pieces_of(side, d)).copied().collect())
    }

    /// A piece.
    pub fn in_piece(piece: PieceId) -> Self {
        Self::in_pieces(vec![piece])
    }

    /// Some pieces.
    pub fn in_pieces(mut pieces: Vec<PieceId>) -> Self {
        pieces.sort_unstable();
        Self { ground: Ground::all(), pieces: Some(pieces) }
    }

    /// Of that only what lies on some ground too.
    #[must_use]
    pub fn and_on(self, ground: Ground) -> Self {
        Self { ground, ..self }
    }

    /// The ground.
    pub(super) fn ground(&self) -> &Ground {
        &self.ground
    }

    /// The pieces, if only some.
    pub(super) fn pieces(&self) -> Option<&[PieceId]> {
        self.pieces.as_deref()
    }

    /// Whether it is everything.
    pub(super) fn is_everywhere(&self) -> bool {
        self.ground.is_all() && self.pieces.is_none()
    }

    /// Whether a row lies there.
    pub(super) fn contains(&self, at: Option<E7>, piece: Option<PieceId>) -> bool {
        let on_ground = self.ground.is_all() || at.is_some_and(|p| self.ground.contains(p));
        let of_pieces =
            self.pieces.as_ref().is_none_or(|all| piece.is_some_and(|p| all.binary_search(&p).is_ok()));
        on_ground && of_pieces
    }
}
