//! The one way from here into the arrangement: ground by what winds around it.

use crate::{E7, MultiPolygon, arrangement::Arrangement, coverage::outlines};
use std::{borrow::Cow, collections::BTreeMap};

/// What an edge belongs to; the caller decides what the number means.
pub(super) type Tag = u32;

/// A directed piece of a ring, kept with `a < b`: `delta` is by how much the winding of `tag` is greater
/// to the left of `a → b` than to its right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub a: E7,
    pub b: E7,
    pub tag: Tag,
    pub delta: i32,
}

/// The edges of a ring, with its inside to the left when `ring` is counter-clockwise.
pub(super) fn ring_edges(ring: &[E7], tag: Tag) -> impl Iterator<Item = Edge> + '_ {
    let closing = ring.last().zip(ring.first()).map(|(&l, &f)| (l, f));
    let ends = ring.windows(2).map(|w| (w[0], w[1])).chain(closing).filter(|(p, q)| p != q);
    ends.map(
        move |(p, q)| {
            if p < q { Edge { a: p, b: q, tag, delta: 1 } } else { Edge { a: q, b: p, tag, delta: -1 } }
        },
    )
}

/// Lays the edges of closed rings over each other and collects the ground of every group. `group` is
/// asked once for each set of windings (tags with their winding ≠ 0, by tag; empty for ground that
/// nothing winds around but that edges enclose) and says to which group it belongs. What lies outside
/// everything has no end and so is no ground.
pub(super) fn ground_by<K: Copy + Ord>(
    edges: Vec<Edge>,
    mut group: impl FnMut(&[(Tag, i32)]) -> Option<K>,
) -> BTreeMap<K, MultiPolygon> {
    if edges.is_empty() {
        return BTreeMap::new();
    }
    let all = Arrangement::of_edges(edges.into_iter().map(|e| (e.a, e.b, e.tag, e.delta)));
    let groups: Vec<Option<K>> =
        all.labels().iter().map(|l| group(&all.labels().windings(l, 0).collect::<Vec<_>>())).collect();
    let chains = all.chains();
    outlines(chains.map(|(_, c)| {
        (Cow::Borrowed(c.path.points()), groups[c.left.0 as usize], groups[c.right.0 as usize])
    }))
}
