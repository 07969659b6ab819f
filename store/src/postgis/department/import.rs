//! Many features, one transaction: COPY into the stage, then a handful of statements over whole sets.

use super::{
    super::{Conn, copy, single, stage, take_turn},
    read, table,
};
use crate::{
    cut::Cut,
    department::{self, DepartmentPlan, NextFeature, Settled, Step, quoted, ready, rows_stay, settle},
    error::StoreError,
    plan::{Imported, Refused},
    rules,
    store::OnReject,
};
use diesel::{
    Connection, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    pg::CopyFormat,
    result::Error as DieselError,
    sql_types::{BigInt, Double, Integer, Nullable},
};
use gridbeat_onemap::{
    department::{Column, Schema},
    e7::{Bounds, E7},
    record::Region,
};
use std::{cell::RefCell, io::Write};

/// Bytes gathered before they are sent.
const CHUNK: usize = 1 << 16;

/// Imports; see [`crate::Store::import_department`].
pub(in super::super) fn import(
    conn: &mut Conn,
    plan: &DepartmentPlan,
    rows: &mut NextFeature<'_>,
    on_reject: &mut OnReject<'_>,
) -> Result<Imported, StoreError> {
    let mut done = Imported::default();
    let kept = conn.transaction(|conn| {
        conn.batch_execute(stage::FEATURES)?;
        fill(conn, plan, rows, &mut |refused| {
            done.refused += 1;
            on_reject(refused);
        })?;
        conn.batch_execute("ANALYZE stage")?;
        take_turn(conn)?;
        table::prepare(conn)?;
        let there = read::all(conn)?.into_iter().find(|s| s.name == plan.schema.name);
        let settled = settle(there, plan)?;
        Import { conn, plan, settled }.run(&mut done)?;
        if plan.dry_run || done.change.is_none() { Err(Undo::Nothing) } else { Ok(()) }
    });
    match kept {
        Ok(()) => Ok(done),
        Err(Undo::Nothing) => {
            done.change = None;
            Ok(done)
        }
        Err(Undo::Failed(e)) => Err(e),
    }
}

/// Why the transaction is rolled back.
enum Undo {
    /// A dry run, or no row came through.
    Nothing,
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
    plan: &DepartmentPlan,
    rows: &mut NextFeature<'_>,
    refuse: &mut dyn FnMut(Refused),
) -> Result<(), StoreError> {
    // As in an import of a built-in layer: diesel wants a callback that changes nothing, and calls it once.
    let source = RefCell::new((rows, refuse));
    copy_stage(conn, &|out: &mut dyn Write| {
        let (rows, refuse) = &mut *source.borrow_mut();
        send_rows(out, plan, rows, refuse)
    })
}

/// Copies into the stage what `send` writes, which is called once.
fn copy_stage(
    conn: &mut Conn,
    send: &dyn Fn(&mut dyn Write) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    use diesel::prelude::ExecuteCopyFromDsl as _;
    let failed = RefCell::new(None);
    let send = |out: &mut dyn Write| -> Result<(), StoreError> {
        send(out).map_err(|e| {
            failed.replace(Some(e));
            StoreError::Unavailable { what: "the rows could not be read".to_owned(), source: None }
        })
    };
    let copied = diesel::copy_from(stage::target::feature::stage::table)
        .from_raw_data(stage::target::feature::stage::table, send)
        .with_format(CopyFormat::Binary)
        .execute(conn);
    match failed.into_inner() {
        Some(e) => Err(e),
        None => copied.map(|_| ()),
    }
}

