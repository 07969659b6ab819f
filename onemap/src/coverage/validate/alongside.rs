//! What two edges of different areas are to each other: crossing, a vertex on an edge, running side by
//! side. Crossings are decided exactly; distances are metres on a plane.

use super::faces::Edge;
use super::{ROUNDING_M, plane::Plane};
use crate::{E7, e7::orientation};
use std::cmp::Ordering::Equal;

/// A vertex this many units from an edge lies on it, but for rounding: half a diagonal for the vertex,
/// as much for the edge.
const ROUNDING: f64 = 1.5;

/// Vertices of one segment that lie on the other without being its ends: of `f` on `e`, of `e` on `f`.
pub(super) fn vertices_on(e: &Edge, f: &Edge) -> impl Iterator<Item = E7> {
    let (e, f) = ((e.a, e.b), (f.a, f.b));
    [(f.0, e), (f.1, e), (e.0, f), (e.1, f)]
        .into_iter()
        .filter(|(v, s)| *v != s.0 && *v != s.1 && distance(*v, *s) <= ROUNDING)
        .map(|(v, _)| v)
}

/// Units from a vertex to a segment.
fn distance(v: E7, (a, b): (E7, E7)) -> f64 {
    let d = |p: i32, q: i32| f64::from(q) - f64::from(p);
    let (ux, uy) = (d(a.lon, b.lon), d(a.lat, b.lat));
    let (vx, vy) = (d(a.lon, v.lon), d(a.lat, v.lat));
    let t = ((ux * vx + uy * vy) / (ux * ux + uy * uy)).clamp(0.0, 1.0);
    (vx - t * ux).hypot(vy - t * uy)
}

/// Where two segments cross inside both; `None` if they do not, or only touch.
pub(super) fn crossing(e: &Edge, f: &Edge) -> Option<E7> {
    let (c, d) = (orientation(e.a, e.b, f.a), orientation(e.a, e.b, f.b));
    if c == d || c == Equal || d == Equal {
        return None;
    }
    let (a, b) = (orientation(f.a, f.b, e.a), orientation(f.a, f.b, e.b));
    if a == b || a == Equal || b == Equal {
        return None;
    }
    let d = |p: i32, q: i32| f64::from(q) - f64::from(p);
    let (ux, uy) = (d(e.a.lon, e.b.lon), d(e.a.lat, e.b.lat));
    let (wx, wy) = (d(f.a.lon, f.b.lon), d(f.a.lat, f.b.lat));
    let t = (d(e.a.lon, f.a.lon) * wy - d(e.a.lat, f.a.lat) * wx) / (ux * wy - uy * wx);
    let at = |p: i32, u: f64| (f64::from(p) + (t.clamp(0.0, 1.0) * u)).round() as i32;
    Some(E7::new(at(e.a.lon, ux), at(e.a.lat, uy)))
}

/// The stretch along which two edges run side by side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// Its ends on the first edge.
    pub first: [E7; 2],
    /// Metres along it.
    pub length_m: f64,
    /// The farthest the two come apart, in metres.
    pub apart_m: f64,
    /// If unclaimed ground may lie between the two (each has the other on the side where its own area
    /// is not): a quadrangle around that ground.
    pub between: Option<[E7; 4]>,
}

/// Edges that point within 14° of each other run side by side however short they are.
const SAME_WAY: f64 = 0.97;

/// Lays each edge's shadow on the other: they run side by side where both shadows' ends are no farther
/// apart than `tolerance_m`, if the shadows are longer than that or the edges point the same way. (The
/// rule of JTS and GEOS for invalid coverage edges, but for the last clause, without which borders
/// with vertices nearer to each other than the tolerance are never found.) Edges nearer than rounding
/// coincide and are not reported.
pub(super) fn alongside(e: &Edge, f: &Edge, tolerance_m: f64) -> Option<Stretch> {
    let plane = Plane::at(e.a.lat);
    let at = |p: E7| plane.vector(e.a, p);
    let [p, q] = shadow(at(f.a), at(f.b), at(e.a), at(e.b))?;
    let [mut r, mut s] = shadow(at(e.a), at(e.b), at(f.a), at(f.b))?;
    if length(sub(p, s)) < length(sub(p, r)) {
        (r, s) = (s, r);
    }
    let apart_m = length(sub(p, r)).max(length(sub(q, s)));
    let length_m = length(sub(p, q)).min(length(sub(r, s)));
    if apart_m > tolerance_m || apart_m <= ROUNDING_M {
        return None;
    }
    let (u, w) = (sub(q, p), sub(s, r));
    if length_m <= tolerance_m && dot(u, w) < SAME_WAY * length(u) * length(w) {
        return None;
    }
    let back = |v: [f64; 2]| {
        let unit = |o: i32, d: f64| (f64::from(o) + d).round().clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        E7::new(unit(e.a.lon, v[0] / plane.x), unit(e.a.lat, v[1] / plane.y))
    };
    let across = sub(mid(r, s), mid(p, q));
    // An edge's own area lies to the left of it, as its `delta` points it.
    let right_of_e = cross(sub(at(e.b), at(e.a)), across) * f64::from(e.delta) < 0.0;
    let right_of_f = cross(sub(at(f.b), at(f.a)), across) * f64::from(f.delta) > 0.0;
    let between = (right_of_e && right_of_f).then(|| {
        // A little into the areas on both sides: what they claim is cut off later, exactly.
        let beyond = 2.0 * plane.x.max(plane.y) / length(across).max(f64::MIN_POSITIVE);
        let more = |v: [f64; 2], by: f64| back([v[0] + by * across[0], v[1] + by * across[1]]);
        [more(p, -beyond), more(q, -beyond), more(s, beyond), more(r, beyond)]
    });
    Some(Stretch { first: [back(p), back(q)], length_m, apart_m, between })
}

