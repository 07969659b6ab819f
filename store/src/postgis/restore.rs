//! Everything of another store, taken in at once: see [`crate::Store::restore`].

use super::{
    Conn, copy, department,
    import::{self, Import},
    partition, stage, straight, take_turn,
};
use crate::{
    cut::Cut,
    error::StoreError,
    plan::ImportPlan,
    schema::{StoredChange, gridbeat_changes as changes, gridbeat_counters as counters},
    stored::{change_in, fid_in},
};
use diesel::{
    Connection, QueryableByName, RunQueryDsl, connection::SimpleConnection, prelude::*, sql_types::Bool,
};
use gridbeat_onemap::record::LayerKind;
use std::{cell::RefCell, io::Write};

/// Changes written by one statement.
const BATCH: usize = 500;

#[derive(QueryableByName)]
struct Empty {
    #[diesel(sql_type = Bool)]
    empty: bool,
}

pub(super) fn restore(conn: &mut Conn, from: &mut dyn Cut) -> Result<(), StoreError> {
    conn.transaction(|conn| {
        straight::take_import_turn(conn, LayerKind::Address)?;
        take_turn(conn)?;
        if !is_empty(conn)? {
            return Err(StoreError::NotEmpty);
        }
        for &layer in LayerKind::ALL {
            take_layer(conn, layer, from)?;
        }
        for layer in from.departments()? {
            department::restore(conn, &layer, from)?;
        }
        take_counters(conn, from)?;
        take_log(conn, from)
    })
}

fn is_empty(conn: &mut Conn) -> Result<bool, StoreError> {
    let tables = LayerKind::ALL.iter().map(|l| l.collection()).chain(["gridbeat_changes"]);
    let each: Vec<String> = tables.map(|t| format!("NOT EXISTS (SELECT 1 FROM {t})")).collect();
    let found: Empty =
        diesel::sql_query(format!("SELECT {} AS empty", each.join(" AND "))).get_result(conn)?;
    Ok(found.empty && department::all(conn)?.is_empty())
}

/// Through the stage, whose first column is the fid here.
fn take_layer(conn: &mut Conn, layer: LayerKind, from: &mut dyn Cut) -> Result<(), StoreError> {
    conn.batch_execute(&stage::definition(layer))?;
    let from = RefCell::new(from);
    import::copy_stage(conn, layer, &|out: &mut dyn Write| {
        let gone = |e| StoreError::unavailable("the database does not answer", e);
        let mut buffer = Vec::with_capacity(2 * import::CHUNK);
        buffer.extend(copy::HEADER);
        from.borrow_mut().rows(layer, &mut |kept| {
            copy::put_row(&mut buffer, fid_in(kept.fid()) as u64, &kept.to_row());
            if buffer.len() >= import::CHUNK {
                out.write_all(&buffer).map_err(gone)?;
                buffer.clear();
            }
            Ok(())
        })?;
        buffer.extend(copy::TRAILER);
        out.write_all(&buffer).map_err(gone)
    })?;
    let table = layer.collection();
    let columns = stage::names(layer);
    let plan = ImportPlan::add(layer);
    let mut work = Import { conn, plan: &plan, table, from: "stage", only: String::new() };
    let dropped = work.drop_costly()?;
    work.conn.batch_execute(&format!(
        "INSERT INTO {table} (fid, region, code, {columns}) SELECT ord, region, code, {columns} FROM stage ORDER BY ord; \
         DROP TABLE stage"
    ))?;
    partition::analyze(work.conn, table)?;
    work.make_all(dropped)
}

fn take_counters(conn: &mut Conn, from: &mut dyn Cut) -> Result<(), StoreError> {
    diesel::delete(counters::table).execute(conn)?;
    let given: Vec<_> = from
        .counters()?
        .into_iter()
        .map(|c| {
            (
                counters::name.eq(c.name),
                counters::region.eq(i32::from(c.region)),
                counters::last.eq(c.last as i64),
            )
        })
        .collect();
    for some in given.chunks(BATCH) {
        diesel::insert_into(counters::table).values(some).execute(conn)?;
    }
    Ok(())
}

fn take_log(conn: &mut Conn, from: &mut dyn Cut) -> Result<(), StoreError> {
    let mut some: Vec<StoredChange> = Vec::with_capacity(BATCH);
    from.changes(&mut |change| {
        some.push(change_in(&change));
        if some.len() == BATCH {
            diesel::insert_into(changes::table).values(std::mem::take(&mut some)).execute(conn)?;
        }
        Ok(())
    })?;
    if !some.is_empty() {
        diesel::insert_into(changes::table).values(some).execute(conn)?;
    }
    Ok(())
}
