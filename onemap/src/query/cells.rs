//! Counts in each cell of a raster.

use super::{
    Budget, Cell, Counts, IncidentFilter, QueryError, Raster, StaffFilter, Where, budget::outcome, rows,
};
use crate::Reader;
use std::collections::BTreeMap;

/// The most cells of an answer.
pub const MOST_CELLS: usize = 100_000;

impl Reader<'_> {
    /// Counts what is there by cell, leaving out cells with nothing; of the incidents those that the
    /// filter wants.
    ///
    /// # Errors
    /// When there are more than [`MOST_CELLS`], or the budget is spent. Addresses of cells much larger
    /// than a house cost the borders of the cells.
    pub fn count_by_cell(
        &self,
        place: &Where,
        filter: &IncidentFilter,
        raster: &Raster,
        budget: &Budget<'_>,
    ) -> Result<BTreeMap<Cell, Counts>, QueryError> {
        let mut cells: BTreeMap<Cell, Counts> = BTreeMap::new();
        let addresses = self.addresses();
        if place.pieces().is_none() {
            budget.spend(place.ground().edges() as u64)?;
            let (index, columns) = addresses.index();
            let counts = |i| addresses.counts(i);
            let sums = index.cells_on(place.ground(), raster, columns, counts, |n| budget.step(n));
            for (cell, (n, sums)) in outcome(sums)? {
                cells.entry(cell).or_default().add_addresses(n, sums);
            }
        } else {
            rows::addresses(self, place, budget, |i| {
                let at = addresses.place_and_residents(i).0;
                cells.entry(raster.cell(at)).or_default().add_addresses(1, addresses.counts(i));
            })?;
        }
        rows::live(self.incidents(), place, filter, budget, |incident| {
            cells.entry(raster.cell(incident.row.at)).or_default().add_incident(incident);
        })?;
        rows::live(self.staff(), place, &StaffFilter::default(), budget, |person| {
            if let Some(at) = person.row.at {
                cells.entry(raster.cell(at)).or_default().add_staff(person);
            }
        })?;
        if cells.len() > MOST_CELLS {
            return Err(QueryError::TooMany { what: "cells", most: MOST_CELLS });
        }
        Ok(cells)
    }
}
