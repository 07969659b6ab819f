//! Addresses by a piece of their text. The index knows every run of three characters; an address that has all
//! those of the piece is a candidate, and its text decides.

use super::blob;
use crate::{
    error::StoreError,
    search::{Hits, SHORTEST_SEARCH},
    store::AddressHit,
    stored::fid_out,
};
use gridbeat_onemap::record::LayerKind;
use rusqlite::{Connection, Row, params};

/// Candidates looked at in a search at most, so that no text costs more than some tens of milliseconds.
const LOOKED_AT: i64 = 50_000;

/// Finds; see [`crate::Store::search_addresses`].
pub(super) fn search(conn: &Connection, text: &str, limit: usize) -> Result<Vec<AddressHit>, StoreError> {
    let Some(mut hits) = Hits::new(text, limit) else {
        return Ok(Vec::new());
    };
    // All runs: which of them are rare only the index knows, and common ones beside a rare one cost little.
    let letters: Vec<char> = hits.wanted().chars().collect();
    let mut runs: Vec<&[char]> = letters.windows(SHORTEST_SEARCH).collect();
    runs.sort_unstable();
    runs.dedup();
    let runs: Vec<String> = runs.into_iter().map(|run| quoted(&run.iter().collect::<String>())).collect();
    // The index leads, one candidate after the other: common pieces are found before it has gone far.
    let mut candidates = conn.prepare_cached(
        "SELECT a.fid, a.code, a.text, a.geom FROM gridbeat_address_text AS t \
         CROSS JOIN addresses AS a ON a.fid = t.rowid WHERE t.gridbeat_address_text MATCH ?1 LIMIT ?2",
    )?;
    let mut rows = candidates.query(params![runs.join(" AND "), LOOKED_AT])?;
    while let Some(row) = rows.next()? {
        if !offer(&mut hits, row)? {
            break;
        }
    }
    Ok(hits.best())
}

/// Offers a row; whether more are wanted.
fn offer(hits: &mut Hits, row: &Row<'_>) -> Result<bool, StoreError> {
    let fid: i64 = row.get(0)?;
    let damaged = |field, e: &dyn std::fmt::Display| StoreError::damaged(LayerKind::Address, fid, field, e);
    let text = row.get_ref(2)?.as_str().map_err(|e| damaged("text", &e))?;
    hits.offer(text, || {
        let geom = row.get_ref(3)?.as_blob().map_err(|e| damaged("geom", &e))?;
        let at = blob::read_point(geom)
            .map_err(|e| damaged("geom", &e))?
            .ok_or_else(|| damaged("geom", &"it is empty"))?;
        let code = row.get_ref(1)?.as_str().map_err(|e| damaged("code", &e))?.to_owned();
        Ok(AddressHit { fid: fid_out(LayerKind::Address, fid)?, code, text: text.to_owned(), at })
    })
}

/// A run as a word of an FTS5 question; whatever is in it is text.
fn quoted(run: &str) -> String {
    format!("\"{}\"", run.replace('"', "\"\""))
}
