//! What goes in, and what comes out: lines with what changes across them, and the finished courses of
//! borders.

use super::labels::Delta;
use crate::{
    e7::{Bounds, E7},
    geodesic::Measure,
};
use std::{fmt, ops::Deref, sync::Arc as Shared};

/// A line to be put into an arrangement. All lines together are closed: whatever winds around some
/// ground does so by complete rings, cut into lines as one likes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Two vertices or more, no two alike one after the other; a closed line repeats its first.
    pub points: &'a [E7],
    /// The course that the points are taken from, where there is one: kept if the line is not cut.
    pub path: Option<&'a SharedPath>,
    /// What changes from its right to its left.
    pub delta: Delta,
}

/// The course of a border, with what is measured along it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// Vertices, ends included; a closed path repeats its first at the end.
    pub points: Points,
    /// The box around them.
    pub bounds: Bounds,
    /// Its length, and the ground to its left.
    pub measure: Measure,
}

impl Path {
    /// Along some vertices, which do not [run back](runs_back).
    pub fn new(points: Points) -> Self {
        Self { bounds: Bounds::of(&*points), measure: Measure::of(&points), points }
    }
}

/// One of the paths that were made together: they lie in one place, so that there is little to count and to
/// allocate.
#[derive(Clone, Debug)]
pub(crate) struct SharedPath {
    all: Shared<Vec<Path>>,
    at: u32,
}

impl SharedPath {
    /// The one numbered `at`.
    pub fn new(all: &Shared<Vec<Path>>, at: u32) -> Self {
        Self { all: Shared::clone(all), at }
    }
}

impl Deref for SharedPath {
    type Target = Path;

    #[inline]
    fn deref(&self) -> &Path {
        &self.all[self.at as usize]
    }
}

/// Vertices within a longer row of them: paths that are made together keep theirs in one place.
#[derive(Clone)]
pub(crate) struct Points {
    all: Shared<Vec<E7>>,
    from: u32,
    to: u32,
}

impl Points {
    /// Those numbered `from`, up to but without `to`.
    pub fn new(all: &Shared<Vec<E7>>, from: u32, to: u32) -> Self {
        Self { all: Shared::clone(all), from, to }
    }
}

impl Deref for Points {
    type Target = [E7];

    #[inline]
    fn deref(&self) -> &[E7] {
        &self.all[self.from as usize..self.to as usize]
    }
}

impl PartialEq for Points {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Points {}

impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// Whether a path along these vertices is kept the other way round: of its two ends it begins at the smaller
/// (of a closed path: the smaller of the neighbours of its end comes first).
pub(super) fn runs_back(points: &[E7]) -> bool {
    match points {
        [a, b, .., c, d] => (d, c) < (a, b),
        [a, b, c] => (c, b) < (a, b),
        [a, b] => b < a,
        _ => false,
    }
}

/// A path with the labels to its left and right.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub path: SharedPath,
    pub left: super::Label,
    pub right: super::Label,
}
