//! Step *generalise*: fewer vertices for a zoom, on chains and never on polygons, so that neighbours
//! keep one common border; and never across anything, so that no border ends up on the wrong side of
//! another.
//!
//! Vertices go one by one, least visible first (Visvalingam & Whyatt 1993): what `b` contributes is
//! the triangle `a b c` with its present neighbours. It may go only when no other vertex, of any
//! chain, lies in that triangle:
//!
//! ```text
//!        b                      b
//!       ╱ ╲                    ╱ ╲
//!      ╱   ╲     b may go     ╱ v ╲      b must stay: the new edge a─c
//!     a·····c                a·····c     would pass v on the wrong side
//! ```
//!
//! Why that is enough: before the step no two edges cross. An edge that crosses `a c` without a vertex
//! in the triangle would have to leave through `a b` or `b c`, which it does not cross. So nothing
//! crosses after the step either, and no vertex changed sides. The ends of chains never move.

use crate::{chain::Chain, project::World};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Twice the area in square units of a zoom's lattice (4096 a tile) below which a vertex goes: a
/// triangle of 4 × 4 units, an eighth of a square pixel where a tile is drawn 512 pixels wide.
const FLAT: i128 = 16;

/// Zooms from here on show every vertex.
pub(crate) const DETAIL_ZOOM: u8 = 14;

/// The chains with fewer vertices for zoom `z`. Their number, order, ends and owners stay; a closed
/// chain keeps at least three different vertices.
pub(crate) fn generalise(chains: Vec<Chain<World>>, z: u8) -> Vec<Chain<World>> {
    if z >= DETAIL_ZOOM {
        return chains;
    }
    let unit = 1_i128 << (20 - z);
    let limit = FLAT * unit * unit;
    let mut field = Field::new(&chains);
    let mut first = 0;
    chains
        .into_iter()
        .map(|chain| {
            let kept = thin(&chain, &mut field, first, limit);
            first += chain.points.len();
            Chain { points: kept, ..chain }
        })
        .collect()
}

/// Thins one chain; its vertices have the numbers `first ..` in the field.
fn thin(chain: &Chain<World>, field: &mut Field, first: usize, limit: i128) -> Vec<World> {
    let points = &chain.points;
    let n = points.len();
    let mut left = n;
    let least = if chain.is_closed() { 4 } else { 2 };
    let (mut before, mut after): (Vec<usize>, Vec<usize>) =
        (0..n).map(|i| (i.saturating_sub(1), i + 1)).unzip();
    let mut heap = BinaryHeap::new();
    let area = |a: usize, b: usize, c: usize| cross(points[a], points[b], points[c]).abs();
    for b in 1..n.saturating_sub(1) {
        let size = area(b - 1, b, b + 1);
        if size < limit {
            heap.push(Reverse((size, b)));
        }
    }
    while let Some(Reverse((size, b))) = heap.pop() {
        if left <= least {
            break;
        }
        let (a, c) = (before[b], after[b]);
        // Entries of vertices that went, or whose neighbours changed since, are stale.
        if field.gone[first + b] || area(a, b, c) != size {
            continue;
        }
        if points[a] == points[c] || field.blocked(points[a], points[b], points[c], first + b) {
            continue;
        }
        field.gone[first + b] = true;
        (after[a], before[c]) = (c, a);
        left -= 1;
        for v in [a, c] {
            if v > 0 && v + 1 < n {
                let size = area(before[v], v, after[v]);
                if size < limit {
                    heap.push(Reverse((size, v)));
                }
            }
        }
    }
    (0..n).filter(|&i| !field.gone[first + i]).map(|i| points[i]).collect()
}

/// Twice the signed area of a triangle; the sign is opposite to that on the ground, since `y` runs
/// southwards.
fn cross(a: World, b: World, c: World) -> i128 {
    let d = |p: u32, q: u32| i64::from(q) - i64::from(p);
    let (ux, uy, vx, vy) = (d(a.x, b.x), d(a.y, b.y), d(a.x, c.x), d(a.y, c.y));
    i128::from(ux) * i128::from(vy) - i128::from(uy) * i128::from(vx)
}

/// All vertices of all chains in a table of cells, and which of them went.
struct Field {
    points: Vec<World>,
    gone: Vec<bool>,
    min: World,
    /// Cells are squares of 2^shift units.
    shift: u32,
    columns: usize,
    rows: usize,
    /// `members[starts[c] .. starts[c + 1]]` are the vertices of cell `c`.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Field {
    fn new(chains: &[Chain<World>]) -> Self {
        let points: Vec<World> = chains.iter().flat_map(|c| c.points.iter().copied()).collect();
        let min = World {
            x: points.iter().map(|p| p.x).min().unwrap_or(0),
            y: points.iter().map(|p| p.y).min().unwrap_or(0),
        };
        let span = |f: fn(&World) -> u32, min: u32| points.iter().map(|p| f(p) - min).max().unwrap_or(0);
        let (width, height) = (span(|p| p.x, min.x), span(|p| p.y, min.y));
        // The smallest square cells that need about as many cells as there are vertices.
        let cells =
            |shift: u32| ((width >> shift) as usize + 1).saturating_mul((height >> shift) as usize + 1);
        let shift = (0..32).find(|&s| cells(s) <= points.len() + 64).unwrap_or(31);
        let (columns, rows) = ((width >> shift) as usize + 1, (height >> shift) as usize + 1);
        let mut field = Self {
            gone: vec![false; points.len()],
            starts: vec![0; columns * rows + 1],
            members: vec![0; points.len()],
            points,
            min,
            shift,
            columns,
            rows,
        };
        for i in 0..field.points.len() {
            let cell = field.cell(field.points[i]);
            field.starts[cell + 1] += 1;
        }
        for c in 1..field.starts.len() {
            field.starts[c] += field.starts[c - 1];
        }
        let mut next = field.starts.clone();
        for i in 0..field.points.len() {
            let cell = field.cell(field.points[i]);
            field.members[next[cell] as usize] = i as u32;
            next[cell] += 1;
        }
        field
    }

