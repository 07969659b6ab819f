//! Which rows to look for.

use crate::{
    live::{Incident, Positioned, StaffPosition},
    record::{Risk, Side, State},
};
use jiff::Timestamp;
use std::ops::RangeInclusive;

/// From one moment to another, both included; `None` is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// The first.
    pub from: Option<Timestamp>,
    /// The last.
    pub to: Option<Timestamp>,
}

impl TimeRange {
    /// Any time, or none.
    pub const ANY: Self = Self { from: None, to: None };

    /// Whether it asks for nothing.
    pub fn is_any(&self) -> bool {
        *self == Self::ANY
    }

    /// Whether a row with this time is meant. One without a time is, only if nothing is asked.
    pub fn contains(&self, time: Option<Timestamp>) -> bool {
        self.is_any() || time.is_some_and(|t| self.range().contains(&t))
    }

    /// Without open ends.
    pub(super) fn range(&self) -> RangeInclusive<Timestamp> {
        self.from.unwrap_or(Timestamp::MIN)..=self.to.unwrap_or(Timestamp::MAX)
    }
}

/// Which incidents; what is empty or `None` asks for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct IncidentFilter {
    /// When reported.
    pub time: TimeRange,
    /// Any of these categories.
    pub categories: Vec<String>,
    /// Any of these states.
    pub states: Vec<State>,
    /// Any of these risks.
    pub risks: Vec<Risk>,
    /// Whether somebody still has to act.
    pub open: Option<bool>,
}

/// Which members of staff; what is `None` asks for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct StaffFilter {
    /// When last seen.
    pub seen: TimeRange,
    /// Of which side.
    pub side: Option<Side>,
    /// Whether on duty.
    pub on_duty: Option<bool>,
    /// In which role.
    pub role: Option<String>,
}

/// Tells rows that are meant from others.
pub(super) trait Filter<T: Positioned> {
    fn time(&self) -> &TimeRange;
    /// Whether a row is meant, its time aside.
    fn accepts(&self, row: &T) -> bool;
    /// Whether a row is meant.
    fn wants(&self, row: &T) -> bool {
        self.accepts(row) && self.time().contains(row.time())
    }
}

impl IncidentFilter {
    /// Whether it asks for nothing.
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }
}

impl Filter<Incident> for IncidentFilter {
    fn time(&self) -> &TimeRange {
        &self.time
    }

    fn accepts(&self, incident: &Incident) -> bool {
        let row = &incident.row;
        let category = || row.category.as_ref().is_some_and(|c| self.categories.contains(c));
        let risk = || row.risk.is_some_and(|r| self.risks.contains(&r));
        (self.states.is_empty() || self.states.contains(&row.state))
            && self.open.is_none_or(|open| row.state.is_open() == open)
            && (self.risks.is_empty() || risk())
            && (self.categories.is_empty() || category())
    }
}

impl Filter<StaffPosition> for StaffFilter {
    fn time(&self) -> &TimeRange {
        &self.seen
    }

    fn accepts(&self, person: &StaffPosition) -> bool {
        let row = &person.row;
        self.side.is_none_or(|side| row.side == side)
            && self.on_duty.is_none_or(|on_duty| row.on_duty == on_duty)
            && self.role.as_ref().is_none_or(|role| row.role.as_ref() == Some(role))
    }
}
