//! A packed R-tree over points: Hilbert-sorted, built once, without a pointer.
//!
//! Points lie in the order of the curve; every 16 of them make a leaf, every 16 nodes a node of the
//! next level. A node's points are a contiguous run, so how many they are is arithmetic: counting on
//! some ground costs the nodes on its border, not the points inside. A point takes 8 bytes for its
//! place, 4 for its id, and 1.07 for its share of the boxes.

use super::{hilbert, order};
use crate::{Bounds, E7};
use rayon::prelude::*;
use std::ops::Range;

/// Children of a node.
pub(super) const FANOUT: usize = 16;

/// A packed R-tree; ids are the positions of the points it was built from.
#[derive(Clone, Debug, Default)]
pub struct PackedIndex {
    pub(super) leaves: Vec<Leaf>,
    pub(super) ids: Vec<u32>,
    /// Boxes of all levels, leaves first, the root last.
    pub(super) boxes: Vec<Bounds>,
    /// Where each level begins in `boxes`.
    pub(super) levels: Vec<usize>,
}

/// The points of a leaf, two lines of the cache: read in eights by the machine. A last leaf that is
/// not full repeats its last point.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct Leaf {
    pub lon: [i32; FANOUT],
    pub lat: [i32; FANOUT],
}

impl Leaf {
    fn new(points: impl Iterator<Item = E7>) -> Self {
        let mut leaf = Self { lon: [0; FANOUT], lat: [0; FANOUT] };
        let mut n = 0;
        for p in points {
            (leaf.lon[n], leaf.lat[n]) = (p.lon, p.lat);
            n += 1;
        }
        for i in n.max(1)..FANOUT {
            (leaf.lon[i], leaf.lat[i]) = (leaf.lon[n - 1], leaf.lat[n - 1]);
        }
        leaf
    }

    fn bounds(&self) -> Bounds {
        (0..FANOUT).fold(Bounds::EMPTY, |b, i| b.with(self.point(i)))
    }

    /// The `i`-th point.
    pub fn point(&self, i: usize) -> E7 {
        E7::new(self.lon[i], self.lat[i])
    }
}

impl PackedIndex {
    /// Indexes points; at most 2³². On all cores.
    pub fn build(points: &[E7]) -> Self {
        let around = |some: &[E7]| some.iter().fold(Bounds::EMPTY, |b, &p| b.with(p));
        let bounds = points.par_chunks(1 << 16).map(around).reduce(|| Bounds::EMPTY, Bounds::join);
        let frame = hilbert::Frame::new(points, &bounds);
        let ids = order::by_key(points.len(), |i| frame.key(points[i]));
        let leaves: Vec<Leaf> = ids
            .par_chunks(FANOUT)
            .with_min_len(1024)
            .map(|ids| Leaf::new(ids.iter().map(|&i| points[i as usize])))
            .collect();
        let mut boxes: Vec<Bounds> = Vec::with_capacity(leaves.len() + leaves.len() / (FANOUT - 1) + 8);
        boxes.par_extend(leaves.par_iter().with_min_len(1024).map(Leaf::bounds));
        let mut levels = vec![0];
        let mut first = 0;
        while boxes.len() - first > 1 {
            let next: Vec<Bounds> = boxes[first..]
                .chunks(FANOUT)
                .map(|c| c.iter().fold(Bounds::EMPTY, |b, o| b.join(*o)))
                .collect();
            first = boxes.len();
            levels.push(first);
            boxes.extend(next);
        }
        boxes.shrink_to_fit();
        Self { leaves, ids, boxes, levels }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The box around all points.
    pub fn bounds(&self) -> Bounds {
        self.boxes.last().copied().unwrap_or(Bounds::EMPTY)
    }

    /// The points under a node: a contiguous run of slots.
    pub(super) fn run(&self, level: usize, node: usize) -> Range<usize> {
        let each = FANOUT.pow(level as u32 + 1);
        node * each..((node + 1) * each).min(self.ids.len())
    }

    /// The nodes under a node that is no leaf, by their numbers in the level below.
    pub(super) fn children(&self, level: usize, node: usize) -> Range<usize> {
        let width = self.levels[level] - self.levels[level - 1];
        node * FANOUT..((node + 1) * FANOUT).min(width)
    }
}
