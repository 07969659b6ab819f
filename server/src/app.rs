//! What every handler gets: the living map and who we are.

use crate::{
    basemap::Basemap,
    http::guard::{Ours, Protection},
    live::Live,
    metrics::Metrics,
};
use std::{ops::Deref, sync::Arc};
use tokio::sync::watch;

/// Cheap to clone; one for a server.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    parts: Parts,
    protection: Protection,
}

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
        let protection = Protection::new(parts.basemap.as_ref().map_or(&[], Basemap::origins));
        Self(Arc::new(Shared { parts, protection }))
    }

    /// The headers that every answer has.
    pub fn protection(&self) -> &Protection {
        &self.0.protection
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
