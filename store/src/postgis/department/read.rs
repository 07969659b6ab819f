//! Reading the catalogue, and layers feature by feature. Which columns a table has is only known when it is
//! read, so cells come as an array of texts.

use super::{super::Conn, table};
use crate::{
    department::{CATALOGUE, DepartmentLayer, damaged, date_out, drawing_out, quoted, schema_out},
    error::StoreError,
    stored::{FID, fid_in, known_fid},
};
use diesel::{
    OptionalExtension, QueryableByName, RunQueryDsl,
    pg::PgRowByRowLoadingMode,
    sql_types::{Array, BigInt, Binary, Integer, Nullable, Text},
};
use gridbeat_onemap::{
    department::{Cell, Column, ColumnKind, FeatureRow, Schema},
    record::Fid,
};
use jiff::Timestamp;

#[derive(QueryableByName)]
struct Entry {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    drawn: String,
    #[diesel(sql_type = Nullable<Text>)]
    geometry: Option<String>,
    #[diesel(sql_type = Text)]
    columns: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = BigInt)]
    fid: i64,
    #[diesel(sql_type = Array<Nullable<Text>>)]
    cells: Vec<Option<String>>,
    #[diesel(sql_type = Binary)]
    geom: Vec<u8>,
}

/// The schemas of all layers, by name.
pub(in super::super) fn all(conn: &mut Conn) -> Result<Vec<Schema>, StoreError> {
    if !table::is_there(conn, CATALOGUE)? {
        return Ok(Vec::new()); // A store from before there were any.
    }
    let sql = format!("SELECT name, title, drawn, geometry, columns FROM {CATALOGUE} ORDER BY name");
    let entries: Vec<Entry> = diesel::sql_query(sql).load(conn)?;
    let schema = |e: Entry| schema_out(e.name, e.title, &e.drawn, e.geometry, &e.columns);
    entries.into_iter().map(schema).collect()
}

/// All layers with the number of their features.
pub(in super::super) fn layers(conn: &mut Conn) -> Result<Vec<DepartmentLayer>, StoreError> {
    let schemas = all(conn)?;
    let count = |schema: Schema| {
        let sql = format!("SELECT count(*) AS n FROM {}", quoted(&schema.name));
        let rows = diesel::sql_query(sql).get_result::<Number>(conn)?.n as u64;
        Ok(DepartmentLayer { schema, rows })
    };
    schemas.into_iter().map(count).collect()
}

/// A column as text that is read back to the same value: instants as milliseconds since 1970.
fn as_text(c: &Column) -> String {
    let name = quoted(&c.name);
    match c.kind {
        ColumnKind::Text => name,
        ColumnKind::Date => format!("to_char({name}, 'YYYY-MM-DD')"),
        ColumnKind::Timestamp => format!("(extract(epoch FROM {name}) * 1000)::bigint::text"),
        ColumnKind::Integer | ColumnKind::Number | ColumnKind::Boolean => format!("{name}::text"),
    }
}

/// What the layer of that name is.
pub(in super::super) fn schema(conn: &mut Conn, name: &str) -> Result<Option<Schema>, StoreError> {
    Ok(all(conn)?.into_iter().find(|s| s.name == name))
}

/// Every feature of a layer, by ascending fid.
pub(in super::super) fn each(
    conn: &mut Conn,
    schema: &Schema,
    take: &mut dyn FnMut(FeatureRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = select(schema, "ORDER BY gridbeat_region, fid");
    for stored in diesel::sql_query(sql).load_iter::<Stored, PgRowByRowLoadingMode>(conn)? {
        take(row(schema, stored?)?)?;
    }
    Ok(())
}

/// One feature of a layer.
pub(in super::super) fn feature(
    conn: &mut Conn,
    schema: &Schema,
    fid: Fid,
) -> Result<Option<FeatureRow>, StoreError> {
    diesel::sql_query(select(schema, "WHERE gridbeat_region = $1 AND fid = $2"))
        .bind::<Integer, _>(i32::from(fid.region().0))
        .bind::<BigInt, _>(fid_in(fid))
        .get_result::<Stored>(conn)
        .optional()?
        .map(|stored| row(schema, stored))
        .transpose()
}

/// The query whose rows [`row`] reads.
fn select(schema: &Schema, which: &str) -> String {
    let cells: Vec<String> = schema.columns.iter().map(as_text).collect();
    format!(
        "SELECT fid, ARRAY[{}]::text[] AS cells, ST_AsBinary(geom) AS geom FROM {} {which}",
        cells.join(", "),
        quoted(&schema.name)
    )
}

fn row(schema: &Schema, stored: Stored) -> Result<FeatureRow, StoreError> {
    let bad = |field: &str, reason: String| damaged(&schema.name, stored.fid, field, reason);
    let fid = known_fid(stored.fid).ok_or_else(|| bad("fid", FID.to_owned()))?;
    let cells = schema.columns.iter().zip(stored.cells);
    let cells = cells
        .map(|(c, text)| text.map_or(Ok(Cell::Null), |t| cell(c.kind, t).map_err(|e| bad(&c.name, e))))
        .collect::<Result<Vec<Cell>, StoreError>>()?;
    let drawing = drawing_out(schema.drawn, &stored.geom).map_err(|e| bad("geom", e))?;
    Ok(FeatureRow { fid, region: fid.region(), cells, drawing })
}

fn cell(kind: ColumnKind, text: String) -> Result<Cell, String> {
    let odd = || format!("“{text}” is no {kind}");
    Ok(match kind {
        ColumnKind::Text => Cell::Text(text.into()),
        ColumnKind::Integer => Cell::Integer(text.parse().map_err(|_| odd())?),
        ColumnKind::Number => match text.parse::<f64>() {
            Ok(n) if n.is_finite() => Cell::Number(n),
            _ => return Err(odd()),
        },
        ColumnKind::Boolean => Cell::Boolean(text.parse().map_err(|_| odd())?),
        ColumnKind::Date => Cell::Date(date_out(&text)?),
        ColumnKind::Timestamp => {
            let at = text.parse().ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
            Cell::Timestamp(at.ok_or_else(odd)?)
        }
    })
}
