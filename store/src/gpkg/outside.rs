//! Edits by other programs (QGIS, ogr2ogr): noticed, looked at, and taken in as one change, or refused.
//!
//! Triggers count them, layer by layer. A layer that was edited is read as a whole; if every row is one that
//! an import would have taken, the edits become an entry of the log, which every node follows. If not, nothing
//! happens but that the first row at fault is named; nodes go on with what they have, until the row is mended.

use super::{counts, import::append_change, read};
use crate::{error::StoreError, rules, stored::fid_in};
use gridbeat_onemap::record::{Change, LayerKind, Op, Region};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::{borrow::Cow, collections::BTreeMap};

/// Edits by layer that were looked at and refused: they are not looked at again until there are more.
pub(super) type Refused = BTreeMap<LayerKind, Refusal>;

/// Why a layer's edits were refused.
pub(super) struct Refusal {
    edits: i64,
    layer: Cow<'static, str>,
    fid: i64,
    field: Cow<'static, str>,
    reason: String,
}

impl Refusal {
    /// The same as an error.
    pub(super) fn error(&self) -> StoreError {
        let Self { layer, fid, field, reason, .. } = self;
        StoreError::Damaged { layer: layer.clone(), fid: *fid, field: field.clone(), reason: reason.clone() }
    }
}

/// Whether there is anything that was neither taken in nor refused.
pub(super) fn is_any(conn: &Connection, refused: &Refused) -> Result<bool, StoreError> {
    Ok(edits(conn)?.iter().any(|(layer, n)| !is_refused(refused, *layer, *n)))
}

fn is_refused(refused: &Refused, layer: LayerKind, edits: i64) -> bool {
    refused.get(&layer).is_some_and(|r| r.edits == edits)
}

fn edits(conn: &Connection) -> Result<BTreeMap<LayerKind, i64>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT layer, edits FROM gridbeat_outside WHERE edits > 0")?;
    let found = statement
        .query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().filter_map(|(layer, n)| Some((layer.parse().ok()?, n))).collect())
}

/// Takes in what can be taken in.
///
/// # Errors
/// [`StoreError::Damaged`] for the first row that cannot and was not yet told of; other layers' edits were taken in.
pub(super) fn take_in(conn: &mut Connection, refused: &mut Refused) -> Result<(), StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut fault = None;
    let edits = edits(&tx)?;
    refused.retain(|layer, _| edits.contains_key(layer));
    for (layer, n) in edits {
        if is_refused(refused, layer, n) {
            continue;
        }
        match look(&tx, layer) {
            Ok(()) => {
                refused.remove(&layer);
                log(&tx, layer, n)?;
            }
            Err(StoreError::Damaged { layer: name, fid, field, reason }) => {
                let refusal = Refusal { edits: n, layer: name, fid, field, reason };
                fault = fault.or_else(|| Some(refusal.error()));
                refused.insert(layer, refusal);
            }
            Err(e) => return Err(e),
        }
    }
    tx.commit()?;
    fault.map_or(Ok(()), Err)
}

/// Reads a layer as an import would.
fn look(tx: &Transaction<'_>, layer: LayerKind) -> Result<(), StoreError> {
    read::each(tx, layer, &mut |kept| {
        let (fid, mut row) = (kept.fid(), kept.to_row());
        let damaged = |field, reason: String| Err(StoreError::damaged(layer, fid_in(fid), field, reason));
        if rules::region_of(&row) != fid.region() || fid.sequence() == 0 {
            let reason = format!("the id is not region {} · 2³² + sequence", rules::region_of(&row).0);
            return damaged("fid", reason);
        }
        if rules::code_of(&row).is_empty() {
            return damaged("code", "there is none: expected a code".to_owned());
        }
        if let Err((field, reason)) = rules::ready(layer, &mut row) {
            return damaged(field, reason);
        }
        Ok(())
    })
}

/// Makes the edits of a layer a change like an import.
fn log(tx: &Transaction<'_>, layer: LayerKind, edits: i64) -> Result<(), StoreError> {
    if layer == LayerKind::Resident {
        counts::recount(tx)?;
    }
    append_change(
        tx,
        &mut Change {
            n: 0,
            region: Region(0),
            layer: layer.into(),
            op: Op::Import,
            fid: None,
            grid: None,
            beat: None,
            // What went may have been anywhere.
            bbox: None,
            at: rules::now(),
            rows: edits as u64,
        },
    )?;
    tx.execute("DELETE FROM gridbeat_outside WHERE layer = ?1", params![layer.as_str()])?;
    Ok(())
}