    fn column(&self, x: u32) -> usize {
        (x.saturating_sub(self.min.x) >> self.shift) as usize
    }

    fn row(&self, y: u32) -> usize {
        (y.saturating_sub(self.min.y) >> self.shift) as usize
    }

    fn cell(&self, p: World) -> usize {
        self.row(p.y) * self.columns + self.column(p.x)
    }

    /// Whether a vertex other than the three corners lies in the closed triangle, or another vertex
    /// lies just where `b` (number `own`) is. Vertices that went do not count.
    fn blocked(&self, a: World, b: World, c: World, own: usize) -> bool {
        let range = |f: fn(&World) -> u32| {
            let v = [f(&a), f(&b), f(&c)];
            (v[0].min(v[1]).min(v[2]), v[0].max(v[1]).max(v[2]))
        };
        let ((x0, x1), (y0, y1)) = (range(|p| p.x), range(|p| p.y));
        for row in self.row(y0)..=self.row(y1).min(self.rows - 1) {
            let cells = row * self.columns;
            let (from, to) = (cells + self.column(x0), cells + self.column(x1).min(self.columns - 1));
            for &i in &self.members[self.starts[from] as usize..self.starts[to + 1] as usize] {
                let p = self.points[i as usize];
                if self.gone[i as usize] || i as usize == own || p == a || p == c {
                    continue;
                }
                if p.x < x0 || p.x > x1 || p.y < y0 || p.y > y1 {
                    continue;
                }
                let signs = [cross(a, b, p).signum(), cross(b, c, p).signum(), cross(c, a, p).signum()];
                if !(signs.contains(&1) && signs.contains(&-1)) {
                    return true;
                }
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn w(x: u32, y: u32) -> World {
        World { x, y }
    }

    fn line(points: &[(u32, u32)]) -> Chain<World> {
        Chain { points: points.iter().map(|&(x, y)| w(x, y)).collect(), left: 1, right: 2 }
    }

    #[test]
    fn drops_what_cannot_be_seen_and_keeps_what_can() {
        let u = 1 << 10; // one unit at zoom 10
        let chain = line(&[(0, 0), (50 * u, u / 8), (100 * u, 0), (150 * u, 60 * u), (200 * u, 0)]);
        let thinned = generalise(vec![chain.clone()], 10);
        assert_eq!(thinned[0].points, [w(0, 0), w(100 * u, 0), w(150 * u, 60 * u), w(200 * u, 0)]);
        assert_eq!(generalise(vec![chain.clone()], 14), [chain]);
    }

    #[test]
    fn does_not_jump_over_an_island() {
        let u = 1 << 10;
        let bump = line(&[(0, 0), (50 * u, 100), (100 * u, 0)]);
        let island = line(&[(50 * u, 50), (50 * u + 10, 50), (50 * u, 60), (50 * u, 50)]);
        assert_eq!(generalise(vec![bump.clone()], 10)[0].points.len(), 2);
        assert_eq!(generalise(vec![bump.clone(), island.clone()], 10), [bump, island]);
    }

    /// Whether two edges cross at inner points of both.
    fn crosses(a: World, b: World, c: World, d: World) -> bool {
        let s = |p, q, r| cross(p, q, r).signum();
        s(a, b, c) * s(a, b, d) < 0 && s(c, d, a) * s(c, d, b) < 0
    }

    proptest! {
        /// Wavy lines one above the other, close enough to touch each other's triangles.
        #[test]
        fn nothing_crosses(
            waves in prop::collection::vec(prop::collection::vec(0..60_u32, 20), 2..8), z in 5..14_u8,
        ) {
            let chains: Vec<_> = waves.iter().enumerate().map(|(row, wave)| {
                let points: Vec<_> = wave.iter().enumerate()
                    .map(|(i, h)| ((i as u32) * 37, 64 * row as u32 + h)).collect();
                line(&points)
            }).collect();
            let count = chains.len();
            let thinned = generalise(chains.clone(), z);
            prop_assert_eq!(thinned.len(), count);
            for (old, new) in chains.iter().zip(&thinned) {
                prop_assert_eq!((old.points.first(), old.points.last()), (new.points.first(), new.points.last()));
                let mut rest = old.points.iter();
                prop_assert!(new.points.iter().all(|p| rest.any(|q| q == p)), "a vertex was invented");
            }
            let edges: Vec<_> = thinned.iter().flat_map(|c| c.points.windows(2)).collect();
            for (i, e) in edges.iter().enumerate() {
                for f in &edges[..i] {
                    prop_assert!(!crosses(e[0], e[1], f[0], f[1]));
                }
            }
        }
    }
}
