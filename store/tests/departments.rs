//! Layers of departments, the same for every backend.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod common;

use common::{
    pg,
    place::Place,
    rows::{Loaded, WUXI, XUZHOU, ground},
};
use gridbeat_onemap::{
    department::{Cell, Column, ColumnKind, Drawing, Drawn, FeatureRow, Schema},
    e7::{Bounds, E7},
    record::{Fid, LayerName, Op, Placed, Region},
    scope::Scope,
};
use gridbeat_store::{
    DepartmentPlan, FeatureEdit, Imported, OpenMode, Refused, SourceFailed, Store, StoreError, backup, open,
    restore, verify,
};

over_all![
    features_come_back_bit_for_bit,
    rows_are_added_where_columns_agree,
    a_replacement_swaps_the_regions_that_come,
    a_replacement_may_bring_other_columns,
    what_fails_leaves_nothing,
    what_no_store_can_keep_is_refused,
    names_are_never_sql,
    a_feature_is_written_by_itself,
    a_write_knows_the_columns_that_are_there,
    a_backup_holds_layers_and_goes_back_into_any_store,
];

const KINDS: [ColumnKind; 6] = [
    ColumnKind::Text,
    ColumnKind::Integer,
    ColumnKind::Number,
    ColumnKind::Boolean,
    ColumnKind::Date,
    ColumnKind::Timestamp,
];

fn schema(name: &str, drawn: Drawn, columns: &[(&str, ColumnKind)]) -> Schema {
    let column = |&(name, kind): &(&str, ColumnKind)| Column {
        name: name.to_owned(),
        title: format!("{name} (源)"),
        kind,
    };
    Schema {
        name: name.to_owned(),
        title: "学校 “Schools”".to_owned(),
        drawn,
        geometry: Some("the_geom".to_owned()),
        columns: columns.iter().map(column).collect(),
    }
}

fn of_all_kinds(name: &str, drawn: Drawn) -> Schema {
    let names = ["名称", "Beds", "share", "open", "founded", "seen"];
    schema(name, drawn, &std::iter::zip(names, KINDS).collect::<Vec<_>>())
}

fn drawing(drawn: Drawn, i: i32) -> Drawing {
    let e = |lon, lat| E7::new(1_203_000_001 + lon, 315_000_003 + lat);
    match drawn {
        Drawn::Point => Drawing::Point(e(i, -i)),
        Drawn::Line => Drawing::Lines(vec![vec![e(0, 0), e(i + 1, 7)], vec![e(5, 5), e(9, 9), e(5, 5)]]),
        Drawn::Polygon => Drawing::Ground(ground(1_203_000_000 + i, 315_000_000)),
    }
}

fn row(region: Region, cells: Vec<Cell>, drawing: Drawing) -> FeatureRow {
    FeatureRow { fid: Fid(0), region, cells, drawing }
}

/// Every kind at its limits, nothing at all, and the empty text.
fn rows(drawn: Drawn) -> Vec<FeatureRow> {
    let text = |t: &str| Cell::Text(t.into());
    let cells = [
        vec![
            text("一小\"'\\ {}\n\t,"),
            Cell::Integer(i64::MIN),
            Cell::Number(0.1 + 0.2),
            Cell::Boolean(true),
            Cell::Date("0001-01-01".parse().unwrap()),
            Cell::Timestamp("2026-11-21T08:30:05.250Z".parse().unwrap()),
        ],
        vec![
            text(""),
            Cell::Integer(i64::MAX),
            Cell::Number(-1.797_693_134_862_315_7e308),
            Cell::Boolean(false),
            Cell::Date("9999-12-31".parse().unwrap()),
            Cell::Timestamp("1969-12-31T23:59:59.999Z".parse().unwrap()),
        ],
        vec![Cell::Null; 6],
        vec![text("null"), Cell::Integer(0), Cell::Number(5e-324), Cell::Null, Cell::Null, Cell::Null],
    ];
    let regions = [WUXI, WUXI, XUZHOU, Region(0)];
    let row = |(i, (cells, region))| row(region, cells, drawing(drawn, i));
    (0..).zip(cells.into_iter().zip(regions)).map(row).collect()
}

