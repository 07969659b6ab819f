//! The contract of a store, the same for every backend: each test below runs over a GeoPackage, over PostGIS,
//! and over PostGIS whose tables are partitioned by region over two servers.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod common;

use common::{import, import_then_fail, place::Place, rows::*};
use gridbeat_onemap::{
    e7::{Bounds, E7},
    record::*,
    scope::Scope,
};
use gridbeat_store::{Edit, ImportPlan, Missing, OpenMode, Store, StoreError, open};
use std::time::Duration;

over_all![
    a_store_is_made_once_and_found_again,
    rows_come_back_bit_for_bit,
    fids_count_per_layer_and_region,
    numbers_are_never_given_twice,
    a_known_code_is_refused,
    what_no_store_can_keep_is_refused,
    a_failing_source_leaves_nothing,
    a_dry_run_reports_the_same_and_keeps_nothing,
    replace_keeps_the_fids_of_codes_that_stay,
    replace_swaps_the_levels_that_come,
    replace_keeps_the_areas_in_force,
    replace_leaves_other_regions_alone,
    areas_are_redrawn_in_one_change,
    a_redrawing_that_cannot_be_kept_changes_nothing,
    residents_are_counted_whichever_comes_first,
    what_is_missing_is_named,
    an_incident_lives_and_every_change_has_a_number,
    an_edit_sees_the_row_and_may_keep_it,
    codes_of_incidents_are_made_and_guarded,
    a_member_of_staff_moves_and_leaves_no_trail,
    eight_writers_leave_no_gap,
    a_change_is_waited_for,
    addresses_are_found_by_any_piece,
    a_search_takes_every_character_as_itself,
    who_is_on_duty_is_told_for_each_area,
    the_checksum_sees_every_change,
    every_backend_holds_the_same,
];

fn a_store_is_made_once_and_found_again(place: &Place) {
    assert!(matches!(open(&place.url, OpenMode::Existing), Err(StoreError::Missing { .. })));
    let sum = place.filled().checksum().unwrap();
    assert_eq!(place.open().checksum().unwrap(), sum);
    let store = open(&place.url, OpenMode::Existing).unwrap();
    assert_eq!(store.checksum().unwrap(), sum);
    assert_eq!(store.last_change().unwrap(), 6);
}

fn rows_come_back_bit_for_bit(place: &Place) {
    let store = place.filled();
    let loaded = Loaded::from(&*store);
    let mut expected = Loaded { last: 6, ..Loaded::default() };
    for (layer, rows) in everything() {
        let mut next = std::collections::BTreeMap::new();
        for row in rows {
            let mut fid = |region: Region| {
                let sequence = next.entry(region).or_insert(0);
                *sequence += 1;
                Fid::new(region, *sequence)
            };
            match row {
                Row::Area(side, r) => expected.areas.push((side, AreaRow { fid: fid(r.region), ..r })),
                // A1 of Wuxi has two resident rows; the others keep what the file says.
                Row::Address(r) => expected.addresses.push(AddressRow {
                    fid: fid(r.region),
                    residents: if (r.region, r.code.as_str()) == (WUXI, "A1") { 2 } else { r.residents },
                    ..r
                }),
                Row::Resident(_) => {}
                Row::Incident(r) => {
                    let fid = fid(r.region);
                    let code = if r.code.is_empty() { format!("I{}", fid.0) } else { r.code.clone() };
                    expected.incidents.push(IncidentRow { fid, code, ..r });
                }
                Row::Staff(r) => {
                    expected.staff.push(StaffRow { fid: fid(r.region), name: None, phone: None, ..r });
                }
            }
        }
        assert!(!next.is_empty() || layer == LayerKind::Resident);
    }
    assert_eq!(loaded, expected);
    let counts: Vec<u64> = store.table_counts().unwrap().into_iter().map(|(_, n)| n).collect();
    assert_eq!(counts, [4, 2, 3, 3, 3, 2]);
    assert!(store.has_layer(Side::Grid).unwrap() && store.has_layer(Side::Beat).unwrap());
}

fn fids_count_per_layer_and_region(place: &Place) {
    let store = place.open();
    assert!(!store.has_layer(Side::Grid).unwrap());
    import(
        &*store,
        &ImportPlan::add(LayerKind::Grid),
        vec![parent(WUXI, "320213000000", Level::County, None)],
    );
    assert!(!store.has_layer(Side::Grid).unwrap(), "a parent is no drawing");
    import(
        &*store,
        &ImportPlan::add(LayerKind::Grid),
        vec![area(Side::Grid, XUZHOU, "G"), area(Side::Grid, WUXI, "G")],
    );
    import(&*store, &ImportPlan::add(LayerKind::Beat), vec![area(Side::Beat, WUXI, "B")]);
    let loaded = Loaded::from(&*store);
    let fid = |region: Region, n| Fid::new(region, n).0;
    assert_eq!(
        loaded.fids(Side::Grid),
        [("320213000000".into(), fid(WUXI, 1)), ("G".into(), fid(WUXI, 2)), ("G".into(), fid(XUZHOU, 1))]
    );
    assert_eq!(loaded.fids(Side::Beat), [("B".into(), fid(WUXI, 1))]);
    assert_eq!(fid(WUXI, 1), 3202 * (1 << 32) + 1);
}

