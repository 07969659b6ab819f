//! Settings of `gridbeat serve`: a TOML file, the environment, the command line, the last one wins.
//!
//! - [`keys`]: the one table of keys, from which variables, flags, help and documentation come.
//! - [`gather`]: the layers laid over each other, each value with where it came from.
//! - [`report`]: what holds and why, without secrets.

pub mod gather;
pub mod keys;
pub mod report;

use crate::{basemap, cli::listen::Listen};
use gridbeat_onemap::record::Region;
use serde::Deserialize;

/// What holds once everything is gathered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `HOST:PORT` (loopback only) or `unix:PATH`.
    pub listen: String,
    /// `.gpkg` path or `postgres://` URL.
    pub store: Option<String>,
    /// The address that people use, when it is another: `https://map.example`.
    pub public_url: Option<String>,
    /// Filter of the log: `info`, `warn`, `gridbeat_server=debug`.
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
    /// What people call this map.
    pub title: String,
    /// Mebibytes that made tiles may take.
    pub tile_cache_mb: u32,
    /// The regions that this node serves; none means all.
    pub regions: Vec<Region>,
    /// Where a snapshot for fast starts is kept; empty: beside the store's file, or nowhere if it has none.
    pub snapshot: String,
    /// The map under ours.
    pub basemap: basemap::Settings,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// A line for people.
    #[default]
    Text,
    /// An object a line for programs.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: crate::cli::listen::DEFAULT.to_owned(),
            store: None,
            public_url: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            title: "Gridbeat".to_owned(),
            tile_cache_mb: 256,
            regions: Vec::new(),
            snapshot: String::new(),
            basemap: basemap::Settings::default(),
        }
    }
}

impl Config {
    /// What is wrong with a value: the key, and what was expected.
    fn fault(&self) -> Option<(&'static str, String)> {
        if let Err(error) = self.listen.parse::<Listen>() {
            return Some(("listen", error.to_string()));
        }
        if let Some(Err(what)) = self.public_url.as_deref().map(check_public_url) {
            return Some(("public_url", what));
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.log) {
            return Some(("log", format!("“{}” is no filter of the log: {error}", self.log)));
        }
        if let Some(region) = self.regions.iter().find(|r| r.0 > 9999) {
            return Some(("regions", format!("{} is no region: expected 0 to 9999", region.0)));
        }
        None
    }
}

fn check_public_url(url: &str) -> Result<(), String> {
    let uri: axum::http::Uri = url.parse().map_err(|_| format!("“{url}” is not a URL"))?;
    match uri.scheme_str() {
        Some("http" | "https") if uri.authority().is_some() && uri.query().is_none() => Ok(()),
        _ => Err(format!("“{url}” is not of the form https://host[:port][/path]")),
    }
}
