//! How many residents in a polygon 5 km across with 200 vertices.

use super::points::{Random, at, residents, some, tree, units_per_metre};
use crate::{
    case::{Measured, Unit, in_turn},
    city::shape,
};
use geo::Contains;
use geo_types::Point;
use gridbeat_onemap::{
    E7, MultiPolygon, Polygon,
    index::{Ground, PackedIndex},
};
use rstar::AABB;
use std::f64::consts::TAU;

/// Polygons of one run.
const POLYGONS: usize = 20;
const VERTICES: usize = 200;
/// Half of 5 km, in metres.
const RADIUS_M: f64 = 2500.0;

pub fn run() -> Result<Measured, String> {
    let points = residents()?;
    let mut random = Random(5);
    let grounds: Vec<MultiPolygon> =
        some(points, POLYGONS).into_iter().map(|p| quarter(p, &mut random)).collect();
    let index = PackedIndex::build(points);
    let tree = tree(points);
    // Making the ground ready counts, as does making the peer's shape.
    let ours = || grounds.iter().map(|g| index.count_on(&Ground::polygon(g))).collect::<Vec<u64>>();
    let peer = || {
        let count = |ground: &MultiPolygon| {
            let (shape, bounds) = (shape(ground), ground.bounds());
            let near = tree.locate_in_envelope(AABB::from_corners(at(bounds.min), at(bounds.max)));
            near.filter(|e| shape.contains(&Point::from(*e.geom()))).count() as u64
        };
        grounds.iter().map(count).collect::<Vec<u64>>()
    };
    let (a, b) = (ours(), peer());
    if a != b {
        return Err(format!("{a:?} and {b:?} points"));
    }
    let (ours, peer) = in_turn(ours, peer);
    let rate = |ms: f64| POLYGONS as f64 / ms * 1e3;
    Ok(Measured { ours: rate(ours), peer: Some(rate(peer)), unit: Unit::PerSecond })
}

/// A ring around a position as one would draw a quarter: two bays and capes of different length, and a
/// hand that trembles by 50 m.
fn quarter(middle: E7, random: &mut Random) -> MultiPolygon {
    let (east, north) = units_per_metre(middle);
    let (first, second) = (random.share() * TAU, random.share() * TAU);
    let exterior = (0..VERTICES)
        .map(|i| {
            let angle = TAU * i as f64 / VERTICES as f64;
            let bays = 0.12 * (3.0 * angle + first).sin() + 0.06 * (8.0 * angle + second).sin();
            let radius = RADIUS_M * (0.8 + bays + 0.02 * random.share());
            let (x, y) = (angle.cos() * radius * east, angle.sin() * radius * north);
            E7::new(middle.lon + x as i32, middle.lat + y as i32)
        })
        .collect();
    MultiPolygon(vec![Polygon { exterior, holes: vec![] }])
}
