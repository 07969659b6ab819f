//! Many features, one transaction.

use super::{super::blob, super::import as common, super::rtree, read, table};
use crate::{
    columns::Time,
    cut::Cut,
    department::{self, DepartmentPlan, NextFeature, Settled, Step, quoted, ready, rows_stay, settle},
    error::StoreError,
    plan::{Imported, Refused},
    rules,
    store::OnReject,
    stored::fid_in,
};
use gridbeat_onemap::{
    department::{Cell, FeatureRow, Schema},
    e7::{Bounds, E7},
    record::{Fid, Region},
};
use rusqlite::{
    Connection, OptionalExtension, Statement, Transaction, TransactionBehavior, params, types::Null,
};
use std::collections::{BTreeMap, BTreeSet};

/// Imports; see [`crate::Store::import_department`].
pub(in super::super) fn import(
    conn: &mut Connection,
    plan: &DepartmentPlan,
    rows: &mut NextFeature<'_>,
    on_reject: &mut OnReject<'_>,
) -> Result<Imported, StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    table::prepare(&tx)?;
    let there = read::one(&tx, &plan.schema.name)?;
    let settled = settle(there.map(|l| l.schema), plan)?;
    let mut import = Import::start(&tx, plan, &settled)?;
    let mut number = 0;
    while let Some(row) = rows() {
        number += 1;
        let mut row = row?;
        match ready(&plan.schema, &mut row) {
            Ok(()) => import.take(&row)?,
            Err((field, reason)) => {
                import.done.refused += 1;
                on_reject(Refused { row: number, field, reason });
            }
        }
    }
    let mut done = import.finish()?;
    if plan.dry_run || done.change.is_none() {
        tx.rollback()?;
        done.change = None;
    } else {
        tx.commit()?;
    }
    Ok(done)
}

struct Import<'c> {
    tx: &'c Transaction<'c>,
    plan: &'c DepartmentPlan,
    settled: &'c Settled,
    insert: Insert<'c>,
    triggers: Vec<String>,
    /// The last sequence number given, by region.
    last: BTreeMap<Region, u32>,
    /// Regions of rows that went with the columns of before, and are to come again.
    awaited: BTreeSet<Region>,
    touched: Bounds,
    done: Imported,
}

impl<'c> Import<'c> {
    fn start(
        tx: &'c Transaction<'c>,
        plan: &'c DepartmentPlan,
        settled: &'c Settled,
    ) -> Result<Self, StoreError> {
        let schema = &settled.schema;
        let table = quoted(&schema.name);
        let mut done = Imported::default();
        let (mut awaited, mut touched, mut last) = (BTreeSet::new(), Bounds::EMPTY, BTreeMap::new());
        if settled.step == Step::Remake {
            let regions = format!("SELECT DISTINCT fid >> 32 FROM {table}");
            for region in tx.prepare(&regions)?.query_map([], |r| r.get::<_, i64>(0))? {
                let region = Region(region?.try_into().unwrap_or(u16::MAX));
                awaited.insert(region);
                last.insert(region, last_given(tx, schema, region)?);
            }
            done.replaced =
                tx.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get::<_, i64>(0))? as u64;
            touched = extent(tx, schema, "1")?;
            table::remove(tx, &schema.name)?;
        }
        if settled.step != Step::Keep {
            table::make(tx, schema)?;
        }
        let triggers = common::drop_triggers(tx, &schema.name)?;
        let insert = Insert::new(tx, schema, settled.order.clone())?;
        Ok(Self { tx, plan, settled, insert, triggers, last, awaited, touched, done })
    }

    fn take(&mut self, row: &FeatureRow) -> Result<(), StoreError> {
        let region = row.region;
        self.awaited.remove(&region);
        if !self.last.contains_key(&region) {
            let last = last_given(self.tx, &self.settled.schema, region)?;
            self.last.insert(region, last);
            if self.plan.replace {
                self.clear(region)?;
            }
        }
        let last = self.last.entry(region).or_default();
        *last = last.checked_add(1).ok_or_else(|| rules::region_full(region))?;
        let fid = Fid::new(region, *last);
        self.insert.put(fid, row)?;
        self.done.rows += 1;
        self.touched = self.touched.join(row.drawing.bounds());
        Ok(())
    }

    /// Deletes the rows of a region.
    fn clear(&mut self, region: Region) -> Result<(), StoreError> {
        let schema = &self.settled.schema;
        let (low, high) = (fid_in(Fid::new(region, 0)), fid_in(Fid::new(region, u32::MAX)));
        let which = format!("fid BETWEEN {low} AND {high}");
        self.touched = self.touched.join(extent(self.tx, schema, &which)?);
        let gone = self.tx.execute(&format!("DELETE FROM {} WHERE {which}", quoted(&schema.name)), [])?;
        self.done.replaced += gone as u64;
        Ok(())
    }

    fn finish(self) -> Result<Imported, StoreError> {
        let Self { tx, settled, insert, triggers, last, awaited, touched, mut done, .. } = self;
        drop(insert);
        let schema = &settled.schema;
        if done.rows == 0 {
            return Ok(done); // Nothing of it is kept: not even a layer without rows.
        }
        if let Some(&region) = awaited.first() {
            return Err(rows_stay(&schema.name, region));
        }
        wrap_up(tx, schema, &triggers)?;
        for (region, last) in &last {
            tx.execute(
                "INSERT INTO gridbeat_counters VALUES (?1, ?2, ?3) \
                 ON CONFLICT (name, region) DO UPDATE SET last = excluded.last",
                params![schema.name, region.0, last],
            )?;
        }
        let regions: Vec<Region> = last.into_keys().collect();
        let mut change = department::change(&schema.name, &regions, done.rows);
        change.bbox = Some(touched);
        common::append_change(tx, &mut change)?;
        done.change = Some(change);
        Ok(done)
    }
}

