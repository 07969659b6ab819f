//! The ten residents nearest to a position.

use super::points::{Random, entries, residents, some};
use crate::case::{Measured, Unit, in_turn};
use gridbeat_onemap::{E7, geodesic, index::PackedIndex};
use rstar::RTree;

/// Positions of one run.
const POSITIONS: usize = 20_000;
const K: usize = 10;

pub fn run() -> Result<Measured, String> {
    let points = residents()?;
    // Up to 200 m from a resident's door, as who clicks on a map.
    let mut random = Random(3);
    let mut off = |v: i32| v + (random.share() * 40_000.0) as i32 - 20_000;
    let positions: Vec<E7> =
        some(points, POSITIONS).into_iter().map(|p| E7::new(off(p.lon), off(p.lat))).collect();
    let index = PackedIndex::build(points);
    let tree = RTree::bulk_load(entries(points, mercator));
    let ours = || {
        let of = |&p: &E7| index.nearest(p, K, |_| true).iter().map(|n| u64::from(n.0)).sum::<u64>();
        positions.iter().map(of).sum::<u64>()
    };
    let peer = || {
        let of =
            |&p: &E7| tree.nearest_neighbor_iter(mercator(p)).take(K).map(|e| u64::from(e.data)).sum::<u64>();
        positions.iter().map(of).sum::<u64>()
    };
    for &p in &positions[..2000] {
        let ours = index.nearest(p, K, |_| true);
        let peers = tree.nearest_neighbor_iter(mercator(p)).take(K);
        // Neighbours share a door, so ids may differ where distances do not. The map is true to
        // scale in one place only, so the last digits may.
        for ((_, a), e) in ours.iter().zip(peers) {
            let b = geodesic::distance_m(p, points[e.data as usize]);
            if (a - b).abs() > 1e-4 * b + 1e-3 {
                return Err(format!("{a} and {b} metres from {p:?}"));
            }
        }
    }
    let (ours, peer) = in_turn(ours, peer);
    let rate = |ms: f64| POSITIONS as f64 / ms * 1e3;
    Ok(Measured { ours: rate(ours), peer: Some(rate(peer)), unit: Unit::PerSecond })
}

/// The peer measures in a plane: Mercator's is true to angles, so who is nearest there is nearest on
/// the ground. Ellipsoidal (Snyder, "Map Projections", 1987, 7-7), in degrees.
fn mercator(p: E7) -> [f64; 2] {
    const E: f64 = 0.081_819_191_042_816;
    let lat = p.lat_degrees().to_radians();
    let s = E * lat.sin();
    let y = lat.tan().asinh() - E * s.atanh();
    [p.lon_degrees(), y.to_degrees()]
}
