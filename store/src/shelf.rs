//! Connections that wait to be used again, at most so many at once.

use crate::error::StoreError;
use std::{
    ops::{Deref, DerefMut},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long a caller waits for its turn before it is told that the store is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that lay longer than this is asked whether it still lives.
const FRESH: Duration = Duration::from_secs(1);

type Opener<C> = dyn Fn() -> Result<C, StoreError> + Send + Sync;

/// Up to `most` connections of one kind. A shelf of one is a turn: who has it writes.
pub(crate) struct Shelf<C> {
    opener: Box<Opener<C>>,
    alive: fn(&mut C) -> bool,
    most: usize,
    state: Mutex<State<C>>,
    freed: Condvar,
}

struct State<C> {
    idle: Vec<(C, Instant)>,
    out: usize,
}

impl<C> Shelf<C> {
    /// An empty shelf.
    pub(crate) fn new(
        most: usize,
        alive: fn(&mut C) -> bool,
        opener: impl Fn() -> Result<C, StoreError> + Send + Sync + 'static,
    ) -> Self {
        let state = Mutex::new(State { idle: Vec::new(), out: 0 });
        Self { opener: Box::new(opener), alive, most, state, freed: Condvar::new() }
    }

    /// Takes a connection, opening one when none lies there. [`StoreError::Busy`] when all are out for
    /// longer than [`PATIENCE`].
    pub(crate) fn take(&self) -> Result<Lease<'_, C>, StoreError> {
        let waiting = |s: &mut State<C>| s.out >= self.most;
        let (mut state, wait) = self
            .freed
            .wait_timeout_while(self.state(), PATIENCE, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        if wait.timed_out() {
            return Err(StoreError::Busy);
        }
        state.out += 1;
        let idle = state.idle.pop();
        drop(state);
        // From here on the lease gives the place back, whatever happens.
        let mut lease = Lease { shelf: self, connection: None };
        lease.connection =
            idle.and_then(|(mut c, since)| (since.elapsed() < FRESH || (self.alive)(&mut c)).then_some(c));
        if lease.connection.is_none() {
            lease.connection = Some((self.opener)()?);
        }
        Ok(lease)
    }

    /// Runs `work` with a connection; one that failed it is not used again.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut C) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut lease = self.take()?;
        let done = work(&mut lease);
        if let Err(StoreError::Unavailable { .. }) = done {
            lease.connection = None;
        }
        done
    }

    /// How many connections are in use, and how many lie ready.
    pub(crate) fn pool(&self, name: &'static str) -> Pool {
        let state = self.state();
        Pool { name, most: self.most, used: state.out, idle: state.idle.len() }
    }

    // A panic elsewhere leaves the state whole: it is only ever changed in one step.
    fn state(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How much a store's connections are in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// What they are for.
    pub name: &'static str,
    /// How many there may be.
    pub most: usize,
    /// How many are in use.
    pub used: usize,
    /// How many lie ready.
    pub idle: usize,
}

/// A connection on loan; goes back to its shelf when dropped.
pub(crate) struct Lease<'a, C> {
    shelf: &'a Shelf<C>,
    // `None` only while it is being opened and once it is known to be broken.
    connection: Option<C>,
}

impl<C> Deref for Lease<'_, C> {
    type Target = C;
    #[allow(clippy::expect_used)] // `take` hands out no lease without a connection.
    fn deref(&self) -> &C {
        self.connection.as_ref().expect("a lease has its connection")
    }
}

impl<C> DerefMut for Lease<'_, C> {
    #[allow(clippy::expect_used)] // As above.
    fn deref_mut(&mut self) -> &mut C {
        self.connection.as_mut().expect("a lease has its connection")
    }
}

impl<C> Drop for Lease<'_, C> {
    fn drop(&mut self) {
        let mut state = self.shelf.state();
        state.out -= 1;
        // After a panic nobody knows whether a transaction is still open on it.
        if let Some(c) = self.connection.take().filter(|_| !std::thread::panicking()) {
            state.idle.push((c, Instant::now()));
        }
        drop(state);
        self.shelf.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn counting(most: usize) -> Shelf<u32> {
        let made = AtomicU32::new(0);
        Shelf::new(most, |_| true, move || Ok(made.fetch_add(1, Ordering::Relaxed)))
    }

    #[test]
    fn a_connection_is_used_again() {
        let shelf = counting(2);
        assert_eq!(*shelf.take().unwrap(), 0);
        assert_eq!(*shelf.take().unwrap(), 0);
        let both = (shelf.take().unwrap(), shelf.take().unwrap());
        assert_eq!((*both.0, *both.1), (0, 1));
    }

    #[test]
    fn a_turn_is_waited_for() {
        let shelf = counting(1);
        let lease = shelf.take().unwrap();
        std::thread::scope(|s| {
            let other = s.spawn(|| shelf.take().map(|l| *l).unwrap());
            std::thread::sleep(Duration::from_millis(20));
            assert!(!other.is_finished());
            drop(lease);
            assert_eq!(other.join().unwrap(), 0);
        });
    }

    #[test]
    fn a_broken_one_is_replaced() {
        let shelf = counting(1);
        let broken =
            shelf.with(|_| Err::<(), _>(StoreError::Unavailable { what: "gone".into(), source: None }));
        assert!(broken.is_err());
        assert_eq!(*shelf.take().unwrap(), 1);
    }
}
