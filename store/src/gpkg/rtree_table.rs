//! The R-tree of a layer that is made while the program runs: its table, its entry among the extensions,
//! and the triggers that the GeoPackage standard prescribes (OGC 12-128r19 §F.3).

use crate::error::StoreError;
use rusqlite::{Connection, params};

/// Makes an empty R-tree for `table`, a plain name, whose places are in `geom` and whose key is `fid`.
pub(super) fn create(conn: &Connection, table: &str) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', \
         'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        params![table],
    )?;
    let tree = format!("rtree_{table}_geom");
    let sides = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)";
    let there = |row: &str| format!("({row}.geom NOT NULL AND NOT ST_IsEmpty({row}.geom))");
    let absent = |row: &str| format!("({row}.geom IS NULL OR ST_IsEmpty({row}.geom))");
    let (new, old, no_new, no_old) = (there("NEW"), there("OLD"), absent("NEW"), absent("OLD"));
    conn.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy);
         CREATE TRIGGER {tree}_insert AFTER INSERT ON {table} WHEN {new} BEGIN
           INSERT OR REPLACE INTO {tree} VALUES (NEW.fid, {sides}); END;
         CREATE TRIGGER {tree}_update6 AFTER UPDATE OF geom ON {table} WHEN OLD.fid = NEW.fid AND {new} AND {old} BEGIN
           UPDATE {tree} SET minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom), miny = ST_MinY(NEW.geom),
             maxy = ST_MaxY(NEW.geom) WHERE id = NEW.fid; END;
         CREATE TRIGGER {tree}_update7 AFTER UPDATE OF geom ON {table} WHEN OLD.fid = NEW.fid AND {new} AND {no_old} BEGIN
           INSERT INTO {tree} VALUES (NEW.fid, {sides}); END;
         CREATE TRIGGER {tree}_update2 AFTER UPDATE OF geom ON {table} WHEN OLD.fid = NEW.fid AND {no_new} BEGIN
           DELETE FROM {tree} WHERE id = OLD.fid; END;
         CREATE TRIGGER {tree}_update5 AFTER UPDATE ON {table} WHEN OLD.fid != NEW.fid AND {new} BEGIN
           DELETE FROM {tree} WHERE id = OLD.fid; INSERT OR REPLACE INTO {tree} VALUES (NEW.fid, {sides}); END;
         CREATE TRIGGER {tree}_update4 AFTER UPDATE ON {table} WHEN OLD.fid != NEW.fid AND {no_new} BEGIN
           DELETE FROM {tree} WHERE id IN (OLD.fid, NEW.fid); END;
         CREATE TRIGGER {tree}_delete AFTER DELETE ON {table} WHEN OLD.geom NOT NULL BEGIN
           DELETE FROM {tree} WHERE id = OLD.fid; END;"
    ))?;
    Ok(())
}
