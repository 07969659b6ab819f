//! The hand-checkable sample in a GeoPackage, served without a socket.

// Each test program uses its part; helpers of tests panic as tests do.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

pub mod crowd;

use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use gridbeat_onemap::record::{LayerKind, Region};
use gridbeat_server::{
    app::{App, Parts},
    http::{front::Front, guard::Ours, router},
    live::Live,
    metrics::Metrics,
};
use gridbeat_store::{ImportPlan, OpenMode, Store, open};
use http_body_util::BodyExt;
use serde_json::Value;
use std::{path::Path, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt;

/// A server without a socket, over a store of its own.
pub struct Town {
    pub front: Front,
    pub store: Arc<dyn Store>,
    pub live: Arc<Live>,
    _stop: watch::Sender<bool>,
    folder: Arc<TempDir>,
}

/// What came back.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|v| v.to_str().unwrap()).unwrap_or_default()
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

/// Imports one file of `data/sample`.
pub fn import(store: &dyn Store, file: &str, layer: LayerKind) {
    // Cargo runs a test in its crate's folder.
    let path = Path::new("../data/sample").join(file);
    let options =
        gridbeat_ingest::Options { region: Some(Region(3202)), ..gridbeat_ingest::Options::new(layer) };
    let mut rows = gridbeat_ingest::open(&path, options).unwrap();
    let mut next = || rows.next().map(|row| Ok(row.unwrap_or_else(|e| panic!("{file}: {e}"))));
    let mut refused = |r| panic!("{file}: {r:?}");
    store.import(&ImportPlan::add(layer), &mut next, &mut refused).unwrap();
}

/// The sample without incidents, served as `localhost:8080`.
pub fn town() -> Town {
    town_with(|_| {})
}

/// The same, with what else is put into the store first.
pub fn town_with(more: impl FnOnce(&dyn Store)) -> Town {
    town_of(|store| {
        sample(store);
        more(store);
    })
}

/// Whatever is put into an empty store, served as `localhost:8080`.
pub fn town_of(fill: impl FnOnce(&dyn Store)) -> Town {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.gpkg");
    let store: Arc<dyn Store> = Arc::from(open(path.to_str().unwrap(), OpenMode::Create).unwrap());
    fill(&*store);
    served(store, Arc::new(folder))
}

/// The sample without incidents.
fn sample(store: &dyn Store) {
    for (file, layer) in [
        ("division.csv", LayerKind::Grid),
        ("grid.geojson", LayerKind::Grid),
        ("station.csv", LayerKind::Beat),
        ("beat.geojson", LayerKind::Beat),
        ("address.csv", LayerKind::Address),
        ("resident.csv", LayerKind::Resident),
        ("staff.csv", LayerKind::Staff),
    ] {
        import(store, file, layer);
    }
}

fn served(store: Arc<dyn Store>, folder: Arc<TempDir>) -> Town {
    let metrics = Arc::new(Metrics::default());
    let live = Live::start(Arc::clone(&store), 1 << 24, Arc::clone(&metrics)).unwrap();
    let (stop, stopped) = watch::channel(false);
    let ours = Ours { port: Some(8080), public_url: None };
    let parts = Parts {
        live: Arc::clone(&live),
        ours,
        title: "Sample".into(),
        basemap: None,
        metrics,
        stop: stopped,
    };
    let app = App::new(parts);
    Town { front: Front::new(app.clone(), router(app)), store, live, _stop: stop, folder }
}

impl Town {
    /// The same store, served by a server that knows nothing but what is in there.
    pub fn restarted(self) -> Self {
        self.another()
    }

    /// Another server of the same store.
    pub fn another(&self) -> Self {
        served(Arc::clone(&self.store), Arc::clone(&self.folder))
    }

    /// Sends a request; the body is sent when it is not empty.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let response = self.front.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: head.status, headers: head.headers, body }
    }

    /// Opens the stream.
    pub async fn stream(&self, query: &str) -> Body {
        let request = Request::get(format!("/api/stream?{query}")).header("host", "localhost:8080");
        let response = self.front.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200, "{query}");
        response.into_body()
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "").await
    }

    /// Items of a collection that a CQL2 filter selects.
    pub async fn filtered(&self, collection: &str, filter: &str, more: &str) -> Reply {
        self.get(&format!("/api/collections/{collection}/items?filter={}{more}", encoded(filter))).await
    }

    /// Reports an incident.
    pub async fn post(&self, lon: f64, lat: f64, properties: Value) -> Reply {
        let feature = serde_json::json!({
            "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon, lat] }, "properties": properties,
        });
        let media = [("content-type", "application/geo+json")];
        self.send("POST", "/api/collections/incidents/items", &media, feature.to_string()).await
    }
}

/// Text as it stands in a query.
pub fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// What a stream tells until a change with that number: pairs of event and number.
pub async fn told(mut body: Body, until: u64) -> Vec<(String, u64)> {
    let mut text = String::new();
    let end = format!("id: {until}\nevent: change");
    while !text.contains(&end) {
        let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await;
        let frame = frame.unwrap_or_else(|_| panic!("no change {until} in\n{text}")).unwrap().unwrap();
        text.push_str(&String::from_utf8_lossy(frame.data_ref().unwrap()));
    }
    let line = |event: &str, name: &str| {
        event.lines().find_map(|l| l.strip_prefix(name).map(|l| l.trim().to_owned()))
    };
    let events = text.split("\n\n").filter_map(|e| Some((line(e, "event:")?, line(e, "data:")?)));
    let told = events.filter(|(name, _)| name != "tiles").map(|(name, data)| {
        let data: Value = serde_json::from_str(&data).unwrap();
        (name, data["n"].as_u64().unwrap())
    });
    told.collect()
}