/// The part of `a b` above which `c d` lies, seen at right angles to `a b`; `None` if it is nothing.
fn shadow(c: [f64; 2], d: [f64; 2], a: [f64; 2], b: [f64; 2]) -> Option<[[f64; 2]; 2]> {
    let u = sub(b, a);
    let part = |p: [f64; 2]| (dot(sub(p, a), u) / dot(u, u)).clamp(0.0, 1.0);
    let (t0, t1) = (part(c), part(d));
    // An end of the edge is that end exactly, not something computed from the other.
    let on = |t: f64| if t >= 1.0 { b } else { [a[0] + t * u[0], a[1] + t * u[1]] };
    (t0 != t1).then(|| [on(t0), on(t1)])
}

fn sub(p: [f64; 2], q: [f64; 2]) -> [f64; 2] {
    [p[0] - q[0], p[1] - q[1]]
}

fn mid(p: [f64; 2], q: [f64; 2]) -> [f64; 2] {
    [(p[0] + q[0]) / 2.0, (p[1] + q[1]) / 2.0]
}

fn dot(p: [f64; 2], q: [f64; 2]) -> f64 {
    p[0] * q[0] + p[1] * q[1]
}

fn cross(p: [f64; 2], q: [f64; 2]) -> f64 {
    p[0] * q[1] - p[1] * q[0]
}

fn length(p: [f64; 2]) -> f64 {
    dot(p, p).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An edge in metres near the equator (90 units each, near enough).
    fn edge(a: (i32, i32), b: (i32, i32), tag: u32) -> Edge {
        let (from, to) = (E7::new(a.0 * 90, a.1 * 90), E7::new(b.0 * 90, b.1 * 90));
        Edge { a: from.min(to), b: from.max(to), tag, delta: if from < to { 1 } else { -1 } }
    }

    #[test]
    fn a_slit_lies_between_edges_that_turn_their_backs() {
        // Own ground is to the left: below the first edge, above the second.
        let (e, f) = (edge((100, 0), (0, 0), 0), edge((20, 1), (150, 1), 1));
        let found = alongside(&e, &f, 1.1).unwrap();
        assert!((found.length_m - 80.0).abs() < 0.5, "{found:?}");
        assert!((found.apart_m - 1.0).abs() < 0.01, "{found:?}");
        assert!(found.between.is_some());
        assert!(alongside(&e, &f, 0.9).is_none());
        // The other way round each lies in the other's area: they overlap.
        let (e, f) = (edge((0, 0), (100, 0), 0), edge((150, 1), (20, 1), 1));
        assert!(alongside(&e, &f, 1.1).unwrap().between.is_none());
    }

    #[test]
    fn edges_that_part_or_follow_each_other_do_not_run_side_by_side() {
        assert!(alongside(&edge((0, 0), (100, 0), 0), &edge((0, 0), (100, 9), 1), 1.1).is_none());
        assert!(alongside(&edge((0, 0), (100, 0), 0), &edge((100, 0), (200, 0), 1), 1.1).is_none());
        assert!(alongside(&edge((0, 0), (100, 0), 0), &edge((100, 0), (100, 90), 1), 1.1).is_none());
    }

    #[test]
    fn a_crossing_is_placed_and_a_vertex_on_an_edge_is_none() {
        let e = edge((0, 0), (10, 10), 0);
        assert_eq!(crossing(&e, &edge((0, 10), (10, 0), 1)), Some(E7::new(450, 450)));
        let touching = edge((5, 5), (5, 0), 1);
        assert_eq!(crossing(&e, &touching), None);
        assert_eq!(vertices_on(&e, &touching).collect::<Vec<_>>(), [E7::new(450, 450)]);
        assert_eq!(vertices_on(&e, &edge((10, 10), (20, 10), 1)).count(), 0, "a shared vertex is matched");
    }
}
