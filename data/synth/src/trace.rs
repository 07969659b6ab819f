//! Areas from a mesh: the sides between two different areas, chained to rings.
//!
//! The sides of one area are taken with the area on their left. At a vertex where several go on, the ring
//! takes the first one clockwise from where it came: the one that bounds the same wedge of the area. That
//! keeps two parts apart that touch in one point. A ring that still visits a vertex twice (a hole that
//! touches its shell) is cut there, so that every ring is simple; then counter-clockwise rings are shells
//! and clockwise ones holes.

use gridbeat_onemap::{E7, MultiPolygon, Polygon, e7, shape};
use std::collections::HashMap;

/// One directed side of an area, which lies on its left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    /// The area.
    pub area: u32,
    /// Start.
    pub from: E7,
    /// End.
    pub to: E7,
}

/// The ground of each area `0..count`, from all their sides (in any order).
pub fn areas(mut sides: Vec<Side>, count: usize) -> Vec<MultiPolygon> {
    sides.sort_unstable();
    let mut out = Vec::with_capacity(count);
    let mut rest = &sides[..];
    for area in 0..count as u32 {
        let n = rest.iter().take_while(|s| s.area == area).count();
        let (own, later) = rest.split_at(n);
        rest = later;
        out.push(assemble(rings(own)));
    }
    out
}

/// Chains the sides of one area (sorted by start) to simple rings.
fn rings(sides: &[Side]) -> Vec<Vec<E7>> {
    let mut used = vec![false; sides.len()];
    let mut out = Vec::new();
    for first in 0..sides.len() {
        if used[first] {
            continue;
        }
        let mut walk = Vec::new();
        let mut here = first;
        while !used[here] {
            used[here] = true;
            walk.push(sides[here].from);
            let start = sides.partition_point(|s| s.from < sides[here].to);
            let leaving = start..sides.partition_point(|s| s.from <= sides[here].to);
            let next = leaving.filter(|&k| !used[k] || k == first).reduce(|a, b| {
                if sharper(sides[here].from, sides[here].to, sides[a].to, sides[b].to) { a } else { b }
            });
            match next {
                Some(k) => here = k,
                None => break,
            }
        }
        cut_at_repeats(walk, &mut out);
    }
    out
}

/// Whether, coming from `back` to `v`, the direction to `a` comes before that to `b` when turning
/// clockwise from the way back: the side that bounds the same wedge of the area.
fn sharper(back: E7, v: E7, a: E7, b: E7) -> bool {
    // 0 for a clockwise turn below a half circle, 1 for the rest.
    let half = |q: E7| u8::from(e7::cross(v, back, q) > 0);
    match half(a).cmp(&half(b)) {
        std::cmp::Ordering::Equal => e7::cross(v, a, b) < 0,
        o => o.is_lt(),
    }
}

fn cut_at_repeats(walk: Vec<E7>, out: &mut Vec<Vec<E7>>) {
    let mut ring: Vec<E7> = Vec::with_capacity(walk.len());
    let mut seen: HashMap<E7, usize> = HashMap::new();
    for v in walk {
        if let Some(&i) = seen.get(&v) {
            for q in &ring[i..] {
                seen.remove(q);
            }
            out.push(ring.split_off(i));
        }
        seen.insert(v, ring.len());
        ring.push(v);
    }
    out.push(ring);
}

/// Shells with their holes.
fn assemble(rings: Vec<Vec<E7>>) -> MultiPolygon {
    let (shells, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|r| shape::ring_area2(r) > 0);
    let mut parts: Vec<Polygon> =
        shells.into_iter().map(|exterior| Polygon { exterior, holes: Vec::new() }).collect();
    // Largest first, so that the last shell around a hole is the nearest one.
    parts.sort_by_key(|q| std::cmp::Reverse(shape::ring_area2(&q.exterior)));
    for hole in holes {
        let around = parts.iter().rposition(|q| holds(&q.exterior, &hole)).unwrap_or(0);
        if let Some(part) = parts.get_mut(around) {
            part.holes.push(hole);
        }
    }
    MultiPolygon(parts)
}

/// Whether a hole lies in a shell: judged by a corner of the hole that is not on the shell.
fn holds(shell: &[E7], hole: &[E7]) -> bool {
    let on = |v: E7| (0..shell.len()).any(|i| e7::on_segment(shell[i], shell[(i + 1) % shell.len()], v));
    hole.iter().find(|&&v| !on(v)).is_some_and(|&v| around(shell, v))
}

/// Whether a ring goes around a position that is not on it; exact.
pub fn around(ring: &[E7], v: E7) -> bool {
    let mut odd = false;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        if (a.lat > v.lat) != (b.lat > v.lat) && (e7::cross(a, b, v) > 0) == (b.lat > a.lat) {
            odd = !odd;
        }
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides_of(area: u32, ring: &[(i32, i32)]) -> Vec<Side> {
        let at = |i: usize| E7::new(ring[i % ring.len()].0, ring[i % ring.len()].1);
        (0..ring.len()).map(|i| Side { area, from: at(i), to: at(i + 1) }).collect()
    }

    #[test]
    fn parts_that_touch_in_a_point_stay_apart() {
        let mut s = sides_of(0, &[(0, 0), (2, 0), (2, 2), (0, 2)]);
        s.extend(sides_of(0, &[(2, 2), (4, 2), (4, 4), (2, 4)]));
        let a = areas(s, 1);
        assert_eq!(a[0].0.len(), 2);
        assert_eq!(a[0].area2(), 16);
    }

    #[test]
    fn a_hole_that_touches_its_shell_is_a_hole() {
        let mut s = sides_of(0, &[(0, 0), (9, 0), (9, 9), (0, 9)]);
        s.extend(sides_of(0, &[(0, 0), (2, 4), (4, 2)]));
        let a = areas(s, 1);
        assert_eq!((a[0].0.len(), a[0].0[0].holes.len()), (1, 1));
        assert_eq!(a[0].area2(), 162 - 12);
    }

    #[test]
    fn a_hole_goes_to_the_nearest_shell() {
        let mut s = sides_of(0, &[(0, 0), (90, 0), (90, 90), (0, 90)]);
        s.extend(sides_of(0, &[(10, 10), (10, 80), (80, 80), (80, 10)]));
        s.extend(sides_of(0, &[(20, 20), (70, 20), (70, 70), (20, 70)]));
        s.extend(sides_of(0, &[(30, 30), (30, 40), (40, 40), (40, 30)]));
        s.extend(sides_of(1, &[(30, 30), (40, 30), (40, 40), (30, 40)]));
        let a = areas(s, 3);
        assert_eq!(a[0].0.len(), 2);
        assert!(a[0].0.iter().all(|q| q.holes.len() == 1));
        assert_eq!(a[1].area2(), 200);
        assert!(a[2].is_empty());
    }
}
