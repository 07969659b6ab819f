//! `filter` and `datetime` of a tile.

use super::{narrow, params::Params};
use crate::{
    app::App,
    live::rows::{Rows, collection_of},
};
use gridbeat_tiles::TileLayer;
use std::sync::Arc;

/// The parameters that choose rows, for lists of what is known.
pub const NAMES: &str = "filter, filter-lang, filter-crs, datetime";

/// Those of a filter.
const ASKS: [&str; 3] = ["filter", "filter-lang", "filter-crs"];

/// The rows that a request for some layers chooses; none means all of them. A filter asks about one
/// collection's properties, so it goes with layers of one collection only.
pub fn rows(app: &App, params: &mut Params, layers: &[TileLayer]) -> Option<Arc<Rows>> {
    if ASKS.iter().chain(&["datetime"]).all(|name| !params.has(name)) {
        return None;
    }
    let snapshot = app.live.now();
    let reader = snapshot.map.read(app.live.scope());
    let collections: Vec<_> = layers.iter().map(|&layer| collection_of(&reader, layer)).collect();
    let mut text = String::new();
    let mut time = None;
    if let Some(said) = params.peek("datetime") {
        let said = said.to_owned();
        // What has no time is not chosen by one.
        time = params.datetime().filter(|_| collections.iter().flatten().any(|c| c.has_time()));
        if time.is_some() {
            text = format!("datetime={said}");
        }
    }
    let filter = if ASKS.iter().any(|name| params.has(name)) {
        for name in ASKS {
            if let Some(said) = params.peek(name) {
                text = format!("{text}&{name}={said}");
            }
        }
        let first = collections.first().copied().flatten();
        match first.filter(|_| collections.iter().all(|c| *c == first)) {
            Some(collection) => narrow::filter(params, collection).map(|f| (collection, f)),
            None => {
                for name in ASKS {
                    let _ = params.text(name);
                }
                params.fault(
                    "filter",
                    "goes with layers of one collection: incident, staff, address and resident_density, or a department's",
                );
                None
            }
        }
    } else {
        None
    };
    (filter.is_some() || time.is_some()).then(|| Arc::new(Rows::new(&text, filter, time)))
}
