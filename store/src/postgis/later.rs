//! Indexes that are made after an import was committed.
//!
//! Those over a city's addresses take longer than all else of their import, and PostgreSQL makes each of them in one
//! process. Once the rows are committed every connection sees them, so several make one each, while others read and
//! search: without the index, slowly. What is to be made is written down in the import's transaction. The import
//! returns when all is made; what one leaves behind that is killed, the next to open the store makes.

use super::{Conn, import};
use crate::{error::StoreError, shelf::Shelf};
use diesel::{
    Connection, OptionalExtension, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{Bool, Text},
};
use std::thread;

/// Connections that make indexes at the same time.
const AT_ONCE: usize = 2;

/// What begins the keys under which indexes stand in `gridbeat_meta`.
const NOTED: &str = "key LIKE 'index %'";

#[derive(QueryableByName)]
struct Noted {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

/// Notes an index that is to be made after the commit.
pub(super) fn note(conn: &mut Conn, name: &str, made: &str) -> Result<(), StoreError> {
    diesel::sql_query(
        // Somebody may make it by hand before.
        "INSERT INTO gridbeat_meta VALUES ('index ' || $1, regexp_replace($2, '^CREATE INDEX', 'CREATE INDEX IF NOT EXISTS')) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind::<Text, _>(name)
    .bind::<Text, _>(made)
    .execute(conn)?;
    Ok(())
}

/// Makes what is noted, and returns when all is made. The rows are safe by now and search is right without, so what
/// goes wrong is no error of the import: the next to open the store tries again.
pub(super) fn make(connections: &Shelf<Conn>) {
    let work = || {
        let _ = connections.with(make_each);
    };
    thread::scope(|threads| {
        (1..AT_ONCE).for_each(|_| {
            threads.spawn(work);
        });
        work();
    });
    // Somebody who opened the store meanwhile may have taken one.
    let _ = connections.with(|conn| {
        while is_left(conn)? {
            conn.transaction::<_, StoreError, _>(|conn| {
                patiently(conn)?;
                Ok(conn.batch_execute(&format!("SELECT key FROM gridbeat_meta WHERE {NOTED} FOR UPDATE"))?)
            })?;
            make_each(conn)?;
        }
        Ok(())
    });
}

/// Makes what was left behind and nobody is making now.
pub(super) fn make_left(conn: &mut Conn) -> Result<(), StoreError> {
    // Whoever may only read is not to fail for asking.
    if is_left(conn)? { make_each(conn) } else { Ok(()) }
}

fn is_left(conn: &mut Conn) -> Result<bool, StoreError> {
    let asked = format!("SELECT EXISTS (SELECT 1 FROM gridbeat_meta WHERE {NOTED}) AS answer");
    Ok(diesel::sql_query(asked).get_result::<Answer>(conn)?.answer)
}

/// The names of those that are still to be made.
pub(super) fn left(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let asked = format!("SELECT substr(key, 7) AS key, value FROM gridbeat_meta WHERE {NOTED} ORDER BY key");
    let noted: Vec<Noted> = diesel::sql_query(asked).load(conn)?;
    Ok(noted.into_iter().map(|n| n.key).collect())
}

/// Makes one after the other of those that nobody is making.
fn make_each(conn: &mut Conn) -> Result<(), StoreError> {
    // The longest first: that over the text of addresses. Whose row is locked, that one is being made.
    let next = format!(
        "SELECT key, value FROM gridbeat_meta WHERE {NOTED} ORDER BY value LIKE '% USING gin %' DESC, key LIMIT 1 \
         FOR UPDATE SKIP LOCKED"
    );
    while conn.transaction::<_, StoreError, _>(|conn| {
        patiently(conn)?;
        let Some(Noted { key, value }) = diesel::sql_query(&next).get_result(conn).optional()? else {
            return Ok(false);
        };
        conn.batch_execute(&value)?;
        diesel::sql_query("DELETE FROM gridbeat_meta WHERE key = $1").bind::<Text, _>(key).execute(conn)?;
        Ok(true)
    })? {}
    Ok(())
}

/// There is nobody to give an answer to: writers who hold the table are waited for.
fn patiently(conn: &mut Conn) -> Result<(), StoreError> {
    conn.batch_execute(import::ROOM)?;
    Ok(conn.batch_execute("SET LOCAL lock_timeout = 0")?)
}
