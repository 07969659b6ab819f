//! Which rows a tile of points, or of a department's layer, is drawn of: those that a filter and a time choose.

use crate::{
    error::ApiError,
    feature::{
        asked::{Asked, queryables},
        collection::Collection,
        read::Item,
    },
    http::params::TimeRange,
};
use gridbeat_filter::Filter;
use gridbeat_onemap::Reader;
use gridbeat_tiles::{Keep, Row, TileLayer};
use std::{
    cell::Cell,
    sync::Arc,
    time::{Duration, Instant},
};

/// Rows that a filter may be asked about for one tile.
const ROWS: u64 = 1_000_000;
/// How long that may take.
const TIME: Duration = Duration::from_secs(10);
/// Rows between two looks at the clock.
const ROUND: u64 = 1024;

/// The choice of some rows.
pub struct Rows {
    /// The choice as it was asked for: equal texts choose equal rows.
    text: Arc<str>,
    filter: Option<(Collection, Filter)>,
    time: Option<TimeRange>,
}

impl Rows {
    /// A choice by `filter`, whose columns are those of the collection, and by time, where rows have one. `text` says
    /// both.
    pub fn new(text: &str, filter: Option<(Collection, Filter)>, time: Option<TimeRange>) -> Self {
        Self { text: text.into(), filter, time }
    }

    /// What it is cached under.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Makes something of the chosen rows.
    ///
    /// # Errors
    /// [`ApiError::TooCostly`] when too many rows would have to be looked at, [`ApiError::Timeout`].
    pub fn choose<T>(&self, map: &Reader<'_>, make: impl FnOnce(Keep<'_>) -> T) -> Result<T, ApiError> {
        let queryables = self.filter.as_ref().map(|(c, _)| queryables(*c)).unwrap_or_default();
        let matcher = self.filter.as_ref().map(|(_, filter)| filter.matcher());
        let end = Instant::now() + TIME;
        let (looked, late) = (Cell::new(0_u64), Cell::new(false));
        let keep = |row: Row<'_>| {
            let item = match row {
                Row::Address(i) => Item::Address(i),
                Row::Incident(incident) => Item::Incident(incident),
                Row::Staff(person) => Item::Staff(person),
                Row::Department(layer, i) => Item::Department(layer, i),
            };
            if let Some(range) = self.time
                && !item.is_timely(|first, last| range.meets(first, last))
            {
                return false;
            }
            let Some(matcher) = &matcher else { return true };
            let n = looked.get() + 1;
            looked.set(n);
            if n.is_multiple_of(ROUND) {
                late.set(late.get() || Instant::now() > end);
            }
            // The tile is thrown away then; the rest of the scan is over quickly.
            if n > ROWS || late.get() {
                return false;
            }
            matcher.matches(&Asked { reader: map, queryables: &queryables, item })
        };
        let made = make(Keep::only(&keep));
        match () {
            () if looked.get() > ROWS => Err(ApiError::TooCostly(format!(
                "the filter would have to look at more than {ROWS} rows for this tile; ask for tiles of a deeper zoom"
            ))),
            () if late.get() => Err(ApiError::Timeout(TIME.as_secs())),
            () => Ok(made),
        }
    }
}

/// The collection whose rows a layer of a map shows one by one.
pub fn collection_of(reader: &Reader<'_>, layer: TileLayer) -> Option<Collection> {
    match layer {
        TileLayer::Address | TileLayer::ResidentDensity => Some(Collection::Addresses),
        TileLayer::Incident => Some(Collection::Incidents),
        TileLayer::Staff => Some(Collection::Staff),
        TileLayer::Department(name) => Collection::find(reader, name),
        _ => None,
    }
}
