//! Settings of `gridbeat serve --config FILE`: TOML, unknown keys refused. The command line wins.

use crate::error::CliError;
use serde::Deserialize;
use std::path::Path;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `HOST:PORT` (loopback only) or `unix:PATH`.
    pub listen: Option<String>,
    /// `.gpkg` path or `postgres://` URL.
    pub store: Option<String>,
    /// The address that people use, when it is another: `https://map.example`.
    pub public_url: Option<String>,
    /// Filter of the log: `info`, `warn`, `gridbeat_server=debug`.
    pub log: Option<String>,
    /// What people call this map.
    pub title: Option<String>,
    /// Mebibytes that made tiles may take.
    pub tile_cache_mb: Option<u32>,
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// [`CliError::Usage`] when it is not there or wrong, naming line and key.
    pub fn read(path: &Path) -> Result<Self, CliError> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| CliError::Usage(format!("--config {}: {e}", path.display())))?;
        Self::parse(&text).map_err(|e| CliError::Usage(format!("{}: {e}", path.display())))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        if let Some(url) = &config.public_url {
            check_public_url(url)?;
        }
        Ok(config)
    }
}

fn check_public_url(url: &str) -> Result<(), String> {
    let uri: axum::http::Uri = url.parse().map_err(|_| format!("public_url: “{url}” is not a URL"))?;
    match uri.scheme_str() {
        Some("http" | "https") if uri.authority().is_some() && uri.query().is_none() => Ok(()),
        _ => Err(format!("public_url: “{url}” is not of the form https://host[:port][/path]")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_and_wrong_values_are_refused() {
        let config = Config::parse("listen = '127.0.0.1:1'\ntile_cache_mb = 64\n").unwrap();
        assert_eq!((config.listen.as_deref(), config.tile_cache_mb), (Some("127.0.0.1:1"), Some(64)));
        for bad in [
            "lissten = 'x'",
            "tile_cache_mb = -1",
            "public_url = 'map.example'",
            "public_url = 'ftp://x'",
            "listen =",
        ] {
            assert!(Config::parse(bad).is_err(), "{bad}");
        }
        assert!(Config::parse("lissten = 'x'").unwrap_err().contains("lissten"));
    }
}
