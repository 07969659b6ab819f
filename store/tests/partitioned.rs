//! What is special about tables that are partitioned over two servers: where rows lie, and what happens when a
//! server is away or breaks off between the two commits. That such a store keeps the contract of all stores is
//! shown by `contract` and `whole`.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod common;

use common::{import, over_each, pg, rows::*};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_types::BigInt};
use gridbeat_onemap::record::*;
use gridbeat_store::{ImportPlan, OpenMode, Store, StoreError, backup, open, restore, verify};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// Wuxi is on the further server, all else at home.
struct Place {
    home: String,
    further: String,
}

impl Place {
    fn new() -> Self {
        let (home, further) = pg::fresh_pair();
        Self { home, further }
    }

    fn open(&self) -> Box<dyn Store> {
        open(&self.home, OpenMode::Create).expect("the store opens")
    }
}

#[test]
fn two_servers() {
    over_each(
        &[
            ("rows_lie_where_their_region_is_placed", rows_lie_where_their_region_is_placed),
            ("a_backup_goes_back_over_two_servers", a_backup_goes_back_over_two_servers),
            ("a_store_that_was_filled_is_placed_without_a_change", a_store_that_was_filled_is_placed),
            (
                "a_write_that_broke_off_is_entered_by_who_reads",
                a_write_that_broke_off_is_entered_by_who_reads,
            ),
            (
                "a_write_that_broke_off_is_entered_by_who_writes",
                a_write_that_broke_off_is_entered_by_who_writes,
            ),
            ("an_import_torn_in_two_is_named", an_import_torn_in_two_is_named),
            ("a_cut_is_one_moment_on_all_servers", a_cut_is_one_moment_on_all_servers),
            ("a_server_that_is_away_hinders_its_regions_alone", a_server_that_is_away_hinders_its_regions),
        ],
        Place::new,
    );
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn count(url: &str, what: &str) -> i64 {
    let mut conn = PgConnection::establish(url).unwrap();
    let sql = format!("SELECT count(*) AS n FROM {what}");
    diesel::sql_query(&sql).get_result::<Number>(&mut conn).unwrap_or_else(|e| panic!("{sql}: {e}")).n
}

fn fill(store: &dyn Store) {
    for (layer, rows) in everything() {
        import(store, &ImportPlan::add(layer), rows);
    }
}

fn faults(store: &dyn Store) -> Vec<String> {
    let mut faults = Vec::new();
    verify(store, &mut |f| faults.extend(f.fault.then(|| f.to_string()))).unwrap();
    faults
}

/// Until it is so; a minute at most.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn rows_lie_where_their_region_is_placed(place: &Place) {
    let store = place.open();
    fill(&*store);
    for &layer in LayerKind::ALL {
        let table = layer.collection();
        let of = |region: Region| count(&place.home, &format!("{table} WHERE region = {}", region.0));
        assert_eq!(count(&place.further, &format!("{table} WHERE region = {}", WUXI.0)), of(WUXI), "{table}");
        assert!(of(WUXI) > 0, "{table}");
        assert_eq!(count(&place.further, table), of(WUXI), "{table}");
        assert_eq!(count(&place.home, &format!("{table}_home")), of(XUZHOU), "{table}");
    }
    // Its keys are over there too: another program cannot put a code in twice.
    let twice = "INSERT INTO addresses SELECT fid + 90, region, code, text, 0, 0, 0, geom FROM addresses \
                 WHERE region = 3202 AND code = 'A1'";
    let mut conn = PgConnection::establish(&place.home).unwrap();
    let refused = diesel::sql_query(twice).execute(&mut conn).unwrap_err();
    assert!(refused.to_string().contains("addresses_region_code"), "{refused}");
    // Which are told of, if they are missing at home.
    pg::run(&place.home, "ALTER TABLE addresses_home DROP CONSTRAINT addresses_region_code");
    assert_eq!(faults(&*store), ["addresses, index: the index addresses_region_code is missing"]);
}

/// The way of a city that outgrows its server: nothing is placed until it is filled.
fn a_store_that_was_filled_is_placed(_: &Place) {
    let (home, further) = (pg::fresh_database(), pg::fresh_further());
    let store = open(&home, OpenMode::Create).unwrap();
    fill(&*store);
    let sum = store.checksum().unwrap();
    drop(store);
    pg::run(&home, &pg::deployed("home.sql"));
    pg::run(&home, &pg::add_server(&further));
    assert_eq!(open(&home, OpenMode::Existing).unwrap().checksum().unwrap(), sum);
    for region in [XUZHOU, WUXI] {
        pg::run(&home, &format!("SELECT gridbeat_place('south', {})", region.0));
        let store = open(&home, OpenMode::Existing).unwrap();
        assert_eq!(store.checksum().unwrap(), sum, "{region:?} is placed");
        assert_eq!(faults(&*store), Vec::<String>::new());
    }
    assert_eq!((count(&home, "addresses_home"), count(&further, "addresses")), (0, 3));
    let store = open(&home, OpenMode::Existing).unwrap();
    assert_eq!(store.create_incident(bare_incident(XUZHOU)).unwrap().0.fid, Fid::new(XUZHOU, 2));
    let mut conn = PgConnection::establish(&home).unwrap();
    let again = diesel::sql_query("SELECT gridbeat_place('south', 3202)").execute(&mut conn).unwrap_err();
    assert!(again.to_string().contains("region 3202 is on server south already"), "{again}");
}

