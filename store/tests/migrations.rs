//! Older stores are brought up to date, newer ones are left alone.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod common;

use common::{import, pg, rows::*};
use diesel::{Connection as _, PgConnection, connection::SimpleConnection};
use gridbeat_onemap::record::*;
use gridbeat_store::{ImportPlan, OpenMode, Store, StoreError, open, verify};
use rusqlite::Connection;
use std::{fs, path::Path};

const TABLE: &str = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
                     run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";

/// The migrations of a backend, oldest first: version and statements.
fn migrations(backend: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend);
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let version = name.split('_').next().unwrap().replace('-', "");
            (version, fs::read_to_string(path.join("up.sql")).unwrap())
        })
        .collect();
    found.sort();
    found
}

fn faults(store: &dyn Store) -> Vec<String> {
    let mut faults = Vec::new();
    verify(store, &mut |f| faults.extend(f.fault.then(|| f.to_string()))).unwrap();
    faults
}

/// A GeoPackage as an older program left it: the first `count` migrations, and one address.
fn older(path: &Path, count: usize) {
    let conn = Connection::open(path).unwrap();
    for name in ["ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY", "ST_IsEmpty"] {
        let flags = rusqlite::functions::FunctionFlags::SQLITE_UTF8;
        // Enough for the one point that is put in.
        let value =
            move |_: &rusqlite::functions::Context<'_>| Ok(if name == "ST_IsEmpty" { 0.0 } else { 31.5 });
        conn.create_scalar_function(name, 1, flags, value).unwrap();
    }
    conn.execute_batch(TABLE).unwrap();
    for (version, sql) in migrations("gpkg").into_iter().take(count) {
        conn.execute_batch(&sql).unwrap();
        conn.execute("INSERT INTO __diesel_schema_migrations (version) VALUES (?1)", [version]).unwrap();
    }
    let point = "x'47500001' || x'8a110000' || x'0101000000' || x'0000000000803f40' || x'0000000000803f40'";
    conn.execute_batch(&format!(
        "INSERT INTO addresses (fid, region, code, text, geom) VALUES ({}, 3202, 'OLD', '旧路1号', CAST({point} AS BLOB))",
        Fid::new(WUXI, 1).0
    ))
    .unwrap();
}

#[test]
fn an_older_geopackage_is_upgraded_after_a_copy_was_made() {
    let all = migrations("gpkg").len();
    for count in 3..all {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.gpkg");
        older(&path, count);
        let store = open(path.to_str().unwrap(), OpenMode::Existing).unwrap();
        assert_eq!(Loaded::from(&*store).addresses[0].code, "OLD");
        import(&*store, &ImportPlan::add(LayerKind::Address), vec![address(WUXI, "NEW", "新路2号", 0, 0)]);
        assert_eq!(Loaded::from(&*store).addresses.len(), 2);
        assert_eq!(faults(&*store), Vec::<String>::new(), "after {count} of {all}");
        drop(store);
        let copies: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.to_str().unwrap().contains(".before-upgrade-"))
            .collect();
        assert_eq!(copies.len(), 1, "{copies:?}");
        let copy = Connection::open(&copies[0]).unwrap();
        let versions: i64 =
            copy.query_row("SELECT count(*) FROM __diesel_schema_migrations", [], |r| r.get(0)).unwrap();
        let codes: String =
            copy.query_row("SELECT group_concat(code) FROM addresses", [], |r| r.get(0)).unwrap();
        assert_eq!((versions, codes.as_str()), (count as i64, "OLD"), "the copy is as the file was");
        // The second time there is nothing to do.
        drop(open(path.to_str().unwrap(), OpenMode::Existing).unwrap());
        let names = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names, 2, "the store and one copy");
    }
}

#[test]
fn an_older_database_is_upgraded() {
    let all = migrations("postgis");
    for count in 1..all.len() {
        let url = pg::fresh_database();
        pg::run(&url, TABLE);
        for (version, sql) in all.iter().take(count) {
            pg::run(&url, sql);
            pg::run(&url, &format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')"));
        }
        let store = open(&url, OpenMode::Existing).unwrap();
        import(&*store, &ImportPlan::add(LayerKind::Address), vec![address(WUXI, "NEW", "新路2号", 0, 0)]);
        assert_eq!(Loaded::from(&*store).addresses.len(), 1);
        assert_eq!(faults(&*store), Vec::<String>::new(), "after {count} of {}", all.len());
    }
}

#[test]
fn a_newer_database_is_refused_with_a_clear_word() {
    let url = pg::fresh_database();
    drop(open(&url, OpenMode::Create).unwrap());
    pg::run(&url, "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')");
    let e = open(&url, OpenMode::Existing).err().unwrap();
    assert!(matches!(&e, StoreError::Newer { found, .. } if found == "99990101000000"), "{e:?}");
    assert!(e.to_string().contains("was made by a newer Gridbeat"), "{e}");
}

#[test]
fn two_nodes_may_upgrade_at_once() {
    let url = pg::fresh_database();
    let stores: Vec<_> = std::thread::scope(|s| {
        let openers: Vec<_> = (0..4).map(|_| s.spawn(|| open(&url, OpenMode::Create).unwrap())).collect();
        openers.into_iter().map(|o| o.join().unwrap()).collect()
    });
    assert!(stores.iter().all(|s| s.last_change().unwrap() == 0));
    let mut conn = PgConnection::establish(&url).unwrap();
    conn.batch_execute("SELECT 1 FROM grids, beats, addresses, residents, incidents, staff").unwrap();
}
