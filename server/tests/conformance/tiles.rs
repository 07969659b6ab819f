//! The classes of OGC API – Tiles and of tile matrix sets.

use crate::common::{Reply, Town};
use fast_mvt::{MvtGeometry, MvtReaderRef};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TILES: &str = "ogcapi-tiles-1/1.0/conf/";
const TMS: &str = "tms/2.0/conf/";
const ITEM: &str = "application/vnd.mapbox-vector-tile";

pub fn is_one(class: &str) -> bool {
    class.starts_with(TILES) || class.starts_with(TMS)
}

pub async fn show(town: &Town, class: &str) {
    match class.strip_prefix(TILES).or_else(|| class.strip_prefix(TMS)).unwrap() {
        "core" => core(town).await,
        "tileset" => tileset(town).await,
        "tilesets-list" => lists(town).await,
        "dataset-tilesets" => of_map(town).await,
        "geodata-tilesets" => of_collections(town).await,
        "collections-selection" => selection(town).await,
        "datetime" => datetime(town).await,
        "mvt" => mvt(town).await,
        "tilematrixset" | "json-tilematrixset" => matrix_sets(town).await,
        "tilematrixsetlimits" | "json-tilematrixsetlimits" => limits(town).await,
        other => panic!("no case shows {other}"),
    }
}

fn path(href: &str) -> &str {
    href.strip_prefix("http://localhost:8080").unwrap_or_else(|| panic!("{href} leads elsewhere"))
}

fn link<'a>(document: &'a Value, rel: &str) -> &'a Value {
    let found =
        document["links"].as_array().unwrap().iter().find(|l| l["rel"].as_str().unwrap().ends_with(rel));
    found.unwrap_or_else(|| panic!("no link {rel} in {document}"))
}

fn href<'a>(document: &'a Value, rel: &str) -> &'a str {
    path(link(document, rel)["href"].as_str().unwrap())
}

/// Level, column and row of a position, by the definition that a client reads: corner, cell size, tile size.
fn place(set: &Value, level: usize, x: f64, y: f64) -> (u64, u64) {
    let matrix = &set["tileMatrices"][level];
    let number = |v: &Value| v.as_f64().unwrap();
    let span = number(&matrix["cellSize"]) * number(&matrix["tileWidth"]);
    let corner = &matrix["pointOfOrigin"];
    (((x - number(&corner[0])) / span) as u64, ((number(&corner[1]) - y) / span) as u64)
}

/// The middle of the sample in the reference system of a set.
fn middle(set: &str) -> (f64, f64) {
    let (lon, lat) = (120.31_f64, 31.57_f64);
    if set == "WorldCRS84Quad" {
        return (lon, lat);
    }
    let radius = 6_378_137.0;
    (lon.to_radians() * radius, lat.to_radians().tan().asinh() * radius)
}

/// The level of a tileset whose tiles are a tenth of a degree wide: all of the sample is in one.
fn wide(tileset: &Value) -> usize {
    if tileset["tileMatrixSetURI"].as_str().unwrap().ends_with("WorldCRS84Quad") { 11 } else { 12 }
}

/// The tile in the middle of the sample, by the template that a tileset gives.
async fn tile_by_template(town: &Town, tileset: &Value, level: usize) -> Reply {
    let set = town.get(href(tileset, "tiling-scheme")).await.is(200).json();
    let (x, y) = middle(set["id"].as_str().unwrap());
    let (column, row) = place(&set, level, x, y);
    let item = link(tileset, "item");
    assert_eq!((&item["templated"], &item["type"]), (&json!(true), &json!(ITEM)));
    let address = path(item["href"].as_str().unwrap())
        .replace("{tileMatrix}", &level.to_string())
        .replace("{tileRow}", &row.to_string())
        .replace("{tileCol}", &column.to_string());
    town.get(&address).await
}

fn layers(reply: &Reply) -> BTreeSet<String> {
    let tile = MvtReaderRef::new(&reply.body).unwrap();
    tile.layers().map(|l| l.name().to_string()).collect()
}

