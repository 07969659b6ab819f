//! Every example of the standard is read, and its text and JSON say the same.

#![allow(clippy::unwrap_used, clippy::panic)]

use gridbeat_filter::{parse_json_text, parse_text};
use std::{fs, io::Write, path::PathBuf};

/// The folder of the examples; `None` where the shared data is absent, which is said and counted.
fn examples() -> Option<PathBuf> {
    let folder =
        std::env::var_os("GRIDBEAT_SHARED").map_or_else(|| PathBuf::from("../../shared"), PathBuf::from);
    if folder.join("data").is_dir() {
        return Some(folder.join("data/ogc/cql2"));
    }
    eprintln!("gridbeat-skip: shared data folder absent");
    if let Some(log) = std::env::var_os("GRIDBEAT_SKIP_LOG") {
        let mut log = fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        writeln!(log, "gridbeat-filter::{}", std::thread::current().name().unwrap_or("?")).unwrap();
    }
    None
}

#[test]
fn all_are_read_alike_from_text_and_json() {
    let Some(folder) = examples() else { return };
    let (mut texts, mut jsons) = (0, 0);
    for entry in fs::read_dir(folder.join("text")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let from_text = parse_text(&text).unwrap_or_else(|e| panic!("{name}: {e}\n{text}"));
        texts += 1;
        // `example36-alt01.txt` is another way to write what `example36.json` says.
        let twin = folder.join("json").join(format!("{}.json", name.split("-alt").next().unwrap()));
        let json = fs::read_to_string(&twin).unwrap();
        let from_json = parse_json_text(&json).unwrap_or_else(|e| panic!("{name}: {e}\n{json}"));
        assert_eq!(from_text, from_json, "{name}\n{text}\n{json}");
    }
    for entry in fs::read_dir(folder.join("json")).unwrap() {
        let path = entry.unwrap().path();
        parse_json_text(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        jsons += 1;
    }
    assert!(texts >= 100 && jsons >= 100, "{texts} texts, {jsons} documents");
}
