//! Ground between areas that is none's: enclosed, or a slit open to the outside.

use super::{
    borders::Facing,
    faces::{Edge, Tag, ground_by, ring_edges},
    near::near_pairs,
};
use crate::{Bounds, E7, MultiPolygon, Polygon, e7::cross, shape::ring_area2};
use std::collections::{BTreeSet, HashMap};

/// Which drawings border on each piece of ground. `unmatched` are the edges without a partner: there
/// are no others along ground that nobody claims.
pub(super) fn around(grounds: &[MultiPolygon], unmatched: &[Edge]) -> Vec<Vec<Tag>> {
    let sides: Vec<(usize, E7, E7)> = grounds
        .iter()
        .enumerate()
        .flat_map(|(i, g)| g.rings().map(move |r| (i, r)))
        .flat_map(|(i, r)| r.iter().zip(r.iter().cycle().skip(1)).map(move |(p, q)| (i, *p, *q)))
        .collect();
    let ends = unmatched.iter().map(|e| (e.a, e.b)).chain(sides.iter().map(|(_, p, q)| (*p, *q)));
    let boxes: Vec<Bounds> = ends.map(|(p, q)| Bounds::of([&p, &q])).collect();
    let mut found = vec![BTreeSet::new(); grounds.len()];
    if grounds.is_empty() {
        return Vec::new();
    }
    near_pairs(&boxes, [2, 2], |i, j| {
        let (edge, side) = (i.min(j), i.max(j));
        if edge < unmatched.len() && side >= unmatched.len() {
            let (ground, p, q) = sides[side - unmatched.len()];
            let e = &unmatched[edge];
            if lies_on(e, p) && lies_on(e, q) {
                found[ground].insert(e.tag);
            }
        }
    });
    found.into_iter().map(|tags| tags.into_iter().collect()).collect()
}

/// Whether a vertex lies on an edge, but for the rounding of a cut: within two units of its line and
/// of its box.
fn lies_on(e: &Edge, p: E7) -> bool {
    let b = Bounds::of([&e.a, &e.b]);
    let within = |lo: i32, hi: i32, v: i32| lo.saturating_sub(2) <= v && v <= hi.saturating_add(2);
    let length = (f64::from(e.b.lon) - f64::from(e.a.lon)).hypot(f64::from(e.b.lat) - f64::from(e.a.lat));
    within(b.min.lon, b.max.lon, p.lon)
        && within(b.min.lat, b.max.lat, p.lat)
        && cross(e.a, e.b, p).abs() as f64 <= 2.0 * length
}

/// Narrow ground open to the outside: what lies between facing edges and is neither claimed nor
/// enclosed. Pairs of edges that follow each other along one slit make one piece.
///
/// `claimed` and `enclosed` must come from one arrangement, so that their borders are the same edges
/// and no hair of ground is left between them.
pub(super) fn narrow<'a>(
    claimed: impl Iterator<Item = &'a Polygon>,
    enclosed: &'a [Polygon],
    facing: &[Facing],
) -> Vec<MultiPolygon> {
    const FIRST_SLIT: Tag = 1;
    if facing.is_empty() {
        return Vec::new();
    }
    let taken = claimed.chain(enclosed).flat_map(Polygon::rings);
    let mut edges: Vec<Edge> = taken.flat_map(|r| ring_edges(r, 0)).collect();
    for (pair, slit) in facing.iter().zip(clusters(facing)) {
        let mut ring = pair.between;
        if ring_area2(&ring) < 0 {
            ring.reverse();
        }
        edges.extend(ring_edges(&ring, FIRST_SLIT + slit));
    }
    let grounds = ground_by(edges, |label| match label {
        [(0, _), ..] => None,
        free => free.iter().find(|(_, w)| *w > 0).map(|(t, _)| *t),
    });
    grounds.into_values().collect()
}

/// For each pair the number of the slit that it is part of: pairs whose edges share a vertex are of one.
fn clusters(facing: &[Facing]) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..facing.len() as u32).collect();
    fn root(parent: &mut [u32], mut i: u32) -> u32 {
        while parent[i as usize] != i {
            parent[i as usize] = parent[parent[i as usize] as usize];
            i = parent[i as usize];
        }
        i
    }
    let mut seen: HashMap<E7, u32> = HashMap::new();
    for (i, pair) in (0..).zip(facing) {
        for end in pair.ends {
            let other = *seen.entry(end).or_insert(i);
            let (a, b) = (root(&mut parent, other), root(&mut parent, i));
            parent[a.max(b) as usize] = a.min(b);
        }
    }
    (0..facing.len() as u32).map(|i| root(&mut parent, i)).collect()
}
