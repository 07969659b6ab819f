//! The order in which points lie in memory: that of a tree whose boxes hardly overlap.
//!
//! All points are divided in two across the longer side of their box, each part again and so on, always between whole
//! groups of the level below, and at last between whole leaves: 16 leaves of 16 points in a group, 16 of these in one
//! of the next level. ("Overlap minimizing top-down", Lee and Lee, CAiSE 2003, but halved instead of sliced.)
//! In the order of a space-filling curve, which is quicker made, runs wander through parts of several squares; their
//! boxes lie over each other, and who asks for the ten nearest looks into four times as many leaves.

use super::packed::FANOUT;
use crate::{Bounds, E7};

/// Fewer points are not worth another thread.
const ALONE: usize = 1 << 14;

/// The ids of points in that order.
pub(super) fn of(points: &[E7], bounds: &Bounds) -> Vec<u32> {
    let mut placed: Vec<Placed> = points.iter().zip(0..).map(|(&p, id)| (p, id)).collect();
    // A degree of longitude is shorter than one of latitude.
    let narrow = bounds.center().lat_degrees().to_radians().cos();
    halve(&mut placed, *bounds, narrow);
    // Not in the room of the points, which is three times as large and would be kept.
    placed.iter().map(|&(_, id)| id).collect()
}

/// A point and its id.
type Placed = (E7, u32);

/// Orders points of a box.
fn halve(points: &mut [Placed], bounds: Bounds, narrow: f64) {
    if points.len() <= FANOUT {
        return;
    }
    let mut whole = FANOUT;
    while whole * FANOUT < points.len() {
        whole *= FANOUT;
    }
    let middle = points.len().div_ceil(whole) / 2 * whole;
    let Bounds { min, max } = bounds;
    let side = |min: i32, max: i32| f64::from(max) - f64::from(min);
    let (mut first, mut second) = (bounds, bounds);
    if side(min.lon, max.lon) * narrow > side(min.lat, max.lat) {
        let cut = points.select_nth_unstable_by_key(middle, |(p, _)| p.lon).1.0.lon;
        (first.max.lon, second.min.lon) = (cut, cut);
    } else {
        let cut = points.select_nth_unstable_by_key(middle, |(p, _)| p.lat).1.0.lat;
        (first.max.lat, second.min.lat) = (cut, cut);
    }
    let alone = points.len() < ALONE;
    let (a, b) = points.split_at_mut(middle);
    if alone {
        halve(a, first, narrow);
        halve(b, second, narrow);
    } else {
        rayon::join(|| halve(a, first, narrow), || halve(b, second, narrow));
    }
}
