//! Step *project*: longitude and latitude to Web Mercator (and, for the other matrix set, to a plate), on integers.
//!
//! The world square of Web Mercator (EPSG:3857) is divided into 2³² × 2³² units, `x` eastwards and
//! `y` southwards from the north-west corner. That is exactly the lattice of 4096 units per tile at
//! zoom 20, and finer than the core's 1e-7 degree, so nothing that the core tells apart falls
//! together here. All later steps work on these integers: the lattice of zoom 14 is this one without
//! its last six bits.

use gridbeat_onemap::E7;
use std::f64::consts::PI;

/// Units along one side of the world square.
pub(crate) const WORLD_SIDE: i64 = 1 << 32;

/// Web Mercator ends here: where `y` reaches the square's edge (degrees).
pub const LATITUDE_LIMIT: f64 = 85.051_128_78;

/// Lattice units of one full turn of longitude.
const TURN: u64 = 3_600_000_000;

/// Between vertices farther apart in latitude than this (0.005°, about 550 m) a line straight on the
/// ellipsoid's lattice bends visibly in Mercator: at 0.005° by less than half a unit of this lattice.
const STRAIGHT: i64 = 50_000;

/// A position in the world square.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct World {
    /// Eastwards from 180° W.
    pub x: u32,
    /// Southwards from 85.05° N.
    pub y: u32,
}

/// Projects one position. Latitudes beyond the limit land on the square's edge.
pub(crate) fn project(p: E7) -> World {
    World { x: turned(i64::from(p.lon) + 1_800_000_000), y: mercator_y(p.lat_degrees()) }
}

/// A position on the plate of 360° × 360° whose upper half is the world: longitude and latitude as they
/// are. A unit is 0.84e-7 degree, so again nothing that the core tells apart falls together.
pub(crate) fn plate(p: E7) -> World {
    // The south pole belongs to the last row of the upper half.
    let y = turned(900_000_000 - i64::from(p.lat)).min((1 << 31) - 1);
    World { x: turned(i64::from(p.lon) + 1_800_000_000), y }
}

/// Lattice units from the square's edge, of 3.6e9, as units of 2³²: exact, rounded to nearest.
fn turned(units: i64) -> u32 {
    // 3.6e9 · 2³² < 2⁶⁴, with the half that is added too.
    let units = units.clamp(0, TURN as i64) as u64;
    let turned = ((units << 32) | (TURN / 2)) / TURN;
    turned.min(u64::from(u32::MAX)) as u32
}

/// `y = (1/2 − atanh(sin φ) / 2π) · 2³²` (spherical Mercator, Snyder 1987, eq. 7-2).
///
/// `libm` and not the platform's functions, so that every node draws the same tile.
fn mercator_y(latitude: f64) -> u32 {
    let phi = latitude.clamp(-LATITUDE_LIMIT, LATITUDE_LIMIT) * (PI / 180.0);
    let y = (0.5 - libm::atanh(libm::sin(phi)) / (2.0 * PI)) * WORLD_SIDE as f64;
    y.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

/// The longitude and latitude (lattice units, not rounded) of a place in the world square given as
/// fractions of its side.
pub(crate) fn unproject(x: f64, y: f64) -> (f64, f64) {
    let lon = (x - 0.5) * 360.0;
    let lat = libm::atan(libm::sinh((0.5 - y) * 2.0 * PI)) * (180.0 / PI);
    (lon * 1e7, lat * 1e7)
}

/// A line on the plate, where straight stays straight; consecutive equal positions are merged.
pub(crate) fn plate_line(line: &[E7]) -> Vec<World> {
    let mut out: Vec<World> = line.iter().map(|&p| plate(p)).collect();
    out.dedup();
    out
}

/// Projects a line. Vertices are added where a long edge would leave its true course (see
/// [`STRAIGHT`]); consecutive equal positions are merged.
pub(crate) fn project_line(line: &[E7]) -> Vec<World> {
    let mut out = Vec::with_capacity(line.len());
    let mut push = |p: E7| {
        let w = project(p);
        if out.last() != Some(&w) {
            out.push(w);
        }
    };
    for (i, &b) in line.iter().enumerate() {
        if let Some(&a) = i.checked_sub(1).and_then(|i| line.get(i)) {
            let (dx, dy) = (i64::from(b.lon) - i64::from(a.lon), i64::from(b.lat) - i64::from(a.lat));
            let parts = if dx == 0 { 1 } else { 1 + dy.abs() / STRAIGHT };
            for k in 1..parts {
                let at = |from: i32, d: i64| (i64::from(from) + (d * k).div_euclid(parts)) as i32;
                push(E7::new(at(a.lon, dx), at(a.lat, dy)));
            }
        }
        push(b);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_places() {
        assert_eq!(project(E7::new(0, 0)), World { x: 1 << 31, y: 1 << 31 });
        assert_eq!(project(E7::new(-1_800_000_000, 900_000_000)), World { x: 0, y: 0 });
        assert_eq!(project(E7::new(1_800_000_000, -900_000_000)), World { x: u32::MAX, y: u32::MAX });
        // Tile 14/13656/6613 is the one around 120.06 E, 31.97 N (checked against the slippy-map formula).
        let w = project(E7::from_degrees(120.06, 31.97).unwrap());
        let n = f64::from(1 << 14);
        let phi = 31.97_f64.to_radians();
        assert_eq!(w.x >> 18, ((120.06 + 180.0) / 360.0 * n) as u32);
        assert_eq!(w.y >> 18, ((1.0 - (phi.tan() + 1.0 / phi.cos()).ln() / PI) / 2.0 * n) as u32);
    }

    #[test]
    fn long_edges_are_bent() {
        let line = project_line(&[E7::new(1_200_000_000, 310_000_000), E7::new(1_201_000_000, 311_000_000)]);
        assert_eq!(line.len(), 22);
        assert_eq!(project_line(&[E7::new(5, 5), E7::new(5, 5)]).len(), 1);
    }

    proptest! {
        #[test]
        fn neighbours_stay_apart(lon in -1_800_000_000..1_799_999_999_i32, lat in -850_000_000..850_000_000_i32) {
            let p = project(E7::new(lon, lat));
            prop_assert!(project(E7::new(lon + 1, lat)).x > p.x);
            prop_assert!(project(E7::new(lon, lat + 1)).y < p.y);
        }

        #[test]
        fn there_and_back(lon in -1_799_999_999..1_799_999_999_i32, lat in -850_000_000..850_000_000_i32) {
            let p = project(E7::new(lon, lat));
            let side = WORLD_SIDE as f64;
            let (x, y) = unproject(f64::from(p.x) / side, f64::from(p.y) / side);
            prop_assert!((x - f64::from(lon)).abs() < 1.0 && (y - f64::from(lat)).abs() < 1.0);
        }
    }
}
