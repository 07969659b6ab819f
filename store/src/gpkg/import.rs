//! Many rows, one transaction.
//!
//! ```text
//! lock → drop the layer's triggers → row by row: ready, number, insert → indexes of what came
//!      → counts of residents → triggers again → change n → commit (or roll back, when dry)
//! ```
//!
//! While rows stream in nothing but the table and its unique key is written. The R-tree and the index
//! over texts follow once at the end: rebuilt when the import is most of the layer, else row by row.

use super::{CONTENTS, bulk::Insert, counts, restore::put_change, rtree, texts};
use crate::{
    error::StoreError,
    plan::{ImportPlan, Imported, Missing, Refused},
    rules::{self, Fault},
    store::{NextRow, OnReject},
    stored::fid_in,
};
use gridbeat_onemap::{
    e7::{Bounds, E7},
    record::{AreaRow, Change, Fid, LayerKind, Level, Op, Placed, Region, Row},
};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A layer that loses more rows than this to a replacement has its indexes rebuilt.
pub(super) const FEW: u64 = 20_000;

/// Imports; see [`crate::Store::import`].
pub(super) fn import(
    conn: &mut Connection,
    plan: &ImportPlan,
    rows: &mut NextRow<'_>,
    on_reject: &mut OnReject<'_>,
) -> Result<Imported, StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut import = Import::start(&tx, plan)?;
    let mut number = 0;
    while let Some(row) = rows() {
        number += 1;
        let mut row = row?;
        let fault = match rules::ready(plan.layer, &mut row) {
            Ok(()) => import.take(row)?,
            Err(fault) => Some(fault),
        };
        if let Some((field, reason)) = fault {
            import.done.refused += 1;
            on_reject(Refused { row: number, field, reason });
        }
    }
    let mut done = import.finish()?;
    if plan.dry_run {
        tx.rollback()?;
        done.change = None;
    } else {
        tx.commit()?;
    }
    Ok(done)
}

struct Import<'c> {
    tx: &'c Transaction<'c>,
    plan: &'c ImportPlan,
    table: &'static str,
    insert: Insert<'c>,
    triggers: Vec<String>,
    regions: BTreeMap<u16, Numbers>,
    /// What was set aside so far: a region, and of areas the level.
    swapped: HashSet<(u16, Option<Level>)>,
    rebuild: bool,
    touched: Bounds,
    done: Imported,
}

/// The sequence numbers of one region: the last that was given before, and the last given now.
#[derive(Clone, Copy)]
struct Numbers {
    before: u32,
    last: u32,
}

