//! Square metres and metres on the ellipsoid (WGS 84), from integer geometry.
//!
//! Areas after Karney, "Algorithms for geodesics", J. Geodesy 87 (2013): every edge encloses an area
//! with the equator; a ring's area is the signed sum over its edges. The sum is additive over chains,
//! so areas of neighbours add up to the area of their union.

use crate::{E7, MultiPolygon};
use geographiclib_rs::{Geodesic, InverseGeodesic, PolygonArea, Winding};
use rayon::prelude::*;
use std::sync::LazyLock;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// The geodesic distance between two positions, in metres.
pub fn distance_m(a: E7, b: E7) -> f64 {
    WGS84.inverse(a.lat_degrees(), a.lon_degrees(), b.lat_degrees(), b.lon_degrees())
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

/// What a line adds to the area of the face to its left, in square metres, and its length in metres.
/// Closed rings summed over their lines give their area, counter-clockwise positive.
pub(crate) fn area_left_and_length_m(line: &[E7]) -> (f64, f64) {
    let mut sum = (0.0, 0.0);
    for w in line.windows(2) {
        let (area, length) =
            if is_short(w[0], w[1]) { short_edge(w[0], w[1]) } else { long_edge(w[0], w[1]) };
        sum.0 += area;
        sum.1 += length;
    }
    sum
}

/// Edges of up to this many units in either direction (about 100 m) are measured by [`short_edge`].
const SHORT: i64 = 10_000;

fn is_short(a: E7, b: E7) -> bool {
    let apart = |u: i32, v: i32| (i64::from(u) - i64::from(v)).abs() <= SHORT;
    apart(a.lon, b.lon) && apart(a.lat, b.lat)
}

fn long_edge(a: E7, b: E7) -> (f64, f64) {
    // (s12, azi1, azi2, m12, M12, M21, S12, a12): S12 is positive for eastward lines.
    let r: (f64, f64, f64, f64, f64, f64, f64, f64) =
        WGS84.inverse(a.lat_degrees(), a.lon_degrees(), b.lat_degrees(), b.lon_degrees());
    (-r.6, r.0)
}

/// The same for an edge so short that it runs straight in longitude and latitude: the ground between
/// it and the equator is its width in longitude times the mean, by Simpson's rule, of b²·q(φ)/2, where
/// q is the authalic function (Snyder, "Map Projections", 1987, 3-12): much cheaper than the geodesic,
/// and up to 60° north less than 0.1 m² from it.
fn short_edge(a: E7, b: E7) -> (f64, f64) {
    let (p, q) = (a.lat_degrees().to_radians(), b.lat_degrees().to_radians());
    let middle = (p + q) / 2.0;
    let width = (f64::from(b.lon) - f64::from(a.lon)) / crate::e7::UNITS_PER_DEGREE;
    let width = width.to_radians();
    let mean = (zone(p) + 4.0 * zone(middle) + zone(q)) / 6.0;
    // Radii of curvature along the meridian and across it (Snyder, 4-18 and 4-20).
    let w2 = 1.0 - E2 * middle.sin().powi(2);
    let across = EQUATOR_M / w2.sqrt();
    let along = across * (1.0 - E2) / w2;
    (-width * mean, (along * (q - p)).hypot(across * middle.cos() * width))
}

/// Semi-major axis of WGS 84 in metres and its first eccentricity squared.
const EQUATOR_M: f64 = 6_378_137.0;
const E2: f64 = 0.006_694_379_990_141_317;

/// Square metres between the equator and a latitude (radians), for each radian of longitude.
fn zone(latitude: f64) -> f64 {
    let (s, e) = (latitude.sin(), E2.sqrt());
    EQUATOR_M * EQUATOR_M * (1.0 - E2) / 2.0 * (s / (1.0 - E2 * s * s) + (e * s).atanh() / e)
}

/// The area of every face in square metres, from chains with a face number on either side. The face
/// outside everything gets the negative of all others.
pub(crate) fn face_areas_m2(faces: usize, chains: Vec<(&[E7], u32, u32)>) -> Vec<f64> {
    let parts: Vec<f64> = chains.par_iter().with_min_len(64).map(|c| area_left_and_length_m(c.0).0).collect();
    let mut areas = vec![0.0; faces];
    for ((_, left, right), part) in chains.iter().zip(parts) {
        areas[*left as usize] += part;
        areas[*right as usize] -= part;
    }
    areas
}

/// The length of a line in metres.
pub(crate) fn length_m(line: &[E7]) -> f64 {
    area_left_and_length_m(line).1
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
        let parts = area_left_and_length_m(&closed[..3]).0 + area_left_and_length_m(&closed[2..]).0;
        assert!((whole - parts).abs() < 1e-3, "{whole} {parts}");
        // About 4.4 km × 3.9 km.
        assert!((14e6..19e6).contains(&whole), "{whole}");
    }

    #[test]
    fn a_degree_of_the_equator_is_111_km() {
        assert!((distance_m(E7::new(0, 0), E7::new(10_000_000, 0)) - 111_319.49).abs() < 0.01);
    }

    #[test]
    fn short_edges_agree_with_the_geodesic() {
        for lat in [0, 150_000_000, 315_000_000, -315_000_000, 599_000_000] {
            for (dx, dy) in [(10_000, 0), (0, 10_000), (10_000, 10_000), (-7, 10_000), (-9_999, -13), (3, 5)]
            {
                let (a, b) = (E7::new(1_203_000_000, lat), E7::new(1_203_000_000 + dx, lat + dy));
                let ((area, length), (area_by, length_by)) = (short_edge(a, b), long_edge(a, b));
                assert!((area - area_by).abs() < 0.1, "{a:?} {b:?}: {area} {area_by}");
                assert!((length - length_by).abs() < 1e-4, "{a:?} {b:?}: {length} {length_by}");
            }
        }
    }
}
