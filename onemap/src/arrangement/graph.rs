//! Half-edges around their nodes, walked into cycles.
//!
//! Segment `i` from `a` to `b` (`a < b`) has two half-edges: `2i` runs `a → b`, `2i + 1` runs back.
//! `h ^ 1` is the other half. The face of a half-edge is the one to its left.

use super::{Edge, Face, UNBOUNDED};
use crate::e7::{E7, cross};
use std::cmp::Ordering;

/// Number of a half-edge.
pub(super) type Half = u32;

/// One closed walk with the same face always to the left.
#[derive(Clone, Debug)]
pub(super) struct Cycle {
    /// Some half-edge of it.
    pub start: Half,
    /// Twice its signed area: positive for the outer border of a face, negative for the outer border
    /// of a component seen from outside.
    pub area2: i128,
    /// Its smallest node (westernmost, then southernmost).
    pub west: E7,
    /// The face to its left; set by `nest`.
    pub face: Face,
}

/// The planar graph of noded edges.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    /// Segments, sorted, each with the span of its entries in `edges`.
    pub ends: Vec<(E7, E7)>,
    pub edge_starts: Vec<u32>,
    pub edges: Vec<Edge>,
    pub nodes: Vec<E7>,
    /// The node where each half-edge begins.
    pub origins: Vec<u32>,
    /// The next half-edge around the face to the left.
    pub next: Vec<Half>,
    /// How many half-edges begin at each node.
    pub degrees: Vec<u32>,
    /// The cycle of each half-edge.
    pub cycle_of: Vec<u32>,
    pub cycles: Vec<Cycle>,
    /// Number of faces, the unbounded one included; set by `nest`.
    pub faces: u32,
}

impl Graph {
    /// From edges that cross nowhere, sorted and merged as `node` leaves them.
    pub fn new(edges: Vec<Edge>) -> Self {
        let (ends, edge_starts) = segments(&edges);
        let (nodes, origins) = nodes(&ends);
        let (next, degrees) = turns(&nodes, &origins);
        let mut graph = Self {
            ends,
            edge_starts,
            edges,
            nodes,
            origins,
            next,
            degrees,
            cycle_of: Vec::new(),
            cycles: Vec::new(),
            faces: 1,
        };
        graph.walk();
        graph
    }

    /// Where a half-edge begins.
    pub fn from(&self, h: Half) -> E7 {
        self.nodes[self.origins[h as usize] as usize]
    }

    /// The face to the left of a half-edge.
    pub fn face(&self, h: Half) -> Face {
        self.cycles[self.cycle_of[h as usize] as usize].face
    }

    /// What changes from the right to the left of `h`: (tag, by how much its winding grows).
    pub fn deltas(&self, h: Half) -> impl Iterator<Item = (super::Tag, i32)> + '_ {
        let i = h as usize >> 1;
        let sign = if h & 1 == 0 { 1 } else { -1 };
        self.edges[self.edge_starts[i] as usize..self.edge_starts[i + 1] as usize]
            .iter()
            .map(move |e| (e.tag, e.delta * sign))
    }

    /// The half-edges of a cycle from its start on.
    pub fn around(&self, cycle: &Cycle) -> impl Iterator<Item = Half> + '_ {
        let start = cycle.start;
        std::iter::successors(Some(start), move |&h| {
            let n = self.next[h as usize];
            (n != start).then_some(n)
        })
    }

    fn walk(&mut self) {
        const NONE: u32 = u32::MAX;
        let halves = self.next.len();
        self.cycle_of = vec![NONE; halves];
        for start in 0..halves {
            if self.cycle_of[start] != NONE {
                continue;
            }
            let id = self.cycles.len() as u32;
            let origin = self.from(start as Half);
            let (mut area2, mut west, mut h) = (0_i128, origin, start);
            loop {
                self.cycle_of[h] = id;
                let p = self.from(h as Half);
                west = west.min(p);
                area2 += cross(origin, p, self.from((h ^ 1) as Half));
                h = self.next[h] as usize;
                if h == start {
                    break;
                }
            }
            self.cycles.push(Cycle { start: start as Half, area2, west, face: UNBOUNDED });
        }
    }
}

fn segments(edges: &[Edge]) -> (Vec<(E7, E7)>, Vec<u32>) {
    let mut ends: Vec<(E7, E7)> = Vec::with_capacity(edges.len());
    let mut starts = Vec::with_capacity(edges.len() + 1);
    for (i, e) in edges.iter().enumerate() {
        if ends.last() != Some(&(e.a, e.b)) {
            ends.push((e.a, e.b));
            starts.push(i as u32);
        }
    }
    starts.push(edges.len() as u32);
    (ends, starts)
}

fn nodes(ends: &[(E7, E7)]) -> (Vec<E7>, Vec<u32>) {
    let mut nodes: Vec<E7> = ends.iter().flat_map(|&(a, b)| [a, b]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    // Every end is in `nodes`, so the search finds it.
    let find = |p: E7| nodes.partition_point(|&n| n < p) as u32;
    let origins = ends.iter().flat_map(|&(a, b)| [find(a), find(b)]).collect();
    (nodes, origins)
}

/// For each half-edge the next one around its left face, and the degree of each node.
///
/// Arriving at a node over `h`, the walk leaves over the half-edge next clockwise from `h`'s twin:
///
/// ```text
///      next
///        \  ← the face to the left of h
///         v ←── h        twin of h is v ──→, turn clockwise from it
///        /
/// ```
fn turns(nodes: &[E7], origins: &[u32]) -> (Vec<Half>, Vec<u32>) {
    let mut starts = vec![0_u32; nodes.len() + 1];
    for &o in origins {
        starts[o as usize + 1] += 1;
    }
    let degrees = starts[1..].to_vec();
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    let mut around = vec![0 as Half; origins.len()];
    let mut fill = starts.clone();
    for (h, &o) in origins.iter().enumerate() {
        around[fill[o as usize] as usize] = h as Half;
        fill[o as usize] += 1;
    }
    let mut next = vec![0; origins.len()];
    for n in 0..nodes.len() {
        let out = &mut around[starts[n] as usize..starts[n + 1] as usize];
        if out.len() > 2 {
            let tip = |h: Half| nodes[origins[(h ^ 1) as usize] as usize];
            out.sort_unstable_by(|&g, &h| by_angle(nodes[n], tip(g), tip(h)));
        }
        for k in 0..out.len() {
            // Counter-clockwise neighbour k + 1: its clockwise neighbour is k.
            let after = out[(k + 1) % out.len()];
            next[(after ^ 1) as usize] = out[k];
        }
    }
    (next, degrees)
}

/// Orders directions from `o` counter-clockwise, beginning at east.
pub(crate) fn by_angle(o: E7, p: E7, q: E7) -> Ordering {
    let lower = |v: E7| v.lat < o.lat || (v.lat == o.lat && v.lon < o.lon);
    lower(p).cmp(&lower(q)).then_with(|| 0.cmp(&cross(o, p, q)))
}