fn plan(schema: Schema) -> DepartmentPlan {
    DepartmentPlan { schema, titled: true, replace: false, dry_run: false }
}

fn import(
    store: &dyn Store,
    plan: &DepartmentPlan,
    rows: Vec<FeatureRow>,
) -> Result<(Imported, Vec<Refused>), StoreError> {
    let mut rows = rows.into_iter().map(Ok);
    let mut refused = Vec::new();
    let done = store.import_department(plan, &mut || rows.next(), &mut |r| refused.push(r))?;
    assert_eq!(done.refused, refused.len() as u64);
    Ok((done, refused))
}

fn layers(store: &dyn Store) -> Vec<(Schema, Vec<FeatureRow>)> {
    Loaded::from(store).departments
}

fn features_come_back_bit_for_bit(place: &Place) {
    let store = place.open();
    assert_eq!(store.departments(&Scope::all()).unwrap(), []);
    let before = store.checksum().unwrap();
    // In another order than they are listed in.
    let all = [("school", Drawn::Point), ("order", Drawn::Line), ("compound_2", Drawn::Polygon)];
    for (n, (name, drawn)) in (1..).zip(all) {
        let (done, refused) = import(&*store, &plan(of_all_kinds(name, drawn)), rows(drawn)).unwrap();
        assert_eq!((done.rows, refused.as_slice()), (4, &[][..]));
        let change = done.change.unwrap();
        assert_eq!((change.n, change.op, change.rows, change.region), (n, Op::Import, 4, Region(0)));
        assert_eq!(change.layer, LayerName::Department(name.to_owned()));
        let around = rows(drawn).iter().fold(Bounds::EMPTY, |b, r| b.join(r.drawing.bounds()));
        assert_eq!(change.bbox, Some(around), "{name}");
        assert_eq!(store.changes_since(n - 1, 9).unwrap(), [change]);
    }
    assert_ne!(store.checksum().unwrap(), before);
    let expected: Vec<(Schema, Vec<FeatureRow>)> = [all[2], all[1], all[0]]
        .into_iter()
        .map(|(name, drawn)| {
            let mut rows = rows(drawn);
            let fids = [(WUXI, 1), (WUXI, 2), (XUZHOU, 1), (Region(0), 1)];
            rows.iter_mut().zip(fids).for_each(|(r, (region, n))| r.fid = Fid::new(region, n));
            rows.sort_by_key(|r| r.fid);
            (of_all_kinds(name, drawn), rows)
        })
        .collect();
    assert_eq!(layers(&*store), expected);
    drop(store);
    let store = open(&place.url, OpenMode::Existing).unwrap();
    assert_eq!(layers(&*store), expected);
    let counted: Vec<_> =
        store.departments(&Scope::all()).unwrap().into_iter().map(|l| (l.schema.name, l.rows)).collect();
    assert_eq!(counted, [("compound_2".to_owned(), 4), ("order".to_owned(), 4), ("school".to_owned(), 4)]);
}

/// Both backends keep the same.
#[test]
fn sums_agree_between_backends() {
    let sums = [Place::geopackage(), Place::postgis()].map(|place| {
        let store = place.open();
        assert!(matches!(store.department_checksum("line"), Err(StoreError::NotFound)));
        import(&*store, &plan(of_all_kinds("line", Drawn::Line)), rows(Drawn::Line)).unwrap();
        store.department_checksum("line").unwrap()
    });
    assert_eq!(sums[0], sums[1]);
}

