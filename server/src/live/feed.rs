//! One channel from the applier to every stream; a reader who falls behind is told so and dropped.

use super::event::Event;
use std::sync::Arc;
use tokio::sync::broadcast;

/// How many events a reader may be behind.
const BUFFER: usize = 1024;

/// What goes through the channel.
#[derive(Clone, Debug)]
pub enum Message {
    /// A change.
    Event(Arc<Event>),
    /// The log does not go on where it ended: what a reader has is void.
    Reset,
}

/// The channel.
pub struct Feed {
    sender: broadcast::Sender<Message>,
}

impl Feed {
    pub(super) fn new() -> Self {
        Self { sender: broadcast::Sender::new(BUFFER) }
    }

    /// Everything told from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Message> {
        self.sender.subscribe()
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }

    pub(super) fn tell(&self, message: Message) {
        // An error only says that nobody listens.
        let _ = self.sender.send(message);
    }
}
