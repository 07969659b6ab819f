//! The first rows of a layer that comes by the million, copied straight into its table.
//!
//! ```text
//! rows ─ready, numbered, COPY→ table without keys → keys → (our turn) → counts of residents → change n → commit
//! ```
//!
//! Nothing is there that a row could collide with or replace, so rows are numbered as they come, which
//! spares writing each of them twice. What that rests on is found out by making the keys: where a code comes twice
//! they cannot be made, and what was copied goes on through the stage, by which such rows are told.
//!
//! From the first row on whoever reads this table waits, and nobody else does: writers go on.

use super::{
    Conn, copy,
    import::{self, Import, copy_into, copying},
    indexes::{Costly, Dropped},
    stage,
};
use crate::{
    error::StoreError,
    plan::Imported,
    rules,
    schema::{addresses, residents},
    store::NextRow,
};
use diesel::{
    Connection, ExecuteCopyFromDsl, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    result::{DatabaseErrorKind, Error as DieselError},
    sql_types::{Array, BigInt, Bool, Integer, Text},
};
use gridbeat_onemap::{
    e7::Bounds,
    record::{Fid, LayerKind, Region, Row},
};
use std::{cell::RefCell, collections::BTreeMap, io::Write};

/// Imports that copy straight into a table hold its lock while rows come, and only then wait for their turn. Whoever
/// has the turn must never wait for them: imports of the layers that read each other's tables take this first. The
/// key of an advisory lock ("GRIDROWS" in ASCII).
const IMPORT_LOCK: i64 = 0x4752_4944_524f_5753;
/// Places noted at which numbers of rows and sequence numbers part (16 bytes each): rows of many regions that come
/// mixed go through the stage from there on, so that memory stays bounded.
const MOST_RUNS: usize = 1 << 16;

