//! One planar arrangement from any set of rings: the machine behind coverage, overlay and repair.
//!
//! A chain of pure steps, one file each:
//!
//! ```text
//! rings ─edges→ node → graph → nest → label → chains
//! ```
//!
//! - [`node`]: cuts edges where they cross or touch, until no two edges share more than an end.
//! - [`graph`]: half-edges around nodes, walked into cycles.
//! - [`nest`]: which face an island lies in.
//! - [`label`]: for every face, how often each tag's rings wind around it.
//! - [`chains`]: edges strung together between junctions.
//!
//! An edge carries what changes when it is crossed: "tag 7 lies to its left, not to its right". A
//! ring is a closed line whatever happens to its edges, so cutting and rounding can bend the border
//! of an area but never let its label leak out: labels are right by construction.

mod cells;
mod chains;
mod graph;
pub(crate) use graph::by_angle;
mod label;
mod locate;
mod nest;
mod node;

pub(crate) use locate::Locator;

use crate::e7::E7;

/// What a ring belongs to; the caller decides what the number means.
pub(crate) type Tag = u32;

/// A directed piece of a ring, stored with `a < b`: `delta` is by how much the winding of `tag` is
/// greater to the left of `a → b` than to its right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub a: E7,
    pub b: E7,
    pub tag: Tag,
    pub delta: i32,
}

impl Edge {
    /// The edge `from → to` with one more winding of `tag` on its left than on its right.
    pub fn new(from: E7, to: E7, tag: Tag) -> Self {
        if from < to {
            Self { a: from, b: to, tag, delta: 1 }
        } else {
            Self { a: to, b: from, tag, delta: -1 }
        }
    }
}

/// The edges of a ring, with its inside to the left when `ring` is counter-clockwise.
pub(crate) fn ring_edges(ring: &[E7], tag: Tag) -> impl Iterator<Item = Edge> + '_ {
    let closing = ring.last().zip(ring.first()).map(|(&l, &f)| (l, f));
    ring.windows(2)
        .map(|w| (w[0], w[1]))
        .chain(closing)
        .filter(|(p, q)| p != q)
        .map(move |(p, q)| Edge::new(p, q, tag))
}

/// Number of a face; [`UNBOUNDED`] is the one outside everything.
pub(crate) type Face = u32;

/// The face outside everything.
pub(crate) const UNBOUNDED: Face = 0;

/// A chain of edges between two junctions (or a closed one without any), with a face on either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    first: u32,
    len: u32,
    pub left: Face,
    pub right: Face,
}

/// A finished arrangement: chains, and for every face its label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arrangement {
    points: Vec<E7>,
    chains: Vec<Chain>,
    /// `labels[label_starts[f] .. label_starts[f + 1]]`: (tag, winding ≠ 0) of face `f`, by tag.
    labels: Vec<(Tag, i32)>,
    label_starts: Vec<u32>,
}

impl Arrangement {
    /// Builds the arrangement of some edges. Same edges, same arrangement, whatever their order.
    pub fn build(edges: Vec<Edge>) -> Self {
        Self::build_with_graph(edges).0
    }

    /// The arrangement, and the means to find the face of a point in it.
    pub fn build_with_locator(edges: Vec<Edge>) -> (Self, Locator) {
        let (arrangement, graph) = Self::build_with_graph(edges);
        let locator = Locator::new(&graph);
        (arrangement, locator)
    }

    fn build_with_graph(edges: Vec<Edge>) -> (Self, graph::Graph) {
        let edges = node::node(edges);
        let mut graph = graph::Graph::new(edges);
        nest::nest(&mut graph);
        let (labels, label_starts) = label::label(&graph);
        let (points, chains) = chains::chains(&graph);
        (Self { points, chains, labels, label_starts }, graph)
    }

    /// Number of faces, the unbounded one included.
    pub fn faces(&self) -> u32 {
        self.label_starts.len().saturating_sub(1) as u32
    }

    /// The label of a face: tags with their winding ≠ 0, by tag.
    pub fn label(&self, face: Face) -> &[(Tag, i32)] {
        let f = face as usize;
        &self.labels[self.label_starts[f] as usize..self.label_starts[f + 1] as usize]
    }

    /// All chains.
    pub fn chains(&self) -> &[Chain] {
        &self.chains
    }

    /// The vertices of a chain, ends included; a closed chain repeats its first at the end.
    pub fn points(&self, chain: &Chain) -> &[E7] {
        &self.points[chain.first as usize..][..chain.len as usize]
    }
}

#[cfg(test)]
mod tests;
