//! An R-tree over the boxes of areas or pieces.

use crate::Bounds;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

/// Boxes by number. `rstar` squares extents, hence 64 bits.
#[derive(Debug)]
pub(crate) struct Boxes(RTree<GeomWithData<Rectangle<[i64; 2]>, u32>>);

impl Boxes {
    /// Numbers the boxes from 0; empty ones are never found.
    pub fn new(boxes: impl Iterator<Item = Bounds>) -> Self {
        let entries = boxes
            .enumerate()
            .filter(|(_, b)| !b.is_empty())
            .map(|(i, b)| {
                let (min, max) = corners(&b);
                GeomWithData::new(Rectangle::from_corners(min, max), i as u32)
            })
            .collect();
        Self(RTree::bulk_load(entries))
    }

    /// Numbers of the boxes that share at least a border point with `bounds`, ascending.
    pub fn meeting(&self, bounds: &Bounds) -> Vec<u32> {
        if bounds.is_empty() {
            return Vec::new();
        }
        let (min, max) = corners(bounds);
        let mut found: Vec<u32> =
            self.0.locate_in_envelope_intersecting(AABB::from_corners(min, max)).map(|e| e.data).collect();
        found.sort_unstable();
        found
    }
}

fn corners(b: &Bounds) -> ([i64; 2], [i64; 2]) {
    ([b.min.lon.into(), b.min.lat.into()], [b.max.lon.into(), b.max.lat.into()])
}
