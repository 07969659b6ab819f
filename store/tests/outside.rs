//! Edits by other programs at a GeoPackage: noticed, and taken in or refused.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod common;

use common::{import, rows::*};
use gridbeat_onemap::{record::*, scope::Scope};
use gridbeat_store::{Edit, ImportPlan, OpenMode, Store, StoreError, open};
use rusqlite::Connection;
use std::time::Duration;

fn filled(folder: &tempfile::TempDir) -> (Box<dyn Store>, Connection) {
    let path = folder.path().join("s.gpkg");
    let store = open(path.to_str().unwrap(), OpenMode::Create).unwrap();
    for (layer, rows) in everything() {
        import(&*store, &ImportPlan::add(layer), rows);
    }
    let other = Connection::open(&path).unwrap();
    for name in ["ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY", "ST_IsEmpty"] {
        let flags = rusqlite::functions::FunctionFlags::SQLITE_UTF8;
        other.create_scalar_function(name, 1, flags, |_| Ok(0)).unwrap();
    }
    (store, other)
}

fn pending(conn: &Connection) -> i64 {
    conn.query_row("SELECT coalesce(sum(edits), 0) FROM gridbeat_outside", [], |r| r.get(0)).unwrap()
}

#[test]
fn our_own_writes_are_not_taken_for_somebody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let (store, other) = filled(&folder);
    assert_eq!(pending(&other), 0);
    let (row, _) = store.create_incident(bare_incident(WUXI)).unwrap();
    store.edit_incident(row.fid, &mut |r| Edit::Replace(IncidentRow { title: None, ..r.clone() })).unwrap();
    store.edit_incident(row.fid, &mut |_| Edit::Delete).unwrap();
    let seen = store.last_change().unwrap();
    store.redraw(Side::Grid, seen, vec![(Fid::new(WUXI, 2), ground(1_203_000_000, 315_000_000))]).unwrap();
    for (layer, rows) in everything() {
        import(&*store, &ImportPlan { replace: true, ..ImportPlan::add(layer) }, rows);
    }
    assert_eq!(pending(&other), 0);
    let last = store.last_change().unwrap();
    assert_eq!(store.wait_for_change(last, Duration::from_millis(120)).unwrap(), last, "nothing happened");
}

#[test]
fn an_edit_becomes_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let (store, other) = filled(&folder);
    other.execute("UPDATE beats SET name = '新警格' WHERE code = 'B1'", []).unwrap();
    other.execute("UPDATE staff SET on_duty = 0 WHERE code = 'P1'", []).unwrap();
    assert_eq!(store.wait_for_change(6, Duration::from_secs(5)).unwrap(), 8);
    let changes = store.changes_since(6, 10).unwrap();
    let told: Vec<_> = changes.iter().map(|c| (c.n, c.layer.as_str(), c.op, c.rows)).collect();
    assert_eq!(told, [(7, "beat", Op::Import, 1), (8, "staff", Op::Import, 1)]);
    assert_eq!(pending(&other), 0);
    // Residents are counted again.
    other.execute("DELETE FROM residents WHERE code = 'R2'", []).unwrap();
    assert_eq!(store.wait_for_change(8, Duration::from_secs(5)).unwrap(), 9);
    assert_eq!(Loaded::from(&*store).addresses[0].residents, 1);
}

#[test]
fn an_edit_that_cannot_be_taken_in_is_refused_until_it_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let (store, other) = filled(&folder);
    other.execute("UPDATE beats SET level = 'moon' WHERE code = 'B1'", []).unwrap();
    let e = store.wait_for_change(6, Duration::from_secs(5)).unwrap_err();
    assert!(
        matches!(&e, StoreError::Damaged { layer, field, .. } if layer == "beats" && field == "level"),
        "{e:?}"
    );
    assert!(e.to_string().contains("“moon” is not one of"), "{e}");
    // It is said once; other edits go on.
    other.execute("UPDATE staff SET on_duty = 0 WHERE code = 'P1'", []).unwrap();
    assert_eq!(store.wait_for_change(6, Duration::from_secs(5)).unwrap(), 7);
    assert_eq!(store.wait_for_change(7, Duration::from_millis(120)).unwrap(), 7);
    assert!(store.load(&Scope::all(), &mut Loaded::default()).is_err(), "never half-read");
    other.execute("UPDATE beats SET level = NULL WHERE code = 'B1'", []).unwrap();
    assert_eq!(store.wait_for_change(7, Duration::from_secs(5)).unwrap(), 8);
    assert_eq!(Loaded::from(&*store).last, 8);
}
