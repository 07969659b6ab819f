//! A packed R-tree over points: Hilbert-sorted, built once, without a pointer.
//!
//! Points lie in the order of the curve; every 16 of them make a leaf, every 16 nodes a node of the
//! next level. A node's points are a contiguous run, so how many they are is arithmetic: counting in a
//! box costs the nodes on its border, not the points inside.

use super::{hilbert, polygon};
use crate::{Bounds, E7, MultiPolygon, geodesic};
use rayon::prelude::*;
use std::ops::Range;

/// Children of a node.
const FANOUT: usize = 16;

/// A packed R-tree; ids are the positions of the points it was built from.
#[derive(Clone, Debug, Default)]
pub struct PackedIndex {
    points: Vec<E7>,
    ids: Vec<u32>,
    /// Boxes of all levels, leaves first, the root last.
    boxes: Vec<Bounds>,
    /// Where each level begins in `boxes`.
    levels: Vec<usize>,
}

/// How a box lies to what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Outside,
    Inside,
    Across,
}

impl PackedIndex {
    /// Indexes points; at most 2³².
    pub fn build(points: &[E7]) -> Self {
        let bounds = Bounds::of(points);
        let mut keyed: Vec<(u32, u32)> =
            points.par_iter().enumerate().map(|(i, p)| (hilbert::key(*p, &bounds), i as u32)).collect();
        keyed.par_sort_unstable();
        let ids: Vec<u32> = keyed.into_iter().map(|k| k.1).collect();
        let points: Vec<E7> = ids.iter().map(|&i| points[i as usize]).collect();
        let mut boxes: Vec<Bounds> = points.chunks(FANOUT).map(Bounds::of).collect();
        let mut levels = vec![0];
        let mut first = 0;
        while boxes.len() - first > 1 {
            let next: Vec<Bounds> = boxes[first..]
                .chunks(FANOUT)
                .map(|c| c.iter().fold(Bounds::EMPTY, |b, o| b.join(*o)))
                .collect();
            first = boxes.len();
            levels.push(first);
            boxes.extend(next);
        }
        Self { points, ids, boxes, levels }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The box around all points.
    pub fn bounds(&self) -> Bounds {
        self.boxes.last().copied().unwrap_or(Bounds::EMPTY)
    }

    /// Calls `f` with the id of every point in the box or on its border, in no particular order.
    pub fn in_box(&self, bounds: &Bounds, mut f: impl FnMut(u32)) {
        self.visit(
            |b| relation(b, bounds),
            |p| bounds.contains(p),
            |run| self.ids[run].iter().for_each(|&i| f(i)),
        );
    }

    /// How many points lie in the box or on its border.
    pub fn count_in_box(&self, bounds: &Bounds) -> u64 {
        let mut n = 0;
        self.visit(|b| relation(b, bounds), |p| bounds.contains(p), |run| n += run.len() as u64);
        n
    }

    /// Calls `f` with the id of every point in the ground, by the rule for borders of
    /// [`crate::overlay::Overlay::locate`].
    pub fn in_polygon(&self, ground: &MultiPolygon, mut f: impl FnMut(u32)) {
        let test = polygon::Tester::new(ground);
        self.visit(
            |b| test.relation(b),
            |p| test.contains(p),
            |run| self.ids[run].iter().for_each(|&i| f(i)),
        );
    }

    /// The `k` points nearest to `at` that `keep` accepts, nearest first, with their distance in
    /// metres; points at the same distance by id.
    pub fn nearest(&self, at: E7, k: usize, mut keep: impl FnMut(u32) -> bool) -> Vec<(u32, f64)> {
        let k = k.min(self.len());
        if k == 0 {
            return Vec::new();
        }
        let mut radius_m = 50.0;
        loop {
            let window = around(at, radius_m);
            let mut found: Vec<usize> = Vec::new();
            self.visit(
                |b| relation(b, &window),
                |p| window.contains(p),
                |run| found.extend(run.filter(|&slot| keep(self.ids[slot]))),
            );
            // Everything within the radius lies in the window; what lies in its corners may have
            // nearer ones outside it and does not count yet.
            let all = window.covers(&self.bounds());
            if found.len() >= k || all {
                let mut near: Vec<(u32, f64)> = found
                    .into_iter()
                    .map(|slot| (self.ids[slot], geodesic::distance_m(at, self.points[slot])))
                    .collect();
                near.retain(|n| all || n.1 <= radius_m);
                if near.len() >= k || all {
                    near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
                    near.truncate(k);
                    return near;
                }
            }
            radius_m *= 2.0;
        }
    }

    /// Walks the tree: skips nodes outside, gives out whole runs of slots inside, tests points across.
    fn visit(
        &self,
        relation: impl Fn(&Bounds) -> Relation,
        contains: impl Fn(E7) -> bool,
        mut f: impl FnMut(Range<usize>),
    ) {
        if self.is_empty() {
            return;
        }
        // A stack of (level, node within the level).
        let mut todo = vec![(self.levels.len() - 1, 0_usize)];
        while let Some((level, node)) = todo.pop() {
            let run = self.run(level, node);
            match relation(&self.boxes[self.levels[level] + node]) {
                Relation::Outside => {}
                Relation::Inside => f(run),
                Relation::Across if level == 0 => {
                    for slot in run {
                        if contains(self.points[slot]) {
                            f(slot..slot + 1);
                        }
                    }
                }
                Relation::Across => {
                    let first = node * FANOUT;
                    let width = self.levels[level] - self.levels[level - 1];
                    todo.extend((first..(first + FANOUT).min(width)).map(|n| (level - 1, n)));
                }
            }
        }
    }

    /// The points under a node: a contiguous run.
    fn run(&self, level: usize, node: usize) -> Range<usize> {
        let each = FANOUT.pow(level as u32 + 1);
        node * each..((node + 1) * each).min(self.ids.len())
    }
}

fn relation(node: &Bounds, window: &Bounds) -> Relation {
    if !window.intersects(node) {
        Relation::Outside
    } else if window.covers(node) {
        Relation::Inside
    } else {
        Relation::Across
    }
}

/// A box that holds everything within so many metres.
pub(crate) fn around(at: E7, radius_m: f64) -> Bounds {
    // A degree of latitude is never shorter than 110 574 m, one of longitude never shorter than
    // 111 319 m times the cosine of the latitude nearest to a pole.
    let lat = radius_m / 110_574.0;
    let most = (at.lat_degrees().abs() + lat).min(89.999);
    let lon = (radius_m / (111_319.0 * most.to_radians().cos())).min(360.0);
    let step = |v: i32, d: f64| (f64::from(v) + d * crate::e7::UNITS_PER_DEGREE).clamp(-2e9, 2e9) as i32;
    Bounds {
        min: E7::new(step(at.lon, -lon) - 1, step(at.lat, -lat) - 1),
        max: E7::new(step(at.lon, lon) + 1, step(at.lat, lat) + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Polygon;
    use proptest::prelude::*;

    fn points() -> impl Strategy<Value = Vec<E7>> {
        // Few distinct places, so that many points share one.
        prop::collection::vec((0..60_i32, 0..60_i32).prop_map(|(x, y)| E7::new(x * 1000, y * 1000)), 0..600)
    }

    proptest! {
        #[test]
        fn boxes_find_what_a_scan_finds(points in points(), x in 0..60_i32, y in 0..60_i32, w in 0..60_i32, h in 0..60_i32) {
            let index = PackedIndex::build(&points);
            let b = Bounds { min: E7::new(x * 1000, y * 1000), max: E7::new((x + w) * 1000, (y + h) * 1000) };
            let mut found = Vec::new();
            index.in_box(&b, |i| found.push(i));
            found.sort_unstable();
            let expected: Vec<u32> = (0..points.len() as u32).filter(|&i| b.contains(points[i as usize])).collect();
            prop_assert_eq!(index.count_in_box(&b), expected.len() as u64);
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn nearest_is_nearest(points in points(), x in 0..60_000_i32, y in 0..60_000_i32, k in 0..20_usize) {
            let index = PackedIndex::build(&points);
            let at = E7::new(x, y);
            let mut expected: Vec<(u32, f64)> =
                (0..points.len() as u32).map(|i| (i, geodesic::distance_m(at, points[i as usize]))).collect();
            expected.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            expected.truncate(k);
            prop_assert_eq!(index.nearest(at, k, |_| true), expected);
        }

        #[test]
        fn polygons_find_what_a_scan_finds(points in points(), ring in prop::collection::vec((0..60_i32, 0..60_i32), 3..9)) {
            let index = PackedIndex::build(&points);
            let exterior: Vec<E7> = ring.iter().map(|&(x, y)| E7::new(x * 1000, y * 1000)).collect();
            let ground = MultiPolygon(vec![Polygon { exterior, holes: vec![] }]);
            let test = polygon::Tester::new(&ground);
            let mut found = Vec::new();
            index.in_polygon(&ground, |i| found.push(i));
            found.sort_unstable();
            let expected: Vec<u32> = (0..points.len() as u32).filter(|&i| test.contains(points[i as usize])).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