fn rows_are_added_where_columns_agree(place: &Place) {
    use ColumnKind::{Integer, Text};
    let store = place.open();
    let point = |n: i64, name: &str| {
        row(WUXI, vec![Cell::Text(name.into()), Cell::Integer(n)], drawing(Drawn::Point, n as i32))
    };
    let of = |columns: &[_]| schema("school", Drawn::Point, columns);
    let first = of(&[("name", Text), ("beds", Integer)]);
    import(&*store, &plan(first.clone()), vec![point(1, "a")]).unwrap();
    // The same columns the other way round; the title is not meant.
    let turned = DepartmentPlan {
        titled: false,
        ..plan(Schema { title: "x".to_owned(), geometry: None, ..of(&[("beds", Integer), ("name", Text)]) })
    };
    let other_way = row(WUXI, vec![Cell::Integer(2), Cell::Text("b".into())], drawing(Drawn::Point, 2));
    let (done, _) = import(&*store, &turned, vec![other_way]).unwrap();
    assert_eq!((done.rows, done.replaced, done.change.unwrap().n), (1, 0, 2));
    let expected =
        |n| FeatureRow { fid: Fid::new(WUXI, n as u32), ..point(n, if n == 1 { "a" } else { "b" }) };
    assert_eq!(layers(&*store), [(first.clone(), vec![expected(1), expected(2)])]);
    let sum = store.checksum().unwrap();
    for (columns, drawn, said) in [
        (&[("name", Text)][..], Drawn::Point, "“beds”"),
        (&[("name", Text), ("beds", Integer), ("more", Text)], Drawn::Point, "“more”"),
        (&[("name", Text), ("beds", Text)], Drawn::Point, "“beds” is integer in the layer, text"),
        (&[("name", Text), ("beds", Integer)], Drawn::Line, "holds points"),
        (&[("name", Text), ("Name", Integer)], Drawn::Point, "two columns"),
    ] {
        let error = import(&*store, &plan(schema("school", drawn, columns)), vec![]).unwrap_err();
        assert!(
            matches!(&error, StoreError::LayerDiffers { .. }) && error.to_string().contains(said),
            "{error}"
        );
    }
    let taken = plan(schema("incidents", Drawn::Point, &[]));
    assert!(import(&*store, &taken, vec![]).unwrap_err().to_string().contains("built-in"));
    assert_eq!(store.checksum().unwrap(), sum);
}

fn a_replacement_swaps_the_regions_that_come(place: &Place) {
    let store = place.open();
    let school = schema("school", Drawn::Point, &[("n", ColumnKind::Integer)]);
    let point = |region, n: i32| row(region, vec![Cell::Integer(n.into())], drawing(Drawn::Point, n));
    import(&*store, &plan(school.clone()), vec![point(WUXI, 1), point(WUXI, 2), point(XUZHOU, 1_000)])
        .unwrap();
    let swap = DepartmentPlan { replace: true, ..plan(school) };
    let (done, _) = import(&*store, &swap, vec![point(WUXI, 50)]).unwrap();
    assert_eq!((done.rows, done.replaced), (1, 2));
    let change = done.change.unwrap();
    assert_eq!(change.region, WUXI);
    // What went and what came, not what stayed.
    let around = [1, 2, 50].iter().fold(Bounds::EMPTY, |b, &n| b.join(point(WUXI, n).drawing.bounds()));
    assert_eq!(change.bbox, Some(around));
    let fids: Vec<_> = layers(&*store)[0].1.iter().map(|r| (r.fid, r.cells.clone())).collect();
    assert_eq!(
        fids,
        [(Fid::new(WUXI, 3), vec![Cell::Integer(50)]), (Fid::new(XUZHOU, 1), vec![Cell::Integer(1_000)])]
    );
}

