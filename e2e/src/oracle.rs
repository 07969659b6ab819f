//! What others say: GEOS, GDAL and PROJ through Python (`e2e/oracle/*.py`).

use crate::run;
use serde_json::Value;
use std::process::Command;

/// Runs `e2e/oracle/SCRIPT` and reads the JSON it prints.
///
/// The interpreter is `GRIDBEAT_PYTHON` (scripts/oracle.sh makes one), else `python3`.
#[track_caller]
pub fn ask(script: &str, args: &[&str]) -> Value {
    let python = std::env::var_os("GRIDBEAT_PYTHON").unwrap_or_else(|| "python3".into());
    let script = gridbeat_oracle::repository().join("e2e/oracle").join(script);
    let mut command = Command::new(python);
    command.arg(script).args(args);
    run(command).ok().json()
}
