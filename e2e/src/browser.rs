//! A real browser: the scripts of `e2e/browser`, run by Node with playwright-core.

use crate::{Server, run};
use serde_json::Value;
use std::{path::PathBuf, process::Command};

/// Runs `e2e/browser/SCRIPT BASE ARTEFACTS` and reads the JSON it prints; a script exits 1 with what
/// it missed.
#[track_caller]
pub fn drive(script: &str, server: &Server, setting: &Value) -> Value {
    let folder = gridbeat_oracle::repository().join("e2e/browser");
    assert!(
        folder.join("node_modules").is_dir(),
        "the browser driver is not installed: scripts/web-deps.sh e2e/browser"
    );
    let mut node = Command::new("node");
    node.current_dir(&folder).arg(script).arg(server.base()).arg(artefacts()).arg(setting.to_string());
    run(node).ok().json()
}

/// Where screenshots are kept.
pub fn artefacts() -> PathBuf {
    let folder = gridbeat_oracle::repository().join("e2e/artefacts");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