fn numbers_are_never_given_twice(place: &Place) {
    let store = place.open();
    let (first, _) = store.create_incident(bare_incident(WUXI)).unwrap();
    store.edit_incident(first.fid, &mut |_| Edit::Delete).unwrap();
    let (second, _) = store.create_incident(bare_incident(WUXI)).unwrap();
    assert_eq!((first.fid, second.fid), (Fid::new(WUXI, 1), Fid::new(WUXI, 2)));
    let plan = ImportPlan { replace: true, ..ImportPlan::add(LayerKind::Incident) };
    import(&*store, &plan, vec![Row::Incident(incident(WUXI, "X"))]);
    import(&*store, &plan, vec![Row::Incident(incident(WUXI, "Y"))]);
    let fids: Vec<_> = Loaded::from(&*store).incidents.iter().map(|r| r.fid).collect();
    assert_eq!(fids, [Fid::new(WUXI, 4)]);
}

fn a_known_code_is_refused(place: &Place) {
    let store = place.open();
    import(&*store, &ImportPlan::add(LayerKind::Grid), vec![area(Side::Grid, WUXI, "G1")]);
    let rows = vec![
        area(Side::Grid, WUXI, "G2"),
        area(Side::Grid, WUXI, "G1"),
        area(Side::Grid, XUZHOU, "G1"),
        area(Side::Grid, WUXI, "G2"),
        area(Side::Grid, WUXI, "G3"),
    ];
    let (done, refused) = import(&*store, &ImportPlan::add(LayerKind::Grid), rows);
    assert_eq!((done.rows, done.replaced), (3, 0));
    let faults: Vec<_> = refused.iter().map(|r| (r.row, r.field)).collect();
    assert_eq!(faults, [(2, "code"), (4, "code")]);
    assert!(refused[0].reason.contains("“G1” is there already"), "{}", refused[0].reason);
    assert!(refused[1].reason.contains("“G2” came before in this import"), "{}", refused[1].reason);
    // A refused row uses up no number.
    assert_eq!(Loaded::from(&*store).fids(Side::Grid)[2], ("G3".into(), Fid::new(WUXI, 3).0));
    let change = done.change.unwrap();
    assert_eq!((change.n, change.op, change.rows, change.region), (2, Op::Import, 3, Region(0)));

    let (done, refused) =
        import(&*store, &ImportPlan::add(LayerKind::Grid), vec![area(Side::Grid, WUXI, "G1")]);
    assert_eq!((done.rows, refused.len(), done.change), (0, 1, None));
    assert_eq!(store.last_change().unwrap(), 2, "nothing changed, so nothing is logged");
}

fn what_no_store_can_keep_is_refused(place: &Place) {
    let store = place.open();
    let far = Row::Address(AddressRow { at: E7::new(1_800_000_001, 0), ..AddressRow::default() });
    let with = |change: &dyn Fn(&mut AddressRow)| match address(WUXI, "A", "x", 0, 0) {
        Row::Address(mut r) => {
            change(&mut r);
            Row::Address(r)
        }
        other => other,
    };
    let rows = vec![
        with(&|r| r.code.clear()),
        with(&|r| r.code = "9".repeat(256)),
        with(&|r| r.text.push('\0')),
        with(&|r| r.region = Region(10_000)),
        with(&|r| r.at = E7::new(0, 900_000_001)),
        area(Side::Grid, WUXI, "G"),
        far,
        with(&|r| r.code = "9".repeat(255)),
    ];
    let (done, refused) = import(&*store, &ImportPlan::add(LayerKind::Address), rows);
    let faults: Vec<_> = refused.iter().map(|r| (r.row, r.field)).collect();
    let expected =
        [(1, "code"), (2, "code"), (3, "text"), (4, "region"), (5, "geometry"), (6, "layer"), (7, "code")];
    assert_eq!((done.rows, faults.as_slice()), (1, expected.as_slice()));

    let level =
        Row::Area(Side::Beat, AreaRow { code: "B".into(), level: Some(Level::Town), ..AreaRow::default() });
    let line = Row::Area(
        Side::Beat,
        AreaRow {
            code: "L".into(),
            geometry: Some(gridbeat_onemap::shape::MultiPolygon(vec![gridbeat_onemap::shape::Polygon {
                exterior: vec![E7::new(0, 0), E7::new(1, 1)],
                holes: vec![],
            }])),
            ..AreaRow::default()
        },
    );
    let (_, refused) = import(&*store, &ImportPlan::add(LayerKind::Beat), vec![level, line]);
    assert_eq!(refused.iter().map(|r| r.field).collect::<Vec<_>>(), ["level", "geometry"]);

    let early =
        IncidentRow { reported_at: Some("-000001-01-01T00:00:00Z".parse().unwrap()), ..incident(WUXI, "I") };
    assert!(matches!(store.create_incident(early), Err(StoreError::BadRow { field: "reported_at", .. })));
}