impl<'c> Import<'c> {
    fn start(tx: &'c Transaction<'c>, plan: &'c ImportPlan) -> Result<Self, StoreError> {
        let table = plan.layer.collection();
        if plan.layer == LayerKind::Address {
            texts::catch_up(tx)?;
        }
        let triggers = drop_triggers(tx, table)?;
        // Rows that a replacement sets aside. Kept until the end, so that a code that comes again gets
        // its fid again.
        tx.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS old (
               region INTEGER, code TEXT, fid INTEGER, used INTEGER, placed INTEGER, grid TEXT, beat TEXT, geom BLOB,
               PRIMARY KEY (region, code)) WITHOUT ROWID;
             CREATE TEMP TABLE IF NOT EXISTS touched (region INTEGER, address TEXT, PRIMARY KEY (region, address))
               WITHOUT ROWID;
             DELETE FROM old; DELETE FROM touched;",
        )?;
        Ok(Self {
            tx,
            plan,
            table,
            insert: Insert::new(tx, plan.layer)?,
            triggers,
            regions: BTreeMap::new(),
            swapped: HashSet::new(),
            rebuild: false,
            touched: Bounds::EMPTY,
            done: Imported::default(),
        })
    }

    /// Takes one row; a fault when it is refused.
    fn take(&mut self, mut row: Row) -> Result<Option<Fault>, StoreError> {
        let region = rules::region_of(&row);
        let mut numbers = self.numbers(region)?;
        let kept = if self.plan.replace { self.set_aside(region, &row)? } else { None };
        let (fid, is_new) = match kept {
            Some(ref old) => (old.fid, false),
            None => {
                let next = numbers.last.checked_add(1).ok_or_else(|| rules::region_full(region))?;
                (Fid::new(region, next), true)
            }
        };
        if let (Row::Incident(r), Some(old)) = (&mut row, kept) {
            r.placed = r.placed.take().or_else(|| old.placed_at(r.at));
        }
        let code = match rules::code_of(&row) {
            "" => rules::made_code(fid, self.is_taken(region, &rules::made_code(fid, false))?),
            code => code.to_owned(),
        };
        if !self.insert.put(fid, &code, &row)? {
            return self.conflict(region, numbers, row);
        }
        if is_new {
            numbers.last = fid.sequence();
            self.regions.insert(region.0, numbers);
        } else {
            self.tx
                .prepare_cached("UPDATE old SET used = 1 WHERE region = ?1 AND code = ?2")?
                .execute(params![region.0, code])?;
        }
        self.done.rows += 1;
        self.touched = self.touched.join(bounds_of(&row));
        Ok(None)
    }

    fn is_taken(&self, region: Region, code: &str) -> Result<bool, StoreError> {
        let sql = format!("SELECT 1 FROM {} WHERE region = ?1 AND code = ?2", self.table);
        Ok(self.tx.prepare_cached(&sql)?.exists(params![region.0, code])?)
    }

    /// The code is there already: of this import, of another level that this replacement takes over, or
    /// of before.
    fn conflict(&mut self, region: Region, numbers: Numbers, row: Row) -> Result<Option<Fault>, StoreError> {
        let code = rules::code_of(&row).to_owned();
        let sql = format!(
            "SELECT fid, EXISTS (SELECT 1 FROM old WHERE region = ?1 AND code = ?2 AND used) FROM {} \
             WHERE region = ?1 AND code = ?2",
            self.table
        );
        let (there, again): (i64, bool) = self
            .tx
            .prepare_cached(&sql)?
            .query_row(params![region.0, code], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let again = again || Fid(there as u64).sequence() > numbers.before;
        if !again && self.plan.replace && rules::side_of(self.plan.layer).is_some() {
            self.put_away(&format!("fid = {there}"))?;
            return self.take(row);
        }
        Ok(Some(rules::duplicate(&code, again)))
    }

    fn numbers(&mut self, region: Region) -> Result<Numbers, StoreError> {
        if let Some(numbers) = self.regions.get(&region.0) {
            return Ok(*numbers);
        }
        let given: Option<i64> = self
            .tx
            .query_row(
                "SELECT last FROM gridbeat_counters WHERE name = ?1 AND region = ?2",
                params![self.table, region.0],
                |r| r.get(0),
            )
            .optional()?;
        // Another program may have put rows there without telling the counter.
        let sql = format!("SELECT max(fid) FROM {} WHERE fid BETWEEN ?1 AND ?2", self.table);
        let range = params![fid_in(Fid::new(region, 0)), fid_in(Fid::new(region, u32::MAX))];
        let there: Option<i64> = self.tx.query_row(&sql, range, |r| r.get(0))?;
        let there = there.map_or(0, |fid| Fid(fid as u64).sequence());
        let before = u32::try_from(given.unwrap_or(0)).unwrap_or(u32::MAX).max(there);
        let numbers = Numbers { before, last: before };
        self.regions.insert(region.0, numbers);
        Ok(numbers)
    }

    /// Sets aside what this row's region (of areas: and level) had, when this is its first row; then
    /// the row of before that has this row's code.
    fn set_aside(&mut self, region: Region, row: &Row) -> Result<Option<Old>, StoreError> {
        let level = match row {
            Row::Area(side, r) => Some(rules::level_of(*side, r)),
            _ => None,
        };
        if self.swapped.insert((region.0, level)) {
            let (low, high) = (fid_in(Fid::new(region, 0)), fid_in(Fid::new(region, u32::MAX)));
            let of_level = match (level, rules::side_of(self.plan.layer)) {
                (Some(level), Some(side)) => {
                    format!(" AND coalesce(level, '{}') = '{level}'", Level::default_of(side))
                }
                _ => String::new(),
            };
            self.put_away(&format!("fid BETWEEN {low} AND {high}{of_level}"))?;
        }
        let mut find = self.tx.prepare_cached(
            "SELECT fid, placed, grid, beat, geom FROM old WHERE region = ?1 AND code = ?2 AND NOT used",
        )?;
        let found = find
            .query_row(params![region.0, rules::code_of(row)], |r| {
                let placed: Option<bool> = r.get(1)?;
                Ok(Old {
                    fid: Fid(r.get::<_, i64>(0)? as u64),
                    placed: match placed {
                        Some(true) => Some(Placed { grid: r.get(2)?, beat: r.get(3)? }),
                        _ => None,
                    },
                    geom: r.get(4)?,
                })
            })
            .optional()?;
        Ok(found)
    }

    /// Moves the rows that `which` names from the table to `old`.
    fn put_away(&mut self, which: &str) -> Result<(), StoreError> {
        let (tx, table) = (self.tx, self.table);
        let more = if self.plan.layer == LayerKind::Incident {
            "placed, grid, beat, geom"
        } else {
            "0, NULL, NULL, NULL"
        };
        let n = tx.execute(
            &format!("INSERT INTO old SELECT region, code, fid, 0, {more} FROM {table} WHERE {which}"),
            [],
        )? as u64;
        if n == 0 {
            return Ok(());
        }
        self.done.replaced += n;
        self.rebuild |= n > FEW;
        if self.plan.layer == LayerKind::Resident {
            counts::remember(tx, which)?;
        } else {
            self.touched = self.touched.join(extent(tx, table, which)?);
            if !self.rebuild {
                unindex(tx, self.plan.layer, which)?;
            }
        }
        tx.execute(&format!("DELETE FROM {table} WHERE {which}"), [])?;
        Ok(())
    }

    fn finish(mut self) -> Result<Imported, StoreError> {
        let (tx, layer) = (self.tx, self.plan.layer);
        self.done.missing_parents = self.missing_parents()?;
        self.done.unknown_addresses = self.unknown_addresses()?;
        if self.plan.dry_run {
            return Ok(self.done);
        }
        let came: Vec<String> = self.regions.iter().map(|(&region, n)| came_in(Region(region), *n)).collect();
        if layer != LayerKind::Resident {
            self.index(&came)?;
        }
        match layer {
            LayerKind::Resident => {
                counts::of_residents(tx, &self.regions_only(), &came, self.rebuild, self.done.rows)?
            }
            LayerKind::Address => counts::of_addresses(tx, &self.regions_only(), &came, self.done.rows)?,
            _ => {}
        }
        self.triggers.iter().try_for_each(|sql| tx.execute_batch(sql))?;
        for (region, numbers) in &self.regions {
            tx.execute(
                "INSERT INTO gridbeat_counters VALUES (?1, ?2, ?3) \
                 ON CONFLICT (name, region) DO UPDATE SET last = excluded.last",
                params![self.table, region, numbers.last],
            )?;
        }
        if self.done.rows + self.done.replaced > 0 {
            self.done.change = Some(self.log()?);
        }
        Ok(self.done)
    }

    fn regions_only(&self) -> Vec<u16> {
        self.regions.keys().copied().collect()
    }

    /// Brings the R-tree and the index over texts up to date with the rows that came.
    fn index(&self, came: &[String]) -> Result<(), StoreError> {
        let (tx, table) = (self.tx, self.table);
        let all: i64 = tx.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0))?;
        let rebuild = self.rebuild || self.done.rows > FEW && self.done.rows * 2 > all as u64;
        if rebuild {
            rtree::pack(tx, table)?;
        } else {
            for which in came {
                tx.execute(
                    &format!(
                        "INSERT INTO rtree_{table}_geom SELECT fid, ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), \
                         ST_MaxY(geom) FROM {table} WHERE geom NOT NULL AND NOT ST_IsEmpty(geom) AND {which}"
                    ),
                    [],
                )?;
            }
        }
        if self.plan.layer == LayerKind::Address {
            if rebuild {
                texts::rebuild(tx)?;
            } else {
                came.iter().try_for_each(|which| texts::add(tx, which))?;
            }
        }
        Ok(())
    }

    /// Parents that the rows of this import name and the layer does not have.
    fn missing_parents(&self) -> Result<Missing, StoreError> {
        if rules::side_of(self.plan.layer).is_none() {
            return Ok(Missing::default());
        }
        let mut codes = BTreeSet::new();
        for (&region, n) in &self.regions {
            // A parent may be of another region: the province of a city is.
            let sql = format!(
                "SELECT DISTINCT parent FROM {0} WHERE parent IS NOT NULL AND {1} AND parent NOT IN (SELECT code FROM {0})",
                self.table,
                came_in(Region(region), *n)
            );
            let mut statement = self.tx.prepare(&sql)?;
            for code in statement.query_map([], |r| r.get::<_, String>(0))? {
                codes.insert(code?);
            }
        }
        Ok(Missing { count: codes.len() as u64, sample: codes.into_iter().take(Missing::SAMPLE).collect() })
    }

    /// Addresses that residents of this import live at and the store does not have.
    fn unknown_addresses(&self) -> Result<Missing, StoreError> {
        let mut missing = Missing::default();
        if self.plan.layer != LayerKind::Resident {
            return Ok(missing);
        }
        for (&region, n) in &self.regions {
            let sql = format!(
                "SELECT DISTINCT address FROM residents AS r WHERE region = {region} AND {} AND NOT EXISTS \
                 (SELECT 1 FROM addresses AS a WHERE a.region = {region} AND a.code = r.address) ORDER BY 1",
                came_in(Region(region), *n)
            );
            let mut statement = self.tx.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                missing.count += 1;
                if missing.sample.len() < Missing::SAMPLE {
                    missing.sample.push(row.get(0)?);
                }
            }
        }
        Ok(missing)
    }

    /// Numbers the import and writes it into the log and the table of contents.
    fn log(&self) -> Result<Change, StoreError> {
        let mut regions = self.regions.keys();
        let region = match (regions.next(), regions.next()) {
            (Some(&one), None) => Region(one),
            _ => Region(0),
        };
        let bbox = (!self.touched.is_empty()).then_some(self.touched);
        let mut change = Change {
            n: 0,
            region,
            layer: self.plan.layer.into(),
            op: Op::Import,
            fid: None,
            grid: None,
            beat: None,
            bbox,
            at: rules::now(),
            rows: self.done.rows,
        };
        append_change(self.tx, &mut change)?;
        let side = |i: usize| {
            bbox.map(|b| {
                [b.min.lon_degrees(), b.min.lat_degrees(), b.max.lon_degrees(), b.max.lat_degrees()][i]
            })
        };
        if bbox.is_some() {
            self.tx.execute(CONTENTS, params![side(0), side(1), side(2), side(3), self.table])?;
        }
        Ok(change)
    }
}

