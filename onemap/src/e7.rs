//! The integer coordinate: longitude and latitude in 1e-7 degree, with exact predicates.
//!
//! One unit is about 1.1 cm on the ground. Everything inside Gridbeat is decided on these integers;
//! floating point appears only at the edges (files, projections, screens, square metres).

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Units in one degree.
pub const UNITS_PER_DEGREE: f64 = 1e7;

/// A position on the lattice: longitude and latitude in 1e-7 degree (CGCS2000 / WGS 84).
///
/// Ordered by longitude, then latitude (the sweep order of the noder).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct E7 {
    /// Longitude, −1 800 000 000 ..= 1 800 000 000.
    pub lon: i32,
    /// Latitude, −900 000 000 ..= 900 000 000.
    pub lat: i32,
}

impl E7 {
    /// A position from lattice units.
    pub const fn new(lon: i32, lat: i32) -> Self {
        Self { lon, lat }
    }

    /// The lattice position nearest to a longitude and latitude in degrees; `None` when a value is
    /// not finite or lies outside ±180 / ±90.
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        if !(-180.0..=180.0).contains(&lon) || !(-90.0..=90.0).contains(&lat) {
            return None;
        }
        Some(Self {
            lon: (lon * UNITS_PER_DEGREE).round() as i32,
            lat: (lat * UNITS_PER_DEGREE).round() as i32,
        })
    }

    /// Longitude in degrees.
    pub fn lon_degrees(self) -> f64 {
        f64::from(self.lon) / UNITS_PER_DEGREE
    }

    /// Latitude in degrees.
    pub fn lat_degrees(self) -> f64 {
        f64::from(self.lat) / UNITS_PER_DEGREE
    }

    /// Both in one number that has their order.
    #[inline]
    pub(crate) fn key(self) -> u64 {
        const SIGN: u32 = 1 << 31;
        u64::from(self.lon as u32 ^ SIGN) << 32 | u64::from(self.lat as u32 ^ SIGN)
    }
}

/// By longitude, then latitude, in one comparison: which of the two decides cannot be foreseen.
impl Ord for E7 {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for E7 {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A closed axis-parallel box on the lattice; both corners belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bounds {
    /// South-west corner.
    pub min: E7,
    /// North-east corner.
    pub max: E7,
}

impl Bounds {
    /// The box that holds nothing; the identity of [`Bounds::join`].
    pub const EMPTY: Self = Self { min: E7::new(i32::MAX, i32::MAX), max: E7::new(i32::MIN, i32::MIN) };

    /// The whole lattice.
    pub const WORLD: Self =
        Self { min: E7::new(-1_800_000_000, -900_000_000), max: E7::new(1_800_000_000, 900_000_000) };

    /// The smallest box around some positions ([`Bounds::EMPTY`] when there are none).
    pub fn of<'a>(points: impl IntoIterator<Item = &'a E7>) -> Self {
        points.into_iter().fold(Self::EMPTY, |b, &p| b.with(p))
    }

    /// This box grown to hold `p`.
    #[inline]
    #[must_use]
    pub fn with(self, p: E7) -> Self {
        self.join(Self { min: p, max: p })
    }

    /// The smallest box around both.
    #[inline]
    #[must_use]
    pub fn join(self, o: Self) -> Self {
        Self {
            min: E7::new(self.min.lon.min(o.min.lon), self.min.lat.min(o.min.lat)),
            max: E7::new(self.max.lon.max(o.max.lon), self.max.lat.max(o.max.lat)),
        }
    }

    /// Whether no position lies in the box.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.min.lon > self.max.lon || self.min.lat > self.max.lat
    }

    /// Whether `p` lies in the box or on its border.
    #[inline]
    pub fn contains(&self, p: E7) -> bool {
        self.min.lon <= p.lon && p.lon <= self.max.lon && self.min.lat <= p.lat && p.lat <= self.max.lat
    }

    /// Whether the boxes share at least a border point. All four comparisons are made always: which of them
    /// fails nobody can foresee, and to guess wrongly costs more than all of them.
    #[inline]
    pub fn intersects(&self, o: &Self) -> bool {
        (self.min.lon <= o.max.lon)
            & (o.min.lon <= self.max.lon)
            & (self.min.lat <= o.max.lat)
            & (o.min.lat <= self.max.lat)
    }

    /// Whether `o` lies wholly in this box.
    pub fn covers(&self, o: &Self) -> bool {
        self.contains(o.min) && self.contains(o.max)
    }

    /// The middle, rounded down.
    pub fn center(&self) -> E7 {
        let mid = |a: i32, b: i32| ((i64::from(a) + i64::from(b)) >> 1) as i32;
        E7::new(mid(self.min.lon, self.max.lon), mid(self.min.lat, self.max.lat))
    }
}

/// Products of two differences below this fit into 62 bits.
const SMALL: i64 = 1 << 30;

/// Whether all lie in −SMALL .. SMALL: moved up by it, none of them has a bit of 2³¹ or above.
#[inline]
fn are_small(of: [i64; 4]) -> bool {
    of.iter().fold(0, |bits, v| bits | (v + SMALL) as u64) < 2 * SMALL as u64
}

/// Twice the signed area of the triangle `a b c` in square units: positive when the turn at `b` is
/// to the left (counter-clockwise). Exact for every lattice position.
#[inline]
pub fn cross(a: E7, b: E7, c: E7) -> i128 {
    let (ux, uy) = (i64::from(b.lon) - i64::from(a.lon), i64::from(b.lat) - i64::from(a.lat));
    let (vx, vy) = (i64::from(c.lon) - i64::from(a.lon), i64::from(c.lat) - i64::from(a.lat));
    if are_small([ux, uy, vx, vy]) {
        return i128::from(ux * vy - uy * vx);
    }
    i128::from(ux) * i128::from(vy) - i128::from(uy) * i128::from(vx)
}

/// On which side of the line `a → b` the position `c` lies: `Greater` left, `Less` right, `Equal` on it.
#[inline]
pub fn orientation(a: E7, b: E7, c: E7) -> Ordering {
    let (ux, uy) = (i64::from(b.lon) - i64::from(a.lon), i64::from(b.lat) - i64::from(a.lat));
    let (vx, vy) = (i64::from(c.lon) - i64::from(a.lon), i64::from(c.lat) - i64::from(a.lat));
    if are_small([ux, uy, vx, vy]) {
        return (ux * vy).cmp(&(uy * vx));
    }
    (i128::from(ux) * i128::from(vy)).cmp(&(i128::from(uy) * i128::from(vx)))
}

/// Whether `p` lies on the closed segment `a b`.
#[inline]
pub fn on_segment(a: E7, b: E7, p: E7) -> bool {
    Bounds::of([&a, &b]).contains(p) && cross(a, b, p) == 0
}
