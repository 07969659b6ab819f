//! The city, and its rows as they stand.

use gridbeat_onemap::{
    Bounds, MultiPolygon,
    record::{AreaRow, Fid, Region, Side},
};
use gridbeat_synth::{Scale, city::City, plan::Plan, register::Unit};
use std::collections::BTreeMap;

/// The rows of both sides, by fid.
pub struct Town {
    rows: [BTreeMap<Fid, AreaRow>; 2],
}

impl Town {
    /// A synthetic city of 9,000 grids and 1,000 beats, the grids under their communities.
    pub fn new() -> Self {
        let plan = Plan::of(Scale::City);
        let city = City::new(&plan.cities[0], plan.province, 1);
        let region = Region(plan.cities[0].region);
        let rows = |units: &[Unit], grounds: Vec<MultiPolygon>| -> BTreeMap<Fid, AreaRow> {
            let row = |((unit, ground), n): ((&Unit, MultiPolygon), u32)| AreaRow {
                fid: Fid::new(region, n),
                region,
                code: unit.code.clone(),
                parent: Some(unit.parent.clone()),
                geometry: Some(ground),
                ..AreaRow::default()
            };
            units.iter().zip(grounds).zip(1..).map(row).map(|r| (r.fid, r)).collect()
        };
        let mut grids = rows(&city.register.grids, city.grid_ground);
        for (unit, n) in city.register.communities.iter().zip(100_000..) {
            let fid = Fid::new(region, n);
            grids.insert(fid, AreaRow { fid, region, code: unit.code.clone(), ..AreaRow::default() });
        }
        Self { rows: [grids, rows(&city.register.beats, city.beat_ground)] }
    }

    pub fn rows(&self, side: Side) -> Vec<AreaRow> {
        self.rows[side as usize].values().cloned().collect()
    }

    /// The rows drawn in a box, and those without a drawing.
    pub fn rows_near(&self, side: Side, bounds: &Bounds) -> Vec<AreaRow> {
        let near = |r: &&AreaRow| r.geometry.as_ref().is_none_or(|g| g.bounds().intersects(bounds));
        self.rows[side as usize].values().filter(near).cloned().collect()
    }

    pub fn apply(&mut self, side: Side, changes: &[(Fid, Option<AreaRow>)]) {
        for (fid, row) in changes {
            match row {
                Some(row) => self.rows[side as usize].insert(*fid, row.clone()),
                None => self.rows[side as usize].remove(fid),
            };
        }
    }
}
