//! Turns at the processor for answers that go on for as long as their reader likes.
//!
//! Such an answer has a thread of its own, which would starve others if it counted as one of those that
//! [`Live::read`](super::Live::read) lets work at a time, and also if nothing held it back. So these have seats of
//! their own, fewer than there are cores. Who has one gives it up while waiting for a reader, and passes it on
//! after a while if others wait: any number of them is as a few to everybody else.

use std::{
    cell::RefCell,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Long answers that may be open at a time: each holds a thread and a snapshot.
const MOST: usize = 128;
/// How long a seat is kept while others wait.
const SLICE: Duration = Duration::from_millis(20);

/// The seats of one server.
#[derive(Debug)]
pub struct Turns {
    open: Arc<Semaphore>,
    seats: Arc<Semaphore>,
}

impl Turns {
    /// On a machine of so many cores: one is left to others.
    pub(super) fn new(cores: usize) -> Self {
        let seats = cores.saturating_sub(1).max(1);
        Self { open: Arc::new(Semaphore::new(MOST)), seats: Arc::new(Semaphore::new(seats)) }
    }

    /// Opens a long answer, without a seat yet; `None` when too many are open.
    pub fn begin(&self) -> Option<Turn> {
        let open = Arc::clone(&self.open).try_acquire_owned().ok()?;
        Some(Turn { _open: open, seats: Arc::clone(&self.seats), seat: RefCell::default() })
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        MOST - self.open.available_permits()
    }
}

/// A long answer that is open.
#[derive(Debug)]
pub struct Turn {
    _open: OwnedSemaphorePermit,
    seats: Arc<Semaphore>,
    /// The seat, and since when it is had.
    seat: RefCell<Option<(OwnedSemaphorePermit, Instant)>>,
}

impl Turn {
    /// Waits for a seat, in the order in which others do.
    pub async fn take(&self) {
        if self.seat.borrow().is_none() {
            // The seats are never closed.
            let seat = Arc::clone(&self.seats).acquire_owned().await.ok();
            *self.seat.borrow_mut() = seat.map(|seat| (seat, Instant::now()));
        }
    }

    /// Gives the seat up.
    pub fn leave(&self) {
        *self.seat.borrow_mut() = None;
    }

    /// Lets others have the seat for a while, if it was had long enough.
    pub async fn pass_on(&self) {
        let due = self.seat.borrow().as_ref().is_none_or(|(_, since)| since.elapsed() >= SLICE);
        if due {
            self.leave();
            self.take().await;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn who_leaves_a_seat_lets_the_next_have_it() {
        let turns = Turns::new(2);
        let (first, second) = (turns.begin().unwrap(), turns.begin().unwrap());
        first.take().await;
        assert_eq!((turns.open(), turns.seats.available_permits()), (2, 0));
        let short = Duration::from_millis(10);
        assert!(tokio::time::timeout(short, second.take()).await.is_err(), "there is one seat");
        first.leave();
        second.take().await;
        drop((first, second));
        assert_eq!((turns.open(), turns.seats.available_permits()), (0, 1));
    }

    #[tokio::test]
    async fn a_seat_is_passed_on_when_it_was_had_long_enough() {
        let turns = Turns::new(1);
        let (first, second) = (turns.begin().unwrap(), turns.begin().unwrap());
        first.take().await;
        first.seat.borrow_mut().as_mut().unwrap().1 -= SLICE;
        // In this order: the second waits when the first passes its seat on.
        tokio::join!(
            async {
                second.take().await;
                assert!(first.seat.borrow().is_none());
                second.leave();
            },
            first.pass_on(),
        );
        assert!(first.seat.borrow().is_some());
    }

    #[test]
    fn no_more_are_open_than_may_be() {
        let turns = Turns::new(8);
        let all: Vec<_> = std::iter::from_fn(|| turns.begin()).collect();
        assert_eq!(all.len(), MOST);
    }
}
