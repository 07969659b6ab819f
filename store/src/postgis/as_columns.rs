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

/// The last number given under a name.
pub(super) struct Counter {
    pub(super) name: &'static str,
    pub(super) region: i32,
    pub(super) last: i64,
}

/// A column of the rows.
fn column<'a, R, T>(rows: &'a [R], value: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// Writes new incidents, their changes and the counters, and wakes whoever waits for changes (one word is enough:
/// they read the log as far as it goes). One statement, since each further one is another way to the server and
/// back while all others wait.
///
/// # Errors
/// Those of the database, a code that is taken among them.
pub(super) fn insert_created(
    conn: &mut Conn,
    rows: &[StoredIncident],
    log: &[StoredChange],
    counters: &[Counter],
) -> QueryResult<()> {
    let newest = log.iter().map(|c| c.n).max().unwrap_or_default();
    diesel::sql_query(
        "WITH kept AS ( \
           INSERT INTO incidents (fid, region, code, title, category, state, risk, source, reported_at, address, \
             placed, grid, beat, geom) \
           SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)), \
         logged AS ( \
           INSERT INTO gridbeat_changes (n, region, layer, op, fid, grid, beat, min_lon, min_lat, max_lon, max_lat, \
             at, row_count) \
           SELECT * FROM unnest($15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)), \
         counted AS ( \
           INSERT INTO gridbeat_counters (name, region, last) SELECT * FROM unnest($28, $29, $30) \
           ON CONFLICT (name, region) DO UPDATE SET last = excluded.last) \
         SELECT pg_notify('gridbeat', $31)",
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
    .bind::<Array<BigInt>, _>(column(log, |c| c.n))
    .bind::<Array<Integer>, _>(column(log, |c| c.region))
    .bind::<Array<Text>, _>(column(log, |c| c.layer.as_str()))
    .bind::<Array<Text>, _>(column(log, |c| c.op.as_str()))
    .bind::<Array<Nullable<BigInt>>, _>(column(log, |c| c.fid))
    .bind::<Array<Nullable<Text>>, _>(column(log, |c| c.grid.as_deref()))
    .bind::<Array<Nullable<Text>>, _>(column(log, |c| c.beat.as_deref()))
    .bind::<Array<Nullable<Integer>>, _>(column(log, |c| c.min_lon))
    .bind::<Array<Nullable<Integer>>, _>(column(log, |c| c.min_lat))
    .bind::<Array<Nullable<Integer>>, _>(column(log, |c| c.max_lon))
    .bind::<Array<Nullable<Integer>>, _>(column(log, |c| c.max_lat))
    .bind::<Array<Moment>, _>(column(log, |c| c.at))
    .bind::<Array<BigInt>, _>(column(log, |c| c.row_count))
    .bind::<Array<Text>, _>(column(counters, |c| c.name))
    .bind::<Array<Integer>, _>(column(counters, |c| c.region))
    .bind::<Array<BigInt>, _>(column(counters, |c| c.last))
    .bind::<Text, _>(newest.to_string())
    .execute(conn)
    .map(drop)
}
