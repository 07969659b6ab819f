//! Ground as a set of directed edges, its inside to their left: the same for every order of rings, every
//! start of a ring, and every way to cut ground into polygons.

use gridbeat_onemap::{E7, MultiPolygon, shape::ring_area2};
use std::collections::BTreeMap;

/// Directed edges that have no opposite, sorted.
pub fn edges<'a>(grounds: impl IntoIterator<Item = &'a MultiPolygon>) -> Vec<(E7, E7)> {
    // How many more times an edge runs a → b than b → a, by a < b.
    let mut net: BTreeMap<(E7, E7), i32> = BTreeMap::new();
    for polygon in grounds.into_iter().flat_map(|g| &g.0) {
        for (k, ring) in polygon.rings().enumerate() {
            let right_way = (ring_area2(ring) > 0) == (k == 0);
            for (i, &a) in ring.iter().enumerate() {
                let b = ring[(i + 1) % ring.len()];
                if a == b {
                    continue;
                }
                let forward = (a < b) == right_way;
                *net.entry((a.min(b), a.max(b))).or_default() += if forward { 1 } else { -1 };
            }
        }
    }
    let mut edges: Vec<(E7, E7)> = Vec::with_capacity(net.len());
    for ((a, b), n) in net {
        for _ in 0..n.unsigned_abs() {
            edges.push(if n > 0 { (a, b) } else { (b, a) });
        }
    }
    edges.sort_unstable();
    edges
}

/// Length in units.
pub fn length((a, b): (E7, E7)) -> f64 {
    let d = |u: i32, v: i32| f64::from(u) - f64::from(v);
    d(a.lon, b.lon).hypot(d(a.lat, b.lat))
}

/// Twice the area to the left of some directed lines that close, in square units.
pub fn area2(lines: impl IntoIterator<Item = (E7, E7)>) -> i128 {
    let turn =
        |(a, b): (E7, E7)| i128::from(a.lon) * i128::from(b.lat) - i128::from(b.lon) * i128::from(a.lat);
    lines.into_iter().map(turn).sum()
}