fn a_failing_source_leaves_nothing(place: &Place) {
    let store = place.filled();
    let sum = store.checksum().unwrap();
    for replace in [false, true] {
        for (layer, rows) in everything() {
            let plan = ImportPlan { replace, ..ImportPlan::add(layer) };
            let e = import_then_fail(&*store, &plan, rows);
            assert!(matches!(e, StoreError::Source(_)), "{e:?}");
            assert_eq!(e.to_string(), "line 7: cut off");
            assert_eq!(store.checksum().unwrap(), sum, "{layer}, replace: {replace}");
        }
    }
    // The store is as usable as before.
    store.create_incident(bare_incident(WUXI)).unwrap();
    import(&*store, &ImportPlan::add(LayerKind::Address), vec![address(WUXI, "A5", "太湖大道5号", 0, 0)]);
    assert_eq!(found(&*store, "太湖大道"), ["A5"]);
}

fn a_dry_run_reports_the_same_and_keeps_nothing(place: &Place) {
    let store = place.filled();
    let sum = store.checksum().unwrap();
    let rows = || {
        vec![
            under(area(Side::Grid, WUXI, "G1"), "nowhere"),
            area(Side::Grid, WUXI, "G7"),
            area(Side::Grid, WUXI, "G7"),
            area(Side::Beat, WUXI, "G8"),
        ]
    };
    for replace in [false, true] {
        let plan = ImportPlan { replace, dry_run: true, ..ImportPlan::add(LayerKind::Grid) };
        let (dry, dry_refused) = import(&*store, &plan, rows());
        assert_eq!(store.checksum().unwrap(), sum);
        assert_eq!(dry.change, None);
        if replace {
            let (wet, wet_refused) = import(&*store, &ImportPlan { dry_run: false, ..plan }, rows());
            assert_eq!((wet.rows, wet.replaced, &wet.missing_parents), (2, 2, &dry.missing_parents));
            assert_eq!((dry.rows, dry.replaced, dry.refused), (wet.rows, wet.replaced, wet.refused));
            assert_eq!(dry_refused, wet_refused);
            assert_eq!(dry.missing_parents, Missing { count: 1, sample: vec!["nowhere".into()] });
        }
    }
}

fn replace_keeps_the_fids_of_codes_that_stay(place: &Place) {
    let store = place.open();
    let codes = |codes: &[&str]| codes.iter().map(|c| area(Side::Grid, WUXI, c)).collect::<Vec<_>>();
    let plan = ImportPlan { replace: true, ..ImportPlan::add(LayerKind::Grid) };
    import(&*store, &plan, codes(&["A", "B", "C"]));
    let (done, refused) = import(&*store, &plan, codes(&["D", "C", "A", "C"]));
    assert_eq!((done.rows, done.replaced), (3, 3));
    assert_eq!(refused.iter().map(|r| r.row).collect::<Vec<_>>(), [4]);
    let fid = |n| Fid::new(WUXI, n).0;
    let mut fids = Loaded::from(&*store).fids(Side::Grid);
    fids.sort();
    assert_eq!(fids, [("A".into(), fid(1)), ("C".into(), fid(3)), ("D".into(), fid(4))]);
    // B, which went, lay here too: the change's box holds it.
    let (old, new) =
        (ground(1_203_000_000 + 66, 315_000_000 - 66).bounds(), done.change.unwrap().bbox.unwrap());
    assert!(new.covers(&old), "{old:?} in {new:?}");
    // Nothing comes: nothing goes.
    let (done, _) = import(&*store, &plan, vec![]);
    assert_eq!((done.rows, done.replaced, done.change), (0, 0, None));
    assert_eq!(Loaded::from(&*store).areas.len(), 3);
}

fn replace_swaps_the_levels_that_come(place: &Place) {
    let store = place.open();
    let above = || {
        vec![
            parent(WUXI, "C1", Level::County, None),
            parent(WUXI, "T1", Level::Town, Some("C1")),
            parent(WUXI, "T2", Level::Town, Some("C1")),
        ]
    };
    import(&*store, &ImportPlan::add(LayerKind::Grid), above());
    import(
        &*store,
        &ImportPlan::add(LayerKind::Grid),
        vec![area(Side::Grid, WUXI, "G1"), area(Side::Grid, WUXI, "G2")],
    );
    let plan = ImportPlan { replace: true, ..ImportPlan::add(LayerKind::Grid) };
    // Grids alone leave what is above them.
    import(&*store, &plan, vec![area(Side::Grid, WUXI, "G2")]);
    let codes = |store: &dyn Store| {
        let mut codes: Vec<_> = Loaded::from(store).fids(Side::Grid).into_iter().map(|(c, _)| c).collect();
        codes.sort();
        codes
    };
    assert_eq!(codes(&*store), ["C1", "G2", "T1", "T2"]);
    // A town becomes a county; the old county goes, the other town stays.
    let (done, refused) = import(&*store, &plan, vec![parent(WUXI, "T1", Level::County, None)]);
    assert_eq!((done.rows, done.replaced, refused.len()), (1, 2, 0));
    assert_eq!(codes(&*store), ["G2", "T1", "T2"]);
    let loaded = Loaded::from(&*store);
    let town = &loaded.areas.iter().find(|(_, r)| r.code == "T1").unwrap().1;
    assert_eq!((town.level, town.fid), (Some(Level::County), Fid::new(WUXI, 2)));
}

