//! Strings edges together between junctions.
//!
//! A junction is a node where other than two edges meet. Along the way from one to the next the faces
//! on both sides stay the same, so `A-B-C` with `B` no junction is one chain:
//!
//! ```text
//!       face 1                 J ─ A ─ B ─ C ─ J   is one chain: left face 1, right face 2
//!  J───A───B───C───J
//!       face 2
//! ```
//!
//! A closed border without a junction (an island) is a chain that begins and ends at its smallest
//! node. Chains come in the order of their first edge, so equal arrangements give equal chains.

use super::{Chain, graph::Graph, graph::Half};
use crate::e7::E7;

/// (Vertices of all chains one after the other, the chains.)
pub(super) fn chains(graph: &Graph) -> (Vec<E7>, Vec<Chain>) {
    let mut points = Vec::with_capacity(graph.ends.len() + graph.ends.len() / 8);
    let mut chains = Vec::new();
    let mut used = vec![false; graph.ends.len()];
    let junction = |h: Half| graph.degrees[graph.origins[h as usize] as usize] != 2;
    // First those between junctions, then what is left: closed ones.
    for closed in [false, true] {
        for first in 0..graph.next.len() as Half {
            if used[first as usize >> 1] || (!closed && !junction(first)) {
                continue;
            }
            let start = points.len() as u32;
            let origin = graph.origins[first as usize];
            let mut h = first;
            points.push(graph.from(h));
            loop {
                used[h as usize >> 1] = true;
                points.push(graph.from(h ^ 1));
                h = graph.next[h as usize];
                if junction(h) || graph.origins[h as usize] == origin {
                    break;
                }
            }
            chains.push(Chain {
                first: start,
                len: points.len() as u32 - start,
                left: graph.face(first),
                right: graph.face(first ^ 1),
            });
        }
    }
    points.shrink_to_fit();
    (points, chains)
}
