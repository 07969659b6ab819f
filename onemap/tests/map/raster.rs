//! Random coverages with a known answer for every point.

use gridbeat_onemap::{
    E7, MapBuilder, MultiPolygon, OneMap, Polygon,
    record::{AreaRow, Fid, Region, Side},
};
use std::collections::BTreeMap;

/// A raster of unit cells, each with the number of its area (or none): the drawing of one layer whose
/// borders run along whole lines of the lattice, with islands, holes, several parts and gaps as they
/// come. Cell (x, y) is the ground from (x, y) · scale to (x + 1, y + 1) · scale.
#[derive(Clone, Debug)]
pub struct Raster {
    pub width: usize,
    pub cells: Vec<Option<u8>>,
    pub scale: i32,
    pub origin: (i32, i32),
}

impl Raster {
    pub fn at(&self, x: i32, y: i32) -> Option<u8> {
        let (x, y) = (x - self.origin.0, y - self.origin.1);
        let (cx, cy) = (x.div_euclid(self.scale), y.div_euclid(self.scale));
        let height = (self.cells.len() / self.width) as i32;
        if !(0..self.width as i32).contains(&cx) || !(0..height).contains(&cy) {
            return None;
        }
        self.cells[cy as usize * self.width + cx as usize]
    }

    /// Every area as one square polygon a cell: neighbours inside an area share edges, which must
    /// vanish; corners meet other areas' long edges as T-junctions do.
    pub fn rows(&self, side: Side) -> Vec<AreaRow> {
        let mut areas: BTreeMap<u8, Vec<Polygon>> = BTreeMap::new();
        for (i, area) in self.cells.iter().enumerate() {
            let (x, y) = (
                (i % self.width) as i32 * self.scale + self.origin.0,
                (i / self.width) as i32 * self.scale + self.origin.1,
            );
            if let Some(a) = area {
                let s = self.scale;
                areas.entry(*a).or_default().push(Polygon {
                    exterior: vec![
                        E7::new(x, y),
                        E7::new(x + s, y),
                        E7::new(x + s, y + s),
                        E7::new(x, y + s),
                    ],
                    holes: vec![],
                });
            }
        }
        areas
            .into_iter()
            .map(|(a, polygons)| AreaRow {
                fid: Fid::new(Region(3202), u32::from(a) + 1),
                region: Region(3202),
                code: format!("{}{a:03}", if side == Side::Grid { "G" } else { "B" }),
                geometry: Some(MultiPolygon(polygons)),
                ..AreaRow::default()
            })
            .collect()
    }
}

pub fn map(grids: Vec<AreaRow>, beats: Vec<AreaRow>) -> OneMap {
    let mut builder = MapBuilder::new();
    grids.into_iter().for_each(|r| builder.area(Side::Grid, r));
    beats.into_iter().for_each(|r| builder.area(Side::Beat, r));
    builder.finish(1)
}

/// OGC validity of derived ground, by `geo`, in whole lattice units (exact in doubles).
pub fn assert_valid(ground: &MultiPolygon) {
    use geo::Validation;
    let ring = |r: &Vec<E7>| {
        geo_types::LineString::from(
            r.iter().map(|p| (f64::from(p.lon), f64::from(p.lat))).collect::<Vec<_>>(),
        )
    };
    let shape = geo_types::MultiPolygon::new(
        ground
            .0
            .iter()
            .map(|p| geo_types::Polygon::new(ring(&p.exterior), p.holes.iter().map(ring).collect()))
            .collect(),
    );
    assert!(shape.is_valid(), "{:?}: {ground:?}", shape.validation_errors());
    for p in &ground.0 {
        assert!(gridbeat_onemap::shape::ring_area2(&p.exterior) > 0, "exterior must run counter-clockwise");
        assert!(
            p.holes.iter().all(|h| gridbeat_onemap::shape::ring_area2(h) < 0),
            "holes must run clockwise"
        );
    }
}