fn a_backup_goes_back_over_two_servers(place: &Place) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.backup");
    let plain = open(&pg::fresh_database(), OpenMode::Create).unwrap();
    fill(&*plain);
    let done = backup(&*plain, &file).unwrap();
    assert_eq!(restore(&file, &place.home).unwrap(), done);
    let store = place.open();
    assert_eq!(store.checksum().unwrap(), plain.checksum().unwrap());
    assert_eq!(faults(&*store), Vec::<String>::new());
    assert_eq!((count(&place.further, "addresses"), count(&place.home, "addresses_home")), (2, 1));
    assert!(matches!(restore(&file, &place.home), Err(StoreError::NotEmpty)));
    // And on from there.
    let (row, change) = store.create_incident(bare_incident(WUXI)).unwrap();
    assert_eq!((row.fid, change.n), (Fid::new(WUXI, 3), 7));
}

/// Breaks a write off between the two commits: the further server is held in its commit, meanwhile the
/// connection that waits for it at home is ended.
fn break_off(place: &Place, write: impl FnOnce() -> Result<(), StoreError> + Send) {
    pg::run(
        &place.further,
        "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'; \
         CREATE CONSTRAINT TRIGGER hold AFTER UPDATE ON gridbeat_marks DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION hold()",
    );
    let before = count(&place.further, "incidents");
    std::thread::scope(|s| {
        let writing = s.spawn(write);
        let committing = "pg_stat_activity WHERE datname = current_database() AND query ILIKE 'COMMIT%' \
                          AND wait_event = 'PgSleep'";
        until("the further server commits", || count(&place.further, committing) == 1);
        let ended = "(SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                     AND application_name = 'gridbeat' AND query ILIKE 'COMMIT%' AND state = 'active') AS x";
        assert_eq!(count(&place.home, ended), 1);
        let broke = writing.join().unwrap();
        assert!(matches!(broke, Err(StoreError::Unavailable { .. })), "{broke:?}");
    });
    until("the further server has committed", || count(&place.further, "incidents") > before);
    pg::run(&place.further, "DROP TRIGGER hold ON gridbeat_marks; DROP FUNCTION hold()");
    assert_eq!(count(&place.home, "gridbeat_changes"), 6, "home has not");
}

fn a_write_that_broke_off_is_entered_by_who_reads(place: &Place) {
    let store = place.open();
    fill(&*store);
    break_off(place, || store.create_incident(incident(WUXI, "BROKE")).map(drop));
    assert_eq!(store.last_change().unwrap(), 6);
    // A node that starts: what is there, and the log agrees with it.
    let loaded = Loaded::from(&*store);
    let row = loaded.incidents.iter().find(|r| r.code == "BROKE").expect("it is there");
    assert_eq!((loaded.last, row.fid), (7, Fid::new(WUXI, 3)));
    let entered = store.changes_since(6, 10).unwrap();
    assert_eq!(entered.len(), 1);
    assert_eq!((entered[0].n, entered[0].op, entered[0].fid), (7, Op::Insert, Some(row.fid)));
    assert_eq!(entered[0].bbox, Some(gridbeat_onemap::e7::Bounds::of(&[row.at])));
    // Once, and the numbers go on.
    assert_eq!(Loaded::from(&*store), loaded);
    let (next, change) = store.create_incident(bare_incident(WUXI)).unwrap();
    assert_eq!((next.fid, change.n), (Fid::new(WUXI, 4), 8));
    assert_eq!(faults(&*store), Vec::<String>::new());
}

fn a_write_that_broke_off_is_entered_by_who_writes(place: &Place) {
    let store = place.open();
    fill(&*store);
    break_off(place, || store.create_incident(incident(WUXI, "BROKE")).map(drop));
    // A write to another server's region does not look there; one to the same region does.
    assert_eq!(store.create_incident(bare_incident(XUZHOU)).unwrap().1.n, 7);
    let (kept, change) = store.create_incident(bare_incident(WUXI)).unwrap();
    assert_eq!((kept.fid, change.n), (Fid::new(WUXI, 4), 8));
    let log: Vec<_> = store.changes_since(6, 10).unwrap().into_iter().map(|c| (c.n, c.fid)).collect();
    let fids = [Fid::new(XUZHOU, 2), Fid::new(WUXI, 4), Fid::new(WUXI, 3)];
    assert_eq!(log, [7, 8, 9].into_iter().zip(fids.map(Some)).collect::<Vec<_>>());
    assert_eq!(store.last_change().unwrap(), 9);
    assert_eq!(faults(&*store), Vec::<String>::new());
}

