//! Metres near one place: a plane that touches the ellipsoid there.
//!
//! For what lies within a few kilometres a degree is so many metres long and so many wide, and lengths
//! and areas are those of the plane, to a millionth or so. A sliver of a few square centimetres comes
//! out right, which the difference of two large geodesic areas would not.

use super::{Finding, FindingKind, ROUNDING_M, Severity, Shape};
use crate::{
    Bounds, E7, MultiPolygon,
    coverage::AreaId,
    e7::UNITS_PER_DEGREE,
    geodesic, label_point,
    overlay::{SLIVER_AREA_M2, SLIVER_WIDTH_M},
    shape::ring_area2,
};

/// Semi-major axis of WGS 84 in metres and its first eccentricity squared.
const EQUATOR_M: f64 = 6_378_137.0;
const E2: f64 = 0.006_694_379_990_141_317;

/// Ground larger than this many units (about 2 km) is measured on the ellipsoid.
const FLAT: i64 = 200_000;

/// How many metres one unit of longitude and one of latitude make.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    pub x: f64,
    pub y: f64,
}

impl Plane {
    /// At a latitude (in units). Radii of curvature after Snyder, "Map Projections", 1987, 4-18, 4-20.
    pub fn at(lat: i32) -> Self {
        let lat = (f64::from(lat) / UNITS_PER_DEGREE).to_radians();
        let w2 = 1.0 - E2 * lat.sin().powi(2);
        let across = EQUATOR_M / w2.sqrt();
        let unit = (1.0 / UNITS_PER_DEGREE).to_radians();
        Self { x: across * lat.cos() * unit, y: across * (1.0 - E2) / w2 * unit }
    }

    /// From `o` to `p`, in metres.
    pub fn vector(&self, o: E7, p: E7) -> [f64; 2] {
        [(f64::from(p.lon) - f64::from(o.lon)) * self.x, (f64::from(p.lat) - f64::from(o.lat)) * self.y]
    }

    /// Metres between two places.
    pub fn distance(&self, p: E7, q: E7) -> f64 {
        let [x, y] = self.vector(p, q);
        (x * x + y * y).sqrt()
    }

    /// Metres around a ring.
    pub fn around(&self, ring: &[E7]) -> f64 {
        let closing = ring.last().zip(ring.first()).map_or(0.0, |(&l, &f)| self.distance(l, f));
        closing + ring.windows(2).map(|w| self.distance(w[0], w[1])).sum::<f64>()
    }

    /// Square metres of some ground whose rings may run either way, and metres of its border.
    pub fn size(&self, ground: &MultiPolygon) -> (f64, f64) {
        let ring = |r: &Vec<E7>| ring_area2(r).abs() as f64;
        let area2: f64 =
            ground.0.iter().map(|p| ring(&p.exterior) - p.holes.iter().map(ring).sum::<f64>()).sum();
        (area2 / 2.0 * self.x * self.y, ground.rings().map(|r| self.around(r)).sum())
    }
}

/// Whether ground is tiny or thin, from its square metres and the metres of its border.
pub(super) fn is_sliver(area_m2: f64, border_m: f64) -> bool {
    area_m2 < SLIVER_AREA_M2 || 2.0 * area_m2 < SLIVER_WIDTH_M * border_m
}

/// Square metres of some ground, and metres of its border.
pub(super) fn size(ground: &MultiPolygon) -> (f64, f64) {
    let bounds = ground.bounds();
    let flat = |a: i32, b: i32| i64::from(b) - i64::from(a) <= FLAT;
    let (area, border) = Plane::at(bounds.center().lat).size(ground);
    if flat(bounds.min.lon, bounds.max.lon) && flat(bounds.min.lat, bounds.max.lat) {
        return (area, border);
    }
    (geodesic::area_m2(ground), border)
}

/// A finding about some ground: measured, placed, and only a note when it is as thin as rounding is.
pub(super) fn on_ground(kind: FindingKind, ground: MultiPolygon, areas: Vec<AreaId>) -> Finding {
    let at = label_point::inside(&ground);
    Finding { at, ..measured(kind, ground, areas) }
}

/// The same without a place: finding the middle of large ground costs more than all else.
pub(super) fn measured(kind: FindingKind, ground: MultiPolygon, areas: Vec<AreaId>) -> Finding {
    let (area_m2, border_m) = size(&ground);
    let width_m = if border_m > 0.0 { 2.0 * area_m2 / border_m } else { 0.0 };
    let mut finding = Finding::new(kind, areas);
    if width_m <= ROUNDING_M {
        finding.severity = Severity::Note;
    }
    Finding {
        area_m2,
        width_m,
        sliver: is_sliver(area_m2, border_m),
        shape: Shape::Ground(ground),
        ..finding
    }
}

/// How many units of longitude and latitude are at least `metres` long anywhere in a box.
pub(super) fn reach(bounds: &Bounds, metres: f64) -> [i32; 2] {
    let far = if bounds.max.lat.saturating_abs() > bounds.min.lat.saturating_abs() {
        bounds.max.lat
    } else {
        bounds.min.lat
    };
    // At the pole itself a degree of longitude has no length.
    let plane = Plane::at(far.clamp(-899_000_000, 899_000_000));
    // Latitude is shortest at the equator.
    let units = |m: f64| (metres / m).ceil().min(1e9) as i32 + 2;
    [units(plane.x), units(Plane::at(0).y)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Polygon;

    #[test]
    fn the_plane_agrees_with_the_ellipsoid() {
        for lat in [0, 315_000_000, -600_000_000] {
            let o = E7::new(1_203_000_000, lat);
            for p in [E7::new(1_203_010_000, lat), E7::new(1_203_000_000, lat + 9_000)] {
                let middle = Plane::at((i64::from(o.lat) + i64::from(p.lat)).div_euclid(2) as i32);
                let (flat, round) = (middle.distance(o, p), geodesic::distance_m(o, p));
                assert!((flat - round).abs() < 1e-4, "{flat} {round}");
            }
        }
    }

    #[test]
    fn a_hair_is_measured_to_the_square_centimetre() {
        // 100 m by one unit.
        let hair = [E7::new(0, 0), E7::new(8_983, 0), E7::new(8_983, 1), E7::new(0, 1)];
        let ground = MultiPolygon(vec![Polygon { exterior: hair.to_vec(), holes: vec![] }]);
        let finding = on_ground(FindingKind::Overlap, ground, vec![]);
        assert!((finding.area_m2 - 1.1057).abs() < 1e-3, "{}", finding.area_m2);
        assert_eq!(finding.severity, Severity::Note, "{} m wide", finding.width_m);
        assert!(finding.sliver);
    }

    #[test]
    fn reach_is_never_too_short() {
        let b = Bounds { min: E7::new(0, -100_000_000), max: E7::new(10, 600_000_000) };
        let [x, y] = reach(&b, 10.0);
        for lat in [-100_000_000, 0, 600_000_000] {
            let plane = Plane::at(lat);
            assert!(f64::from(x) * plane.x >= 10.0 && f64::from(y) * plane.y >= 10.0);
        }
    }
}
