//! Polygons from boundary chains: of every area, or of every parent, in one pass.
//!
//! A chain with the same group on both sides is no border and falls away; what is left is walked so
//! that the group lies to the left. A walk that comes through one vertex twice is split there, so a
//! hole that touches the outer ring in a point becomes a hole (as OGC has it), not a pinched ring:
//!
//! ```text
//!  ┌───────┐        one walk  a b c d c' …  through the vertex x twice
//!  │  ╱╲   │   →    exterior ring + hole, touching in x
//!  └──x────┘
//! ```
//!
//! Guarantees, for chains that cross nowhere: valid polygons, exteriors counter-clockwise, holes
//! clockwise, each ring beginning at its smallest vertex, polygons and holes in order of that vertex.

use crate::{E7, MultiPolygon, Polygon, Ring, arrangement::by_angle, shape::ring_area2};
use std::{borrow::Cow, collections::BTreeMap};

/// A boundary chain: its points, the group to its left, the group to its right.
pub type Border<'a, K> = (Cow<'a, [E7]>, Option<K>, Option<K>);

/// Assembles the ground of every group. Points of
/// closed chains repeat their first at the end. Groups without ground are absent.
pub fn outlines<'a, K: Copy + Ord>(
    chains: impl IntoIterator<Item = Border<'a, K>>,
) -> BTreeMap<K, MultiPolygon> {
    let borders: Vec<_> = chains.into_iter().filter(|(points, l, r)| l != r && points.len() > 1).collect();
    let next = turns(&borders);
    let mut used = vec![false; next.len()];
    let mut rings: BTreeMap<K, Vec<Ring>> = BTreeMap::new();
    for first in 0..next.len() {
        let Some(group) = side(&borders, first) else {
            continue;
        };
        if used[first] {
            continue;
        }
        let mut ring = Vec::new();
        let mut h = first;
        while !std::mem::replace(&mut used[h], true) {
            let points = &borders[h / 2].0;
            let most = points.len() - 1;
            // The last point of each chain is the first of the next.
            if h.is_multiple_of(2) {
                ring.extend_from_slice(&points[..most])
            } else {
                ring.extend(points[1..].iter().rev())
            }
            h = next[h];
        }
        split_at_repeats(ring, rings.entry(group).or_default());
    }
    rings.into_iter().map(|(k, rings)| (k, assemble(rings))).filter(|(_, m)| !m.is_empty()).collect()
}

/// The group to the left of a half-chain: `2i` runs along chain `i`, `2i + 1` against it.
fn side<K: Copy>(borders: &[Border<'_, K>], half: usize) -> Option<K> {
    let (_, left, right) = &borders[half / 2];
    if half.is_multiple_of(2) { *left } else { *right }
}

/// For each half-chain the one that goes on around the same group.
fn turns<K: Copy + Ord>(borders: &[Border<'_, K>]) -> Vec<usize> {
    // (node, second point of the half-chain that begins there, the half-chain)
    let mut out: Vec<(E7, E7, usize)> = Vec::with_capacity(2 * borders.len());
    for (i, (p, ..)) in borders.iter().enumerate() {
        out.push((p[0], p[1], 2 * i));
        out.push((p[p.len() - 1], p[p.len() - 2], 2 * i + 1));
    }
    out.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| by_angle(a.0, a.1, b.1)).then(a.2.cmp(&b.2)));
    let mut next = vec![0; out.len()];
    for around in out.chunk_by(|a, b| a.0 == b.0) {
        let n = around.len();
        for (k, &(_, _, leaving)) in around.iter().enumerate() {
            let arriving = leaving ^ 1;
            let group = side(borders, arriving);
            // Clockwise from the twin; the first one is right unless generalised chains meet flat.
            next[arriving] = (1..=n)
                .map(|step| around[(k + n - step) % n].2)
                .find(|&h| side(borders, h) == group)
                .unwrap_or(leaving);
        }
    }
    next
}

/// Splits a closed walk at vertices it visits more than once into simple rings.
fn split_at_repeats(walk: Ring, rings: &mut Vec<Ring>) {
    let mut sorted = walk.clone();
    sorted.sort_unstable();
    if sorted.windows(2).all(|w| w[0] != w[1]) {
        rings.push(walk);
        return;
    }
    let mut at: BTreeMap<E7, usize> = BTreeMap::new();
    let mut line: Ring = Vec::new();
    for p in walk {
        if let Some(&k) = at.get(&p) {
            let ring: Ring = line.drain(k..).collect();
            for q in &ring {
                at.remove(q);
            }
            rings.push(ring);
        }
        at.insert(p, line.len());
        line.push(p);
    }
    rings.push(line);
}

/// Sorts rings into exteriors and holes.
fn assemble(rings: Vec<Ring>) -> MultiPolygon {
    let mut holes = Vec::new();
    let mut polygons: Vec<(i128, Polygon)> = Vec::new();
    for mut ring in rings {
        if let Some(k) = (0..ring.len()).min_by_key(|&k| ring[k]) {
            ring.rotate_left(k);
        }
        match ring_area2(&ring) {
            0 => {}
            a if a > 0 => polygons.push((a, Polygon { exterior: ring, holes: Vec::new() })),
            _ => holes.push(ring),
        }
    }
    polygons.sort_by(|a, b| a.1.exterior.first().cmp(&b.1.exterior.first()));
    holes.sort_by(|a, b| a.first().cmp(&b.first()));
    for hole in holes {
        let home = if polygons.len() == 1 {
            polygons.first_mut()
        } else {
            polygons.iter_mut().filter(|(_, p)| holds(&p.exterior, &hole)).min_by_key(|(a, _)| *a)
        };
        if let Some((_, polygon)) = home {
            polygon.holes.push(hole);
        }
    }
    MultiPolygon(polygons.into_iter().map(|(_, p)| p).collect())
}

/// Whether a hole lies inside a ring that it may touch but not cross. Decided by the middle of the
/// hole's first edge, which cannot lie on the ring, in half units so that it is exact.
fn holds(ring: &[E7], hole: &[E7]) -> bool {
    let double = |p: &E7| (2 * i64::from(p.lon), 2 * i64::from(p.lat));
    let (Some(a), Some(b)) = (hole.first(), hole.get(1)) else {
        return false;
    };
    let (x, y) = (i64::from(a.lon) + i64::from(b.lon), i64::from(a.lat) + i64::from(b.lat));
    let mut inside = false;
    for (i, p) in ring.iter().enumerate() {
        let ((px, py), (qx, qy)) = (double(p), double(&ring[(i + 1) % ring.len()]));
        if (py > y) != (qy > y) {
            let side = i128::from(qx - px) * i128::from(y - py) - i128::from(qy - py) * i128::from(x - px);
            if (side > 0) == (qy > py) {
                inside = !inside;
            }
        }
    }
    inside
}