/// Numbers the change that an import is, and writes it into the log.
pub(super) fn append_change(tx: &Transaction<'_>, change: &mut Change) -> Result<(), StoreError> {
    let sql =
        "UPDATE gridbeat_counters SET last = last + 1 WHERE name = 'change' AND region = 0 RETURNING last";
    change.n = tx.query_row(sql, [], |r| r.get::<_, i64>(0))? as u64;
    put_change(tx, change)
}

/// The row of before that a row of a replacement takes the place of.
struct Old {
    fid: Fid,
    placed: Option<Placed>,
    geom: Option<Vec<u8>>,
}

impl Old {
    /// The areas in force of before, if the place is still the same.
    fn placed_at(self, at: E7) -> Option<Placed> {
        let before = self.geom.as_deref().and_then(|g| super::blob::read_point(g).ok().flatten());
        self.placed.filter(|_| before == Some(at))
    }
}

/// The condition for the rows of a region that this import put in: those with a new number, and those
/// that got the number of their code of before.
fn came_in(region: Region, n: Numbers) -> String {
    let (first, last) = (fid_in(Fid::new(region, n.before)) + 1, fid_in(Fid::new(region, n.last)));
    format!(
        "(fid BETWEEN {first} AND {last} OR fid IN (SELECT fid FROM old WHERE used AND region = {}))",
        region.0
    )
}

