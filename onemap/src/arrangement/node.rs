//! Cuts edges where they cross or touch, until no two share more than an end.
//!
//! Guarantees, for what comes out: every end of an input edge is still a vertex, at the same place;
//! no vertex lies inside an edge; no two edges cross; equal edges are merged into one entry a tag,
//! and an edge that changes no label is gone.
//!
//! A crossing falls between lattice points and is rounded to the nearest one, which bends both edges
//! by less than a unit. A bent edge may cross a third that it only passed before, so the step repeats
//! until nothing is left to cut. Edges that merely pass near a vertex are left alone: a layer that is
//! a coverage already comes out vertex for vertex as it went in.
//!
//! Should the repetition not settle (no input is known that does this), [`hot_pixels`] ends it: it
//! bends every edge to every vertex within half a unit, which provably leaves no crossing (Hobby,
//! "Practical segment intersection with finite precision output", 1999).

use super::{Edge, cells::Cells};
use crate::e7::{Bounds, E7, cross, on_segment, orientation};
use std::cmp::Ordering;

/// Rounds before [`hot_pixels`] takes over; two or three are usual.
const ROUNDS: usize = 24;

/// See the module.
pub(super) fn node(edges: Vec<Edge>) -> Vec<Edge> {
    let mut edges = merge(edges);
    for _ in 0..ROUNDS {
        let ends = distinct_ends(&edges);
        let cuts = crossings(&ends);
        if cuts.is_empty() {
            return edges;
        }
        edges = merge(cut(edges, &ends, cuts));
    }
    loop {
        let ends = distinct_ends(&edges);
        let cuts = hot_pixels(&ends);
        if cuts.is_empty() {
            return edges;
        }
        edges = merge(cut(edges, &ends, cuts));
    }
}

/// Sorts, adds up the deltas of equal edges, drops what changes nothing.
fn merge(mut edges: Vec<Edge>) -> Vec<Edge> {
    edges.sort_unstable();
    edges.dedup_by(|next, kept| {
        let same = (next.a, next.b, next.tag) == (kept.a, kept.b, kept.tag);
        if same {
            kept.delta += next.delta;
        }
        same
    });
    edges.retain(|e| e.delta != 0);
    edges
}

/// The different segments under sorted edges, in their order.
fn distinct_ends(edges: &[Edge]) -> Vec<(E7, E7)> {
    let mut ends: Vec<(E7, E7)> = edges.iter().map(|e| (e.a, e.b)).collect();
    ends.dedup();
    ends
}

/// Where to cut: (number of the segment, vertex strictly inside or near it), sorted, without repeats.
type Cuts = Vec<(u32, E7)>;

/// Replaces each segment that has cuts by the line through them, for every tag that uses it.
fn cut(edges: Vec<Edge>, ends: &[(E7, E7)], cuts: Cuts) -> Vec<Edge> {
    let mut out = Vec::with_capacity(edges.len() + 2 * cuts.len());
    let mut segment = 0;
    let mut next_cut = 0;
    let mut line: Vec<E7> = Vec::new();
    for e in edges {
        // Edges are sorted as the segments are, so one walk through both suffices.
        while ends[segment] != (e.a, e.b) {
            segment += 1;
            line.clear();
        }
        if line.is_empty() {
            line.push(e.a);
            while cuts.get(next_cut).is_some_and(|c| (c.0 as usize) < segment) {
                next_cut += 1;
            }
            let first = next_cut;
            while cuts.get(next_cut).is_some_and(|c| c.0 as usize == segment) {
                next_cut += 1;
            }
            line.extend(cuts[first..next_cut].iter().map(|c| c.1));
            line[1..].sort_unstable_by_key(|p| along(e.a, e.b, *p));
            line.push(e.b);
        }
        for w in line.windows(2).filter(|w| w[0] != w[1]) {
            let piece = Edge::new(w[0], w[1], e.tag);
            // `Edge::new` gives +1 along the walk a → b; the edge's own delta scales it.
            out.push(Edge { delta: piece.delta * e.delta, ..piece });
        }
    }
    out
}

/// How far along `a → b` a cut lies: by its projection, ties by the vertex itself.
fn along(a: E7, b: E7, p: E7) -> (i128, E7) {
    let d = |u: i32, v: i32| i128::from(v) - i128::from(u);
    (d(a.lon, b.lon) * d(a.lon, p.lon) + d(a.lat, b.lat) * d(a.lat, p.lat), p)
}

