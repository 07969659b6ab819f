//! Addresses by a piece of their text.
//!
//! The index knows every run of three characters. A text of three or more is cut into such runs; an
//! address that has all of them is a candidate, and its text decides. For one or two characters the
//! index is asked which runs begin with them; an address that ends in them is found only by looking, as
//! far as [`LOOKED_AT`] rows go.

use super::blob;
use crate::{error::StoreError, search::Hits, store::AddressHit, stored::fid_out};
use gridbeat_onemap::{e7::Bounds, record::LayerKind};
use rusqlite::{Connection, Row, ToSql, params};

/// Rows looked at in a search at most, so that no text costs more than some tens of milliseconds.
const LOOKED_AT: i64 = 50_000;
/// Candidates in a search within a box: the index names them, few are looked at.
const IN_A_BOX: i64 = 1_000_000;
/// Runs that a short text may begin.
const RUNS: i64 = 200;
/// Runs of a long text that the index is asked for.
const ASKED: usize = 8;
/// Characters of a run.
const RUN: usize = 3;

/// Finds; see [`crate::Store::search_addresses`].
pub(super) fn search(
    conn: &mut Connection,
    text: &str,
    limit: usize,
    bbox: Option<Bounds>,
) -> Result<Vec<AddressHit>, StoreError> {
    let mut hits = Hits::new(text, limit, bbox);
    if hits.is_pointless() {
        return Ok(Vec::new());
    }
    let tx = conn.transaction()?;
    let letters: Vec<char> = hits.wanted().chars().collect();
    let question = if letters.len() >= RUN {
        // The last runs of an address (street, number) are rarer than the first (province, city), and a
        // few of them say enough; the text decides.
        let runs = letters.windows(RUN).rev().take(ASKED);
        runs.map(|run| quoted(&run.iter().collect::<String>())).collect::<Vec<_>>().join(" AND ")
    } else {
        let mut runs = tx.prepare_cached(
            "SELECT term FROM gridbeat_address_terms WHERE term >= ?1 AND term < ?2 LIMIT ?3",
        )?;
        let end = format!("{}\u{10ffff}", hits.wanted());
        let found = runs.query_map(params![hits.wanted(), end, RUNS], |r| r.get::<_, String>(0))?;
        found.map(|run| run.map(|r| quoted(&r))).collect::<Result<Vec<_>, _>>()?.join(" OR ")
    };
    if !question.is_empty() {
        // A box is cut first: it may hold few of many candidates.
        let boxed = if bbox.is_some() {
            "fid IN (SELECT id FROM rtree_addresses_geom WHERE minx <= :e AND maxx >= :w AND miny <= :n AND maxy >= :s) AND"
        } else {
            ""
        };
        let mut candidates = tx.prepare_cached(&format!(
            "SELECT fid, code, text, geom FROM addresses WHERE {boxed} fid IN \
             (SELECT rowid FROM gridbeat_address_text WHERE gridbeat_address_text MATCH :text LIMIT :most)",
        ))?;
        let sides = bbox
            .map(|b| [b.min.lon_degrees(), b.min.lat_degrees(), b.max.lon_degrees(), b.max.lat_degrees()]);
        // In a box more candidates may have to be passed over before one lies in it.
        let most = if sides.is_some() { IN_A_BOX } else { LOOKED_AT };
        let mut named: Vec<(&str, &dyn ToSql)> = vec![(":text", &question), (":most", &most)];
        if let Some([w, s, e, n]) = &sides {
            named.extend([(":w", w as &dyn ToSql), (":s", s), (":e", e), (":n", n)]);
        }
        let mut rows = candidates.query(named.as_slice())?;
        while let Some(row) = rows.next()? {
            if !offer(&mut hits, row)? {
                break;
            }
        }
    }
    if letters.len() < RUN && !hits.is_full() {
        let mut first =
            tx.prepare_cached("SELECT fid, code, text, geom FROM addresses ORDER BY fid LIMIT ?1")?;
        let mut rows = first.query([LOOKED_AT])?;
        while let Some(row) = rows.next()? {
            if !offer(&mut hits, row)? {
                break;
            }
        }
    }
    Ok(hits.best())
}

/// Offers a row; whether more are wanted.
fn offer(hits: &mut Hits, row: &Row<'_>) -> Result<bool, StoreError> {
    let fid: i64 = row.get(0)?;
    let damaged = |field, e: &dyn std::fmt::Display| StoreError::damaged(LayerKind::Address, fid, field, e);
    let text = row.get_ref(2)?.as_str().map_err(|e| damaged("text", &e))?;
    let Some(rank) = hits.rank(text) else {
        return Ok(true);
    };
    let geom = row.get_ref(3)?.as_blob().map_err(|e| damaged("geom", &e))?;
    let at = blob::read_point(geom)
        .map_err(|e| damaged("geom", &e))?
        .ok_or_else(|| damaged("geom", &"it is empty"))?;
    let code = row.get_ref(1)?.as_str().map_err(|e| damaged("code", &e))?.to_owned();
    let fid = fid_out(LayerKind::Address, fid)?;
    Ok(hits.offer(rank, AddressHit { fid, code, text: text.to_owned(), at }))
}

/// A run as a word of an FTS5 question; whatever is in it is text.
fn quoted(run: &str) -> String {
    format!("\"{}\"", run.replace('"', "\"\""))
}
