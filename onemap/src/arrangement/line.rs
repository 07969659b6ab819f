//! What goes in, and what comes out: lines with what changes across them, and the finished courses of
//! borders.

use super::labels::Delta;
use crate::{
    e7::{Bounds, E7},
    geodesic::Measure,
};
use std::sync::Arc as Shared;

/// A line to be put into an arrangement. All lines together are closed: whatever winds around some
/// ground does so by complete rings, cut into lines as one likes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Two vertices or more, no two alike one after the other; a closed line repeats its first.
    pub points: &'a [E7],
    /// The course that the points are taken from, where there is one: kept if the line is not cut.
    pub path: Option<&'a Shared<Path>>,
    /// What changes from its right to its left.
    pub delta: Delta,
}

/// The course of a border, with what is measured along it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// Vertices, ends included; a closed path repeats its first at the end.
    pub points: Box<[E7]>,
    /// The box around them.
    pub bounds: Bounds,
    /// Its length, and the ground to its left.
    pub measure: Measure,
}

impl Path {
    /// From vertices, turned so that of its two ends it begins at the smaller (of a closed path: so that
    /// the smaller of the neighbours of its end comes first).
    pub fn new(mut points: Vec<E7>) -> Self {
        if runs_back(&points) {
            points.reverse();
        }
        let bounds = Bounds::of(&points);
        let measure = Measure::of(&points);
        Self { points: points.into_boxed_slice(), bounds, measure }
    }
}

/// Whether a path along these vertices is kept the other way round.
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
    pub path: Shared<Path>,
    pub left: super::Label,
    pub right: super::Label,
}
