//! An edge on its way to the lattice.

use crate::{
    chain::Owner,
    frame::{CUT_X, CUT_Y, EAST, Fine, Frame, NORTH, Px, SOUTH, WEST},
};

/// An edge in fine coordinates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub a: Fine,
    pub b: Fine,
    /// The pixels of its ends. Of an end outside the drawn box the nearest position around it, which is no pixel.
    pub ends: [Px; 2],
    pub left: Owner,
    pub right: Owner,
}

impl Line {
    pub fn new(frame: &Frame, a: Fine, b: Fine, left: Owner, right: Owner) -> Self {
        let around =
            |v: i64, low: i32, high: i32| frame.round(v).clamp((low - 1).into(), (high + 1).into()) as i32;
        let ends = [a, b].map(|p| Px { x: around(p.x, WEST, EAST), y: around(p.y, SOUTH, NORTH) });
        Self { a, b, ends, left, right }
    }

    /// South-west and north-east of all pixels that it touches: rounding keeps the order of numbers, so those of the
    /// ends bound all between.
    pub fn bounds(&self) -> [Px; 2] {
        let [a, b] = self.ends;
        [Px { x: a.x.min(b.x), y: a.y.min(b.y) }, Px { x: a.x.max(b.x), y: a.y.max(b.y) }]
    }

    /// Whether it runs between the innermost cut lines, and meets none.
    pub fn is_within_cuts(&self) -> bool {
        let inside = |v: i32, cuts: [i32; 6]| cuts[2] < v && v < cuts[3];
        self.ends.iter().all(|p| inside(p.x, CUT_X) && inside(p.y, CUT_Y))
    }
}