/// All cuts that crossing, touching and overlapping segments call for.
fn crossings(ends: &[(E7, E7)]) -> Cuts {
    let cells = Cells::new(ends);
    let mut cuts = Cuts::new();
    for cell in 0..cells.len() {
        let here = cells.edges_of(cell);
        for (k, &i) in here.iter().enumerate() {
            let (a, b) = ends[i as usize];
            let (south, north) = (a.lat.min(b.lat), a.lat.max(b.lat));
            for &j in &here[k + 1..] {
                let (c, d) = ends[j as usize];
                // a < b and c < d by longitude, so these four tests compare the boxes.
                if c.lon > b.lon || a.lon > d.lon || c.lat.min(d.lat) > north || c.lat.max(d.lat) < south {
                    continue;
                }
                meet((a, b), (c, d), |first, p| cuts.push((if first { i } else { j }, p)));
            }
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Reports where two segments must be cut: `(true, p)` for the first, `(false, p)` for the second.
fn meet((a, b): (E7, E7), (c, d): (E7, E7), mut report: impl FnMut(bool, E7)) {
    let (oc, od) = (orientation(a, b, c), orientation(a, b, d));
    if oc == od && oc != Ordering::Equal {
        return;
    }
    let (oa, ob) = (orientation(c, d, a), orientation(c, d, b));
    if oa == ob && oa != Ordering::Equal {
        return;
    }
    let mut touched = false;
    let mut touch = |first: bool, (p, q): (E7, E7), v: E7, o: Ordering| {
        if o == Ordering::Equal {
            touched = true;
            if v != p && v != q && on_segment(p, q, v) {
                report(first, v);
            }
        }
    };
    touch(true, (a, b), c, oc);
    touch(true, (a, b), d, od);
    touch(false, (c, d), a, oa);
    touch(false, (c, d), b, ob);
    if touched {
        return;
    }
    let p = crossing(a, b, c, d);
    if p != a && p != b {
        report(true, p);
    }
    if p != c && p != d {
        report(false, p);
    }
}

/// The lattice point nearest to where the properly crossing segments `a b` and `c d` meet.
fn crossing(a: E7, b: E7, c: E7, d: E7) -> E7 {
    // c is left of a→b and d right, or the other way round: the crossing divides c d in that ratio.
    let (mut num, mut den) = (cross(a, b, c), cross(a, b, c) - cross(a, b, d));
    if den < 0 {
        (num, den) = (-num, -den);
    }
    let at = |u: i32, v: i32| {
        let step = (i128::from(v) - i128::from(u)) * num;
        // Rounded half up, the same for every order of the arguments that `ends` allows.
        (i128::from(u) + (2 * step + den).div_euclid(2 * den)) as i32
    };
    E7::new(at(c.lon, d.lon), at(c.lat, d.lat))
}

/// Snap rounding in full: cuts every segment at every vertex or rounded crossing whose hot pixel
/// (the unit square around it) the segment passes.
fn hot_pixels(ends: &[(E7, E7)]) -> Cuts {
    let mut hot: Vec<E7> = ends.iter().flat_map(|&(a, b)| [a, b]).collect();
    hot.extend(crossings(ends).into_iter().map(|c| c.1));
    hot.sort_unstable();
    hot.dedup();
    let cells = Cells::new(ends);
    let mut cuts = Cuts::new();
    for &p in &hot {
        // A pixel reaches half a unit out, so it touches at most the cells of its eight neighbours.
        let columns = cells.column(p.lon.saturating_sub(1))..=cells.column(p.lon.saturating_add(1));
        for column in columns {
            for row in cells.row(p.lat.saturating_sub(1))..=cells.row(p.lat.saturating_add(1)) {
                for &i in cells.edges(row, column) {
                    let (a, b) = ends[i as usize];
                    if p != a && p != b && passes_pixel(a, b, p) {
                        cuts.push((i, p));
                    }
                }
            }
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Whether the segment `a b` passes through the half-open unit square around `p`
/// (west and south border belong to it).
fn passes_pixel(a: E7, b: E7, p: E7) -> bool {
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
    use proptest::prelude::*;

    fn clean(ends: &[(E7, E7)]) -> bool {
        crossings(ends).is_empty()
    }

    fn segments(range: i32) -> impl Strategy<Value = Vec<Edge>> {
        let p = (0..range, 0..range).prop_map(|(x, y)| E7::new(x, y));
        prop::collection::vec((p.clone(), p), 1..40).prop_map(|v| {
            v.into_iter()
                .enumerate()
                .filter(|(_, (p, q))| p != q)
                .map(|(i, (p, q))| Edge::new(p, q, i as u32))
                .collect()
        })
    }

    proptest! {
        #[test]
        fn nothing_crosses_afterwards(edges in segments(12)) {
            prop_assert!(clean(&distinct_ends(&node(edges))));
        }

        #[test]
        fn nothing_crosses_afterwards_on_a_wide_lattice(edges in segments(1_000_000_000)) {
            prop_assert!(clean(&distinct_ends(&node(edges))));
        }

        #[test]
        fn hot_pixels_alone_leave_no_crossing(edges in segments(9)) {
            let edges = merge(edges);
            let ends = distinct_ends(&edges);
            let once = merge(cut(edges, &ends, hot_pixels(&ends)));
            prop_assert!(clean(&distinct_ends(&once)));
        }
    }

    #[test]
    fn a_crossing_is_rounded_to_the_nearest_lattice_point() {
        assert_eq!(crossing(E7::new(0, 0), E7::new(3, 3), E7::new(0, 3), E7::new(3, 0)), E7::new(2, 2));
        assert_eq!(crossing(E7::new(0, 0), E7::new(10, 1), E7::new(4, -5), E7::new(4, 5)), E7::new(4, 0));
    }
}
