//! The tables of layers. Every key carries the region and none crosses one, as in all other tables.

use super::super::Conn;
use crate::{
    department::{CATALOGUE, columns_in, quoted, table_is_there},
    error::StoreError,
};
use diesel::{
    QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{Bool, Nullable, Text},
};
use gridbeat_onemap::department::{ColumnKind, Drawn, Schema};

/// The type of a column.
pub(super) const fn type_of(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Integer => "bigint",
        ColumnKind::Number => "double precision",
        ColumnKind::Boolean => "boolean",
        ColumnKind::Date => "date",
        ColumnKind::Timestamp => "timestamptz",
    }
}

const fn geometry_of(drawn: Drawn) -> &'static str {
    match drawn {
        Drawn::Point => "Point",
        Drawn::Line => "MultiLineString",
        Drawn::Polygon => "MultiPolygon",
    }
}

#[derive(QueryableByName)]
struct There {
    #[diesel(sql_type = Bool)]
    there: bool,
}

/// Whether there is a table of that name.
pub(super) fn is_there(conn: &mut Conn, name: &str) -> Result<bool, StoreError> {
    let found: There = diesel::sql_query("SELECT to_regclass($1) IS NOT NULL AS there")
        .bind::<Text, _>(quoted(name))
        .get_result(conn)?;
    Ok(found.there)
}

/// Makes the catalogue where there is none.
pub(super) fn prepare(conn: &mut Conn) -> Result<(), StoreError> {
    conn.batch_execute(&format!(
        "CREATE TABLE IF NOT EXISTS {CATALOGUE} (
           name text COLLATE \"C\" PRIMARY KEY,
           title text NOT NULL,
           drawn text NOT NULL,
           geometry text,
           columns text NOT NULL
         )"
    ))?;
    Ok(())
}

/// Makes the table of a layer, empty.
pub(super) fn make(conn: &mut Conn, schema: &Schema) -> Result<(), StoreError> {
    if is_there(conn, &schema.name)? {
        return Err(table_is_there(&schema.name));
    }
    let table = quoted(&schema.name);
    let columns: String =
        schema.columns.iter().map(|c| format!("{} {}, ", quoted(&c.name), type_of(c.kind))).collect();
    let geometry = geometry_of(schema.drawn);
    conn.batch_execute(&format!(
        "CREATE TABLE {table} (fid bigint NOT NULL, gridbeat_region integer NOT NULL, {columns}\
         geom geometry({geometry}, 4490) NOT NULL, PRIMARY KEY (gridbeat_region, fid)); \
         CREATE INDEX ON {table} USING gist (geom)"
    ))?;
    Ok(())
}

/// Drops the table of a layer.
pub(super) fn remove(conn: &mut Conn, name: &str) -> Result<(), StoreError> {
    Ok(conn.batch_execute(&format!("DROP TABLE {}", quoted(name)))?)
}

/// Enters a layer into the catalogue, or anew.
pub(super) fn enter(conn: &mut Conn, schema: &Schema) -> Result<(), StoreError> {
    diesel::sql_query(format!(
        "INSERT INTO {CATALOGUE} (name, title, drawn, geometry, columns) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (name) DO UPDATE SET title = excluded.title, drawn = excluded.drawn, \
         geometry = excluded.geometry, columns = excluded.columns"
    ))
    .bind::<Text, _>(&schema.name)
    .bind::<Text, _>(&schema.title)
    .bind::<Text, _>(schema.drawn.as_str())
    .bind::<Nullable<Text>, _>(schema.geometry.as_deref())
    .bind::<Text, _>(columns_in(&schema.columns)?)
    .execute(conn)?;
    Ok(())
}
