//! Tables whose regions lie on several servers: what is different when `deploy/partitioned/home.sql` was run
//! in the database. That file's functions do the work; here they are called.
//!
//! The tables are partitioned by region, with foreign partitions on further servers; log and counters are at
//! home. Servers commit one after the other, home last. So that a reader never sees one server before a write
//! and another after it, whoever reads a cut asks first whether all agree.

use super::{Conn, begin};
use crate::{error::StoreError, verify::Finding};
use diesel::{
    QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{Array, BigInt, Bool, Integer, Text},
};
use gridbeat_onemap::record::Region;

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

/// Whether regions of this store may lie elsewhere.
pub(super) fn is_there(conn: &mut Conn) -> Result<bool, StoreError> {
    ask(conn, "to_regprocedure('gridbeat_agree()') IS NOT NULL")
}

/// Partitions tables that were just made, where that is wanted.
pub(super) fn make(conn: &mut Conn) -> Result<(), StoreError> {
    if is_there(conn)? {
        conn.batch_execute("SELECT gridbeat_partition()")?;
    }
    Ok(())
}

/// Whether every server is seen as of the same write. The first thing in a transaction whose reads repeat: it
/// also fixes the moment as of which each server is read.
pub(super) fn agree(conn: &mut Conn) -> Result<bool, StoreError> {
    ask(conn, "gridbeat_agree()")
}

/// Waits for whoever writes, then enters into the log what a write left behind that broke off.
pub(super) fn mend(conn: &mut Conn) -> Result<(), StoreError> {
    begin(conn, |conn| Ok(conn.batch_execute("SELECT gridbeat_mend()")?))
}

fn ask(conn: &mut Conn, what: &str) -> Result<bool, StoreError> {
    let asked = format!("SELECT {what} AS answer");
    Ok(diesel::sql_query(asked).get_result::<Answer>(conn)?.answer)
}

/// A condition that keeps a statement to some regions of the table called `t`, so that only their servers are
/// asked: ` AND t.region IN (3202)`.
pub(super) fn only(regions: impl IntoIterator<Item = Region>) -> String {
    let mut regions: Vec<u16> = regions.into_iter().map(|r| r.0).collect();
    regions.sort_unstable();
    regions.dedup();
    let list: Vec<String> = regions.iter().map(u16::to_string).collect();
    if list.is_empty() { " AND false".to_owned() } else { format!(" AND t.region IN ({})", list.join(", ")) }
}

#[derive(QueryableByName)]
struct Staged {
    #[diesel(sql_type = Integer)]
    region: i32,
}

/// The regions of what an import brought.
pub(super) fn staged(conn: &mut Conn) -> Result<Vec<Region>, StoreError> {
    let regions: Vec<Staged> = diesel::sql_query("SELECT DISTINCT region FROM stage").load(conn)?;
    // `rules::ready` has let no other in.
    Ok(regions.into_iter().filter_map(|s| u16::try_from(s.region).ok().map(Region)).collect())
}

/// Tells the planner of a table's rows: of those that are here.
pub(super) fn analyze(conn: &mut Conn, table: &str) -> Result<(), StoreError> {
    // Of a table over several servers it would fetch rows from all of them.
    Ok(conn.batch_execute(&format!(
        "DO $$ BEGIN IF to_regclass('{table}_home') IS NULL THEN ANALYZE {table}; ELSE ANALYZE {table}_home; END IF; END $$"
    ))?)
}

#[derive(QueryableByName)]
struct Torn {
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = Text)]
    layer: String,
    #[diesel(sql_type = Array<Integer>)]
    reached: Vec<i32>,
}

/// Names the writes over several servers of which only a part is there.
pub(super) fn inspect(conn: &mut Conn, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
    let torn: Vec<Torn> =
        diesel::sql_query("SELECT n, layer, reached FROM gridbeat_torn ORDER BY n").load(conn)?;
    for Torn { n, layer, reached } in torn {
        let reached: Vec<String> = reached.iter().map(i32::to_string).collect();
        let what = format!(
            "change {n}, an import into {layer} over several servers, broke off and was not acknowledged; it reached \
             the regions {} alone: import it again with --replace, then DELETE FROM gridbeat_torn WHERE n = {n}",
            reached.join(", ")
        );
        found(Finding::new("log", "servers", what));
    }
    Ok(())
}