fn a_replacement_may_bring_other_columns(place: &Place) {
    let store = place.open();
    let old = schema("school", Drawn::Point, &[("n", ColumnKind::Integer)]);
    let point = |region, n: i32| row(region, vec![Cell::Integer(n.into())], drawing(Drawn::Point, n));
    import(&*store, &plan(old), vec![point(WUXI, 1), point(XUZHOU, 2)]).unwrap();
    let new = Schema { title: "新".to_owned(), ..schema("school", Drawn::Line, &[("t", ColumnKind::Text)]) };
    let line = |region| row(region, vec![Cell::Text("x".into())], drawing(Drawn::Line, 1));
    let swap = DepartmentPlan { replace: true, titled: false, ..plan(new.clone()) };
    let sum = store.checksum().unwrap();
    let error = import(&*store, &swap, vec![line(WUXI)]).unwrap_err();
    assert!(error.to_string().contains("rows of region 3203 stay"), "{error}");
    assert_eq!(store.checksum().unwrap(), sum);
    let (done, _) = import(&*store, &swap, vec![line(XUZHOU), line(WUXI)]).unwrap();
    assert_eq!((done.rows, done.replaced, done.change.unwrap().n), (2, 2, 2));
    let [(schema, rows)] = &layers(&*store)[..] else { panic!("one layer") };
    assert_eq!(*schema, Schema { title: "学校 “Schools”".to_owned(), ..new });
    // Numbers are never given twice.
    assert_eq!(rows.iter().map(|r| r.fid).collect::<Vec<_>>(), [Fid::new(WUXI, 2), Fid::new(XUZHOU, 2)]);
}

fn what_fails_leaves_nothing(place: &Place) {
    let store = place.open();
    let school = of_all_kinds("school", Drawn::Point);
    let sum = store.checksum().unwrap();
    let failure = || SourceFailed::from(Box::<dyn std::error::Error + Send + Sync>::from("line 7: cut off"));
    let mut failing = rows(Drawn::Point).into_iter().map(Ok).chain(std::iter::once_with(|| Err(failure())));
    let error = store.import_department(&plan(school.clone()), &mut || failing.next(), &mut |_| {});
    assert!(matches!(error, Err(StoreError::Source(_))), "{error:?}");
    assert_eq!(store.checksum().unwrap(), sum);
    let dry = DepartmentPlan { dry_run: true, ..plan(school.clone()) };
    let (done, _) = import(&*store, &dry, rows(Drawn::Point)).unwrap();
    assert_eq!((done.rows, done.change), (4, None));
    // Nor does a file of which no row is taken make a layer.
    let (done, refused) = import(&*store, &plan(school.clone()), rows(Drawn::Line)).unwrap();
    assert_eq!((done.rows, done.change, refused.len()), (0, None, 4));
    assert_eq!((store.checksum().unwrap(), store.departments(&Scope::all()).unwrap()), (sum, vec![]));
    import(&*store, &plan(school), rows(Drawn::Point)).unwrap();
}

fn what_no_store_can_keep_is_refused(place: &Place) {
    let store = place.open();
    let school = schema("school", Drawn::Line, &[("name", ColumnKind::Text), ("n", ColumnKind::Number)]);
    let good = || row(WUXI, vec![Cell::Text("a".into()), Cell::Null], drawing(Drawn::Line, 1));
    let with = |cells: Vec<Cell>| FeatureRow { cells, ..good() };
    let drawn = |drawing| FeatureRow { drawing, ..good() };
    let bad = [
        (with(vec![Cell::Text("a\0b".into()), Cell::Null]), "properties"),
        (with(vec![Cell::Null, Cell::Number(f64::NAN)]), "properties"),
        (with(vec![Cell::Integer(1), Cell::Null]), "properties"),
        (with(vec![Cell::Null]), "properties"),
        (drawn(Drawing::Point(E7::new(0, 0))), "geometry"),
        (drawn(Drawing::Lines(vec![vec![E7::new(0, 0)]])), "geometry"),
        (drawn(Drawing::Lines(vec![vec![E7::new(0, 0), E7::new(1_900_000_000, 0)]])), "geometry"),
        (FeatureRow { region: Region(10_000), ..good() }, "region"),
    ];
    let rows: Vec<FeatureRow> = bad.iter().map(|b| b.0.clone()).chain([good()]).collect();
    let (done, refused) = import(&*store, &plan(school), rows).unwrap();
    assert_eq!(done.rows, 1);
    let expected: Vec<_> = (1..).zip(bad.iter().map(|b| b.1)).collect();
    assert_eq!(refused.iter().map(|r| (r.row, r.field)).collect::<Vec<_>>(), expected);
}