/// Takes a layer of another store's cut, features with their fids; see [`crate::Store::restore`].
pub(in super::super) fn restore(
    conn: &mut Conn,
    schema: &Schema,
    from: &mut dyn Cut,
) -> Result<(), StoreError> {
    table::prepare(conn)?;
    table::make(conn, schema)?;
    conn.batch_execute(stage::FEATURES)?;
    let from = RefCell::new(from);
    // The stage's first column is the fid here.
    copy_stage(conn, &|out: &mut dyn Write| {
        let gone = |e| StoreError::unavailable("the database does not answer", e);
        let mut buffer = Vec::with_capacity(2 * CHUNK);
        buffer.extend(copy::HEADER);
        from.borrow_mut().features(schema, &mut |row| {
            copy::put_feature(&mut buffer, row.fid.0, &row);
            if buffer.len() >= CHUNK {
                out.write_all(&buffer).map_err(gone)?;
                buffer.clear();
            }
            Ok(())
        })?;
        buffer.extend(copy::TRAILER);
        out.write_all(&buffer).map_err(gone)
    })?;
    let order: Vec<usize> = (0..schema.columns.len()).collect();
    let (names, values) = columns(schema, &order);
    let table = quoted(&schema.name);
    conn.batch_execute(&format!(
        "INSERT INTO {table} (fid, gridbeat_region, {names}geom) \
         SELECT s.ord, s.region, {values}s.geom FROM stage AS s ORDER BY s.region, s.ord; \
         DROP TABLE stage; ANALYZE {table}"
    ))?;
    table::enter(conn, schema)
}

/// A layer's own columns, and what they are made of in `s`, which has their cells as texts.
pub(super) fn columns(schema: &Schema, order: &[usize]) -> (String, String) {
    let names = schema.columns.iter().map(|c| format!("{}, ", quoted(&c.name))).collect();
    let value = |(c, from): (&Column, &usize)| format!("s.cells[{}]::{}, ", from + 1, table::type_of(c.kind));
    (names, schema.columns.iter().zip(order).map(value).collect())
}

