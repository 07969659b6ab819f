//! The store is a GeoPackage that GDAL opens as it is.

use gridbeat_e2e::{oracle, town};
use serde_json::json;

#[test]
fn gdal_reads_the_store() {
    let g = town::built();
    let told = oracle::ask("gdal.py", &[g.store(), "120.316", "31.501", "120.319", "31.509"]);
    let layers = &told["layers"];

    for (layer, kind, rows) in [
        ("grids", "MultiPolygon", 8), // four grids and four parents
        ("beats", "MultiPolygon", 5), // two beats and three parents
        ("addresses", "Point", 6),
        ("incidents", "Point", 5),
        ("staff", "Point", 5),
    ] {
        let l = &layers[layer];
        assert_eq!(l["type"], kind, "geometry type of {layer}: {l}");
        assert_eq!(l["rows"], rows, "rows of {layer}");
        assert_eq!(l["valid"], l["with_geometry"], "invalid geometries in {layer}: {}", l["invalid_reasons"]);
        let crs = l["crs"].as_str().unwrap();
        assert!(crs == "EPSG:4490" || crs == "EPSG:4326", "reference system of {layer}: {crs}");
        // GDAL answers a box through the R-tree; by hand it goes through all rows.
        assert_eq!(l["in_box"], l["in_box_by_hand"], "{layer} in the box");
        assert_eq!(l["extent"], l["extent_by_hand"], "extent of {layer}");
    }
    assert_eq!(layers["grids"]["with_geometry"], 4);
    assert_eq!(layers["grids"]["in_box"], 1);
    assert_eq!(layers["beats"]["in_box"], 1);
    assert_eq!(layers["addresses"]["in_box"], 1);
    let rtree: Vec<String> = serde_json::from_value(told["rtree"].clone()).unwrap();
    for table in ["grids", "beats", "addresses", "incidents", "staff"] {
        assert!(rtree.iter().any(|t| t == table), "no R-tree for {table} in {rtree:?}");
    }
    assert_eq!(told["errors"], json!([]));
    assert_eq!(told["application_id"], "GPKG");
    assert!(told["user_version"].as_u64().unwrap() >= 10_300);
}

#[test]
fn the_r_tree_follows_writes() {
    let g = town::built();
    let server = g.serve();
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3301, 31.5301]},
        "properties": {"category": "noise"}});
    server.post("/api/collections/incidents/items", &feature).is(201);
    server.stop();
    let told = oracle::ask("gdal.py", &[g.store(), "120.33", "31.53", "120.331", "31.531"]);
    assert_eq!(told["layers"]["incidents"]["rows"], 6);
    assert_eq!(told["layers"]["incidents"]["in_box"], 1);
    assert_eq!(told["errors"], json!([]));
}

#[test]
fn no_person_is_in_the_file() {
    let g = town::built();
    let told = oracle::ask("gdal.py", &[g.store(), "120", "31", "121", "32"]);
    let residents = &told["layers"]["residents"];
    assert_eq!(residents["rows"], 9);
    let fields: Vec<String> = serde_json::from_value(residents["fields"].clone()).unwrap();
    for field in fields {
        let known = ["region", "code", "address", "household", "age_band", "registration", "fid"];
        assert!(known.contains(&field.as_str()), "residents have a column {field}");
    }
}
