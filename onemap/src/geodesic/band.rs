//! What measuring an edge takes of the ellipsoid, as series about the middles of bands of latitude: an edge then costs
//! a few products, no sine and no quotient.

use super::{E2, EQUATOR_M, POLAR, SHORT, zone};
use crate::{E7, e7::UNITS_PER_DEGREE};
use std::sync::OnceLock;

/// Series in radians from the middle of a band. Half a band is 1.1·10⁻⁴, so that what the first terms left out add to an
/// edge of 11 km is less than its rounding, a micrometre and a square millimetre; of `cubic` and `mixed`, which correct
/// the ground by little, up to 0.0004 m² at 31° of latitude and 0.015 m² at 80°.
pub(super) struct Band {
    /// Metres for each radian of longitude: across·cos φ.
    east: [f64; 3],
    /// Metres for each radian of latitude.
    north: [f64; 3],
    /// Square metres between the equator and here for each radian of longitude.
    zone: [f64; 4],
    /// What bends the geodesic: the factors of x³ and of x·y² in the ground between it and the straight line.
    cubic: [f64; 2],
    mixed: [f64; 2],
}

/// A latitude, of which bands are told by, counts half units: the middle of an edge is one.
const HALF: f64 = std::f64::consts::PI / 180.0 / UNITS_PER_DEGREE / 2.0;

/// Half units of a band, as a power of two: 0.013°.
const SHIFT: u32 = 18;

/// The southernmost band holds the middle of an edge that begins at the polar limit and leads south.
const FIRST: i64 = -(2 * POLAR as i64 + SHORT) >> SHIFT;
const COUNT: usize = (((2 * POLAR as i64 + SHORT) >> SHIFT) - FIRST + 1) as usize;

/// Made when they are first asked for: few are.
static BANDS: [OnceLock<Band>; COUNT] = [const { OnceLock::new() }; COUNT];

impl Band {
    /// About a latitude in radians. Derivatives of the radii after Snyder, "Map Projections" (1987), 4-18 to 4-20;
    /// that of across·cos φ is −along·sin φ, that of the zone along·across·cos φ.
    fn about(latitude: f64) -> Self {
        let (s, c) = latitude.sin_cos();
        let w2 = 1.0 - E2 * s * s;
        let across = EQUATOR_M / w2.sqrt();
        let along = across * (1.0 - E2) / w2;
        // along′ / along and its derivative.
        let g = 3.0 * E2 * s * c / w2;
        let dg = 3.0 * E2 * ((c * c - s * s) / w2 + 2.0 * E2 * s * s * c * c / (w2 * w2));
        let north = [along, along * g, along * (g * g + dg) / 2.0];
        let east = [across * c, -along * s, -along * (g * s + c) / 2.0];
        let zone_1 = north[0] * east[0];
        let zone_2 = (north[0] * east[1] + north[1] * east[0]) / 2.0;
        let zone_3 = (north[0] * east[2] + north[1] * east[1] + north[2] * east[0]) / 3.0;
        // tan φ / 12 across, and what the meridian's curvature adds.
        let tan = s / (12.0 * c * across);
        let dtan = (1.0 / (c * c) - E2 * s * s / w2) / (12.0 * across);
        Self {
            east,
            north,
            zone: [zone(s), zone_1, zone_2, zone_3],
            cubic: [tan, dtan],
            mixed: [2.0 * tan + g / (12.0 * along), 2.0 * dtan + (dg - g * g) / (12.0 * along)],
        }
    }

    /// The band of an edge's middle, and how many radians that lies north of the band's.
    #[inline]
    fn of(a: E7, b: E7) -> (&'static Self, f64) {
        let middle = i64::from(a.lat) + i64::from(b.lat);
        let band = middle >> SHIFT;
        let about = (band << SHIFT) + (1 << (SHIFT - 1));
        let made = BANDS[(band - FIRST) as usize].get_or_init(|| Self::about(about as f64 * HALF));
        (made, (middle - about) as f64 * HALF)
    }
}

/// What an edge adds to the area on its left (m²), and its length (m): by a series about its middle, much cheaper
/// than the geodesic.
///
/// The ground between the equator and the line that runs straight in longitude and latitude is its
/// width in longitude times the mean over its latitudes of the authalic function (Snyder, "Map
/// Projections", 1987, 3-12), which is zone(φ) + zone″(φ)·rise²/24. The geodesic runs beside that line: with x metres
/// east and y north, the line bends by the Christoffel symbols of the ellipsoid, which puts
/// `x·tan φ·(x² + 2y²)/12N + x·y²·M′/12M²` square metres between the two. What is left out is of fifth
/// order: less than 0.01 m² for an edge of 10 km, far north less than one.
#[inline]
pub(super) fn short_edge(a: E7, b: E7) -> (f64, f64) {
    let (band, d) = Band::of(a, b);
    let rise = (f64::from(b.lat) - f64::from(a.lat)) * (2.0 * HALF);
    let width = (f64::from(b.lon) - f64::from(a.lon)) * (2.0 * HALF);
    let x = width * (band.east[0] + d * (band.east[1] + d * band.east[2]));
    let y = rise * (band.north[0] + d * (band.north[1] + d * band.north[2]));
    let zone = &band.zone;
    let here = zone[0] + d * (zone[1] + d * (zone[2] + d * zone[3]));
    // zone″ / 24.
    let bend = (zone[2] + 3.0 * d * zone[3]) / 12.0;
    let straight = width * (here + bend * rise * rise);
    let (x2, y2) = (x * x, y * y);
    let between = x * ((band.cubic[0] + d * band.cubic[1]) * x2 + (band.mixed[0] + d * band.mixed[1]) * y2);
    (-(straight + between), (x2 + y2).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_meet_where_one_ends_and_the_next_begins() {
        let half = (1 << (SHIFT - 1)) as f64 * HALF;
        let at = |b: &Band, d: f64| {
            let [e, n, z] =
                [&b.east[..], &b.north, &b.zone].map(|s| s.iter().rev().fold(0.0, |sum, k| sum * d + k));
            [e, n, z, b.cubic[0] + d * b.cubic[1], b.mixed[0] + d * b.mixed[1]]
        };
        let middle = |k: usize| ((((FIRST + k as i64) << SHIFT) + (1 << (SHIFT - 1))) as f64) * HALF;
        for k in 1..COUNT {
            let (south, north) = (at(&Band::about(middle(k - 1)), half), at(&Band::about(middle(k)), -half));
            // What is left out is of the third order, of the zone of the fourth, of the last two of the second.
            let scale = [EQUATOR_M, EQUATOR_M, EQUATOR_M * EQUATOR_M, 1.0 / EQUATOR_M, 1.0 / EQUATOR_M];
            let off: Vec<f64> = (0..5).map(|i| (south[i] - north[i]).abs() / scale[i]).collect();
            assert!(off[..3].iter().all(|off| *off < 1e-12), "{k}: {off:?}");
            assert!(off[3..].iter().all(|off| *off < 1e-5), "{k}: {off:?}");
        }
    }

    #[test]
    fn what_lies_farthest_north_and_south_has_a_band() {
        for (lat, step) in [(POLAR, SHORT as i32), (-POLAR, -(SHORT as i32)), (0, 0), (0, -1)] {
            let (_, length) = short_edge(E7::new(0, lat), E7::new(1, lat + step));
            assert!(length > 0.0, "{lat}");
        }
    }
}