fn replace_keeps_the_areas_in_force(place: &Place) {
    let store = place.open();
    let plan = ImportPlan { replace: true, ..ImportPlan::add(LayerKind::Incident) };
    import(
        &*store,
        &plan,
        vec![Row::Incident(incident(WUXI, "stays")), Row::Incident(incident(WUXI, "moves"))],
    );
    let unplaced = |code| IncidentRow { placed: None, state: State::Closed, ..incident(WUXI, code) };
    let moved = IncidentRow { at: E7::new(1, 2), ..unplaced("moves") };
    import(&*store, &plan, vec![Row::Incident(unplaced("stays")), Row::Incident(moved)]);
    let incidents = Loaded::from(&*store).incidents;
    assert_eq!(incidents[0].placed, incident(WUXI, "").placed);
    assert_eq!((incidents[0].state, incidents[1].state), (State::Closed, State::Closed));
    assert_eq!(incidents[1].placed, None);
}

fn replace_leaves_other_regions_alone(place: &Place) {
    let store = place.filled();
    let plan = ImportPlan { replace: true, ..ImportPlan::add(LayerKind::Address) };
    let (done, _) = import(&*store, &plan, vec![address(WUXI, "A2", "新民路9号", 1, 2)]);
    assert_eq!((done.rows, done.replaced), (1, 2));
    let loaded = Loaded::from(&*store);
    let left: Vec<_> = loaded.addresses.iter().map(|r| (r.code.as_str(), r.fid)).collect();
    assert_eq!(left, [("A2", Fid::new(WUXI, 2)), ("A1", Fid::new(XUZHOU, 1))]);
    assert_eq!(found(&*store, "中山北"), ["A1"]);
    assert_eq!(found(&*store, "新民路"), ["A2"]);
    assert_eq!(found(&*store, "人民路"), Vec::<String>::new());
}

fn areas_are_redrawn_in_one_change(place: &Place) {
    let store = place.filled();
    let before = Loaded::from(&*store);
    let drawn: Vec<Fid> = before
        .areas
        .iter()
        .filter(|(side, r)| *side == Side::Grid && r.geometry.is_some())
        .map(|(_, r)| r.fid)
        .collect();
    // An incident in between is no change of the layer.
    store.create_incident(incident(WUXI, "IX")).unwrap();
    let new = ground(1_204_000_001, 316_000_003);
    let change = store.redraw(Side::Grid, before.last, vec![(drawn[0], new.clone())]).unwrap();
    assert_eq!(
        (change.n, change.layer.built_in(), change.op),
        (before.last + 2, Some(LayerKind::Grid), Op::Import)
    );
    assert_eq!((change.rows, change.fid), (1, None));
    assert_eq!(change.region, drawn[0].region());
    let mut expected = before.areas.clone();
    let row = expected.iter_mut().find(|(s, r)| *s == Side::Grid && r.fid == drawn[0]).unwrap();
    let bounds = row.1.geometry.as_ref().unwrap().bounds().join(new.bounds());
    row.1.geometry = Some(new);
    assert_eq!(change.bbox, Some(bounds), "old and new");
    let after = Loaded::from(&*store);
    assert_eq!(after.areas, expected);
    assert_eq!((after.addresses, after.staff), (before.addresses, before.staff));
    assert_eq!(store.changes_since(before.last + 1, 9).unwrap(), [change]);
}

fn a_redrawing_that_cannot_be_kept_changes_nothing(place: &Place) {
    let store = place.filled();
    let loaded = Loaded::from(&*store);
    let of = |side, drawn| {
        let mut areas = loaded.areas.iter().filter(|(s, r)| *s == side && r.geometry.is_some() == drawn);
        areas.next().map(|(_, r)| r.fid)
    };
    let grid = of(Side::Grid, true).unwrap();
    let new = ground(1_204_000_001, 316_000_003);
    let sum = store.checksum().unwrap();
    let fails = |drawings| store.redraw(Side::Grid, loaded.last, drawings).unwrap_err();
    let nobody = Fid::new(WUXI, 999_999);
    assert!(matches!(fails(vec![(grid, new.clone()), (nobody, new.clone())]), StoreError::NotFound));
    if let Some(parent) = of(Side::Grid, false) {
        assert!(matches!(fails(vec![(parent, new.clone())]), StoreError::NotFound), "it is not drawn");
    }
    assert!(matches!(fails(vec![(grid, Default::default())]), StoreError::BadRow { field: "geometry", .. }));
    assert_eq!(store.checksum().unwrap(), sum);
    // Somebody else changes the layer between the cut and the redrawing.
    store.redraw(Side::Grid, loaded.last, vec![(grid, new.clone())]).unwrap();
    let sum = store.checksum().unwrap();
    assert!(matches!(fails(vec![(grid, new)]), StoreError::Outdated));
    assert_eq!(store.checksum().unwrap(), sum);
    let beat = of(Side::Beat, true).unwrap();
    store.redraw(Side::Beat, loaded.last, vec![(beat, ground(0, 0))]).expect("the other layer stayed");
}

