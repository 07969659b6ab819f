//! `filter` and `datetime` of a tile.

use super::{narrow, params::Params};
use crate::live::rows::{Rows, collection_of};
use gridbeat_tiles::TileLayer;
use std::sync::Arc;

/// The parameters that choose rows, for lists of what is known.
pub const NAMES: &str = "filter, filter-lang, filter-crs, datetime";

/// The rows that a request for some layers chooses; none means all of them. A filter asks about one
/// collection's properties, so it goes with layers of points of one collection only.
pub fn rows(params: &mut Params, layers: &[TileLayer]) -> Option<Arc<Rows>> {
    let mut text = String::new();
    let mut time = None;
    if let Some(said) = params.peek("datetime") {
        let said = said.to_owned();
        // What has no time is not chosen by one.
        time = params.datetime().filter(|_| layers.contains(&TileLayer::Incident));
        if time.is_some() {
            text = format!("datetime={said}");
        }
    }
    let asks = ["filter", "filter-lang", "filter-crs"];
    let filter = if asks.iter().any(|name| params.has(name)) {
        for name in asks {
            if let Some(said) = params.peek(name) {
                text = format!("{text}&{name}={said}");
            }
        }
        let mut collections: Vec<_> = layers.iter().map(|&l| collection_of(l)).collect();
        collections.dedup();
        match collections.as_slice() {
            [Some(collection)] => narrow::filter(params, *collection).map(|f| (*collection, f)),
            _ => {
                for name in asks {
                    let _ = params.text(name);
                }
                params.fault(
                    "filter",
                    "goes with layers of points of one collection: incident, staff, or address and resident_density",
                );
                None
            }
        }
    } else {
        None
    };
    (filter.is_some() || time.is_some()).then(|| Arc::new(Rows::new(&text, filter, time)))
}
