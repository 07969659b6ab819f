//! The GeoPackage backend: one SQLite file that QGIS and GDAL open as it is.
//!
//! Single rows go through diesel (`single`), millions through prepared statements on a handle of their
//! own (`import`, `read`, `search`), since diesel lends none. One writer at a time: within the process
//! by the `writer` shelf of one, across processes by SQLite's lock, waited for as long.

pub(crate) mod blob;
mod bulk;
mod connect;
mod counts;
mod department;
pub(crate) mod draft;
mod import;
mod inspect;
pub(crate) mod layer_file;
mod outside;
mod read;
// Compiled once for each backend, as `single` is.
#[allow(clippy::duplicate_mod)]
#[path = "../redraw.rs"]
mod redraw;
mod restore;
mod rtree;
mod rtree_table;
mod search;
// Compiled once for each backend, on purpose: see its head.
#[allow(clippy::duplicate_mod)]
#[path = "../single.rs"]
mod single;
// The same.
#[allow(clippy::duplicate_mod)]
#[path = "../staff.rs"]
mod staff;
mod texts;
mod writes;

use crate::{
    cut::{self, Cut, Work},
    department::{DepartmentLayer, DepartmentPlan, NextFeature, check_same},
    error::StoreError,
    group::Group,
    kept::{MAPPED, Sum, hand_on},
    open::OpenMode,
    plan::{ImportPlan, Imported},
    schema::incidents,
    shelf::{Pool, Shelf},
    store::{AddressHit, Duty, Edit, FeatureEdit, NextRow, OnReject, Sink, Store},
    stored::fid_in,
    verify::Finding,
};
use diesel::{
    SqliteConnection,
    connection::SimpleConnection,
    dsl::max,
    prelude::*,
    sql_types::{BigInt, Double, Text},
};
use gridbeat_onemap::{
    department::{FeatureRow, Schema},
    record::{Change, Fid, IncidentRow, LayerKind, Placed, Region, Side, StaffRow},
    scope::Scope,
    shape::MultiPolygon,
};
use rusqlite::TransactionBehavior;
use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use writes::{Answer, Write, Written};

/// The connection that `single` works on.
type Conn = SqliteConnection;

/// Readers at once; more wait their turn.
const READERS: usize = 8;

/// How often an edit that others overtake is decided again before they are kept waiting for it.
const TRIES: usize = 8;

/// A store in a GeoPackage.
pub(crate) struct GeoPackage {
    writer: Shelf<SqliteConnection>,
    readers: Shelf<SqliteConnection>,
    bulk: Shelf<rusqlite::Connection>,
    writes: Group<Write, Answer>,
    /// Edits by other programs that were refused.
    refused: Mutex<outside::Refused>,
}

impl GeoPackage {
    /// Opens the file, making it first where `mode` says so.
    pub(crate) fn open(path: &str, mode: OpenMode) -> Result<Self, StoreError> {
        let path = std::path::absolute(Path::new(path))
            .map_err(|e| StoreError::unavailable(format!("{path} is no path"), e))?;
        connect::prepare(&path, mode)?;
        let alive = |_: &mut SqliteConnection| true;
        let (for_writer, for_readers) = (path.clone(), path.clone());
        let store = Self {
            writer: Shelf::new(1, alive, move || connect::open_diesel(&for_writer)),
            readers: Shelf::new(READERS, alive, move || connect::open_diesel(&for_readers)),
            bulk: Shelf::new(READERS, |_| true, move || connect::open_raw(&path)),
            writes: Group::new(),
            refused: Mutex::default(),
        };
        store.readers.with(single::last_change)?; // What cannot be read is said now, not later.
        Ok(store)
    }

    /// Writes together with whoever else waits.
    fn write(&self, write: Write) -> Answer {
        let all_fail = |writes: usize, e: &StoreError| (0..writes).map(|_| Err(e.again())).collect();
        let work = |writes: Vec<Write>| {
            let count = writes.len();
            let written = self.writer.with(|conn| {
                let written = writes::write_many(conn, writes);
                // A connection that broke is not used again.
                let broke = |w: &Answer| matches!(w, Err(StoreError::Unavailable { .. }));
                match written.first() {
                    Some(Err(e)) if written.iter().all(broke) => Err(e.again()),
                    _ => Ok(written),
                }
            });
            written.unwrap_or_else(|e| all_fail(count, &e))
        };
        self.writes.submit(write, work).unwrap_or_else(|| Err(lost()))
    }