pub(super) fn bounds_of(row: &Row) -> Bounds {
    match row {
        Row::Area(_, AreaRow { geometry: Some(g), .. }) => g.bounds(),
        Row::Address(r) => Bounds::of(&[r.at]),
        Row::Incident(r) => Bounds::of(&[r.at]),
        Row::Staff(r) => Bounds::of(&r.at),
        Row::Area(..) | Row::Resident(_) => Bounds::EMPTY,
    }
}

/// The box around stored rows.
fn extent(tx: &Transaction<'_>, table: &str, which: &str) -> Result<Bounds, StoreError> {
    let sql = format!(
        "SELECT min(ST_MinX(geom)), min(ST_MinY(geom)), max(ST_MaxX(geom)), max(ST_MaxY(geom)) FROM {table} WHERE {which}"
    );
    let corner = |lon: Option<f64>, lat: Option<f64>| E7::from_degrees(lon?, lat?);
    let sides: [Option<f64>; 4] =
        tx.query_row(&sql, [], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))?;
    Ok(match (corner(sides[0], sides[1]), corner(sides[2], sides[3])) {
        (Some(min), Some(max)) => Bounds { min, max },
        _ => Bounds::EMPTY,
    })
}

/// Takes stored rows out of the R-tree and the index over texts.
fn unindex(tx: &Transaction<'_>, layer: LayerKind, which: &str) -> Result<(), StoreError> {
    let table = layer.collection();
    tx.execute(
        &format!("DELETE FROM rtree_{table}_geom WHERE id IN (SELECT fid FROM {table} WHERE {which})"),
        [],
    )?;
    if layer == LayerKind::Address {
        texts::remove(tx, which)?;
    }
    Ok(())
}

/// Drops the triggers of a table; returns the statements that make them again.
pub(super) fn drop_triggers(tx: &Transaction<'_>, table: &str) -> Result<Vec<String>, StoreError> {
    let mut statement =
        tx.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?1")?;
    let found = statement
        .query_map([table], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<Vec<(String, String)>, _>>()?;
    found
        .into_iter()
        .map(|(name, sql)| {
            tx.execute_batch(&format!("DROP TRIGGER \"{}\"", name.replace('"', "\"\"")))?;
            Ok(sql)
        })
        .collect()
}
