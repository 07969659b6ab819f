//! Many rows in one statement of few parameters: an array for each column, which `unnest` makes rows of again.
//!
//! ```text
//! INSERT INTO incidents (fid, code) SELECT * FROM unnest({1, 2, 3}, {I1, I2, I3})
//! ```
//!
//! With a parameter for each value, as diesel writes a batch, PostgreSQL takes longer to read the statement than
//! to do it.

use super::Conn;
use crate::{columns::Moment, schema::StoredChange, stored::StoredIncident};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text},
};
use postgis_diesel::sql_types::Geometry;

/// A column of the rows.
fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// Puts incidents into their table.
///
/// # Errors
/// Those of the database, a code that is taken among them.
pub(super) fn insert_incidents(conn: &mut Conn, rows: &[StoredIncident]) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO incidents (fid, region, code, title, category, state, risk, source, reported_at, address, \
           placed, grid, beat, geom) \
         SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind::<Array<BigInt>, _>(column(rows, |r| r.fid))
    .bind::<Array<Integer>, _>(column(rows, |r| r.region))
    .bind::<Array<Text>, _>(column(rows, |r| r.code.as_str()))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |r| r.title.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |r| r.category.as_deref()))
    .bind::<Array<Text>, _>(column(rows, |r| r.state.as_str()))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |r| r.risk.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |r| r.source.as_deref()))
    .bind::<Array<Nullable<Moment>>, _>(column(rows, |r| r.reported_at))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |r| r.address.as_deref()))
    .bind::<Array<Bool>, _>(column(rows, |r| r.placed))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |r| r.grid.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |r| r.beat.as_deref()))
    .bind::<Array<Geometry>, _>(column(rows, |r| r.geom))
    .execute(conn)
}

/// Puts changes into the log.
///
/// # Errors
/// Those of the database.
pub(super) fn insert_changes(conn: &mut Conn, rows: &[StoredChange]) -> QueryResult<usize> {
    diesel::sql_query(
        "INSERT INTO gridbeat_changes (n, region, layer, op, fid, grid, beat, min_lon, min_lat, max_lon, max_lat, \
           at, row_count) \
         SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind::<Array<BigInt>, _>(column(rows, |r| r.n))
    .bind::<Array<Integer>, _>(column(rows, |r| r.region))
    .bind::<Array<Text>, _>(column(rows, |r| r.layer.as_str()))
    .bind::<Array<Text>, _>(column(rows, |r| r.op.as_str()))
    .bind::<Array<Nullable<BigInt>>, _>(column(rows, |r| r.fid))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |r| r.grid.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |r| r.beat.as_deref()))
    .bind::<Array<Nullable<Integer>>, _>(column(rows, |r| r.min_lon))
    .bind::<Array<Nullable<Integer>>, _>(column(rows, |r| r.min_lat))
    .bind::<Array<Nullable<Integer>>, _>(column(rows, |r| r.max_lon))
    .bind::<Array<Nullable<Integer>>, _>(column(rows, |r| r.max_lat))
    .bind::<Array<Moment>, _>(column(rows, |r| r.at))
    .bind::<Array<BigInt>, _>(column(rows, |r| r.row_count))
    .execute(conn)
}
