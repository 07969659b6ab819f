//! Square metres and metres on the ellipsoid (WGS 84), from integer geometry.
//!
//! Areas after Karney, "Algorithms for geodesics", J. Geodesy 87 (2013): every edge encloses an area
//! with the equator; a ring's area is the signed sum over its edges. The sum is additive over chains,
//! so areas of neighbours add up to the area of their union; it is made in whole square millimetres, so
//! that it is the same in whatever order.

mod band;

use crate::{E7, MultiPolygon};
use band::short_edge;
use geographiclib_rs::{Geodesic, InverseGeodesic, PolygonArea, Winding};
use std::sync::LazyLock;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// The geodesic distance between two positions, in metres. Up to 11 km by a formula that is off by less
/// than a centimetre there and by nothing that shows over a street: queries ask for millions of them.
pub fn distance_m(a: E7, b: E7) -> f64 {
    if is_short(a, b) {
        return short_distance(a, b);
    }
    WGS84.inverse(a.lat_degrees(), a.lon_degrees(), b.lat_degrees(), b.lon_degrees())
}

/// The length of the straight line in the plane that touches the ellipsoid midway between the two.
fn short_distance(a: E7, b: E7) -> f64 {
    let middle = (a.lat_degrees() + b.lat_degrees()).to_radians() / 2.0;
    let (east, north) = metres_per_unit(middle);
    let (x, y) =
        ((f64::from(b.lon) - f64::from(a.lon)) * east, (f64::from(b.lat) - f64::from(a.lat)) * north);
    (x * x + y * y).sqrt()
}

/// Metres of one unit to the east and of one to the north, at a latitude in radians.
pub(crate) fn metres_per_unit(latitude: f64) -> (f64, f64) {
    let (s, c) = latitude.sin_cos();
    let w2 = 1.0 - E2 * s * s;
    // Radii of curvature across the meridian and along it (Snyder, 4-20 and 4-18).
    let across = EQUATOR_M / w2.sqrt();
    let along = across * (1.0 - E2) / w2;
    let unit = (1.0 / crate::e7::UNITS_PER_DEGREE).to_radians();
    (across * c * unit, along * unit)
}

/// The geodesic area of some ground in square metres: exteriors minus holes.
pub fn area_m2(ground: &MultiPolygon) -> f64 {
    let ring = |ring: &[E7]| {
        let mut area = PolygonArea::new(&WGS84, Winding::CounterClockwise);
        for p in ring {
            area.add_point(p.lat_degrees(), p.lon_degrees());
        }
        area.compute(true).1.abs()
    };
    ground.0.iter().map(|p| ring(&p.exterior) - p.holes.iter().map(|h| ring(h)).sum::<f64>()).sum()
}

/// What lines add to the ground on their left and to the length of its border, in whole units, so that
/// sums do not depend on the order in which they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Measure {
    /// Between the line and the equator, counted as the left side's; in mm².
    pub left_mm2: i128,
    /// In µm.
    pub length_um: i64,
}

impl Measure {
    /// Of a line. Closed rings summed over their lines give their area, counter-clockwise positive.
    pub fn of(line: &[E7]) -> Self {
        let mut sum = Self::default();
        for w in line.windows(2) {
            let (area, length) = edge(w[0], w[1]);
            sum.left_mm2 += rounded(area * 1e6);
            sum.length_um += rounded(length * 1e6) as i64;
        }
        sum
    }
}

/// The nearest whole number, halves away from zero, as `f64::round` has it; that and the conversion to 128
/// bits are calls to a library, and this is not.
#[inline]
fn rounded(x: f64) -> i128 {
    if x.abs() >= WHOLE {
        return x.round() as i128;
    }
    let down = x as i64;
    let rest = x - down as f64;
    i128::from(down + i64::from(rest >= 0.5) - i64::from(rest <= -0.5))
}

/// From here on doubles have no fraction.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// Square metres from a sum of [`Measure::left_mm2`].
pub(crate) fn square_metres(mm2: i128) -> f64 {
    mm2 as f64 / 1e6
}

/// Metres from a sum of [`Measure::length_um`].
pub(crate) fn metres(um: i64) -> f64 {
    um as f64 / 1e6
}

/// The length of a line in metres.
pub(crate) fn length_m(line: &[E7]) -> f64 {
    line.windows(2).map(|w| edge(w[0], w[1]).1).sum()
}

/// Edges of up to this many units in either direction (about 11 km) are measured by [`short_edge`].
pub(crate) const SHORT: i64 = 1_000_000;
/// … up to this latitude (80°), beyond which longitude and latitude are no local plane.
pub(crate) const POLAR: i32 = 800_000_000;

