//! Many rows, one transaction.
//!
//! ```text
//! rows ─ready, COPY→ stage → (our turn) → refuse duplicates → set aside what is replaced
//!      → number and insert → counts of residents → change n → commit (or roll back, when dry)
//! ```
//!
//! While rows stream in nobody waits; from the turn on it is a handful of statements over whole sets. The first
//! addresses and residents of a store need no stage: see [`straight`].

use super::{
    Conn, copy,
    indexes::Dropped,
    partition, single,
    stage::{self, target},
    straight::{self, Came},
    take_turn,
};
use crate::{
    error::StoreError,
    plan::{ImportPlan, Imported, Refused},
    rules,
    store::{NextRow, OnReject},
};
use diesel::{
    Connection, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    pg::PgRowByRowLoadingMode,
    result::Error as DieselError,
    sql_types::{BigInt, Bool, Double, Integer, Nullable, Text},
};
use gridbeat_onemap::{
    e7::{Bounds, E7},
    record::{Change, LayerKind, Level, Op, Region},
};
use std::{cell::RefCell, io::Write};

/// Rows from which on the planner is told of them.
const MANY: u64 = 10_000;
/// Memory for this transaction, unless the server gives more anyway: what PostgreSQL takes by default is for many
/// small statements, and millions of rows would be sorted on the disk. In kilobytes. Compiling a plan costs more than
/// a compiled one saves here.
pub(super) const ROOM: &str = "SET LOCAL jit = off; SELECT set_config(name, room, true) \
   FROM pg_settings JOIN (VALUES ('work_mem', '131072'), ('maintenance_work_mem', '524288')) AS v (name, room) USING (name) \
   WHERE setting::bigint < room::bigint";
/// A COPY into a table that diesel knows.
macro_rules! copy_into {
    ($conn:expr, $table:expr, $send:expr) => {
        diesel::copy_from($table)
            .from_raw_data($table, $send)
            .with_format(diesel::pg::CopyFormat::Binary)
            .execute($conn)
    };
}
pub(super) use copy_into;

/// Bytes gathered before they are sent.
pub(super) const CHUNK: usize = 1 << 16;

/// Imports; see [`crate::Store::import`]. Also says whether indexes are left to be made: see [`later`](super::later).
pub(super) fn import(
    conn: &mut Conn,
    plan: &ImportPlan,
    partitioned: bool,
    rows: &mut NextRow<'_>,
    on_reject: &mut OnReject<'_>,
) -> Result<(Imported, bool), StoreError> {
    let (mut done, mut later) = (Imported::default(), false);
    let kept = conn.transaction(|conn| {
        conn.batch_execute(ROOM)?;
        let mut refuse = |row, (field, reason): rules::Fault| {
            done.refused += 1;
            on_reject(Refused { row, field, reason });
        };
        let table = plan.layer.collection();
        let mut work = Import { conn, plan, table, from: "stage", only: String::new() };
        let straight = !partitioned && !plan.replace && work.goes_straight()?;
        let came = if straight { Some(straight::copy_rows(&mut work, rows, &mut refuse)?) } else { None };
        let (before, dropped) = match came {
            Some(Came::Kept(numbering, indexes)) => {
                take_turn(work.conn)?;
                work.from = table;
                work.follow(&numbering, &mut done)?;
                later = work.make_indexes(indexes, done.rows > MANY)?;
                return if plan.dry_run { Err(Undo::Dry) } else { Ok(()) };
            }
            Some(Came::Staged(before, dropped)) => (before, Some(dropped)),
            None => {
                work.conn.batch_execute(&stage::definition(plan.layer))?;
                (0, None)
            }
        };
        fill(work.conn, plan.layer, before, rows, &mut refuse)?;
        work.conn.batch_execute("ANALYZE stage")?;
        straight::take_import_turn(work.conn, plan.layer)?;
        take_turn(work.conn)?;
        if partitioned {
            work.only = partition::only(partition::staged(work.conn)?);
        }
        refuse_duplicates(work.conn, plan, &work.only, &mut refuse)?;
        work.run(dropped, &mut done)?;
        if plan.dry_run { Err(Undo::Dry) } else { Ok(()) }
    });
    match kept {
        Ok(()) => Ok((done, later)),
        Err(Undo::Dry) => {
            done.change = None;
            Ok((done, false))
        }
        Err(Undo::Failed(e)) => Err(e),
    }
}

/// Why the transaction is rolled back.
enum Undo {
    Dry,
    Failed(StoreError),
}

impl From<StoreError> for Undo {
    fn from(e: StoreError) -> Self {
        Self::Failed(e)
    }
}

impl From<DieselError> for Undo {
    fn from(e: DieselError) -> Self {
        Self::Failed(e.into())
    }
}

