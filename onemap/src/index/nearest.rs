//! The nearest points: best first, until nothing that is left can be nearer.

use super::{
    metric::{self, Plane, SLACK},
    packed::{FANOUT, Group, Leaf, PackedIndex},
};
use crate::{Bounds, E7, geodesic};
use std::{cmp::Reverse, collections::BinaryHeap, convert::Infallible, ops::ControlFlow};

impl PackedIndex {
    /// The `k` points nearest to `at` that `keep` accepts, nearest first, with their distance in
    /// metres ([`geodesic::distance_m`]); points at the same distance by id.
    pub fn nearest(&self, at: E7, k: usize, mut keep: impl FnMut(u32) -> bool) -> Vec<(u32, f64)> {
        match self.nearest_until(at, k, |id| ControlFlow::<Infallible, bool>::Continue(keep(id))) {
            ControlFlow::Continue(found) => found,
        }
    }

    /// The same until `keep` breaks. It is asked about every point that is near enough so far.
    pub fn nearest_until<B>(
        &self,
        at: E7,
        k: usize,
        mut keep: impl FnMut(u32) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B, Vec<(u32, f64)>> {
        let k = k.min(self.len());
        if k == 0 {
            return ControlFlow::Continue(Vec::new());
        }
        if let Some(plane) = Plane::at(at) {
            let mut found = Found::new(at, k);
            self.search(&Near::new(at, &plane), &mut found, &mut keep)?;
            if found.worst < plane.reach() {
                return ControlFlow::Continue(found.sorted());
            }
        }
        let mut found = Found::new(at, k);
        self.search(&Far(at), &mut found, &mut keep)?;
        ControlFlow::Continue(found.sorted())
    }

    fn search<B>(
        &self,
        estimate: &impl Estimate,
        found: &mut Found,
        keep: &mut impl FnMut(u32) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B> {
        // Leaves by their number, groups by theirs after those: the nearest first, and of those that
        // are as near the first. Numbers stay below 2³² since there are at most 2²⁸ leaves.
        let leaves = self.leaves.len();
        let mut todo: BinaryHeap<Reverse<(u32, u32)>> = BinaryHeap::with_capacity(128);
        let (mut level, mut n) = (self.top(), 0);
        let mut limit = estimate.limit(found.worst);
        loop {
            let first = n * FANOUT;
            let near = estimate.boxes(&self.groups[self.levels[level] + n]);
            let below = if level == 0 { 0 } else { leaves + self.levels[level - 1] };
            for (i, &near) in near.iter().enumerate().take(self.width(level) - first) {
                if near <= limit {
                    // Of floats that are not negative the bits have the same order.
                    todo.push(Reverse((near.to_bits(), (below + first + i) as u32)));
                }
            }
            // Leaves until a group is next.
            loop {
                let Some(Reverse((near, node))) = todo.pop() else {
                    return ControlFlow::Continue(());
                };
                if f32::from_bits(near) > limit {
                    return ControlFlow::Continue(());
                }
                let node = node as usize;
                if node >= leaves {
                    let group = node - leaves;
                    level = self.levels.partition_point(|&start| start <= group) - 1;
                    n = group - self.levels[level];
                    break;
                }
                self.search_leaf(node, limit, estimate, found, keep)?;
                limit = estimate.limit(found.worst);
            }
        }
    }

    fn search_leaf<B>(
        &self,
        node: usize,
        limit: f32,
        estimate: &impl Estimate,
        found: &mut Found,
        keep: &mut impl FnMut(u32) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B> {
        let leaf = &self.leaves[node];
        let near = estimate.points(leaf);
        let first = node * FANOUT;
        for (i, &id) in self.ids[first..(first + FANOUT).min(self.len())].iter().enumerate() {
            if near[i] <= limit {
                let metres = found.distance(leaf.point(i));
                if found.wants(metres, id) && keep(id)? {
                    found.put(metres, id);
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// What is found so far.
struct Found {
    at: E7,
    k: usize,
    /// Farthest first; at the same distance the highest id.
    best: BinaryHeap<(Metres, u32)>,
    /// Distance beyond which nothing is wanted.
    worst: f64,
    /// Many points may lie at one place.
    last: Option<(E7, f64)>,
}

impl Found {
    fn new(at: E7, k: usize) -> Self {
        let best = BinaryHeap::with_capacity(k.min(1024) + 1);
        Self { at, k, best, worst: f64::INFINITY, last: None }
    }

    fn distance(&mut self, p: E7) -> f64 {
        match self.last {
            Some((last, metres)) if last == p => metres,
            _ => {
                let metres = geodesic::distance_m(self.at, p);
                self.last = Some((p, metres));
                metres
            }
        }
    }

    fn wants(&self, metres: f64, id: u32) -> bool {
        self.best.len() < self.k || self.best.peek().is_some_and(|&worst| (Metres(metres), id) < worst)
    }

    fn put(&mut self, metres: f64, id: u32) {
        self.best.push((Metres(metres), id));
        if self.best.len() > self.k {
            self.best.pop();
        }
        if self.best.len() == self.k
            && let Some(worst) = self.best.peek()
        {
            self.worst = worst.0.0;
        }
    }

    fn sorted(self) -> Vec<(u32, f64)> {
        self.best.into_sorted_vec().into_iter().map(|(metres, id)| (id, metres.0)).collect()
    }
}

/// A distance, which is never NaN, so that it can be sorted by.
#[derive(Clone, Copy, PartialEq)]
struct Metres(f64);

impl Eq for Metres {}

impl Ord for Metres {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Metres {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Numbers by which what is far is told from what may be near: the larger the farther.
trait Estimate {
    /// Of boxes: no larger than that of any position in the box.
    fn boxes(&self, group: &Group) -> [f32; FANOUT];

    /// Of points.
    fn points(&self, leaf: &Leaf) -> [f32; FANOUT];

    /// What has a larger number lies farther away than so many metres, or is not looked for.
    fn limit(&self, metres: f64) -> f32;
}

/// In the plane around the position: squared distances. Positions outside the window of the plane count
/// as on its border, which is nearer than they are: going on along a parallel, or from there along a
/// meridian, leads away.
struct Near {
    at: E7,
    window: Bounds,
    east: f32,
    north: f32,
    reach: f64,
}

impl Near {
    fn new(at: E7, plane: &Plane) -> Self {
        let (east, north) = plane.metres_per_unit();
        Self { at, window: plane.window(), east: east as f32, north: north as f32, reach: plane.reach() }
    }

    #[inline]
    fn square(&self, lon: i32, lat: i32) -> f32 {
        // At most 10⁶ units, which a float holds exactly.
        let (x, y) = ((lon - self.at.lon) as f32 * self.east, (lat - self.at.lat) as f32 * self.north);
        x * x + y * y
    }
}

impl Estimate for Near {
    #[inline]
    fn boxes(&self, g: &Group) -> [f32; FANOUT] {
        let Bounds { min, max } = self.window;
        std::array::from_fn(|i| {
            let lon = self.at.lon.max(g.west[i]).min(g.east[i]).clamp(min.lon, max.lon);
            let lat = self.at.lat.max(g.south[i]).min(g.north[i]).clamp(min.lat, max.lat);
            self.square(lon, lat)
        })
    }

    #[inline]
    fn points(&self, leaf: &Leaf) -> [f32; FANOUT] {
        let Bounds { min, max } = self.window;
        std::array::from_fn(|i| {
            self.square(leaf.lon[i].clamp(min.lon, max.lon), leaf.lat[i].clamp(min.lat, max.lat))
        })
    }

    fn limit(&self, metres: f64) -> f32 {
        let farthest = metres.min(self.reach) / (1.0 - SLACK);
        // A float is off by much less than the slack.
        (farthest * farthest) as f32
    }
}

/// Anywhere on the globe: metres.
struct Far(E7);

impl Estimate for Far {
    fn boxes(&self, g: &Group) -> [f32; FANOUT] {
        std::array::from_fn(|i| metric::least_m(self.0, &g.get(i)) as f32)
    }

    fn points(&self, _: &Leaf) -> [f32; FANOUT] {
        [0.0; FANOUT]
    }

    fn limit(&self, metres: f64) -> f32 {
        (metres * 1.000_001) as f32
    }
}
