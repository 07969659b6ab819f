//! What an import does to tiles that are in the cache: each that it touches is made again, every other stays.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // How a test fails.

mod common;
#[path = "imports/ground.rs"]
mod ground;
#[path = "imports/places.rs"]
mod places;

use axum::body::Body;
use common::{Reply, Town, crowd::crowd, encoded, import, town, town_with};
use fast_mvt::MvtReaderRef;
use gridbeat_ingest::{DepartmentOptions, Options};
use gridbeat_onemap::record::{LayerKind, Region};
use gridbeat_store::{DepartmentPlan, ImportPlan, Store};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

fn written(name: &str, content: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

/// Imports a file as the command line does; the server notices it in the log.
fn bring(store: &dyn Store, layer: LayerKind, name: &str, content: &str, replace: bool) {
    let (_folder, path) = written(name, content);
    let options = Options { region: Some(Region(3202)), ..Options::new(layer) };
    let mut rows = gridbeat_ingest::open(&path, options).unwrap();
    let mut next = || rows.next().map(|row| Ok(row.unwrap_or_else(|e| panic!("{name}: {e}"))));
    let plan = ImportPlan { replace, ..ImportPlan::add(layer) };
    store.import(&plan, &mut next, &mut |r| panic!("{name}: {r:?}")).unwrap();
}

fn sample(name: &str) -> String {
    std::fs::read_to_string(format!("../data/sample/{name}")).unwrap()
}

/// Puts a layer of one school in the place of what there was.
fn bring_school(store: &dyn Store, pupils: u32) {
    let school = json!({ "type": "Feature", "properties": { "pupils": pupils },
        "geometry": { "type": "Point", "coordinates": [120.3125, 31.5745] } });
    bring_features(store, &[school], true);
}

/// Puts features into a layer, or in the place of those that there were.
fn bring_features(store: &dyn Store, features: &[Value], replace: bool) {
    let (_folder, path) =
        written("school.geojson", &json!({ "type": "FeatureCollection", "features": features }).to_string());
    let options = DepartmentOptions {
        name: "school".to_owned(),
        title: "Schools".to_owned(),
        there: None,
        source_layer: None,
        map: Vec::new(),
        crs: None,
        tz: None,
        region: Some(Region(3202)),
    };
    let mut rows = gridbeat_ingest::open_department(&path, options).unwrap();
    let plan = DepartmentPlan { schema: rows.schema().clone(), titled: true, replace, dry_run: false };
    let mut next = || rows.next().map(|row| Ok(row.unwrap_or_else(|e| panic!("{e}"))));
    store.import_department(&plan, &mut next, &mut |r| panic!("{r:?}")).unwrap();
}

/// What the stream says of tiles until a change with that number.
async fn listen(mut stream: Body, until: u64) -> Vec<Value> {
    let mut text = String::new();
    while !text.contains(&format!("id: {until}\nevent: change")) {
        let frame = tokio::time::timeout(Duration::from_secs(20), stream.frame()).await;
        let frame = frame.unwrap_or_else(|_| panic!("no change {until} in\n{text}")).unwrap().unwrap();
        text.push_str(&String::from_utf8_lossy(frame.data_ref().unwrap()));
    }
    let tiles = text.split("\n\n").filter_map(|e| e.strip_prefix("event: tiles\ndata: "));
    tiles.map(|data| serde_json::from_str(data).unwrap()).collect()
}

/// The layers that are named.
fn layers(told: &[Value]) -> BTreeSet<String> {
    let layers = told.iter().flat_map(|tiles| tiles["layers"].as_array().unwrap());
    layers.map(|layer| layer.as_str().unwrap().to_owned()).collect()
}

/// A place in the sample.
const HERE: (f64, f64) = (120.3125, 31.5745);

/// A path of the tile of a place.
fn tile(layers: &str, (lon, lat): (f64, f64), z: u32) -> String {
    let n = f64::from(1 << z);
    let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * n;
    format!("/tiles/{layers}/{z}/{}/{}", ((lon + 180.0) / 360.0 * n) as u32, y as u32)
}

/// The same in longitude and latitude, of a collection.
fn plate(collection: &str, (lon, lat): (f64, f64), z: u32) -> String {
    let size = 180.0 / f64::from(1 << z);
    let (column, row) = ((lon + 180.0) / size, (90.0 - lat) / size);
    format!("/api/collections/{collection}/tiles/WorldCRS84Quad/{z}/{}/{}", row as u32, column as u32)
}

/// Layers, and what of them is asked for besides all rows.
const LAYERS: [(&str, &str); 13] = [
    ("grid", ""),
    ("grid_line", ""),
    ("grid_label", ""),
    ("beat", ""),
    ("beat_line", ""),
    ("beat_label", ""),
    ("piece", ""),
    ("fault", ""),
    ("resident_density", "beat = '320213501Q02' OR grid = '320213001001003'"),
    ("address", "piece LIKE '%Q02'"),
    ("incident", "piece LIKE '%Q02'"),
    ("staff", "role = 'chief'"),
    ("school", "beat = '320213501Q02'"),
];

/// Tiles over the sample, near and far: which layers each shows, and its path.
fn tiles() -> Vec<(Vec<&'static str>, String)> {
    let mut all = Vec::new();
    for z in [0, 9, 12, 14, 15, 16] {
        for (layer, filter) in LAYERS {
            all.push((vec![layer], tile(layer, HERE, z)));
            if !filter.is_empty() {
                let path = tile(layer, HERE, z);
                all.push((vec![layer], format!("{path}?filter={}", encoded(filter))));
            }
        }
        for layers in [vec!["grid", "incident"], vec!["grid", "beat_line"], vec!["staff", "school"]] {
            all.push((layers.clone(), tile(&layers.join(","), HERE, z)));
        }
        for (collection, layers) in [
            ("grids", vec!["grid", "grid_line", "grid_label"]),
            ("addresses", vec!["resident_density", "address"]),
            ("incidents", vec!["incident"]),
        ] {
            all.push((layers, plate(collection, HERE, z)));
        }
    }
    all
}

/// What was asked for: layers, path, answer.
type Seen = Vec<(Vec<&'static str>, String, Reply)>;

async fn look(town: &Town) -> Seen {
    let mut seen = Seen::new();
    for (layers, path) in tiles() {
        let reply = town.get(&path).await;
        assert!([200, 204].contains(&reply.status.as_u16()), "{path}: {}", reply.text());
        seen.push((layers, path, reply));
    }
    seen
}

/// Has somebody import something. Of the tiles that show only what is not named, all must still be there; of the layers
/// that are, each must have changed somewhere; and all must be as if the cache had been empty.
async fn imports(town: &Town, what: &str, expected: &[&str], bring: impl FnOnce(&dyn Store)) {
    look(town).await;
    let before = look(town).await;
    assert!(before.iter().all(|(_, _, reply)| reply.header("x-cache") == "HIT"));
    let stream = town.stream("").await;
    bring(&*town.store);
    let n = town.store.last_change().unwrap();
    let named = layers(&listen(stream, n).await);
    assert_eq!(named, expected.iter().map(|&l| l.to_owned()).collect(), "after an import of {what}");
    let after = look(town).await;
    let mut changed = BTreeSet::new();
    for ((layers, path, old), (.., new)) in before.iter().zip(&after) {
        let same = old.header("etag") == new.header("etag");
        assert_eq!((old.status, &old.body) == (new.status, &new.body), same, "{path}");
        if !layers.iter().any(|&l| named.contains(l)) {
            assert_eq!((new.header("x-cache"), same), ("HIT", true), "{path} after an import of {what}");
            let tag = [("if-none-match", old.header("etag"))];
            let again = town.send("GET", path, &tag, "").await;
            assert_eq!(again.status, if old.body.is_empty() { 204 } else { 304 }, "{path}");
        }
        if let (&[layer], false) = (&layers[..], same) {
            changed.insert(layer.to_owned());
        }
    }
    assert_eq!(changed, named, "changed after an import of {what}");
    for ((_, path, kept), (.., made)) in after.iter().zip(&look(&town.another()).await) {
        assert_eq!((kept.status, &kept.body), (made.status, &made.body), "{path} after an import of {what}");
    }
}

const ON_BEATS: [&str; 9] = [
    "beat",
    "beat_line",
    "beat_label",
    "piece",
    "fault",
    "resident_density",
    "address",
    "incident",
    "school",
];
const ON_GRIDS: [&str; 9] = [
    "grid",
    "grid_line",
    "grid_label",
    "piece",
    "fault",
    "resident_density",
    "address",
    "incident",
    "school",
];

#[tokio::test(flavor = "multi_thread")]
async fn an_import_drops_what_it_touches_and_no_other() {
    let town = town_with(|store| bring_school(store, 300));
    imports(&town, "incidents", &["incident"], |s| import(s, "incident.csv", LayerKind::Incident)).await;
    imports(&town, "staff", &["staff"], |s| {
        let moved = sample("staff.csv").replace("120.3050000,31.5740000", "120.3125000,31.5745000");
        bring(s, LayerKind::Staff, "staff.csv", &moved, true);
    })
    .await;
    imports(&town, "schools", &["school"], |s| bring_school(s, 301)).await;
    let addresses = ["resident_density", "address"];
    imports(&town, "addresses", &addresses, |s| {
        let one = "code,text,lon,lat\nNEW,示例区示例街道西大街1号,120.3126,31.5746\n";
        bring(s, LayerKind::Address, "address.csv", one, false);
    })
    .await;
    imports(&town, "residents", &addresses, |s| {
        bring(s, LayerKind::Resident, "resident.csv", "code,address\nR1,NEW\n", false);
    })
    .await;
    // The first beat reaches over its neighbours, the second has another code.
    imports(&town, "beats", &ON_BEATS, |s| {
        let moved = sample("beat.geojson")
            .replacen(
                "[120.3040000,31.5600000],[120.3040000,31.5690000],[120.3040000,31.5800000]",
                "[120.3060000,31.5600000],[120.3060000,31.5690000],[120.3060000,31.5800000]",
                1,
            )
            .replace("320213501Q02", "320213501Q12");
        bring(s, LayerKind::Beat, "beat.geojson", &moved, true);
    })
    .await;
    imports(&town, "grids", &ON_GRIDS, |s| {
        let moved = sample("grid.geojson")
            .replacen(
                "[120.3100000,31.5700000],[120.3100000,31.5800000]",
                "[120.3130000,31.5700000],[120.3130000,31.5800000]",
                1,
            )
            .replace("320213001001003", "320213001001013");
        bring(s, LayerKind::Grid, "grid.geojson", &moved, true);
    })
    .await;
}

/// What comes in place of the very same leaves every tile as it is, whatever the log says.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_what_was_there_drops_nothing() {
    let town = town_with(|store| bring_school(store, 300));
    look(&town).await;
    for (file, layer) in [
        ("grid.geojson", LayerKind::Grid),
        ("beat.geojson", LayerKind::Beat),
        ("address.csv", LayerKind::Address),
        ("staff.csv", LayerKind::Staff),
    ] {
        // The first time, areas lose their parents.
        for first in [true, false] {
            bring(&*town.store, layer, file, &sample(file), true);
            town.live.visible(town.store.last_change().unwrap()).await.unwrap();
            for (_, path, reply) in look(&town).await {
                assert!(first || reply.header("x-cache") == "HIT", "{path} after {file}");
            }
        }
    }
}

/// Rows that were imported are seen in tiles around them alone.
#[tokio::test(flavor = "multi_thread")]
async fn tiles_far_from_what_was_imported_stay() {
    let town = town();
    let (near, far) = (tile("incident", (120.302, 31.575), 16), tile("incident", (120.320, 31.565), 16));
    for path in [&near, &far, &near, &far] {
        town.get(path).await.is(204);
    }
    bring(&*town.store, LayerKind::Incident, "one.csv", "code,lon,lat\nI1,120.302,31.575\n", false);
    town.live.visible(town.store.last_change().unwrap()).await.unwrap();
    assert_eq!(town.get(&near).await.is(200).header("x-cache"), "MISS");
    assert_eq!(town.get(&far).await.is(204).header("x-cache"), "HIT");
}

/// The incidents in the tile of the whole world, by their clusters.
fn count(reply: &Reply) -> u64 {
    let tile = MvtReaderRef::new(&reply.body).unwrap();
    let features = tile.layers().flat_map(|layer| layer.features());
    let count = |f: &fast_mvt::MvtFeatureRef<'_>| {
        let told = f.properties().filter_map(Result::ok).find(|(k, _)| *k == "count");
        let digits =
            told.map(|(_, v)| format!("{v:?}").chars().filter(char::is_ascii_digit).collect::<String>());
        digits.map_or(1, |d| d.parse().unwrap())
    };
    features.map(|f| count(&f)).sum()
}

