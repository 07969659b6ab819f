//! A thread that waits for the word of a change by another process, and wakes the applier.
//!
//! The applier looks at the log by itself too, so a word that does not come costs time, nothing else.

use super::Live;
use crate::error::Chain;
use gridbeat_store::StoreError;
use std::{
    io,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

/// How long one wait takes at most; between two it is seen whether the map is still wanted.
const WAIT: Duration = Duration::from_secs(1);
/// How long after a failure it is tried again, and how long the applier is given before it is woken again.
const PAUSE: Duration = Duration::from_millis(100);

/// What was last heard of the store's log.
#[derive(Debug, Default)]
pub struct Heard {
    last: AtomicU64,
}

impl Heard {
    /// The number of the last change that is known to be in the log.
    pub fn last(&self) -> u64 {
        self.last.load(Relaxed)
    }
}

pub(super) fn spawn(live: &Arc<Live>) -> io::Result<()> {
    let weak = Arc::downgrade(live);
    thread::Builder::new().name("watcher".to_owned()).spawn(move || watch(&weak))?;
    Ok(())
}

fn watch(weak: &Weak<Live>) {
    let mut failing = false;
    loop {
        let Some(live) = weak.upgrade() else { return };
        let done = live.applied().change;
        match live.store.wait_for_change(done, WAIT) {
            Ok(last) => {
                failing = false;
                live.heard.last.store(last, Relaxed);
                if last > done {
                    // A full channel means that the applier is about to look anyway.
                    let _ = live.wake.try_send(());
                    let until = std::time::Instant::now() + PAUSE;
                    while live.applied().change < last && std::time::Instant::now() < until {
                        thread::sleep(Duration::from_millis(2));
                    }
                }
            }
            Err(error) => {
                let first = !std::mem::replace(&mut failing, true);
                match &error {
                    // Each edit is refused once; the wait after it goes on without it.
                    StoreError::Damaged { .. } => {
                        tracing::error!(error = %Chain(&error), "an edit by another program was not taken in");
                    }
                    _ if first => {
                        tracing::debug!(error = %Chain(&error), "cannot wait for changes; trying on")
                    }
                    _ => {}
                }
                drop(live);
                thread::sleep(PAUSE);
            }
        }
    }
}