fn residents_are_counted_whichever_comes_first(place: &Place) {
    let store = place.open();
    let counts = |store: &dyn Store| {
        Loaded::from(store)
            .addresses
            .iter()
            .map(|r| (r.region, r.code.clone(), r.residents))
            .collect::<Vec<_>>()
    };
    let people = |codes: &[(&str, &str)]| codes.iter().map(|(c, a)| resident(WUXI, c, a)).collect::<Vec<_>>();
    import(
        &*store,
        &ImportPlan::add(LayerKind::Resident),
        people(&[("R1", "A1"), ("R2", "A1"), ("R3", "A2")]),
    );
    let addresses = ["A1", "A2", "A3"].map(|c| address(WUXI, c, "x", 0, 0));
    import(&*store, &ImportPlan::add(LayerKind::Address), addresses.into());
    import(&*store, &ImportPlan::add(LayerKind::Address), vec![address(XUZHOU, "A1", "x", 0, 0)]);
    let is = |n1, n2, n3| {
        vec![
            (WUXI, "A1".into(), n1),
            (WUXI, "A2".into(), n2),
            (WUXI, "A3".into(), n3),
            (XUZHOU, "A1".into(), 5),
        ]
    };
    assert_eq!(counts(&*store), is(2, 1, 5));
    import(&*store, &ImportPlan::add(LayerKind::Resident), people(&[("R4", "A3"), ("R5", "A1")]));
    assert_eq!(counts(&*store), is(3, 1, 1));
    let plan = ImportPlan { replace: true, ..ImportPlan::add(LayerKind::Resident) };
    let (done, _) = import(&*store, &plan, people(&[("R1", "A2"), ("R9", "A2")]));
    assert_eq!((done.rows, done.replaced), (2, 5));
    assert_eq!(counts(&*store), is(0, 2, 0));
}

fn what_is_missing_is_named(place: &Place) {
    let store = place.filled();
    let rows = vec![
        under(area(Side::Beat, WUXI, "B2"), "S1"),
        under(area(Side::Beat, WUXI, "B3"), "S2"),
        under(area(Side::Beat, WUXI, "B4"), "S2"),
        under(area(Side::Beat, XUZHOU, "B4"), "B2"),
    ];
    let (done, refused) = import(&*store, &ImportPlan::add(LayerKind::Beat), rows);
    assert_eq!((done.rows, refused.len()), (4, 0), "a missing parent only warns");
    assert_eq!(done.missing_parents, Missing { count: 1, sample: vec!["S2".into()] });

    let rows = (0..30).map(|i| resident(WUXI, &format!("N{i}"), &format!("A{:02}", i / 2 + 50))).collect();
    let (done, _) = import(&*store, &ImportPlan::add(LayerKind::Resident), rows);
    assert_eq!((done.rows, done.unknown_addresses.count), (30, 15));
    assert_eq!(done.unknown_addresses.sample[..2], ["A50".to_owned(), "A51".to_owned()]);
    let rows = vec![resident(WUXI, "M1", "A2"), resident(XUZHOU, "M2", "A2")];
    let (done, _) = import(&*store, &ImportPlan::add(LayerKind::Resident), rows);
    assert_eq!(
        done.unknown_addresses,
        Missing { count: 1, sample: vec!["A2".into()] },
        "another city's A2 is another"
    );
}

