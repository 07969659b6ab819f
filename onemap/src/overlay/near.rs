//! The borders near some place.

use super::Overlay;
use crate::{Bounds, E7, PieceId};

impl Overlay {
    /// Hands out every border between pieces that may come near a box, and perhaps some that do not: its
    /// vertices, the piece to its left, the piece to its right.
    pub(crate) fn borders_near(
        &self,
        bounds: &Bounds,
        mut f: impl FnMut(&[E7], Option<PieceId>, Option<PieceId>),
    ) {
        for chain in
            self.arrangement.chains_near(bounds).into_iter().filter_map(|id| self.arrangement.chain(id))
        {
            let (left, right) = (self.piece_of[chain.left.0 as usize], self.piece_of[chain.right.0 as usize]);
            if left != right {
                f(chain.path.points(), left, right);
            }
        }
    }
}
