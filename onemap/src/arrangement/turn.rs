//! Labels from one chain to the next: around the junctions that they share.
//!
//! ```text
//!      c   b         Known are the labels of a. What lies left of a lies right of b, what lies left of b
//!       ╲ ╱          is that changed by b, and lies right of c, and so on around the junction. Where a
//!    d───┼───a       chain goes, the labels go with it, to the junction at its other end.
//! ```
//!
//! Chains that hang together need so no more than one that has its labels from a walk.

use super::{
    by_angle,
    labels::{Label, Labels},
    line::Chain,
    split::{NOWHERE, Strand},
    table::ChainId,
};
use crate::e7::E7;

/// End `2i` is where strand `i` begins, `2i + 1` where it ends.
#[derive(Clone, Copy, Default)]
struct End {
    number: u32,
    /// The vertex where it comes to its end, and the one before.
    at: E7,
    before: E7,
}

/// The ends of strands around junctions.
pub(super) struct Junctions<'a> {
    strands: &'a [(ChainId, Strand)],
    /// Where the ends at each junction begin in `ends`; one more at the end.
    starts: Vec<u32>,
    /// Ends by junction, counter-clockwise once the junction is visited.
    ends: Vec<End>,
    visited: Vec<bool>,
    todo: Vec<u32>,
}

impl<'a> Junctions<'a> {
    pub fn new(strands: &'a [(ChainId, Strand)]) -> Self {
        let nodes =
            || (0_u32..).zip(strands.iter().flat_map(|(_, s)| s.nodes)).filter(|(_, n)| *n != NOWHERE);
        let count = nodes().map(|(_, n)| n as usize + 1).max().unwrap_or(0);
        let mut starts = vec![0_u32; count + 2];
        nodes().for_each(|(_, n)| starts[n as usize + 2] += 1);
        for n in 2..starts.len() {
            starts[n] += starts[n - 1];
        }
        let mut ends = vec![End::default(); starts[count + 1] as usize];
        for (number, n) in nodes() {
            let points = &strands[number as usize / 2].1.path.points;
            let last = points.len() - 1;
            let (at, before) = if number % 2 == 0 { (0, 1) } else { (last, last - 1) };
            let place = &mut starts[n as usize + 1];
            ends[*place as usize] = End { number, at: points[at], before: points[before] };
            *place += 1;
        }
        starts.pop();
        Self { strands, starts, ends, visited: vec![false; count], todo: Vec::new() }
    }

    /// From a chain whose labels are known to all that hang together with it. `known` says whose are.
    pub fn spread(
        &mut self,
        from: u32,
        chains: &mut [(ChainId, Chain)],
        known: &mut [bool],
        labels: &mut Labels,
    ) {
        self.todo.push(from);
        while let Some(i) = self.todo.pop() {
            for end in [2 * i, 2 * i + 1] {
                let node = self.strands[i as usize].1.nodes[end as usize % 2];
                if node != NOWHERE && !std::mem::replace(&mut self.visited[node as usize], true) {
                    self.turn(node, end, chains, known, labels);
                }
            }
        }
    }

    /// Around one junction, beginning at an end whose labels are known.
    fn turn(
        &mut self,
        node: u32,
        first: u32,
        chains: &mut [(ChainId, Chain)],
        known: &mut [bool],
        labels: &mut Labels,
    ) {
        let span = self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize;
        let around = &mut self.ends[span];
        around.sort_unstable_by(|e, f| by_angle(e.at, e.before, f.before));
        let start = around.iter().position(|e| e.number == first).unwrap_or(0);
        // What lies left of an end, seen from the junction, and right of it.
        let left = |c: &Chain, end: u32| if end.is_multiple_of(2) { c.left } else { c.right };
        let mut beside: Label = left(&chains[first as usize / 2].1, first);
        let last: Label = left(&chains[first as usize / 2].1, first ^ 1);
        for k in 1..around.len() {
            let end = around[(start + k) % around.len()].number;
            let i = end as usize / 2;
            let chain = &mut chains[i].1;
            if !known[i] {
                known[i] = true;
                let delta = self.strands[i].1.delta;
                let outward = end.is_multiple_of(2);
                // Once around: what lies left of the last end lies right of the first.
                let beyond = if k + 1 == around.len() {
                    last
                } else {
                    let codes = labels.codes(beside);
                    let codes = labels.step(codes, &if outward { delta } else { delta.reversed() });
                    labels.number(codes)
                };
                (chain.left, chain.right) = if outward { (beyond, beside) } else { (beside, beyond) };
                self.todo.push(i as u32);
            }
            beside = left(chain, end);
        }
    }
}
