//! Whether lines or ground share a position with some other ground: exact, on integers, but for circles.

use crate::{
    Bounds, E7, MultiPolygon, Ring,
    department::Drawing,
    e7::{cross, on_segment, orientation},
    index::{Ground, Kind, Tester},
};
use std::{
    cmp::Ordering,
    ops::ControlFlow::{self, Continue},
};

/// So many pairs of edges are compared in the time that a point takes.
const PAIRS: u64 = 8;

impl Drawing {
    /// Whether it and some ground share a position. A point lies on ground as in any query; lines and ground, their
    /// borders included, are on it when any part of them is. `spend` is told what it costs, in points, before it is
    /// done, and may break.
    pub(crate) fn meets<B>(
        &self,
        ground: &Ground,
        mut spend: impl FnMut(u64) -> ControlFlow<B>,
    ) -> ControlFlow<B, bool> {
        if let Self::Point(at) = self {
            return Continue(ground.contains(*at));
        }
        spend(self.cost())?;
        Continue(match ground.kind() {
            Kind::All => true,
            Kind::Box(area) if area.covers(&self.bounds()) => true,
            Kind::Box(area) => match self {
                Self::Point(at) => area.contains(*at),
                Self::Lines(lines) => lines_meet_box(lines, area),
                Self::Ground(ground) => ground_meets_box(ground, area),
            },
            Kind::Circle(circle) => self.distance_m(circle.middle()) <= circle.radius_m(),
            Kind::Polygon(tester) => {
                let near = tester.edges_near(&self.bounds());
                spend(self.cost().saturating_mul(near.len() as u64) / PAIRS)?;
                self.meets_polygon(tester, &near)
            }
        })
    }

    /// The same for ground with a drawn border; `near` are those of its edges that may reach this.
    fn meets_polygon(&self, tester: &Tester, near: &[(E7, E7)]) -> bool {
        let (edges, begins): (Vec<(E7, E7)>, Vec<E7>) = match self {
            Self::Point(at) => (Vec::new(), vec![*at]),
            Self::Lines(lines) => (
                lines.iter().flat_map(|line| line.windows(2).map(|w| (w[0], w[1]))).collect(),
                lines.iter().filter_map(|line| line.first().copied()).collect(),
            ),
            Self::Ground(ground) => (
                ground.rings().flat_map(edges).collect(),
                ground.0.iter().filter_map(|polygon| polygon.exterior.first().copied()).collect(),
            ),
        };
        if edges.iter().any(|&(a, b)| near.iter().any(|&(c, d)| segments_meet(a, b, c, d))) {
            return true;
        }
        // No border is met: each part lies wholly on the ground or wholly beside it …
        if begins.iter().any(|&p| tester.contains(p)) {
            return true;
        }
        // … or around it.
        let Self::Ground(ground) = self else { return false };
        let around = Tester::new(ground);
        near.iter().any(|&(p, _)| around.contains(p))
    }
}

/// Whether two closed segments share a position: their boxes do, and neither lies on one side of the other's line.
fn segments_meet(a: E7, b: E7, c: E7, d: E7) -> bool {
    let beside = |a, b, c, d| {
        let side = orientation(a, b, c);
        side != Ordering::Equal && side == orientation(a, b, d)
    };
    Bounds::of([&a, &b]).intersects(&Bounds::of([&c, &d])) && !beside(a, b, c, d) && !beside(c, d, a, b)
}

/// Whether lines and the closed box share at least one position.
pub fn lines_meet_box(lines: &[Vec<E7>], area: &Bounds) -> bool {
    lines.iter().any(|line| line.windows(2).any(|w| segment_meets_box(w[0], w[1], area)))
}

/// Whether the ground and the closed box share at least one position.
pub fn ground_meets_box(ground: &MultiPolygon, area: &Bounds) -> bool {
    if area.is_empty() {
        return false;
    }
    ground.0.iter().any(|polygon| {
        polygon.rings().any(|ring| edges(ring).any(|(a, b)| segment_meets_box(a, b, area)))
            // No edge touches the box: it lies wholly inside or wholly outside.
            || (inside(&polygon.exterior, area.min) && !polygon.holes.iter().any(|h| inside(h, area.min)))
    })
}

fn edges(ring: &Ring) -> impl Iterator<Item = (E7, E7)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// Whether the closed segment and the closed box share a position.
fn segment_meets_box(a: E7, b: E7, area: &Bounds) -> bool {
    if area.contains(a) || area.contains(b) {
        return true;
    }
    if !Bounds::of([&a, &b]).intersects(area) {
        return false;
    }
    // Their boxes overlap and both ends are outside: they meet unless all corners lie strictly on
    // one side of the segment's line.
    let corners =
        [area.min, area.max, E7::new(area.min.lon, area.max.lat), E7::new(area.max.lon, area.min.lat)];
    let sides = corners.map(|c| cross(a, b, c).signum());
    !(sides.iter().all(|&s| s > 0) || sides.iter().all(|&s| s < 0))
}

/// Whether a position lies inside the ring or on it (even-odd).
fn inside(ring: &Ring, p: E7) -> bool {
    let mut odd = false;
    for (a, b) in edges(ring) {
        if on_segment(a, b, p) {
            return true;
        }
        if (a.lat > p.lat) != (b.lat > p.lat) {
            let (low, high) = if a.lat < b.lat { (a, b) } else { (b, a) };
            if cross(low, high, p) > 0 {
                odd = !odd;
            }
        }
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Polygon;

    fn square(w: i32, s: i32, e: i32, n: i32) -> Ring {
        vec![E7::new(w, s), E7::new(e, s), E7::new(e, n), E7::new(w, n)]
    }

    fn boxed(w: i32, s: i32, e: i32, n: i32) -> Bounds {
        Bounds { min: E7::new(w, s), max: E7::new(e, n) }
    }

    #[test]
    fn boxes_meet_ground_and_not_its_holes() {
        let ground = MultiPolygon(vec![Polygon {
            exterior: square(0, 0, 100, 100),
            holes: vec![square(20, 20, 80, 80)],
        }]);
        for (area, meets) in [
            (boxed(5, 5, 10, 10), true),
            (boxed(30, 30, 40, 40), false),
            (boxed(30, 30, 80, 40), true),
            (boxed(-10, -10, 200, 200), true),
            (boxed(101, 0, 110, 10), false),
            (boxed(100, 100, 110, 110), true),
            (Bounds::EMPTY, false),
        ] {
            assert_eq!(ground_meets_box(&ground, &area), meets, "{area:?}");
        }
    }

    #[test]
    fn a_slanted_edge_near_a_corner_is_told_from_one_through_it() {
        let triangle = vec![E7::new(0, 0), E7::new(100, 0), E7::new(0, 100)];
        let ground = MultiPolygon(vec![Polygon { exterior: triangle, holes: vec![] }]);
        assert!(ground_meets_box(&ground, &boxed(50, 50, 90, 90)));
        assert!(!ground_meets_box(&ground, &boxed(50, 51, 90, 90)));
    }
}
