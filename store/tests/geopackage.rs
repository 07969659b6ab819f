//! What a GeoPackage store promises besides the contract: that it is a GeoPackage, that it leaves alone
//! what is none of its own, and what it does when other programs are at the file.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod common;

use common::{import, rows::*};
use gridbeat_onemap::{record::*, scope::Scope};
use gridbeat_store::{Edit, ImportPlan, OpenMode, Store, StoreError, open};
use rusqlite::Connection;
use std::{fs, path::PathBuf};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn open(&self, name: &str, mode: OpenMode) -> Result<Box<dyn Store>, StoreError> {
        open(self.path(name).to_str().unwrap(), mode)
    }

    fn filled(&self, name: &str) -> Box<dyn Store> {
        let store = self.open(name, OpenMode::Create).unwrap();
        for (layer, rows) in everything() {
            import(&*store, &ImportPlan::add(layer), rows);
        }
        store
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Another program at the file, with the functions that the standard wants of it.
fn other_program(path: &std::path::Path) -> Connection {
    let conn = Connection::open(path).unwrap();
    let flags = rusqlite::functions::FunctionFlags::SQLITE_UTF8;
    for (name, offset) in [("ST_MinX", 13), ("ST_MaxX", 13), ("ST_MinY", 21), ("ST_MaxY", 21)] {
        // Of points without an envelope: header 8 bytes, byte order 1, type 4, then x and y.
        let read = move |g: &[u8]| f64::from_le_bytes(g[offset..offset + 8].try_into().unwrap());
        conn.create_scalar_function(name, 1, flags, move |c| Ok(c.get_raw(0).as_blob().map(read)?)).unwrap();
    }
    conn.create_scalar_function("ST_IsEmpty", 1, flags, |_| Ok(false)).unwrap();
    conn
}

fn text<T: rusqlite::types::FromSql>(conn: &Connection, sql: &str) -> T {
    conn.query_row(sql, [], |r| r.get(0)).unwrap_or_else(|e| panic!("{sql}: {e}"))
}

#[test]
fn what_is_no_store_is_refused_and_left_alone() {
    let folder = Folder::new();
    fs::write(folder.path("empty.gpkg"), "").unwrap();
    fs::write(folder.path("text.gpkg"), "code,name\n1,x\n").unwrap();
    fs::write(folder.path("cut.gpkg"), b"SQLite format 3\0").unwrap();
    fs::create_dir(folder.path("folder.gpkg")).unwrap();
    Connection::open(folder.path("sqlite.gpkg")).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    Connection::open(folder.path("foreign.gpkg"))
        .unwrap()
        .execute_batch("PRAGMA application_id = 0x47504B47; CREATE TABLE roads (fid INTEGER PRIMARY KEY)")
        .unwrap();
    for (name, why) in [
        ("empty.gpkg", "empty file"),
        ("text.gpkg", "no GeoPackage"),
        ("cut.gpkg", "no GeoPackage"),
        ("folder.gpkg", "folder"),
        ("sqlite.gpkg", "SQLite database, but no GeoPackage"),
        ("foreign.gpkg", "Gridbeat did not make"),
    ] {
        let before = fs::read(folder.path(name)).ok();
        for mode in [OpenMode::Create, OpenMode::Existing] {
            let refused = folder.open(name, mode).err().unwrap_or_else(|| panic!("{name} was opened"));
            assert!(matches!(refused, StoreError::NotAStore { .. }), "{name}: {refused:?}");
            assert!(refused.to_string().contains(why), "{name}: {refused}");
            assert_eq!(refused.public(), "the store cannot be opened");
        }
        assert_eq!(fs::read(folder.path(name)).ok(), before, "{name}");
    }
    assert_eq!(folder.names().len(), 6, "nothing was left beside them: {:?}", folder.names());
    let nowhere = folder.open("no/such/folder/s.gpkg", OpenMode::Create).err().unwrap();
    assert!(matches!(nowhere, StoreError::Unavailable { .. }), "{nowhere:?}");
}

#[test]
fn a_newer_store_is_refused_and_left_alone() {
    let folder = Folder::new();
    drop(folder.filled("s.gpkg"));
    let conn = Connection::open(folder.path("s.gpkg")).unwrap();
    conn.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')", []).unwrap();
    drop(conn);
    let before = fs::read(folder.path("s.gpkg")).unwrap();
    let refused = folder.open("s.gpkg", OpenMode::Existing).err().unwrap();
    assert!(matches!(&refused, StoreError::Newer { found, .. } if found == "29991231000000"), "{refused:?}");
    assert!(refused.to_string().contains("newer Gridbeat"), "{refused}");
    assert_eq!(fs::read(folder.path("s.gpkg")).unwrap(), before);
}

#[test]
fn making_one_leaves_nothing_beside_it_and_takes_over_nothing() {
    let folder = Folder::new();
    std::thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                folder.open("s.gpkg", OpenMode::Create).unwrap().create_incident(bare_incident(WUXI)).unwrap()
            });
        }
    });
    assert_eq!(folder.names(), ["s.gpkg"]);
    assert_eq!(folder.open("s.gpkg", OpenMode::Existing).unwrap().last_change().unwrap(), 4);
}