/// Streams the rows into the stage; so many came before.
fn fill(
    conn: &mut Conn,
    layer: LayerKind,
    before: u64,
    rows: &mut NextRow<'_>,
    refuse: &mut dyn FnMut(u64, rules::Fault),
) -> Result<(), StoreError> {
    let source = RefCell::new((rows, refuse));
    copy_stage(conn, layer, &|out: &mut dyn Write| {
        let (rows, refuse) = &mut *source.borrow_mut();
        send_rows(out, layer, before, rows, refuse)
    })
}

/// Copies into the stage what `send` writes, which is called once.
pub(super) fn copy_stage(conn: &mut Conn, layer: LayerKind, send: Send<'_>) -> Result<(), StoreError> {
    use diesel::prelude::ExecuteCopyFromDsl as _;
    copying(send, |send| match layer {
        LayerKind::Grid | LayerKind::Beat => copy_into!(conn, target::area::stage::table, send),
        LayerKind::Address => copy_into!(conn, target::address::stage::table, send),
        LayerKind::Resident => copy_into!(conn, target::resident::stage::table, send),
        LayerKind::Incident => copy_into!(conn, target::incident::stage::table, send),
        LayerKind::Staff => copy_into!(conn, target::staff::stage::table, send),
    })
}

/// What writes the rows of a COPY.
pub(super) type Send<'a> = &'a dyn Fn(&mut dyn Write) -> Result<(), StoreError>;

/// Runs a COPY of what `send` writes.
pub(super) fn copying(
    send: Send<'_>,
    copy: impl FnOnce(Send<'_>) -> Result<usize, StoreError>,
) -> Result<(), StoreError> {
    // What went wrong in the callback is kept aside, since PostgreSQL's answer to the broken COPY comes
    // before it.
    let failed = RefCell::new(None);
    let copied = copy(&|out: &mut dyn Write| {
        send(out).map_err(|e| {
            failed.replace(Some(e));
            StoreError::Unavailable { what: "the rows could not be read".to_owned(), source: None }
        })
    });
    match failed.into_inner() {
        Some(e) => Err(e),
        None => copied.map(|_| ()),
    }
}

fn send_rows(
    out: &mut dyn Write,
    layer: LayerKind,
    before: u64,
    rows: &mut NextRow<'_>,
    refuse: &mut dyn FnMut(u64, rules::Fault),
) -> Result<(), StoreError> {
    let gone = |e| StoreError::unavailable("the database does not answer", e);
    let mut buffer = Vec::with_capacity(2 * CHUNK);
    buffer.extend(copy::HEADER);
    let mut number = before;
    while let Some(row) = rows() {
        number += 1;
        let mut row = row?;
        match rules::ready(layer, &mut row) {
            Ok(()) => copy::put_row(&mut buffer, number, &row),
            Err(fault) => refuse(number, fault),
        }
        if buffer.len() >= CHUNK {
            out.write_all(&buffer).map_err(gone)?;
            buffer.clear();
        }
    }
    buffer.extend(copy::TRAILER);
    out.write_all(&buffer).map_err(gone)
}

#[derive(QueryableByName)]
struct Duplicate {
    #[diesel(sql_type = BigInt)]
    ord: i64,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Bool)]
    again: bool,
}

