//! Real clients of OGC API – Features, without special cases: GDAL, OWSLib, and what checks the OpenAPI document.

use gridbeat_e2e::{oracle, town};
use serde_json::{Value, json};

/// The codes of what a client was given.
fn codes(told: &Value) -> Vec<&str> {
    told["codes"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect()
}

/// The parameters of the requests for items; GDAL's first looks at some rows to see what there is.
fn asked(told: &Value) -> &Value {
    let queries = told["queries"].as_array().unwrap();
    queries.last().unwrap_or_else(|| panic!("nothing was asked: {told}"))
}

#[test]
fn gdal_and_owslib() {
    let g = town::built();
    let server = g.serve();
    let told = oracle::ask("clients.py", &[server.base()]);

    let gdal = &told["gdal"];
    let all = ["A1", "A2", "A3", "A4", "A5", "A6"];
    assert_eq!(gdal["layers"], json!(["addresses", "beats", "grids", "incidents", "pieces", "staff"]));
    assert_eq!(gdal["fields"][0], "code");
    assert_eq!(codes(&gdal["all"]), all);
    // The system of the store has latitude first; GDAL knows, and turns it.
    assert_eq!(gdal["all"]["crs"], "EPSG:4490");
    assert_eq!(gdal["all"]["points"][0], json!([120.3005, 31.5005]));
    assert_eq!(gdal["degrees"]["points"], gdal["all"]["points"]);

    assert_eq!(codes(&gdal["box"]), ["A1", "A2"]);
    assert!(asked(&gdal["box"])["bbox"].is_string(), "the box stayed with GDAL: {}", gdal["box"]);
    for (name, wanted) in [
        ("where", vec!["I2", "I4"]),
        ("number", vec!["A1", "A4"]),
        ("time", vec!["I2", "I3", "I4", "I5"]),
        ("either", vec!["I2", "I3", "I4"]),
        ("boolean", vec!["G1", "G2", "P1", "P2"]),
        ("day", vec!["I3", "I4", "I5"]),
        ("any_case", vec!["G1", "G2", "G3"]),
    ] {
        assert_eq!(codes(&gdal[name]), wanted, "{name}");
        assert!(asked(&gdal[name])["filter"].is_string(), "the filter stayed with GDAL: {}", gdal[name]);
    }
    assert_eq!(codes(&gdal["pages"]), all);
    assert!(gdal["pages"]["queries"].as_array().unwrap().iter().any(|q| q["cursor"].is_string()));

    let (ours, by_proj) = (&gdal["mercator"]["points"], gdal["mercator_by_proj"].as_array().unwrap());
    for (ours, proj) in ours.as_array().unwrap().iter().zip(by_proj) {
        for axis in 0..2 {
            let off = ours[axis].as_f64().unwrap() - proj[axis].as_f64().unwrap();
            assert!(off.abs() < 0.001, "{ours} is {proj} for PROJ");
        }
    }
    assert_eq!(by_proj.len(), all.len());

    let file = &gdal["flatgeobuf"];
    assert_eq!((&file["codes"], &file["valid"]), (&json!(["B1", "B2"]), &json!(true)));
    assert_eq!(file["fields"][0], "fid");
    assert_eq!(gdal["sequence"]["rows"], 6);

    let owslib = &told["owslib"];
    assert_eq!(owslib["collections"], gdal["layers"]);
    assert!(owslib["conforms"].as_u64().unwrap() > 20);
    assert_eq!((&owslib["box"], &owslib["filter"], &owslib["time"]), (&json!(2), &json!(2), &json!(4)));
    assert_eq!(owslib["sorted"], json!(["A6", "A5", "A4", "A3", "A2", "A1"]));
    assert_eq!((&owslib["created"], &owslib["read"]), (&json!(true), &json!("noise")));

    assert!(told["openapi"]["version"].as_str().unwrap().starts_with("3.1"));
    server.stop();
}

/// All 64 of them, whose central meridians are 3 or 6 degrees apart, with and without the zone's number in the easting.
#[test]
fn every_gauss_kruger_zone_is_that_of_proj() {
    let g = town::built();
    let server = g.serve();
    let told = oracle::ask("zones.py", &[server.base()]);
    assert_eq!((&told["zones"], &told["in_box"], &told["in_filter"]), (&json!(64), &json!(64), &json!(64)));
    let worst = |name: &str| told[name].as_f64().unwrap();
    assert!(worst("worst_m") < 0.001, "{told}");
    // The lattice rounds to half a unit of 1e-7 degree.
    assert!(worst("worst_degrees") < 0.51e-7, "{told}");
    server.stop();
}

#[test]
fn no_request_makes_an_error_or_an_answer_that_is_not_described() {
    let g = town::built();
    // Layers of each kind, which are written too.
    let named = |name: &str, geometry: Value| {
        json!({ "type": "Feature", "geometry": geometry,
            "properties": { "name": name, "n": 1, "share": 0.5, "open": true, "since": "2001-09-01" } })
    };
    let line = json!({ "type": "LineString", "coordinates": [[120.301, 31.501], [120.309, 31.502]] });
    for (layer, geometry) in [
        ("school", json!({ "type": "Point", "coordinates": [120.302, 31.503] })),
        ("road", line),
        ("compound", town::rectangle(120.301, 31.501, 120.309, 31.509)),
    ] {
        let file = g.file(&format!("{layer}.geojson"), town::collection(&[named("a", geometry)]));
        g.import(layer, &file, &["--region", "3202"]).ok();
    }
    let server = g.serve();
    let told = oracle::ask("hostile.py", &[server.base(), "15"]);
    assert_eq!(told["code"], 0, "{}", told["said"].as_str().unwrap());
    server.stop();
}
