//! The planar mesh that both layers are made from: faces that share their vertices.
//!
//! A face is cut in two by a path between two places on its border. When such a place lies on a side,
//! the new vertex goes into both faces that share the side. So at every moment each side `u → v` has
//! its face on the left and the neighbour's face has `v → u`: nothing can drift apart.

use crate::geom::{Frame, P, area};
use gridbeat_onemap::E7;
use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// Index of a face.
pub type Face = u32;
/// Index of a vertex.
pub type Vertex = u32;
/// Index of a street (or water or outline) that a side lies on.
pub type Street = u32;

/// The side is no street: the outline, a shore, a wall.
pub const NO_STREET: Street = u32::MAX;

/// Spreads the bits of one u64 key; sides are looked up far more often than an attacker would bother.
#[derive(Default, Clone, Copy)]
pub struct SideHasher(u64);

impl Hasher for SideHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.write_u64(u64::from(b));
        }
    }
    fn write_u64(&mut self, n: u64) {
        let h = (self.0 ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = h ^ (h >> 29);
    }
}

/// A map keyed by a directed side. Never iterated: its order means nothing.
type SideMap = HashMap<u64, u32, BuildHasherDefault<SideHasher>>;

fn key(u: Vertex, v: Vertex) -> u64 {
    (u64::from(u) << 32) | u64::from(v)
}

/// Where a path meets the border of a face.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// At a vertex that is there.
    Corner(Vertex),
    /// Somewhere on the side from the first to the second vertex.
    Side(Vertex, Vertex, P),
}

/// What a cut has made.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// The face right of the path.
    pub new: Face,
    /// The vertex where the path starts.
    pub from: Vertex,
    /// The vertex where it ends.
    pub to: Vertex,
}

/// Faces, their shared vertices, and which street each side lies on.
pub struct Mesh {
    /// Ties metres to the lattice.
    pub frame: Frame,
    /// Lattice position of each vertex.
    pub at: Vec<E7>,
    /// The same in metres.
    pub pos: Vec<P>,
    /// The vertices of each face, counter-clockwise.
    pub ring: Vec<Vec<Vertex>>,
    /// How many sides meet at each vertex.
    pub degree: Vec<u8>,
    /// The street that ends at a vertex, and the direction in which it arrives there.
    pub ending: Vec<Option<(Street, P)>>,
    left: SideMap,
    street: SideMap,
}

impl Mesh {
    /// No faces yet.
    pub fn new(frame: Frame) -> Self {
        Self {
            frame,
            at: Vec::new(),
            pos: Vec::new(),
            ring: Vec::new(),
            degree: Vec::new(),
            ending: Vec::new(),
            left: SideMap::default(),
            street: SideMap::default(),
        }
    }

    fn vertex(&mut self, at: E7) -> Vertex {
        self.at.push(at);
        self.pos.push(self.frame.metres(at));
        self.degree.push(2);
        self.ending.push(None);
        (self.at.len() - 1) as Vertex
    }

    /// Adds a face that shares nothing with the others.
    pub fn add(&mut self, ring: &[P]) -> Face {
        let mut at: Vec<E7> = ring.iter().map(|&q| self.frame.lattice(q)).collect();
        if area(ring) < 0.0 {
            at.reverse();
        }
        at.dedup();
        let ring: Vec<Vertex> = at.into_iter().map(|a| self.vertex(a)).collect();
        let face = self.ring.len() as Face;
        for (u, v) in sides(&ring) {
            self.left.insert(key(u, v), face);
        }
        self.ring.push(ring);
        face
    }

    /// The face to the left of the side `u → v`, `None` outside.
    pub fn left_of(&self, u: Vertex, v: Vertex) -> Option<Face> {
        self.left.get(&key(u, v)).copied()
    }

    /// The street that the side between two vertices lies on.
    pub fn street_of(&self, u: Vertex, v: Vertex) -> Street {
        self.street.get(&key(u.min(v), u.max(v))).copied().unwrap_or(NO_STREET)
    }

    /// The ring of a face in metres.
    pub fn shape(&self, face: Face) -> Vec<P> {
        self.ring[face as usize].iter().map(|&v| self.pos[v as usize]).collect()
    }

    /// Puts a vertex on the side `u → v`, in both faces that share it. Gives `u` or `v` where the place
    /// rounds to one of them.
    fn insert(&mut self, u: Vertex, v: Vertex, place: P) -> Vertex {
        let at = self.frame.lattice(place);
        if at == self.at[u as usize] {
            return u;
        }
        if at == self.at[v as usize] {
            return v;
        }
        let w = self.vertex(at);
        for (a, b) in [(u, v), (v, u)] {
            let Some(face) = self.left.remove(&key(a, b)) else {
                continue;
            };
            let ring = &mut self.ring[face as usize];
            if let Some(i) = ring.iter().position(|&q| q == a) {
                ring.insert(i + 1, w);
            }
            self.left.insert(key(a, w), face);
            self.left.insert(key(w, b), face);
        }
        if let Some(s) = self.street.remove(&key(u.min(v), u.max(v))) {
            self.street.insert(key(u.min(w), u.max(w)), s);
            self.street.insert(key(v.min(w), v.max(w)), s);
        }
        w
    }

