//! Rings → lines: what several rings run along together becomes one line.
//!
//! A vertex is a *junction* when rings come to it from more than two neighbours, or turn back at it:
//!
//! ```text
//!  a───b───c          b has the neighbours a, c and e: a junction
//!  │   │   │          d has the neighbours a and e whichever ring passes: none
//!  d───e───f
//! ```
//!
//! Rings are cut at junctions, and parts that are the same become one line, on which all that the rings
//! say adds up (the method of topojson-server: Bostock, "How to infer topology", 2013). Vertices that
//! only one of two neighbours has are none of its business: the noder finds those.

use super::labels::{Delta, Labels};
use crate::e7::E7;
use rustc_hash::FxHashMap;

/// A ring without its repeated last vertex, and what changes from its right to its left.
pub(crate) struct DirectedRing<'a> {
    pub points: &'a [E7],
    pub delta: Delta,
}

/// Lines one after the other.
#[derive(Debug, Default)]
pub(super) struct Strings {
    pub points: Vec<E7>,
    /// Where each line begins in `points`; one more at the end.
    pub starts: Vec<u32>,
    pub deltas: Vec<Delta>,
}

impl Strings {
    /// Vertices and delta of each line that changes something.
    pub fn lines(&self) -> impl Iterator<Item = (&[E7], Delta)> {
        self.starts
            .windows(2)
            .zip(&self.deltas)
            .filter(|(_, d)| !d.is_none())
            .map(|(w, d)| (&self.points[w[0] as usize..w[1] as usize], *d))
    }
}

const NONE: u32 = u32::MAX;

/// A vertex: the first two neighbours that were seen.
#[derive(Clone, Copy)]
struct Vertex {
    neighbours: [u32; 2],
    junction: bool,
}

impl Vertex {
    fn meet(&mut self, other: u32) {
        match &mut self.neighbours {
            [a, _] if *a == other => {}
            [a, _] if *a == NONE => *a = other,
            [_, b] if *b == other => {}
            [_, b] if *b == NONE => *b = other,
            _ => self.junction = true,
        }
    }
}

/// See the module.
pub(super) fn string(rings: &[DirectedRing], labels: &mut Labels) -> Strings {
    let total: usize = rings.iter().map(|r| r.points.len()).sum();
    let mut numbers: FxHashMap<E7, u32> =
        FxHashMap::with_capacity_and_hasher(total / 2 + 16, Default::default());
    let mut places: Vec<E7> = Vec::with_capacity(total / 2 + 16);
    let mut ring_vertices: Vec<u32> = Vec::with_capacity(total);
    let mut ring_starts = Vec::with_capacity(rings.len() + 1);
    for ring in rings {
        ring_starts.push(ring_vertices.len());
        let start = ring_vertices.len();
        for &p in ring.points {
            let next = places.len() as u32;
            let v = *numbers.entry(p).or_insert(next);
            if v == next {
                places.push(p);
            }
            if ring_vertices.len() == start || ring_vertices.last() != Some(&v) {
                ring_vertices.push(v);
            }
        }
        while ring_vertices.len() > start + 1 && ring_vertices.last() == Some(&ring_vertices[start]) {
            ring_vertices.pop();
        }
    }
    ring_starts.push(ring_vertices.len());
    let ring = |r: usize| &ring_vertices[ring_starts[r]..ring_starts[r + 1]];

    let mut vertices = vec![Vertex { neighbours: [NONE; 2], junction: false }; places.len()];
    for r in 0..rings.len() {
        let points = ring(r);
        let n = points.len();
        for i in 0..n {
            let (before, here, after) = (
                points[if i == 0 { n - 1 } else { i - 1 }],
                points[i],
                points[if i + 1 == n { 0 } else { i + 1 }],
            );
            let vertex = &mut vertices[here as usize];
            vertex.junction |= before == after;
            vertex.meet(before);
            vertex.meet(after);
        }
    }

    let mut out = Strings::default();
    let mut known: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    let mut line: Vec<u32> = Vec::new();
    for (r, directed) in rings.iter().enumerate() {
        let points = ring(r);
        let n = points.len();
        if n < 2 {
            continue;
        }
        // Begin at a junction; a ring without any begins at its smallest vertex.
        let first = (0..n)
            .find(|&i| vertices[points[i] as usize].junction)
            .or_else(|| (0..n).min_by_key(|&i| places[points[i] as usize]))
            .unwrap_or(0);
        line.clear();
        line.push(points[first]);
        for k in 1..=n {
            let v = points[(first + k) % n];
            line.push(v);
            if k == n || vertices[v as usize].junction {
                add(&line, directed.delta, &places, &mut known, &mut out, labels);
                line.clear();
                line.push(v);
            }
        }
    }
    out.starts.push(out.points.len() as u32);
    out
}

/// Adds a line, or what it says to the same line that is there already.
fn add(
    line: &[u32],
    delta: Delta,
    places: &[E7],
    known: &mut FxHashMap<(u32, u32), u32>,
    out: &mut Strings,
    labels: &mut Labels,
) {
    // Between junctions a line has no branch, so its first step names it, from either end.
    let n = line.len();
    let (there, back) = ((line[0], line[1]), (line[n - 1], line[n - 2]));
    let forward = there <= back;
    let delta = if forward { delta } else { delta.reversed() };
    let next = out.deltas.len() as u32;
    let i = *known.entry(there.min(back)).or_insert(next);
    if i < next {
        out.deltas[i as usize] = labels.add(&out.deltas[i as usize], &delta);
        return;
    }
    out.starts.push(out.points.len() as u32);
    let place = |v: &u32| places[*v as usize];
    if forward {
        out.points.extend(line.iter().map(place))
    } else {
        out.points.extend(line.iter().rev().map(place))
    }
    out.deltas.push(delta);
}