/// Takes a layer of another store's cut, features with their fids; see [`crate::Store::restore`].
pub(in super::super) fn restore(
    tx: &Transaction<'_>,
    schema: &Schema,
    from: &mut dyn Cut,
) -> Result<(), StoreError> {
    table::prepare(tx)?;
    table::make(tx, schema)?;
    let triggers = common::drop_triggers(tx, &schema.name)?;
    let mut insert = Insert::new(tx, schema, (0..schema.columns.len()).collect())?;
    from.features(schema, &mut |row| insert.put(row.fid, &row))?;
    drop(insert);
    wrap_up(tx, schema, &triggers)
}

/// Puts features into a layer's table.
pub(super) struct Insert<'c> {
    statement: Statement<'c>,
    /// For each column of the table the place in the cells of a row.
    order: Vec<usize>,
    geometry: Vec<u8>,
}

impl<'c> Insert<'c> {
    pub(super) fn new(
        tx: &'c Transaction<'_>,
        schema: &Schema,
        order: Vec<usize>,
    ) -> Result<Self, StoreError> {
        let names: String = schema.columns.iter().map(|c| format!("{}, ", quoted(&c.name))).collect();
        let marks = "?, ".repeat(schema.columns.len());
        let table = quoted(&schema.name);
        let statement =
            tx.prepare(&format!("INSERT INTO {table} (fid, {names}geom) VALUES (?, {marks}?)"))?;
        Ok(Self { statement, order, geometry: Vec::new() })
    }

    pub(super) fn put(&mut self, fid: Fid, row: &FeatureRow) -> Result<(), StoreError> {
        let insert = &mut self.statement;
        insert.raw_bind_parameter(1, fid_in(fid))?;
        for (i, &from) in self.order.iter().enumerate() {
            let at = i + 2;
            match &row.cells[from] {
                Cell::Null => insert.raw_bind_parameter(at, Null)?,
                Cell::Text(text) => insert.raw_bind_parameter(at, &**text)?,
                Cell::Integer(n) => insert.raw_bind_parameter(at, n)?,
                Cell::Number(n) => insert.raw_bind_parameter(at, n)?,
                Cell::Boolean(b) => insert.raw_bind_parameter(at, b)?,
                Cell::Date(d) => insert.raw_bind_parameter(at, d.to_string())?,
                Cell::Timestamp(t) => insert.raw_bind_parameter(at, Time(*t).text())?,
            }
        }
        blob::put_drawing(&mut self.geometry, &row.drawing);
        insert.raw_bind_parameter(self.order.len() + 2, self.geometry.as_slice())?;
        insert.raw_execute()?;
        Ok(())
    }
}

/// When the rows are in: the R-tree, the triggers that keep it, the catalogue, and where the rows lie.
fn wrap_up(tx: &Transaction<'_>, schema: &Schema, triggers: &[String]) -> Result<(), StoreError> {
    rtree::pack(tx, &schema.name)?;
    triggers.iter().try_for_each(|sql| tx.execute_batch(sql))?;
    table::enter(tx, schema)?;
    let all = extent(tx, schema, "1")?;
    tx.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), min_x = ?1, min_y = ?2, \
         max_x = ?3, max_y = ?4 WHERE table_name = ?5",
        params![
            all.min.lon_degrees(),
            all.min.lat_degrees(),
            all.max.lon_degrees(),
            all.max.lat_degrees(),
            schema.name
        ],
    )?;
    Ok(())
}

/// The last sequence number that a region's rows were given, or that another program put there.
pub(super) fn last_given(tx: &Transaction<'_>, schema: &Schema, region: Region) -> Result<u32, StoreError> {
    let given: Option<i64> = tx
        .query_row(
            "SELECT last FROM gridbeat_counters WHERE name = ?1 AND region = ?2",
            params![schema.name, region.0],
            |r| r.get(0),
        )
        .optional()?;
    let sql = format!("SELECT max(fid) FROM {} WHERE fid BETWEEN ?1 AND ?2", quoted(&schema.name));
    let range = params![fid_in(Fid::new(region, 0)), fid_in(Fid::new(region, u32::MAX))];
    let there: Option<i64> = tx.query_row(&sql, range, |r| r.get(0))?;
    let there = there.map_or(0, |fid| Fid(fid as u64).sequence());
    Ok(u32::try_from(given.unwrap_or(0)).unwrap_or(u32::MAX).max(there))
}

/// The box around stored features.
fn extent(tx: &Transaction<'_>, schema: &Schema, which: &str) -> Result<Bounds, StoreError> {
    let sql = format!(
        "SELECT min(ST_MinX(geom)), min(ST_MinY(geom)), max(ST_MaxX(geom)), max(ST_MaxY(geom)) FROM {} WHERE {which}",
        quoted(&schema.name)
    );
    let corner = |lon: Option<f64>, lat: Option<f64>| E7::from_degrees(lon?, lat?);
    let sides: [Option<f64>; 4] =
        tx.query_row(&sql, [], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))?;
    Ok(match (corner(sides[0], sides[1]), corner(sides[2], sides[3])) {
        (Some(min), Some(max)) => Bounds { min, max },
        _ => Bounds::EMPTY,
    })
}
