//! What a map that was loaded anew has otherwise than the one before, and what it takes over from it.

use crate::raster::Raster;
use gridbeat_onemap::{
    Bounds, Differences, E7, MapBuilder, OneMap, Places, Reader, Scope,
    department::{Cell, Column, ColumnKind, Drawing, Drawn, FeatureRow, Schema},
    record::{AddressRow, AreaRow, Fid, IncidentRow, Placed, Region, Side, StaffRow, State},
};

const REGION: Region = Region(3202);

/// All rows of a map.
#[derive(Clone)]
struct Rows {
    areas: [Vec<AreaRow>; 2],
    addresses: Vec<AddressRow>,
    incidents: Vec<IncidentRow>,
    staff: Vec<StaffRow>,
    schools: Option<(Schema, Vec<FeatureRow>)>,
}

fn rows() -> Rows {
    let raster = |n: u8, scale| Raster {
        width: n.into(),
        cells: (0..n * n).map(Some).collect(),
        scale,
        origin: (0, 0),
    };
    let fid = |n: i32| Fid::new(REGION, n as u32);
    let at = |n: i32| E7::new(n * 10, n * 7);
    let incident = |n| IncidentRow {
        fid: fid(n),
        region: REGION,
        code: format!("I{n}"),
        title: None,
        category: None,
        state: State::Reported,
        risk: None,
        source: None,
        reported_at: None,
        address: None,
        at: at(n),
        placed: Some(Placed::default()),
    };
    let member = |n| StaffRow {
        fid: fid(n),
        region: REGION,
        code: format!("S{n}"),
        role: None,
        side: Side::Grid,
        area: None,
        on_duty: true,
        seen_at: None,
        at: (n > 1).then(|| at(n)),
        name: Some(format!("name {n}")),
        phone: None,
    };
    let pupils = Column { name: "pupils".into(), title: "pupils".into(), kind: ColumnKind::Integer };
    let schema = Schema {
        name: "school".into(),
        title: "Schools".into(),
        drawn: Drawn::Point,
        geometry: None,
        columns: vec![pupils],
    };
    let school = |n: i32| FeatureRow {
        fid: fid(n),
        region: REGION,
        cells: vec![Cell::Integer(n.into())],
        drawing: Drawing::Point(at(n)),
    };
    Rows {
        areas: [raster(3, 100).rows(Side::Grid), raster(2, 140).rows(Side::Beat)],
        addresses: (1..20)
            .map(|n| AddressRow { fid: fid(n), code: format!("A{n}"), at: at(n), ..AddressRow::default() })
            .collect(),
        incidents: (1..20).map(incident).collect(),
        staff: (1..5).map(member).collect(),
        schools: Some((schema, (1..5).map(school).collect())),
    }
}

fn build(rows: &Rows, change: u64) -> OneMap {
    let mut builder = MapBuilder::new();
    for side in Side::BOTH {
        rows.areas[side as usize].iter().for_each(|row| builder.area(side, row.clone()));
    }
    rows.addresses.iter().for_each(|row| builder.address(row));
    rows.incidents.iter().for_each(|row| builder.incident(row.clone()));
    rows.staff.iter().for_each(|row| builder.staff(row.clone()));
    if let Some((schema, schools)) = &rows.schools {
        builder.department(schema.clone());
        schools.iter().for_each(|row| builder.feature(row.clone()));
    }
    builder.finish(change)
}

/// Nothing differs.
fn none() -> Differences {
    Differences::default()
}

/// Rows differ, and nothing else.
fn rows_at(rows: Places) -> Differences {
    Differences { rows, ..none() }
}

/// What grids, beats, overlay and addresses of two maps are one and the same.
fn shared(a: &OneMap, b: &OneMap) -> [bool; 4] {
    let scope = Scope::all();
    let (a, b): (Reader<'_>, Reader<'_>) = (a.read(&scope), b.read(&scope));
    let [grids, beats] = Side::BOTH.map(|side| std::ptr::eq(a.layer(side), b.layer(side)));
    [grids, beats, std::ptr::eq(a.overlay(), b.overlay()), std::ptr::eq(a.addresses(), b.addresses())]
}

