//! Reading the catalogue, and layers feature by feature.

use super::super::blob;
use crate::{
    columns::Time,
    department::{CATALOGUE, DepartmentLayer, damaged, date_out, drawing_out, quoted, schema_out},
    error::StoreError,
    stored::{FID, fid_in, known_fid},
};
use gridbeat_onemap::{
    department::{Cell, ColumnKind, FeatureRow, Schema},
    record::Fid,
};
use rusqlite::{Connection, Row, types::ValueRef};

/// The schemas of all layers, by name.
pub(in super::super) fn all(conn: &Connection) -> Result<Vec<Schema>, StoreError> {
    let there = conn.prepare("SELECT 1 FROM sqlite_master WHERE name = ?1")?.exists([CATALOGUE])?;
    if !there {
        return Ok(Vec::new()); // A store from before there were any.
    }
    let sql = format!("SELECT name, title, drawn, geometry, columns FROM {CATALOGUE} ORDER BY name");
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut schemas = Vec::new();
    while let Some(r) = rows.next()? {
        let (drawn, columns): (String, String) = (r.get(2)?, r.get(4)?);
        schemas.push(schema_out(r.get(0)?, r.get(1)?, &drawn, r.get(3)?, &columns)?);
    }
    Ok(schemas)
}

/// All layers with the number of their features.
pub(in super::super) fn layers(conn: &Connection) -> Result<Vec<DepartmentLayer>, StoreError> {
    let count = |schema: Schema| {
        let sql = format!("SELECT count(*) FROM {}", quoted(&schema.name));
        let rows: i64 = conn.query_row(&sql, [], |r| r.get(0))?;
        Ok(DepartmentLayer { schema, rows: rows as u64 })
    };
    all(conn)?.into_iter().map(count).collect()
}

/// The layer of that name.
pub(in super::super) fn one(conn: &Connection, name: &str) -> Result<Option<DepartmentLayer>, StoreError> {
    Ok(layers(conn)?.into_iter().find(|l| l.schema.name == name))
}

/// What the layer of that name is.
pub(in super::super) fn schema(conn: &Connection, name: &str) -> Result<Option<Schema>, StoreError> {
    Ok(all(conn)?.into_iter().find(|s| s.name == name))
}

/// Every feature of a layer, by ascending fid.
pub(in super::super) fn each(
    conn: &Connection,
    schema: &Schema,
    take: &mut dyn FnMut(FeatureRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare(&select(schema, "ORDER BY fid"))?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        take(row(schema, r)?)?;
    }
    Ok(())
}

/// One feature of a layer.
pub(in super::super) fn feature(
    conn: &Connection,
    schema: &Schema,
    fid: Fid,
) -> Result<Option<FeatureRow>, StoreError> {
    let mut statement = conn.prepare_cached(&select(schema, "WHERE fid = ?1"))?;
    let mut rows = statement.query([fid_in(fid)])?;
    rows.next()?.map(|r| row(schema, r)).transpose()
}

/// The query whose rows [`row`] reads.
fn select(schema: &Schema, which: &str) -> String {
    let names: String = schema.columns.iter().map(|c| format!("{}, ", quoted(&c.name))).collect();
    format!("SELECT fid, {names}geom FROM {} {which}", quoted(&schema.name))
}

fn row(schema: &Schema, r: &Row<'_>) -> Result<FeatureRow, StoreError> {
    let number: i64 = r.get(0)?;
    let bad = |field: &str, reason: String| damaged(&schema.name, number, field, reason);
    let fid = known_fid(number).ok_or_else(|| bad("fid", FID.to_owned()))?;
    let mut cells = Vec::with_capacity(schema.columns.len());
    for (i, c) in schema.columns.iter().enumerate() {
        cells.push(cell(c.kind, r.get_ref(i + 1)?).map_err(|e| bad(&c.name, e))?);
    }
    let geom = r.get_ref(schema.columns.len() + 1)?.as_blob();
    let geom = geom.map_err(|e| e.to_string()).and_then(|g| drawing_out(schema.drawn, blob::wkb_of(g)?));
    let drawing = geom.map_err(|e| bad("geom", e))?;
    Ok(FeatureRow { fid, region: fid.region(), cells, drawing })
}

/// A cell of a column; SQLite lets other programs put anything anywhere.
fn cell(kind: ColumnKind, value: ValueRef<'_>) -> Result<Cell, String> {
    let text = || value.as_str().map_err(|e| e.to_string());
    if matches!(value, ValueRef::Null) {
        return Ok(Cell::Null);
    }
    Ok(match (kind, value) {
        (ColumnKind::Text, _) => Cell::Text(text()?.into()),
        (ColumnKind::Integer, ValueRef::Integer(n)) => Cell::Integer(n),
        (ColumnKind::Number, ValueRef::Integer(n)) => Cell::Number(n as f64),
        (ColumnKind::Number, ValueRef::Real(n)) => Cell::Number(n),
        (ColumnKind::Boolean, ValueRef::Integer(n @ (0 | 1))) => Cell::Boolean(n == 1),
        (ColumnKind::Date, _) => Cell::Date(date_out(text()?)?),
        (ColumnKind::Timestamp, _) => Cell::Timestamp(Time::parse(text()?)?.0),
        (_, other) => return Err(format!("expected a value of kind {kind}, found {}", other.data_type())),
    })
}
