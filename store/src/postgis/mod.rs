//! The PostGIS backend: `postgres://…`, for as many nodes beside each other as there are.
//!
//! Whoever writes locks the row that counts the changes first, so that change n is committed before
//! n + 1; readers are never kept waiting. Each change is announced on the channel `gridbeat`. The tables may be
//! partitioned over several servers: see [`partition`].

mod as_columns;
mod connect;
mod copy;
mod counts;
mod creates;
mod department;
mod import;
mod indexes;
mod inspect;
mod later;
mod listen;
mod partition;
mod read;
// Compiled once for each backend, as `single` is.
#[allow(clippy::duplicate_mod)]
#[path = "../redraw.rs"]
mod redraw;
mod restore;
mod search;
// Compiled once for each backend, on purpose: see its head.
#[allow(clippy::duplicate_mod)]
#[path = "../single.rs"]
mod single;
// The same.
#[allow(clippy::duplicate_mod)]
#[path = "../staff.rs"]
mod staff;
mod stage;
mod straight;

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
use diesel::{PgConnection, connection::SimpleConnection, dsl::max, prelude::*, sql_types::Text};
use gridbeat_onemap::{
    department::{FeatureRow, Schema},
    record::{Change, Fid, IncidentRow, LayerKind, Placed, Region, Side, StaffRow},
    scope::Scope,
    shape::MultiPolygon,
};
use listen::Ear;
use read::Moment;
use std::time::Duration;

/// The connection that `single` works on.
type Conn = PgConnection;

/// Connections of one node at most; more callers wait their turn.
const CONNECTIONS: usize = 16;

/// A store in PostgreSQL with PostGIS.
pub(crate) struct PostGis {
    connections: Shelf<PgConnection>,
    creates: Group<IncidentRow, creates::Created>,
    ear: Ear,
    /// Whether regions may lie on other servers.
    partitioned: bool,
}

impl PostGis {
    /// Connects, making the tables first where `mode` says so.
    pub(crate) fn open(url: &str, mode: OpenMode) -> Result<Self, StoreError> {
        let url = connect::patient(url);
        connect::prepare(&url, mode)?;
        let ear = Ear::new(&url);
        let alive = |c: &mut PgConnection| diesel::sql_query("SELECT 1").execute(c).is_ok();
        let connections = Shelf::new(CONNECTIONS, alive, move || connect::connect(&url));
        let partitioned = connections.with(partition::is_there)?;
        // Who may not, or cannot now, leaves them to the next; all but the speed of searches is as it should be.
        let _ = connections.with(later::make_left);
        Ok(Self { connections, creates: Group::new(), ear, partitioned })
    }

    /// Reads one consistent cut.
    fn cut<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut work = Some(work);
        self.connections.with(|conn| {
            loop {
                let read = conn.build_transaction().repeatable_read().read_only().run(|conn| {
                    if self.partitioned && !partition::agree(conn)? {
                        return Ok(None);
                    }
                    work.take().map(|work| work(conn)).transpose()
                })?;
                match read {
                    Some(read) => return Ok(read),
                    // A write was between its commits, or broke off there.
                    None => partition::mend(conn)?,
                }
            }
        })
    }
}

/// A transaction that writes: it waits until it is its turn to number a change.
fn begin<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> Result<T, StoreError> {
    conn.transaction(|conn| {
        take_turn(conn)?;
        work(conn)
    })
}

/// Locks the row that counts the changes, until the transaction ends.
fn take_turn(conn: &mut Conn) -> Result<(), StoreError> {
    conn.batch_execute("SELECT last FROM gridbeat_counters WHERE name = 'change' AND region = 0 FOR UPDATE")?;
    Ok(())
}

/// Wakes the nodes that wait for changes, when the transaction commits.
fn announce(conn: &mut Conn, change: &Change) -> Result<(), StoreError> {
    diesel::sql_query("SELECT pg_notify('gridbeat', $1)")
        .bind::<Text, _>(change.n.to_string())
        .execute(conn)?;
    Ok(())
}

