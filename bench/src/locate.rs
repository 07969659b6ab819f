//! Points → grid and beat in one look, against two R-trees of areas with `geo`'s containment.

use crate::{
    case::{Case, Measured, Unit, in_turn},
    city::{City, shape},
};
use geo::{BoundingRect, Contains};
use geo_types::{MultiPolygon as Shape, Point};
use gridbeat_onemap::{Bounds, E7, Layer, Overlay, record::Side};
use gridbeat_synth::Scale;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

const PEER: &str = "rstar + geo Contains, two layers";

pub const CASES: &[Case] = &[
    Case { name: "locate/random", peer_name: PEER, run: || run(false) },
    Case { name: "locate/sorted", peer_name: PEER, run: || run(true) },
];

/// Points of one run: as many as the city has residents.
const POINTS: usize = 6_300_000;

fn run(sorted: bool) -> Result<Measured, String> {
    let city = City::new(Scale::City);
    let trees = [&city.grids, &city.beats].map(|rows| {
        let shapes = rows.iter().enumerate().filter_map(|(i, r)| Some((i, shape(r.geometry.as_ref()?))));
        RTree::bulk_load(
            shapes
                .filter_map(|(i, s)| {
                    let r = s.bounding_rect()?;
                    let rectangle = Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]);
                    Some(GeomWithData::new(rectangle, (i, s)))
                })
                .collect(),
        )
    });
    let grids = Layer::new(Side::Grid, city.grids);
    let beats = Layer::new(Side::Beat, city.beats);
    let overlay = Overlay::new(&grids, &beats);
    let mut points = random_points(&overlay.bounds());
    if sorted {
        // Along the rows of a raster of about 200 m, as a reader of sorted addresses would come.
        points.sort_by_key(|p| (p.lat / 20_000, p.lon));
    }
    let ours = || {
        let mut sum = [0_u64; 2];
        overlay.locate_each(&points, |piece| {
            if let Some((grid, beat)) = piece.map(|id| overlay.areas_of(id)) {
                sum[0] += grid.map_or(0, |g| u64::from(g.0) + 1);
                sum[1] += beat.map_or(0, |b| u64::from(b.0) + 1);
            }
        });
        sum
    };
    let peer = || {
        let mut sum = [0_u64; 2];
        for &p in &points {
            let p = Point::new(f64::from(p.lon), f64::from(p.lat));
            for (tree, sum) in trees.iter().zip(&mut sum) {
                *sum += find(tree, &p).map_or(0, |i| i as u64 + 1);
            }
        }
        sum
    };
    // A point on a border has an answer of ours and none by `Contains`, and the rounding of a crossing
    // may move a border by a unit: a few in a million may differ, not more.
    let differ = points
        .iter()
        .filter(|&&p| {
            let ours = overlay.locate(p).and_then(|id| overlay.piece(id).grid).map(|g| g.0 as usize);
            ours != find(&trees[0], &Point::new(f64::from(p.lon), f64::from(p.lat)))
        })
        .count();
    if differ > POINTS / 10_000 {
        return Err(format!("{differ} of {POINTS} points lie in another grid"));
    }
    let (ours, peer) = in_turn(ours, peer);
    let rate = |ms: f64| POINTS as f64 / ms * 1e3;
    Ok(Measured { ours: rate(ours), peer: Some(rate(peer)), unit: Unit::PerSecond })
}

type Tree = RTree<GeomWithData<Rectangle<[f64; 2]>, (usize, Shape<f64>)>>;

fn find(tree: &Tree, p: &Point<f64>) -> Option<usize> {
    tree.locate_in_envelope_intersecting(AABB::from_point([p.x(), p.y()]))
        .find(|e| e.data.1.contains(p))
        .map(|e| e.data.0)
}

/// A fixed sequence (SplitMix64) over the box.
fn random_points(bounds: &Bounds) -> Vec<E7> {
    let mut state = 7_u64;
    let mut next = |lo: i32, hi: i32| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let span = (i64::from(hi) - i64::from(lo) + 1) as u64;
        (i64::from(lo) + ((z ^ (z >> 31)) % span) as i64) as i32
    };
    (0..POINTS)
        .map(|_| E7::new(next(bounds.min.lon, bounds.max.lon), next(bounds.min.lat, bounds.max.lat)))
        .collect()
}
