//! What the tests of whole files share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gridbeat_ingest::{Import, IngestError, Options, Problem, Reject, Report, open};
use gridbeat_onemap::record::{AreaRow, LayerKind, Row};
use std::path::{Path, PathBuf};

/// The shared data folder (`$GRIDBEAT_SHARED/data`, else `../shared/data` beside the workspace); `None`, and
/// a line that the totals count, where it is absent.
pub fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("GRIDBEAT_SHARED")
        .map_or_else(|| gridbeat_oracle::repository().join("../shared"), PathBuf::from);
    let data = root.join("data");
    if data.is_dir() {
        return Some(data);
    }
    eprintln!("gridbeat-skip: shared data folder absent");
    if let Some(log) = std::env::var_os("GRIDBEAT_SKIP_LOG") {
        // One line a test: a runner may give each its thread or its process.
        let program = std::env::current_exe().unwrap();
        let program = program.file_name().unwrap().to_string_lossy();
        let (thread, process) = (std::thread::current(), std::process::id());
        let line = format!("{program}::{} ({process})\n", thread.name().unwrap_or("?"));
        let mut log = std::fs::OpenOptions::new().append(true).create(true).open(log).unwrap();
        std::io::Write::write_all(&mut log, line.as_bytes()).unwrap();
    }
    None
}

/// Options with `--map` entries.
pub fn options(layer: LayerKind, map: &[(&str, &str)]) -> Options {
    let mut o = Options::new(layer);
    o.map = map.iter().map(|(f, c)| ((*f).to_owned(), (*c).to_owned())).collect();
    o
}

/// All that an import gives.
pub struct Outcome {
    pub rows: Vec<Row>,
    pub rejects: Vec<Reject>,
    pub report: Report,
    pub notes: String,
}

impl Outcome {
    pub fn areas(&self) -> Vec<&AreaRow> {
        self.rows
            .iter()
            .map(|r| if let Row::Area(_, a) = r { a } else { panic!("{r:?} is no area") })
            .collect()
    }
}

/// Reads a whole file.
pub fn import(path: &Path, options: Options) -> Result<Outcome, IngestError> {
    drain(open(path, options)?)
}

pub fn drain(mut import: Import) -> Result<Outcome, IngestError> {
    let notes = import.notes().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let (mut rows, mut rejects) = (Vec::new(), Vec::new());
    for item in import.by_ref() {
        match item {
            Ok(row) => rows.push(row),
            Err(Problem::Reject(r)) => rejects.push(r),
            Err(Problem::Fatal(e)) => return Err(e),
        }
    }
    let report = import.report();
    assert_eq!(report.read, report.accepted + report.rejected, "every row is taken or rejected");
    assert_eq!(report.records, rows.len() as u64);
    assert_eq!(report.rejected, rejects.len() as u64);
    Ok(Outcome { rows, rejects, report, notes })
}
