//! The nearest points: best first, until nothing that is left can be nearer.

use super::{
    metric::{self, Plane, SLACK},
    packed::{FANOUT, PackedIndex},
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
            self.search(&Near(plane), &mut found, &mut keep)?;
            if found.worst() < plane.reach() || plane.window().covers(&self.bounds()) {
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
        // Least first; then lower nodes, then lower numbers.
        let mut todo = BinaryHeap::with_capacity(128);
        let top = self.levels.len() - 1;
        todo.push(Reverse((Metres(0.0), top as u32, 0_u32)));
        while let Some(Reverse((least, level, node))) = todo.pop() {
            // At the same distance a lower id may still come.
            if least.0 > found.worst() {
                break;
            }
            let (level, node) = (level as usize, node as usize);
            if level == 0 {
                self.search_leaf(node, estimate, found, keep)?;
                continue;
            }
            let below = self.levels[level - 1];
            for child in self.children(level, node) {
                let least = estimate.of_box(&self.boxes[below + child]);
                if least <= found.worst() && least < f64::INFINITY {
                    todo.push(Reverse((Metres(least), level as u32 - 1, child as u32)));
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn search_leaf<B>(
        &self,
        node: usize,
        estimate: &impl Estimate,
        found: &mut Found,
        keep: &mut impl FnMut(u32) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B> {
        let leaf = &self.leaves[node];
        let first = node * FANOUT;
        for (i, &id) in self.ids[first..(first + FANOUT).min(self.len())].iter().enumerate() {
            let p = leaf.point(i);
            if estimate.of_point(p) > found.worst() {
                continue;
            }
            let metres = found.distance(p);
            if found.wants(metres, id) && keep(id)? {
                found.put(metres, id);
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

    fn worst(&self) -> f64 {
        self.worst
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

/// Metres that nothing is nearer than.
trait Estimate {
    fn of_box(&self, b: &Bounds) -> f64;
    fn of_point(&self, p: E7) -> f64;
}

/// Around the position; everything outside the window of its plane is left out.
struct Near(Plane);

impl Estimate for Near {
    #[inline]
    fn of_box(&self, b: &Bounds) -> f64 {
        if !self.0.window().intersects(b) {
            return f64::INFINITY;
        }
        self.0.least_square(b).sqrt() * (1.0 - SLACK)
    }

    #[inline]
    fn of_point(&self, p: E7) -> f64 {
        if !self.0.window().contains(p) {
            return f64::INFINITY;
        }
        self.0.square(p.lon, p.lat).sqrt() * (1.0 - SLACK)
    }
}

/// Anywhere on the globe.
struct Far(E7);

impl Estimate for Far {
    fn of_box(&self, b: &Bounds) -> f64 {
        metric::least_m(self.0, b)
    }

    fn of_point(&self, _: E7) -> f64 {
        0.0
    }
}
