//! GCJ-02 (AMap, Tencent) and BD-09 (Baidu), both ways.
//!
//! GCJ-02 shifts WGS 84 by some hundred metres, by a sum of sines; BD-09 turns and stretches GCJ-02
//! once more. Neither has a closed inverse. The usual shortcut (subtract the shift of the shifted
//! place) errs by 1–2 m; here the inverse is iterated until it moves less than 1e-11 degree.
//!
//! The constants are those of the published reverse engineering: a = 6378245 m (Krasovsky),
//! ee = 0.00669342162296594323. Outside 72.004–137.8347 E, 0.8293–55.8271 N both are the identity.

use std::f64::consts::PI;

const A: f64 = 6_378_245.0;
const EE: f64 = 0.006_693_421_622_965_943;
const BD_PI: f64 = PI * 3000.0 / 180.0;

/// Whether the shift applies at a place (degrees).
pub fn applies(lon: f64, lat: f64) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

/// WGS 84 → GCJ-02, degrees.
pub fn from_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    if !applies(lon, lat) {
        return (lon, lat);
    }
    let (dlon, dlat) = shift(lon, lat);
    (lon + dlon, lat + dlat)
}

/// GCJ-02 → WGS 84, degrees.
pub fn to_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    if !applies(lon, lat) {
        return (lon, lat);
    }
    // The shift varies by less than 1e-2 degree per degree, so every round gains two digits.
    invert(lon, lat, |x, y| {
        let (dx, dy) = shift(x, y);
        (x + dx, y + dy)
    })
}

/// GCJ-02 → BD-09, degrees.
pub fn gcj02_to_bd09(lon: f64, lat: f64) -> (f64, f64) {
    if !applies(lon, lat) {
        return (lon, lat);
    }
    to_bd09(lon, lat)
}

/// BD-09 → GCJ-02, degrees.
pub fn bd09_to_gcj02(lon: f64, lat: f64) -> (f64, f64) {
    if !applies(lon, lat) {
        return (lon, lat);
    }
    invert(lon, lat, to_bd09)
}

/// WGS 84 → BD-09, degrees.
pub fn bd09_from_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = from_wgs84(lon, lat);
    gcj02_to_bd09(x, y)
}

/// BD-09 → WGS 84, degrees.
pub fn bd09_to_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = bd09_to_gcj02(lon, lat);
    to_wgs84(x, y)
}

/// Solves `f(p) = target` for an `f` close to a translation: p ← p + (target − f(p)).
fn invert(lon: f64, lat: f64, f: impl Fn(f64, f64) -> (f64, f64)) -> (f64, f64) {
    let (mut x, mut y) = (lon, lat);
    for _ in 0..40 {
        let (fx, fy) = f(x, y);
        let (ex, ey) = (lon - fx, lat - fy);
        x += ex;
        y += ey;
        if ex.abs().max(ey.abs()) < 1e-11 {
            break;
        }
    }
    (x, y)
}

fn to_bd09(lon: f64, lat: f64) -> (f64, f64) {
    let z = lon.hypot(lat) + 0.000_02 * (lat * BD_PI).sin();
    let theta = lat.atan2(lon) + 0.000_003 * (lon * BD_PI).cos();
    (z * theta.cos() + 0.0065, z * theta.sin() + 0.006)
}

/// The GCJ-02 shift at a WGS 84 place, degrees.
fn shift(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let common = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + common
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + common
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let phi = lat.to_radians();
    let m = 1.0 - EE * phi.sin().powi(2);
    let dlat = (north * 180.0) / ((A * (1.0 - EE)) / (m * m.sqrt()) * PI);
    let dlon = (east * 180.0) / (A / m.sqrt() * phi.cos() * PI);
    (dlon, dlat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shift_in_shanghai_is_the_published_one() {
        // People's Square: the widely reproduced pair of the reference implementation.
        let (x, y) = from_wgs84(121.473_70, 31.230_40);
        assert!((x - 121.478_2).abs() < 2e-4 && (y - 31.228_5).abs() < 2e-4, "{x} {y}");
    }

    #[test]
    fn both_inverses_come_back_within_a_billionth_of_a_degree() {
        for i in 0..60 {
            for j in 0..50 {
                let (lon, lat) = (74.0 + f64::from(i), 2.0 + f64::from(j));
                let g = from_wgs84(lon, lat);
                let back = to_wgs84(g.0, g.1);
                assert!(
                    (back.0 - lon).abs() < 1e-9 && (back.1 - lat).abs() < 1e-9,
                    "gcj {lon} {lat} {back:?}"
                );
                let b = bd09_from_wgs84(lon, lat);
                let back = bd09_to_wgs84(b.0, b.1);
                assert!(
                    (back.0 - lon).abs() < 1e-9 && (back.1 - lat).abs() < 1e-9,
                    "bd {lon} {lat} {back:?}"
                );
            }
        }
    }

    #[test]
    fn elsewhere_nothing_moves() {
        assert_eq!(from_wgs84(-87.6, 41.9), (-87.6, 41.9));
        assert_eq!(bd09_to_wgs84(2.35, 48.85), (2.35, 48.85));
    }
}
