//! One channel from the applier to every stream; a reader who falls behind is told so and dropped.

use super::event::Event;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::broadcast;

/// How many events a reader may be behind.
const BUFFER: usize = 1024;
/// How many events are remembered with their rows, for readers who were away: a quarter of an hour at
/// twenty a second, about a kilobyte each.
const REMEMBERED: usize = 16_384;
/// How many ranges of tiles they may have together: those of imports have thousands each.
const RANGES: usize = 1 << 20;

/// What goes through the channel.
#[derive(Clone, Debug)]
pub enum Message {
    /// A change.
    Event(Arc<Event>),
    /// The log does not go on where it ended: what a reader has is void.
    Reset,
}

#[derive(Default)]
struct Last {
    events: VecDeque<Arc<Event>>,
    ranges: usize,
}

impl Last {
    fn add(&mut self, event: Arc<Event>) {
        self.ranges += event.weight();
        self.events.push_back(event);
        while self.events.len() > REMEMBERED || self.ranges > RANGES {
            let Some(first) = self.events.pop_front() else { break };
            self.ranges -= first.weight();
        }
    }
}

/// The channel.
pub struct Feed {
    sender: broadcast::Sender<Message>,
    /// The last events, one after the other without a gap.
    last: Mutex<Last>,
}

impl Feed {
    pub(super) fn new() -> Self {
        Self { sender: broadcast::Sender::new(BUFFER), last: Mutex::default() }
    }

    /// Everything told from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Message> {
        self.sender.subscribe()
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }

    /// What was told after change `n`; `None` when that is not remembered any more.
    pub fn since(&self, n: u64) -> Option<Vec<Arc<Event>>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let first = last.events.front()?.change.n;
        let known = usize::try_from(n.checked_add(1)?.checked_sub(first)?).ok()?;
        Some(last.events.iter().skip(known).cloned().collect())
    }

    pub(super) fn tell(&self, message: Message) {
        {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            match &message {
                Message::Event(event) => last.add(Arc::clone(event)),
                Message::Reset => *last = Last::default(),
            }
        }
        // An error only says that nobody listens.
        let _ = self.sender.send(message);
    }
}
