//! Queries that end: by their budget, by the clock, or because who asked has gone.

use super::pass::TIME_OUT;
use crate::{app::App, error::ApiError};
use gridbeat_onemap::{
    Reader,
    query::{Budget, QueryError, Stop},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Rows and nodes that one query may look at: some seconds of work.
const UNITS: u64 = 50_000_000;
/// How long it may take, waiting for its turn included.
const TIME: Duration = Duration::from_secs(20);
// It ends by itself before nobody waits for its answer any more.
const _: () = assert!(TIME.as_secs() < TIME_OUT.as_secs());

/// Runs a query over the present snapshot.
///
/// # Errors
/// What the query or `work` returns.
pub async fn bounded<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Reader<'_>, &Budget<'_>) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    until(app, Instant::now() + TIME, work).await
}

/// The same with another end.
async fn until<T: Send + 'static>(
    app: &App,
    end: Instant,
    work: impl FnOnce(&Reader<'_>, &Budget<'_>) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    // The server drops this future when the connection closes; the thread that works for it sees the mark.
    let gone = Gone(Arc::default());
    let seen = Arc::clone(&gone.0);
    app.live
        .read(move |_, reader| {
            let stop = || {
                if seen.load(Ordering::Relaxed) {
                    Some(Stop::Cancelled)
                } else {
                    (Instant::now() > end).then_some(Stop::TimedOut)
                }
            };
            work(reader, &Budget::new(UNITS).stopped_by(&stop))
        })
        .await
}

/// Marks, when it goes, that nobody waits any more.
struct Gone(Arc<AtomicBool>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::TooCostly { .. } | QueryError::TooMany { .. } => Self::TooCostly(error.to_string()),
            // Nobody reads the answer of a query that was cancelled.
            QueryError::TimedOut | QueryError::Cancelled => Self::Timeout(TIME.as_secs()),
            QueryError::Parameter { parameter, found, expected } => {
                Self::parameter(parameter, format!("is {found}; {expected} was expected"))
            }
        }
    }
}

#[cfg(test)]
#[path = "bounded_tests.rs"]
mod tests;