/// A tile that was begun on the map of before an import, and done after it, is not kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_tile_in_the_making_while_the_map_is_loaded_is_not_kept() {
    let town = Arc::new(crowd());
    let mut incidents = count(&town.get("/tiles/incident/0/0/0").await.is(200));
    for round in 0..12 {
        let done = Arc::new(AtomicBool::new(false));
        let ask = |reader: usize| {
            let (town, done) = (Arc::clone(&town), Arc::clone(&done));
            tokio::spawn(async move {
                let mut paths = Vec::new();
                while !done.load(Ordering::Relaxed) {
                    // A filter that chooses all, and a tile of its own that takes long to make.
                    let filter = encoded(&format!("code <> '{round} {reader} {}'", paths.len()));
                    paths.push(format!("/tiles/incident/0/0/0?filter={filter}"));
                    town.get(&paths[paths.len() - 1]).await.is(200);
                }
                paths
            })
        };
        let readers: Vec<_> = (0..4).map(ask).collect();
        let one = format!("code,lon,lat\nN{round},120.302,31.575\n");
        bring(&*town.store, LayerKind::Incident, "one.csv", &one, false);
        town.live.visible(town.store.last_change().unwrap()).await.unwrap();
        done.store(true, Ordering::Relaxed);
        incidents += 1;
        for reader in readers {
            for path in reader.await.unwrap() {
                assert_eq!(count(&town.get(&path).await.is(200)), incidents, "{path}");
            }
        }
    }
}