#[test]
fn the_r_trees_hold_after_imports_replacements_and_edits() {
    let folder = Folder::new();
    let store = folder.filled("s.gpkg");
    let many = |from: u32, to: u32| {
        let row = |i: u32| {
            address(WUXI, &format!("M{i}"), &format!("新区{i}号"), (i * 7919 % 100_000) as i32, i as i32)
        };
        (from..to).map(row).collect::<Vec<_>>()
    };
    let plan = |replace| ImportPlan { replace, ..ImportPlan::add(LayerKind::Address) };
    let check = |rows: i64| {
        let conn = Connection::open(folder.path("s.gpkg")).unwrap();
        for layer in ["grids", "beats", "addresses", "incidents", "staff"] {
            assert_eq!(
                text::<String>(&conn, &format!("SELECT rtreecheck('rtree_{layer}_geom')")),
                "ok",
                "{layer}"
            );
            let drawn: i64 = text(&conn, &format!("SELECT count(*) FROM {layer} WHERE geom IS NOT NULL"));
            let there: i64 = text(
                &conn,
                &format!("SELECT count(*) FROM rtree_{layer}_geom AS r JOIN {layer} AS t ON t.fid = r.id"),
            );
            let all: i64 = text(&conn, &format!("SELECT count(*) FROM rtree_{layer}_geom"));
            assert_eq!((there, all), (drawn, drawn), "{layer}");
        }
        assert_eq!(text::<i64>(&conn, "SELECT count(*) FROM addresses"), rows);
        // Throws when the index and the texts differ.
        conn.execute_batch(
            "INSERT INTO gridbeat_address_text (gridbeat_address_text, rank) VALUES ('integrity-check', 1)",
        )
        .unwrap();
        // The triggers that the standard prescribes are there again.
        let triggers: i64 =
            text(&conn, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rtree_%'");
        assert_eq!(triggers, 5 * 7);
    };
    check(3);
    import(&*store, &plan(false), many(0, 30_000)); // most of the layer: packed
    check(30_003);
    import(&*store, &plan(false), many(30_000, 30_100)); // few: row by row
    check(30_103);
    import(&*store, &plan(true), many(50, 25_000)); // many go
    check(24_951);
    import(&*store, &plan(true), vec![address(XUZHOU, "Z", "彭城路1号", 5, 5)]); // few go
    check(24_951);
    let fid = Fid::new(WUXI, 1);
    store
        .edit_incident(fid, &mut |r| {
            Edit::Replace(IncidentRow { at: gridbeat_onemap::e7::E7::new(7, 7), ..r.clone() })
        })
        .unwrap();
    store.edit_incident(Fid::new(XUZHOU, 1), &mut |_| Edit::Delete).unwrap();
    store.create_incident(bare_incident(WUXI)).unwrap();
    check(24_951);
}

#[test]
fn it_is_a_geopackage() {
    let folder = Folder::new();
    drop(folder.filled("s.gpkg"));
    let conn = Connection::open(folder.path("s.gpkg")).unwrap();
    assert_eq!(text::<i64>(&conn, "PRAGMA application_id"), 0x4750_4B47);
    assert_eq!(text::<i64>(&conn, "PRAGMA user_version"), 10_400);
    let mut layers = conn.prepare("SELECT table_name, data_type FROM gpkg_contents ORDER BY rowid").unwrap();
    let layers: Vec<(String, String)> =
        layers.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect();
    let features =
        ["grids", "beats", "addresses", "incidents", "staff"].map(|l| (l.to_owned(), "features".to_owned()));
    assert_eq!(layers[..5], features);
    assert_eq!(layers[5], ("residents".to_owned(), "attributes".to_owned()));
    assert_eq!(text::<i64>(&conn, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    let extent: (f64, f64) = conn
        .query_row("SELECT min_x, max_y FROM gpkg_contents WHERE table_name = 'addresses'", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .unwrap();
    assert_eq!(extent, (117.1234567, 34.2345678));
    assert_eq!(
        text::<String>(&conn, "SELECT reported_at FROM incidents WHERE code = 'I-1' LIMIT 1"),
        "2026-11-21T08:30:05.250Z"
    );
    let people: String = text(&conn, "SELECT group_concat(name) FROM pragma_table_info('residents')");
    assert_eq!(people, "fid,region,code,address,household,age_band,registration");
}

#[test]
fn another_program_may_edit_it() {
    let folder = Folder::new();
    let store = folder.filled("s.gpkg");
    let found = |text: &str| {
        let hits = store.search_addresses(&Scope::all(), text, 10).unwrap();
        hits.into_iter().map(|h| h.code).collect::<Vec<_>>()
    };
    let qgis = other_program(&folder.path("s.gpkg"));
    qgis.execute_batch(
        "INSERT INTO addresses (code, text, geom) SELECT 'Q1', '蠡湖大道7号', geom FROM addresses LIMIT 1;
         UPDATE addresses SET text = '人民东路2号' WHERE code = 'A2';
         UPDATE addresses SET text = '人民西路2号' WHERE code = 'A2';
         DELETE FROM addresses WHERE region = 3203 AND code = 'A1';",
    )
    .unwrap();
    assert_eq!(found("蠡湖大道"), ["Q1"]);
    assert_eq!(found("人民西"), ["A2"]);
    assert_eq!((found("人民东"), found("人民路")), (vec![], vec![]));
    assert_eq!(found("中山路"), ["A1"]);
    // It got a number of its own, the region that number says, and nobody gets that number again.
    let row = Loaded::from(&*store).addresses.into_iter().find(|r| r.code == "Q1").unwrap();
    assert_eq!((row.fid, row.region), (Fid::new(XUZHOU, 2), XUZHOU));
    import(&*store, &ImportPlan::add(LayerKind::Address), vec![address(XUZHOU, "N", "x", 0, 0)]);
    assert_eq!(Loaded::from(&*store).addresses.last().unwrap().fid, Fid::new(XUZHOU, 3));
    qgis.execute_batch(
        "INSERT INTO gridbeat_address_text (gridbeat_address_text, rank) VALUES ('integrity-check', 1)",
    )
    .unwrap();
    assert_eq!(text::<String>(&qgis, "SELECT rtreecheck('rtree_addresses_geom')"), "ok");
}

#[test]
fn damage_is_named_with_its_row() {
    let folder = Folder::new();
    let store = folder.filled("s.gpkg");
    let conn = other_program(&folder.path("s.gpkg"));
    conn.execute("UPDATE incidents SET state = 'lost' WHERE code = 'I-1' AND region = 3202", []).unwrap();
    let e = store.load(&Scope::all(), &mut Loaded::default()).unwrap_err();
    assert!(
        matches!(&e, StoreError::Damaged { layer, field, .. } if layer == "incidents" && field == "state"),
        "{e:?}"
    );
    assert!(e.to_string().contains("“lost” is not one of reported, verified"), "{e}");
    assert_eq!(e.public(), "a stored value cannot be read (incidents, state)");
}

#[test]
fn a_second_writer_waits_and_is_then_told() {
    let folder = Folder::new();
    let store = folder.filled("s.gpkg");
    let other = Connection::open(folder.path("s.gpkg")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let told = std::thread::scope(|s| {
        let told = s.spawn(|| store.create_incident(bare_incident(WUXI)));
        // Readers go on meanwhile.
        assert_eq!(Loaded::from(&*store).last, 6);
        told.join().unwrap()
    });
    assert!(matches!(told, Err(StoreError::Busy)), "{told:?}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.create_incident(bare_incident(WUXI)).unwrap().1.n, 7);
}