fn is_short(a: E7, b: E7) -> bool {
    let near = |u: i32, v: i32| (i64::from(u) - i64::from(v)).abs() <= SHORT;
    near(a.lon, b.lon) && near(a.lat, b.lat) && a.lat.abs() <= POLAR && b.lat.abs() <= POLAR
}

/// What an edge adds to the area on its left (m²), and its length (m).
fn edge(a: E7, b: E7) -> (f64, f64) {
    let apart = |u: i32, v: i32| (i64::from(u) - i64::from(v)).abs() <= SHORT;
    if apart(a.lon, b.lon) && apart(a.lat, b.lat) && a.lat.abs() <= POLAR {
        short_edge(a, b)
    } else if a < b {
        long_edge(a, b)
    } else {
        // Always measured the same way, so that both directions cancel to the last digit.
        let (area, length) = long_edge(b, a);
        (-area, length)
    }
}

fn long_edge(a: E7, b: E7) -> (f64, f64) {
    // (s12, azi1, azi2, m12, M12, M21, S12, a12): S12 is positive for eastward lines.
    let r: (f64, f64, f64, f64, f64, f64, f64, f64) =
        WGS84.inverse(a.lat_degrees(), a.lon_degrees(), b.lat_degrees(), b.lon_degrees());
    (-r.6, r.0)
}

/// Semi-major axis of WGS 84 in metres and its first eccentricity squared.
const EQUATOR_M: f64 = 6_378_137.0;
const E2: f64 = 0.006_694_379_990_141_317;

/// Square metres between the equator and the latitude with sine `s`, for each radian of longitude.
fn zone(s: f64) -> f64 {
    let t = E2 * s * s;
    // atanh(e·s)/(e·s) by its series; t < 0.0067, so the ninth term is below 10⁻¹⁶.
    let atanh = [15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0].iter().fold(1.0 / 17.0, |sum, d| sum * t + 1.0 / d);
    EQUATOR_M * EQUATOR_M * (1.0 - E2) / 2.0 * s * (1.0 / (1.0 - t) + 1.0 + t * atanh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Polygon;

    #[test]
    fn lines_of_a_ring_add_up_to_its_area() {
        let r = vec![
            E7::new(1_203_000_000, 315_000_000),
            E7::new(1_203_500_000, 315_010_000),
            E7::new(1_203_400_000, 315_400_000),
            E7::new(1_203_010_000, 315_300_000),
        ];
        let whole = area_m2(&MultiPolygon(vec![Polygon { exterior: r.clone(), holes: vec![] }]));
        let closed: Vec<E7> = r.iter().chain(r.first()).copied().collect();
        let parts = Measure::of(&closed[..3]).left_mm2 + Measure::of(&closed[2..]).left_mm2;
        assert!((whole - square_metres(parts)).abs() < 1e-2, "{whole} {parts}");
        // About 4.4 km × 3.9 km.
        assert!((14e6..19e6).contains(&whole), "{whole}");
    }

    #[test]
    fn rounding_is_that_of_the_library() {
        let near = |x: f64| [x.next_down(), x, x.next_up()];
        for x in [0.0, 0.5, 1.0, 1.5, 2.5, 1e9 + 0.5, 4e15 + 0.5, WHOLE - 0.5, WHOLE, 1e17, 1e25] {
            for x in near(x).into_iter().chain(near(-x)) {
                assert_eq!(rounded(x), x.round() as i128, "{x}");
            }
        }
    }

    #[test]
    fn a_degree_of_the_equator_is_111_km() {
        assert!((distance_m(E7::new(0, 0), E7::new(10_000_000, 0)) - 111_319.49).abs() < 0.01);
    }

    #[test]
    fn short_edges_agree_with_the_geodesic() {
        for lat in [0, 150_000_000, 315_000_000, -315_000_000, 599_000_000, 790_000_000] {
            for step in [10, 10_000, 100_000, 999_000] {
                for (dx, dy) in [(1, 0), (0, 1), (1, 1), (-1, 1), (-2, -3), (3, 1)] {
                    let (dx, dy) = (dx * step / 3, dy * step / 3);
                    let (a, b) = (E7::new(1_203_000_000, lat), E7::new(1_203_000_000 + dx, lat + dy));
                    let ((area, length), (area_by, length_by)) = (short_edge(a, b), long_edge(a, b));
                    assert!((short_distance(a, b) - length).abs() < 1e-6, "{a:?} {b:?}");
                    // Far north 10 km are a wide angle: a little more is left out there.
                    let least = if lat > 600_000_000 { 1.0 } else { 0.02 };
                    assert!((area - area_by).abs() < least, "{a:?} {b:?}: {area} {area_by}");
                    assert!((length - length_by).abs() < 1e-2, "{a:?} {b:?}: {length} {length_by}");
                }
            }
        }
    }
}
