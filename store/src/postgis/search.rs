//! Addresses by a piece of their text, with the index of `pg_trgm`. It knows runs of three characters;
//! for one or two only the first [`LOOKED_AT`] rows are looked at.

use super::Conn;
use crate::{columns::Place, error::StoreError, search::Hits, store::AddressHit, stored::fid_out};
use diesel::{
    QueryableByName, RunQueryDsl,
    pg::PgRowByRowLoadingMode,
    sql_types::{BigInt, Double, Text},
};
use gridbeat_onemap::{e7::Bounds, record::LayerKind};
use postgis_diesel::sql_types::Geometry;

/// Rows looked at in a search at most.
const LOOKED_AT: i64 = 50_000;
/// Characters from which on the index helps.
const RUN: usize = 3;

#[derive(QueryableByName)]
struct Candidate {
    #[diesel(sql_type = BigInt)]
    fid: i64,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Geometry)]
    geom: Place,
}

/// Finds; see [`crate::Store::search_addresses`].
pub(super) fn search(
    conn: &mut Conn,
    text: &str,
    limit: usize,
    bbox: Option<Bounds>,
) -> Result<Vec<AddressHit>, StoreError> {
    let mut hits = Hits::new(text, limit, bbox);
    if hits.is_pointless() {
        return Ok(Vec::new());
    }
    let boxed = if bbox.is_some() { " AND geom && ST_MakeEnvelope($3, $4, $5, $6, 4490)" } else { "" };
    let sql = if hits.wanted().chars().count() >= RUN {
        format!("SELECT fid, code, text, geom FROM addresses WHERE text ILIKE $1{boxed} LIMIT $2")
    } else {
        // $1 is looked at outside: within, it would make the limit one of hits rather than of work.
        format!(
            "SELECT fid, code, text, geom FROM (SELECT fid, code, text, geom FROM addresses WHERE true{boxed} \
             ORDER BY region, fid LIMIT $2) AS first WHERE text ILIKE $1"
        )
    };
    let pattern = format!("%{}%", escaped(hits.wanted()));
    let query = diesel::sql_query(sql).bind::<Text, _>(pattern).bind::<BigInt, _>(LOOKED_AT);
    let mut offer = |row: diesel::QueryResult<Candidate>| -> Result<bool, StoreError> {
        let c = row?;
        let Some(rank) = hits.rank(&c.text) else {
            return Ok(true);
        };
        let fid = fid_out(LayerKind::Address, c.fid)?;
        Ok(hits.offer(rank, AddressHit { fid, code: c.code, text: c.text, at: c.geom.0 }))
    };
    match bbox {
        Some(b) => {
            let query = query
                .bind::<Double, _>(b.min.lon_degrees())
                .bind::<Double, _>(b.min.lat_degrees())
                .bind::<Double, _>(b.max.lon_degrees())
                .bind::<Double, _>(b.max.lat_degrees());
            for row in query.load_iter::<Candidate, PgRowByRowLoadingMode>(conn)? {
                if !offer(row)? {
                    break;
                }
            }
        }
        None => {
            for row in query.load_iter::<Candidate, PgRowByRowLoadingMode>(conn)? {
                if !offer(row)? {
                    break;
                }
            }
        }
    }
    Ok(hits.best())
}

/// A text as a pattern of LIKE that means just itself.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
