//! Readers of archives and tiles from npm: the scripts of `e2e/readers`, run by Node.

use crate::run;
use serde_json::Value;
use std::process::Command;

/// What npm `pmtiles` and `@mapbox/vector-tile` read in a PMTiles file, every tile of it.
#[track_caller]
pub fn archive(path: &str) -> Value {
    let folder = gridbeat_oracle::repository().join("e2e/readers");
    assert!(
        folder.join("node_modules").is_dir(),
        "the readers are not installed: scripts/web-deps.sh e2e/readers"
    );
    let mut node = Command::new("node");
    node.current_dir(&folder).arg("archive.mjs").arg(path);
    run(node).ok().json()
}
