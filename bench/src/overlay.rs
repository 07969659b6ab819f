//! The labelled overlay of both layers, its rings written out, against `geo`'s boolean operations over
//! the pairs that an R-tree finds.

use crate::{
    case::{Case, Measured, Unit, in_turn},
    city::{City, shape},
};
use geo::{Area, BooleanOps, BoundingRect};
use geo_types::MultiPolygon as Shape;
use gridbeat_onemap::{
    Layer, Overlay,
    record::{AreaRow, Side},
};
use gridbeat_synth::Scale;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

pub const CASES: &[Case] = &[
    Case {
        name: "overlay/district",
        peer_name: "geo BooleanOps over R-tree pairs",
        run: || run(Scale::District),
    },
    Case { name: "overlay/city", peer_name: "geo BooleanOps over R-tree pairs", run: || run(Scale::City) },
];

/// An intersection of less than this many square units (about a tenth of a square metre) may be the
/// rounding of either side and does not count as a pair.
const LEAST: f64 = 1000.0;

fn run(scale: Scale) -> Result<Measured, String> {
    let city = City::new(scale)?;
    let shapes = |rows: &[AreaRow]| -> Vec<Shape<f64>> {
        rows.iter().filter_map(|r| r.geometry.as_ref()).map(shape).collect()
    };
    let (grid_shapes, beat_shapes) = (shapes(&city.grids), shapes(&city.beats));
    let grids = Layer::new(Side::Grid, city.grids);
    let beats = Layer::new(Side::Beat, city.beats);
    let ours = || {
        let overlay = Overlay::new(&grids, &beats);
        let pairs: Vec<f64> = overlay
            .ids()
            .filter(|id| overlay.piece(*id).grid.is_some() && overlay.piece(*id).beat.is_some())
            .map(|id| overlay.outline(id).area2() as f64 / 2.0)
            .filter(|a| *a > LEAST)
            .collect();
        pairs
    };
    let peer = || naive(&grid_shapes, &beat_shapes);
    let (a, b) = (ours(), peer());
    let (sum_a, sum_b) = (a.iter().sum::<f64>(), b.iter().sum::<f64>());
    if a.len() != b.len() || (sum_a / sum_b - 1.0).abs() > 1e-6 {
        return Err(format!("{} pairs of {sum_a:.0} against {} of {sum_b:.0}", a.len(), b.len()));
    }
    let (ours, peer) = in_turn(ours, peer);
    Ok(Measured { ours, peer, unit: Unit::Milliseconds })
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
