//! The lines and polygons of a layer nearest to a position: in circles that grow until enough of them reach in.

use super::{Department, Drawing, drawing::between};
use crate::{
    Bounds, E7, MultiPolygon,
    geodesic::{distance_m, metres_per_unit},
    index::Ground,
};
use std::ops::ControlFlow;

/// Metres of the first circle: a street or two.
const FIRST_M: f64 = 250.0;

/// The `k` nearest that `keep` accepts, nearest first, with their metres; those equally near by number. It is asked
/// about each that may be near enough, in every circle again, until it breaks.
pub(super) fn nearest<B>(
    layer: &Department,
    at: E7,
    k: usize,
    mut keep: impl FnMut(u32) -> ControlFlow<B, bool>,
) -> ControlFlow<B, Vec<(u32, f64)>> {
    let k = k.min(layer.len());
    let mut radius = FIRST_M;
    loop {
        let around = Ground::circle(at, radius).around();
        let is_last = around == Bounds::WORLD;
        let mut near = Vec::new();
        layer.in_box(&around, |i| near.push(i));
        if is_last || near.len() >= k {
            let mut found = Vec::new();
            for i in near {
                if keep(i)? {
                    found.push((i, layer.drawing(i).distance_m(at)));
                }
            }
            // Something farther may be nearer than what is in the box, but not than what is in the circle.
            found.retain(|(_, metres)| is_last || *metres <= radius);
            if is_last || found.len() >= k {
                first(&mut found, k);
                return ControlFlow::Continue(found);
            }
        }
        radius *= 2.0;
    }
}

/// Keeps the `k` nearest, nearest first; those equally near by number.
pub(super) fn first(found: &mut Vec<(u32, f64)>, k: usize) {
    found.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    found.truncate(k);
}

impl Drawing {
    /// Metres from a position to the nearest of it, found in the plane around the position; 0 on ground. Infinite when
    /// there is no vertex.
    pub fn distance_m(&self, at: E7) -> f64 {
        match self {
            Self::Point(p) => distance_m(at, *p),
            Self::Lines(lines) => {
                to_edges(at, lines.iter().flat_map(|line| line.windows(2).map(|w| (w[0], w[1]))))
            }
            Self::Ground(ground) if covers(ground, at) => 0.0,
            Self::Ground(ground) => {
                let edges = |ring: &[E7]| {
                    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1)).collect::<Vec<_>>()
                };
                to_edges(at, ground.rings().flat_map(|ring| edges(ring)))
            }
        }
    }
}

fn covers(ground: &MultiPolygon, at: E7) -> bool {
    ground.bounds().contains(at) && Ground::polygon(ground).contains(at)
}

fn to_edges(at: E7, edges: impl Iterator<Item = (E7, E7)>) -> f64 {
    let (east, north) = metres_per_unit(at.lat_degrees().to_radians());
    let step = |a: E7, b: E7| {
        ((f64::from(b.lon) - f64::from(a.lon)) * east, (f64::from(b.lat) - f64::from(a.lat)) * north)
    };
    let nearest = edges.map(|(a, b)| {
        let ((along_x, along_y), (x, y)) = (step(a, b), step(a, at));
        let square = along_x * along_x + along_y * along_y;
        let t = if square > 0.0 { ((x * along_x + y * along_y) / square).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (x - t * along_x, y - t * along_y);
        (x * x + y * y, a, b, t)
    });
    let nearest = nearest.min_by(|a, b| a.0.total_cmp(&b.0));
    nearest.map_or(f64::INFINITY, |(_, a, b, t)| distance_m(at, between(a, b, t)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Polygon;

    #[test]
    fn ground_is_near_from_outside_and_nought_inside() {
        let e = |lon, lat| E7::new(1_203_000_000 + lon, 315_000_000 + lat);
        let square = |from: i32, to: i32| vec![e(from, from), e(to, from), e(to, to), e(from, to)];
        let ring = Polygon { exterior: square(0, 10_000), holes: vec![square(4_000, 6_000)] };
        let ground = Drawing::Ground(MultiPolygon(vec![ring]));
        assert_eq!(ground.distance_m(e(1_000, 1_000)), 0.0);
        // In the hole, 500 units from its southern side.
        let metres = ground.distance_m(e(5_000, 4_500));
        assert!((metres - distance_m(e(5_000, 4_500), e(5_000, 4_000))).abs() < 1e-6, "{metres}");
        let metres = ground.distance_m(e(-3_000, 5_000));
        assert!((metres - distance_m(e(-3_000, 5_000), e(0, 5_000))).abs() < 1e-6, "{metres}");
        assert_eq!(Drawing::Lines(vec![]).distance_m(e(0, 0)), f64::INFINITY);
    }
}