fn names_are_never_sql(place: &Place) {
    let store = place.open();
    let columns = [
        ("x\"; DROP TABLE grids; --", ColumnKind::Text),
        ("select", ColumnKind::Integer),
        ("a'b", ColumnKind::Date),
        ("街道", ColumnKind::Boolean),
    ];
    let cells = vec![Cell::Text("'; --".into()), Cell::Integer(1), Cell::Null, Cell::Boolean(true)];
    let odd = schema("user", Drawn::Point, &columns);
    import(&*store, &plan(odd.clone()), vec![row(WUXI, cells.clone(), drawing(Drawn::Point, 1))]).unwrap();
    let [(kept, rows)] = &layers(&*store)[..] else { panic!("one layer") };
    assert_eq!((kept, &rows[0].cells), (&odd, &cells));
    assert!(store.table_counts().unwrap().len() == 6);
}

fn placed(grid: &str) -> Placed {
    Placed { grid: Some(grid.to_owned()), beat: None }
}

fn a_feature_is_written_by_itself(place: &Place) {
    for (name, drawn) in [("school", Drawn::Point), ("order", Drawn::Line), ("compound_2", Drawn::Polygon)] {
        let store = place.open();
        let schema = of_all_kinds(name, drawn);
        let missing = store.create_feature(&schema, rows(drawn).remove(0), Placed::default());
        assert!(matches!(missing, Err(StoreError::LayerDiffers { .. })), "{missing:?}");
        import(&*store, &plan(schema.clone()), rows(drawn)).unwrap();
        let n = store.last_change().unwrap();
        let mut expected = layers(&*store).into_iter().find(|l| l.0 == schema).unwrap().1;

        // Each as it comes back, after the last number that was given.
        let mut made = Vec::new();
        for (i, row) in (1..).zip(rows(drawn)) {
            let (kept, change) = store.create_feature(&schema, row.clone(), placed("g")).unwrap();
            assert_eq!(kept, FeatureRow { fid: kept.fid, ..row });
            assert_eq!((change.n, change.op, change.fid), (n + i, Op::Insert, Some(kept.fid)));
            assert_eq!((change.grid.as_deref(), change.beat.as_deref()), (Some("g"), None));
            assert_eq!((change.region, change.bbox), (kept.region, Some(kept.drawing.bounds())));
            assert_eq!(store.changes_since(change.n - 1, 9).unwrap(), [change]);
            assert_eq!(store.feature(&Scope::all(), &schema, kept.fid).unwrap().as_ref(), Some(&kept));
            made.push(kept);
        }
        let of = |region, n| Fid::new(region, n);
        let fids: Vec<Fid> = made.iter().map(|r| r.fid).collect();
        assert_eq!(fids, [of(WUXI, 3), of(WUXI, 4), of(XUZHOU, 2), of(Region(0), 2)]);

        // One moves far away and loses what it said; its fid and region stay whatever is asked for.
        let far = |i: i32| drawing(drawn, 40_000 * i);
        let wanted = FeatureRow { fid: Fid(7), ..row(Region(0), vec![Cell::Null; 6], far(1)) };
        let mut seen = None;
        let (new, change) = store
            .edit_feature(&schema, fids[0], &mut |r| {
                seen = Some(r.clone());
                FeatureEdit::Replace(wanted.clone(), placed("h"))
            })
            .unwrap()
            .unwrap();
        assert_eq!(seen.as_ref(), Some(&made[0]));
        made[0] = FeatureRow { fid: fids[0], region: WUXI, ..wanted };
        assert_eq!(
            (new.as_ref(), change.op, change.grid.as_deref()),
            (Some(&made[0]), Op::Update, Some("h"))
        );
        assert_eq!(change.bbox, Some(seen.unwrap().drawing.bounds().join(far(1).bounds())));

        // One goes, and its number is not given again.
        let gone = store.edit_feature(&schema, fids[1], &mut |_| FeatureEdit::Delete(placed("g"))).unwrap();
        let (none, change) = gone.unwrap();
        assert_eq!((none, change.op, change.bbox), (None, Op::Delete, Some(made[1].drawing.bounds())));
        assert_eq!(store.feature(&Scope::all(), &schema, fids[1]).unwrap(), None);
        let kept = store.edit_feature(&schema, fids[0], &mut |_| FeatureEdit::Keep).unwrap();
        assert_eq!(kept, None);
        made.remove(1);
        made.push(store.create_feature(&schema, rows(drawn).remove(0), placed("g")).unwrap().0);
        assert_eq!(made[3].fid, of(WUXI, 5));

        // What cannot be kept changes nothing.
        let sum = store.checksum().unwrap();
        let gone = store.edit_feature(&schema, fids[1], &mut |_| panic!("there is none"));
        assert!(matches!(gone, Err(StoreError::NotFound)), "{gone:?}");
        let short = FeatureRow { cells: vec![Cell::Null], ..made[0].clone() };
        let bad = store.create_feature(&schema, short.clone(), placed("g"));
        assert!(matches!(bad, Err(StoreError::BadRow { field: "properties", .. })), "{bad:?}");
        let replace = FeatureEdit::Replace(short, placed("g"));
        let bad = store.edit_feature(&schema, fids[0], &mut |_| replace.clone());
        assert!(matches!(bad, Err(StoreError::BadRow { .. })), "{bad:?}");
        assert_eq!(store.checksum().unwrap(), sum);

        expected.extend(made);
        expected.sort_by_key(|r| r.fid);
        drop(store);
        let store = open(&place.url, OpenMode::Existing).unwrap();
        assert_eq!(layers(&*store).into_iter().find(|l| l.0 == schema).unwrap().1, expected);
        assert_eq!(faults(&*store), Vec::<String>::new());
    }
}