/// What differs after a change to the rows, and what is shared then.
fn after(change: impl FnOnce(&mut Rows)) -> (Differences, [bool; 4]) {
    let mut rows = rows();
    let earlier = build(&rows, 1);
    change(&mut rows);
    let (map, differences) = build(&rows, 2).following(&earlier);
    assert_eq!(map.change(), 2);
    // Whatever is taken over, every row lies in the piece that the map says.
    let (scope, alone) = (Scope::all(), build(&rows, 2));
    let (map_, alone) = (map.read(&scope), alone.read(&scope));
    for i in 0..alone.addresses().len() as u32 {
        assert_eq!(map_.addresses().get(i), alone.addresses().get(i));
    }
    assert!(map_.incidents().iter().eq(alone.incidents().iter()));
    assert!(map_.overlay().ids().eq(alone.overlay().ids()));
    for id in map_.overlay().ids() {
        assert_eq!(map_.overlay().piece(id), alone.overlay().piece(id));
        assert_eq!(map_.tally(id), alone.tally(id));
    }
    let shared = shared(&map, &earlier);
    (differences, shared)
}

fn around(points: &[(i32, i32)]) -> Bounds {
    points.iter().fold(Bounds::EMPTY, |b, &(lon, lat)| b.with(E7::new(lon, lat)))
}

fn each(points: &[(i32, i32)]) -> Vec<Bounds> {
    points.iter().map(|&point| around(&[point])).collect()
}

#[test]
fn what_is_the_same_is_taken_over_whole() {
    assert_eq!(after(|_| {}), (none(), [true; 4]));
    // Names of staff are not in the map.
    assert_eq!(after(|rows| rows.staff[0].name = None), (none(), [true; 4]));
}

#[test]
fn rows_that_differ_are_told_by_where_they_were_and_are() {
    let (differences, shared) = after(|rows| {
        rows.incidents[2].at = E7::new(1000, 3);
        rows.incidents.remove(4);
        rows.incidents[9].state = State::Closed;
        rows.staff.pop();
    });
    let incidents = each(&[(30, 21), (1000, 3), (50, 35), (110, 77)]);
    assert_eq!(differences, rows_at(Places { incidents, staff: each(&[(40, 28)]), ..Places::default() }));
    assert_eq!(shared, [true; 4]);
    // Who has no place is seen nowhere.
    assert_eq!(after(|rows| rows.staff[0].on_duty = false), (none(), [true; 4]));
}

#[test]
fn places_that_are_too_many_are_told_by_the_box_around_them() {
    let mut rows = rows();
    let one = rows.incidents[0].clone();
    let row = |n: i32| IncidentRow { fid: Fid::new(REGION, n as u32), at: E7::new(n, -n), ..one.clone() };
    rows.incidents.clear();
    let earlier = build(&rows, 1);
    let most = gridbeat_onemap::MOST_PLACES as i32;
    rows.incidents = (1..=most).map(row).collect();
    let (map, differences) = build(&rows, 2).following(&earlier);
    assert_eq!(differences.rows.incidents.len(), most as usize);
    rows.incidents = (1..=most / 2 + 1).map(|n| IncidentRow { at: E7::new(-n, n), ..row(n) }).collect();
    let (_, differences) = build(&rows, 3).following(&map);
    assert_eq!(differences.rows.incidents, [around(&[(most, -most), (-most / 2 - 1, most / 2 + 1)])]);
}

#[test]
fn changes_on_the_map_before_count() {
    let rows = rows();
    let moved = IncidentRow { at: E7::new(500, 500), ..rows.incidents[0].clone() };
    let earlier = build(&rows, 1).with_incident(2, moved.fid, Some(moved));
    let (_, differences) = build(&rows, 3).following(&earlier);
    let incidents = each(&[(500, 500), (10, 7)]);
    assert_eq!(differences, rows_at(Places { incidents, ..Places::default() }));
}

