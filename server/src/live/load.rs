//! From the store to a map: every row of one consistent cut.

use super::{
    regions::Regions,
    snapshot_file::{self, Origin},
};
use gridbeat_onemap::{
    Grounded, MapBuilder, OneMap, Scope,
    department::{FeatureRow, Schema},
    record::{AreaRow, Fid, IncidentRow, LayerKind, Side, StaffRow},
};
use gridbeat_store::{AddressRef, Kept, Sink, Store, StoreError};
use std::{collections::BTreeSet, io, path::Path, thread, time::Duration};

/// Changes looked at at once.
const BATCH: usize = 4096;
/// Incidents that are read one by one rather than all.
const MOST_CHANGED: usize = 20_000;

/// Hands the rows of some regions to the builder.
struct IntoMap<'a>(MapBuilder, &'a Regions);

impl Sink for IntoMap<'_> {
    fn area(&mut self, side: Side, row: AreaRow) {
        if self.1.hold_area(&row) {
            self.0.area(side, row);
        }
    }

    fn address(&mut self, row: AddressRef<'_>) {
        if self.1.hold_row(row.fid) {
            self.0.address(&row.to_row());
        }
    }

    fn incident(&mut self, row: IncidentRow) {
        if self.1.hold_row(row.fid) {
            self.0.incident(row);
        }
    }

    fn staff(&mut self, row: StaffRow) {
        if self.1.hold_row(row.fid) {
            self.0.staff(row);
        }
    }

    fn department(&mut self, schema: Schema) {
        self.0.department(schema);
    }

    fn feature(&mut self, row: FeatureRow) {
        if self.1.hold_row(row.fid) {
            self.0.feature(row);
        }
    }
}

/// Builds the map of everything in the store.
///
/// # Errors
/// When the store cannot be read.
pub fn load_map(store: &dyn Store, scope: &Scope) -> Result<OneMap, StoreError> {
    load_regions(store, scope, &Regions::default())
}

/// Builds the map of some regions.
///
/// # Errors
/// When the store cannot be read.
pub fn load_regions(store: &dyn Store, scope: &Scope, regions: &Regions) -> Result<OneMap, StoreError> {
    let mut sink = IntoMap(MapBuilder::new(), regions);
    let change = store.load(scope, &mut sink)?;
    Ok(sink.0.finish(change))
}

/// Builds the map without addresses and incidents, for who asks for neither: they are nearly all rows.
///
/// # Errors
/// When the store cannot be read.
pub fn load_ground(store: &dyn Store) -> Result<OneMap, StoreError> {
    Ok(read_ground(store, &Regions::default())?.0.finish())
}

/// Builds the map of some regions with the addresses and incidents of the snapshot file at `path`; `None` where
/// that cannot be trusted.
///
/// # Errors
/// When the store cannot be read.
pub fn load_with_snapshot(
    store: &dyn Store,
    scope: &Scope,
    regions: &Regions,
    path: &Path,
) -> Result<Option<OneMap>, StoreError> {
    let passed_over = |why: &dyn std::fmt::Display| {
        tracing::info!(path = %path.display(), %why, "the snapshot is passed over; reading the rows");
        Ok(None)
    };
    let pending = match snapshot_file::open(path) {
        Ok(pending) => pending,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return passed_over(&e),
    };
    // What other programs changed gets into the log first.
    store.wait_for_change(0, Duration::ZERO)?;
    let origin = pending.origin().clone();
    if Origin::of(store, origin.change, regions, origin.ground)?.as_ref() != Some(&origin) {
        return passed_over(&"it is of another store, version or choice of regions");
    }
    // The boundaries are read and built beside the rest.
    let (grounded, placed) = thread::scope(|s| {
        let reading = s.spawn(|| pending.read());
        (read_ground(store, regions), reading.join())
    });
    let (mut grounded, change) = grounded?;
    let mut placed = match placed {
        Ok(Ok(placed)) => placed,
        Ok(Err(e)) => return passed_over(&e),
        Err(_) => return passed_over(&"reading it broke off"),
    };
    let mut changed = match since(store, &origin, change)? {
        Since::Addresses => return passed_over(&"addresses or residents were changed after it"),
        Since::Incidents(changed) => Some(changed),
        Since::AllIncidents => None,
    };
    // On other ground, those that the store never placed may be another's.
    changed = changed.filter(|_| grounded.ground_mark() == origin.ground);
    if changed.is_none() {
        placed.incidents = Vec::new();
        let mut take = |kept: Kept<'_>| {
            match kept {
                Kept::Incident(row) if regions.hold_row(row.fid) => grounded.incident(row),
                _ => {}
            }
            Ok(())
        };
        store.read(&mut |cut| cut.rows(LayerKind::Incident, &mut take))?;
    }
    tracing::info!(path = %path.display(), addresses = placed.addresses.len(), "read the snapshot");
    let mut map = grounded.finish_with(placed);
    for fid in changed.into_iter().flatten().filter(|&fid| regions.hold_row(fid)) {
        map = map.with_incident(change, fid, store.incident(scope, fid)?);
    }
    if map.wants_merge() {
        map = map.with_merged(&map.merged());
    }
    Ok(Some(map))
}

/// Reads all but addresses and incidents, and builds the boundaries. Returns the change as of which that is.
fn read_ground(store: &dyn Store, regions: &Regions) -> Result<(Grounded, u64), StoreError> {
    let mut sink = IntoMap(MapBuilder::new(), regions);
    let mut change = 0;
    store.read(&mut |cut| {
        change = cut.last_change()?;
        for layer in [LayerKind::Grid, LayerKind::Beat, LayerKind::Staff] {
            cut.rows(layer, &mut |kept| {
                match kept {
                    Kept::Area(side, row) => sink.area(side, row),
                    Kept::Staff(row) => sink.staff(StaffRow { name: None, phone: None, ..row }),
                    Kept::Address(_) | Kept::Resident(..) | Kept::Incident(_) => {}
                }
                Ok(())
            })?;
        }
        for schema in cut.departments()? {
            sink.department(schema.clone());
            cut.features(&schema, &mut |row| {
                sink.feature(row);
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok((sink.0.ground(change), change))
}

/// What the log says happened after a snapshot.
enum Since {
    /// To addresses or residents: it is of no use.
    Addresses,
    /// To these incidents. A row that is read now may be newer than the last change looked at; then the change
    /// that made it so is applied again later, which does no harm.
    Incidents(BTreeSet<Fid>),
    /// An import of incidents, or so many changes that all rows are as soon read.
    AllIncidents,
}

fn since(store: &dyn Store, origin: &Origin, change: u64) -> Result<Since, StoreError> {
    let mut incidents = Some(BTreeSet::new());
    let mut at = origin.change;
    while at < change {
        let some = store.changes_since(at, BATCH)?;
        let Some(last) = some.last() else { break };
        at = last.n;
        for c in some.iter().filter(|c| c.n <= change) {
            match (c.layer.built_in(), c.fid) {
                (Some(LayerKind::Address | LayerKind::Resident), _) => return Ok(Since::Addresses),
                (Some(LayerKind::Incident), Some(fid)) => {
                    if let Some(incidents) = &mut incidents {
                        incidents.insert(fid);
                    }
                }
                (Some(LayerKind::Incident), None) => incidents = None,
                _ => {}
            }
        }
        incidents = incidents.filter(|i| i.len() <= MOST_CHANGED);
    }
    Ok(incidents.map_or(Since::AllIncidents, Since::Incidents))
}
