//! The synthetic city that everything is measured on: made once a scale, kept in the temporary folder.

use geo_types::{LineString, MultiPolygon as Shape, Polygon as Part};
use gridbeat_ingest::{Options, open};
use gridbeat_onemap::{
    E7, MultiPolygon,
    record::{AreaRow, LayerKind, Region, Row},
};
use gridbeat_synth::{Options as Synth, Scale, write};
use std::path::PathBuf;

/// Seed of every city that is measured.
const SEED: u64 = 1;

/// Both layers as rows, with their fids set.
pub struct City {
    pub grids: Vec<AreaRow>,
    pub beats: Vec<AreaRow>,
}

impl City {
    /// Makes the city unless it is there, and reads its boundaries.
    pub fn new(scale: Scale) -> Result<Self, String> {
        let out = std::env::temp_dir().join(format!("gridbeat-bench-{scale}-{SEED}"));
        if !out.join("synth.json").exists() {
            write(&Synth { scale, seed: SEED, out: out.clone() }, &|_, _, _| {})
                .map_err(|e| e.to_string())?;
        }
        Ok(Self {
            grids: areas(out.join("grid.geojson"), LayerKind::Grid)?,
            beats: areas(out.join("beat.geojson"), LayerKind::Beat)?,
        })
    }
}

fn areas(path: PathBuf, layer: LayerKind) -> Result<Vec<AreaRow>, String> {
    let mut rows = Vec::new();
    for row in open(&path, Options::new(layer)).map_err(|e| e.to_string())? {
        if let Row::Area(_, mut area) = row.map_err(|e| e.to_string())? {
            area.fid = gridbeat_onemap::record::Fid::new(Region(3202), rows.len() as u32 + 1);
            rows.push(area);
        }
    }
    Ok(rows)
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
