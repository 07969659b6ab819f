//! `gridbeat clean`: a layer whose drawings do not quite fit, mended; judged by GEOS.

use gridbeat_e2e::{Gridbeat, oracle, postgres::Postgres, shared, town};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// About one metre of longitude at 31.5° north, in degrees.
const METRE: f64 = 1.05e-5;

/// Four grids of about 950 m, in two rows and two columns, each drawn by its own hand: the eastern
/// column stands half a metre off (an open gap), the northern row reaches 0.3 m into the southern one.
fn loose() -> String {
    let (gap, lap) = (0.5 * METRE, 0.3 * METRE);
    let boxes = [
        (120.30, 31.50, 120.31, 31.51),
        (120.31 + gap, 31.50, 120.32, 31.51),
        (120.30, 31.51 - lap, 120.31, 31.52),
        (120.31 + gap, 31.51 - lap, 120.32, 31.52),
    ];
    let feature = |(i, (w, s, e, n)): (usize, (f64, f64, f64, f64))| {
        json!({"type": "Feature", "geometry": town::rectangle(w, s, e, n),
               "properties": {"code": town::GRIDS[i], "name": format!("第{i}网格"), "parent": "320213025001"}})
    };
    town::collection(&boxes.into_iter().enumerate().map(feature).collect::<Vec<_>>())
}

/// The layer in GEOS's eyes.
#[track_caller]
fn judged(g: &Gridbeat, table: &str) -> Value {
    oracle::ask("coverage.py", &[g.store(), table])
}

fn clean(g: &Gridbeat, layer: &str, tolerance: &str, more: &[&str]) -> Value {
    let args = [&["--layer", layer, "--tolerance", tolerance, "--json"], more].concat();
    g.run("clean", &args).ok().json()
}

fn sum(report: &Value, wanted: impl Fn(&Value) -> bool) -> f64 {
    let all = report["transfers"].as_array().unwrap().iter();
    all.filter(|t| wanted(t)).map(|t| t["area_m2"].as_f64().unwrap()).sum()
}

#[test]
fn a_loose_layer_becomes_a_coverage_and_a_second_run_changes_nothing() {
    let g = Gridbeat::new();
    g.import("grid", &g.file("grid.geojson", loose()), &[]).ok();
    assert_eq!(judged(&g, "grids")["coverage"], false);
    let before = g.checksum();

    let dry = clean(&g, "grid", "1", &["--dry-run"]);
    assert_eq!((&dry["dry_run"], &dry["change"]), (&json!(true), &Value::Null));
    assert_eq!(g.checksum(), before, "a dry run keeps nothing");

    let report = clean(&g, "grid", "1", &[]);
    assert_eq!(report["change"], 2);
    assert_eq!((&report["changed"], &report["transfers"]), (&dry["changed"], &dry["transfers"]));
    let now = judged(&g, "grids");
    assert_eq!((&now["coverage"], &now["invalid"], &now["areas"]), (&json!(true), &json!(0), &json!(4)));
    // 0.5 m × 2 × 1,109 m of gap, 0.3 m × 2 × 950 m of overlap, to a few per cent.
    assert!((sum(&report, |t| t["from"].is_null()) - 1109.0).abs() < 40.0, "{report}");
    assert!((sum(&report, |t| !t["from"].is_null()) - 570.0).abs() < 120.0, "{report}");
    assert!(report["moved"]["max_m"].as_f64().unwrap() < 0.6);

    let kept = g.checksum();
    let again = clean(&g, "grid", "1", &[]);
    assert_eq!((&again["changed"], &again["change"]), (&json!([]), &Value::Null));
    assert_eq!(g.checksum(), kept);
    g.run("clean", &["--layer", "grid", "--tolerance", "1"]).ok().says("nothing to mend");
}

#[test]
fn only_the_drawings_change() {
    let g = town::built();
    g.import("grid", &g.file("loose.geojson", loose()), &["--replace"]).ok();
    let server = g.serve();
    let items = |collection: &str| server.get(&format!("/api/collections/{collection}/items")).is(200).json();
    let (grids, incidents) = (items("grids"), items("incidents"));
    let told = server.listen("", None);
    clean(&g, "grid", "1", &[]);
    // The server that runs beside hears of it and loads the layer anew.
    told.expect_change("grids", "import");
    let now = items("grids");
    let facts = |v: &Value| -> Vec<Value> {
        let features = v["features"].as_array().unwrap().iter();
        features
            .map(|f| {
                json!([f["id"], f["properties"]["code"], f["properties"]["name"], f["properties"]["parent"]])
            })
            .collect()
    };
    assert_eq!(facts(&now), facts(&grids));
    assert_ne!(now["features"], grids["features"], "the drawings");
    assert_eq!(items("incidents")["features"], incidents["features"]);
    server.stop();
}

