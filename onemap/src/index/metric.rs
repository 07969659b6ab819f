//! Bounds of distances that cost little, so that the distance itself is worked out for few.

use crate::{Bounds, E7, geodesic};

/// The plane that touches the ellipsoid at a position. Within [`Plane::window`], distances in it and
/// [`geodesic::distance_m`] differ by less than [`SLACK`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    at: E7,
    /// Metres of one unit.
    east: f64,
    north: f64,
}

/// One in a hundred: within 0.1° of latitude the midway parallel is at most 0.05° away, and up to 80°
/// of latitude it is less than 0.5 % longer or shorter than the position's own.
pub(super) const SLACK: f64 = 0.01;

impl Plane {
    /// `None` near the poles and the antimeridian.
    pub fn at(at: E7) -> Option<Self> {
        let margin = geodesic::SHORT as i32;
        if at.lat.abs() > geodesic::POLAR - margin || at.lon.abs() > 1_800_000_000 - margin {
            return None;
        }
        let (east, north) = geodesic::metres_per_unit(at.lat_degrees().to_radians());
        Some(Self { at, east, north })
    }

    /// Metres of one unit to the east and to the north.
    pub fn metres_per_unit(&self) -> (f64, f64) {
        (self.east, self.north)
    }

    /// Where it holds: 0.1° each way, about 11 km from north to south.
    pub fn window(&self) -> Bounds {
        let margin = geodesic::SHORT as i32;
        Bounds {
            min: E7::new(self.at.lon - margin, self.at.lat - margin),
            max: E7::new(self.at.lon + margin, self.at.lat + margin),
        }
    }

    /// No position outside the window is nearer than this many metres.
    pub fn reach(&self) -> f64 {
        // To the meridian 0.1° away it is asin(cos φ · sin 0.1°) on a sphere no larger than the
        // ellipsoid's sharpest bend, to the parallel more.
        let angle = (self.at.lat_degrees().to_radians().cos() * 0.1_f64.to_radians().sin()).asin();
        0.999 * angle * LEAST_RADIUS_M
    }

    /// The square of the distance to a position.
    #[inline]
    pub fn square(&self, lon: i32, lat: i32) -> f64 {
        let x = (f64::from(lon) - f64::from(self.at.lon)) * self.east;
        let y = (f64::from(lat) - f64::from(self.at.lat)) * self.north;
        x * x + y * y
    }

    /// The square of the distance to the nearest position of a box.
    #[inline]
    pub fn least_square(&self, b: &Bounds) -> f64 {
        let lon = self.at.lon.clamp(b.min.lon, b.max.lon);
        let lat = self.at.lat.clamp(b.min.lat, b.max.lat);
        self.square(lon, lat)
    }

    /// The square of the distance to the farthest position of a box.
    pub fn most_square(&self, b: &Bounds) -> f64 {
        let far = |v: i32, lo: i32, hi: i32| {
            if i64::from(v) - i64::from(lo) > i64::from(hi) - i64::from(v) { lo } else { hi }
        };
        self.square(far(self.at.lon, b.min.lon, b.max.lon), far(self.at.lat, b.min.lat, b.max.lat))
    }
}

/// The ellipsoid's least radius of curvature: along the meridian at the equator. A line on it is never
/// shorter than this radius times the angle that the same latitudes and longitudes make on a sphere.
const LEAST_RADIUS_M: f64 = 6_335_439.0;

/// A number of metres that no position of the box is nearer than, anywhere on the globe: good to about
/// 1 %.
pub(super) fn least_m(at: E7, b: &Bounds) -> f64 {
    let (lat, south, north) = (radians(at.lat), radians(b.min.lat), radians(b.max.lat));
    let angle = if b.min.lon <= at.lon && at.lon <= b.max.lon {
        (south - lat).max(lat - north).max(0.0)
    } else {
        // The nearest position lies on the meridian that is less far around the globe.
        let around = |lon: i32| {
            let d = (i64::from(lon) - i64::from(at.lon)).rem_euclid(3_600_000_000);
            d.min(3_600_000_000 - d)
        };
        let lon = around(b.min.lon).min(around(b.max.lon)) as f64 / crate::e7::UNITS_PER_DEGREE;
        let turn = lon.to_radians().cos();
        // On it the cosine of the angle is a wave in the latitude: largest at its crest, if the box
        // has that, else at one of its ends.
        let cosine = |v: f64| lat.sin() * v.sin() + lat.cos() * v.cos() * turn;
        let crest = lat.sin().atan2(lat.cos() * turn);
        let mut most = cosine(south).max(cosine(north));
        if south <= crest && crest <= north {
            most = most.max(cosine(crest));
        }
        most.clamp(-1.0, 1.0).acos()
    };
    // A metre for what an arc cosine loses near zero and for the formula of short distances.
    (angle * LEAST_RADIUS_M * 0.999 - 1.0).max(0.0)
}

fn radians(units: i32) -> f64 {
    (f64::from(units) / crate::e7::UNITS_PER_DEGREE).to_radians()
}

/// A box that holds everything within so many metres, away from the poles and the antimeridian.
pub(super) fn around(at: E7, radius_m: f64) -> Bounds {
    // A degree of latitude is never shorter than 110 574 m, one of longitude never shorter than
    // 111 319 m times the cosine of the latitude nearest to a pole.
    let lat = radius_m / 110_574.0;
    let most = (at.lat_degrees().abs() + lat).min(89.999);
    let lon = (radius_m / (111_319.0 * most.to_radians().cos())).min(360.0);
    let step = |v: i32, d: f64| (f64::from(v) + d * crate::e7::UNITS_PER_DEGREE).clamp(-2e9, 2e9) as i32;
    Bounds {
        min: E7::new(step(at.lon, -lon) - 1, step(at.lat, -lat) - 1),
        max: E7::new(step(at.lon, lon) + 1, step(at.lat, lat) + 1),
    }
}