    /// Takes in what other programs changed; see `outside`.
    fn take_in(&self) -> Result<(), StoreError> {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.bulk.with(|conn| outside::is_any(conn, &refused))? {
            return Ok(());
        }
        let _turn = self.writer.take()?;
        self.bulk.with(|conn| outside::take_in(conn, &mut refused))
    }
}

/// The answer to whoever got none, or another's, which should not be.
fn lost() -> StoreError {
    StoreError::Unavailable { what: "the write was lost".to_owned(), source: None }
}

/// A transaction that writes: it takes SQLite's lock at once, so that nobody can slip in between what
/// it reads and what it writes.
fn begin<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
    conn.immediate_transaction(work)
}

/// What the GeoPackage's table of contents says of a layer, after a change to it.
fn announce(conn: &mut Conn, change: &Change) -> Result<(), StoreError> {
    take_back(conn, change)?;
    let Some(b) = change.bbox else { return Ok(()) };
    diesel::sql_query(CONTENTS)
        .bind::<Double, _>(b.min.lon_degrees())
        .bind::<Double, _>(b.min.lat_degrees())
        .bind::<Double, _>(b.max.lon_degrees())
        .bind::<Double, _>(b.max.lat_degrees())
        .bind::<Text, _>(change.layer.collection())
        .execute(conn)?;
    Ok(())
}

/// The highest fid of an incident in a region. Asked by the fids alone, which say the region: if the column is
/// named as well, SQLite goes through all codes of the region, 50 ms for 300,000.
fn highest_incident(conn: &mut Conn, region: Region) -> Result<Option<Fid>, StoreError> {
    let (low, high) = (Fid::new(region, 0), Fid::new(region, u32::MAX));
    let fids = incidents::table.filter(incidents::fid.between(fid_in(low), fid_in(high)));
    let highest = fids.select(max(incidents::fid)).first::<Option<i64>>(conn)?;
    Ok(highest.map(|fid| Fid(fid as u64)))
}

/// Takes back what the triggers counted of a write of our own.
fn take_back(conn: &mut Conn, change: &Change) -> Result<(), StoreError> {
    diesel::sql_query("UPDATE gridbeat_outside SET edits = edits - ?1 WHERE layer = ?2")
        .bind::<BigInt, _>(change.rows as i64)
        .bind::<Text, _>(change.layer.as_str())
        .execute(conn)?;
    Ok(())
}

/// Grows the extent of a layer by a box and notes the time; parameters: west, south, east, north, layer.
const CONTENTS: &str = "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), \
     min_x = min(coalesce(min_x, ?1), ?1), min_y = min(coalesce(min_y, ?2), ?2), \
     max_x = max(coalesce(max_x, ?3), ?3), max_y = max(coalesce(max_y, ?4), ?4) WHERE table_name = ?5";

impl Store for GeoPackage {
    fn load(&self, _: &Scope, sink: &mut dyn Sink) -> Result<u64, StoreError> {
        self.take_in()?;
        // What was refused is not read either, not even the rows of it that could be.
        if let Some(refusal) = self.refused.lock().unwrap_or_else(PoisonError::into_inner).values().next() {
            return Err(refusal.error());
        }
        self.bulk.with(|conn| {
            let tx = conn.transaction()?;
            let last = read::last_change(&tx)?;
            for layer in MAPPED {
                read::each(&tx, layer, &mut |row| {
                    hand_on(row, sink);
                    Ok(())
                })?;
            }
            for schema in department::all(&tx)? {
                sink.department(schema.clone());
                department::each(&tx, &schema, &mut |row| {
                    sink.feature(row);
                    Ok(())
                })?;
            }
            Ok(last)
        })
    }

