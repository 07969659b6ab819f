//! Where two segments must be cut so that they share no more than ends: exact predicates, and the
//! rounding of a crossing to the lattice.

use crate::e7::{Bounds, E7, cross, on_segment, orientation};
use std::cmp::Ordering;

/// A segment by its ends, the smaller first.
pub(super) type Segment = (E7, E7);

/// Puts the smaller end first.
#[inline]
pub(super) fn sorted(a: E7, b: E7) -> Segment {
    if a < b { (a, b) } else { (b, a) }
}

/// Something that two segments have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contact {
    /// Where, on the lattice.
    pub at: E7,
    /// Whether `at` lies inside the first, so that it is to be cut; else it is one of its ends.
    pub inside_first: bool,
    /// Whether `at` lies inside the second.
    pub inside_second: bool,
    /// Whether both go through `at`; else it is a rounded crossing, and cutting bends them.
    pub exact: bool,
}

/// Reports what two segments have in common: an end that lies on the other, or their crossing, rounded
/// to the nearest lattice point. An end that they share is reported only if `shared`, or
/// if they run together from there.
#[inline]
pub(super) fn meet(s: Segment, t: Segment, shared: bool, report: impl FnMut(Contact)) {
    let ((a, b), (c, d)) = (s, t);
    // a < b and c < d by longitude, so these four tests compare the boxes. All are made, since which one
    // fails cannot be foreseen.
    let apart = (c.lon > b.lon)
        | (a.lon > d.lon)
        | (c.lat.min(d.lat) > a.lat.max(b.lat))
        | (c.lat.max(d.lat) < a.lat.min(b.lat));
    if !apart {
        meet_within(s, t, shared, report);
    }
}

/// The same of two whose boxes have something in common.
#[inline]
pub(super) fn meet_within(s: Segment, t: Segment, shared: bool, mut report: impl FnMut(Contact)) {
    let ((a, b), (c, d)) = (s, t);
    if let Some(v) = only_end(s, t) {
        if shared {
            report(Contact { at: v, inside_first: false, inside_second: false, exact: true });
        }
        return;
    }
    let (oc, od) = (orientation(a, b, c), orientation(a, b, d));
    if oc == od && oc != Ordering::Equal {
        return;
    }
    let (oa, ob) = (orientation(c, d, a), orientation(c, d, b));
    if oa == ob && oa != Ordering::Equal {
        return;
    }
    let (mut touched, mut common, mut overlap) = (false, [None; 2], s == t);
    let mut touch = |of_first: bool, v: E7, o: Ordering, (p, q): Segment| {
        if o != Ordering::Equal {
            return;
        }
        touched = true;
        if v == p || v == q {
            common[usize::from(v == b || v == d)] = Some(v);
        } else if on_segment(p, q, v) {
            overlap = true;
            report(Contact { at: v, inside_first: !of_first, inside_second: of_first, exact: true });
        }
    };
    touch(true, a, oa, t);
    touch(true, b, ob, t);
    touch(false, c, oc, s);
    touch(false, d, od, s);
    // From a common end that lies where the other ends too, they run together: there a line turns back.
    for at in common.into_iter().flatten().filter(|_| shared || overlap) {
        report(Contact { at, inside_first: false, inside_second: false, exact: true });
    }
    if touched {
        return;
    }
    // In the order of the segments themselves, whatever the order of the call: the same rounding.
    let at = if s < t { crossing(s, t) } else { crossing(t, s) };
    let (inside_first, inside_second) = (at != a && at != b, at != c && at != d);
    let exact = orientation(a, b, at).is_eq() && orientation(c, d, at).is_eq();
    report(Contact { at, inside_first, inside_second, exact });
}

/// The end that two segments share, if there is nothing else that they have in common.
#[inline]
pub(super) fn only_end(s: Segment, t: Segment) -> Option<E7> {
    let (v, p, q) = fork(s, t)?;
    orientation(v, p, q).is_ne().then_some(v)
}

/// The end that two different segments share, and their other ends: unless these lie in one direction,
/// there is nothing else that they have in common.
#[inline]
fn fork((a, b): Segment, (c, d): Segment) -> Option<(E7, E7, E7)> {
    match (a == c, b == d) {
        (true, true) => None,
        (true, false) => Some((a, b, d)),
        (false, true) => Some((b, a, c)),
        _ if a == d => Some((a, b, c)),
        _ if b == c => Some((b, a, d)),
        _ => None,
    }
}

/// The same of two whose boxes have something in common, and that may follow each other along a line: an end that both share is reported, but for
/// the `joint` where the line goes on from one to the other, unless they run together from there.
#[inline]
pub(super) fn meet_beside(s: Segment, t: Segment, joint: Option<E7>, mut report: impl FnMut(Contact)) {
    let Some(joint) = joint else {
        return meet_within(s, t, true, report);
    };
    meet_within(s, t, false, &mut report);
    for at in [s.0, s.1].into_iter().filter(|v| *v != joint && (*v == t.0 || *v == t.1)) {
        report(Contact { at, inside_first: false, inside_second: false, exact: true });
    }
}

/// The lattice point nearest to where two properly crossing segments meet.
pub(super) fn crossing((a, b): Segment, (c, d): Segment) -> E7 {
    // c is left of a→b and d right, or the other way round: the crossing divides c d in that ratio.
    let (mut num, mut den) = (cross(a, b, c), cross(a, b, c) - cross(a, b, d));
    if den < 0 {
        (num, den) = (-num, -den);
    }
    let at = |u: i32, v: i32| {
        // Rounded half up. Nearly always in 64 bits, where dividing costs a tenth.
        let (up, by) = (2 * (i128::from(v) - i128::from(u)) * num + den, 2 * den);
        let step = match (i64::try_from(up), i64::try_from(by)) {
            (Ok(up), Ok(by)) => up.div_euclid(by),
            _ => up.div_euclid(by) as i64,
        };
        (i64::from(u) + step) as i32
    };
    E7::new(at(c.lon, d.lon), at(c.lat, d.lat))
}

