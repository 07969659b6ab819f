//! What is wrong with a GeoPackage as a file: its pages, its references, its R-trees, its triggers.

use crate::{error::StoreError, verify::Finding};
use gridbeat_onemap::record::LayerKind;
use rusqlite::Connection;

/// Findings named of one kind; the rest are counted.
const NAMED: usize = 20;

/// Triggers of a layer that has drawings or points: the region's, and seven that keep the R-tree.
const RTREE_TRIGGERS: [&str; 7] = ["insert", "update2", "update4", "update5", "update6", "update7", "delete"];

pub(super) fn inspect(conn: &mut Connection, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
    let tx = conn.transaction()?;
    pages(&tx, found)?;
    for &layer in LayerKind::ALL.iter().filter(|l| **l != LayerKind::Resident) {
        triggers(&tx, layer, found)?;
        rtree(&tx, layer, found)?;
    }
    Ok(())
}

fn pages(conn: &Connection, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
    let mut check = conn.prepare(&format!("PRAGMA integrity_check({NAMED})"))?;
    for line in check.query_map([], |r| r.get::<_, String>(0))? {
        let line = line?;
        if line != "ok" {
            found(Finding::new("file", "pages", format!("SQLite finds damage: {line}")));
        }
    }
    let mut check = conn.prepare("PRAGMA foreign_key_check")?;
    for row in check.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(2)?)))?.take(NAMED) {
        let (table, parent) = row?;
        let what = format!("a row of {table} names something in {parent} that is not there");
        found(Finding::new("file", "reference", what));
    }
    Ok(())
}

fn triggers(conn: &Connection, layer: LayerKind, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
    let table = layer.collection();
    let names = RTREE_TRIGGERS.iter().map(|t| format!("rtree_{table}_geom_{t}"));
    for name in names.chain([format!("{table}_region")]) {
        let there = conn
            .prepare_cached("SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = ?1")?
            .exists([&name])?;
        if !there {
            let what = format!("the trigger {name} is missing: edits from outside would not be seen");
            found(Finding::new(table, "trigger", what));
        }
    }
    Ok(())
}

/// Every row with a place is in the tree with a box that holds it, and nothing else is.
fn rtree(conn: &Connection, layer: LayerKind, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
    let table = layer.collection();
    let tree = format!("rtree_{table}_geom");
    let said: String = conn.query_row("SELECT rtreecheck(?1)", [&tree], |r| r.get(0))?;
    if said != "ok" {
        let first = said.lines().next().unwrap_or_default().to_owned();
        found(Finding::new(table, "r-tree", format!("the R-tree is damaged: {first}")));
        return Ok(());
    }
    let mut rows = |sql: String, what: &str| -> Result<(), StoreError> {
        let mut statement = conn.prepare(&sql)?;
        let mut more = 0_usize;
        for fid in statement.query_map([], |r| r.get::<_, i64>(0))? {
            let fid = fid?;
            more += 1;
            if more <= NAMED {
                found(Finding::new(table, "r-tree", what.to_owned()).of_row(fid));
            }
        }
        if more > NAMED {
            let rest = more - NAMED;
            found(Finding::new(table, "r-tree", format!("{rest} more rows of which the same is true")));
        }
        Ok(())
    };
    let placed = "geom IS NOT NULL AND NOT ST_IsEmpty(geom)";
    rows(
        format!(
            "SELECT t.fid FROM {table} AS t LEFT JOIN {tree} AS r ON r.id = t.fid WHERE {placed} AND (r.id IS NULL \
             OR r.minx > ST_MinX(geom) OR r.maxx < ST_MaxX(geom) OR r.miny > ST_MinY(geom) OR r.maxy < ST_MaxY(geom))"
        ),
        "the R-tree does not hold the place of the row",
    )?;
    rows(
        format!("SELECT id FROM {tree} WHERE id NOT IN (SELECT fid FROM {table} WHERE {placed})"),
        "the R-tree names a row that is not there or has no place",
    )
}
