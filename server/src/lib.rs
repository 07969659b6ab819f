//! The program `gridbeat`: command line, HTTP API, streams.
//!
//! - [`cli`]: the commands, one file each.
//! - [`live`]: the present map, kept fresh from the store's log; the tile cache; the feed of changes.
//! - [`http`]: the API, one file a resource.
//! - [`archive`]: whole pyramids of tiles in one file; [`basemap`]: the map under ours.
//! - [`feature`]: what API and command line hand out, as GeoJSON and CSV.
//! - [`export`]: a layer as a file for other programs.
//! - [`config`], [`error`], [`metrics`]: settings; the one table of errors; counters.

pub mod app;
pub mod archive;
pub mod basemap;
pub mod cli;
pub mod config;
pub mod error;
pub mod export;
pub mod feature;
pub mod http;
pub mod live;
pub mod metrics;