/// How far along `a → b` a point near it lies: by its projection, ties by the point itself.
pub(super) fn along(a: E7, b: E7, p: E7) -> (i128, E7) {
    let d = |u: i32, v: i32| i128::from(v) - i128::from(u);
    (d(a.lon, b.lon) * d(a.lon, p.lon) + d(a.lat, b.lat) * d(a.lat, p.lat), p)
}

/// Whether two segments come within [`REACH`] units of each other other than in an end that they
/// share: only then can rounding one of them ever matter to the other.
pub(super) fn interact(s: Segment, t: Segment) -> bool {
    let (s, t) = if s < t { (s, t) } else { (t, s) };
    let apart = |lo: i32, hi: i32| i64::from(lo) - i64::from(hi) > i64::from(REACH);
    let ((a, b), (c, d)) = (s, t);
    if apart(c.lon, b.lon) || apart(a.lon, d.lon) {
        return false;
    }
    if apart(c.lat.min(d.lat), a.lat.max(b.lat)) || apart(a.lat.min(b.lat), c.lat.max(d.lat)) {
        return false;
    }
    let near = |v: E7, (p, q): Segment| v != p && v != q && distance2(v, p, q) <= f64::from(REACH * REACH);
    if near(a, t) || near(b, t) || near(c, s) || near(d, s) {
        return true;
    }
    let mut crosses = false;
    meet(s, t, false, |_| crosses = true);
    crosses
}

/// In units: the rounds of the noder move a vertex by at most 0.71 each, and so do both segments.
pub(super) const REACH: i32 = 12;

/// The square of the distance from `v` to the segment `p q`, in units.
fn distance2(v: E7, p: E7, q: E7) -> f64 {
    let d = |u: i32, v: i32| f64::from(v) - f64::from(u);
    let (ux, uy, vx, vy) = (d(p.lon, q.lon), d(p.lat, q.lat), d(p.lon, v.lon), d(p.lat, v.lat));
    let length2 = ux * ux + uy * uy;
    let t = if length2 > 0.0 { ((vx * ux + vy * uy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    (vx - t * ux).powi(2) + (vy - t * uy).powi(2)
}
/// Whether the segment `a b` passes through the half-open unit square around `p`
/// (west and south border belong to it).
pub(super) fn passes_pixel(a: E7, b: E7, p: E7) -> bool {
    let near = |lo: i32, hi: i32, v: i32| lo.saturating_sub(1) <= v && v <= hi.saturating_add(1);
    let bounds = Bounds::of([&a, &b]);
    if !near(bounds.min.lon, bounds.max.lon, p.lon) || !near(bounds.min.lat, bounds.max.lat, p.lat) {
        return false;
    }
    // In halves of a unit, seen from the pixel's south-west corner: the square is [0, 2) × [0, 2).
    let half = |q: E7| {
        [2 * (i64::from(q.lon) - i64::from(p.lon)) + 1, 2 * (i64::from(q.lat) - i64::from(p.lat)) + 1]
    };
    let (s, t) = (half(a), half(b));
    // Liang–Barsky with exact fractions: keep the part [t0, t1] of the segment inside the square.
    let (mut enter, mut leave) = ((0_i128, 1_i128, false), (1_i128, 1_i128, false));
    for k in 0..2 {
        let (from, step) = (i128::from(s[k]), i128::from(t[k] - s[k]));
        if step == 0 {
            if !(0..2).contains(&from) {
                return false;
            }
            continue;
        }
        // Crossing the closed border (0) and the open one (2).
        let (first, last) = if step > 0 {
            ((-from, step, false), (2 - from, step, true))
        } else {
            ((from - 2, -step, true), (from, -step, false))
        };
        if first.0 * enter.1 > enter.0 * first.1 || (first.0 * enter.1 == enter.0 * first.1 && first.2) {
            enter = first;
        }
        if last.0 * leave.1 < leave.0 * last.1 || (last.0 * leave.1 == leave.0 * last.1 && last.2) {
            leave = last;
        }
    }
    match (enter.0 * leave.1).cmp(&(leave.0 * enter.1)) {
        Ordering::Less => true,
        Ordering::Equal => !enter.2 && !leave.2,
        Ordering::Greater => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seg(a: (i32, i32), b: (i32, i32)) -> Segment {
        sorted(E7::new(a.0, a.1), E7::new(b.0, b.1))
    }

    #[test]
    fn a_crossing_is_rounded_to_the_nearest_lattice_point() {
        assert_eq!(crossing(seg((0, 0), (3, 3)), seg((0, 3), (3, 0))), E7::new(2, 2));
        assert_eq!(crossing(seg((0, 0), (10, 1)), seg((4, -5), (4, 5))), E7::new(4, 0));
    }

    #[test]
    fn neighbours_in_a_line_do_not_interact() {
        assert!(!interact(seg((0, 0), (1000, 0)), seg((1000, 0), (1000, 1000))));
        assert!(interact(seg((0, 0), (1000, 0)), seg((1000, 0), (500, 9))));
        assert!(interact(seg((0, 0), (1000, 0)), seg((500, -900), (500, 900))));
        assert!(!interact(seg((0, 0), (1000, 0)), seg((0, 20), (1000, 20))));
    }
}
