//! Whole pyramids, as `gridbeat tiles` writes them, judged by programs that share nothing with ours.
//!
//! Every zoom of every layer of ground is put together from its tiles and must be one valid coverage for GEOS;
//! every area must be there; names, clusters and cells stand in one tile each and add up. With
//! `GRIDBEAT_ALL_ZOOMS=1` no zoom is left out.

use gridbeat_e2e::{Gridbeat, oracle, readers, shared, tiles::every_tile, town};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Zooms that are looked at: all, or as few as show each level, the ends and the middle.
fn zooms(few: &[u8], last: u8) -> Vec<u8> {
    if std::env::var_os("GRIDBEAT_ALL_ZOOMS").is_some() { (0..=last).collect() } else { few.to_vec() }
}

fn set(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

/// Writes the layers at one zoom and says what is in the file.
#[track_caller]
fn written(g: &Gridbeat, layers: &str, zooms: &str, suffix: &str) -> String {
    let out = g.dir().join(format!("city-{}{suffix}", zooms.replace("..", "-")));
    let out = out.to_str().unwrap().to_owned();
    g.run("tiles", &["--out", &out, "--layers", layers, "--zoom", zooms]).ok();
    out
}

/// What must hold of ground at any zoom.
#[track_caller]
fn is_coverage(layer: &str, zoom: u8, told: &Value) {
    assert_eq!(told["coverage"], true, "{layer} at zoom {zoom}: {}", told["complaint"]);
    assert_eq!((&told["invalid"], &told["turned"]), (&0.into(), &0.into()), "{layer} at zoom {zoom}");
    assert_eq!(told["repeated"], Value::from(Vec::<String>::new()), "{layer} at zoom {zoom}");
}

/// Chicago's beats over its community areas: real borders, one level each.
#[test]
fn chicago_without_gap_or_overlap() {
    let Some(beats) = shared::data("chicago/police_beats_2019.shp") else { return };
    let Some(areas) = shared::data("chicago/community_areas_2019.shp") else { return };
    let g = Gridbeat::new();
    g.import("beat", &beats, &["--map", "code=beat_num"]).ok();
    g.import("grid", &areas, &["--map", "code=area_numbe"]).ok();
    let pieces: BTreeSet<String> =
        g.run("overlay", &[]).ok().csv().into_iter().map(|row| row["piece"].clone()).collect();
    for zoom in zooms(&[0, 4, 8, 10, 11, 12, 13, 14], 15) {
        let file = written(&g, "grid,beat,piece,grid_label,beat_label", &zoom.to_string(), ".mbtiles");
        let told = &oracle::ask("pyramid.py", &[&file])[zoom.to_string()];
        for (layer, count) in [("grid", 77), ("beat", 275), ("piece", pieces.len())] {
            if layer == "piece" && zoom < 11 {
                assert_eq!(told[layer], Value::Null);
                continue;
            }
            is_coverage(layer, zoom, &told[layer]);
            assert_eq!(set(&told[layer]["ids"]).len(), count, "{layer} at zoom {zoom}");
        }
        if zoom >= 11 {
            assert_eq!(set(&told["piece"]["ids"]), pieces);
        }
        for layer in ["grid_label", "beat_label"] {
            assert_eq!(told[layer]["repeated"].as_array().map_or(0, Vec::len), 0, "{layer} at zoom {zoom}");
        }
    }
}

/// Codes by level: those of a file of parents and those of the drawings below them.
fn levels(folder: &Path, parents: &str, drawn: &str, lowest: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut parent_of: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut rows = csv::Reader::from_path(folder.join(parents)).unwrap();
    for row in rows.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        parent_of.insert(row["code"].clone(), (row["level"].clone(), row["parent"].clone()));
    }
    let drawings: Value = serde_json::from_slice(&std::fs::read(folder.join(drawn)).unwrap()).unwrap();
    let mut levels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for feature in drawings["features"].as_array().unwrap() {
        let text = |name: &str| feature["properties"][name].as_str().unwrap_or_default().to_owned();
        levels.entry(lowest.to_owned()).or_default().insert(text("code"));
        let mut next = text("parent");
        while let Some((level, parent)) = parent_of.get(&next) {
            levels.entry(level.clone()).or_default().insert(next);
            next = parent.clone();
        }
    }
    levels
}

