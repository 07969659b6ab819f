//! Many rows, one transaction.
//!
//! ```text
//! rows ─ready, COPY→ stage → (our turn) → refuse duplicates → set aside what is replaced
//!      → number and insert → counts of residents → change n → commit (or roll back, when dry)
//! ```
//!
//! While rows stream in nobody waits; from the turn on it is a handful of statements over whole sets.

use super::{
    Conn, copy, partition, single,
    stage::{self, target},
    take_turn,
};
use crate::{
    error::StoreError,
    plan::{ImportPlan, Imported, Missing, Refused},
    rules,
    store::{NextRow, OnReject},
};
use diesel::{
    Connection, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    pg::{CopyFormat, PgRowByRowLoadingMode},
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
/// small statements, and millions of rows would be sorted on the disk. In kilobytes.
const ROOM: &str = "SELECT set_config(name, room, true) \
   FROM pg_settings JOIN (VALUES ('work_mem', '131072'), ('maintenance_work_mem', '524288')) AS v (name, room) USING (name) \
   WHERE setting::bigint < room::bigint";
/// Bytes gathered before they are sent.
pub(super) const CHUNK: usize = 1 << 16;

/// Imports; see [`crate::Store::import`].
pub(super) fn import(
    conn: &mut Conn,
    plan: &ImportPlan,
    partitioned: bool,
    rows: &mut NextRow<'_>,
    on_reject: &mut OnReject<'_>,
) -> Result<Imported, StoreError> {
    let mut done = Imported::default();
    let kept = conn.transaction(|conn| {
        conn.batch_execute(ROOM)?;
        conn.batch_execute(&stage::definition(plan.layer))?;
        let mut refuse = |row, (field, reason): rules::Fault| {
            done.refused += 1;
            on_reject(Refused { row, field, reason });
        };
        fill(conn, plan.layer, rows, &mut refuse)?;
        conn.batch_execute("ANALYZE stage")?;
        take_turn(conn)?;
        let only = if partitioned { partition::only(partition::staged(conn)?) } else { String::new() };
        refuse_duplicates(conn, plan, &only, &mut refuse)?;
        let import = Import { conn, plan, table: plan.layer.collection(), only };
        import.run(&mut done)?;
        if plan.dry_run { Err(Undo::Dry) } else { Ok(()) }
    });
    match kept {
        Ok(()) => Ok(done),
        Err(Undo::Dry) => {
            done.change = None;
            Ok(done)
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

/// Streams the rows into the stage.
fn fill(
    conn: &mut Conn,
    layer: LayerKind,
    rows: &mut NextRow<'_>,
    refuse: &mut dyn FnMut(u64, rules::Fault),
) -> Result<(), StoreError> {
    let source = RefCell::new((rows, refuse));
    copy_stage(conn, layer, &|out: &mut dyn Write| {
        let (rows, refuse) = &mut *source.borrow_mut();
        send_rows(out, layer, rows, refuse)
    })
}

/// Copies into the stage what `send` writes, which is called once.
pub(super) fn copy_stage(
    conn: &mut Conn,
    layer: LayerKind,
    send: &dyn Fn(&mut dyn Write) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    // What went wrong in the callback is kept aside, since PostgreSQL's answer to the broken COPY comes
    // before it.
    let failed = RefCell::new(None);
    let send = |out: &mut dyn Write| -> Result<(), StoreError> {
        send(out).map_err(|e| {
            failed.replace(Some(e));
            StoreError::Unavailable { what: "the rows could not be read".to_owned(), source: None }
        })
    };
    macro_rules! copy_into {
        ($table:expr) => {
            diesel::copy_from($table)
                .from_raw_data($table, send)
                .with_format(CopyFormat::Binary)
                .execute(conn)
        };
    }
    use diesel::prelude::ExecuteCopyFromDsl as _;
    let copied = match layer {
        LayerKind::Grid | LayerKind::Beat => copy_into!(target::area::stage::table),
        LayerKind::Address => copy_into!(target::address::stage::table),
        LayerKind::Resident => copy_into!(target::resident::stage::table),
        LayerKind::Incident => copy_into!(target::incident::stage::table),
        LayerKind::Staff => copy_into!(target::staff::stage::table),
    };
    match failed.into_inner() {
        Some(e) => Err(e),
        None => copied.map(|_| ()),
    }
}

fn send_rows(
    out: &mut dyn Write,
    layer: LayerKind,
    rows: &mut NextRow<'_>,
    refuse: &mut dyn FnMut(u64, rules::Fault),
) -> Result<(), StoreError> {
    let gone = |e| StoreError::unavailable("the database does not answer", e);
    let mut buffer = Vec::with_capacity(2 * CHUNK);
    buffer.extend(copy::HEADER);
    let mut number = 0;
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

#[derive(QueryableByName)]
struct Absent {
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = Text)]
    code: String,
}

/// The part of an import that works on whole sets.
pub(super) struct Import<'a> {
    pub(super) conn: &'a mut Conn,
    pub(super) plan: &'a ImportPlan,
    pub(super) table: &'static str,
    /// What keeps statements over `t` to the regions that come, where that spares asking other servers.
    pub(super) only: String,
}

impl Import<'_> {
    fn run(mut self, done: &mut Imported) -> Result<(), StoreError> {
        let regions = self.number()?;
        if regions.is_empty() {
            return Ok(());
        }
        done.replaced = self.set_aside()?;
        let first = done.replaced == 0 && self.is_first()?;
        let costly = if first { self.drop_costly()? } else { Vec::new() };
        done.rows = self.insert()?;
        if done.rows > MANY {
            // What follows is planned by how many rows there are.
            partition::analyze(self.conn, self.table)?;
        }
        self.count_up()?;
        done.missing_parents = self.missing_parents()?;
        done.unknown_addresses = self.unknown_addresses()?;
        let layer = self.plan.layer;
        match layer {
            // The first ones are all there are.
            LayerKind::Resident if first && self.only.is_empty() => {
                self.put_residents("SELECT region, address, count(*) AS n FROM stage GROUP BY 1, 2")?;
            }
            LayerKind::Resident => self
                .count_residents("SELECT region, address FROM stage UNION SELECT region, address FROM old")?,
            // Where nobody is counted yet, nothing is. Whether that is so, several servers are not asked.
            LayerKind::Address if self.only.is_empty() && self.is_empty("residents")? => {}
            LayerKind::Address => self.count_residents("SELECT region, code AS address FROM stage")?,
            _ => {}
        }
        costly.iter().try_for_each(|definition| self.conn.batch_execute(definition))?;
        let mut change = Change {
            n: 0,
            region: match regions.as_slice() {
                [one] => *one,
                _ => Region(0),
            },
            layer: self.plan.layer.into(),
            op: Op::Import,
            fid: None,
            grid: None,
            beat: None,
            bbox: self.touched()?,
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
        let names: Vec<&str> = stage::columns(self.plan.layer).iter().map(|(name, _)| *name).collect();
        let (columns, table) = (names.join(", "), self.table);
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

    fn missing_parents(&mut self) -> Result<Missing, StoreError> {
        if rules::side_of(self.plan.layer).is_none() {
            return Ok(Missing::default());
        }
        // A parent may be of another region: the province of a city is.
        self.missing(&format!(
            "SELECT DISTINCT s.parent AS code FROM stage AS s \
             WHERE s.parent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {} AS t WHERE t.code = s.parent)",
            self.table
        ))
    }

    fn unknown_addresses(&mut self) -> Result<Missing, StoreError> {
        if self.plan.layer != LayerKind::Resident {
            return Ok(Missing::default());
        }
        self.missing(&format!(
            "SELECT DISTINCT s.region, s.address AS code FROM stage AS s WHERE NOT EXISTS \
             (SELECT 1 FROM addresses AS t WHERE t.region = s.region AND t.code = s.address{})",
            self.only
        ))
    }

    fn missing(&mut self, codes: &str) -> Result<Missing, StoreError> {
        let sql = format!(
            "SELECT count(*) OVER () AS n, code FROM ({codes}) AS c ORDER BY {} LIMIT {}",
            if self.plan.layer == LayerKind::Resident { "region, code" } else { "code" },
            Missing::SAMPLE
        );
        let absent: Vec<Absent> = diesel::sql_query(sql).load(self.conn)?;
        Ok(Missing {
            count: absent.first().map_or(0, |a| a.n as u64),
            sample: absent.into_iter().map(|a| a.code).collect(),
        })
    }

    /// Counts the residents at the addresses that `touched` names.
    fn count_residents(&mut self, touched: &str) -> Result<(), StoreError> {
        let only = &self.only;
        let counts = format!(
            "SELECT w.region, w.address, count(t.code) AS n FROM ({touched}) AS w \
             LEFT JOIN residents AS t ON t.region = w.region AND t.address = w.address{only} GROUP BY 1, 2"
        );
        self.put_residents(&counts)
    }

    /// Puts counts of residents to their addresses; an address without any resident row keeps what its file said,
    /// unless it had some before.
    fn put_residents(&mut self, counts: &str) -> Result<(), StoreError> {
        let only = &self.only;
        let gone = if self.plan.layer == LayerKind::Resident { "true" } else { "c.n > 0" };
        self.conn.batch_execute(&format!(
            "UPDATE addresses AS t SET residents = c.n FROM ({counts}) AS c \
             WHERE t.region = c.region AND t.code = c.address AND t.residents <> c.n AND {gone}{only}"
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
