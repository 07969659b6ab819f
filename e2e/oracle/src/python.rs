//! Which Python is asked.

use crate::repository;
use std::{path::PathBuf, process::Command};

/// The interpreter: what `GRIDBEAT_PYTHON` names, else the one that `scripts/oracle.sh` has made, else
/// `python3`.
pub fn python() -> PathBuf {
    if let Some(named) = std::env::var_os("GRIDBEAT_PYTHON") {
        return named.into();
    }
    let script = repository().join("scripts/oracle.sh");
    let made = Command::new("bash").arg(script).arg("--made").output();
    let path = made
        .ok()
        .filter(|o| o.status.success())
        .map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned());
    path.filter(|p| !p.is_empty()).map_or_else(|| "python3".into(), PathBuf::from)
}
