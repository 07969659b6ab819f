//! The shared data folder: real data made by others, which is no part of the project.

use std::{io::Write, path::PathBuf, thread};

/// A file of the shared data (`chicago/wards_2015.shp`), or `None` where the folder is absent; the skip
/// is then said and counted, and the test returns.
pub fn data(path: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("GRIDBEAT_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => gridbeat_oracle::repository().join("../shared"),
    };
    if !folder.join("data").is_dir() {
        skip();
        return None;
    }
    let file = folder.join("data").join(path);
    assert!(file.exists(), "the shared data has no {path}");
    Some(file)
}

fn skip() {
    eprintln!("gridbeat-skip: shared data folder absent");
    let Some(log) = std::env::var_os("GRIDBEAT_SKIP_LOG") else { return };
    // One line a test, however often it asks: a runner may give each test its thread or its process.
    let program = std::env::current_exe().expect("a running program has a path");
    let program = program.file_name().expect("a program has a name").to_string_lossy();
    let (thread, process) = (thread::current(), std::process::id());
    let line = format!("{program}::{} ({process})\n", thread.name().unwrap_or("?"));
    let mut log =
        std::fs::OpenOptions::new().append(true).create(true).open(log).expect("the skip log can be written");
    log.write_all(line.as_bytes()).expect("the skip log can be written");
}
