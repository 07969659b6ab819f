//! From the store to a map: every row of one consistent cut.

use gridbeat_onemap::{
    MapBuilder, OneMap, Scope,
    department::{FeatureRow, Schema},
    record::{AreaRow, IncidentRow, Side, StaffRow},
};
use gridbeat_store::{AddressRef, Sink, Store, StoreError};

/// Hands the store's rows to the builder.
struct IntoMap(MapBuilder);

impl Sink for IntoMap {
    fn area(&mut self, side: Side, row: AreaRow) {
        self.0.area(side, row);
    }

    fn address(&mut self, row: AddressRef<'_>) {
        self.0.address(&row.to_row());
    }

    fn incident(&mut self, row: IncidentRow) {
        self.0.incident(row);
    }

    fn staff(&mut self, row: StaffRow) {
        self.0.staff(row);
    }

    fn department(&mut self, schema: Schema) {
        self.0.department(schema);
    }

    fn feature(&mut self, row: FeatureRow) {
        self.0.feature(row);
    }
}

/// Builds the map of everything in the store.
///
/// # Errors
/// When the store cannot be read.
pub fn load_map(store: &dyn Store, scope: &Scope) -> Result<OneMap, StoreError> {
    let mut sink = IntoMap(MapBuilder::new());
    let change = store.load(scope, &mut sink)?;
    Ok(sink.0.finish(change))
}
