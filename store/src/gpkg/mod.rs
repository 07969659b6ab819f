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
mod import;
mod read;
// Compiled once for each backend, as `single` is.
#[allow(clippy::duplicate_mod)]
#[path = "../redraw.rs"]
mod redraw;
mod rtree;
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

use crate::{
    department::{DepartmentLayer, DepartmentPlan, NextFeature},
    error::StoreError,
    kept::{MAPPED, Sum, hand_on},
    open::OpenMode,
    plan::{ImportPlan, Imported},
    shelf::Shelf,
    store::{AddressHit, Duty, Edit, NextRow, OnReject, Sink, Store},
};
use diesel::{
    RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    sql_types::{Double, Text},
};
use gridbeat_onemap::{
    department::Schema,
    e7::Bounds,
    record::{Change, Fid, IncidentRow, LayerKind, Region, Side, StaffRow},
    scope::Scope,
    shape::MultiPolygon,
};
use rusqlite::TransactionBehavior;
use std::path::Path;

/// The connection that `single` works on.
type Conn = SqliteConnection;

/// Readers at once; more wait their turn.
const READERS: usize = 8;

/// A store in a GeoPackage.
pub(crate) struct GeoPackage {
    writer: Shelf<SqliteConnection>,
    readers: Shelf<SqliteConnection>,
    bulk: Shelf<rusqlite::Connection>,
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
        };
        store.readers.with(single::last_change)?; // What cannot be read is said now, not later.
        Ok(store)
    }
}

/// A transaction that writes: it takes SQLite's lock at once, so that nobody can slip in between what
/// it reads and what it writes.
fn begin<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
    conn.immediate_transaction(work)
}

/// A department's layer into a checksum.
fn sum_department(conn: &rusqlite::Connection, sum: &mut Sum, schema: &Schema) -> Result<(), StoreError> {
    sum.department(schema);
    department::each(conn, schema, &mut |row| {
        sum.feature(&row);
        Ok(())
    })
}

/// What the GeoPackage's table of contents says of a layer, after a change to it.
fn announce(conn: &mut Conn, change: &Change) -> Result<(), StoreError> {
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

/// Grows the extent of a layer by a box and notes the time; parameters: west, south, east, north, layer.
const CONTENTS: &str = "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), \
     min_x = min(coalesce(min_x, ?1), ?1), min_y = min(coalesce(min_y, ?2), ?2), \
     max_x = max(coalesce(max_x, ?3), ?3), max_y = max(coalesce(max_y, ?4), ?4) WHERE table_name = ?5";

impl Store for GeoPackage {
    fn load(&self, _: &Scope, sink: &mut dyn Sink) -> Result<u64, StoreError> {
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
        self.writer.with(|conn| single::create(conn, row))
    }

    fn edit_incident(
        &self,
        fid: Fid,
        decide: &mut dyn FnMut(&IncidentRow) -> Edit,
    ) -> Result<Option<(Option<IncidentRow>, Change)>, StoreError> {
        self.writer.with(|conn| single::edit(conn, fid, decide))
    }

    fn incident(&self, _: &Scope, fid: Fid) -> Result<Option<IncidentRow>, StoreError> {
        self.readers.with(|conn| single::read(conn, fid))
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

    fn on_duty(&self, _: &Scope, side: Side, areas: &[(Region, &str)]) -> Result<Vec<Duty>, StoreError> {
        self.readers.with(|conn| single::on_duty(conn, side, areas))
    }

    fn search_addresses(
        &self,
        _: &Scope,
        text: &str,
        limit: usize,
        bbox: Option<Bounds>,
    ) -> Result<Vec<AddressHit>, StoreError> {
        if self.bulk.with(|conn| texts::is_stale(conn))? {
            let _turn = self.writer.take()?;
            self.bulk.with(|conn| {
                let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
                texts::catch_up(&tx)?;
                Ok(tx.commit()?)
            })?;
        }
        self.bulk.with(|conn| search::search(conn, text, limit, bbox))
    }

    fn table_counts(&self) -> Result<Vec<(LayerKind, u64)>, StoreError> {
        self.readers.with(single::table_counts)
    }

    fn has_layer(&self, side: Side) -> Result<bool, StoreError> {
        self.readers.with(|conn| single::has_layer(conn, side))
    }

    fn checksum(&self) -> Result<String, StoreError> {
        self.bulk.with(|conn| {
            let tx = conn.transaction()?;
            let mut sum = Sum::new();
            for &layer in LayerKind::ALL {
                sum.table(layer.collection());
                read::each(&tx, layer, &mut |row| {
                    sum.row(&row);
                    Ok(())
                })?;
            }
            read::log(&tx, &mut sum)?;
            for schema in department::all(&tx)? {
                sum_department(&tx, &mut sum, &schema)?;
            }
            Ok(sum.hex())
        })
    }

    fn department_checksum(&self, name: &str) -> Result<String, StoreError> {
        self.bulk.with(|conn| {
            let tx = conn.transaction()?;
            let layer = department::one(&tx, name)?.ok_or(StoreError::NotFound)?;
            let mut sum = Sum::new();
            sum_department(&tx, &mut sum, &layer.schema)?;
            Ok(sum.hex())
        })
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