/// Over two servers an import is not all or nothing if home breaks off between their commits. That is told.
fn an_import_torn_in_two_is_named(place: &Place) {
    let store = place.open();
    fill(&*store);
    let rows = || [WUXI, XUZHOU].map(|r| Ok(Row::Incident(incident(r, "BOTH")))).into_iter();
    let plan = ImportPlan::add(LayerKind::Incident);
    break_off(place, || {
        let mut rows = rows();
        store.import(&plan, &mut || rows.next(), &mut |_| {}).map(drop)
    });
    let there: Vec<_> = Loaded::from(&*store).incidents.into_iter().filter(|r| r.code == "BOTH").collect();
    assert_eq!(there.iter().map(|r| r.region).collect::<Vec<_>>(), [WUXI]);
    let told = faults(&*store);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("log, servers: change 7, an import into incident over several servers"),
        "{told:?}"
    );
    assert!(told[0].contains("it reached the regions 3202 alone"), "{told:?}");
    // As it says.
    let (_, refused) = import(&*store, &plan, rows().map(Result::unwrap).collect());
    assert_eq!(refused.len(), 1, "that of Wuxi is there");
    pg::run(&place.home, "DELETE FROM gridbeat_torn WHERE n = 7");
    assert_eq!(faults(&*store), Vec::<String>::new());
}

/// Ends those who go by a flag, however the test ends.
struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn a_cut_is_one_moment_on_all_servers(place: &Place) {
    let store = place.open();
    let done = AtomicBool::new(false);
    std::thread::scope(|s| {
        for region in [WUXI, XUZHOU] {
            let (store, done) = (&store, &done);
            s.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    store.create_incident(bare_incident(region)).unwrap();
                }
            });
        }
        let ended = Ended(&done);
        let mut seen = Vec::new();
        let end = Instant::now() + Duration::from_secs(2);
        while Instant::now() < end || seen.last().is_none_or(|n| *n < 20) {
            store
                .read(&mut |cut| {
                    let (last, mut rows, mut log) = (cut.last_change()?, 0, 0);
                    cut.rows(LayerKind::Incident, &mut |_| {
                        rows += 1;
                        Ok(())
                    })?;
                    cut.changes(&mut |_| {
                        log += 1;
                        Ok(())
                    })?;
                    assert_eq!(
                        (rows, log),
                        (last, last),
                        "every incident has its change and every change its incident"
                    );
                    seen.push(last);
                    Ok(())
                })
                .unwrap();
        }
        drop(ended);
        seen.dedup();
        assert!(seen.len() > 5, "{seen:?}");
    });
}

fn a_server_that_is_away_hinders_its_regions(place: &Place) {
    let store = place.open();
    fill(&*store);
    let port = place.further.rsplit_once(':').unwrap().1.split_once('/').unwrap().0;
    let at = |port: &str| pg::run(&place.home, &format!("ALTER SERVER south OPTIONS (SET port '{port}')"));
    at("1");
    let of_wuxi = || store.create_incident(bare_incident(WUXI));
    let of_xuzhou = || store.create_incident(bare_incident(XUZHOU));
    assert!(matches!(of_wuxi(), Err(StoreError::Unavailable { .. })));
    assert_eq!(of_xuzhou().unwrap().1.n, 7);
    // Together, as many at once are written, each has its own answer.
    let answers: Vec<_> = std::thread::scope(|s| {
        let writers: Vec<_> =
            (0..12).map(|i| s.spawn(move || if i % 2 == 0 { of_wuxi() } else { of_xuzhou() })).collect();
        writers.into_iter().map(|w| w.join().unwrap().is_ok()).collect()
    });
    assert_eq!(answers, (0..12).map(|i| i % 2 == 1).collect::<Vec<_>>());
    let addresses = |region| vec![address(region, "A9", "太湖大道9号", 1, 2)];
    let (done, _) = import(&*store, &ImportPlan::add(LayerKind::Address), addresses(XUZHOU));
    assert_eq!(done.rows, 1);
    let plan = ImportPlan { replace: true, ..ImportPlan::add(LayerKind::Resident) };
    import(&*store, &plan, vec![resident(XUZHOU, "R9", "A9")]);
    assert!(matches!(store.checksum(), Err(StoreError::Unavailable { .. })));
    at(port);
    assert_eq!(of_wuxi().unwrap().1.n, 16);
    assert_eq!(faults(&*store), Vec::<String>::new());
}
