//! How many there are on some ground.

use super::{Budget, IncidentFilter, QueryError, StaffFilter, Where, rows};
use crate::{
    Reader, Tally,
    live::{Incident, StaffPosition},
};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts {
    /// Addresses, what they hold, and incidents.
    pub tally: Tally,
    /// Staff, by last position.
    pub staff: u64,
    /// Of those, who is on duty.
    pub on_duty: u64,
}

impl Counts {
    /// Adds a number of addresses with the sums of their residents, dwellings and organisations.
    pub(super) fn add_addresses(&mut self, addresses: u64, [residents, dwellings, organisations]: [u64; 3]) {
        self.tally += Tally { addresses, residents, dwellings, organisations, ..Tally::default() };
    }

    pub(super) fn add_incident(&mut self, incident: &Incident) {
        self.tally.incidents += 1;
        self.tally.incidents_open += u64::from(incident.row.state.is_open());
    }

    pub(super) fn add_staff(&mut self, person: &StaffPosition) {
        self.staff += 1;
        self.on_duty += u64::from(person.row.on_duty);
    }
}

impl Reader<'_> {
    /// Counts what is there; of the incidents those that the filter wants.
    ///
    /// # Errors
    /// When the budget is spent. Addresses on ground of any size cost its border only.
    pub fn count(
        &self,
        place: &Where,
        filter: &IncidentFilter,
        budget: &Budget<'_>,
    ) -> Result<Counts, QueryError> {
        let mut counts = Counts::default();
        // What is counted anyway needs not be looked at.
        let tallied = place.pieces().filter(|_| place.ground().is_all());
        match (tallied, place.pieces()) {
            (Some(pieces), _) => {
                budget.spend(pieces.len() as u64)?;
                for &piece in pieces {
                    let tally = self.tally(piece);
                    counts.tally += Tally { incidents: 0, incidents_open: 0, ..tally };
                }
            }
            (None, None) => {
                budget.spend(1 + place.ground().edges() as u64)?;
                let (addresses, sums) = self.addresses().sum_on(place.ground());
                counts.add_addresses(addresses, sums);
            }
            (None, Some(_)) => rows::addresses(self, place, budget, |i| {
                counts.add_addresses(1, self.addresses().counts(i));
            })?,
        }
        match tallied.filter(|_| filter.is_any()) {
            Some(pieces) => {
                for &piece in pieces {
                    let Tally { incidents, incidents_open, .. } = self.tally(piece);
                    counts.tally += Tally { incidents, incidents_open, ..Tally::default() };
                }
            }
            None => rows::live(self.incidents(), place, filter, budget, |i| counts.add_incident(i))?,
        }
        let any = StaffFilter::default();
        rows::live(self.staff(), place, &any, budget, |p| counts.add_staff(p))?;
        Ok(counts)
    }
}
