//! Whose ground is on either side of a border, as the steps of a tile number it; edges joined to chains.

use crate::{frame::Px, quantise::Edge, radix::sort_by_bits};

pub(crate) use gridbeat_onemap::generalise::join;

/// The number of whoever has the ground on one side of a chain: an area's or a piece's index.
pub(crate) type Owner = u32;

/// Nobody's ground.
pub(crate) const NOBODY: Owner = u32::MAX;

/// A border line with an owner all along its left, and one all along its right.
pub(crate) type Chain<P> = gridbeat_onemap::generalise::Chain<P, Owner>;

/// No other end.
const NONE: u32 = u32::MAX;

/// Joins edges as [`join`] joins chains, to the same chains in the same order, their points as the caller wants them. A
/// tile has thousands of edges and most lie between two others, so nothing is allocated for each.
pub(crate) fn join_edges<P: From<Px> + Clone>(edges: &[Edge]) -> Vec<Chain<P>> {
    let partner = partners(edges);
    let mut used = vec![false; edges.len()];
    let mut chains = Vec::new();
    let mut points = Vec::new();
    // First those with a loose end, then what is left: rings.
    for closed in [false, true] {
        for end in 0..partner.len() {
            if used[end / 2] || (!closed && partner[end] != NONE) {
                continue;
            }
            let (left, right) = leaving(edges, end);
            points.clear();
            points.push(P::from(at(edges, end)));
            let mut next = end;
            loop {
                used[next / 2] = true;
                points.push(P::from(at(edges, next ^ 1)));
                match partner[next ^ 1] {
                    NONE => break,
                    after if used[after as usize / 2] => break,
                    after => next = after as usize,
                }
            }
            // As long as it is: one that grows moves again and again.
            chains.push(Chain { points: points.clone(), left, right });
        }
    }
    chains
}

/// For each end (`2i` is `a` of edge `i`, `2i + 1` its `b`) the end that it is joined to.
fn partners(edges: &[Edge]) -> Vec<u32> {
    // Where each end is, and which it is.
    let mut ends: Vec<u64> = Vec::with_capacity(edges.len() * 2);
    ends.extend((0..).zip(edges).map(|(i, e)| (e.a.packed() << 32) | (2 * i)));
    ends.extend((0..).zip(edges).map(|(i, e)| (e.b.packed() << 32) | (2 * i + 1)));
    sort_by_bits(&mut ends, Px::BITS, |end| end >> 32);
    let mut partner = vec![NONE; ends.len()];
    for run in ends.chunk_by(|a, b| a >> 32 == b >> 32) {
        if let &[a, b] = run {
            let (a, b) = (a as u32, b as u32);
            if leaving(edges, a as usize ^ 1) == leaving(edges, b as usize) {
                partner[a as usize] = b;
                partner[b as usize] = a;
            }
        }
    }
    partner
}

fn at(edges: &[Edge], end: usize) -> Px {
    let edge = &edges[end / 2];
    if end.is_multiple_of(2) { edge.a } else { edge.b }
}

/// Owners (left, right) as seen by who walks away from an end along its edge.
fn leaving(edges: &[Edge], end: usize) -> (Owner, Owner) {
    let edge = &edges[end / 2];
    if end.is_multiple_of(2) { (edge.left, edge.right) } else { (edge.right, edge.left) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn edges_are_joined_as_chains_are(
            edges in prop::collection::btree_set((0..5_i32, 0..5_i32, 0..5_i32, 0..5_i32, 0..3_u32, 0..3_u32), 0..30),
        ) {
            let edges: Vec<Edge> = edges
                .into_iter()
                .map(|(x, y, u, v, left, right)| Edge { a: Px { x, y }, b: Px { x: u, y: v }, left, right })
                .filter(|e| e.a != e.b)
                .collect();
            let chains = edges.iter().map(|e| Chain { points: vec![e.a, e.b], left: e.left, right: e.right });
            prop_assert_eq!(join_edges(&edges), join(chains.collect()));
        }
    }
}