/// Waits until no other import of addresses or residents is under way.
pub(super) fn take_import_turn(conn: &mut Conn, layer: LayerKind) -> Result<(), StoreError> {
    if matches!(layer, LayerKind::Address | LayerKind::Resident) {
        conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({IMPORT_LOCK})"))?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = Integer)]
    region: i32,
    #[diesel(sql_type = BigInt)]
    last: i64,
}

/// What became of the rows.
pub(super) enum Came {
    /// They are in the table, with its keys.
    Kept(Numbering, Dropped),
    /// They are in the stage: so many rows were handed out.
    Staged(u64, Dropped),
}

/// Whether rows of an import may go straight into the table: no row ever was in its file. (That it is empty would not
/// be enough: a reader of an earlier state may still look at rows that are gone since.)
fn may_go(conn: &mut Conn, layer: LayerKind) -> Result<bool, StoreError> {
    if !matches!(layer, LayerKind::Address | LayerKind::Resident) {
        return Ok(false);
    }
    let sql = format!("SELECT pg_relation_size('{}') = 0 AS answer", layer.collection());
    Ok(diesel::sql_query(sql).get_result::<Answer>(conn)?.answer)
}

/// Copies; `work` is of the import whose turn among imports it is.
pub(super) fn copy_rows(
    work: &mut Import<'_>,
    rows: &mut NextRow<'_>,
    refuse: &mut dyn FnMut(u64, rules::Fault),
) -> Result<Came, StoreError> {
    let (layer, table) = (work.plan.layer, work.table);
    let mut dropped = work.drop_costly()?;
    // Whatever undoes the import takes away a file of its own, and leaves none of the rows in the table's.
    work.conn.batch_execute(&format!("TRUNCATE {table}"))?;
    let mut numbering = Numbering::after(last_numbers(work.conn, table)?);
    let all = fill(work.conn, layer, &mut numbering, rows, refuse)?;
    if all && make_keys(work.conn, &dropped.keys)? {
        if layer == LayerKind::Resident {
            // They are counted by it.
            std::mem::take(&mut dropped.indexes).iter().try_for_each(|i| work.conn.batch_execute(&i.made))?;
        }
        return Ok(Came::Kept(numbering, dropped));
    }
    unload(work.conn, layer, &numbering)?;
    Ok(Came::Staged(numbering.handed, dropped))
}

/// The last sequence numbers given in a layer.
fn last_numbers(conn: &mut Conn, table: &str) -> Result<Vec<(Region, u32)>, StoreError> {
    let last: Vec<Last> = diesel::sql_query("SELECT region, last FROM gridbeat_counters WHERE name = $1")
        .bind::<Text, _>(table)
        .load(conn)?;
    last.into_iter()
        .map(|l| {
            let region = Region(u16::try_from(l.region).map_err(|_| rules::region_full(Region(0)))?);
            Ok((region, u32::try_from(l.last).map_err(|_| rules::region_full(region))?))
        })
        .collect()
}

/// Streams rows into the table; whether those were all.
fn fill(
    conn: &mut Conn,
    layer: LayerKind,
    numbering: &mut Numbering,
    rows: &mut NextRow<'_>,
    refuse: &mut dyn FnMut(u64, rules::Fault),
) -> Result<bool, StoreError> {
    let source = RefCell::new((numbering, rows, refuse, false));
    let send = |out: &mut dyn Write| {
        let (numbering, rows, refuse, all) = &mut *source.borrow_mut();
        *all = send_rows(out, layer, numbering, rows, refuse)?;
        Ok(())
    };
    copying(&send, |send| match layer {
        LayerKind::Address => copy_into!(conn, addresses::table, send),
        _ => copy_into!(conn, residents::table, send),
    })?;
    Ok(source.into_inner().3)
}

fn send_rows(
    out: &mut dyn Write,
    layer: LayerKind,
    numbering: &mut Numbering,
    rows: &mut NextRow<'_>,
    refuse: &mut dyn FnMut(u64, rules::Fault),
) -> Result<bool, StoreError> {
    let gone = |e| StoreError::unavailable("the database does not answer", e);
    let mut buffer = Vec::with_capacity(2 * import::CHUNK);
    buffer.extend(copy::HEADER);
    let mut all = true;
    while let Some(row) = rows() {
        let mut row = row?;
        numbering.handed += 1;
        match rules::ready(layer, &mut row) {
            Ok(()) => {
                let fid = numbering.number(&row)?;
                // The columns of the stage, but for the first.
                copy::put_row(&mut buffer, fid.0, &row);
            }
            Err(fault) => refuse(numbering.handed, fault),
        }
        if buffer.len() >= import::CHUNK {
            out.write_all(&buffer).map_err(gone)?;
            buffer.clear();
        }
        if numbering.runs.len() >= MOST_RUNS {
            all = false;
            break;
        }
    }
    buffer.extend(copy::TRAILER);
    out.write_all(&buffer).map_err(gone)?;
    Ok(all)
}

/// Makes the keys; whether no code comes twice.
fn make_keys(conn: &mut Conn, keys: &[Costly]) -> Result<bool, StoreError> {
    // In a transaction of its own within ours: an error undoes no more than this.
    let made = conn.transaction(|conn| keys.iter().try_for_each(|key| conn.batch_execute(&key.made)));
    match made {
        Ok(()) => Ok(true),
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// Moves what was copied into the stage, under the numbers of rows.
fn unload(conn: &mut Conn, layer: LayerKind, numbering: &Numbering) -> Result<(), StoreError> {
    let (table, names) = (layer.collection(), stage::names(layer));
    conn.batch_execute(&format!(
        "{}; CREATE TEMP TABLE runs (region integer, first bigint, shift bigint) ON COMMIT DROP",
        stage::definition(layer)
    ))?;
    for runs in numbering.runs.chunks(1 << 14) {
        let column = |of: fn(&Run) -> i64| runs.iter().map(of).collect::<Vec<_>>();
        diesel::sql_query("INSERT INTO runs SELECT * FROM unnest($1, $2, $3)")
            .bind::<Array<Integer>, _>(runs.iter().map(|r| i32::from(r.region.0)).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(column(|r| r.first.into()))
            .bind::<Array<BigInt>, _>(column(|r| r.shift))
            .execute(conn)?;
    }
    Ok(conn.batch_execute(&format!(
        "CREATE INDEX ON runs (region, first); ANALYZE runs; \
         INSERT INTO stage (ord, region, code, {names}) SELECT (t.fid & 4294967295) + r.shift, t.region, t.code, {names} \
         FROM {table} AS t CROSS JOIN LATERAL (SELECT shift FROM runs WHERE runs.region = t.region \
         AND runs.first <= t.fid & 4294967295 ORDER BY runs.first DESC LIMIT 1) AS r; \
         DROP TABLE runs; TRUNCATE {table}"
    ))?)
}

/// Rows of one region that came one after the other, none of them refused.
struct Run {
    region: Region,
    /// Sequence number of the first.
    first: u32,
    /// From sequence numbers to those of rows.
    shift: i64,
}

/// What numbers were given to rows, and what else is known of them.
pub(super) struct Numbering {
    regions: BTreeMap<Region, Given>,
    runs: Vec<Run>,
    /// Rows that were handed out, the refused ones among them.
    handed: u64,
    /// Rows that got a number.
    pub(super) kept: u64,
    /// The box of their places.
    touched: Bounds,
}

#[derive(Default)]
struct Given {
    /// The last sequence number.
    last: u32,
    /// That of the run the last row was of; `None` when no row came yet.
    shift: Option<i64>,
}

impl Numbering {
    fn after(last: Vec<(Region, u32)>) -> Self {
        let regions = last.into_iter().map(|(region, last)| (region, Given { last, shift: None })).collect();
        Self { regions, runs: Vec::new(), handed: 0, kept: 0, touched: Bounds::EMPTY }
    }

    /// The next number for a row.
    fn number(&mut self, row: &Row) -> Result<Fid, StoreError> {
        let region = rules::region_of(row);
        let given = self.regions.entry(region).or_default();
        let sequence = given.last.checked_add(1).ok_or_else(|| rules::region_full(region))?;
        given.last = sequence;
        let shift = self.handed as i64 - i64::from(sequence);
        if given.shift != Some(shift) {
            given.shift = Some(shift);
            self.runs.push(Run { region, first: sequence, shift });
        }
        if let Row::Address(r) = row {
            self.touched = self.touched.with(r.at);
        }
        self.kept += 1;
        Ok(Fid::new(region, sequence))
    }

    /// The regions of the rows, each with the last sequence number given.
    fn came(&self) -> impl Iterator<Item = (Region, u32)> {
        self.regions.iter().filter(|(_, g)| g.shift.is_some()).map(|(region, g)| (*region, g.last))
    }
}

impl Import<'_> {
    /// Whether rows go straight into the table; then no other import of such a layer is under way.
    pub(super) fn goes_straight(&mut self) -> Result<bool, StoreError> {
        let layer = self.plan.layer;
        if !may_go(self.conn, layer)? {
            return Ok(false);
        }
        take_import_turn(self.conn, layer)?;
        // What another program wrote meanwhile must not go with the TRUNCATE.
        self.conn.batch_execute(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", self.table))?;
        may_go(self.conn, layer)
    }

    /// What follows once rows are in the table, whose turn it is by now.
    pub(super) fn follow(&mut self, numbering: &Numbering, done: &mut Imported) -> Result<(), StoreError> {
        if numbering.kept == 0 {
            return Ok(());
        }
        done.rows = numbering.kept;
        let (regions, last): (Vec<Region>, Vec<i64>) =
            numbering.came().map(|(region, last)| (region, i64::from(last))).unzip();
        diesel::sql_query(
            "INSERT INTO gridbeat_counters SELECT $1, * FROM unnest($2, $3) \
             ON CONFLICT (name, region) DO UPDATE SET last = excluded.last",
        )
        .bind::<Text, _>(self.table)
        .bind::<Array<Integer>, _>(regions.iter().map(|r| i32::from(r.0)).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(last)
        .execute(self.conn)?;
        let touched = (!numbering.touched.is_empty()).then_some(numbering.touched);
        self.conclude(true, &regions, touched, done)
    }
}
