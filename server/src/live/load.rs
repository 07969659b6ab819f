//! From the store to a map: every row of one consistent cut.

use super::{
    regions::Regions,
    snapshot_file::{self, Origin},
};
use gridbeat_onemap::{
    MapBuilder, OneMap, Scope,
    department::{FeatureRow, Schema},
    record::{AreaRow, IncidentRow, LayerKind, Side, StaffRow},
};
use gridbeat_store::{AddressRef, Kept, Sink, Store, StoreError};
use std::{io, path::Path, thread, time::Duration};

/// Changes looked at at once.
const BATCH: usize = 4096;

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

/// Builds the map of some regions with the addresses of the snapshot file at `path`; `None` where that cannot
/// be trusted.
///
/// # Errors
/// When the store cannot be read.
pub fn load_with_snapshot(
    store: &dyn Store,
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
    let mut sink = IntoMap(MapBuilder::new(), regions);
    let mut change = 0;
    let (read, addresses) = thread::scope(|s| {
        let reading = s.spawn(|| pending.read());
        let read = store.read(&mut |cut| {
            change = cut.last_change()?;
            for layer in [LayerKind::Grid, LayerKind::Beat, LayerKind::Incident, LayerKind::Staff] {
                cut.rows(layer, &mut |kept| {
                    match kept {
                        Kept::Area(side, row) => sink.area(side, row),
                        Kept::Incident(row) => sink.incident(row),
                        Kept::Staff(row) => sink.staff(StaffRow { name: None, phone: None, ..row }),
                        Kept::Address(_) | Kept::Resident(..) => {}
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
        });
        (read, reading.join())
    });
    read?;
    let addresses = match addresses {
        Ok(Ok(addresses)) => addresses,
        Ok(Err(e)) => return passed_over(&e),
        Err(_) => return passed_over(&"reading it broke off"),
    };
    let mut ground = origin.ground;
    let mut at = origin.change;
    while at < change {
        let some = store.changes_since(at, BATCH)?;
        let Some(last) = some.last() else { break };
        at = last.n;
        for c in some.iter().filter(|c| c.n <= change) {
            match c.layer.built_in() {
                Some(LayerKind::Address | LayerKind::Resident) => {
                    return passed_over(&"addresses or residents were changed after it");
                }
                // The places of addresses are looked up again.
                Some(LayerKind::Grid | LayerKind::Beat) => ground = !origin.ground,
                _ => {}
            }
        }
    }
    tracing::info!(path = %path.display(), addresses = addresses.len(), "read the snapshot");
    sink.0.placed_addresses(addresses, ground);
    Ok(Some(sink.0.finish(change)))
}
