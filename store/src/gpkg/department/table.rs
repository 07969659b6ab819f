//! The tables of layers: their columns, their R-tree, and what the GeoPackage's own tables say of them.

use crate::{
    department::{CATALOGUE, columns_in, quoted, table_is_there},
    error::StoreError,
};
use gridbeat_onemap::department::{ColumnKind, Drawn, Schema};
use rusqlite::{Connection, params};

/// The type of a column (OGC 12-128r19, table 1).
const fn type_of(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "TEXT",
        ColumnKind::Integer => "INTEGER",
        ColumnKind::Number => "DOUBLE",
        ColumnKind::Boolean => "BOOLEAN",
        ColumnKind::Date => "DATE",
        ColumnKind::Timestamp => "DATETIME",
    }
}

const fn geometry_of(drawn: Drawn) -> &'static str {
    match drawn {
        Drawn::Point => "POINT",
        Drawn::Line => "MULTILINESTRING",
        Drawn::Polygon => "MULTIPOLYGON",
    }
}

/// Makes the catalogue where there is none.
pub(super) fn prepare(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {CATALOGUE} (
           name TEXT NOT NULL PRIMARY KEY,
           title TEXT NOT NULL,
           drawn TEXT NOT NULL,
           geometry TEXT,
           columns TEXT NOT NULL
         ) WITHOUT ROWID"
    ))?;
    Ok(())
}

/// Makes the table of a layer, empty, with its R-tree and the triggers that keep that up to date (OGC
/// 12-128r19, annex F.3).
pub(super) fn make(conn: &Connection, schema: &Schema) -> Result<(), StoreError> {
    let name = &schema.name;
    let taken = "SELECT 1 FROM sqlite_master WHERE lower(name) IN (?1, 'rtree_' || ?1 || '_geom')";
    if conn.prepare(taken)?.exists([name])? {
        return Err(table_is_there(name));
    }
    let columns: String =
        schema.columns.iter().map(|c| format!("  {} {},\n", quoted(&c.name), type_of(c.kind))).collect();
    let geometry = geometry_of(schema.drawn);
    let table = quoted(name);
    conn.execute_batch(&format!(
        "CREATE TABLE {table} (\n  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,\n{columns}  geom {geometry} NOT NULL\n)"
    ))?;
    conn.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?1, 'features', ?1, ?2, 4490)",
        params![name, schema.title],
    )?;
    conn.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, 4490, 0, 0)",
        params![name, geometry],
    )?;
    conn.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        [name],
    )?;
    conn.execute_batch(&triggers(name))?;
    Ok(())
}

/// The R-tree of a layer, and its triggers.
fn triggers(name: &str) -> String {
    let (table, tree) = (quoted(name), format!("rtree_{name}_geom"));
    let new = "NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)";
    let there = |row: &str| format!("({row}.geom NOT NULL AND NOT ST_IsEmpty({row}.geom))");
    let gone = |row: &str| format!("({row}.geom IS NULL OR ST_IsEmpty({row}.geom))");
    let (new_there, new_gone, old_there, old_gone) = (there("NEW"), gone("NEW"), there("OLD"), gone("OLD"));
    format!(
        "CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy);
         CREATE TRIGGER {tree}_insert AFTER INSERT ON {table} WHEN {new_there}
         BEGIN INSERT OR REPLACE INTO {tree} VALUES ({new}); END;
         CREATE TRIGGER {tree}_update6 AFTER UPDATE OF geom ON {table}
           WHEN OLD.fid = NEW.fid AND {new_there} AND {old_there}
         BEGIN UPDATE {tree} SET minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom), miny = ST_MinY(NEW.geom),
           maxy = ST_MaxY(NEW.geom) WHERE id = NEW.fid; END;
         CREATE TRIGGER {tree}_update7 AFTER UPDATE OF geom ON {table}
           WHEN OLD.fid = NEW.fid AND {new_there} AND {old_gone}
         BEGIN INSERT INTO {tree} VALUES ({new}); END;
         CREATE TRIGGER {tree}_update2 AFTER UPDATE OF geom ON {table} WHEN OLD.fid = NEW.fid AND {new_gone}
         BEGIN DELETE FROM {tree} WHERE id = OLD.fid; END;
         CREATE TRIGGER {tree}_update5 AFTER UPDATE ON {table} WHEN OLD.fid != NEW.fid AND {new_there}
         BEGIN DELETE FROM {tree} WHERE id = OLD.fid; INSERT OR REPLACE INTO {tree} VALUES ({new}); END;
         CREATE TRIGGER {tree}_update4 AFTER UPDATE ON {table} WHEN OLD.fid != NEW.fid AND {new_gone}
         BEGIN DELETE FROM {tree} WHERE id IN (OLD.fid, NEW.fid); END;
         CREATE TRIGGER {tree}_delete AFTER DELETE ON {table} WHEN OLD.geom NOT NULL
         BEGIN DELETE FROM {tree} WHERE id = OLD.fid; END;"
    )
}

/// Drops the table of a layer, with all that names it.
pub(super) fn remove(conn: &Connection, name: &str) -> Result<(), StoreError> {
    for table in ["gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents"] {
        conn.execute(&format!("DELETE FROM {table} WHERE table_name = ?1"), [name])?;
    }
    conn.execute_batch(&format!("DROP TABLE rtree_{name}_geom; DROP TABLE {}", quoted(name)))?;
    Ok(())
}

/// Enters a layer into the catalogue, or anew.
pub(super) fn enter(conn: &Connection, schema: &Schema) -> Result<(), StoreError> {
    conn.execute(
        &format!("INSERT OR REPLACE INTO {CATALOGUE} VALUES (?1, ?2, ?3, ?4, ?5)"),
        params![
            schema.name,
            schema.title,
            schema.drawn.as_str(),
            schema.geometry,
            columns_in(&schema.columns)?
        ],
    )?;
    conn.execute(
        "UPDATE gpkg_contents SET description = ?2 WHERE table_name = ?1",
        params![schema.name, schema.title],
    )?;
    Ok(())
}
