//! The nearest points: on every level the nearest box first, until none that is left can be nearer.
//!
//! A first pass goes by numbers that cost little and are nearly in the order of the distances
//! ([`Estimate`]); what it leaves, hardly more than was asked for, is measured.

use super::{
    metric::{self, Plane, SLACK},
    packed::{FANOUT, Group, Leaf, PackedIndex},
};
use crate::{Bounds, E7, geodesic};
use std::{collections::BinaryHeap, convert::Infallible, ops::ControlFlow};

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
            let near = self.nearest_by(&Near::new(at, &plane), at, k, &mut keep)?;
            if near.len() == k && near.last().is_some_and(|n| n.1 < plane.reach()) {
                return ControlFlow::Continue(near);
            }
        }
        self.nearest_by(&Far(at), at, k, &mut keep)
    }

    fn nearest_by<B, E: Estimate>(
        &self,
        estimate: &E,
        at: E7,
        k: usize,
        keep: &mut impl FnMut(u32) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B, Vec<(u32, f64)>> {
        let mut rough = Rough::new(estimate, k);
        self.search(self.top(), 0, &mut rough, keep)?;
        ControlFlow::Continue(rough.measured(at, &self.ids))
    }

    /// Goes through a group, the nearest box first: the first leaf is mostly the right one, and after
    /// it few boxes are near enough.
    fn search<B, E: Estimate>(
        &self,
        level: usize,
        n: usize,
        rough: &mut Rough<'_, E>,
        keep: &mut impl FnMut(u32) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B> {
        let first = n * FANOUT;
        let there = self.width(level) - first;
        let near = rough.estimate.boxes(&self.groups[self.levels[level] + n]);
        // Of floats that are not negative the bits have the same order; the last four of them make
        // room for whose they are. Compared so, no branch is guessed.
        let mut order: [u32; FANOUT] = std::array::from_fn(|i| {
            let number = if i < there { near[i] } else { f32::INFINITY };
            (number.to_bits() & !15) | i as u32
        });
        loop {
            let next = order.iter().fold(u32::MAX, |least, &d| least.min(d));
            if f32::from_bits(next & !15) > rough.limit || next >= f32::INFINITY.to_bits() {
                return ControlFlow::Continue(());
            }
            let i = (next & 15) as usize;
            order[i] = u32::MAX;
            if level == 0 {
                self.search_leaf(first + i, rough, keep)?;
            } else {
                self.search(level - 1, first + i, rough, keep)?;
            }
        }
    }

    fn search_leaf<B, E: Estimate>(
        &self,
        node: usize,
        rough: &mut Rough<'_, E>,
        keep: &mut impl FnMut(u32) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B> {
        let leaf = &self.leaves[node];
        let near = rough.estimate.points(leaf);
        let first = node * FANOUT;
        // A point that is only looked at has no need of its id, which lies elsewhere in memory.
        for (i, id) in self.ids[first..(first + FANOUT).min(self.len())].iter().enumerate() {
            if near[i] <= rough.limit && near[i] < f32::INFINITY && keep(*id)? {
                rough.put(near[i], first + i, leaf.point(i));
            }
        }
        ControlFlow::Continue(())
    }
}

/// What the first pass found.
struct Rough<'a, E> {
    estimate: &'a E,
    k: usize,
    /// The `k` least numbers, the largest on top; by their bits.
    best: BinaryHeap<u32>,
    /// What has a larger number is not wanted.
    limit: f32,
    /// What was within the limit when it was found: number, slot and place.
    found: Vec<(f32, usize, E7)>,
}

impl<'a, E: Estimate> Rough<'a, E> {
    fn new(estimate: &'a E, k: usize) -> Self {
        let (best, found) = (BinaryHeap::with_capacity(k.min(1024)), Vec::with_capacity(128));
        Self { estimate, k, best, limit: f32::INFINITY, found }
    }

    fn put(&mut self, number: f32, slot: usize, at: E7) {
        self.found.push((number, slot, at));
        if self.best.len() < self.k {
            self.best.push(number.to_bits());
        } else if let Some(mut most) = self.best.peek_mut()
            && number.to_bits() < *most
        {
            *most = number.to_bits();
        }
        if self.best.len() == self.k
            && let Some(&most) = self.best.peek()
        {
            self.limit = self.estimate.widened(f32::from_bits(most));
        }
    }

    /// The nearest of those, by their distances.
    fn measured(self, at: E7, ids: &[u32]) -> Vec<(u32, f64)> {
        let mut nearest: BinaryHeap<Measured> = BinaryHeap::with_capacity(self.k.min(1024) + 1);
        // Many points may lie at one place.
        let mut last = None;
        for (_, slot, p) in self.found.into_iter().filter(|f| f.0 <= self.limit) {
            let metres = match last {
                Some((place, metres)) if place == p => metres,
                _ => geodesic::distance_m(at, p),
            };
            last = Some((p, metres));
            let point = Measured { metres, id: ids[slot] };
            if nearest.len() < self.k {
                nearest.push(point);
            } else if let Some(mut worst) = nearest.peek_mut()
                && point < *worst
            {
                *worst = point;
            }
        }
        nearest.into_sorted_vec().into_iter().map(|m| (m.id, m.metres)).collect()
    }
}

/// Ordered by distance, then by id. A distance is never NaN.
#[derive(Clone, Copy, PartialEq)]
struct Measured {
    metres: f64,
    id: u32,
}

impl Eq for Measured {}

impl Ord for Measured {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.metres.total_cmp(&other.metres).then(self.id.cmp(&other.id))
    }
}

