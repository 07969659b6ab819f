//! Labels from one chain to the next: around the junctions that they share.
//!
//! ```text
//!      c   b         Known are the labels of a. What lies left of a lies right of b, what lies left of b
//!       ╲ ╱          is that changed by b, and lies right of c, and so on around the junction. Where a
//!    d───┼───a       chain goes, the labels go with it, to the junction at its other end.
//! ```
//!
//! Chains that hang together need so no more than one that has its labels from elsewhere: from
//! [`outside`](super::outside), or from a walk.

use super::{
    by_angle,
    labels::{Codes, Label, Labels},
    line::Chain,
    split::{NOWHERE, Strand},
    table::{ChainId, Entry},
};
use crate::e7::E7;
use std::ops::Range;

/// End `2i` is where strand `i` begins, `2i + 1` where it ends.
#[derive(Clone, Copy, Default)]
struct End {
    number: u32,
    /// The vertex where it comes to its end, and the one before.
    at: E7,
    before: E7,
}

/// Strands that become chains, and their ends around junctions.
pub(super) struct Junctions<'a> {
    strands: &'a [(ChainId, Strand)],
    chains: Vec<(ChainId, Chain)>,
    /// Chains that have their labels, and how many have not.
    known: Vec<bool>,
    unknown: usize,
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
        let none = Label::NONE;
        let chain = |s: &Strand| Chain { path: s.path.clone(), left: none, right: none };
        Self {
            strands,
            chains: strands.iter().map(|(id, s)| (*id, chain(s))).collect(),
            known: vec![false; strands.len()],
            unknown: strands.len(),
            starts,
            ends,
            visited: vec![false; count],
            todo: Vec::new(),
        }
    }

    /// Whether a strand has its labels.
    pub fn is_known(&self, strand: u32) -> bool {
        self.known[strand as usize]
    }

    pub fn are_all_known(&self) -> bool {
        self.unknown == 0
    }

    /// What lies just east of a segment; `None` if that is not known yet.
    pub fn east_of(&self, e: &Entry) -> Option<Label> {
        let strand = e.chain() as usize;
        self.known[strand].then(|| e.side(!e.rises(), &self.chains[strand].1))
    }

    /// How many junctions there are; they are numbered from 0.
    pub fn count(&self) -> usize {
        self.visited.len()
    }

    /// Where the ends at a junction are.
    fn around(&self, node: u32) -> Range<usize> {
        self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize
    }

    /// The chains that the strands have become.
    pub fn into_chains(self) -> Vec<(ChainId, Chain)> {
        self.chains
    }

    /// Labels a strand by what winds around the ground to its left, seen as it runs (`forward`) or the other way, and
    /// all that hang together with it.
    pub fn label(&mut self, strand: u32, forward: bool, left: Codes, labels: &mut Labels) {
        let delta = self.strands[strand as usize].1.delta;
        let right = labels.step(left, &if forward { delta.reversed() } else { delta });
        let (left, right) = (labels.number(left), labels.number(right));
        self.set(strand, if forward { (left, right) } else { (right, left) });
        while let Some(i) = self.todo.pop() {
            for end in [2 * i, 2 * i + 1] {
                let node = self.strands[i as usize].1.nodes[end as usize % 2];
                if node != NOWHERE && !std::mem::replace(&mut self.visited[node as usize], true) {
                    self.turn(node, end, labels);
                }
            }
        }
    }

    /// Keeps the labels of a strand that had none.
    fn set(&mut self, strand: u32, (left, right): (Label, Label)) {
        let chain = &mut self.chains[strand as usize].1;
        (chain.left, chain.right) = (left, right);
        self.known[strand as usize] = true;
        self.unknown -= 1;
        self.todo.push(strand);
    }

    /// What lies left of an end, seen from its junction.
    fn left(&self, end: u32) -> Label {
        let chain = &self.chains[end as usize / 2].1;
        if end.is_multiple_of(2) { chain.left } else { chain.right }
    }

    /// Around one junction, beginning at an end whose labels are known.
    fn turn(&mut self, node: u32, first: u32, labels: &mut Labels) {
        let span = self.around(node);
        let (from, count) = (span.start, span.len());
        let around = &mut self.ends[span];
        around.sort_unstable_by(|e, f| by_angle(e.at, e.before, f.before));
        let start = around.iter().position(|e| e.number == first).unwrap_or(0);
        // Once around: what lies left of the last end lies right of the first.
        let (mut beside, last) = (self.left(first), self.left(first ^ 1));
        for k in 1..count {
            let end = self.ends[from + (start + k) % count].number;
            let i = end / 2;
            if !self.known[i as usize] {
                let outward = end.is_multiple_of(2);
                let beyond = if k + 1 == count {
                    last
                } else {
                    let delta = self.strands[i as usize].1.delta;
                    let codes = labels.codes(beside);
                    let codes = labels.step(codes, &if outward { delta } else { delta.reversed() });
                    labels.number(codes)
                };
                self.set(i, if outward { (beyond, beside) } else { (beside, beyond) });
            }
            beside = self.left(end);
        }
    }
}
