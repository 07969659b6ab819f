//! Whose ground is whose, where edges crossed that should not have, or slivers turned over.
//!
//! Projecting moves a corner by a hair's breadth, and where an area is no wider than that, over an edge:
//!
//! ```text
//!        │                     │
//!      1 │  7            1   ──┼─ .
//!     ───┘                   7?│1?       the ground between corner and edge is 7's by one edge,
//!        7                     │         and 1's by another
//! ```
//!
//! Rounding has made a vertex of the crossing, and a face of that ground. Here each face gets one owner: whom most
//! of its edges name. A face of any size has far more true edges than others; of those as small as a crossing
//! nobody can tell, and all tiles that see one tell the same.
//!
//! The border of the drawn box closes faces that go on beyond it. An island belongs to the face it lies in, which is
//! looked for to its west: one that turned over as a whole names its own ground as that around it.

use super::Edge;
use crate::{
    chain::{NOBODY, Owner},
    frame::{EAST, NORTH, Px, SOUTH, WEST},
};
use std::cmp::Ordering;

/// An edge seen from one of its ends, with the owner to its left.
#[derive(Clone, Copy)]
struct Half {
    from: Px,
    to: Px,
    left: Owner,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of an edge.
    Edge,
    /// Of the box's border, where no edge runs along it: it names nobody.
    Border,
    /// With the left outside the box.
    Outside,
}

/// Edges that agree on the owner of every face; those between two faces of one owner are gone. `whole` tells the
/// owner of what lies around islands in a box whose border no edge touches.
pub(super) fn agree(edges: Vec<Edge>, whole: impl FnOnce() -> Owner) -> Vec<Edge> {
    let mut halves = halves(&edges);
    let cycles = Cycles::new(&halves);
    let mut faces = Faces::new(&halves, &cycles);
    let owners = faces.owners(&halves, &cycles, whole);
    for (half, &cycle) in halves.iter_mut().zip(&cycles.of) {
        if let Some(owner) = owners[faces.root(cycle)].filter(|_| half.kind == Kind::Edge) {
            half.left = owner;
        }
    }
    let sides = halves.as_chunks::<2>().0;
    let agreed = edges.iter().zip(sides).map(|(e, [a, b])| Edge { left: a.left, right: b.left, ..*e });
    agreed.filter(|e| e.left != e.right).collect()
}

/// Two halves an edge, one after the other, so that the other one of `h` is `h ^ 1`; then those of the border.
fn halves(edges: &[Edge]) -> Vec<Half> {
    let mut halves: Vec<Half> = Vec::with_capacity(edges.len() * 2 + 16);
    let mut push = |from: Px, to: Px, left, right, kind| {
        let half = |from, to, left| {
            let kind = if is_outside(from, to) { Kind::Outside } else { kind };
            Half { from, to, left, kind }
        };
        halves.extend([half(from, to, left), half(to, from, right)]);
    };
    let corners = [(WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH)].map(|(x, y)| Px { x, y });
    let mut nodes: Vec<Px> = corners.to_vec();
    let mut along_border: Vec<(Px, Px)> = Vec::new();
    for e in edges {
        push(e.a, e.b, e.left, e.right, Kind::Edge);
        nodes.extend([e.a, e.b].into_iter().filter(|&p| is_on_border(p)));
        if is_outside(e.a, e.b) || is_outside(e.b, e.a) {
            along_border.push((e.a, e.b));
        }
    }
    along_border.sort_unstable();
    nodes.sort_unstable();
    nodes.dedup();
    // Each side from its west or south end; sorted as they are, columns and then rows go up.
    for (of_side, runs_inside_left) in [
        ((|p: Px| p.y == SOUTH) as fn(Px) -> bool, true),
        (|p| p.x == EAST, true),
        (|p| p.y == NORTH, false),
        (|p| p.x == WEST, false),
    ] {
        let side: Vec<Px> = nodes.iter().copied().filter(|&p| of_side(p)).collect();
        for pair in side.windows(2) {
            let (p, q) = if runs_inside_left { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
            if along_border.binary_search(&(pair[0], pair[1])).is_err() {
                push(p, q, NOBODY, NOBODY, Kind::Border);
            }
        }
    }
    halves
}

const fn is_on_border(p: Px) -> bool {
    p.x == WEST || p.x == EAST || p.y == SOUTH || p.y == NORTH
}

/// Whether what runs from `p` to `q` runs along the border with the outside to its left, clockwise.
const fn is_outside(p: Px, q: Px) -> bool {
    (p.y == SOUTH && q.y == SOUTH && q.x < p.x)
        || (p.y == NORTH && q.y == NORTH && q.x > p.x)
        || (p.x == WEST && q.x == WEST && q.y > p.y)
        || (p.x == EAST && q.x == EAST && q.y < p.y)
}

/// The halves, face to their left, one after the other until they close.
struct Cycles {
    /// The cycle of each half.
    of: Vec<usize>,
    /// The first half of each.
    first: Vec<usize>,
    next: Vec<usize>,
}

impl Cycles {
    fn new(halves: &[Half]) -> Self {
        let next = next(halves);
        let mut of = vec![usize::MAX; halves.len()];
        let mut first = Vec::new();
        for begin in 0..halves.len() {
            if of[begin] != usize::MAX {
                continue;
            }
            let mut at = begin;
            while of[at] == usize::MAX {
                of[at] = first.len();
                at = next[at];
            }
            first.push(begin);
        }
        Self { of, first, next }
    }

    fn halves(&self, cycle: usize) -> impl Iterator<Item = usize> + '_ {
        let first = self.first[cycle];
        let rest = std::iter::successors(Some(self.next[first]), |&h| Some(self.next[h]));
        std::iter::once(first).chain(rest.take_while(move |&h| h != first))
    }
}

