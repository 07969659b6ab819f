//! What goes in, and what comes out: lines with what changes across them, and the finished courses of
//! borders.

use super::labels::Delta;
use crate::{
    e7::{Bounds, E7},
    geodesic::Measure,
};
use rayon::prelude::*;
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

/// What is measured along the course of a border.
#[derive(Debug)]
pub(crate) struct Path {
    /// The box around them.
    pub bounds: Bounds,
    /// Its length, and the ground to its left.
    pub measure: Measure,
}

/// The courses of borders that were made together: they lie in one place, so that there is little to count and to
/// allocate.
#[derive(Debug)]
struct Paths {
    points: Vec<E7>,
    all: Vec<Path>,
}

/// The course of a border: one of [`Paths`].
#[derive(Clone)]
pub(crate) struct SharedPath {
    of: Shared<Paths>,
    at: u32,
    /// Where its vertices lie. Kept here, because most who ask for vertices ask for nothing else.
    span: (u32, u32),
}

/// Vertices that are worth the work of all cores.
const MANY: usize = 1 << 15;

impl SharedPath {
    /// Along vertices that lie one after the other, from here to there, and do not [run back](runs_back).
    pub fn along(points: Vec<E7>, spans: Vec<(u32, u32)>) -> impl Iterator<Item = Self> {
        let path = |span: &(u32, u32)| {
            let course = &points[span.0 as usize..span.1 as usize];
            Path { bounds: Bounds::of(course), measure: Measure::of(course) }
        };
        // Few are measured before another thread has woken.
        let all: Vec<Path> = if points.len() < MANY {
            spans.iter().map(path).collect()
        } else {
            spans.par_iter().map(path).collect()
        };
        let of = Shared::new(Paths { points, all });
        (0..).zip(spans).map(move |(at, span)| Self { of: Shared::clone(&of), at, span })
    }

    /// Vertices, ends included; a closed path repeats its first at the end.
    #[inline]
    pub fn points(&self) -> &[E7] {
        &self.of.points[self.span.0 as usize..self.span.1 as usize]
    }
}

impl Deref for SharedPath {
    type Target = Path;

    #[inline]
    fn deref(&self) -> &Path {
        &self.of.all[self.at as usize]
    }
}

impl fmt::Debug for SharedPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedPath").field(&self.points()).field(&**self).finish()
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
