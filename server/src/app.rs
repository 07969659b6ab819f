//! What every handler gets: the living map and who we are.

use crate::{basemap::Basemap, http::guard::Ours, live::Live, metrics::Metrics};
use std::{ops::Deref, sync::Arc};
use tokio::sync::watch;

/// Cheap to clone; one for a server.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// The map.
    pub live: Arc<Live>,
    /// Our names.
    pub ours: Ours,
    /// What people call this map.
    pub title: String,
    /// The map under ours, if there is one.
    pub basemap: Option<Basemap>,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Becomes true when the server is to stop: streams end then.
    pub stop: watch::Receiver<bool>,
}

impl App {
    /// Shares the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