fn a_write_knows_the_columns_that_are_there(place: &Place) {
    let store = place.open();
    let old = schema("school", Drawn::Point, &[("n", ColumnKind::Integer)]);
    let point = |n: i32| row(WUXI, vec![Cell::Integer(n.into())], drawing(Drawn::Point, n));
    import(&*store, &plan(old.clone()), vec![point(1)]).unwrap();
    let new = schema("school", Drawn::Point, &[("n", ColumnKind::Number)]);
    let swap = DepartmentPlan { replace: true, ..plan(new.clone()) };
    let number = row(WUXI, vec![Cell::Number(0.5)], drawing(Drawn::Point, 1));
    import(&*store, &swap, vec![number.clone()]).unwrap();
    let sum = store.checksum().unwrap();
    let fid = Fid::new(WUXI, 2);
    let differs = |e: &StoreError| matches!(e, StoreError::LayerDiffers { .. });
    assert!(differs(&store.create_feature(&old, point(2), Placed::default()).unwrap_err()));
    assert!(differs(&store.edit_feature(&old, fid, &mut |_| panic!("not asked")).unwrap_err()));
    assert!(differs(&store.feature(&Scope::all(), &old, fid).unwrap_err()));
    assert_eq!(store.checksum().unwrap(), sum);
    // Another title is no other column.
    let titled = Schema { title: "x".to_owned(), ..new };
    assert_eq!(store.feature(&Scope::all(), &titled, fid).unwrap(), Some(FeatureRow { fid, ..number }));
}

