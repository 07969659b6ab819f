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
    labels::{Codes, Delta, Label, Labels},
    line::SharedPath,
    split::{NOWHERE, Strand},
    table::Entry,
};
use crate::e7::E7;

/// End `2i` is where strand `i` begins, `2i + 1` where it ends.
#[derive(Clone, Copy, Default)]
struct End {
    number: u32,
    /// The vertex before its last, seen on the way to the junction.
    before: E7,
}

/// No labels have these numbers.
const UNKNOWN: [Label; 2] = [Label(u32::MAX); 2];

/// What must be known of a strand to turn around its ends: side by side, since strands are met in any order.
struct Seam {
    delta: Delta,
    nodes: [u32; 2],
    /// What lies left and right of it.
    sides: [Label; 2],
}

/// A place where strands end.
#[derive(Clone, Copy, Default)]
struct Junction {
    at: E7,
    /// Where its ends begin in [`Junctions::ends`].
    ends: u32,
    is_visited: bool,
}

/// Strands, what lies on either side of them, and their ends around junctions.
pub(super) struct Junctions {
    seams: Vec<Seam>,
    /// Of how many strands it is not known what lies beside them.
    unknown: usize,
    /// One more at the end.
    junctions: Vec<Junction>,
    /// Ends by junction, counter-clockwise once the junction is visited.
    ends: Vec<End>,
    todo: Vec<u32>,
}

impl Junctions {
    /// Of strands, which are numbered from 0, and with their paths.
    pub fn of(strands: impl Iterator<Item = Strand>) -> (Vec<SharedPath>, Self) {
        let most = strands.size_hint().1.unwrap_or(0);
        let (mut paths, mut seams) = (Vec::with_capacity(most), Vec::with_capacity(most));
        for Strand { path, delta, nodes } in strands {
            paths.push(path);
            seams.push(Seam { delta, nodes, sides: UNKNOWN });
        }
        let nodes = || seams.iter().flat_map(|s| s.nodes).filter(|n| *n != NOWHERE);
        let count = nodes().max().map_or(0, |n| n as usize + 1);
        // First where the ends of the junction after the next begin, then where those of the next do.
        let mut junctions = vec![Junction::default(); count + 2];
        nodes().for_each(|n| junctions[n as usize + 2].ends += 1);
        for n in 2..junctions.len() {
            junctions[n].ends += junctions[n - 1].ends;
        }
        let mut ends = vec![End::default(); junctions[count + 1].ends as usize];
        for (i, (seam, path)) in (0..).zip(seams.iter().zip(&paths)) {
            let points = path.points();
            let last = points.len() - 1;
            for (number, n, at, before) in [(2 * i, 0, 0, 1), (2 * i + 1, 1, last, last - 1)] {
                let n = seam.nodes[n];
                if n != NOWHERE {
                    junctions[n as usize].at = points[at];
                    let place = &mut junctions[n as usize + 1].ends;
                    ends[*place as usize] = End { number, before: points[before] };
                    *place += 1;
                }
            }
        }
        junctions.pop();
        (paths, Self { unknown: seams.len(), seams, junctions, ends, todo: Vec::new() })
    }

    /// What changes from the right of a strand to its left.
    pub fn delta(&self, strand: u32) -> Delta {
        self.seams[strand as usize].delta
    }

    /// Whether a strand has its labels.
    pub fn is_known(&self, strand: u32) -> bool {
        self.seams[strand as usize].sides != UNKNOWN
    }

    pub fn are_all_known(&self) -> bool {
        self.unknown == 0
    }

    /// What lies just east of a segment; `None` if that is not known yet.
    pub fn east_of(&self, e: &Entry) -> Option<Label> {
        self.is_known(e.chain()).then(|| e.side(!e.rises(), self.seams[e.chain() as usize].sides))
    }

    /// The junctions where a strand begins and ends, or [`NOWHERE`].
    pub fn nodes(&self, strand: u32) -> [u32; 2] {
        self.seams[strand as usize].nodes
    }

    /// How many junctions there are; they are numbered from 0.
    pub fn count(&self) -> usize {
        self.junctions.len() - 1
    }

    /// What lies left and right of each strand; nothing, where that is not known.
    pub fn into_sides(self) -> impl Iterator<Item = [Label; 2]> {
        self.seams.into_iter().map(|s| if s.sides == UNKNOWN { [Label::NONE; 2] } else { s.sides })
    }

    /// Labels a strand by what winds around the ground to its left, seen as it runs (`forward`) or the other way, and
    /// all that hang together with it.
    pub fn label(&mut self, strand: u32, forward: bool, left: Codes, labels: &mut Labels) {
        let delta = self.delta(strand);
        let right = labels.step(left, &if forward { delta.reversed() } else { delta });
        let (left, right) = (labels.number(left), labels.number(right));
        self.set(strand, if forward { [left, right] } else { [right, left] });
        while let Some(i) = self.todo.pop() {
            let nodes = self.nodes(i);
            for (end, node) in [(2 * i, nodes[0]), (2 * i + 1, nodes[1])] {
                if node != NOWHERE && !std::mem::replace(&mut self.junctions[node as usize].is_visited, true)
                {
                    self.turn(node, end, labels);
                }
            }
        }
    }

    /// Keeps the labels of a strand that had none.
    fn set(&mut self, strand: u32, sides: [Label; 2]) {
        self.seams[strand as usize].sides = sides;
        self.unknown -= 1;
        self.todo.push(strand);
    }

    /// What lies left of an end, seen from its junction, once that is known.
    fn left(&self, end: u32) -> Label {
        self.seams[end as usize / 2].sides[end as usize % 2]
    }

    /// Around one junction, beginning at an end whose labels are known.
    fn turn(&mut self, node: u32, first: u32, labels: &mut Labels) {
        let Junction { at, ends: from, .. } = self.junctions[node as usize];
        let (from, to) = (from as usize, self.junctions[node as usize + 1].ends as usize);
        let (count, around) = (to - from, &mut self.ends[from..to]);
        around.sort_unstable_by(|e, f| by_angle(at, e.before, f.before));
        let start = around.iter().position(|e| e.number == first).unwrap_or(0);
        // Once around: what lies left of the last end lies right of the first.
        let (mut beside, last) = (self.left(first), self.left(first ^ 1));
        for k in 1..count {
            let end = self.ends[from + (start + k) % count].number;
            let (i, seam) = (end / 2, &self.seams[end as usize / 2]);
            let outward = end.is_multiple_of(2);
            if seam.sides != UNKNOWN {
                beside = seam.sides[end as usize % 2];
                continue;
            }
            let beyond = if k + 1 == count {
                last
            } else {
                let delta = if outward { seam.delta } else { seam.delta.reversed() };
                let codes = labels.step(labels.codes(beside), &delta);
                labels.number(codes)
            };
            self.set(i, if outward { [beyond, beside] } else { [beside, beyond] });
            beside = beyond;
        }
    }
}
