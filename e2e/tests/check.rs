//! `gridbeat check`, and how a map shows what it finds: overlaps with all claimants, gaps, slits.

use fast_mvt::MvtReaderRef;
use gridbeat_e2e::{Gridbeat, shared, town};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Squares of 0.001 degree (about 95 × 111 m) from west to east; an area's code is its letter.
fn squares(lons: &[(&str, f64)]) -> String {
    let features: Vec<Value> = lons
        .iter()
        .map(|&(code, west)| {
            json!({"type": "Feature", "properties": {"code": code},
                "geometry": town::rectangle(west, 31.5, west + 0.001, 31.501)})
        })
        .collect();
    town::collection(&features)
}

/// B lies 10 m over A; between B and C is a slit of 0.57 m, open to the north and the south.
fn dirty() -> Gridbeat {
    let g = Gridbeat::new();
    let west = 120.3;
    let layer = squares(&[("A", west), ("B", west + 0.0009), ("C", west + 0.001_906)]);
    g.import("beat", &g.file("beat.geojson", layer), &[]).ok();
    g
}

fn of_kind<'a>(findings: &'a Value, kind: &str) -> Vec<&'a Value> {
    findings.as_array().unwrap().iter().filter(|f| f["kind"] == kind).collect()
}

#[test]
fn a_clean_town_has_no_faults() {
    let g = town::built();
    g.run("check", &[]).ok().says("0 errors");
    let report = g.run("check", &["--json"]).ok().json();
    assert_eq!((&report["errors"], &report["warnings"]), (&json!(0), &json!(0)), "{report}");
    let layers: Vec<&str> =
        report["layers"].as_array().unwrap().iter().map(|l| l["layer"].as_str().unwrap()).collect();
    assert_eq!(layers, ["grid", "beat"]);
    assert_eq!(g.run("check", &["--geojson"]).ok().json()["type"], "FeatureCollection");
}

#[test]
fn findings_for_people() {
    let run = dirty().run("check", &[]).exits(1);
    let text = run.text();
    assert!(text.starts_with("beat: 3 areas, 0 parents\n"), "{run}");
    let line =
        |word: &str| text.lines().find(|l| l.contains(word)).unwrap_or_else(|| panic!("{word}:\n{run}"));
    assert!(line("overlap").contains("error") && line("overlap").contains("10"), "{run}");
    assert!(line("narrow gap").contains("warning") && line("narrow gap").contains("1 thin"), "{run}");
    assert!(text.contains("A, B"), "the claimants:\n{run}");
    assert!(text.contains("at 120.3009500,31.5005"), "the place:\n{run}");
    assert!(!text.contains('\u{1b}'), "marks for a terminal went into a file:\n{run}");
    assert!(text.trim_end().ends_with("1 error, 2 warnings, 1 note"), "{run}");
    let short = dirty().run("check", &["--worst", "0"]).exits(1).text();
    assert!(!short.contains("A, B") && short.contains("1 error"), "{short}");
}

#[test]
fn findings_for_programs() {
    let g = dirty();
    let report = g.run("check", &["--json"]).exits(1).json();
    assert_eq!(report["errors"], 1);
    assert_eq!(report["tolerance_m"], 1.0);
    let overlap = of_kind(&report["findings"], "overlap")[0];
    assert_eq!(overlap["areas"], json!(["A", "B"]));
    assert_eq!((&overlap["layer"], &overlap["severity"]), (&json!("beat"), &json!("error")));
    // 0.0001° by 0.001° at 31.5° north: 9.50 m by 110.87 m.
    let m2 = overlap["area_m2"].as_f64().unwrap();
    assert!((m2 - 1053.0).abs() < 2.0, "{m2} m²");
    assert!((overlap["width_m"].as_f64().unwrap() - 8.75).abs() < 0.02, "{overlap}");
    assert!(!overlap["sliver"].as_bool().unwrap());
    let slit = of_kind(&report["findings"], "narrow_gap")[0];
    assert_eq!(slit["areas"], json!(["B", "C"]));
    assert!((slit["area_m2"].as_f64().unwrap() - 63.2).abs() < 0.2, "{slit}");
    let edge = of_kind(&report["findings"], "unmatched_edge")[0];
    assert!((edge["length_m"].as_f64().unwrap() - 110.9).abs() < 0.1, "{edge}");
    assert!((edge["width_m"].as_f64().unwrap() - 0.57).abs() < 0.01, "{edge}");
    let beat = &report["layers"][0];
    assert_eq!(
        beat["kinds"],
        json!({"overlap": 1, "narrow_gap": 1, "unmatched_edge": 1, "unmatched_vertex": 1})
    );
    assert_eq!(beat["disputed_m2"], overlap["area_m2"]);
    assert_eq!(beat["gaps_m2"], slit["area_m2"]);
}