fn faults(store: &dyn Store) -> Vec<String> {
    let mut faults = Vec::new();
    verify(store, &mut |f| faults.extend(f.fault.then(|| f.to_string()))).unwrap();
    faults
}

fn a_backup_holds_layers_and_goes_back_into_any_store(place: &Place) {
    let store = place.open();
    for (name, drawn) in [("school", Drawn::Point), ("order", Drawn::Line), ("compound", Drawn::Polygon)] {
        import(&*store, &plan(of_all_kinds(name, drawn)), rows(drawn)).unwrap();
    }
    // The numbers that were given are kept, though their rows are gone.
    let swap = DepartmentPlan { replace: true, ..plan(of_all_kinds("school", Drawn::Point)) };
    let one = || row(WUXI, vec![Cell::Null; 6], drawing(Drawn::Point, 7));
    import(&*store, &swap, vec![one()]).unwrap();
    let (sum, there) = (store.checksum().unwrap(), layers(&*store));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.backup");
    let done = backup(&*store, &file).unwrap();
    assert_eq!((done.checksum.as_str(), done.last_change), (sum.as_str(), 4));
    let new_file = folder.path().join("new.gpkg").to_str().unwrap().to_owned();
    // An empty store is filled row by row, a file that is not there is a copy.
    let filled = folder.path().join("filled.gpkg").to_str().unwrap().to_owned();
    drop(open(&filled, OpenMode::Create).unwrap());
    for url in [new_file, filled, pg::fresh_database()] {
        assert_eq!(restore(&file, &url).unwrap(), done, "{url}");
        let again = open(&url, OpenMode::Existing).unwrap();
        assert_eq!((again.checksum().unwrap(), layers(&*again)), (sum.clone(), there.clone()), "{url}");
        assert_eq!(faults(&*again), Vec::<String>::new(), "{url}");
        let counted = again.departments(&Scope::all()).unwrap();
        assert_eq!(counted, store.departments(&Scope::all()).unwrap(), "{url}");
        let (added, _) = import(&*again, &plan(of_all_kinds("school", Drawn::Point)), vec![one()]).unwrap();
        assert_eq!(added.change.unwrap().n, 5);
        let fids: Vec<_> = layers(&*again)[2].1.iter().map(|r| r.fid).collect();
        let of = |region, n| Fid::new(region, n);
        assert_eq!(fids, [of(Region(0), 1), of(WUXI, 3), of(WUXI, 4), of(XUZHOU, 1)], "{url}");
        assert!(matches!(restore(&file, &url), Err(StoreError::NotEmpty)));
    }
}

/// What another program put into a layer's table that no import would.
#[test]
fn a_layer_that_was_spoiled_is_told_of() {
    for place in [Place::geopackage(), Place::postgis()] {
        let store = place.open();
        import(&*store, &plan(of_all_kinds("school", Drawn::Point)), rows(Drawn::Point)).unwrap();
        assert_eq!(faults(&*store), Vec::<String>::new());
        let spoil = "UPDATE school SET \"share\" = 'Infinity' WHERE \"Beds\" = 0";
        if place.url.starts_with("postgres") {
            pg::run(&place.url, spoil);
        } else {
            let conn = rusqlite::Connection::open(&place.url).unwrap();
            // The triggers call them, though nothing moves.
            for name in ["ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"] {
                let flags = rusqlite::functions::FunctionFlags::SQLITE_UTF8;
                conn.create_scalar_function(name, 1, flags, |_| Ok(0.0)).unwrap();
            }
            conn.execute_batch(&spoil.replace("'Infinity'", "9e999")).unwrap();
        }
        let told = faults(&*store);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(&format!("school, row {}, ", Fid::new(Region(0), 1).0)), "{told:?}");
    }
}