/// The level of a side that a zoom shows.
fn shown(side: &str, zoom: u8) -> &'static str {
    match side {
        "grid" => match zoom {
            ..9 => "county",
            9..11 => "town",
            11..13 => "community",
            _ => "grid",
        },
        _ => match zoom {
            ..9 => "subbureau",
            9..12 => "station",
            _ => "beat",
        },
    }
}

/// A whole synthetic district: every level, both sides, pieces, points.
#[test]
fn the_district_is_all_there_at_every_zoom() {
    let g = Gridbeat::new();
    let folder = g.dir().join("files");
    Gridbeat::bare(["synth", "--scale", "district", "--seed", "5", "--out", folder.to_str().unwrap()]).ok();
    town::import_from(&g, &folder);
    let count = |name: &str| csv::Reader::from_path(folder.join(name)).unwrap().records().count() as u64;
    let (incidents, addresses, residents) =
        (count("incident.csv"), count("address.csv"), count("resident.csv"));
    let sides = [
        ("grid", levels(&folder, "division.csv", "grid.geojson", "grid")),
        ("beat", levels(&folder, "station.csv", "beat.geojson", "beat")),
    ];
    let pieces: BTreeSet<String> =
        g.run("overlay", &[]).ok().csv().into_iter().map(|row| row["piece"].clone()).collect();
    let layers = "grid,beat,piece,grid_label,beat_label,incident,resident_density";
    for zoom in zooms(&[0, 7, 9, 11, 13, 14], 15) {
        let file = written(&g, layers, &zoom.to_string(), ".mbtiles");
        let told = &oracle::ask("pyramid.py", &[&file])[zoom.to_string()];
        for (layer, levels) in &sides {
            is_coverage(layer, zoom, &told[layer]);
            let level = shown(layer, zoom);
            assert_eq!(&set(&told[layer]["ids"]), &levels[level], "{layer} at zoom {zoom}");
            let label = &told[format!("{layer}_label")];
            assert_eq!(label["repeated"].as_array().map_or(0, Vec::len), 0, "{layer} at zoom {zoom}");
            if zoom >= 14 {
                assert_eq!(set(&label["ids"]), levels[level], "names of {layer} at zoom {zoom}");
            }
        }
        if zoom >= 11 {
            is_coverage("piece", zoom, &told["piece"]);
            assert_eq!(set(&told["piece"]["ids"]), pieces);
        }
        assert_eq!(told["incident"]["count"], incidents, "incidents at zoom {zoom}");
        if zoom <= 14 {
            let density = &told["resident_density"];
            assert_eq!(
                (&density["addresses"], &density["residents"]),
                (&addresses.into(), &residents.into())
            );
        }
    }
}

/// What a layer holds at a zoom, for each reader.
type Counts = BTreeMap<(String, String), [u64; 2]>;

fn counts(zooms: &Value) -> Counts {
    let mut all = Counts::new();
    for (zoom, layers) in zooms.as_object().unwrap() {
        for (layer, told) in layers.as_object().unwrap() {
            let number = |name: &str| told[name].as_u64().unwrap();
            all.insert((zoom.clone(), layer.clone()), [number("tiles"), number("features")]);
        }
    }
    all
}

