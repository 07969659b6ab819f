//! Small hard cases from the test suites of others: what becomes of each was decided by looking at it
//! ([`crate::table`]) and is what GEOS finds in it.

use crate::{
    common::shared,
    layers::{Read, grounds, read},
    table::{CASES, Case, Outcome},
};
use gridbeat_onemap::{
    E7, MultiPolygon,
    coverage::{FindingKind, Tolerance, validate},
};
use gridbeat_oracle::{Faces, Ground, assert_coverages, faces};
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::Path};

/// Slivers narrower than this many units are what the rounding of crossings makes or closes.
const WIDTH: f64 = 2.0;

/// Every geometry of a GeoJSON text as a feature: where a file has a collection, its members are the areas.
fn features(text: &str) -> String {
    fn collect(value: &Value, out: &mut Vec<Value>) {
        match value["type"].as_str() {
            Some("FeatureCollection") => {
                value["features"].as_array().unwrap().iter().for_each(|f| collect(f, out))
            }
            Some("Feature") => collect(&value["geometry"], out),
            Some("GeometryCollection") => {
                value["geometries"].as_array().unwrap().iter().for_each(|g| collect(g, out))
            }
            _ => out.push(json!({"type": "Feature", "properties": {}, "geometry": value})),
        }
    }
    let mut features = Vec::new();
    collect(&serde_json::from_str(text).unwrap(), &mut features);
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// Reads a case; GeoJSON as a collection of features without attributes.
fn taken(data: &Path, case: &Case) -> Read {
    let path = data.join("topology").join(case.file);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("case.geojson");
    let json = case.file.ends_with("json");
    if json {
        std::fs::write(&copy, features(&std::fs::read_to_string(&path).unwrap())).unwrap();
    }
    read(if json { &copy } else { &path }, "#", case.crs.clone())
        .unwrap_or_else(|e| panic!("{}: {e}", case.file))
}

#[test]
fn every_case_has_its_outcome() {
    let Some(data) = shared() else { return };
    let read: Vec<Read> = CASES.iter().map(|case| taken(&data, case)).collect();
    let drawings = |r: &Read| r.rows.iter().filter_map(|row| row.geometry.clone()).collect::<Vec<_>>();
    let told = faces(&read.iter().map(|r| Ground::on_lattice(&drawings(r))).collect::<Vec<_>>(), WIDTH);
    let mut wrong = Vec::new();
    for ((case, read), told) in CASES.iter().zip(&read).zip(told) {
        let found = outcome(read);
        if let Err(what) = case.expected.is(&found) {
            wrong.push(format!("{}: {what}", case.file));
        }
        if let Err(what) = agrees(read, &found, told) {
            wrong.push(format!("{}: {what}", case.file));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let derived: Vec<_> = read.iter().map(|r| grounds(&r.layer)).collect();
    assert_coverages(CASES.iter().zip(&derived).map(|(case, areas)| (case.file, areas.as_slice())));
}

/// The table misses no file.
#[test]
fn no_case_is_left_out() {
    let Some(data) = shared() else { return };
    let folder = data.join("topology");
    let mut files: BTreeSet<String> = BTreeSet::new();
    for sub in ["", "booleanop", "nl"] {
        for entry in std::fs::read_dir(folder.join(sub)).unwrap() {
            let path = entry.unwrap().path();
            let ending = path.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
            // The parts of a shapefile stand for it together.
            if path.is_file() && !["dbf", "prj", "shx"].contains(&&*ending) {
                files.insert(path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    assert_eq!(files, CASES.iter().map(|c| c.file.to_owned()).collect());
}

/// Coordinates that can be no degrees are refused as such, before any row is read.
#[test]
fn metres_without_a_system_are_refused() {
    let Some(data) = shared() else { return };
    for case in CASES.iter().filter(|c| c.crs.is_some() && c.file != "booleanop/many_rects.geojson") {
        let path = data.join("topology").join(case.file);
        let refused =
            read(&path, "#", None).err().unwrap_or_else(|| panic!("{} was read", case.file)).to_string();
        assert!(refused.contains("--crs") && refused.contains("are not longitude and latitude"), "{refused}");
    }
}

fn outcome(read: &Read) -> Outcome<Vec<(u64, String)>> {
    let findings = validate(&read.layer, &Tolerance::default());
    let wide = |g: &MultiPolygon| g.area2() as f64 >= WIDTH * length(g);
    let count = |kind: FindingKind| {
        findings.iter().filter(|f| f.kind == kind && f.ground().is_some_and(wide)).count()
    };
    let ground = grounds(&read.layer).iter().map(MultiPolygon::area2).sum::<i128>() as f64 / 2.0;
    Outcome {
        areas: read.rows.len(),
        rejected: read.outcome.rejects.iter().map(|r| (r.row, r.reason.clone())).collect(),
        repaired: read.outcome.report.repaired_rows as usize,
        overlaps: count(FindingKind::Overlap),
        gaps: count(FindingKind::Gap),
        ground: Some(ground / 1e14),
    }
}

/// GEOS finds as many overlaps and gaps, and as much ground in all, but for what rounded crossings bend.
fn agrees(read: &Read, ours: &Outcome<Vec<(u64, String)>>, told: Faces) -> Result<(), String> {
    if (ours.overlaps, ours.gaps) != (told.overlaps, told.gaps) {
        return Err(format!("{} overlaps and {} gaps, GEOS finds {told:?}", ours.overlaps, ours.gaps));
    }
    let apart = (ours.ground.unwrap_or(0.0) * 1e14 - told.union).abs();
    let outlines: f64 = read.rows.iter().filter_map(|r| r.geometry.as_ref()).map(length).sum();
    if apart > 1e-9 * told.union && apart >= outlines {
        return Err(format!("{apart} square units more or less than GEOS has, with outlines of {outlines}"));
    }
    Ok(())
}

/// All outlines of some ground, in units.
fn length(ground: &MultiPolygon) -> f64 {
    let d = |u: i32, v: i32| f64::from(u) - f64::from(v);
    let edge = |a: &E7, b: &E7| d(a.lon, b.lon).hypot(d(a.lat, b.lat));
    ground.rings().map(|r| r.iter().zip(r.iter().cycle().skip(1)).map(|(a, b)| edge(a, b)).sum::<f64>()).sum()
}
