//! Files in many reference systems, some of them lying about it, each placed right.

use gridbeat_e2e::{Gridbeat, oracle, shared};
use serde_json::Value;

/// Imports a file as beats and measures every vertex against where PROJ puts it.
#[track_caller]
fn placed(file: &str, code: &str, crs: &str, args: &[&str]) -> Option<Value> {
    let path = shared::data(file)?;
    let g = Gridbeat::new();
    g.import("beat", &path, &[&["--map", &format!("code={code}")], args].concat()).ok();
    let told = oracle::ask("placed.py", &[g.store(), "beats", path.to_str().unwrap(), code, crs]);
    assert_eq!(told["missing"], serde_json::json!([]), "codes of {file} that are not in the store");
    assert_eq!(told["extra"], serde_json::json!([]), "codes in the store that {file} has not");
    Some(told)
}

#[track_caller]
fn within(told: Option<Value>, codes: u64, metres: f64) {
    let Some(told) = told else { return };
    assert_eq!(told["codes"], codes);
    let worst = told["worst_m"].as_f64().unwrap();
    assert!(worst < metres, "{worst} m off: {told}");
}

/// Half a unit of the lattice is 5.6 mm.
const LATTICE: f64 = 0.02;

#[test]
fn us_survey_feet() {
    // 27 rows, 24 district numbers. NAD83 and WGS 84 are one at our precision, so PROJ is asked to stay in
    // NAD83 (EPSG:4269): projection and feet are what is tested.
    let Some(path) = shared::data("chicago/police_districts_old_3435.shp") else {
        return;
    };
    let g = Gridbeat::new();
    g.import("beat", &path, &["--map", "code=DIST_NUM"]).ok();
    let path = path.to_str().unwrap();
    let told = oracle::ask("placed.py", &[g.store(), "beats", path, "DIST_NUM", "EPSG:3435", "EPSG:4269"]);
    within(Some(told), 24, LATTICE);
}

#[test]
fn a_file_that_declares_epsg_4236_and_means_it() {
    let Some(path) = shared::data("chicago/community_areas.geojson") else {
        return;
    };
    let truth = shared::data("chicago/community_areas_2019.shp").unwrap();
    let g = Gridbeat::new();
    // Its attributes are shifted by one column: COMMUNITY holds the number, AREA_NUMBE the name.
    g.import("grid", &path, &["--map", "code=COMMUNITY", "--map", "name=AREA_NUMBE"]).ok().says("4236");
    let told =
        oracle::ask("placed.py", &[g.store(), "grids", truth.to_str().unwrap(), "area_numbe", "EPSG:4326"]);
    within(Some(told), 77, 1.0);
}

#[test]
fn seattle_beats_and_micro_communities() {
    let Some(beats) = shared::data("seattle/spd-beats.geojson") else {
        return;
    };
    let areas = shared::data("seattle/spd-mcpp-areas.geojson").unwrap();
    let g = Gridbeat::new();
    g.import("beat", &beats, &["--map", "code=name"]).ok();
    g.import("grid", &areas, &["--map", "code=NAME"]).ok();
    let told = oracle::ask("placed.py", &[g.store(), "beats", beats.to_str().unwrap(), "name", "EPSG:4326"]);
    within(Some(told), 51, LATTICE);

    // 245.3992 km² in EPSG:32610, 245.5806 km² geodesic (pyproj's Geod over GEOS's intersections).
    let pieces = g.overlay();
    assert_eq!(pieces.pairs().filter(|(_, area)| *area > 1.0).count(), 142);
    let total = pieces.total() / 1e6;
    assert!((total / 245.5806 - 1.0).abs() < 1e-4, "total {total} km²");
}

#[test]
fn seattle_tracts_and_districts() {
    within(placed("seattle/census-tracts.geojson", "geoid", "EPSG:4326", &[]), 136, LATTICE);
    within(placed("seattle/city-council-districts.geojson", "district", "EPSG:4326", &[]), 7, LATTICE);
}