fn send_rows(
    out: &mut dyn Write,
    plan: &DepartmentPlan,
    rows: &mut NextFeature<'_>,
    refuse: &mut dyn FnMut(Refused),
) -> Result<(), StoreError> {
    let gone = |e| StoreError::unavailable("the database does not answer", e);
    let mut buffer = Vec::with_capacity(2 * CHUNK);
    buffer.extend(copy::HEADER);
    let mut number = 0;
    while let Some(row) = rows() {
        number += 1;
        let mut row = row?;
        match ready(&plan.schema, &mut row) {
            Ok(()) => copy::put_feature(&mut buffer, number, &row),
            Err((field, reason)) => refuse(Refused { row: number, field, reason }),
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
struct Brought {
    #[diesel(sql_type = Integer)]
    region: i32,
    #[diesel(sql_type = BigInt)]
    last: i64,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

#[derive(QueryableByName)]
struct OfRegion {
    #[diesel(sql_type = Integer)]
    region: i32,
}

#[derive(QueryableByName)]
struct Extent {
    #[diesel(sql_type = BigInt)]
    rows: i64,
    #[diesel(sql_type = Nullable<Double>)]
    west: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    south: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    east: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    north: Option<f64>,
}

/// The part of an import that works on whole sets.
struct Import<'a> {
    conn: &'a mut Conn,
    plan: &'a DepartmentPlan,
    settled: Settled,
}

impl Import<'_> {
    fn run(mut self, done: &mut Imported) -> Result<(), StoreError> {
        let regions = self.number()?;
        if regions.is_empty() {
            return Ok(());
        }
        let name = self.settled.schema.name.clone();
        let table = quoted(&name);
        let mut touched = Bounds::EMPTY;
        if self.plan.replace && self.settled.step != Step::Make {
            let ours = "gridbeat_region IN (SELECT region FROM numbers)";
            let (rows, bounds) = self.extent(&table, ours)?;
            (done.replaced, touched) = (rows, bounds);
            if self.settled.step == Step::Remake {
                let others = format!(
                    "SELECT gridbeat_region AS region FROM {table} WHERE NOT {ours} ORDER BY 1 LIMIT 1"
                );
                let others: Vec<OfRegion> = diesel::sql_query(others).load(self.conn)?;
                if let Some(OfRegion { region }) = others.first() {
                    return Err(rows_stay(&name, Region(u16::try_from(*region).unwrap_or_default())));
                }
                table::remove(self.conn, &name)?;
            } else {
                self.conn.batch_execute(&format!("DELETE FROM {table} WHERE {ours}"))?;
            }
        }
        if self.settled.step != Step::Keep {
            table::make(self.conn, &self.settled.schema)?;
        }
        done.rows = self.insert()?;
        self.conn.batch_execute(&format!("ANALYZE {table}"))?;
        self.count_up()?;
        table::enter(self.conn, &self.settled.schema)?;
        let (_, came) = self.extent("stage", "true")?;
        let mut change = department::change(&name, &regions, done.rows);
        change.bbox = Some(touched.join(came));
        single::append_change(self.conn, &mut change)?;
        done.change = Some(change);
        Ok(())
    }

    /// Notes for each region of the stage the last sequence number given (`numbers`).
    fn number(&mut self) -> Result<Vec<Region>, StoreError> {
        let name = &self.settled.schema.name;
        let there = if self.settled.step == Step::Make {
            "0".to_owned()
        } else {
            let table = quoted(name);
            format!(
                "coalesce((SELECT max(fid) & 4294967295 FROM {table} AS t WHERE t.gridbeat_region = s.region), 0)"
            )
        };
        // The name is of small letters, digits and `_`: no quote can stand in it.
        self.conn.batch_execute(&format!(
            "CREATE TEMP TABLE numbers ON COMMIT DROP AS SELECT s.region, s.rows, greatest( \
               coalesce((SELECT last FROM gridbeat_counters AS c WHERE c.name = '{name}' AND c.region = s.region), 0), \
               {there}) AS last \
             FROM (SELECT region, count(*) AS rows FROM stage GROUP BY region) AS s"
        ))?;
        let brought: Vec<Brought> =
            diesel::sql_query("SELECT region, last, rows FROM numbers ORDER BY region").load(self.conn)?;
        brought
            .into_iter()
            .map(|b| {
                let region = Region(u16::try_from(b.region).unwrap_or_default());
                if b.last + b.rows > i64::from(u32::MAX) {
                    Err(rules::region_full(region))
                } else {
                    Ok(region)
                }
            })
            .collect()
    }

    fn insert(&mut self) -> Result<u64, StoreError> {
        let schema = &self.settled.schema;
        let (names, values) = columns(schema, &self.settled.order);
        let sql = format!(
            "INSERT INTO {} (fid, gridbeat_region, {names}geom) \
             SELECT (s.region::bigint << 32) + n.last + row_number() OVER (PARTITION BY s.region ORDER BY s.ord), \
               s.region, {values}s.geom \
             FROM stage AS s JOIN numbers AS n ON n.region = s.region ORDER BY s.region, s.ord",
            quoted(&schema.name)
        );
        Ok(diesel::sql_query(sql).execute(self.conn)? as u64)
    }

    /// Keeps the last sequence numbers given.
    fn count_up(&mut self) -> Result<(), StoreError> {
        let name = &self.settled.schema.name;
        Ok(self.conn.batch_execute(&format!(
            "INSERT INTO gridbeat_counters SELECT '{name}', n.region, n.last + n.rows FROM numbers AS n \
             ON CONFLICT (name, region) DO UPDATE SET last = excluded.last"
        ))?)
    }

    /// How many rows there are, and the box around them.
    fn extent(&mut self, table: &str, which: &str) -> Result<(u64, Bounds), StoreError> {
        let e: Extent = diesel::sql_query(format!(
            "SELECT n AS rows, ST_XMin(e) AS west, ST_YMin(e) AS south, ST_XMax(e) AS east, ST_YMax(e) AS north \
             FROM (SELECT count(*) AS n, ST_Extent(geom) AS e FROM {table} WHERE {which}) AS x"
        ))
        .get_result(self.conn)?;
        let corner = |lon: Option<f64>, lat: Option<f64>| E7::from_degrees(lon?, lat?);
        let bounds = corner(e.west, e.south).zip(corner(e.east, e.north));
        let bounds = bounds.map_or(Bounds::EMPTY, |(min, max)| Bounds { min, max });
        Ok((e.rows as u64, bounds))
    }
}