#[test]
fn layers_of_departments_come_change_and_go() {
    let school = |seen| rows_at(Places { departments: vec![("school", seen)], ..Places::default() });
    let all = vec![around(&[(10, 7), (40, 28)])];
    let own = |rows: &mut Rows| rows.schools.clone().unwrap();
    let (differs, _) = after(|rows| rows.schools.as_mut().unwrap().1[1].cells = vec![Cell::Null]);
    assert_eq!(differs, school(each(&[(20, 14)])));
    // Another name of a column is in every feature.
    let (differs, _) = after(|rows| rows.schools.as_mut().unwrap().0.columns[0].name = "seats".into());
    assert_eq!(differs, school([all.clone(), all.clone()].concat()));
    assert_eq!(after(|rows| rows.schools = None).0, school(all.clone()));
    let mut without = rows();
    let schools = own(&mut without);
    without.schools = None;
    let with = Rows { schools: Some(schools), ..without.clone() };
    assert_eq!(build(&with, 2).following(&build(&without, 1)).1, school(all));
}

#[test]
fn boundaries_and_addresses_differ_by_any_of_their_columns() {
    let grids = Differences { boundaries: [true, false], ..none() };
    let beats = Differences { boundaries: [false, true], ..none() };
    assert_eq!(
        after(|rows| rows.areas[0][3].name = Some("other".into())),
        (grids.clone(), [false, true, false, false])
    );
    let (differences, shared) = after(|rows| drop(rows.areas[1].pop()));
    assert_eq!((differences, shared), (beats, [true, false, false, false]));
    // Who is part of whom is not seen in the ground.
    assert_eq!(after(|rows| rows.areas[0][1].parent = Some("X".into())).0, grids);
    let addresses = |points: &[(i32, i32)]| rows_at(Places { addresses: each(points), ..Places::default() });
    for change in [
        |rows: &mut Rows| rows.addresses[4].residents = 3,
        |rows: &mut Rows| rows.addresses[4].organisations = 3,
        |rows: &mut Rows| rows.addresses[4].text = "elsewhere".into(),
        |rows: &mut Rows| drop(rows.addresses.remove(4)),
    ] {
        assert_eq!(after(change), (addresses(&[(50, 35)]), [true, true, true, false]));
    }
    let moved = |rows: &mut Rows| rows.addresses[4].at = E7::new(1, 1);
    assert_eq!(after(moved), (addresses(&[(50, 35), (1, 1)]), [true, true, true, false]));
}

#[test]
fn rows_in_a_piece_of_another_name_are_told() {
    // The first grid is 100 units wide: it has the first nine addresses and incidents, and all schools.
    let here = |n: std::ops::Range<i32>| n.map(|n| (n * 10, n * 7)).collect::<Vec<_>>();
    let (differences, _) = after(|rows| rows.areas[0][0].code = "other".into());
    let pieces = Places {
        addresses: each(&here(1..10)),
        incidents: each(&here(1..10)),
        staff: Vec::new(),
        departments: vec![("school", each(&here(1..5)))],
    };
    let expected = Differences { boundaries: [true, false], pieces, ..none() };
    assert_eq!(differences, expected);
    // What differs itself is not told twice, and a name that stays is none.
    let (differences, _) = after(|rows| {
        rows.areas[0][0].code = "other".into();
        rows.incidents[2].title = Some("new".into());
    });
    assert_eq!(differences.rows.incidents, each(&[(30, 21)]));
    assert_eq!(differences.pieces.incidents, each(&[here(1..3), here(4..10)].concat()));
    let (differences, _) = after(|rows| rows.areas[0][0].name = Some("other".into()));
    assert_eq!(differences.pieces, Places::default());
}