#[test]
fn providence_out_of_zip_files() {
    within(placed("providence/maup_blocks.zip", "GEOID10", "EPSG:4326", &[]), 3014, LATTICE);
    within(placed("providence/maup_districts.zip", "id", "EPSG:4326", &[]), 15, LATTICE);
    within(placed("providence/maup_new_precincts.zip", "GEOID20", "EPSG:4326", &[]), 55, LATTICE);
}

#[test]
fn providence_precincts_are_no_coverage_but_import() {
    let Some(path) = shared::data("providence/maup_precincts.zip") else {
        return;
    };
    let g = Gridbeat::new();
    g.import("beat", &path, &["--map", "code=NAME"]).ok();
    let told = oracle::ask("placed.py", &[g.store(), "beats", path.to_str().unwrap(), "NAME", "EPSG:4326"]);
    assert!(told["worst_m"].as_f64().unwrap() < LATTICE, "{told}");
    let faults = g.run("check", &[]).exits(1);
    assert!(faults.said("overlap") || faults.said("gap"), "which faults:\n{faults}");
}

#[test]
fn a_layer_simplified_one_by_one_is_reported() {
    let Some(path) = shared::data("chicago/police_beats_2012_simplified.geojson") else {
        return;
    };
    let g = Gridbeat::new();
    g.import("beat", &path, &["--map", "code=BEAT_NUM"]).ok();
    g.run("check", &[]).exits(1).says("overlap").says("gap");
}

#[test]
fn gcj02_is_taken_back() {
    let Some(path) = shared::data("jiangsu/310000_datav.json") else {
        return;
    };
    let truth = shared::data("jiangsu/shanghai_boundary_epsg4490.geojson").unwrap();
    let shift = |args: &[&str]| -> (f64, f64) {
        let g = Gridbeat::new();
        g.import("grid", &path, &[&["--map", "code=adcode"], args].concat()).ok();
        let told = oracle::ask("shift.py", &[g.store(), "grids", truth.to_str().unwrap(), "县代码"]);
        assert!(told["codes"].as_u64().unwrap() >= 8, "{told}");
        (told["east_m"].as_f64().unwrap(), told["north_m"].as_f64().unwrap())
    };
    // Believing the file's own label leaves it hundreds of metres off: the trap is real.
    let (east, north) = shift(&[]);
    assert!(
        (380.0..496.0).contains(&east) && (-299.0..-180.0).contains(&north),
        "as labelled: {east}, {north}"
    );
    let (east, north) = shift(&["--crs", "GCJ-02"]);
    assert!(east.abs() < 30.0 && north.abs() < 30.0, "taken back from GCJ-02: {east}, {north}");
}

#[test]
fn cgcs2000_with_chinese_column_names() {
    within(placed("jiangsu/shanghai_boundary_epsg4490.geojson", "县代码", "EPSG:4326", &[]), 16, LATTICE);
}

#[test]
fn every_city_of_jiangsu_imports() {
    let cities = [
        "320100", "320200", "320300", "320400", "320500", "320600", "320700", "320800", "320900", "321000",
        "321100", "321200", "321300",
    ];
    let g = Gridbeat::new();
    let mut counties = 0;
    for city in cities {
        let Some(path) = shared::data(&format!("jiangsu/counties/{city}.json")) else {
            return;
        };
        let region = &city[..4];
        g.import("grid", &path, &["--map", "code=adcode", "--crs", "GCJ-02", "--region", region]).ok();
        let features: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        counties += features["features"].as_array().unwrap().len();
    }
    let told = oracle::ask("gdal.py", &[g.store(), "118", "31", "121", "33"]);
    assert_eq!(told["layers"]["grids"]["rows"], counties);
    // Jiangsu lies within 116.3–122 E, 30.7–35.2 N.
    let extent: Vec<f64> = serde_json::from_value(told["layers"]["grids"]["extent"].clone()).unwrap();
    assert!(extent[0] > 116.0 && extent[1] > 30.6 && extent[2] < 122.1 && extent[3] < 35.3, "{extent:?}");
}
