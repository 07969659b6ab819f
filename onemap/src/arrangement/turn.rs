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
    split::{NOWHERE, Strand},
    table::{ChainId, Entry},
};
use crate::e7::E7;
use std::ops::Range;

/// End `2i` is where strand `i` begins, `2i + 1` where it ends.
#[derive(Clone, Copy, Default)]
struct End {
    number: u32,
    /// The vertex before its last, seen on the way to the junction.
    before: E7,
}

/// No labels have these numbers.
const UNKNOWN: [Label; 2] = [Label(u32::MAX); 2];

/// Strands, what lies on either side of them, and their ends around junctions.
pub(super) struct Junctions<'a> {
    strands: &'a [(ChainId, Strand)],
    /// What lies left and right of each strand, and of how many it is not known.
    sides: Vec<[Label; 2]>,
    unknown: usize,
    /// Where the ends at each junction begin in `ends`; one more at the end.
    starts: Vec<u32>,
    /// Where each junction is.
    places: Vec<E7>,
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
        let mut places = vec![E7::default(); count];
        for (number, n) in nodes() {
            let points = &strands[number as usize / 2].1.path.points();
            let last = points.len() - 1;
            let (at, before) = if number % 2 == 0 { (0, 1) } else { (last, last - 1) };
            let place = &mut starts[n as usize + 1];
            ends[*place as usize] = End { number, before: points[before] };
            places[n as usize] = points[at];
            *place += 1;
        }
        starts.pop();
        Self {
            strands,
            sides: vec![UNKNOWN; strands.len()],
            unknown: strands.len(),
            starts,
            places,
            ends,
            visited: vec![false; count],
            todo: Vec::new(),
        }
    }

    /// Whether a strand has its labels.
    pub fn is_known(&self, strand: u32) -> bool {
        self.sides[strand as usize] != UNKNOWN
    }

    pub fn are_all_known(&self) -> bool {
        self.unknown == 0
    }

    /// What lies just east of a segment; `None` if that is not known yet.
    pub fn east_of(&self, e: &Entry) -> Option<Label> {
        self.is_known(e.chain()).then(|| e.side(!e.rises(), self.sides[e.chain() as usize]))
    }

    /// How many junctions there are; they are numbered from 0.
    pub fn count(&self) -> usize {
        self.visited.len()
    }

    /// Where the ends at a junction are.
    fn around(&self, node: u32) -> Range<usize> {
        self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize
    }

    /// What lies left and right of each strand; nothing, where that is not known.
    pub fn into_sides(self) -> impl Iterator<Item = [Label; 2]> {
        self.sides.into_iter().map(|sides| if sides == UNKNOWN { [Label::NONE; 2] } else { sides })
    }

    /// Labels a strand by what winds around the ground to its left, seen as it runs (`forward`) or the other way, and
    /// all that hang together with it.
    pub fn label(&mut self, strand: u32, forward: bool, left: Codes, labels: &mut Labels) {
        let delta = self.strands[strand as usize].1.delta;
        let right = labels.step(left, &if forward { delta.reversed() } else { delta });
        let (left, right) = (labels.number(left), labels.number(right));
        self.set(strand, if forward { [left, right] } else { [right, left] });
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
    fn set(&mut self, strand: u32, sides: [Label; 2]) {
        self.sides[strand as usize] = sides;
        self.unknown -= 1;
        self.todo.push(strand);
    }

    /// What lies left of an end, seen from its junction, once that is known.
    fn left(&self, end: u32) -> Label {
        self.sides[end as usize / 2][end as usize % 2]
    }

    /// Around one junction, beginning at an end whose labels are known.
    fn turn(&mut self, node: u32, first: u32, labels: &mut Labels) {
        let span = self.around(node);
        let (from, count) = (span.start, span.len());
        let (at, around) = (self.places[node as usize], &mut self.ends[span]);
        around.sort_unstable_by(|e, f| by_angle(at, e.before, f.before));
        let start = around.iter().position(|e| e.number == first).unwrap_or(0);
        // Once around: what lies left of the last end lies right of the first.
        let (mut beside, last) = (self.left(first), self.left(first ^ 1));
        for k in 1..count {
            let end = self.ends[from + (start + k) % count].number;
            let i = end / 2;
            if !self.is_known(i) {
                let outward = end.is_multiple_of(2);
                let beyond = if k + 1 == count {
                    last
                } else {
                    let delta = self.strands[i as usize].1.delta;
                    let codes = labels.codes(beside);
                    let codes = labels.step(codes, &if outward { delta } else { delta.reversed() });
                    labels.number(codes)
                };
                self.set(i, if outward { [beyond, beside] } else { [beside, beyond] });
            }
            beside = self.left(end);
        }
    }
}