/// The highest fid of an incident in a region. The column is named besides the fids, which say the same: it says
/// which server to ask.
fn highest_incident(conn: &mut Conn, region: Region) -> Result<Option<Fid>, StoreError> {
    let (low, high) = (Fid::new(region, 0), Fid::new(region, u32::MAX));
    let fids = incidents::table
        .filter(incidents::region.eq(i32::from(region.0)))
        .filter(incidents::fid.between(fid_in(low), fid_in(high)));
    let highest = fids.select(max(incidents::fid)).first::<Option<i64>>(conn)?;
    Ok(highest.map(|fid| Fid(fid as u64)))
}

impl Store for PostGis {
    fn load(&self, _: &Scope, sink: &mut dyn Sink) -> Result<u64, StoreError> {
        self.cut(|conn| {
            let last = single::last_change(conn)?;
            for layer in MAPPED {
                read::each(conn, layer, &mut |row| {
                    hand_on(row, sink);
                    Ok(())
                })?;
            }
            for schema in department::all(conn)? {
                sink.department(schema.clone());
                department::each(conn, &schema, &mut |row| {
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
        let partitioned = self.partitioned;
        let import = |conn: &mut Conn| import::import(conn, plan, partitioned, rows, on_reject);
        let (done, indexes_left) = self.connections.with(import)?;
        if indexes_left {
            later::make(&self.connections);
        }
        Ok(done)
    }

    fn import_department(
        &self,
        plan: &DepartmentPlan,
        rows: &mut NextFeature<'_>,
        on_reject: &mut OnReject<'_>,
    ) -> Result<Imported, StoreError> {
        self.connections.with(|conn| department::import(conn, plan, rows, on_reject))
    }

    fn departments(&self, _: &Scope) -> Result<Vec<DepartmentLayer>, StoreError> {
        self.cut(department::layers)
    }

    fn redraw(
        &self,
        side: Side,
        seen: u64,
        drawings: Vec<(Fid, MultiPolygon)>,
    ) -> Result<Change, StoreError> {
        self.connections.with(|conn| redraw::redraw(conn, side, seen, drawings))
    }

    fn create_incident(&self, row: IncidentRow) -> Result<(IncidentRow, Change), StoreError> {
        let lost = || Err(StoreError::Unavailable { what: "the write was lost".to_owned(), source: None });
        let all_fail = |rows: usize, e: &StoreError| (0..rows).map(|_| Err(e.again())).collect();
        let work = |rows: Vec<IncidentRow>| {
            let (count, mut answers) = (rows.len(), None);
            let done = self.connections.with(|conn| {
                let created = if self.partitioned {
                    creates::create_by_region(conn, rows)
                } else {
                    creates::create_many(conn, rows)
                };
                // A connection that broke is not used again.
                let broke = created.iter().find_map(|c| match c {
                    Err(e @ StoreError::Unavailable { .. }) => Some(e.again()),
                    _ => None,
                });
                answers = Some(created);
                broke.map_or(Ok(()), Err)
            });
            match (answers, done) {
                (Some(answers), _) => answers,
                (None, Err(e)) => all_fail(count, &e),
                (None, Ok(())) => (0..count).map(|_| lost()).collect(),
            }
        };
        self.creates.submit(row, work).unwrap_or_else(lost)
    }

    fn edit_incident(
        &self,
        fid: Fid,
        decide: &mut dyn FnMut(&IncidentRow) -> Edit,
    ) -> Result<Option<(Option<IncidentRow>, Change)>, StoreError> {
        self.connections.with(|conn| single::edit(conn, fid, decide))
    }

    fn incident(&self, _: &Scope, fid: Fid) -> Result<Option<IncidentRow>, StoreError> {
        self.connections.with(|conn| single::read(conn, fid))
    }

    fn create_feature(
        &self,
        schema: &Schema,
        row: FeatureRow,
        placed: Placed,
    ) -> Result<(FeatureRow, Change), StoreError> {
        self.connections.with(|conn| department::create(conn, schema, row, placed))
    }

    fn edit_feature(
        &self,
        schema: &Schema,
        fid: Fid,
        decide: &mut dyn FnMut(&FeatureRow) -> FeatureEdit,
    ) -> Result<Option<(Option<FeatureRow>, Change)>, StoreError> {
        self.connections.with(|conn| department::edit(conn, schema, fid, decide))
    }

    fn feature(&self, _: &Scope, schema: &Schema, fid: Fid) -> Result<Option<FeatureRow>, StoreError> {
        self.cut(|conn| {
            check_same(department::schema(conn, &schema.name)?.as_ref(), schema)?;
            department::feature(conn, schema, fid)
        })
    }

    fn edit_staff(
        &self,
        fid: Fid,
        decide: &mut dyn FnMut(&StaffRow) -> Option<StaffRow>,
    ) -> Result<Option<(StaffRow, Change)>, StoreError> {
        self.connections.with(|conn| staff::edit(conn, fid, decide))
    }

    fn staff(&self, _: &Scope, fid: Fid) -> Result<Option<StaffRow>, StoreError> {
        self.connections.with(|conn| staff::read(conn, fid))
    }

    fn changes_since(&self, n: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
        self.connections.with(|conn| single::changes_since(conn, n, limit))
    }

    fn oldest_change(&self) -> Result<Option<u64>, StoreError> {
        self.connections.with(single::oldest_change)
    }

    fn last_change(&self) -> Result<u64, StoreError> {
        self.connections.with(single::last_change)
    }

    fn wait_for_change(&self, n: u64, timeout: Duration) -> Result<u64, StoreError> {
        self.ear.wait(&self.connections, n, timeout)
    }

    fn on_duty(&self, _: &Scope, side: Side, areas: &[(Region, &str)]) -> Result<Vec<Duty>, StoreError> {
        self.connections.with(|conn| single::on_duty(conn, side, areas))
    }

    fn search_addresses(&self, _: &Scope, text: &str, limit: usize) -> Result<Vec<AddressHit>, StoreError> {
        self.connections.with(|conn| search::search(conn, text, limit))
    }

    fn table_counts(&self) -> Result<Vec<(LayerKind, u64)>, StoreError> {
        self.cut(single::table_counts)
    }

    fn has_layer(&self, side: Side) -> Result<bool, StoreError> {
        self.connections.with(|conn| single::has_layer(conn, side))
    }

    fn checksum(&self) -> Result<String, StoreError> {
        self.cut(|conn| {
            let mut sum = Sum::new();
            cut::add(&mut Moment(conn), &mut sum)?;
            Ok(sum.hex())
        })
    }

    fn department_checksum(&self, name: &str) -> Result<String, StoreError> {
        self.cut(|conn| {
            let schema =
                department::all(conn)?.into_iter().find(|s| s.name == name).ok_or(StoreError::NotFound)?;
            let mut sum = Sum::new();
            cut::add_department(&mut Moment(conn), &mut sum, &schema)?;
            Ok(sum.hex())
        })
    }

    fn read(&self, work: &mut Work<'_>) -> Result<(), StoreError> {
        self.cut(|conn| work(&mut Moment(conn)))
    }

    fn restore(&self, from: &mut dyn Cut) -> Result<(), StoreError> {
        self.connections.with(|conn| restore::restore(conn, from))
    }

    fn pools(&self) -> Vec<Pool> {
        vec![self.connections.pool("connections")]
    }

    fn inspect(&self, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
        self.connections.with(|conn| {
            inspect::inspect(conn, found)?;
            if self.partitioned { partition::inspect(conn, found) } else { Ok(()) }
        })
    }

    fn layer_checksum(&self, layer: LayerKind) -> Result<String, StoreError> {
        self.cut(|conn| {
            let mut sum = Sum::new();
            read::each(conn, layer, &mut |row| {
                sum.row(&row);
                Ok(())
            })?;
            Ok(sum.hex())
        })
    }
}