#[test]
fn findings_for_maps() {
    let map = dirty().run("check", &["--geojson"]).exits(1).json();
    let types: BTreeMap<&str, &str> = map["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["properties"]["kind"].as_str().unwrap(), f["geometry"]["type"].as_str().unwrap()))
        .collect();
    let expected = [
        ("overlap", "MultiPolygon"),
        ("narrow_gap", "MultiPolygon"),
        ("unmatched_edge", "MultiLineString"),
        ("unmatched_vertex", "MultiPoint"),
    ];
    assert_eq!(types, expected.into());
    let overlap = &map["features"][0];
    assert_eq!(overlap["properties"]["areas"], json!(["A", "B"]));
    let ring = overlap["geometry"]["coordinates"][0][0].as_array().unwrap();
    assert!(ring.contains(&json!([120.3009, 31.5])) && ring.contains(&json!([120.301, 31.501])), "{ring:?}");
}

#[test]
fn the_tolerance_decides_what_is_narrow() {
    let g = dirty();
    let kinds = |tolerance: &str| {
        g.run("check", &["--json", "--tolerance", tolerance]).exits(1).json()["layers"][0]["kinds"].clone()
    };
    assert_eq!(kinds("0.5")["narrow_gap"], Value::Null);
    assert_eq!(kinds("0.6")["narrow_gap"], 1);
    g.run("check", &["--tolerance", "-1"]).exits(2);
    g.run("check", &["--tolerance", "wide"]).exits(2).says("metres");
}

#[test]
fn a_layer_simplified_one_by_one_is_counted_as_geos_counts_it() {
    let Some(path) = shared::data("chicago/police_beats_2012_simplified.geojson") else {
        return;
    };
    let g = Gridbeat::new();
    g.import("beat", &path, &["--map", "code=BEAT_NUM"]).ok();
    let report = g.run("check", &["--json"]).exits(1).json();
    let beat = &report["layers"][0];
    // 28.45 ha, in the reference of the data.
    let disputed = beat["disputed_m2"].as_f64().unwrap();
    assert!((disputed / 10_000.0 - 28.45).abs() < 0.02, "{disputed} m²");
    // As many as GEOS makes by polygonising the borders on the lattice (264 in floating point).
    assert_eq!(beat["kinds"]["gap"], 263);
}

/// The features of the layer `fault` in a tile, their properties as text.
fn faults(content: &[u8]) -> Vec<BTreeMap<String, String>> {
    let reader = MvtReaderRef::new(content).unwrap();
    let mut out = Vec::new();
    for layer in reader.layers() {
        assert_eq!(layer.name(), "fault");
        for feature in layer.features() {
            feature.geometry().unwrap();
            let text =
                |p: Result<(_, _), _>| p.map(|(k, v): (&str, _)| (k.to_owned(), format!("{v:?}"))).unwrap();
            out.push(feature.properties().map(text).collect());
        }
    }
    out
}

#[test]
fn disputed_ground_is_on_the_map_and_names_its_claimants() {
    let g = dirty();
    let server = g.serve();
    let at = |lon: f64| server.get(&format!("/api/locate?lon={lon}&lat=31.5005")).is(200).json();
    assert_eq!(at(120.30095)["beat"]["code"], "A", "the code that comes first answers");
    assert_eq!(at(120.30095)["beat"]["disputed"], json!(["A", "B"]));
    assert_eq!(at(120.3005)["beat"]["disputed"], Value::Null);
    assert_eq!(at(120.301_903)["beat"], Value::Null, "the slit is nobody's");

    // Zoom 16, column and row of the place.
    let n = f64::from(1 << 16);
    let row = (1.0 - 31.5005_f64.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * n;
    let path = format!("/tiles/fault/16/{}/{}", ((120.301 + 180.0) / 360.0 * n) as u32, row as u32);
    let found = faults(&server.get(&path).is(200).content());
    let with = |kind: &str| {
        found
            .iter()
            .find(|p| p["kind"].contains(&format!("\"{kind}\"")))
            .unwrap_or_else(|| panic!("{found:?}"))
    };
    assert!(with("overlap")["areas"].contains("\"A,B\"") && with("overlap")["side"].contains("\"beat\""));
    assert!(with("narrow_gap")["areas"].contains("\"B,C\""));
    let meta = server.get("/tiles/fault.json").is(200).json();
    assert_eq!(meta["vector_layers"][0]["fields"]["areas"], "String");
    server.stop();
}
