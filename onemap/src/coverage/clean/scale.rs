//! Metres near one latitude.
//!
//! Whatever is judged here (a sliver, a gap, a spike) is so small that a plane serves: a unit of
//! longitude and one of latitude have a fixed length each. Floats decide what is near, never where a
//! border runs.

use crate::{Bounds, E7, Polygon, e7::UNITS_PER_DEGREE, shape::ring_area2};

/// Semi-major axis of WGS 84 in metres and its first eccentricity squared.
const EQUATOR_M: f64 = 6_378_137.0;
const E2: f64 = 0.006_694_379_990_141_317;

/// How many metres a unit is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Of longitude.
    pub x: f64,
    /// Of latitude.
    pub y: f64,
}

impl Scale {
    /// At a latitude in units. Radii of curvature across and along the meridian after Snyder, "Map
    /// Projections", 1987, 4-20 and 4-18.
    pub fn at(lat: i32) -> Self {
        let phi = (f64::from(lat) / UNITS_PER_DEGREE).to_radians();
        let w2 = 1.0 - E2 * phi.sin().powi(2);
        let across = EQUATOR_M / w2.sqrt();
        let along = across * (1.0 - E2) / w2;
        let unit = (1.0 / UNITS_PER_DEGREE).to_radians();
        // At a pole a unit of longitude has no length; nothing there may divide by it.
        Self { x: (across * phi.cos() * unit).max(1e-9), y: along * unit }
    }

    /// At the middle of a box.
    pub fn of(bounds: &Bounds) -> Self {
        Self::at(bounds.center().lat)
    }

    /// From `o` to `p` in metres, east and north.
    pub fn vector(&self, o: E7, p: E7) -> [f64; 2] {
        [(f64::from(p.lon) - f64::from(o.lon)) * self.x, (f64::from(p.lat) - f64::from(o.lat)) * self.y]
    }

    /// Metres between two positions.
    pub fn distance(&self, p: E7, q: E7) -> f64 {
        let [x, y] = self.vector(p, q);
        (x * x + y * y).sqrt()
    }

    /// Metres along a line.
    pub fn length(&self, line: &[E7]) -> f64 {
        line.windows(2).map(|w| self.distance(w[0], w[1])).sum()
    }

    /// How far `p` is from the segment `a b` in metres, and where between `a` (0) and `b` (1) the
    /// nearest point of the segment lies.
    pub fn segment_distance(&self, p: E7, a: E7, b: E7) -> (f64, f64) {
        let (ab, ap) = (self.vector(a, b), self.vector(a, p));
        let square = ab[0] * ab[0] + ab[1] * ab[1];
        if square == 0.0 {
            return ((ap[0] * ap[0] + ap[1] * ap[1]).sqrt(), 0.0);
        }
        let t = ((ap[0] * ab[0] + ap[1] * ab[1]) / square).clamp(0.0, 1.0);
        let (x, y) = (ap[0] - t * ab[0], ap[1] - t * ab[1]);
        ((x * x + y * y).sqrt(), t)
    }

    /// Square metres of a polygon whose rings may run either way.
    pub fn area(&self, polygon: &Polygon) -> f64 {
        let ring = |r: &[E7]| ring_area2(r).abs() as f64;
        let holes: f64 = polygon.holes.iter().map(|h| ring(h)).sum();
        (ring(&polygon.exterior) - holes) / 2.0 * self.x * self.y
    }

    /// A box that holds everything within `metres` of `bounds`.
    pub fn grown(&self, bounds: &Bounds, metres: f64) -> Bounds {
        // A double becomes the nearest integer type value; two units make up for the rounding.
        let (dx, dy) = ((metres / self.x) as i32, (metres / self.y) as i32);
        let (dx, dy) = (dx.saturating_add(2), dy.saturating_add(2));
        Bounds {
            min: E7::new(bounds.min.lon.saturating_sub(dx), bounds.min.lat.saturating_sub(dy)),
            max: E7::new(bounds.max.lon.saturating_add(dx), bounds.max.lat.saturating_add(dy)),
        }
    }
}

/// The edges of a ring, the closing one included.
pub(super) fn edges(ring: &[E7]) -> impl Iterator<Item = (E7, E7)> + '_ {
    let closing = ring.last().zip(ring.first()).map(|(&l, &f)| (l, f));
    ring.windows(2).map(|w| (w[0], w[1])).chain(closing).filter(|(p, q)| p != q)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodesic;

    #[test]
    fn metres_agree_with_the_ellipsoid() {
        for lat in [0, 315_000_000, -600_000_000] {
            let scale = Scale::at(lat);
            for (dx, dy) in [(10_000, 0), (0, 10_000), (-7_000, 9_000)] {
                let (p, q) =
                    (E7::new(1_203_000_000, lat - dy / 2), E7::new(1_203_000_000 + dx, lat + dy / 2));
                assert!((scale.distance(p, q) - geodesic::distance_m(p, q)).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn the_nearest_point_of_a_segment_may_be_its_end() {
        let scale = Scale { x: 1.0, y: 1.0 };
        let (a, b) = (E7::new(0, 0), E7::new(10, 0));
        assert_eq!(scale.segment_distance(E7::new(4, 3), a, b), (3.0, 0.4));
        assert_eq!(scale.segment_distance(E7::new(13, 4), a, b), (5.0, 1.0));
        assert_eq!(scale.segment_distance(E7::new(3, 4), a, a), (5.0, 0.0));
    }
}
