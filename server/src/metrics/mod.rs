//! Counters, in the text format of Prometheus.
//!
//! - [`routes`]: answers and how long they took, by route.
//! - [`page`]: all of it as text.

pub mod page;
pub mod routes;

use routes::Routes;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counted since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Answers by the first digit of their status, 1xx to 5xx.
    by_class: [AtomicU64; 5],
    /// Requests that have begun and not yet been answered.
    in_flight: AtomicU64,
    tile_hits: AtomicU64,
    tile_misses: AtomicU64,
    readers_left: AtomicU64,
    /// By route.
    pub routes: Routes,
}

impl Metrics {
    /// An answer was given.
    pub fn answered(&self, status: u16) {
        if let Some(counter) = self.by_class.get(usize::from(status / 100).wrapping_sub(1)) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// A request has begun; it ends when what is returned goes.
    pub fn begun(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Relaxed);
        InFlight(self)
    }

    /// Who read a sequence went away before its end.
    pub fn reader_left(&self) {
        self.readers_left.fetch_add(1, Relaxed);
    }

    /// A tile was taken from the cache, or made.
    pub fn tile(&self, hit: bool) {
        if hit { &self.tile_hits } else { &self.tile_misses }.fetch_add(1, Relaxed);
    }
}

/// A request that is being answered.
pub struct InFlight<'a>(&'a Metrics);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}