    fn import(
        &self,
        plan: &ImportPlan,
        rows: &mut NextRow<'_>,
        on_reject: &mut OnReject<'_>,
    ) -> Result<Imported, StoreError> {
        let mut turn = self.writer.take()?;
        let imported = self.bulk.with(|conn| {
            // Pages that a large import changes stay in memory rather than being written twice: up to
            // 256 MB, given back afterwards.
            conn.execute_batch("PRAGMA cache_size = -262144")?;
            let imported = import::import(conn, plan, rows, on_reject);
            conn.execute_batch("PRAGMA cache_size = -2000; PRAGMA shrink_memory")?;
            imported
        })?;
        // Into the file itself, so that the log does not stay as large as the import was. Readers may
        // hold it back; then a later one does it.
        let _ = turn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
        Ok(imported)
    }

    fn import_department(
        &self,
        plan: &DepartmentPlan,
        rows: &mut NextFeature<'_>,
        on_reject: &mut OnReject<'_>,
    ) -> Result<Imported, StoreError> {
        let mut turn = self.writer.take()?;
        let imported = self.bulk.with(|conn| department::import(conn, plan, rows, on_reject))?;
        let _ = turn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)"); // As after an import.
        Ok(imported)
    }

    fn departments(&self, _: &Scope) -> Result<Vec<DepartmentLayer>, StoreError> {
        self.bulk.with(|conn| {
            let tx = conn.transaction()?;
            department::layers(&tx)
        })
    }

    fn redraw(
        &self,
        side: Side,
        seen: u64,
        drawings: Vec<(Fid, MultiPolygon)>,
    ) -> Result<Change, StoreError> {
        self.writer.with(|conn| redraw::redraw(conn, side, seen, drawings))
    }

    fn create_incident(&self, row: IncidentRow) -> Result<(IncidentRow, Change), StoreError> {
        match self.write(Write::Create(row))? {
            Written::Created(row, change) => Ok((row, change)),
            Written::Edited(_) | Written::Overtaken => Err(lost()),
        }
    }

    fn edit_incident(
        &self,
        fid: Fid,
        decide: &mut dyn FnMut(&IncidentRow) -> Edit,
    ) -> Result<Option<(Option<IncidentRow>, Change)>, StoreError> {
        // Decided on what is there now, written together with others if it is still there then.
        for _ in 0..TRIES {
            let seen = self.incident(&Scope::all(), fid)?.ok_or(StoreError::NotFound)?;
            let edit = match decide(&seen) {
                Edit::Keep => return Ok(None),
                edit => edit,
            };
            match self.write(Write::Edit { seen, edit })? {
                Written::Edited(edited) => return Ok(edited),
                Written::Overtaken => {}
                Written::Created(..) => return Err(lost()),
            }
        }
        self.writer.with(|conn| single::edit(conn, fid, decide))
    }

    fn incident(&self, _: &Scope, fid: Fid) -> Result<Option<IncidentRow>, StoreError> {
        self.readers.with(|conn| single::read(conn, fid))
    }

    fn create_feature(
        &self,
        schema: &Schema,
        row: FeatureRow,
        placed: Placed,
    ) -> Result<(FeatureRow, Change), StoreError> {
        let _turn = self.writer.take()?;
        self.bulk.with(|conn| department::create(conn, schema, row, placed))
    }

    fn edit_feature(
        &self,
        schema: &Schema,
        fid: Fid,
        decide: &mut dyn FnMut(&FeatureRow) -> FeatureEdit,
    ) -> Result<Option<(Option<FeatureRow>, Change)>, StoreError> {
        let _turn = self.writer.take()?;
        self.bulk.with(|conn| department::edit(conn, schema, fid, decide))
    }

    fn feature(&self, _: &Scope, schema: &Schema, fid: Fid) -> Result<Option<FeatureRow>, StoreError> {
        self.bulk.with(|conn| {
            let tx = conn.transaction()?;
            check_same(department::schema(&tx, &schema.name)?.as_ref(), schema)?;
            department::feature(&tx, schema, fid)
        })
    }

    fn edit_staff(
        &self,
        fid: Fid,
        decide: &mut dyn FnMut(&StaffRow) -> Option<StaffRow>,
    ) -> Result<Option<(StaffRow, Change)>, StoreError> {
        self.writer.with(|conn| staff::edit(conn, fid, decide))
    }

    fn staff(&self, _: &Scope, fid: Fid) -> Result<Option<StaffRow>, StoreError> {
        self.readers.with(|conn| staff::read(conn, fid))
    }

    fn changes_since(&self, n: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
        self.readers.with(|conn| single::changes_since(conn, n, limit))
    }

    fn oldest_change(&self) -> Result<Option<u64>, StoreError> {
        self.readers.with(single::oldest_change)
    }

    fn last_change(&self) -> Result<u64, StoreError> {
        self.readers.with(single::last_change)
    }

    fn wait_for_change(&self, n: u64, timeout: Duration) -> Result<u64, StoreError> {
        const EVERY: Duration = Duration::from_millis(50);
        let end = Instant::now() + timeout;
        loop {
            self.take_in()?;
            let last = self.last_change()?;
            let left = end.saturating_duration_since(Instant::now());
            if last > n || left.is_zero() {
                return Ok(last);
            }
            std::thread::sleep(EVERY.min(left));
        }
    }

    fn on_duty(&self, _: &Scope, side: Side, areas: &[(Region, &str)]) -> Result<Vec<Duty>, StoreError> {
        self.readers.with(|conn| single::on_duty(conn, side, areas))
    }

    fn search_addresses(&self, _: &Scope, text: &str, limit: usize) -> Result<Vec<AddressHit>, StoreError> {
        if self.bulk.with(|conn| texts::is_stale(conn))? {
            let _turn = self.writer.take()?;
            self.bulk.with(|conn| {
                let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
                texts::catch_up(&tx)?;
                Ok(tx.commit()?)
            })?;
        }
        self.bulk.with(|conn| search::search(conn, text, limit))
    }

    fn table_counts(&self) -> Result<Vec<(LayerKind, u64)>, StoreError> {
        self.readers.with(single::table_counts)
    }

    fn has_layer(&self, side: Side) -> Result<bool, StoreError> {
        self.readers.with(|conn| single::has_layer(conn, side))
    }

    fn checksum(&self) -> Result<String, StoreError> {
        self.bulk.with(|conn| {
            let mut tx = conn.transaction()?;
            let mut sum = Sum::new();
            cut::add(&mut tx, &mut sum)?;
            Ok(sum.hex())
        })
    }

    fn department_checksum(&self, name: &str) -> Result<String, StoreError> {
        self.bulk.with(|conn| {
            let mut tx = conn.transaction()?;
            let layer = department::one(&tx, name)?.ok_or(StoreError::NotFound)?;
            let mut sum = Sum::new();
            cut::add_department(&mut tx, &mut sum, &layer.schema)?;
            Ok(sum.hex())
        })
    }

    fn read(&self, work: &mut Work<'_>) -> Result<(), StoreError> {
        self.bulk.with(|conn| work(&mut conn.transaction()?))
    }

    fn restore(&self, from: &mut dyn Cut) -> Result<(), StoreError> {
        let mut turn = self.writer.take()?;
        self.bulk.with(|conn| restore::restore(conn, from))?;
        let _ = turn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
        Ok(())
    }

    fn backup(&self, draft: &Path) -> Result<(), StoreError> {
        self.bulk.with(|conn| {
            // One transaction that reads; writers go on beside it.
            conn.execute("VACUUM INTO ?1", [draft.to_string_lossy()])?;
            Ok(())
        })
    }

    fn pools(&self) -> Vec<Pool> {
        vec![self.writer.pool("writer"), self.readers.pool("readers"), self.bulk.pool("bulk")]
    }

    fn inspect(&self, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
        self.bulk.with(|conn| inspect::inspect(conn, found))
    }

    fn layer_checksum(&self, layer: LayerKind) -> Result<String, StoreError> {
        self.bulk.with(|conn| {
            let mut sum = Sum::new();
            read::each(conn, layer, &mut |row| {
                sum.row(&row);
                Ok(())
            })?;
            Ok(sum.hex())
        })
    }
}