fn tilesets(list: &Value) -> &Vec<Value> {
    let tilesets = list["tilesets"].as_array().unwrap();
    let sets: Vec<_> = tilesets
        .iter()
        .map(|t| t["tileMatrixSetURI"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    assert_eq!(sets, ["WebMercatorQuad", "WorldCRS84Quad"]);
    tilesets
}

async fn core(town: &Town) {
    let landing = town.get("/api").await.is(200).json();
    let list = town.get(href(&landing, "tilesets-vector")).await.is(200).json();
    for summary in tilesets(&list) {
        for level in [0, 9, 13] {
            tile_by_template(town, summary, level).await.is(200);
        }
        let base = href(summary, "self").to_owned();
        // What the set does not have is not found; where nothing is there is no content.
        for wrong in ["30/0/0", "0/0/9", "0/5/0", "x/0/0", "3/-1/0"] {
            town.get(&format!("{base}/{wrong}")).await.is(404);
        }
        town.get(&format!("{base}/6/0/0")).await.is(204);
        town.get(&format!("{base}/6/0/0?colour=red")).await.is(400);
        town.get(&format!("{base}/6/0/0?f=png")).await.is(400);
        town.get(&format!("{base}/6/0/0?f=mvt")).await.is(204);
    }
    town.get("/api/tiles/GoogleMaps/0/0/0").await.is(404);
    town.get("/api/collections/none/tiles/WebMercatorQuad/0/0/0").await.is(404);
}

async fn tileset(town: &Town) {
    for list in ["/api/tiles", "/api/collections/incidents/tiles"] {
        for summary in tilesets(&town.get(list).await.is(200).json()) {
            let full = town.get(href(summary, "self")).await.is(200).json();
            for key in ["title", "dataType", "crs", "tileMatrixSetURI"] {
                assert!(full[key].is_string() && full[key] == summary[key], "{key}: {full}");
            }
            assert_eq!(full["dataType"], "vector");
            assert!(full["layers"].as_array().is_some_and(|l| !l.is_empty()));
            // What it says of its layers is so.
            let tile = tile_by_template(town, &full, 14).await.is(200);
            let told: BTreeSet<String> = full["layers"]
                .as_array()
                .unwrap()
                .iter()
                .map(|l| l["id"].as_str().unwrap().to_owned())
                .collect();
            assert!(layers(&tile).is_subset(&told));
        }
    }
    town.get("/api/tiles/None").await.is(404);
}

async fn lists(town: &Town) {
    for list in ["/api/tiles", "/api/collections/grids/tiles"] {
        let list = town.get(list).await.is(200).json();
        for summary in tilesets(&list) {
            for rel in ["self", "tiling-scheme"] {
                town.get(href(summary, rel)).await.is(200);
            }
        }
        town.get(href(&list, "self")).await.is(200);
    }
}

async fn of_map(town: &Town) {
    let list = town.get("/api/tiles").await.is(200).json();
    for summary in tilesets(&list) {
        let tile = tile_by_template(town, summary, wide(summary)).await.is(200);
        for layer in ["grid", "grid_line", "beat", "piece", "incident", "staff"] {
            assert!(layers(&tile).contains(layer), "{layer}");
        }
    }
    // The same ground whatever the set: as many grids, by their ids.
    let mut grids = Vec::new();
    for summary in tilesets(&list) {
        let tile = tile_by_template(town, summary, wide(summary)).await.is(200);
        let reader = MvtReaderRef::new(&tile.body).unwrap();
        let layer = reader.layers().find(|l| l.name() == "beat").unwrap();
        grids.push(layer.features().map(|f| f.id().unwrap()).collect::<BTreeSet<_>>());
    }
    assert_eq!(grids[0], grids[1]);
    // XYZ is the same tile.
    let xyz = town.get("/tiles/grid,grid_line,grid_label/12/3416/1669").await;
    let ogc = town.get("/api/collections/grids/tiles/WebMercatorQuad/12/1669/3416").await;
    assert_eq!((xyz.status, &xyz.body, xyz.header("etag")), (ogc.status, &ogc.body, ogc.header("etag")));
}

async fn of_collections(town: &Town) {
    let all = town.get("/api/collections").await.is(200).json();
    for collection in all["collections"].as_array().unwrap() {
        let list = town.get(href(collection, "tilesets-vector")).await.is(200).json();
        for summary in tilesets(&list) {
            let tile = tile_by_template(town, summary, wide(summary)).await.is(200);
            assert!(!layers(&tile).is_empty(), "{collection}");
        }
    }
}

async fn selection(town: &Town) {
    let chosen = town.get("/api/tiles?collections=grids,incidents").await.is(200).json();
    let summary = &tilesets(&chosen)[0];
    let full = town.get(href(summary, "self")).await.is(200).json();
    let tile = tile_by_template(town, &full, wide(&full)).await.is(200);
    assert_eq!(layers(&tile), ["grid", "grid_label", "grid_line", "incident"].map(str::to_owned).into());
    town.get("/api/tiles?collections=grids,none").await.is(400);
    town.get("/api/tiles/WebMercatorQuad/0/0/0?collections=none").await.is(400);
}

/// Incidents in a tile, clusters by their number.
fn count(reply: &Reply) -> u64 {
    if reply.status.as_u16() == 204 {
        return 0;
    }
    let tile = MvtReaderRef::new(&reply.body).unwrap();
    let layer = tile.layers().find(|l| l.name() == "incident").unwrap();
    let number = |name: &str, f: &fast_mvt::MvtFeatureRef<'_>| {
        f.properties().filter_map(Result::ok).find(|(key, _)| *key == name).map(|(_, v)| format!("{v:?}"))
    };
    let digits =
        |text: String| text.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap();
    layer.features().map(|f| number("count", &f).map_or(1, digits)).sum()
}

async fn datetime(town: &Town) {
    let world = "/api/collections/incidents/tiles/WebMercatorQuad/0/0/0";
    let items = |query: String| async move {
        let page = town.get(&format!("/api/collections/incidents/items?limit=1{query}")).await.is(200).json();
        page["numberMatched"].as_u64().unwrap()
    };
    assert_eq!(count(&town.get(world).await), items(String::new()).await);
    let mut sum = 0;
    for part in ["../2026-06-14T23:59:59Z", "2026-06-15T00:00:00Z/.."] {
        let tile = town.get(&format!("{world}?datetime={part}")).await.is(200);
        assert_eq!(count(&tile), items(format!("&datetime={part}")).await, "{part}");
        sum += count(&tile);
        // Together with a filter, both hold; each combination has a place of its own in the cache.
        let filter = "filter=risk%3D'red'";
        let both = town.get(&format!("{world}?datetime={part}&{filter}")).await.is(200);
        assert_eq!(both.header("x-cache"), "MISS");
        assert_eq!(count(&both), items(format!("&datetime={part}&{filter}")).await);
        assert!(count(&both) < count(&tile));
        assert_eq!(town.get(&format!("{world}?datetime={part}")).await.header("x-cache"), "HIT");
    }
    assert!(sum <= count(&town.get(world).await));
    town.get(&format!("{world}?datetime=yesterday")).await.is(400);
    // What has no time is not chosen by one.
    let grids = "/api/collections/grids/tiles/WebMercatorQuad/0/0/0";
    let timed = town.get(&format!("{grids}?datetime=../2026-06-14T23:59:59Z")).await.is(200);
    assert_eq!(timed.body, town.get(grids).await.is(200).body);
}

async fn mvt(town: &Town) {
    let list = town.get("/api/tiles").await.is(200).json();
    for summary in tilesets(&list) {
        let reply = tile_by_template(town, summary, 15).await.is(200);
        assert_eq!(reply.header("content-type"), ITEM);
        let tile = MvtReaderRef::new(&reply.body).unwrap();
        for layer in tile.layers() {
            assert_eq!((layer.version(), layer.extent()), (2, 4096));
            for feature in layer.features() {
                let geometry = feature.geometry().unwrap();
                assert!(!matches!(geometry, MvtGeometry::Point(_)) || layer.name() != "grid_line");
            }
        }
    }
}

async fn matrix_sets(town: &Town) {
    let landing = town.get("/api").await.is(200).json();
    let list = town.get(href(&landing, "tiling-schemes")).await.is(200).json();
    for (summary, [columns, rows]) in list["tileMatrixSets"].as_array().unwrap().iter().zip([[1, 1], [2, 1]])
    {
        let set = town.get(href(summary, "self")).await.is(200).json();
        for key in ["id", "uri", "crs"] {
            assert_eq!(set[key], summary[key]);
        }
        for (level, matrix) in set["tileMatrices"].as_array().unwrap().iter().enumerate() {
            assert_eq!(matrix["id"], level.to_string());
            assert_eq!(
                (&matrix["matrixWidth"], &matrix["matrixHeight"]),
                (&json!(columns << level), &json!(rows << level))
            );
            let half = &set["tileMatrices"][level.saturating_sub(1)];
            let ratio =
                half["scaleDenominator"].as_f64().unwrap() / matrix["scaleDenominator"].as_f64().unwrap();
            assert!((ratio - if level == 0 { 1.0 } else { 2.0 }).abs() < 1e-12);
        }
    }
    town.get("/api/tileMatrixSets/None").await.is(404);
    town.get("/api/tileMatrixSets?f=png").await.is(400);
}

async fn limits(town: &Town) {
    for summary in tilesets(&town.get("/api/collections/grids/tiles").await.is(200).json()) {
        let full = town.get(href(summary, "self")).await.is(200).json();
        let set = town.get(href(&full, "tiling-scheme")).await.is(200).json();
        let (x, y) = middle(set["id"].as_str().unwrap());
        let limits = full["tileMatrixSetLimits"].as_array().unwrap();
        assert!(limits.len() > 10);
        for limit in limits {
            let level: usize = limit["tileMatrix"].as_str().unwrap().parse().unwrap();
            let (column, row) = place(&set, level, x, y);
            let within = |v: u64, low: &str, high: &str| {
                (limit[low].as_u64().unwrap()..=limit[high].as_u64().unwrap()).contains(&v)
            };
            assert!(
                within(column, "minTileCol", "maxTileCol") && within(row, "minTileRow", "maxTileRow"),
                "{limit}"
            );
            // Beyond the limits, and what a buffer may reach, there is nothing.
            let beyond = limit["maxTileCol"].as_u64().unwrap() + 2;
            if beyond < set["tileMatrices"][level]["matrixWidth"].as_u64().unwrap() {
                town.get(&format!("{}/{level}/{row}/{beyond}", href(&full, "self"))).await.is(204);
            }
        }
    }
}
