//! A packed R-tree over points: built once, without a pointer.
//!
//! Points lie [in the order of their boxes](super::order); every 16 of them make a leaf, every 16 leaves a group, every 16
//! groups one of the next level. What lies below a box is a contiguous run of points, so how many they
//! are is arithmetic: counting on some ground costs its border, not the points inside. A point takes
//! 8 bytes for its place, 4 for its id, and 1.07 for its share of the boxes.

use super::order;
use crate::{Bounds, E7};
use rayon::prelude::*;
use std::ops::Range;

/// Points of a leaf, boxes of a group.
pub(super) const FANOUT: usize = 16;

/// A packed R-tree; ids are the positions of the points it was built from.
#[derive(Clone, Debug)]
pub struct PackedIndex {
    pub(super) leaves: Vec<Leaf>,
    pub(super) ids: Vec<u32>,
    /// Groups of all levels, those of leaves first, the root last.
    pub(super) groups: Vec<Group>,
    /// Where each level begins in `groups`, and the end.
    pub(super) levels: Vec<usize>,
    bounds: Bounds,
}

impl Default for PackedIndex {
    fn default() -> Self {
        Self { leaves: vec![], ids: vec![], groups: vec![], levels: vec![0], bounds: Bounds::EMPTY }
    }
}

/// The points of a leaf, in two lines of the cache; coordinate by coordinate, so that the machine
/// compares several at a time. A last leaf that is not full repeats its last point.
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

/// The boxes of what lies below: of leaves, or of groups of the level below. Empty ones fill it up.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct Group {
    pub west: [i32; FANOUT],
    pub south: [i32; FANOUT],
    pub east: [i32; FANOUT],
    pub north: [i32; FANOUT],
}

impl Group {
    fn new(boxes: impl Iterator<Item = Bounds>) -> Self {
        let (most, least) = ([i32::MAX; FANOUT], [i32::MIN; FANOUT]);
        let mut group = Self { west: most, south: most, east: least, north: least };
        for (i, b) in boxes.enumerate() {
            (group.west[i], group.south[i]) = (b.min.lon, b.min.lat);
            (group.east[i], group.north[i]) = (b.max.lon, b.max.lat);
        }
        group
    }

    fn bounds(&self) -> Bounds {
        (0..FANOUT).fold(Bounds::EMPTY, |b, i| b.join(self.get(i)))
    }

    /// The `i`-th box.
    pub fn get(&self, i: usize) -> Bounds {
        Bounds { min: E7::new(self.west[i], self.south[i]), max: E7::new(self.east[i], self.north[i]) }
    }
}

impl PackedIndex {
    /// Indexes points; at most 2³². On all cores.
    pub fn build(points: &[E7]) -> Self {
        let around = |some: &[E7]| some.iter().fold(Bounds::EMPTY, |b, &p| b.with(p));
        let bounds = points.par_chunks(1 << 16).map(around).reduce(|| Bounds::EMPTY, Bounds::join);
        Self::boxed(points, order::of(points, &bounds), bounds)
    }

    /// Indexes points in an order that another build gave them: each of them once.
    pub(crate) fn from_order(points: &[E7], ids: Vec<u32>) -> Self {
        let around = |some: &[E7]| some.iter().fold(Bounds::EMPTY, |b, &p| b.with(p));
        let bounds = points.par_chunks(1 << 16).map(around).reduce(|| Bounds::EMPTY, Bounds::join);
        Self::boxed(points, ids, bounds)
    }

    /// The ids in the order in which their points lie.
    pub(crate) fn order(&self) -> &[u32] {
        &self.ids
    }

    /// Makes the boxes around points in order.
    fn boxed(points: &[E7], ids: Vec<u32>, bounds: Bounds) -> Self {
        let leaves: Vec<Leaf> = ids
            .par_chunks(FANOUT)
            .with_min_len(1024)
            .map(|ids| Leaf::new(ids.iter().map(|&i| points[i as usize])))
            .collect();
        let mut groups: Vec<Group> = leaves
            .par_chunks(FANOUT)
            .with_min_len(64)
            .map(|leaves| Group::new(leaves.iter().map(Leaf::bounds)))
            .collect();
        let mut levels = vec![0, groups.len()];
        let mut first = 0;
        while groups.len() - first > 1 {
            let above: Vec<Group> =
                groups[first..].chunks(FANOUT).map(|c| Group::new(c.iter().map(Group::bounds))).collect();
            first = groups.len();
            groups.extend(above);
            levels.push(groups.len());
        }
        groups.shrink_to_fit();
        Self { leaves, ids, groups, levels, bounds }
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
        self.bounds
    }

    /// The level of the root, which is the only group there; level 0 has the groups of leaves.
    pub(super) fn top(&self) -> usize {
        self.levels.len().saturating_sub(2)
    }

    /// The points below the `n`-th box of a level's groups: a contiguous run of slots.
    pub(super) fn run(&self, level: usize, n: usize) -> Range<usize> {
        let each = FANOUT.pow(level as u32 + 1);
        n * each..((n + 1) * each).min(self.ids.len())
    }

    /// How many boxes a level's groups have: as many as there are leaves, or groups below.
    pub(super) fn width(&self, level: usize) -> usize {
        if level == 0 { self.leaves.len() } else { self.levels[level] - self.levels[level - 1] }
    }
}
