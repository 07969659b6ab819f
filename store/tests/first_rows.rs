//! The first addresses and residents of a store, which PostGIS takes another way than those that come later: the
//! outcome must be the same everywhere.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod common;

use common::{import, import_then_fail, place::Place, rows::*};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_types::Text};
use gridbeat_onemap::record::*;
use gridbeat_store::{ImportPlan, Missing, OpenMode, open, verify};

over_all![
    rows_are_refused_and_numbered_as_ever,
    rows_of_many_regions_may_come_mixed,
    residents_count_in_whatever_order,
    a_dry_run_says_what_would_be,
];

const ADDRESSES: ImportPlan = ImportPlan::add(LayerKind::Address);
const RESIDENTS: ImportPlan = ImportPlan::add(LayerKind::Resident);
/// More than are indexed at once.
const MANY: usize = 10_100;

fn addresses_of(region: Region, n: usize) -> impl Iterator<Item = Row> {
    (0..n).map(move |i| address(region, &format!("A{i:05}"), &format!("梁溪路{i}号"), i as i32, 0))
}

/// Rows of two regions in three blocks; the third, the sixth and two more are at fault.
fn faulty() -> Vec<Row> {
    let mut rows: Vec<Row> = addresses_of(WUXI, 5).collect();
    rows.insert(2, address(WUXI, "zero", "\0", 0, 0));
    rows.insert(5, address(WUXI, "A00001", "again", 0, 0));
    rows.extend(addresses_of(XUZHOU, 3));
    rows.push(address(XUZHOU, "A00000", "again", 0, 0));
    rows.push(address(WUXI, "last", "梁溪路", 7, 7));
    rows.push(address(WUXI, "", "no code", 0, 0));
    rows
}

fn rows_are_refused_and_numbered_as_ever(place: &Place) {
    let store = place.open();
    let (done, mut refused) = import(&*store, &ADDRESSES, faulty());
    // What a row itself says may be found while rows come, and what another says once all are there.
    refused.sort_by_key(|r| r.row);
    let rows: Vec<_> = refused.iter().map(|r| (r.row, r.field)).collect();
    assert_eq!(rows, [(3, "text"), (6, "code"), (11, "code"), (13, "code")]);
    assert!(refused[1].reason.contains("“A00001” came before in this import"), "{}", refused[2].reason);
    assert_eq!((done.rows, done.replaced), (9, 0));
    let change = done.change.unwrap();
    assert_eq!((change.n, change.rows, change.region, change.op), (1, 9, Region(0), Op::Import));
    let bbox = change.bbox.unwrap();
    assert_eq!((bbox.min.lon, bbox.min.lat, bbox.max.lon, bbox.max.lat), (0, 0, 7, 7));
    let codes = |store: &dyn gridbeat_store::Store| -> Vec<(u64, String, String)> {
        let rows = Loaded::from(store).addresses;
        rows.into_iter().map(|r| (r.fid.0, r.code, r.text)).collect()
    };
    let kept = codes(&*store);
    let numbers: Vec<u64> = kept.iter().map(|(fid, ..)| *fid).collect();
    let expected = (1..=6).map(|s| Fid::new(WUXI, s).0).chain((1..=3).map(|s| Fid::new(XUZHOU, s).0));
    assert!(numbers.iter().copied().eq(expected), "no number is lost with a row: {numbers:?}");
    assert_eq!((kept[1].1.as_str(), kept[1].2.as_str()), ("A00001", "梁溪路1号"), "the first of two is kept");
    assert_eq!(kept[5].1, "last");
    // The next import goes on from there.
    let (_, refused) =
        import(&*store, &ADDRESSES, vec![address(WUXI, "last", "x", 0, 0), address(WUXI, "more", "x", 0, 0)]);
    assert!(refused[0].reason.contains("is there already"), "{}", refused[0].reason);
    assert_eq!(codes(&*store)[6], (Fid::new(WUXI, 7).0, "more".into(), "x".into()));
    verified(&*store);
}

fn rows_of_many_regions_may_come_mixed(place: &Place) {
    // More changes from one region to another than are noted; every thousandth code is there a second time.
    const EACH: usize = 33_500;
    let store = place.open();
    let two = addresses_of(WUXI, EACH).zip(addresses_of(XUZHOU, EACH));
    let mut rows: Vec<Row> = two.flat_map(|(a, b)| [a, b]).collect();
    rows.push(address(WUXI, "A00010", "again", 0, 0));
    rows.insert(1000, address(XUZHOU, "A00010", "again", 0, 0));
    let (done, refused) = import(&*store, &ADDRESSES, rows);
    assert_eq!(done.rows, 2 * EACH as u64);
    assert_eq!(refused.iter().map(|r| r.row).collect::<Vec<_>>(), [1001, 2 * EACH as u64 + 2]);
    let kept = Loaded::from(&*store).addresses;
    for (region, rows) in [WUXI, XUZHOU].into_iter().zip(kept.chunks(EACH)) {
        for (i, row) in rows.iter().enumerate() {
            assert_eq!(
                (row.fid, row.code.as_str()),
                (Fid::new(region, i as u32 + 1), format!("A{i:05}").as_str())
            );
        }
    }
}

