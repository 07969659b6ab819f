//! Everything of another store, taken in at once: see [`crate::Store::restore`].

use super::{
    CONTENTS,
    bulk::Insert,
    department,
    import::{bounds_of, drop_triggers},
    rtree, texts,
};
use crate::{
    columns::Time,
    cut::Cut,
    error::StoreError,
    rules,
    stored::{change_in, fid_in},
};
use gridbeat_onemap::{
    e7::Bounds,
    record::{Change, LayerKind},
};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

pub(super) fn restore(conn: &mut Connection, from: &mut dyn Cut) -> Result<(), StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !is_empty(&tx)? {
        return Err(StoreError::NotEmpty);
    }
    for &layer in LayerKind::ALL {
        take_layer(&tx, layer, from)?;
    }
    for layer in from.departments()? {
        department::restore(&tx, &layer, from)?;
    }
    texts::rebuild(&tx)?;
    tx.execute_batch("DELETE FROM gridbeat_address_stale; DELETE FROM gridbeat_counters")?;
    for counter in from.counters()? {
        tx.execute(
            "INSERT INTO gridbeat_counters VALUES (?1, ?2, ?3)",
            params![counter.name, counter.region, counter.last as i64],
        )?;
    }
    from.changes(&mut |change| put_change(&tx, &change))?;
    Ok(tx.commit()?)
}

/// Whether nothing was ever written to the store.
fn is_empty(tx: &Transaction<'_>) -> Result<bool, StoreError> {
    let mut found = tx.query_row("SELECT count(*) FROM gridbeat_changes", [], |r| r.get::<_, i64>(0))?;
    found += department::all(tx)?.len() as i64;
    for layer in LayerKind::ALL {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", layer.collection());
        found += tx.query_row(&sql, [], |r| r.get::<_, i64>(0))?;
    }
    Ok(found == 0)
}

fn take_layer(tx: &Transaction<'_>, layer: LayerKind, from: &mut dyn Cut) -> Result<(), StoreError> {
    let table = layer.collection();
    let triggers = drop_triggers(tx, table)?;
    let mut insert = Insert::new(tx, layer)?;
    let mut extent = Bounds::EMPTY;
    from.rows(layer, &mut |kept| {
        let row = kept.to_row();
        extent = extent.join(bounds_of(&row));
        if insert.put(kept.fid(), rules::code_of(&row), &row)? {
            return Ok(());
        }
        let reason = format!("“{}” stands twice in {table}: expected each code once", rules::code_of(&row));
        Err(StoreError::BadRow { field: "code", reason })
    })?;
    drop(insert);
    if layer != LayerKind::Resident {
        rtree::pack(tx, table)?;
    }
    triggers.iter().try_for_each(|sql| tx.execute_batch(sql))?;
    if !extent.is_empty() {
        let (min, max) = (extent.min, extent.max);
        tx.execute(
            CONTENTS,
            params![min.lon_degrees(), min.lat_degrees(), max.lon_degrees(), max.lat_degrees(), table],
        )?;
    }
    Ok(())
}

/// Writes an entry of the log with the number that it has.
pub(super) fn put_change(tx: &Transaction<'_>, change: &Change) -> Result<(), StoreError> {
    let s = change_in(change);
    tx.prepare_cached(
        "INSERT INTO gridbeat_changes (n, region, layer, op, fid, grid, beat, min_lon, min_lat, max_lon, max_lat, \
         at, row_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        s.n,
        s.region,
        s.layer,
        s.op,
        change.fid.map(fid_in),
        s.grid,
        s.beat,
        s.min_lon,
        s.min_lat,
        s.max_lon,
        s.max_lat,
        Time(change.at).text(),
        s.row_count
    ])?;
    Ok(())
}
