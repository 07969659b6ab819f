//! All residents in a square, one by one.

use super::points::{at, residents, some, tree, units_per_metre};
use crate::case::{Measured, Unit, in_turn};
use gridbeat_onemap::{
    Bounds, E7,
    index::{Ground, PackedIndex},
};
use rstar::AABB;

/// Squares with sides of so many metres, each around a resident.
pub fn run(side_m: f64, windows: usize) -> Result<Measured, String> {
    let points = residents()?;
    let windows: Vec<Bounds> = some(points, windows).into_iter().map(|p| square(p, side_m)).collect();
    let index = PackedIndex::build(points);
    let tree = tree(points);
    // How many, and a number that depends on which.
    let ours = || {
        let mut answer = (0_u64, 0_u64);
        for w in &windows {
            index.runs_on(&Ground::bounds(*w), |ids| {
                answer.0 += ids.len() as u64;
                answer.1 += ids.iter().map(|&id| u64::from(id)).sum::<u64>();
            });
        }
        answer
    };
    let peer = || {
        let mut answer = (0_u64, 0_u64);
        for w in &windows {
            for found in tree.locate_in_envelope(AABB::from_corners(at(w.min), at(w.max))) {
                answer.0 += 1;
                answer.1 += u64::from(found.data);
            }
        }
        answer
    };
    let (a, b) = (ours(), peer());
    if a != b {
        return Err(format!("{a:?} and {b:?} (points, sum of ids)"));
    }
    let (ours, peer) = in_turn(ours, peer);
    let rate = |ms: f64| windows.len() as f64 / ms * 1e3;
    Ok(Measured { ours: rate(ours), peer: Some(rate(peer)), unit: Unit::PerSecond })
}

fn square(middle: E7, side_m: f64) -> Bounds {
    let (east, north) = units_per_metre(middle);
    let (x, y) = ((side_m / 2.0 * east) as i32, (side_m / 2.0 * north) as i32);
    Bounds { min: E7::new(middle.lon - x, middle.lat - y), max: E7::new(middle.lon + x, middle.lat + y) }
}