/// The same pyramid in both kinds of file, read by npm `pmtiles` with `@mapbox/vector-tile`, by Python with
/// `mapbox_vector_tile`, by `fast-mvt` and by GDAL: all read the same, and find nothing wrong.
#[test]
fn other_readers_read_the_archives() {
    let g = town::built();
    let layers = "grid,grid_line,grid_label,beat,beat_line,beat_label,piece,fault,resident_density,address,incident,staff";
    let pmtiles = written(&g, layers, "0..17", ".pmtiles");
    let mbtiles = written(&g, layers, "0..17", ".mbtiles");

    let node = readers::archive(&pmtiles);
    let (header, metadata) = (&node["header"], &node["metadata"]);
    assert_eq!(
        (&header["specVersion"], &header["clustered"], &node["clustered"]),
        (&3.into(), &true.into(), &true.into())
    );
    assert_eq!((&header["minZoom"], &header["maxZoom"]), (&0.into(), &17.into()));
    assert_eq!(header["numAddressedTiles"], node["addressed"]);
    assert!(header["numTileContents"].as_u64().unwrap() < header["numAddressedTiles"].as_u64().unwrap());
    for (name, edge) in [("minLon", 120.30), ("minLat", 31.50), ("maxLon", 120.325), ("maxLat", 31.52)] {
        assert!((header[name].as_f64().unwrap() - edge).abs() < 1e-6, "{name}: {header}");
    }
    let told: BTreeSet<&str> =
        metadata["vector_layers"].as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap()).collect();
    // The town has no faults, but a layer that could hold some is told.
    assert_eq!(told, layers.split(',').collect());

    let python = oracle::ask("pyramid.py", &[&mbtiles]);
    assert_eq!(counts(&node["zooms"]), counts(&python));
    let mut ours = Counts::new();
    for (zoom, tile) in every_tile(&mbtiles) {
        for (layer, features) in tile {
            let [tiles, all] = ours.entry((zoom.to_string(), layer)).or_default();
            *tiles += 1;
            *all += features;
        }
    }
    assert_eq!(counts(&python), ours);

    for file in [&pmtiles, &mbtiles] {
        for zoom in ["10", "14", "17"] {
            let gdal = oracle::ask("archive.py", &[file, zoom]);
            for layer in ["grid", "beat", "piece"] {
                if zoom == "10" && layer == "piece" {
                    continue;
                }
                assert_eq!(gdal[layer]["invalid"], 0, "{file}, {layer} at zoom {zoom}");
                assert_eq!(gdal[layer]["ids"], python[zoom][layer]["ids"], "{file}, {layer} at zoom {zoom}");
            }
        }
    }
}

#[test]
fn a_file_is_whole_or_not_there() {
    let g = town::built();
    let old = g.file("city.pmtiles", "what was there before");
    let path = old.to_str().unwrap();
    for (args, code, word) in [
        (vec!["--out", path, "--zoom", "9..3"], 2, "zoom"),
        (vec!["--out", path, "--zoom", "0..23"], 2, "zoom"),
        (vec!["--out", path, "--layers", "grid,grids"], 2, "grids"),
        (vec!["--out", path, "--layers", "address", "--zoom", "0..9"], 2, "address 15"),
        (vec!["--out", "city.zip"], 2, "pmtiles"),
        (vec!["--out", "/no/such/folder/city.pmtiles"], 3, "could not be written"),
    ] {
        g.run("tiles", &args).exits(code).says(word);
    }
    assert_eq!(std::fs::read(&old).unwrap(), b"what was there before");
    g.run("tiles", &["--out", path, "--zoom", "8..10"]).ok().says("tiles");
    assert_eq!(&std::fs::read(&old).unwrap()[..7], b"PMTiles");
    let left: Vec<_> = std::fs::read_dir(g.dir()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert!(!left.iter().any(|f| f.to_string_lossy().contains(".part")), "{left:?}");
    // Equal input, equal file.
    let again = g.dir().join("again.pmtiles");
    g.run("tiles", &["--out", again.to_str().unwrap(), "--zoom", "8..10"]).ok();
    assert_eq!(std::fs::read(&old).unwrap(), std::fs::read(again).unwrap());
}
