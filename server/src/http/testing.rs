//! A server over an empty store, and an incident for it: for tests from inside.

use crate::{
    app::{App, Parts},
    http::guard::Ours,
    live::Live,
    metrics::Metrics,
};
use gridbeat_onemap::{
    E7,
    record::{Fid, IncidentRow, Region, State},
};
use gridbeat_store::{OpenMode, open};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::watch;

/// The server, and what it needs for as long as it is used.
pub struct Testing {
    pub app: App,
    _stop: watch::Sender<bool>,
    _folder: TempDir,
}

#[allow(clippy::unwrap_used)] // How a test fails.
pub fn testing() -> Testing {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.gpkg");
    let store = Arc::from(open(path.to_str().unwrap(), OpenMode::Create).unwrap());
    let metrics = Arc::new(Metrics::default());
    let (stop, stopped) = watch::channel(false);
    let app = App::new(Parts {
        live: Live::start(store, 1 << 20, Arc::clone(&metrics)).unwrap(),
        ours: Ours { port: None, public_url: None },
        title: "Empty".to_owned(),
        basemap: None,
        metrics,
        stop: stopped,
    });
    Testing { app, _stop: stop, _folder: folder }
}

/// An incident that nobody has kept yet.
pub fn incident(code: String) -> IncidentRow {
    IncidentRow {
        fid: Fid(0),
        region: Region(3202),
        code,
        title: None,
        category: Some("noise".to_owned()),
        state: State::Reported,
        risk: None,
        source: None,
        reported_at: None,
        address: None,
        at: E7::new(1_203_000_000, 315_000_000),
        placed: None,
    }
}
