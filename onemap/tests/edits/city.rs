//! The city, and its rows as they stand.

use gridbeat_onemap::{
    Bounds, MultiPolygon,
    record::{AreaRow, Fid, Region, Side},
};
use gridbeat_synth::{Scale, city::City, plan::Plan, register::Unit};
use std::collections::BTreeMap;

/// The rows of both sides, by fid, each with the box of its drawing.
pub struct Town {
    rows: [BTreeMap<Fid, (Bounds, AreaRow)>; 2],
}

fn boxed(row: AreaRow) -> (Bounds, AreaRow) {
    (row.geometry.as_ref().map_or(Bounds::EMPTY, MultiPolygon::bounds), row)
}

impl Town {
    /// A synthetic city of 9,000 grids and 1,000 beats, the grids under their communities.
    pub fn new() -> Self {
        let plan = Plan::of(Scale::City);
        let city = City::new(&plan.cities[0], plan.province, 1);
        let region = Region(plan.cities[0].region);
        let rows = |units: &[Unit], grounds: Vec<MultiPolygon>| -> BTreeMap<Fid, (Bounds, AreaRow)> {
            let row = |((unit, ground), n): ((&Unit, MultiPolygon), u32)| AreaRow {
                fid: Fid::new(region, n),
                region,
                code: unit.code.clone(),
                parent: Some(unit.parent.clone()),
                geometry: Some(ground),
                ..AreaRow::default()
            };
            units.iter().zip(grounds).zip(1..).map(row).map(|r| (r.fid, boxed(r))).collect()
        };
        let mut grids = rows(&city.register.grids, city.grid_ground);
        for (unit, n) in city.register.communities.iter().zip(100_000..) {
            let fid = Fid::new(region, n);
            grids.insert(fid, boxed(AreaRow { fid, region, code: unit.code.clone(), ..AreaRow::default() }));
        }
        Self { rows: [grids, rows(&city.register.beats, city.beat_ground)] }
    }

    pub fn rows(&self, side: Side) -> Vec<AreaRow> {
        self.rows[side as usize].values().map(|(_, row)| row.clone()).collect()
    }

    /// The areas whose drawing touches a box.
    pub fn drawn_near(&self, side: Side, bounds: &Bounds) -> impl Iterator<Item = Fid> + '_ {
        let bounds = *bounds;
        let near = move |b: &Bounds| !b.is_empty() && b.intersects(&bounds);
        self.rows[side as usize].iter().filter(move |(_, (b, _))| near(b)).map(|(fid, _)| *fid)
    }

    /// The rows drawn in a box, and those without a drawing.
    pub fn rows_near(&self, side: Side, bounds: &Bounds) -> Vec<AreaRow> {
        let near = |b: &Bounds| b.is_empty() || b.intersects(bounds);
        let rows = self.rows[side as usize].values().filter(|(b, _)| near(b));
        rows.map(|(_, row)| row.clone()).collect()
    }

    pub fn apply(&mut self, side: Side, changes: &[(Fid, Option<AreaRow>)]) {
        for (fid, row) in changes {
            match row {
                Some(row) => self.rows[side as usize].insert(*fid, boxed(row.clone())),
                None => self.rows[side as usize].remove(fid),
            };
        }
    }
}
