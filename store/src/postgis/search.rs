//! Addresses by a piece of their text, with the index of `pg_trgm`.

use super::Conn;
use crate::{columns::Place, error::StoreError, search::Hits, store::AddressHit, stored::fid_out};
use diesel::{
    QueryableByName, RunQueryDsl,
    pg::PgRowByRowLoadingMode,
    sql_types::{BigInt, Text},
};
use gridbeat_onemap::record::LayerKind;
use postgis_diesel::sql_types::Geometry;

/// Rows looked at in a search at most.
const LOOKED_AT: i64 = 50_000;

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
pub(super) fn search(conn: &mut Conn, text: &str, limit: usize) -> Result<Vec<AddressHit>, StoreError> {
    let Some(mut hits) = Hits::new(text, limit) else {
        return Ok(Vec::new());
    };
    let pattern = format!("%{}%", escaped(hits.wanted()));
    let rows = diesel::sql_query("SELECT fid, code, text, geom FROM addresses WHERE text ILIKE $1 LIMIT $2")
        .bind::<Text, _>(pattern)
        .bind::<BigInt, _>(LOOKED_AT)
        .load_iter::<Candidate, PgRowByRowLoadingMode>(conn)?;
    for row in rows {
        let Candidate { fid, code, text, geom } = row?;
        let hit = || {
            let fid = fid_out(LayerKind::Address, fid)?;
            Ok::<_, StoreError>(AddressHit { fid, code, text: text.clone(), at: geom.0 })
        };
        if !hits.offer(&text, hit)? {
            break;
        }
    }
    Ok(hits.best())
}

/// A text as a pattern of LIKE that means just itself.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
