//! The synthetic city that everything is measured on: its boundaries, made in memory.

use geo_types::{LineString, MultiPolygon as Shape, Polygon as Part};
use gridbeat_onemap::{
    E7, MultiPolygon,
    record::{AreaRow, Fid, Region},
};
use gridbeat_synth::{Scale, city, plan::Plan, register::Unit};

/// Seed of every city that is measured.
const SEED: u64 = 1;

/// Both layers as rows, with their fids set.
pub struct City {
    pub grids: Vec<AreaRow>,
    pub beats: Vec<AreaRow>,
}

impl City {
    /// Makes the city, or the cities of a province.
    pub fn new(scale: Scale) -> Self {
        let plan = Plan::of(scale);
        let mut all = Self { grids: Vec::new(), beats: Vec::new() };
        for city in &plan.cities {
            let made = city::City::new(city, plan.province, SEED);
            let region = Region(city.region);
            add(&mut all.grids, region, &made.register.grids, made.grid_ground);
            add(&mut all.beats, region, &made.register.beats, made.beat_ground);
        }
        all
    }
}

fn add(rows: &mut Vec<AreaRow>, region: Region, units: &[Unit], grounds: Vec<MultiPolygon>) {
    for ((unit, ground), n) in units.iter().zip(grounds).zip(1..) {
        rows.push(AreaRow {
            fid: Fid::new(region, n),
            region,
            code: unit.code.clone(),
            geometry: Some(ground),
            ..AreaRow::default()
        });
    }
}

/// Lattice ground as `geo` takes it: whole units as doubles, which is exact.
pub fn shape(ground: &MultiPolygon) -> Shape<f64> {
    let ring = |r: &Vec<E7>| {
        LineString::from(r.iter().map(|p| (f64::from(p.lon), f64::from(p.lat))).collect::<Vec<_>>())
    };
    let part =
        |p: &gridbeat_onemap::Polygon| Part::new(ring(&p.exterior), p.holes.iter().map(ring).collect());
    Shape::new(ground.0.iter().map(part).collect())
}
