//! A map that changes, and the plain rows beside it.

use gridbeat_onemap::{
    E7, MapBuilder, MergedTrees, MultiPolygon, OneMap, Polygon,
    record::{AddressRow, AreaRow, Fid, IncidentRow, Level, Region, Risk, Side, StaffRow, State},
};
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// All coordinates are whole multiples of so many units, about 5 m, so that points often share a place
/// or lie on a border.
pub const STEP: i32 = 500;
const WEST: i32 = 1_203_000_000;
const SOUTH: i32 = 315_000_000;
/// Steps of a cell of the layers, and how many cells they are wide.
const CELL: i32 = 30;
const WIDE: i32 = 4;

/// A position in steps.
pub fn at(x: i32, y: i32) -> E7 {
    E7::new(WEST + x * STEP, SOUTH + y * STEP)
}

/// Where a row may lie: in the layers, on their borders, beside them; often in one of a few places.
pub fn place() -> impl Strategy<Value = E7> {
    prop_oneof![
        6 => (-20..140_i32, -20..140_i32).prop_map(|(x, y)| at(x, y)),
        2 => (0..=4_i32, 0..=4_i32).prop_map(|(x, y)| at(x * CELL, y * CELL)),
        1 => Just(at(47, 33)),
    ]
}

/// Something that happens to the map.
#[derive(Clone, Debug)]
pub enum Step {
    Incident(u32, Option<IncidentRow>),
    Staff(u32, Option<StaffRow>),
    /// A merge begins, over the map as it is now.
    Merge,
    /// It is done: its trees are put under the map as it is now.
    Merged,
}

/// The map, and what it should show.
pub struct World {
    pub map: OneMap,
    pub addresses: Vec<AddressRow>,
    pub incidents: BTreeMap<Fid, IncidentRow>,
    pub staff: BTreeMap<Fid, StaffRow>,
}

