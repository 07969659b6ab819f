//! The nearest rows.

use super::{Budget, IncidentFilter, MOST_ITEMS, QueryError, StaffFilter, budget::outcome, filter::Filter};
use crate::{
    E7, Reader,
    live::{Incident, Live, Positioned, StaffPosition},
};
use std::ops::ControlFlow;

impl<'a> Reader<'a> {
    /// The `k` nearest addresses with their distance in metres, nearest first.
    ///
    /// # Errors
    /// When `k` is none, or the budget is spent.
    pub fn nearest_addresses(
        &self,
        at: E7,
        k: usize,
        budget: &Budget<'_>,
    ) -> Result<Vec<(u32, f64)>, QueryError> {
        check(k)?;
        outcome(self.addresses().nearest_until(at, k, |_| {
            budget.step(1)?;
            ControlFlow::Continue(true)
        }))
    }

    /// The `k` nearest incidents that a filter wants, with their distance in metres, nearest first.
    ///
    /// # Errors
    /// When `k` is none, or the budget is spent.
    pub fn nearest_incidents(
        &self,
        at: E7,
        k: usize,
        filter: &IncidentFilter,
        budget: &Budget<'_>,
    ) -> Result<Vec<(&'a Incident, f64)>, QueryError> {
        nearest(self.incidents(), at, k, filter, budget)
    }

    /// The `k` nearest members of staff that a filter wants (of a side, on duty), with their distance
    /// in metres, nearest first.
    ///
    /// # Errors
    /// When `k` is none, or the budget is spent.
    pub fn nearest_staff(
        &self,
        at: E7,
        k: usize,
        filter: &StaffFilter,
        budget: &Budget<'_>,
    ) -> Result<Vec<(&'a StaffPosition, f64)>, QueryError> {
        nearest(self.staff(), at, k, filter, budget)
    }
}

fn nearest<'a, T: Positioned>(
    live: &'a Live<T>,
    at: E7,
    k: usize,
    filter: &impl Filter<T>,
    budget: &Budget<'_>,
) -> Result<Vec<(&'a T, f64)>, QueryError> {
    check(k)?;
    outcome(live.nearest_until(at, k, |row| {
        budget.step(1)?;
        ControlFlow::Continue(filter.wants(row))
    }))
}

pub(super) fn check(k: usize) -> Result<(), QueryError> {
    if (1..=MOST_ITEMS).contains(&k) {
        return Ok(());
    }
    Err(QueryError::Parameter { parameter: "k", found: k.to_string(), expected: "a number from 1 to 10000" })
}
