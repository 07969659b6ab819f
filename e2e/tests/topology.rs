//! Hard geometry from the test suites of others: a clear report, never a panic.

use gridbeat_e2e::{Gridbeat, Run, shared};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Every geometry of a GeoJSON text as a feature with a code; `None` when it is no GeoJSON.
fn with_codes(text: &str) -> Option<String> {
    fn collect(value: &Value, out: &mut Vec<Value>) -> Option<()> {
        match value["type"].as_str()? {
            "FeatureCollection" => value["features"].as_array()?.iter().try_for_each(|f| collect(f, out)),
            "Feature" => collect(&value["geometry"], out),
            "GeometryCollection" => value["geometries"].as_array()?.iter().try_for_each(|g| collect(g, out)),
            "Topology" => None,
            _ => {
                out.push(value.clone());
                Some(())
            }
        }
    }
    let mut geometries = Vec::new();
    collect(&serde_json::from_str(text).ok()?, &mut geometries)?;
    let features: Vec<Value> = geometries
        .iter()
        .enumerate()
        .map(|(i, g)| json!({"type": "Feature", "properties": {"code": format!("T{i}")}, "geometry": g}))
        .collect();
    Some(json!({"type": "FeatureCollection", "features": features}).to_string())
}

/// An import that may be refused, but not silently.
#[track_caller]
fn imported_or_refused(run: Run, file: &Path) -> bool {
    assert!(run.code == 0 || run.code == 1, "{}: exit code of\n{run}", file.display());
    assert!(!run.stderr.trim().is_empty(), "{}: nothing was said by\n{run}", file.display());
    run.code == 0
}

/// Everything that is done with a layer, on one that may be broken.
#[track_caller]
fn live_with(g: &Gridbeat, file: &Path) {
    let check = g.run("check", &[]);
    assert!(check.code <= 1, "{}: exit code of\n{check}", file.display());
    if check.code == 1 {
        assert!(!check.text().trim().is_empty(), "{}: faults without a report:\n{check}", file.display());
    }
    g.run("check", &["--geojson"]).json();
    g.overlay();
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|p| p.is_file())
        .collect();
    files.sort();
    files
}

#[test]
fn small_hard_cases() {
    let Some(one) = shared::data("topology/ex3.json") else {
        return;
    };
    let folder = one.parent().unwrap();
    let (mut tried, mut taken) = (0, 0);
    for path in files(folder).into_iter().chain(files(&folder.join("booleanop"))) {
        if !path.extension().is_some_and(|e| e == "json" || e == "geojson") {
            continue;
        }
        let g = Gridbeat::new();
        // As it stands: most have no code column, and the refusal says what to pass.
        let plain = g.import("grid", &path, &[]);
        imported_or_refused(plain, &path);

        let g = Gridbeat::new();
        let Some(coded) = with_codes(&std::fs::read_to_string(&path).unwrap()) else {
            continue;
        };
        let coded = g.file("coded.geojson", coded);
        tried += 1;
        if imported_or_refused(g.import("grid", &coded, &[]), &path) {
            taken += 1;
            live_with(&g, &path);
        }
    }
    assert!(tried >= 55, "only {tried} files were tried");
    assert!(taken * 3 > tried * 2, "only {taken} of {tried} could be imported");
}

#[test]
fn census_tracts_with_invalid_rings_and_their_repaired_twin() {
    let Some(broken) = shared::data("topology/NY8_utm18.shp") else {
        return;
    };
    let repaired = shared::data("topology/NY8_bna_utm18.gpkg").unwrap();
    let g = Gridbeat::new();
    let run = g.import("grid", &broken, &["--map", "code=AREAKEY"]);
    if imported_or_refused(run, &broken) {
        live_with(&g, &broken);
    }
    let g = Gridbeat::new();
    g.import("grid", &repaired, &["--map", "code=AREAKEY"]).ok();
    live_with(&g, &repaired);
}

#[test]
fn a_region_of_bad_gaps() {
    let Some(path) = shared::data("topology/CO_bad_gap_region.zip") else {
        return;
    };
    let g = Gridbeat::new();
    g.import("grid", &path, &["--map", "code=PRECID"]).ok();
    live_with(&g, &path);
    g.run("check", &[]).exits(1).says("gap");
}
