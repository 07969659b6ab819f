//! Step *select*: the edges that a tile needs, out of all chains of a layer.

use crate::{
    chain::{Chain, NOBODY, Owner},
    frame::Frame,
    packed_tree::{PackedTree, Rect},
    project::World,
};

/// Edges in one entry of the index: a compromise between a small tree and few edges looked at in vain.
const RUN: usize = 24;

/// Runs that count as few: about a thousand edges.
const FEW: usize = 40;

/// One edge of a chain with the owners on its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub a: World,
    pub b: World,
    pub left: Owner,
    pub right: Owner,
}

/// All chains of a layer for one zoom (or for all detailed zooms), found by place.
pub(crate) struct LineWork {
    points: Vec<World>,
    runs: PackedTree<Run>,
}

/// Up to [`RUN`] consecutive edges of one chain: `points[first ..= last]`.
struct Run {
    first: u32,
    last: u32,
    left: Owner,
    right: Owner,
}

impl LineWork {
    /// Indexes the chains.
    pub fn new(chains: &[Chain<World>]) -> Self {
        let mut points: Vec<World> = Vec::with_capacity(chains.iter().map(|c| c.points.len()).sum());
        let mut runs = Vec::new();
        for chain in chains {
            let base = points.len();
            points.extend(&chain.points);
            let mut first = base;
            while first + 1 < points.len() {
                let last = (first + RUN).min(points.len() - 1);
                let part = &points[first..=last];
                let rect = Rect::around(part.iter().map(|p| [p.x, p.y]));
                let (left, right) = (chain.left, chain.right);
                runs.push((rect, Run { first: first as u32, last: last as u32, left, right }));
                first = last;
            }
        }
        let mut runs = PackedTree::new(runs);
        // In the order of the tree, so that a tile reads few pages of memory. Runs that went on from each other have
        // the vertex between them twice.
        let mut in_order: Vec<World> = Vec::with_capacity(points.len() + points.len() / RUN);
        for run in runs.items_mut() {
            let first = in_order.len() as u32;
            in_order.extend(&points[run.first as usize..=run.last as usize]);
            (run.first, run.last) = (first, in_order.len() as u32 - 1);
        }
        Self { points: in_order, runs }
    }

    /// Every edge whose box touches the box from `min` to `max` (world units, `[x, y]`).
    pub fn select(&self, min: [i64; 2], max: [i64; 2]) -> Vec<Segment> {
        let mut out = Vec::new();
        let Some(wanted) = Rect::within_world(min, max) else { return out };
        self.runs.each_in(wanted, |run| {
            for pair in self.points[run.first as usize..=run.last as usize].windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let edge = Rect { min: [a.x.min(b.x), a.y.min(b.y)], max: [a.x.max(b.x), a.y.max(b.y)] };
                if edge.meets(wanted) {
                    out.push(Segment { a, b, left: run.left, right: run.right });
                }
            }
            true
        });
        out
    }

    /// Calls `f` with the ends of each edge, and with who has the ground to its left and to its right.
    pub fn each_edge(&self, mut f: impl FnMut(World, World, Owner, Owner)) {
        for run in self.runs.items() {
            for pair in self.points[run.first as usize..=run.last as usize].windows(2) {
                f(pair[0], pair[1], run.left, run.right);
            }
        }
    }

    /// Whether no more than about a thousand edges touch the box.
    pub fn has_few(&self, min: [i64; 2], max: [i64; 2]) -> bool {
        let mut runs = 0;
        if let Some(wanted) = Rect::within_world(min, max) {
            self.runs.each_in(wanted, |_| {
                runs += 1;
                runs <= FEW
            });
        }
        runs <= FEW
    }

    /// The owner of a tile's drawn box whose border no edge touches.
    pub fn whole(&self, frame: &Frame) -> Owner {
        let [first, second, third] = frame.probes();
        let owner = |probe| self.owner_at(probe).unwrap_or(NOBODY);
        let (a, b) = (owner(first), owner(second));
        if a == b {
            return a;
        }
        // Two of three agree but in the most contrived case.
        let mut owners = [a, b, owner(third)];
        owners.sort_unstable();
        owners[1]
    }

    /// The owner of the ground at a place that lies on no edge: looks eastwards for the nearest edge.
    /// `place` is given in half units, `y` odd, so that no vertex lies exactly at its height.
    pub fn owner_at(&self, place: [i64; 2]) -> Option<Owner> {
        debug_assert!(place[1] % 2 != 0);
        let row = place[1].div_euclid(2);
        let mut nearest: Option<(Crossing, Owner)> = None;
        let east = [i64::from(u32::MAX), row + 1];
        for s in self.select([place[0].div_euclid(2), row], east) {
            let half = |v: u32| i64::from(v) * 2;
            let (ay, by) = (half(s.a.y), half(s.b.y));
            if (ay < place[1]) == (by < place[1]) {
                continue;
            }
            // From the northern end down: `left` of an edge that runs south lies to the east.
            let (north, south, west_side) = if ay < by { (s.a, s.b, s.right) } else { (s.b, s.a, s.left) };
            let at = Crossing::new(north, south, place[1]);
            // Of rings that lie side by side, such as two faults', the one that has the ground here.
            let is_nearer = |(best, owner): &(Crossing, Owner)| {
                at.is_west_of(best) || *owner == NOBODY && !best.is_west_of(&at)
            };
            if at.is_east_of(place[0]) && nearest.as_ref().is_none_or(is_nearer) {
                nearest = Some((at, west_side));
            }
        }
        nearest.map(|(_, owner)| owner)
    }
}

