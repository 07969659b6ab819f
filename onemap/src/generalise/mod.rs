//! Fewer vertices for a coarser view, on border chains and never on polygons, so that neighbours keep
//! one common border; and never across anything, so that what was a coverage stays one.
//!
//! Vertices go one by one, least visible first (Visvalingam & Whyatt 1993, "Line generalisation by
//! repeated elimination of points"): what `b` contributes is the triangle `a b c` with its present
//! neighbours. It stays, however small that is, where its going would change more than the line:
//!
//! ```text
//!        b                    b                        b
//!       ╱ ╲                  ╱ ╲                     ╱   ╲
//!      ╱   ╲   b may go     ╱ v ╲   b must stay:    a─────c   b must stay: the chain
//!     a·····c              a·····c  a─c would                 below runs a─c already,
//!                                   pass v on the             the area between would
//!                                   wrong side                be gone
//! ```
//!
//! What this guarantees, for chains that meet at their ends only and do not cross:
//!
//! - Nothing crosses or overlaps afterwards. Were an edge to cross `a─c` without a vertex in the
//!   triangle, it would have to leave it through `a─b` or `b─c`, which nothing crosses. Were one to lie
//!   along `a─c`, an end of it would lie in the closed triangle, or it would be `a─c` itself.
//! - So every step only pushes a line over empty ground: each face keeps its neighbours, its holes and
//!   some ground. A coverage remains a coverage, with every area of it.
//! - Ends of chains stay, no vertex is invented, and those that stay keep their order.
//!
//! - [`chain`]: chains, and joining them where no third one meets.
//! - `field`: which vertices are near; whether one lies in a triangle.

mod chain;
mod field;
#[cfg(test)]
mod tests;

pub use chain::{Chain, join};

use field::Field;
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
    hash::Hash,
};

/// A position on some integer lattice: the core's [`E7`](crate::E7), or that of a map projection.
/// Coordinates must fit 33 bits with their sign.
pub trait Lattice: Copy + Ord + Hash {
    /// The two coordinates, in any order and direction.
    fn xy(self) -> [i64; 2];
}

impl Lattice for crate::E7 {
    fn xy(self) -> [i64; 2] {
        [self.lon.into(), self.lat.into()]
    }
}

/// The chains with fewer vertices. Their number, order, ends and owners stay.
///
/// `tolerance` is in units of the lattice: a vertex may go while its triangle is smaller than half a
/// square of that side. That is an area, not a distance: of a wide bend less than `tolerance` is cut
/// off, of a spike narrower than `tolerance` more. 0 keeps everything.
pub fn generalise<P: Lattice, K>(chains: Vec<Chain<P, K>>, tolerance: u32) -> Vec<Chain<P, K>> {
    if tolerance == 0 {
        return chains;
    }
    let mut thinner = Thinner {
        limit: u64::from(tolerance).pow(2),
        field: Field::new(chains.iter().flat_map(|c| &c.points).map(|p| p.xy()).collect()),
        straight: chains.iter().filter(|c| c.points.len() == 2).map(|c| ends(&c.points)).collect(),
        heap: BinaryHeap::new(),
    };
    let mut first = 0;
    chains
        .into_iter()
        .map(|chain| {
            let points = thinner.thin(&chain.points, first);
            first += chain.points.len();
            Chain { points, ..chain }
        })
        .collect()
}

/// The two ends of a chain, smaller first.
fn ends<P: Lattice>(points: &[P]) -> (P, P) {
    // Only called with two points or more; an empty chain would have no ends to compare.
    let (a, b) = (points[0], points[points.len() - 1]);
    (a.min(b), a.max(b))
}

struct Thinner<P> {
    /// Twice the area below which a triangle is not worth its vertex.
    limit: u64,
    field: Field,
    /// The ends of every chain that is one edge by now: no second one may become that edge.
    straight: HashSet<(P, P)>,
    /// (Twice the area of its triangle, vertex); empty between chains.
    heap: BinaryHeap<Reverse<(u64, usize)>>,
}

impl<P: Lattice> Thinner<P> {
    /// Thins one chain, whose vertices have the numbers `first ..` in the field.
    fn thin(&mut self, points: &[P], first: usize) -> Vec<P> {
        let n = points.len();
        // A ring needs three corners, and repeats the first.
        let least = if points.first() == points.last() { 4 } else { 2 };
        if n <= least {
            return points.to_vec();
        }
        let size = |a: usize, b: usize, c: usize| cross(points[a].xy(), points[b].xy(), points[c].xy());
        let mut left = n;
        let (mut before, mut after): (Vec<usize>, Vec<usize>) =
            (0..n).map(|i| (i.saturating_sub(1), i + 1)).unzip();
        for b in 1..n - 1 {
            self.offer(size(b - 1, b, b + 1), b);
        }
        while let Some(Reverse((offered, b))) = self.heap.pop() {
            let (a, c) = (before[b], after[b]);
            // Offers of vertices that went, or whose neighbours changed since, are stale.
            if left <= least
                || self.field.is_gone(first + b)
                || size(a, b, c).unsigned_abs() != u128::from(offered)
                || points[a] == points[c]
                || self.field.is_blocked([points[a], points[b], points[c]].map(P::xy), first + b)
            {
                continue;
            }
            if left == 3 && !self.straight.insert(ends(points)) {
                continue;
            }
            self.field.remove(first + b);
            (after[a], before[c]) = (c, a);
            left -= 1;
            for v in [a, c] {
                if v > 0 && v + 1 < n {
                    self.offer(size(before[v], v, after[v]), v);
                }
            }
        }
        (0..n).filter(|&i| !self.field.is_gone(first + i)).map(|i| points[i]).collect()
    }

    fn offer(&mut self, size: i128, vertex: usize) {
        if let Ok(size) = u64::try_from(size.unsigned_abs())
            && size < self.limit
        {
            self.heap.push(Reverse((size, vertex)));
        }
    }
}

/// Twice the signed area of a triangle. Exact.
fn cross(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i128 {
    let (ux, uy, vx, vy) = (b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]);
    const SMALL: i64 = 1 << 30;
    if [ux, uy, vx, vy].iter().all(|d| d.abs() < SMALL) {
        return i128::from(ux * vy - uy * vx);
    }
    i128::from(ux) * i128::from(vy) - i128::from(uy) * i128::from(vx)
}
