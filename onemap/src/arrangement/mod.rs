//! One planar arrangement from any set of closed lines: the machine behind coverage, overlay and repair.
//!
//! A chain of steps, one file each:
//!
//! ```text
//! rings ─string→ lines ─node→ cuts ─split→ paths between junctions ─outside→ labels ─table→ locate
//!                                              edit: the same steps, where something changed
//! ```
//!
//! - [`string`](fn@string::string): rings that run along together become one line.
//! - [`node`](fn@node::node): where lines cross or touch, cut and rounded to the lattice until stable;
//!   [`meet`](fn@meet::meet): the exact predicates for that. [`snap`](snap::snap_round): where rounds do not end.
//! - [`split`](fn@split::split): lines taken apart at the cuts, merged, and strung together again.
//! - [`outside`]: what winds around all that hangs together. [`turn`]: and so along every border, from one to the
//!   next.
//! - [`table`]: cells over all borders; what winds around every corner, and so the label of any point.
//!   [`walk`]: the rule on borders that it follows. [`frame`]: the cells. [`draft`]: how the table is made.
//!   [`fine`]: how it is asked for many points.
//! - [`labels`]: what winds around some ground, packed. [`line`]: what goes in and comes out.
//! - [`edit`]: some lines less and some more, with the same result as from scratch.
//!
//! A line carries what changes when it is crossed: "area 7 lies to its left, not to its right". What
//! winds around some ground does so by closed rings, whatever happens to their segments, so cutting and
//! rounding can bend the border of an area but never let its label leak out: labels are right by
//! construction.

mod draft;
mod edit;
mod fine;
mod frame;
mod labels;
mod line;
mod meet;
mod node;
mod outside;
mod slots;
mod snap;
mod split;
mod string;
mod table;
mod turn;
mod walk;

pub(crate) use edit::{Change, Edge, nearby};
pub(crate) use labels::{Delta, Id, Label, Labels};
pub(crate) use line::{Chain, Line};
pub(crate) use string::DirectedRing;
pub(crate) use table::ChainId;

use crate::e7::{Bounds, E7, orientation};
use draft::{Border, Drafts};
use node::Known;
use slots::Slots;
use std::{
    cmp::Ordering,
    sync::{Arc as Shared, OnceLock},
};
use table::Table;
use turn::Junctions;

/// A finished arrangement: chains with a label on either side, and the means to find that of a point.
#[derive(Clone, Debug)]
pub(crate) struct Arrangement {
    chains: Slots<Chain>,
    labels: Labels,
    /// Made when it is first asked for, if the labels could do without: once for all copies.
    table: Shared<OnceLock<Table>>,
}

impl Arrangement {
    /// Of rings, on any ply.
    pub fn of_rings(rings: &[DirectedRing]) -> Self {
        let mut labels = Labels::new();
        let strings = string::string(rings, &mut labels);
        let lines: Vec<Line> =
            strings.lines().map(|(points, delta)| Line { points, path: None, delta }).collect();
        Self::build(&lines, Known::SharedAreEnds, labels)
    }

    /// Of single edges, together closed, on ply 0: the smaller end, the greater, and by how much more
    /// something winds to the left than to the right.
    pub fn of_edges(edges: impl Iterator<Item = (E7, E7, Id, i32)>) -> Self {
        let mut labels = Labels::new();
        let drawn = edit::Drawn::of(edges, &mut labels);
        Self::build(&drawn.lines(), Known::SharedAreEnds, labels)
    }

    /// One finished set of lines over another.
    pub fn over(first: Vec<Line>, second: Vec<Line>) -> Self {
        let known = Known::Noded(first.len());
        let lines = [first, second].concat();
        Self::build(&lines, known, Labels::new())
    }

    fn build(lines: &[Line], known: Known, mut labels: Labels) -> Self {
        let cuts = node::node(lines, known);
        let strands = split::split(lines, cuts, &mut labels, |_| false);
        let (paths, mut junctions) = Junctions::of(strands);
        let table = OnceLock::new();
        if !outside::label(&paths, &mut junctions, &mut labels) {
            let border = |(id, path)| Border { id, path, delta: junctions.delta(id) };
            let borders: Vec<Border> = (0..).zip(&paths).map(border).collect();
            let drafts = Drafts::new(around(&borders), &borders, &mut labels);
            drafts.label(&paths, &mut junctions, &mut labels);
            table.get_or_init(|| drafts.finish());
        }
        let sides = junctions.into_sides();
        let chains = paths.into_iter().zip(sides).map(|(path, [left, right])| Chain { path, left, right });
        let chains = Slots::new(chains);
        labels.settle();
        Self { chains, labels, table: Shared::new(table) }
    }

    /// The table over all chains.
    fn table(&self) -> &Table {
        self.table.get_or_init(|| {
            // All ground lies beside some chain, so every label that is met on the way has a number already.
            let mut labels = self.labels.clone();
            let mut borders = Vec::new();
            for (id, c) in self.chains.iter() {
                borders.push(Border { id, path: &c.path, delta: labels.delta(c.left, c.right) });
            }
            let drafts = Drafts::new(around(&borders), &borders, &mut labels);
            debug_assert_eq!(labels.len(), self.labels.len());
            drafts.finish()
        })
    }

    /// The labels that occur (and perhaps some that do not).
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The label of a point; on a border that of the ground just east of it, and if that is still the
    /// border, just north.
    #[inline]
    pub fn label(&self, at: E7) -> Label {
        self.table().label(at, &self.chains)
    }

    /// The labels of many points.
    pub fn label_each(&self, points: &[E7], answer: impl FnMut(Label)) {
        fine::label_each(self.table(), &self.chains, points, answer);
    }

    /// All chains.
    pub fn chains(&self) -> impl Iterator<Item = (ChainId, &Chain)> {
        self.chains.iter()
    }

    /// Chains in the cells that a box touches, ascending.
    pub fn chains_near(&self, bounds: &Bounds) -> Vec<ChainId> {
        let mut near: Vec<ChainId> =
            self.table().near(bounds.min, bounds.max).map(table::Entry::chain).collect();
        near.sort_unstable();
        near.dedup();
        near
    }

    /// One chain.
    pub fn chain(&self, id: ChainId) -> Option<&Chain> {
        self.chains.get(id)
    }
}

/// The box around some borders.
fn around(borders: &[Border]) -> Bounds {
    borders.iter().fold(Bounds::EMPTY, |around, b| around.join(b.path.bounds))
}

/// Orders directions from `o` counter-clockwise, beginning at east.
pub(crate) fn by_angle(o: E7, p: E7, q: E7) -> Ordering {
    let lower = |v: E7| v.lat < o.lat || (v.lat == o.lat && v.lon < o.lon);
    lower(p).cmp(&lower(q)).then_with(|| orientation(o, q, p))
}

#[cfg(test)]
mod tests;
