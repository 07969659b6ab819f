//! One feature, one transaction.

use super::{
    super::{CONTENTS, import::append_change},
    import::{Insert, last_given},
    read,
};
use crate::{
    department::{change_of_feature, check_same, quoted, ready_alone},
    error::StoreError,
    rules,
    store::FeatureEdit,
    stored::fid_in,
};
use gridbeat_onemap::{
    department::{FeatureRow, Schema},
    record::{Change, Fid, Placed},
};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

/// Keeps a new feature; see [`crate::Store::create_feature`].
pub(in super::super) fn create(
    conn: &mut Connection,
    schema: &Schema,
    mut row: FeatureRow,
    placed: Placed,
) -> Result<(FeatureRow, Change), StoreError> {
    let tx = begin(conn, schema)?;
    ready_alone(schema, &mut row)?;
    let last = last_given(&tx, schema, row.region)?;
    let sequence = last.checked_add(1).ok_or_else(|| rules::region_full(row.region))?;
    row.fid = Fid::new(row.region, sequence);
    put(&tx, schema, &row)?;
    tx.execute(
        "INSERT INTO gridbeat_counters VALUES (?1, ?2, ?3) \
         ON CONFLICT (name, region) DO UPDATE SET last = excluded.last",
        params![schema.name, row.region.0, sequence],
    )?;
    let change = log(&tx, schema, None, Some(&row), placed)?;
    tx.commit()?;
    Ok((row, change))
}

/// Changes or deletes one; see [`crate::Store::edit_feature`].
pub(in super::super) fn edit(
    conn: &mut Connection,
    schema: &Schema,
    fid: Fid,
    decide: &mut dyn FnMut(&FeatureRow) -> FeatureEdit,
) -> Result<Option<(Option<FeatureRow>, Change)>, StoreError> {
    let tx = begin(conn, schema)?;
    let old = read::feature(&tx, schema, fid)?.ok_or(StoreError::NotFound)?;
    let (new, placed) = match decide(&old) {
        FeatureEdit::Keep => return Ok(None),
        FeatureEdit::Delete(placed) => (None, placed),
        FeatureEdit::Replace(row, placed) => {
            let mut row = FeatureRow { fid: old.fid, region: old.region, ..row };
            ready_alone(schema, &mut row)?;
            (Some(row), placed)
        }
    };
    // The row goes and comes again, so that what it is made of stands in one place: `Insert`.
    tx.execute(&format!("DELETE FROM {} WHERE fid = ?1", quoted(&schema.name)), [fid_in(fid)])?;
    if let Some(row) = &new {
        put(&tx, schema, row)?;
    }
    let change = log(&tx, schema, Some(&old), new.as_ref(), placed)?;
    tx.commit()?;
    Ok(Some((new, change)))
}

/// A transaction that writes into a layer with these columns.
fn begin<'c>(conn: &'c mut Connection, schema: &Schema) -> Result<Transaction<'c>, StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    check_same(read::schema(&tx, &schema.name)?.as_ref(), schema)?;
    Ok(tx)
}

/// Puts a row into its table; the table's triggers put it into the R-tree.
fn put(tx: &Transaction<'_>, schema: &Schema, row: &FeatureRow) -> Result<(), StoreError> {
    Insert::new(tx, schema, (0..schema.columns.len()).collect())?.put(row.fid, row)?;
    let b = row.drawing.bounds();
    tx.execute(
        CONTENTS,
        params![
            b.min.lon_degrees(),
            b.min.lat_degrees(),
            b.max.lon_degrees(),
            b.max.lat_degrees(),
            schema.name
        ],
    )?;
    Ok(())
}

fn log(
    tx: &Transaction<'_>,
    schema: &Schema,
    old: Option<&FeatureRow>,
    new: Option<&FeatureRow>,
    placed: Placed,
) -> Result<Change, StoreError> {
    let mut change = change_of_feature(&schema.name, old, new, placed).ok_or(StoreError::NotFound)?;
    append_change(tx, &mut change)?;
    Ok(change)
}