/// Where an edge crosses a height: `x = num / den` half units, `den > 0`.
struct Crossing {
    num: i128,
    den: i128,
}

impl Crossing {
    fn new(north: World, south: World, height: i64) -> Self {
        let half = |v: u32| i128::from(v) * 2;
        let den = half(south.y) - half(north.y);
        let num =
            half(north.x) * den + (half(south.x) - half(north.x)) * (i128::from(height) - half(north.y));
        Self { num, den }
    }

    fn is_east_of(&self, x: i64) -> bool {
        self.num > i128::from(x) * self.den
    }

    fn is_west_of(&self, other: &Self) -> bool {
        // num < 2^67 and den < 2^33.
        self.num * other.den < other.num * self.den
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::NOBODY;

    fn w(x: u32, y: u32) -> World {
        World { x, y }
    }

    /// Two squares side by side, 1 in the west and 2 in the east, seen with y southwards.
    fn squares() -> LineWork {
        let shared = Chain { points: vec![w(200, 100), w(200, 200)], left: 2, right: 1 };
        let west = Chain {
            points: vec![w(200, 100), w(100, 100), w(100, 200), w(200, 200)],
            left: 1,
            right: NOBODY,
        };
        let east = Chain {
            points: vec![w(200, 200), w(300, 200), w(300, 100), w(200, 100)],
            left: 2,
            right: NOBODY,
        };
        LineWork::new(&[shared, west, east])
    }

    #[test]
    fn finds_the_owner() {
        let work = squares();
        assert_eq!(work.owner_at([2 * 150, 301]), Some(1));
        assert_eq!(work.owner_at([2 * 250, 301]), Some(2));
        assert_eq!(work.owner_at([2 * 50, 301]), Some(NOBODY));
        assert_eq!(work.owner_at([2 * 350, 301]), None);
        assert_eq!(work.owner_at([2 * 150, 99]), None);
    }

    /// 1 lies west and south of 2; the tree has 2 first.
    #[test]
    fn rings_side_by_side_each_have_their_ground() {
        let ring = |corners: &[(u32, u32)], owner: Owner| {
            let points = corners.iter().chain(&corners[..1]).map(|&(x, y)| w(x, y)).collect();
            Chain { points, left: owner, right: NOBODY }
        };
        let one = [(100, 100), (100, 400), (500, 400), (500, 250), (200, 250), (200, 100)];
        let two = [(200, 100), (200, 200), (300, 200), (300, 100)];
        let work = LineWork::new(&[ring(&one, 1), ring(&two, 2)]);
        assert_eq!(work.owner_at([2 * 150, 301]), Some(1));
        assert_eq!(work.owner_at([2 * 250, 301]), Some(2));
    }

    #[test]
    fn selects_by_box() {
        let work = squares();
        assert_eq!(
            work.select([190, 140], [210, 150]),
            [Segment { a: w(200, 100), b: w(200, 200), left: 2, right: 1 }]
        );
        assert_eq!(work.select([0, 0], [1000, 1000]).len(), 7);
        assert!(work.select([120, 120], [180, 180]).is_empty());
    }

    #[test]
    fn long_chains_are_cut_into_runs() {
        let points: Vec<_> = (0..1000).map(|i| w(i * 10, i % 7)).collect();
        let work = LineWork::new(&[Chain { points, left: 1, right: 2 }]);
        assert_eq!(work.select([0, 0], [20_000, 10]).len(), 999);
        assert_eq!(work.select([5001, 0], [5009, 10]).len(), 1);
    }
}