#[test]
fn a_named_area_comes_first_and_an_unknown_one_is_said() {
    let g = Gridbeat::new();
    g.import("grid", &g.file("grid.geojson", loose()), &[]).ok();
    let args = ["--layer", "grid", "--tolerance", "1", "--prefer"];
    let before = g.checksum();
    g.run("clean", &[&args[..], &["nobody"]].concat()).exits(1).says("nobody");
    g.run("clean", &["--layer", "grid", "--tolerance", "0"]).exits(2).says("metres");
    g.run("clean", &["--layer", "grid"]).exits(2).says("--tolerance");
    g.run("clean", &["--layer", "beat", "--tolerance", "1"]).exits(1).says("beat");
    assert_eq!(g.checksum(), before);
    let report = clean(&g, "grid", "1", &["--prefer", town::GRIDS[3]]);
    let lost = sum(&report, |t| t["from"] == town::GRIDS[3]);
    assert_eq!(lost, 0.0, "{report}");
    assert!(sum(&report, |t| t["to"] == town::GRIDS[3]) > 0.0, "{report}");
}

#[test]
fn postgis_is_cleaned_as_a_geopackage_is() {
    let postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("loose"));
    let g = Gridbeat::new();
    for house in [&p, &g] {
        house.import("grid", &house.file("grid.geojson", loose()), &[]).ok();
    }
    assert_eq!(clean(&p, "grid", "1", &[]), clean(&g, "grid", "1", &[]));
    assert_eq!(p.run("overlay", &[]).ok().text(), g.run("overlay", &[]).ok().text());
    assert_eq!(postgres.psql("loose", "SELECT count(*) FROM grids WHERE NOT ST_IsValid(geom)"), "0");
}

#[test]
fn chicagos_simplified_beats_keep_what_is_wider_than_a_metre() {
    let Some(file) = shared::data("chicago/police_beats_2012_simplified.geojson") else { return };
    let g = Gridbeat::new();
    g.import("beat", &file, &["--map", "code=BEAT_NUM"]).ok();
    let before = judged(&g, "beats");
    let report = clean(&g, "beat", "1", &[]);
    let after = judged(&g, "beats");
    // 28.45 ha of overlap, nearly all of it wider than a metre: that stays.
    let left = report["left"]["wide_overlaps"]["area_m2"].as_f64().unwrap();
    assert!((250_000.0..290_000.0).contains(&left), "{left} m² of wide overlap left");
    assert!(report["moved"]["max_m"].as_f64().unwrap() <= 1.0, "{}", report["moved"]);
    assert_eq!(after["areas"], before["areas"]);
    // Areas that the report does not name are bit for bit what they were.
    let changed: Vec<&str> =
        report["changed"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    let shapes = |v: &Value| -> BTreeMap<String, Value> {
        v["shapes"].as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    let (old, new) = (shapes(&before), shapes(&after));
    for (code, shape) in &old {
        assert_eq!(shape == &new[code], !changed.contains(&code.as_str()), "{code}");
    }
    let kept = g.checksum();
    assert_eq!(clean(&g, "beat", "1", &[])["changed"], json!([]));
    assert_eq!(g.checksum(), kept);
}

#[test]
fn chicagos_beats_and_wards_are_clean_already() {
    for (file, code) in [("police_beats_2019.shp", "beat_num"), ("wards_2015.shp", "ward")] {
        let Some(file) = shared::data(&format!("chicago/{file}")) else { return };
        let g = Gridbeat::new();
        g.import("beat", &file, &["--map", &format!("code={code}")]).ok();
        let kept = g.checksum();
        let report = clean(&g, "beat", "0.1", &[]);
        assert_eq!(report["changed"], json!([]), "{}", report["transfers"]);
        assert_eq!(g.checksum(), kept);
    }
}
