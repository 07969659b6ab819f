//! The code tables of `data/codes` name every word that the records know and that the city uses.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use gridbeat_onemap::record::{Level, Risk, Side, Source, State};
use gridbeat_synth::incidents::categories;
use std::collections::BTreeSet;

/// The cells of a code table: code first, then as the header says.
fn table(name: &str) -> Vec<Vec<String>> {
    // Cargo runs a test in its crate's folder.
    let path = format!("../codes/{name}.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut rows: Vec<Vec<String>> =
        text.lines().map(|l| l.split(',').map(str::to_owned).collect()).collect();
    let header = rows.remove(0);
    assert_eq!(header[0], "code");
    assert_eq!(header[header.len() - 2..], ["zh", "en"]);
    for row in &rows {
        assert_eq!(row.len(), header.len(), "{name}: {row:?}");
        assert!(row.iter().all(|c| !c.trim().is_empty()), "{name}: {row:?}");
    }
    rows
}

fn codes(name: &str) -> Vec<String> {
    table(name).into_iter().map(|r| r[0].clone()).collect()
}

fn words<T: ToString>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

#[test]
fn tables_hold_the_words_of_the_records_in_their_order() {
    assert_eq!(codes("levels"), words(Level::ALL));
    assert_eq!(codes("states"), words(State::ALL));
    assert_eq!(codes("risks"), words(Risk::ALL));
    assert_eq!(codes("sources"), words(Source::ALL));
    for row in table("states") {
        let state: State = row[0].parse().unwrap();
        assert_eq!(row[1], state.is_open().to_string(), "{}", row[0]);
    }
    for row in table("levels") {
        let side: Side = row[0].parse::<Level>().unwrap().side();
        assert_eq!(row[1], side.staff(), "{}", row[0]);
    }
}

#[test]
fn every_category_has_a_name() {
    let table: BTreeSet<String> = codes("categories").into_iter().collect();
    let used: BTreeSet<String> = categories().map(str::to_owned).collect();
    assert_eq!(table, used);
}
