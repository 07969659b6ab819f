//! The labelled overlay of both layers, its rings written out, against `geo`'s boolean operations over
//! the pairs that an R-tree finds.

use crate::{
    case::{Case, Measured, Unit, in_turn},
    city::{City, shape},
};
use geo::{Area, BooleanOps, BoundingRect};
use geo_types::MultiPolygon as Shape;
use gridbeat_onemap::{
    E7, Layer, Overlay,
    record::{AreaRow, Side},
};
use gridbeat_synth::Scale;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

const PEER: &str = "geo BooleanOps over R-tree pairs";

pub const CASES: &[Case] = &[
    Case { name: "overlay/district", peer_name: PEER, run: || city(Scale::District) },
    Case { name: "overlay/city", peer_name: PEER, run: || city(Scale::City) },
    Case { name: "overlay/near-coincident", peer_name: PEER, run: near_coincident },
];

/// An intersection of less than this many square units (about a tenth of a square metre) may be the
/// rounding of either side and does not count as a pair.
const LEAST: f64 = 1000.0;

/// Grids over beats.
fn city(scale: Scale) -> Result<Measured, String> {
    let city = City::new(scale);
    compare(city.grids, city.beats)
}

/// Grids over the same grids drawn a second time: every vertex up to three units (3 cm) off, the same one
/// always by the same, so that it is a coverage again.
fn near_coincident() -> Result<Measured, String> {
    let grids = City::new(Scale::City).grids;
    let off = |p: &mut E7| {
        let mixed = (p.lon as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ (p.lat as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let by = |shift: u32| ((mixed >> shift) % 7) as i32 - 3;
        *p = E7::new(p.lon + by(17), p.lat + by(41));
    };
    let mut again: Vec<AreaRow> = grids.iter().filter(|r| r.geometry.is_some()).cloned().collect();
    for polygon in again.iter_mut().filter_map(|r| r.geometry.as_mut()).flat_map(|g| &mut g.0) {
        std::iter::once(&mut polygon.exterior).chain(&mut polygon.holes).flatten().for_each(off);
    }
    compare(grids, again)
}

fn compare(first: Vec<AreaRow>, second: Vec<AreaRow>) -> Result<Measured, String> {
    let shapes = |rows: &[AreaRow]| -> Vec<Shape<f64>> {
        rows.iter().filter_map(|r| r.geometry.as_ref()).map(shape).collect()
    };
    let (first_shapes, second_shapes) = (shapes(&first), shapes(&second));
    let grids = Layer::new(Side::Grid, first);
    let beats = Layer::new(Side::Beat, second);
    let ours = || -> Vec<f64> {
        let overlay = Overlay::new(&grids, &beats);
        let outlines = overlay.ids().map(|id| (id, overlay.outline(id)));
        outlines
            .filter(|(id, _)| overlay.piece(*id).grid.is_some() && overlay.piece(*id).beat.is_some())
            .map(|(_, ground)| ground.area2() as f64 / 2.0)
            .filter(|a| *a > LEAST)
            .collect()
    };
    let peer = || naive(&first_shapes, &second_shapes);
    let (a, b) = (ours(), peer());
    let (sum_a, sum_b) = (a.iter().sum::<f64>(), b.iter().sum::<f64>());
    // Where thousands of slivers are about that size, a few lie on either side of it.
    let pairs_differ = a.len().abs_diff(b.len()) * 1000 > a.len();
    if pairs_differ || (sum_a / sum_b - 1.0).abs() > 1e-6 {
        return Err(format!("{} pairs of {sum_a:.0} against {} of {sum_b:.0}", a.len(), b.len()));
    }
    let (ours, peer) = in_turn(ours, peer);
    Ok(Measured { ours, peer: Some(peer), unit: Unit::Milliseconds })
}

fn naive(grids: &[Shape<f64>], beats: &[Shape<f64>]) -> Vec<f64> {
    let boxes = beats.iter().enumerate().filter_map(|(i, b)| {
        let r = b.bounding_rect()?;
        Some(GeomWithData::new(Rectangle::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]), i))
    });
    let tree = RTree::bulk_load(boxes.collect());
    let mut pairs = Vec::new();
    for grid in grids {
        let Some(r) = grid.bounding_rect() else {
            continue;
        };
        let window = AABB::from_corners([r.min().x, r.min().y], [r.max().x, r.max().y]);
        for hit in tree.locate_in_envelope_intersecting(window) {
            let area = grid.intersection(&beats[hit.data]).unsigned_area();
            if area > LEAST {
                pairs.push(area);
            }
        }
    }
    pairs
}
