//! What a query may cost.

use std::{cell::Cell, fmt, ops::ControlFlow};

/// Why a query was told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Who asked has gone away.
    Cancelled,
    /// It has taken too long.
    TimedOut,
}

/// Why a query has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum QueryError {
    /// More would have to be looked at than the budget allows.
    #[error("the query looks at more than {budget} places: ask for less ground, less time or fewer groups")]
    TooCostly {
        /// The budget.
        budget: u64,
    },
    /// Who asked has gone away.
    #[error("the query was cancelled")]
    Cancelled,
    /// It has taken too long.
    #[error("the query took too long: ask for less ground or less time")]
    TimedOut,
    /// The answer would be too long.
    #[error("the answer has more than {most} {what}: ask for less ground, less time or larger ones")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// A parameter is none.
    #[error("{parameter} is {found}, expected {expected}")]
    Parameter {
        /// Which.
        parameter: &'static str,
        /// What it is.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
}

/// How much a query may look at. A unit is a row, or a node of a tree.
pub struct Budget<'a> {
    all: u64,
    left: Cell<u64>,
    /// Asked now and then whether to stop.
    stop: Option<&'a dyn Fn() -> Option<Stop>>,
    /// What may be spent before it is asked again.
    unasked: Cell<u64>,
}

/// `stop` is asked after so many units: some ten microseconds.
const ASK_AFTER: u64 = 1024;

impl<'a> Budget<'a> {
    /// So many units.
    pub const fn new(units: u64) -> Self {
        Self { all: units, left: Cell::new(units), stop: None, unasked: Cell::new(0) }
    }

    /// As many units as it takes.
    pub const fn unlimited() -> Self {
        Self::new(u64::MAX)
    }

    /// Also ends when `stop` says so, which is asked at the beginning and every 1024 units: whether the
    /// client has gone, or a deadline is over.
    #[must_use]
    pub fn stopped_by(self, stop: &'a dyn Fn() -> Option<Stop>) -> Self {
        Self { stop: Some(stop), ..self }
    }

    /// What has been spent so far.
    pub fn spent(&self) -> u64 {
        self.all - self.left.get()
    }

    /// Spends some units: also for who goes through rows by himself.
    ///
    /// # Errors
    /// When there are not so many left, or it is told to stop.
    pub fn spend(&self, units: u64) -> Result<(), QueryError> {
        let Some(left) = self.left.get().checked_sub(units) else {
            return Err(QueryError::TooCostly { budget: self.all });
        };
        self.left.set(left);
        if let Some(unasked) = self.unasked.get().checked_sub(units) {
            self.unasked.set(unasked);
            return Ok(());
        }
        self.unasked.set(ASK_AFTER);
        match self.stop.and_then(|stop| stop()) {
            None => Ok(()),
            Some(Stop::Cancelled) => Err(QueryError::Cancelled),
            Some(Stop::TimedOut) => Err(QueryError::TimedOut),
        }
    }

    /// The same on the way through an index.
    pub(super) fn step(&self, units: u64) -> ControlFlow<QueryError> {
        match self.spend(units) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl fmt::Debug for Budget<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("all", &self.all).field("left", &self.left).finish_non_exhaustive()
    }
}

/// The outcome of a way through an index.
pub(super) fn outcome<T>(done: ControlFlow<QueryError, T>) -> Result<T, QueryError> {
    match done {
        ControlFlow::Continue(value) => Ok(value),
        ControlFlow::Break(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_to_its_last_unit() {
        let budget = Budget::new(10);
        assert_eq!(budget.spend(10), Ok(()));
        assert_eq!(budget.spend(1), Err(QueryError::TooCostly { budget: 10 }));
        assert_eq!(budget.spent(), 10);
    }

    #[test]
    fn who_asked_is_noticed_gone_within_a_thousand_units() {
        let gone = Cell::new(false);
        let stop = || gone.get().then_some(Stop::Cancelled);
        let budget = Budget::unlimited().stopped_by(&stop);
        assert_eq!(budget.spend(1), Ok(()));
        gone.set(true);
        let spent = (0..2000).take_while(|_| budget.spend(1).is_ok()).count();
        assert!(spent <= 1024, "{spent}");
    }
}