fn residents_count_in_whatever_order(place: &Place) {
    let store = place.open();
    import(&*store, &ADDRESSES, addresses_of(WUXI, MANY).collect());
    // Two at each address but the first, in the order of the addresses or against it; one address nobody knows.
    let living = |i: usize| resident(WUXI, &format!("R{i:05}"), &format!("A{:05}", i / 2 + 1));
    let mut rows: Vec<Row> = (0..2 * MANY - 2).map(living).collect();
    if place.url.len().is_multiple_of(2) {
        rows.reverse();
    }
    rows.push(resident(WUXI, "R00000", "A00001"));
    rows.push(resident(WUXI, "lost", "B00001"));
    let (done, refused) = import(&*store, &RESIDENTS, rows);
    assert_eq!(done.unknown_addresses, Missing { count: 1, sample: vec!["B00001".into()] });
    assert_eq!((done.rows, refused.len()), (2 * MANY as u64 - 1, 1));
    assert_eq!(refused[0].row, 2 * MANY as u64 - 1);
    assert_eq!(done.change.unwrap().bbox, None);
    let counts: Vec<u64> = Loaded::from(&*store).addresses.iter().map(|r| u64::from(r.residents)).collect();
    assert_eq!(counts[0], 5, "where nobody lives, the file's number stays");
    assert!(counts[1..].iter().all(|&n| n == 2), "{counts:?}");
    verified(&*store);
}

fn a_dry_run_says_what_would_be(place: &Place) {
    let store = place.open();
    let sum = store.checksum().unwrap();
    let (dry, dry_refused) = import(&*store, &ImportPlan { dry_run: true, ..ADDRESSES }, faulty());
    assert_eq!((dry.change, store.checksum().unwrap()), (None, sum.clone()));
    import_then_fail(&*store, &ADDRESSES, addresses_of(WUXI, 3000).collect());
    assert_eq!(store.checksum().unwrap(), sum);
    let (wet, refused) = import(&*store, &ADDRESSES, faulty());
    assert_eq!((dry.rows, dry.refused, dry_refused), (wet.rows, wet.refused, refused));
}

fn verified(store: &dyn gridbeat_store::Store) {
    let mut faults = Vec::new();
    verify(store, &mut |f| faults.extend(f.fault.then_some(f))).unwrap();
    assert_eq!(faults, []);
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    answer: String,
}

fn ask(place: &Place, what: &str) -> String {
    let mut conn = PgConnection::establish(&place.url).unwrap();
    diesel::sql_query(format!("SELECT ({what})::text AS answer"))
        .get_result::<Answer>(&mut conn)
        .unwrap()
        .answer
}

/// Keys and indexes of both tables, and whether some are still to be made.
const INDEXES: &str = "SELECT string_agg(indexdef, E'\\n' ORDER BY indexname) || \
     (SELECT count(*) FROM gridbeat_meta WHERE key <> 'format') FROM pg_indexes WHERE tablename IN ('addresses', 'residents')";

#[test]
fn postgis_makes_its_indexes_after_the_rows() {
    let place = Place::postgis();
    let store = place.open();
    let before = ask(&place, INDEXES);
    let rows = || addresses_of(WUXI, MANY).collect();
    // What is not kept leaves no row in the table's file.
    import(&*store, &ImportPlan { dry_run: true, ..ADDRESSES }, rows());
    import_then_fail(&*store, &ADDRESSES, rows());
    assert_eq!(ask(&place, "pg_relation_size('addresses')"), "0");
    import(&*store, &ADDRESSES, rows());
    assert_eq!(ask(&place, INDEXES), before);
    let found = store.search_addresses(&gridbeat_onemap::Scope::all(), "梁溪路10099号", 5).unwrap();
    assert_eq!(found.iter().map(|h| h.code.as_str()).collect::<Vec<_>>(), ["A10099"]);
}

#[test]
fn postgis_makes_an_index_that_was_left_behind() {
    let place = Place::postgis();
    let store = place.filled();
    let before = ask(&place, INDEXES);
    // As an import leaves it that is killed once its rows are safe.
    common::pg::run(
        &place.url,
        "INSERT INTO gridbeat_meta SELECT 'index addresses_text', indexdef FROM pg_indexes \
         WHERE indexname = 'addresses_text'; DROP INDEX addresses_text",
    );
    let text = gridbeat_onemap::Scope::all();
    let without = store.search_addresses(&text, "路", 9).unwrap();
    drop(open(&place.url, OpenMode::Existing).unwrap());
    assert_eq!(ask(&place, INDEXES), before);
    assert_eq!(store.search_addresses(&text, "路", 9).unwrap(), without);
}

#[test]
fn postgis_says_which_index_could_not_be_made() {
    let place = Place::postgis();
    drop(place.filled());
    common::pg::run(
        &place.url,
        "INSERT INTO gridbeat_meta VALUES ('index addresses_text', 'CREATE INDEX addresses_text ON nowhere (text)'); \
         DROP INDEX addresses_text",
    );
    let store = open(&place.url, OpenMode::Existing).unwrap();
    let mut found = Vec::new();
    verify(&*store, &mut |f| found.push(f.to_string())).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("the index addresses_text was not made after an import"), "{found:?}");
}