/// Takes rows out of the stage whose code is there already, or came before in the stage.
fn refuse_duplicates(
    conn: &mut Conn,
    plan: &ImportPlan,
    only: &str,
    refuse: &mut dyn FnMut(u64, rules::Fault),
) -> Result<(), StoreError> {
    let table = plan.layer.collection();
    let (there, join) = if plan.replace {
        ("false", String::new())
    } else {
        (
            "t.fid IS NOT NULL",
            format!("LEFT JOIN {table} AS t ON t.region = s.region AND t.code = s.code{only}"),
        )
    };
    let sql = format!(
        "WITH fault AS (SELECT s.ord, s.code, NOT ({there}) AS again FROM \
           (SELECT ord, region, code, row_number() OVER (PARTITION BY region, code ORDER BY ord) AS k \
            FROM stage WHERE code <> '') AS s {join} WHERE s.k > 1 OR {there}), \
         gone AS (DELETE FROM stage USING fault WHERE stage.ord = fault.ord) \
         SELECT ord, code, again FROM fault ORDER BY ord"
    );
    for row in diesel::sql_query(sql).load_iter::<Duplicate, PgRowByRowLoadingMode>(conn)? {
        let Duplicate { ord, code, again } = row?;
        refuse(ord as u64, rules::duplicate(&code, again));
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Brought {
    #[diesel(sql_type = Integer)]
    region: i32,
    #[diesel(sql_type = BigInt)]
    last: i64,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

#[derive(QueryableByName, Default)]
struct Extent {
    #[diesel(sql_type = Nullable<Double>)]
    west: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    south: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    east: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    north: Option<f64>,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The part of an import that works on whole sets.
pub(super) struct Import<'a> {
    pub(super) conn: &'a mut Conn,
    pub(super) plan: &'a ImportPlan,
    pub(super) table: &'static str,
    /// Where the rows are: the stage, or the table itself if nothing else is in it.
    pub(super) from: &'static str,
    /// What keeps statements over `t` to the regions that come, where that spares asking other servers.
    pub(super) only: String,
}

impl Import<'_> {
    /// From the stage to the table, from which `dropped` was dropped already.
    fn run(mut self, dropped: Option<Dropped>, done: &mut Imported) -> Result<(), StoreError> {
        let regions = self.number()?;
        if regions.is_empty() {
            return dropped.map_or(Ok(()), |d| self.make_all(d));
        }
        done.replaced = self.set_aside()?;
        let first = done.replaced == 0 && self.is_first()?;
        let dropped = match dropped {
            None if first => Some(self.drop_costly()?),
            dropped => dropped,
        };
        done.rows = self.insert()?;
        self.count_up()?;
        let touched = self.touched()?;
        self.conclude(first, &regions, touched, done)?;
        dropped.map_or(Ok(()), |d| self.make_all(d))
    }

    /// What an import does once its rows are in the table: the report, the counts of residents, the change.
    pub(super) fn conclude(
        &mut self,
        first: bool,
        regions: &[Region],
        touched: Option<Bounds>,
        done: &mut Imported,
    ) -> Result<(), StoreError> {
        if done.rows > MANY {
            // What follows is planned by how many rows there are.
            partition::analyze(self.conn, self.table)?;
        }
        done.missing_parents = self.missing_parents()?;
        let (layer, from) = (self.plan.layer, self.from);
        match layer {
            // The first ones are all there are.
            LayerKind::Resident if first && self.only.is_empty() => {
                let counted = self.put_first_residents()?;
                // Where all of them changed a count, each has its address.
                if counted < done.rows {
                    done.unknown_addresses = self.unknown_addresses()?;
                }
            }
            LayerKind::Resident => {
                done.unknown_addresses = self.unknown_addresses()?;
                self.count_residents(
                    "SELECT region, address FROM stage UNION SELECT region, address FROM old",
                )?;
            }
            // Where nobody is counted yet, nothing is. Whether that is so, several servers are not asked.
            LayerKind::Address if self.only.is_empty() && self.is_empty("residents")? => {}
            LayerKind::Address => {
                self.count_residents(&format!("SELECT region, code AS address FROM {from}"))?;
            }
            _ => {}
        }
        let mut change = Change {
            n: 0,
            region: match regions {
                [one] => *one,
                _ => Region(0),
            },
            layer: layer.into(),
            op: Op::Import,
            fid: None,
            grid: None,
            beat: None,
            bbox: touched,
            at: rules::now(),
            rows: done.rows,
        };
        single::append_change(self.conn, &mut change)?;
        done.change = Some(change);
        Ok(())
    }

    /// Notes for each region of the stage the last sequence number given (`numbers`).
    fn number(&mut self) -> Result<Vec<Region>, StoreError> {
        let (table, only) = (self.table, &self.only);
        self.conn.batch_execute(&format!(
            "CREATE TEMP TABLE numbers ON COMMIT DROP AS \
             SELECT s.region, s.rows, greatest( \
               coalesce((SELECT last FROM gridbeat_counters AS c WHERE c.name = '{table}' AND c.region = s.region), 0), \
               coalesce((SELECT max(fid) & 4294967295 FROM {table} AS t WHERE t.region = s.region{only}), 0)) AS last, \
               s.first, s.rows = s.final - s.first + 1 AS whole \
             FROM (SELECT region, count(*) AS rows, min(ord) AS first, max(ord) AS final FROM stage GROUP BY region) AS s"
        ))?;
        let brought: Vec<Brought> =
            diesel::sql_query("SELECT region, last, rows FROM numbers ORDER BY region").load(self.conn)?;
        brought
            .into_iter()
            .map(|b| {
                let region = crate::stored::region_out(self.plan.layer, 0, b.region)?;
                if b.last + b.rows > i64::from(u32::MAX) {
                    Err(rules::region_full(region))
                } else {
                    Ok(region)
                }
            })
            .collect()
    }

    /// Moves the rows that are replaced to `old`; see [`ImportPlan::replace`] for which they are.
    fn set_aside(&mut self) -> Result<u64, StoreError> {
        let (table, only) = (self.table, self.only.clone());
        let which = match rules::side_of(self.plan.layer) {
            _ if !self.plan.replace => "false".to_owned(),
            Some(side) => {
                let own = Level::default_of(side);
                format!(
                    "(t.region, coalesce(t.level, '{own}')) IN (SELECT region, coalesce(level, '{own}') FROM stage) \
                     OR (t.region, t.code) IN (SELECT region, code FROM stage)"
                )
            }
            None => "t.region IN (SELECT region FROM numbers)".to_owned(),
        };
        self.conn.batch_execute(&format!(
            "CREATE TEMP TABLE old ON COMMIT DROP AS SELECT t.* FROM {table} AS t WHERE ({which}){only}"
        ))?;
        if !self.plan.replace {
            return Ok(0);
        }
        self.conn.batch_execute(&format!(
            "ANALYZE old; DELETE FROM {table} AS t USING old WHERE t.region = old.region AND t.fid = old.fid{only}"
        ))?;
        if self.plan.layer == LayerKind::Incident {
            self.conn.batch_execute(
                "UPDATE stage SET placed = true, grid = old.grid, beat = old.beat FROM old \
                 WHERE old.region = stage.region AND old.code = stage.code AND old.placed AND NOT stage.placed \
                 AND ST_Equals(old.geom, stage.geom)",
            )?;
        }
        self.count("SELECT count(*) AS n FROM old")
    }

    fn insert(&mut self) -> Result<u64, StoreError> {
        let (columns, table) = (stage::names(self.plan.layer), self.table);
        let codes = if self.plan.layer == LayerKind::Incident {
            // As `rules::made_code` makes it.
            "CASE WHEN code <> '' THEN code ELSE 'I' || fid || CASE WHEN EXISTS (SELECT 1 FROM incidents AS t \
             WHERE t.region = f.region AND t.code = 'I' || f.fid) OR EXISTS (SELECT 1 FROM stage AS s \
             WHERE s.region = f.region AND s.code = 'I' || f.fid) THEN '-2' ELSE '' END END"
        } else {
            "code"
        };
        let (fid, join) = if self.plan.replace {
            ("o.fid", "LEFT JOIN old AS o ON o.region = s.region AND o.code = s.code")
        } else {
            ("NULL::bigint", "")
        };
        // Mostly each region's rows came one after the other and none was refused: then they are numbered as they
        // came, and need not be sorted for it.
        if !self.plan.replace && self.count("SELECT count(*) AS n FROM numbers WHERE NOT whole")? == 0 {
            let sql = format!(
                "INSERT INTO {table} (fid, region, code, {columns}) SELECT fid, region, {codes}, {columns} FROM \
                 (SELECT s.*, (s.region::bigint << 32) + n.last + 1 + s.ord - n.first AS fid \
                  FROM stage AS s JOIN numbers AS n ON n.region = s.region) AS f"
            );
            return Ok(diesel::sql_query(sql).execute(self.conn)? as u64);
        }
        let sql = format!(
            "INSERT INTO {table} (fid, region, code, {columns}) SELECT fid, region, {codes}, {columns} FROM \
             (SELECT s.*, coalesce({fid}, (s.region::bigint << 32) + n.last + \
                row_number() OVER (PARTITION BY s.region, {fid} IS NULL ORDER BY s.ord)) AS fid \
              FROM stage AS s JOIN numbers AS n ON n.region = s.region {join}) AS f ORDER BY fid"
        );
        Ok(diesel::sql_query(sql).execute(self.conn)? as u64)
    }

    /// Keeps the last sequence numbers given.
    fn count_up(&mut self) -> Result<(), StoreError> {
        let table = self.table;
        let kept = if self.plan.replace {
            "(SELECT count(*) FROM stage AS s JOIN old AS o USING (region, code) WHERE s.region = n.region)"
        } else {
            "0"
        };
        self.conn.batch_execute(&format!(
            "INSERT INTO gridbeat_counters SELECT '{table}', n.region, n.last + n.rows - {kept} FROM numbers AS n \
             ON CONFLICT (name, region) DO UPDATE SET last = excluded.last"
        ))?;
        Ok(())
    }

    /// The box of what came and what went.
    fn touched(&mut self) -> Result<Option<Bounds>, StoreError> {
        if self.plan.layer == LayerKind::Resident {
            return Ok(None);
        }
        let e: Extent = diesel::sql_query(
            "SELECT ST_XMin(e) AS west, ST_YMin(e) AS south, ST_XMax(e) AS east, ST_YMax(e) AS north FROM \
             (SELECT ST_Extent(geom) AS e FROM (SELECT geom FROM stage UNION ALL SELECT geom FROM old) AS g) AS x",
        )
        .get_result(self.conn)?;
        let corner = |lon: Option<f64>, lat: Option<f64>| E7::from_degrees(lon?, lat?);
        Ok(corner(e.west, e.south).zip(corner(e.east, e.north)).map(|(min, max)| Bounds { min, max }))
    }

    pub(super) fn count(&mut self, sql: &str) -> Result<u64, StoreError> {
        Ok(diesel::sql_query(sql).get_result::<Number>(self.conn)?.n as u64)
    }
}