    /// Cuts a face along `from`, `via`…, `to`. The face keeps what lies left of the path, the returned
    /// new face takes what lies right of it. `None`, and nothing but perhaps a vertex added, when the two
    /// ends are one vertex or neighbours without anything between.
    pub fn split(&mut self, face: Face, from: End, via: &[P], to: End, street: Street) -> Option<Split> {
        let mut end = |e: End| match e {
            End::Corner(v) => v,
            End::Side(u, v, q) => self.insert(u, v, q),
        };
        let (a, b) = (end(from), end(to));
        let ring = &self.ring[face as usize];
        let (i, j) = (ring.iter().position(|&v| v == a)?, ring.iter().position(|&v| v == b)?);
        let n = ring.len();
        let apart = (j + n - i) % n;
        if apart == 0 || (via.is_empty() && (apart == 1 || apart == n - 1)) {
            return None;
        }
        // Counter-clockwise border from b on to a, and from a on to b.
        let walk = |from: usize, steps: usize| (0..=steps).map(move |k| (from + k) % n);
        let b_to_a: Vec<Vertex> = walk(j, n - apart).map(|k| ring[k]).collect();
        let a_to_b: Vec<Vertex> = walk(i, apart).map(|k| ring[k]).collect();
        let mut last = self.at[a as usize];
        let mut mid = Vec::with_capacity(via.len());
        for &q in via {
            let at = self.frame.lattice(q);
            if at != last && at != self.at[b as usize] {
                mid.push(self.vertex(at));
                last = at;
            }
        }
        let mut path = vec![a];
        path.extend(&mid);
        path.push(b);
        for w in path.windows(2) {
            self.street.insert(key(w[0].min(w[1]), w[0].max(w[1])), street);
        }
        for (v, next) in [(a, path[1]), (b, path[path.len() - 2])] {
            self.degree[v as usize] += 1;
            let arrives = (self.pos[v as usize] - self.pos[next as usize]).unit();
            self.ending[v as usize] = Some((street, arrives));
        }
        let new = self.ring.len() as Face;
        // Left of the path: a → b along it, then on along the border to a.
        let kept: Vec<Vertex> =
            path[..path.len() - 1].iter().chain(&b_to_a[..b_to_a.len() - 1]).copied().collect();
        let cut: Vec<Vertex> = path[1..].iter().rev().chain(&a_to_b[..a_to_b.len() - 1]).copied().collect();
        for (u, v) in sides(&kept) {
            self.left.insert(key(u, v), face);
        }
        for (u, v) in sides(&cut) {
            self.left.insert(key(u, v), new);
        }
        self.ring[face as usize] = kept;
        self.ring.push(cut);
        Some(Split { new, from: a, to: b })
    }
}

/// The directed sides of a ring.
pub fn sides(ring: &[Vertex]) -> impl Iterator<Item = (Vertex, Vertex)> + '_ {
    (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::p;

    fn square() -> Mesh {
        let mut m = Mesh::new(Frame::new(E7::new(1_200_000_000, 310_000_000)));
        m.add(&[p(0.0, 0.0), p(100.0, 0.0), p(100.0, 100.0), p(0.0, 100.0)]);
        m
    }

    fn total(m: &Mesh) -> f64 {
        (0..m.ring.len()).map(|f| area(&m.shape(f as Face))).sum()
    }

    #[test]
    fn both_neighbours_get_the_vertex() {
        let mut m = square();
        let whole = total(&m);
        let r =
            m.split(0, End::Side(0, 1, p(50.0, 0.0)), &[p(55.0, 50.0)], End::Side(2, 3, p(50.0, 100.0)), 7);
        let right = r.unwrap().new;
        assert!((total(&m) - whole).abs() < 1e-6);
        // A path that ends on the street between them puts its end into both.
        let (u, v) = sides(&m.ring[right as usize]).find(|&(u, v)| m.street_of(u, v) == 7).unwrap();
        let middle = m.pos[u as usize].toward(m.pos[v as usize], 0.5);
        let before = m.ring[0].len();
        m.split(right, End::Side(u, v, middle), &[], End::Corner(2), 8).unwrap();
        assert_eq!(m.ring[0].len(), before + 1);
        for f in 0..3 {
            for (u, v) in sides(&m.ring[f]) {
                assert_eq!(m.left_of(u, v), Some(f as Face));
            }
            assert!(area(&m.shape(f as Face)) > 0.0);
        }
        assert!((total(&m) - whole).abs() < 1.0);
    }

    #[test]
    fn a_cut_along_a_side_is_refused() {
        let mut m = square();
        assert!(m.split(0, End::Corner(0), &[], End::Corner(1), 1).is_none());
        assert!(m.split(0, End::Corner(0), &[p(5.0, 5.0)], End::Corner(0), 1).is_none());
    }
}
