//! How the police draw their borders: not on the blocks' corners everywhere.
//!
//! The border between two beats is one arc between two junctions. Most arcs follow the streets vertex
//! for vertex; some are drawn as a few straight lines across the blocks; a few were traced by hand from a
//! paper map and miss the street by a metre or two, which makes slivers against the grids. Since an arc
//! is shared by its two beats, the layer stays a coverage; a redrawn arc that would touch another is not
//! taken.

use crate::{
    districts::NONE,
    geom::{P, to_segment, touch},
    mesh::{Face, Mesh, Vertex, sides},
    rng::Rng,
    trace::Side,
};
use gridbeat_onemap::{Bounds, E7, e7};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A border between two beats.
struct Arc {
    line: Vec<E7>,
    left: u32,
    right: u32,
}

/// The sides of all beats, from the beat of each face.
pub fn beat_sides(mesh: &Mesh, of_face: &[u32], rng: &mut Rng) -> Vec<Side> {
    let mut arcs = arcs(mesh, of_face);
    redraw(mesh, &mut arcs, rng);
    let mut out = Vec::new();
    for arc in &arcs {
        for w in arc.line.windows(2) {
            out.push(Side { area: arc.left, from: w[0], to: w[1] });
            if arc.right != NONE {
                out.push(Side { area: arc.right, from: w[1], to: w[0] });
            }
        }
    }
    out
}

/// Chains the sides between different beats from junction to junction.
fn arcs(mesh: &Mesh, of_face: &[u32]) -> Vec<Arc> {
    // From each vertex: where a border leads, and the beat on its left.
    let mut leads: BTreeMap<Vertex, Vec<(Vertex, u32)>> = BTreeMap::new();
    for f in 0..mesh.ring.len() {
        for (u, v) in sides(&mesh.ring[f]) {
            let other = mesh.left_of(v, u).map_or(NONE, |g: Face| of_face[g as usize]);
            if other != of_face[f] {
                leads.entry(u).or_default().push((v, of_face[f]));
                if other == NONE {
                    leads.entry(v).or_default().push((u, NONE));
                }
            }
        }
    }
    let junction = |v: Vertex| leads.get(&v).is_some_and(|l| l.len() != 2);
    let mut used: HashSet<(Vertex, Vertex)> = HashSet::new();
    let mut out = Vec::new();
    let mut walk = |start: Vertex, first: Vertex, left: u32, used: &mut HashSet<(Vertex, Vertex)>| {
        let (mut line, mut from, mut here) = (vec![start], start, first);
        used.insert((start, first));
        used.insert((first, start));
        line.push(first);
        while here != start && !junction(here) {
            let Some(&(next, _)) = leads.get(&here).and_then(|l| l.iter().find(|n| n.0 != from)) else {
                break;
            };
            used.insert((here, next));
            used.insert((next, here));
            line.push(next);
            (from, here) = (here, next);
        }
        let right = leads.get(&first).and_then(|l| l.iter().find(|n| n.0 == start)).map_or(NONE, |n| n.1);
        let line = line.into_iter().map(|v| mesh.at[v as usize]).collect::<Vec<_>>();
        // The area stands on the left; outside is never left.
        if left == NONE {
            out.push(Arc { line: line.into_iter().rev().collect(), left: right, right: left });
        } else {
            out.push(Arc { line, left, right });
        }
    };
    for only_junctions in [true, false] {
        for (&u, ways) in &leads {
            for &(v, left) in ways {
                if (junction(u) || !only_junctions) && !used.contains(&(u, v)) {
                    walk(u, v, left, &mut used);
                }
            }
        }
    }
    out
}

/// Which segments pass a place: buckets of about 400 m.
#[derive(Default)]
struct Buckets(HashMap<(i32, i32), Vec<Held>>);

/// A segment and the arc that it belongs to.
type Held = (u32, E7, E7);

impl Buckets {
    const SIZE: i32 = 40_000;

    fn cells(a: E7, b: E7) -> impl Iterator<Item = (i32, i32)> {
        let q = Bounds::of([&a, &b]);
        let cell = |v: i32| v.div_euclid(Self::SIZE);
        (cell(q.min.lon)..=cell(q.max.lon))
            .flat_map(move |x| (cell(q.min.lat)..=cell(q.max.lat)).map(move |y| (x, y)))
    }