/// Which cycles border one face: those of its islands besides its own.
struct Faces {
    /// Another cycle of the same face, or itself.
    same_as: Vec<usize>,
}

impl Faces {
    fn new(halves: &[Half], cycles: &Cycles) -> Self {
        let mut faces = Self { same_as: (0..cycles.first.len()).collect() };
        for cycle in 0..cycles.first.len() {
            let is_outside = cycles.halves(cycle).any(|h| halves[h].kind == Kind::Outside);
            let area: i64 = cycles.halves(cycle).map(|h| cross(halves[h].from, halves[h].to)).sum();
            if is_outside || area > 0 {
                continue;
            }
            // It runs around an island, or the island is but a line.
            let west = cycles.halves(cycle).map(|h| halves[h].from).min();
            if let Some(around) = west.and_then(|p| west_of(halves, p)) {
                let (a, b) = (faces.root(cycle), faces.root(cycles.of[around]));
                faces.same_as[a] = b;
            }
        }
        faces
    }

    /// The cycle that stands for all of its face.
    fn root(&mut self, cycle: usize) -> usize {
        let mut at = cycle;
        while self.same_as[at] != at {
            self.same_as[at] = self.same_as[self.same_as[at]];
            at = self.same_as[at];
        }
        at
    }

    /// Whom each face belongs to, under the cycle that stands for it: who is named most often, of equals the
    /// smallest. None outside the box.
    fn owners(
        &mut self,
        halves: &[Half],
        cycles: &Cycles,
        whole: impl FnOnce() -> Owner,
    ) -> Vec<Option<Owner>> {
        let edges = halves.iter().zip(&cycles.of).filter(|(half, _)| half.kind == Kind::Edge);
        let mut named: Vec<(usize, Owner)> = edges.map(|(h, &cycle)| (self.root(cycle), h.left)).collect();
        named.sort_unstable();
        let mut owners = vec![None; cycles.first.len()];
        for face in named.chunk_by(|a, b| a.0 == b.0) {
            // By owner, so that the first of equals is the smallest.
            let most = face.chunk_by(|a, b| a == b).rev().max_by_key(|same| same.len());
            owners[face[0].0] = most.map(|same| same[0].1);
        }
        for (half, &cycle) in halves.iter().zip(&cycles.of) {
            if half.kind == Kind::Outside {
                owners[self.root(cycle)] = None;
            }
        }
        // No edge at the border: all of it is in one cycle, and around every island.
        let border = halves.iter().zip(&cycles.of).find(|(h, _)| h.kind == Kind::Border);
        if let Some((_, &cycle)) = border
            && cycles.halves(cycle).all(|h| halves[h].kind == Kind::Border)
        {
            let root = self.root(cycle);
            owners[root] = owners[root].map(|_| whole());
        }
        owners
    }
}

/// The half whose left is met first when looking west from a position, a hair's breadth above its row.
fn west_of(halves: &[Half], p: Px) -> Option<usize> {
    // Going south, the left is in the east.
    let south = (0..halves.len()).filter(|&h| {
        let Half { from, to, .. } = halves[h];
        to.y <= p.y && p.y < from.y && from != p && to != p && cross_at(to, from, p) < 0
    });
    south.max_by(|&g, &h| east_of(&halves[g], &halves[h], p.y))
}

/// Compares where two halves that run south cross a row, a hair's breadth above it.
fn east_of(g: &Half, h: &Half, row: i32) -> Ordering {
    // x = to.x + (row − to.y) · run / rise, with rise > 0.
    let line = |half: &Half| {
        let (run, rise) = (i64::from(half.from.x - half.to.x), i64::from(half.from.y - half.to.y));
        (i64::from(half.to.x) * rise + i64::from(row - half.to.y) * run, run, rise)
    };
    let ((g, g_run, g_rise), (h, h_run, h_rise)) = (line(g), line(h));
    (g * h_rise).cmp(&(h * g_rise)).then_with(|| (g_run * h_rise).cmp(&(h_run * g_rise)))
}

/// Twice the area between an edge and the origin.
fn cross(a: Px, b: Px) -> i64 {
    i64::from(a.x) * i64::from(b.y) - i64::from(a.y) * i64::from(b.x)
}

/// Positive where `p` lies to the left of what runs from `a` to `b`.
fn cross_at(a: Px, b: Px, p: Px) -> i64 {
    let from_a = |q: Px| Px { x: q.x - a.x, y: q.y - a.y };
    cross(from_a(b), from_a(p))
}

/// For each half the next along the face to its left.
fn next(halves: &[Half]) -> Vec<usize> {
    let mut around: Vec<usize> = (0..halves.len()).collect();
    around.sort_unstable_by(|&g, &h| {
        let (g, h) = (&halves[g], &halves[h]);
        g.from.cmp(&h.from).then_with(|| by_angle(way(g), way(h)))
    });
    let mut next = vec![0; halves.len()];
    for spokes in around.chunk_by(|&g, &h| halves[g].from == halves[h].from) {
        for (i, &spoke) in spokes.iter().enumerate() {
            // Who comes in along this spoke goes out along the one clockwise of it.
            next[spoke ^ 1] = spokes[(i + spokes.len() - 1) % spokes.len()];
        }
    }
    next
}

fn way(h: &Half) -> (i64, i64) {
    (i64::from(h.to.x - h.from.x), i64::from(h.to.y - h.from.y))
}

/// Counter-clockwise from east.
fn by_angle(u: (i64, i64), v: (i64, i64)) -> Ordering {
    let is_lower = |w: (i64, i64)| w.1 < 0 || (w.1 == 0 && w.0 < 0);
    is_lower(u).cmp(&is_lower(v)).then_with(|| 0.cmp(&(u.0 * v.1 - u.1 * v.0)))
}