impl PartialOrd for Measured {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Numbers that are nearly in the order of distances, not negative; infinite for what is not looked
/// for.
trait Estimate {
    /// Of boxes: no larger than that of any position in the box.
    fn boxes(&self, group: &Group) -> [f32; FANOUT];

    /// Of points.
    fn points(&self, leaf: &Leaf) -> [f32; FANOUT];

    /// No point has a larger number than this and is nearer than one with the given number.
    fn widened(&self, number: f32) -> f32;
}

/// In the plane around the position: squared distances. What lies outside the window of the plane is
/// farther away than is looked for.
struct Near {
    at: E7,
    window: Bounds,
    east: f32,
    north: f32,
}

impl Near {
    fn new(at: E7, plane: &Plane) -> Self {
        let (east, north) = plane.metres_per_unit();
        Self { at, window: plane.window(), east: east as f32, north: north as f32 }
    }

    #[inline]
    fn square(&self, lon: i32, lat: i32) -> f32 {
        let Bounds { min, max } = self.window;
        let (near_lon, near_lat) = (lon.clamp(min.lon, max.lon), lat.clamp(min.lat, max.lat));
        // At most 10⁶ units, which a float holds exactly.
        let (x, y) =
            ((near_lon - self.at.lon) as f32 * self.east, (near_lat - self.at.lat) as f32 * self.north);
        if (near_lon == lon) & (near_lat == lat) { x * x + y * y } else { f32::INFINITY }
    }
}

impl Estimate for Near {
    #[inline]
    fn boxes(&self, g: &Group) -> [f32; FANOUT] {
        std::array::from_fn(|i| {
            let lon = self.at.lon.max(g.west[i]).min(g.east[i]);
            let lat = self.at.lat.max(g.south[i]).min(g.north[i]);
            self.square(lon, lat)
        })
    }

    #[inline]
    fn points(&self, leaf: &Leaf) -> [f32; FANOUT] {
        std::array::from_fn(|i| self.square(leaf.lon[i], leaf.lat[i]))
    }

    fn widened(&self, number: f32) -> f32 {
        // Both may be off by the slack, against each other; the rest is for rounding.
        const WIDER: f64 = (1.0 + SLACK) * (1.0 + SLACK) / ((1.0 - SLACK) * (1.0 - SLACK)) * 1.001;
        number * WIDER as f32
    }
}

/// Anywhere on the globe: metres.
struct Far(E7);

impl Estimate for Far {
    fn boxes(&self, g: &Group) -> [f32; FANOUT] {
        std::array::from_fn(|i| metric::least_m(self.0, &g.get(i)) as f32)
    }

    fn points(&self, leaf: &Leaf) -> [f32; FANOUT] {
        std::array::from_fn(|i| geodesic::distance_m(self.0, leaf.point(i)) as f32)
    }

    fn widened(&self, number: f32) -> f32 {
        // For rounding, also of what is less than a metre.
        number * 1.000_01 + 1e-6
    }
}