/// A world some steps after it was built.
pub fn world() -> impl Strategy<Value = World> {
    let addresses = prop::collection::vec((place(), 0..5_u32, 0..3_u32, 0..3_u32), 0..300);
    let incidents = prop::collection::vec(incident(), 0..300);
    let staff = prop::collection::vec(person(), 0..60);
    (addresses, incidents, staff, steps()).prop_map(|(addresses, incidents, staff, steps)| {
        let mut world = World::new(addresses, incidents, staff);
        world.live(steps);
        world
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // More rows than there are at first, so that some come, and more changes than are ever fresh.
    let n = 1..400_u32;
    let step = prop_oneof![
        60 => (n.clone(), incident()).prop_map(|(n, row)| Step::Incident(n, Some(row))),
        20 => n.clone().prop_map(|n| Step::Incident(n, None)),
        20 => (1..80_u32, person()).prop_map(|(n, row)| Step::Staff(n, Some(row))),
        5 => (1..80_u32).prop_map(|n| Step::Staff(n, None)),
        1 => Just(Step::Merge),
        1 => Just(Step::Merged),
    ];
    prop::collection::vec(step, 0..600)
}

pub fn time() -> impl Strategy<Value = Timestamp> {
    // Three weeks of half hours around a new year.
    (0..1000_i64).prop_map(|n| Timestamp::from_second(1_766_600_000 + n * 1800).unwrap())
}

pub const CATEGORIES: [&str; 3] = ["noise", "fire_hazard", "waste"];
pub const STATES: [State; 4] = [State::Reported, State::Handling, State::Closed, State::Void];

fn incident() -> impl Strategy<Value = IncidentRow> {
    let category = prop::option::of(prop::sample::select(&CATEGORIES[..]));
    let risk = prop::option::of(prop::sample::select(Risk::ALL));
    let row = (place(), prop::option::of(time()), category, prop::sample::select(&STATES[..]), risk);
    row.prop_map(|(at, reported_at, category, state, risk)| IncidentRow {
        fid: Fid(0),
        region: Region(3202),
        code: String::new(),
        title: None,
        category: category.map(str::to_owned),
        state,
        risk,
        source: None,
        reported_at,
        address: None,
        at,
        placed: None,
    })
}

fn person() -> impl Strategy<Value = StaffRow> {
    let side = prop::sample::select(&Side::BOTH[..]);
    let role = prop::option::of(prop::sample::select(&["officer", "worker"][..]));
    let row = (prop::option::of(place()), side, any::<bool>(), prop::option::of(time()), role);
    row.prop_map(|(at, side, on_duty, seen_at, role)| StaffRow {
        fid: Fid(0),
        region: Region(3202),
        code: String::new(),
        role: role.map(str::to_owned),
        side,
        area: None,
        on_duty,
        seen_at,
        at,
        name: Some("nobody sees this".into()),
        phone: None,
    })
}

fn fid(n: usize) -> Fid {
    Fid::new(Region(3202), n as u32 + 1)
}

/// Cells of four by four as areas of a side: `area` says whose a cell is. Areas have the parents
/// `P0` and `P1` by turns.
fn layer(side: Side, area: impl Fn(i32, i32) -> Option<u32>) -> Vec<AreaRow> {
    let mut grounds: BTreeMap<u32, Vec<Polygon>> = BTreeMap::new();
    for (x, y) in (0..WIDE).flat_map(|x| (0..WIDE).map(move |y| (x, y))) {
        if let Some(a) = area(x, y) {
            let corner = |dx, dy| at((x + dx) * CELL, (y + dy) * CELL);
            let exterior = vec![corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
            grounds.entry(a).or_default().push(Polygon { exterior, holes: vec![] });
        }
    }
    let parents = (0..2).map(|p| (format!("P{p}"), None, None));
    let drawn = grounds
        .into_iter()
        .map(|(a, parts)| (format!("A{a}"), Some(format!("P{}", a % 2)), Some(MultiPolygon(parts))));
    let level = |drawn: bool| match (side, drawn) {
        (_, true) => None,
        (Side::Grid, false) => Some(Level::Community),
        (Side::Beat, false) => Some(Level::Station),
    };
    parents
        .chain(drawn)
        .enumerate()
        .map(|(i, (code, parent, geometry))| AreaRow {
            fid: fid(i),
            region: Region(3202),
            code,
            level: level(geometry.is_some()),
            parent,
            geometry,
            ..AreaRow::default()
        })
        .collect()
}

impl World {
    fn new(addresses: Vec<(E7, u32, u32, u32)>, incidents: Vec<IncidentRow>, staff: Vec<StaffRow>) -> Self {
        let addresses: Vec<AddressRow> = addresses
            .into_iter()
            .enumerate()
            .map(|(i, (at, residents, dwellings, organisations))| AddressRow {
                fid: fid(2 * i),
                region: Region(3202),
                code: format!("{i}"),
                at,
                residents,
                dwellings,
                organisations,
                ..AddressRow::default()
            })
            .collect();
        let incidents: BTreeMap<_, _> = incidents
            .into_iter()
            .enumerate()
            .map(|(i, r)| (fid(i), IncidentRow { fid: fid(i), ..r }))
            .collect();
        let staff: BTreeMap<_, _> =
            staff.into_iter().enumerate().map(|(i, r)| (fid(i), StaffRow { fid: fid(i), ..r })).collect();
        let mut builder = MapBuilder::new();
        // Grids in rows of two cells, with a cell that is nobody's; beats in quarters and a hole.
        let grids = layer(Side::Grid, |x, y| ((x, y) != (1, 2)).then_some((x / 2 + 2 * y) as u32));
        let beats = layer(Side::Beat, |x, y| ((x, y) != (3, 3)).then_some((x / 2 + 2 * (y / 2)) as u32));
        grids.into_iter().for_each(|r| builder.area(Side::Grid, r));
        beats.into_iter().for_each(|r| builder.area(Side::Beat, r));
        addresses.iter().for_each(|r| builder.address(r));
        incidents.values().for_each(|r| builder.incident(r.clone()));
        staff.values().for_each(|r| builder.staff(r.clone()));
        Self { map: builder.finish(1), addresses, incidents, staff }
    }

    fn live(&mut self, steps: Vec<Step>) {
        let mut merging: Option<MergedTrees> = None;
        for (change, step) in (2..).zip(steps) {
            match step {
                Step::Incident(n, row) => {
                    let fid = fid(n as usize);
                    let row = row.map(|r| IncidentRow { fid, ..r });
                    self.map = self.map.with_incident(change, fid, row.clone());
                    match row {
                        Some(row) => self.incidents.insert(fid, row),
                        None => self.incidents.remove(&fid),
                    };
                }
                Step::Staff(n, row) => {
                    let fid = fid(n as usize);
                    let row = row.map(|r| StaffRow { fid, ..r });
                    self.map = self.map.with_staff(change, fid, row.clone());
                    match row {
                        Some(row) => self.staff.insert(fid, row),
                        None => self.staff.remove(&fid),
                    };
                }
                Step::Merge => merging = Some(self.map.merged()),
                Step::Merged => {
                    if let Some(merged) = merging.take() {
                        self.map = self.map.with_merged(&merged);
                    }
                }
            }
        }
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}\n{:?}\n{:?}", self.addresses, self.incidents, self.staff)
    }
}
