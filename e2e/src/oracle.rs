//! What others say: GEOS, GDAL and PROJ through Python (`e2e/oracle/*.py`).

use crate::run;
use serde_json::Value;
use std::{path::Path, process::Command};

/// Runs `e2e/oracle/SCRIPT` and reads the JSON it prints.
///
/// The interpreter is `GRIDBEAT_PYTHON` (scripts/oracle.sh makes one), else `python3`.
#[track_caller]
pub fn ask(script: &str, args: &[&str]) -> Value {
    let python = std::env::var_os("GRIDBEAT_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle").join(script);
    let mut command = Command::new(python);
    command.arg(script).args(args);
    run(command).ok().json()
}
