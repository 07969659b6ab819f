//! Waiting for the word that a change was made: a connection that does nothing but listen.
//!
//! The word only wakes: whoever was woken reads the log. A word that was lost (the connection broke, the
//! server was restarted) is made up for by looking at the log every now and then.

use super::{Conn, connect, single};
use crate::{error::StoreError, shelf::Shelf};
use diesel::connection::SimpleConnection;
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How often the connection is asked whether a word has come. That costs a look at a socket.
const LISTEN_EVERY: Duration = Duration::from_millis(5);
/// How often the log is looked at in case a word was lost.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The connection that listens; made when first wanted, and again after it broke.
pub(super) struct Ear {
    url: String,
    conn: Mutex<Option<Conn>>,
}

impl Ear {
    pub(super) fn new(url: &str) -> Self {
        Self { url: url.to_owned(), conn: Mutex::new(None) }
    }

    /// See [`crate::Store::wait_for_change`].
    pub(super) fn wait(&self, pool: &Shelf<Conn>, n: u64, timeout: Duration) -> Result<u64, StoreError> {
        let end = Instant::now() + timeout;
        // Whoever comes second waits for the first; each then looks at the log itself.
        let mut ear = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        if ear.is_none() {
            let mut conn = connect::connect(&self.url)?;
            conn.batch_execute("LISTEN gridbeat")?;
            *ear = Some(conn);
        }
        loop {
            // After it began to listen, so that nothing slips in between.
            let last = pool.with(single::last_change)?;
            if last > n || Instant::now() >= end {
                return Ok(last);
            }
            let look = (Instant::now() + LOOK_EVERY).min(end);
            while Instant::now() < look {
                let Some(conn) = ear.as_mut() else { break };
                match heard(conn) {
                    Ok(true) => break,
                    Ok(false) => std::thread::sleep(LISTEN_EVERY),
                    Err(e) => {
                        *ear = None;
                        return Err(e);
                    }
                }
            }
        }
    }
}

/// Whether any word has come.
fn heard(conn: &mut Conn) -> Result<bool, StoreError> {
    let mut any = false;
    for word in conn.notifications_iter() {
        word?;
        any = true;
    }
    Ok(any)
}
