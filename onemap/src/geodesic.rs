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
    WGS84.inverse(
        a.lat_degrees(),
        a.lon_degrees(),
        b.lat_degrees(),
        b.lon_degrees(),
    )
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
    ground
        .0
        .iter()
        .map(|p| ring(&p.exterior) - p.holes.iter().map(|h| ring(h)).sum::<f64>())
        .sum()
}

/// What a line adds to the area of the face to its left, in square metres. Closed rings summed over
/// their lines give their area, counter-clockwise positive.
pub(crate) fn area_left_of_m2(line: &[E7]) -> f64 {
    -line
        .windows(2)
        .map(|w| {
            // (s12, azi1, azi2, m12, M12, M21, S12, a12): S12 is positive for eastward lines.
            let r: (f64, f64, f64, f64, f64, f64, f64, f64) = WGS84.inverse(
                w[0].lat_degrees(),
                w[0].lon_degrees(),
                w[1].lat_degrees(),
                w[1].lon_degrees(),
            );
            r.6
        })
        .sum::<f64>()
}

/// The area of every face in square metres, from chains with a face number on either side. The face
/// outside everything gets the negative of all others.
pub(crate) fn face_areas_m2(faces: usize, chains: Vec<(&[E7], u32, u32)>) -> Vec<f64> {
    let parts: Vec<f64> = chains
        .par_iter()
        .with_min_len(64)
        .map(|c| area_left_of_m2(c.0))
        .collect();
    let mut areas = vec![0.0; faces];
    for ((_, left, right), part) in chains.iter().zip(parts) {
        areas[*left as usize] += part;
        areas[*right as usize] -= part;
    }
    areas
}

/// The length of a line in metres.
pub(crate) fn length_m(line: &[E7]) -> f64 {
    line.windows(2).map(|w| distance_m(w[0], w[1])).sum()
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
        let whole = area_m2(&MultiPolygon(vec![Polygon {
            exterior: r.clone(),
            holes: vec![],
        }]));
        let closed: Vec<E7> = r.iter().chain(r.first()).copied().collect();
        let parts = area_left_of_m2(&closed[..3]) + area_left_of_m2(&closed[2..]);
        assert!((whole - parts).abs() < 1e-3, "{whole} {parts}");
        // About 4.4 km × 3.9 km.
        assert!((14e6..19e6).contains(&whole), "{whole}");
    }

    #[test]
    fn a_degree_of_the_equator_is_111_km() {
        assert!((distance_m(E7::new(0, 0), E7::new(10_000_000, 0)) - 111_319.49).abs() < 0.01);
    }
}
