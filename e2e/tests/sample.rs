//! `data/sample` answers as its table of expected answers says, and as the README shows.

use gridbeat_e2e::{Gridbeat, Run, town};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

fn sample(name: &str) -> PathBuf {
    gridbeat_oracle::repository().join("data/sample").join(name)
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().into_deserialize().map(Result::unwrap).collect()
}

fn built() -> Gridbeat {
    let g = Gridbeat::new();
    town::import_from(&g, &sample(""));
    g
}

#[test]
fn the_pieces_are_as_expected() {
    let g = built();
    let ours = g.run("overlay", &[]).ok().csv();
    let expected = rows(&sample("expected/pieces.csv"));
    let ids =
        |rows: &[BTreeMap<String, String>]| rows.iter().map(|r| r["piece"].clone()).collect::<BTreeSet<_>>();
    assert_eq!(ids(&ours), ids(&expected));
    for wanted in &expected {
        let found = ours.iter().find(|r| r["piece"] == wanted["piece"]).unwrap();
        for column in ["grid", "beat", "addresses", "residents", "incidents", "sliver"] {
            assert_eq!(found[column], wanted[column], "{column} of {found:?}");
        }
        // The table's areas have edges that follow the parallel between the sample's own corners; ours are
        // geodesics between all corners of the overlay. Over 2 km that is 3 cm, or a ten-thousandth of a piece.
        for column in ["area_m2", "share_of_grid", "share_of_beat"] {
            let number = |row: &BTreeMap<String, String>| row[column].parse::<f64>().ok();
            match (number(found), number(wanted)) {
                (None, None) => {}
                (Some(a), Some(b)) => {
                    assert!((a - b).abs() <= b * 2e-4 + 6e-5, "{column}: {a}, expected {b}")
                }
                other => panic!("{column} of {found:?}: {other:?}"),
            }
        }
    }
}

#[test]
fn the_addresses_are_placed_as_expected() {
    let g = built();
    let ours = g.locate(&sample("address.csv"), &[]).ok().csv();
    let expected = rows(&sample("expected/located.csv"));
    assert_eq!(ours.len(), expected.len());
    for (found, wanted) in ours.iter().zip(&expected) {
        for column in ["code", "grid", "beat", "piece"] {
            assert_eq!(found[column], wanted[column], "{column} of {found:?}");
        }
    }
}

/// The commands that the README shows, in its order, each on the same store.
#[test]
fn the_readme_works_as_printed() {
    let readme = std::fs::read_to_string(gridbeat_oracle::repository().join("README.md")).unwrap();
    let chinese = std::fs::read_to_string(gridbeat_oracle::repository().join("README.zh-CN.md")).unwrap();
    let commands = |text: &str| -> Vec<Vec<String>> {
        let lines = text.lines().filter_map(|line| line.strip_prefix("gridbeat "));
        // What stands after `#` is for people.
        lines.map(|l| l.split('#').next().unwrap().split_whitespace().map(str::to_owned).collect()).collect()
    };
    assert_eq!(commands(&readme), commands(&chinese), "the two READMEs show different commands");
    let commands = commands(&readme);
    assert!(commands.len() >= 6);
    let g = Gridbeat::new();
    for words in commands {
        if words[0] == "serve" {
            let server = g.serve();
            server.get("/api").is(200);
            server.stop();
            continue;
        }
        let mut before = "";
        let words: Vec<String> = words
            .iter()
            .map(|w| match (std::mem::replace(&mut before, w), w.as_str(), w.strip_prefix("data/sample/")) {
                ("--out", file, _) => g.dir().join(file).to_str().unwrap().to_owned(),
                (_, "city.gpkg", _) => g.store().to_owned(),
                (_, _, Some(file)) => sample(file).to_str().unwrap().to_owned(),
                _ => w.clone(),
            })
            .collect();
        let run: Run = Gridbeat::bare(&words).ok();
        if ["overlay", "locate"].contains(&words[0].as_str()) {
            assert!(run.csv().len() >= 8, "{run}");
        }
    }
}