fn an_incident_lives_and_every_change_has_a_number(place: &Place) {
    let store = place.filled();
    let scope = Scope::all();
    assert_eq!(store.oldest_change().unwrap(), Some(1));
    let (row, created) = store.create_incident(incident(WUXI, "E-1")).unwrap();
    assert_eq!(row, IncidentRow { fid: row.fid, ..incident(WUXI, "E-1") });
    assert_eq!((created.n, created.op, created.fid, created.rows), (7, Op::Insert, Some(row.fid), 1));
    assert_eq!((created.grid.as_deref(), created.beat.as_deref()), (Some("G1"), None));
    assert_eq!(created.bbox, Some(Bounds::of(&[row.at])));
    assert_eq!(store.incident(&scope, row.fid).unwrap(), Some(row.clone()));

    let moved = IncidentRow {
        at: E7::new(1_203_000_000, 315_000_000),
        state: State::Closed,
        title: None,
        placed: Some(Placed { grid: None, beat: Some("B1".into()) }),
        region: XUZHOU, // stays where it was
        fid: Fid(9),    // as well
        ..row.clone()
    };
    let (kept, updated) =
        store.edit_incident(row.fid, &mut |_| Edit::Replace(moved.clone())).unwrap().unwrap();
    let kept = kept.unwrap();
    assert_eq!(kept, IncidentRow { fid: row.fid, region: WUXI, ..moved });
    assert_eq!((updated.n, updated.op, updated.beat.as_deref()), (8, Op::Update, Some("B1")));
    assert_eq!(updated.bbox, Some(Bounds::of(&[row.at, kept.at])));
    assert_eq!(store.incident(&scope, row.fid).unwrap(), Some(kept));

    let (gone, deleted) = store.edit_incident(row.fid, &mut |_| Edit::Delete).unwrap().unwrap();
    assert_eq!((gone, deleted.n, deleted.op), (None, 9, Op::Delete));
    assert_eq!(store.incident(&scope, row.fid).unwrap(), None);

    let log = store.changes_since(6, 10).unwrap();
    assert_eq!(log, [created, updated, deleted]);
    assert_eq!(store.changes_since(0, 3).unwrap().iter().map(|c| c.n).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(store.changes_since(9, 10).unwrap(), []);
    assert_eq!(store.changes_since(u64::MAX, 10).unwrap(), []);
    assert_eq!(store.last_change().unwrap(), 9);
}

fn an_edit_sees_the_row_and_may_keep_it(place: &Place) {
    let store = place.filled();
    let sum = store.checksum().unwrap();
    let (fid, mut seen) = (Fid::new(WUXI, 1), None);
    let kept = store.edit_incident(fid, &mut |row| {
        seen = Some(row.clone());
        Edit::Keep
    });
    assert_eq!(kept.unwrap(), None);
    assert_eq!(seen, store.incident(&Scope::all(), fid).unwrap());
    let nobody = store.edit_incident(Fid::new(WUXI, 99), &mut |_| panic!("there is nothing to see"));
    assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
    let taken = store.edit_incident(Fid::new(WUXI, 2), &mut |row| {
        Edit::Replace(IncidentRow { code: "I-1".into(), ..row.clone() })
    });
    assert!(matches!(&taken, Err(StoreError::DuplicateCode(code)) if code == "I-1"), "{taken:?}");
    let bad = store.edit_incident(fid, &mut |row| {
        Edit::Replace(IncidentRow { title: Some("a\0b".into()), ..row.clone() })
    });
    assert!(matches!(bad, Err(StoreError::BadRow { field: "title", .. })), "{bad:?}");
    assert_eq!(store.checksum().unwrap(), sum);
}

fn a_member_of_staff_moves_and_leaves_no_trail(place: &Place) {
    let store = place.filled();
    let scope = Scope::all();
    let fid = Fid::new(WUXI, 1);
    let old = store.staff(&scope, fid).unwrap().unwrap();
    assert_eq!(Loaded::from(&*store).staff[0], old);
    assert_eq!((old.code.as_str(), &old.name, &old.phone), ("P1", &None, &None));
    let duties = store.on_duty(&scope, Side::Beat, &[(WUXI, "B1")]).unwrap();

    let at = Some(E7::new(1_203_000_000, 315_000_000));
    let seen_at = Some("2026-05-01T08:30:00.123456Z".parse().unwrap());
    let (new, change) = store
        .edit_staff(fid, &mut |row| {
            assert_eq!(*row, old);
            // What is no part of a position stays as it was.
            Some(StaffRow { at, seen_at, code: "P9".into(), side: Side::Grid, ..row.clone() })
        })
        .unwrap()
        .unwrap();
    let kept = Some("2026-05-01T08:30:00.123Z".parse().unwrap());
    assert_eq!(new, StaffRow { at, seen_at: kept, ..old.clone() });
    assert_eq!(store.staff(&scope, fid).unwrap(), Some(new.clone()));
    assert_eq!(change.bbox, Some(Bounds::of(old.at.iter().chain(&at))));
    let log = store.changes_since(6, 10).unwrap();
    assert_eq!(log, [Change { bbox: None, ..change }]);
    // Name, phone and area are as they were.
    assert_eq!(store.on_duty(&scope, Side::Beat, &[(WUXI, "B1")]).unwrap(), duties);

    store.edit_staff(fid, &mut |row| Some(StaffRow { at: None, on_duty: false, ..row.clone() })).unwrap();
    assert_eq!(store.staff(&scope, fid).unwrap(), Some(StaffRow { at: None, on_duty: false, ..new }));
    assert_eq!(store.on_duty(&scope, Side::Beat, &[(WUXI, "B1")]).unwrap(), []);
    let sum = store.checksum().unwrap();
    assert_eq!(store.edit_staff(fid, &mut |_| None).unwrap(), None);
    let nowhere = E7::new(1_900_000_000, 0);
    let bad = store.edit_staff(fid, &mut |row| Some(StaffRow { at: Some(nowhere), ..row.clone() }));
    assert!(matches!(bad, Err(StoreError::BadRow { field: "geometry", .. })), "{bad:?}");
    let nobody = store.edit_staff(Fid::new(WUXI, 99), &mut |_| panic!("there is nobody to see"));
    assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
    assert_eq!(store.checksum().unwrap(), sum);
}

fn codes_of_incidents_are_made_and_guarded(place: &Place) {
    let store = place.open();
    let first = Fid::new(WUXI, 1);
    let (row, _) = store.create_incident(bare_incident(WUXI)).unwrap();
    assert_eq!((row.fid, row.code.as_str()), (first, &*format!("I{}", first.0)));
    let again = store.create_incident(incident(WUXI, &row.code));
    assert!(matches!(&again, Err(StoreError::DuplicateCode(c)) if *c == row.code), "{again:?}");
    store.create_incident(incident(XUZHOU, &row.code)).unwrap();
    // Somebody took the code that the next would get.
    let next = format!("I{}", Fid::new(WUXI, 3).0);
    assert_eq!(store.create_incident(incident(WUXI, &next)).unwrap().0.fid, Fid::new(WUXI, 2));
    assert_eq!(store.create_incident(bare_incident(WUXI)).unwrap().0.code, format!("{next}-2"));
    let next = format!("I{}", Fid::new(WUXI, 5).0);
    let rows = vec![Row::Incident(incident(WUXI, &next)), Row::Incident(bare_incident(WUXI))];
    let (done, refused) = import(&*store, &ImportPlan::add(LayerKind::Incident), rows);
    assert_eq!((done.rows, refused), (2, vec![]));
    assert_eq!(Loaded::from(&*store).incidents[4 - 1].code, next);
    assert_eq!(Loaded::from(&*store).incidents[4].code, format!("{next}-2"));
    // Times are kept to the millisecond, and the answer says so.
    let fine = IncidentRow {
        reported_at: Some("2026-01-02T03:04:05.123456789Z".parse().unwrap()),
        ..bare_incident(WUXI)
    };
    let (row, _) = store.create_incident(fine).unwrap();
    assert_eq!(row.reported_at, Some("2026-01-02T03:04:05.123Z".parse().unwrap()));
    assert_eq!(store.incident(&Scope::all(), row.fid).unwrap(), Some(row));
}

fn eight_writers_leave_no_gap(place: &Place) {
    const EACH: usize = 12;
    let store = place.open();
    let other_process = place.open(); // a second handle, as another process would have
    std::thread::scope(|s| {
        for i in 0..8 {
            let store = if i % 2 == 0 { &store } else { &other_process };
            s.spawn(move || {
                for _ in 0..EACH {
                    store.create_incident(bare_incident(if i < 4 { WUXI } else { XUZHOU })).unwrap();
                }
            });
        }
    });
    let changes = store.changes_since(0, 1000).unwrap();
    assert_eq!(changes.iter().map(|c| c.n).collect::<Vec<_>>(), (1..=8 * EACH as u64).collect::<Vec<_>>());
    let mut fids: Vec<_> = changes.iter().map(|c| c.fid.unwrap()).collect();
    fids.sort();
    let of = |r| (1..=4 * EACH as u32).map(move |n| Fid::new(r, n));
    assert_eq!(fids, of(WUXI).chain(of(XUZHOU)).collect::<Vec<_>>());
    assert_eq!(Loaded::from(&*store).incidents.len(), 8 * EACH);
}

fn a_change_is_waited_for(place: &Place) {
    let store = place.open();
    assert_eq!(store.wait_for_change(0, Duration::from_millis(30)).unwrap(), 0);
    let writer = place.open();
    std::thread::scope(|s| {
        let waiting = s.spawn(|| store.wait_for_change(0, Duration::from_secs(20)).unwrap());
        std::thread::sleep(Duration::from_millis(50));
        writer.create_incident(bare_incident(WUXI)).unwrap();
        assert_eq!(waiting.join().unwrap(), 1);
    });
}

fn found(store: &dyn Store, text: &str) -> Vec<String> {
    let hits = store.search_addresses(&Scope::all(), text, 10).unwrap();
    hits.into_iter().map(|h| h.code).collect()
}

fn addresses_are_found_by_any_piece(place: &Place) {
    let store = place.open();
    let rows = vec![
        address(WUXI, "A1", "无锡市梁溪区中山路1号", 10, 10),
        address(WUXI, "A2", "中山路168号B座", 20, 20),
        address(WUXI, "A3", "惠山区钱桥街道中山", 30, 30),
        address(WUXI, "A4", "滨湖区蠡溪路4号", 40, 40),
    ];
    import(&*store, &ImportPlan::add(LayerKind::Address), rows);
    assert_eq!(found(&*store, "中山路"), ["A2", "A1"], "early in a short address is best");
    assert_eq!(found(&*store, "中山路168"), ["A2"]);
    assert_eq!(found(&*store, "168号b座"), ["A2"], "letters of any case");
    assert_eq!(found(&*store, " 蠡溪路 "), ["A4"]);
    assert_eq!(found(&*store, "溪路"), Vec::<String>::new(), "shorter than what the index knows");
    assert_eq!(found(&*store, "山路中"), Vec::<String>::new());
    assert_eq!(found(&*store, ""), Vec::<String>::new());
    assert_eq!(found(&*store, "  "), Vec::<String>::new());
    let hits = store.search_addresses(&Scope::all(), "中山路1号", 10).unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(
        (hits[0].fid, hits[0].at, &*hits[0].text),
        (Fid::new(WUXI, 1), E7::new(10, 10), "无锡市梁溪区中山路1号")
    );
    assert_eq!(store.search_addresses(&Scope::all(), "中山路", 1).unwrap().len(), 1);
    assert_eq!(store.search_addresses(&Scope::all(), "中山路", 0).unwrap(), []);
}

fn a_search_takes_every_character_as_itself(place: &Place) {
    let store = place.open();
    let rows = vec![
        address(WUXI, "plain", "abcdef 100 x", 0, 0),
        address(WUXI, "percent", "a%c 100% b_d", 0, 0),
        address(WUXI, "quote", r#"O'Neil "Haus" \ * NEAR(a b)"#, 0, 0),
    ];
    import(&*store, &ImportPlan::add(LayerKind::Address), rows);
    for (text, codes) in [
        ("a%c", &["percent"][..]),
        ("100%", &["percent"]),
        ("b_d", &["percent"]),
        ("00%", &["percent"]),
        ("%%%", &[]),
        ("___", &[]),
        ("o'n", &["quote"]),
        (r#""Haus""#, &["quote"]),
        (r#"" \"#, &["quote"]),
        (r"\ *", &["quote"]),
        (r" \ * N", &["quote"]),
        ("NEAR(a b)", &["quote"]),
        ("abc OR a%c", &[]),
        ("a\0b", &[]),
        ("b c", &[]),
    ] {
        assert_eq!(found(&*store, text), codes, "{text:?}");
    }
}

fn who_is_on_duty_is_told_for_each_area(place: &Place) {
    let store = place.open();
    let off = StaffRow { on_duty: false, ..staff(WUXI, "S3", Side::Grid, Some("G1")) };
    let rows = vec![
        staff(WUXI, "S2", Side::Grid, Some("G1")),
        staff(WUXI, "S1", Side::Grid, Some("G1")),
        off,
        staff(WUXI, "S4", Side::Beat, Some("G1")),
        staff(XUZHOU, "S5", Side::Grid, Some("G1")),
        staff(WUXI, "S6", Side::Grid, Some("T1")),
        staff(Region(0), "S7", Side::Grid, Some("T1")),
        staff(WUXI, "S8", Side::Grid, None),
    ];
    import(&*store, &ImportPlan::add(LayerKind::Staff), rows.into_iter().map(Row::Staff).collect());
    let on = |side, areas: &[(Region, &str)]| store.on_duty(&Scope::all(), side, areas).unwrap();
    let codes =
        |side, areas: &[(Region, &str)]| on(side, areas).into_iter().map(|d| d.code).collect::<Vec<_>>();
    assert_eq!(codes(Side::Grid, &[(WUXI, "G1"), (WUXI, "T1")]), ["S1", "S2", "S7", "S6"]);
    assert_eq!(codes(Side::Grid, &[(WUXI, "T1"), (XUZHOU, "G1")]), ["S7", "S6", "S5"]);
    assert_eq!(codes(Side::Beat, &[(WUXI, "G1")]), ["S4"]);
    assert_eq!(codes(Side::Beat, &[]), Vec::<String>::new());
    let chief = &on(Side::Beat, &[(WUXI, "G1")])[0];
    assert_eq!((chief.name.as_deref(), chief.phone.as_deref()), (Some("测试甲"), Some("000-0001")));
    assert_eq!((chief.role.as_deref(), chief.area.as_str()), (Some("chief"), "G1"));
}

fn the_checksum_sees_every_change(place: &Place) {
    let store = place.filled();
    let mut sums = vec![store.checksum().unwrap()];
    assert_eq!(sums[0].len(), 64);
    assert_eq!(store.checksum().unwrap(), sums[0]);
    let fid = store.create_incident(bare_incident(WUXI)).unwrap().0.fid;
    sums.push(store.checksum().unwrap());
    let one_unit = |row: &IncidentRow| IncidentRow { at: E7::new(row.at.lon + 1, row.at.lat), ..row.clone() };
    store.edit_incident(fid, &mut |row| Edit::Replace(one_unit(row))).unwrap();
    sums.push(store.checksum().unwrap());
    import(&*store, &ImportPlan::add(LayerKind::Resident), vec![resident(WUXI, "R77", "A1")]);
    sums.push(store.checksum().unwrap());
    store.edit_incident(fid, &mut |_| Edit::Delete).unwrap();
    sums.push(store.checksum().unwrap());
    let different: std::collections::BTreeSet<_> = sums.iter().collect();
    assert_eq!(different.len(), sums.len());
}

/// Same rows in, same rows out, whatever is below: after imports, a replacement and edits.
fn every_backend_holds_the_same(place: &Place) {
    let sums = [place, &Place::geopackage()].map(|place| {
        let store = place.filled();
        let plan = |layer| ImportPlan { replace: true, ..ImportPlan::add(layer) };
        import(
            &*store,
            &plan(LayerKind::Grid),
            vec![area(Side::Grid, WUXI, "G2"), area(Side::Grid, WUXI, "G9")],
        );
        import(
            &*store,
            &plan(LayerKind::Incident),
            vec![Row::Incident(bare_incident(WUXI)), Row::Incident(incident(WUXI, "I-1"))],
        );
        import(
            &*store,
            &plan(LayerKind::Resident),
            vec![resident(WUXI, "R3", "A2"), resident(WUXI, "R8", "A2")],
        );
        store
            .edit_incident(Fid::new(XUZHOU, 1), &mut |r| {
                Edit::Replace(IncidentRow { risk: None, ..r.clone() })
            })
            .unwrap();
        let log: Vec<_> = store
            .changes_since(0, 100)
            .unwrap()
            .into_iter()
            .map(|c| (c.n, c.region, c.layer, c.op, c.fid, c.grid, c.beat, c.bbox, c.rows))
            .collect();
        let layers =
            LayerKind::ALL.iter().map(|&l| (l, store.layer_checksum(l).unwrap())).collect::<Vec<_>>();
        (layers, log)
    });
    assert_eq!(sums[0], sums[1]);
}

/// The first import of a layer drops its costly indexes for a while; afterwards all are there.
#[test]
fn postgis_has_all_its_indexes_after_imports() {
    use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_types::Text};
    #[derive(QueryableByName)]
    struct Names {
        #[diesel(sql_type = Text)]
        names: String,
    }
    let place = Place::postgis();
    drop(place.filled());
    let mut conn = PgConnection::establish(&place.url).unwrap();
    let costly = "SELECT string_agg(indexname, ' ' ORDER BY indexname) AS names FROM pg_indexes \
                  WHERE indexdef ~ 'USING (gist|gin) '";
    let there: Names = diesel::sql_query(costly).get_result(&mut conn).unwrap();
    assert_eq!(there.names, "addresses_geom addresses_text beats_geom grids_geom incidents_geom staff_geom");
}