    fn add(&mut self, arc: u32, line: &[E7]) {
        for w in line.windows(2) {
            for c in Self::cells(w[0], w[1]) {
                self.0.entry(c).or_default().push((arc, w[0], w[1]));
            }
        }
    }

    fn remove(&mut self, arc: u32, line: &[E7]) {
        for w in line.windows(2) {
            for c in Self::cells(w[0], w[1]) {
                if let Some(held) = self.0.get_mut(&c) {
                    held.retain(|s| s.0 != arc);
                }
            }
        }
    }

    /// Whether a line meets any held segment other than at a shared end.
    fn hit(&self, line: &[E7]) -> bool {
        line.windows(2).any(|w| {
            Self::cells(w[0], w[1])
                .filter_map(|c| self.0.get(&c))
                .flatten()
                .any(|&(_, c, d)| clash(w[0], w[1], c, d))
        })
    }
}

/// Whether two segments meet other than at a common end.
fn clash(a: E7, b: E7, c: E7, d: E7) -> bool {
    let shared = [(a, b, c, d), (a, b, d, c), (b, a, c, d), (b, a, d, c)].into_iter().find(|s| s.0 == s.2);
    match shared {
        // With a common end they clash only when one runs along the other.
        Some((s, p, _, q)) => e7::on_segment(s, p, q) || e7::on_segment(s, q, p),
        None => touch(a, b, c, d),
    }
}

fn redraw(mesh: &Mesh, arcs: &mut [Arc], rng: &mut Rng) {
    let mut held = Buckets::default();
    let mut loops = Vec::new();
    for (i, arc) in arcs.iter().enumerate() {
        held.add(i as u32, &arc.line);
        if arc.line.first() == arc.line.last() {
            loops.push(Bounds::of(&arc.line));
        }
    }
    for (i, arc) in arcs.iter_mut().enumerate() {
        let closed = arc.line.first() == arc.line.last();
        let way = rng.unit();
        if closed || arc.right == NONE || arc.line.len() < 4 {
            continue;
        }
        let line = match way {
            x if x < 0.34 => straightened(mesh, &arc.line, rng.range(30.0, 90.0)),
            x if x < 0.40 => traced_by_hand(&arc.line, rng),
            _ => continue,
        };
        let ground = Bounds::of(&arc.line);
        if line.len() < 2 || loops.iter().any(|l| l.intersects(&ground)) {
            continue;
        }
        held.remove(i as u32, &arc.line);
        let crosses_itself = (0..line.len() - 1)
            .any(|j| (j + 1..line.len() - 1).any(|k| clash(line[j], line[j + 1], line[k], line[k + 1])));
        if !crosses_itself && !held.hit(&line) {
            arc.line = line;
        }
        held.add(i as u32, &arc.line);
    }
}

/// The line with all vertices left out that lie within `tolerance` metres of it (Douglas and Peucker).
fn straightened(mesh: &Mesh, line: &[E7], tolerance: f64) -> Vec<E7> {
    let places: Vec<P> = line.iter().map(|&v| mesh.frame.metres(v)).collect();
    let mut keep = vec![false; line.len()];
    let mut todo = vec![(0, line.len() - 1)];
    while let Some((a, b)) = todo.pop() {
        keep[a] = true;
        keep[b] = true;
        let off = |i: usize| to_segment(places[i], places[a], places[b]);
        if let Some(far) = (a + 1..b).max_by(|&i, &j| off(i).total_cmp(&off(j)))
            && off(far) > tolerance
        {
            todo.push((a, far));
            todo.push((far, b));
        }
    }
    line.iter().zip(keep).filter(|k| k.1).map(|k| *k.0).collect()
}

/// The line with every inner vertex up to about two metres off.
fn traced_by_hand(line: &[E7], rng: &mut Rng) -> Vec<E7> {
    let last = line.len() - 1;
    let mut off = || (rng.bell() * 90.0) as i32;
    line.iter()
        .enumerate()
        .map(|(i, v)| if i == 0 || i == last { *v } else { E7::new(v.lon + off(), v.lat + off()) })
        .collect()
}
