//! The shared data folder: real data made by others, which is no part of the project.

use std::{
    io::Write,
    path::{Path, PathBuf},
    thread,
};

/// A file of the shared data (`chicago/wards_2015.shp`), or `None` where the folder is absent; the skip
/// is then said and counted, and the test returns.
pub fn data(path: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("GRIDBEAT_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
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
    let Some(log) = std::env::var_os("GRIDBEAT_SKIP_LOG") else {
        return;
    };
    let name = thread::current().name().unwrap_or("?").to_owned();
    let program = std::env::current_exe().ok();
    let program = program.as_deref().and_then(Path::file_name).and_then(|n| n.to_str()).unwrap_or("?");
    let mut log =
        std::fs::OpenOptions::new().append(true).create(true).open(log).expect("the skip log can be written");
    writeln!(log, "{program}::{name}").expect("the skip log can be written");
}
