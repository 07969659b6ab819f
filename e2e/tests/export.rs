//! Layers as files for other programs, and back again.

use gridbeat_e2e::{Gridbeat, oracle, town};
use std::path::PathBuf;

const LAYERS: [(&str, usize, usize); 6] = [
    ("grid", 8, 4),
    ("beat", 5, 2),
    ("address", 6, 6),
    ("resident", 9, 0),
    ("incident", 5, 5),
    ("staff", 5, 4),
];

fn export(g: &Gridbeat, layer: &str, name: &str) -> PathBuf {
    let out = g.dir().join(name);
    g.run("export", &["--layer", layer, "--out", out.to_str().unwrap()]).ok();
    out
}

#[test]
fn gdal_and_arrow_read_every_layer_in_every_format() {
    let g = town::built();
    for (layer, rows, placed) in LAYERS {
        let mut told = Vec::new();
        for format in ["gpkg", "geojson", "fgb", "parquet"] {
            if (layer, format) == ("resident", "fgb") {
                let args = ["--layer", layer, "--out", "resident.fgb"];
                g.run("export", &args).exits(2).says("residents have no places");
                continue;
            }
            let file = export(&g, layer, &format!("{layer}.{format}"));
            let t = oracle::ask("exported.py", &[file.to_str().unwrap()]);
            // FlatGeobuf holds no rows without a place.
            let rows = if format == "fgb" && placed > 0 { placed } else { rows };
            assert_eq!(t["rows"], rows, "rows of {layer}.{format}");
            if placed > 0 {
                assert_eq!(t["with_geometry"], placed, "places of {layer}.{format}");
                assert_eq!(t["valid"], true, "{layer}.{format}");
                told.push((format, t["bounds"].clone()));
            }
            if format == "parquet" {
                assert_eq!(t["geo"], serde_json::json!([]), "{layer}");
                assert!(placed == 0 || t["covered"] == true, "boxes of {layer}");
                assert!(placed == 0 || t["crs"] == "4490", "{layer}: {}", t["crs"]);
            } else if format != "geojson" && placed > 0 {
                assert_eq!(t["crs"], "EPSG:4490", "{layer}.{format}");
            }
            let fids: Vec<u64> = serde_json::from_value(t["fids"].clone()).unwrap();
            let first = if format == "fgb" && layer == "grid" { 5 } else { 1 };
            assert!(
                fids.is_sorted() && (fids[0] == (3202 << 32) + first || rows < 5 || layer == "beat"),
                "fids of {layer}.{format}: {fids:?}"
            );
        }
        assert!(told.windows(2).all(|w| w[0].1 == w[1].1), "bounds of {layer}: {told:?}");
    }
    // Times are times, not texts.
    let t = oracle::ask("exported.py", &[g.dir().join("incident.parquet").to_str().unwrap()]);
    assert_eq!(t["types"]["reported_at"], "timestamp[ms, tz=UTC]");
}

#[test]
fn what_is_exported_can_be_imported() {
    let g = town::built();
    for format in ["gpkg", "geojson", "fgb", "csv"] {
        let again = Gridbeat::new();
        for (layer, rows, placed) in LAYERS {
            // FlatGeobuf holds what has a place, and nothing else.
            let carrier = if (layer, format) == ("resident", "fgb") { "csv" } else { format };
            let file = export(&g, layer, &format!("{layer}-{format}-back.{carrier}"));
            let done = again.import(layer, &file, &["--region", "3202"]).ok();
            let rows = if format == "fgb" && placed > 0 { placed } else { rows };
            assert!(done.said(&rows.to_string()), "{layer}.{format}: {done}");
        }
        let pieces = |g: &Gridbeat| {
            let text = g.run("overlay", &[]).ok().text();
            let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
            rows.sort();
            rows
        };
        assert_eq!(pieces(&again), pieces(&g), "{format}");
        // All but the ids, which follow the order of the rows in the file.
        let rows = |g: &Gridbeat, layer: &str, name: &str| {
            let text = std::fs::read_to_string(export(g, layer, name)).unwrap();
            let mut rows: Vec<String> =
                text.lines().map(|l| l.split_once(',').unwrap().1.to_owned()).collect();
            rows.sort();
            rows
        };
        for (layer, all, placed) in LAYERS {
            if format == "fgb" && placed > 0 && placed < all {
                continue;
            }
            let (a, b) = (
                rows(&again, layer, &format!("{layer}-a.csv")),
                rows(&g, layer, &format!("{layer}-{format}-b.csv")),
            );
            assert_eq!(a, b, "{layer}.{format}");
        }
    }
}

#[test]
fn a_folder_holds_one_file_for_each_region() {
    let g = town::built();
    let xuzhou =
        g.file("xuzhou.csv", "code,text,lon,lat\nX1,徐州市鼓楼区中山北路3号,117.1234567,34.2345678\n");
    g.import("address", &xuzhou, &["--region", "3203"]).ok();
    let out = g.dir().join("addresses");
    g.run("export", &["--layer", "address", "--out", &format!("{}/", out.display())]).ok();
    for region in ["region=3202", "region=3203"] {
        assert!(out.join(region).join("part-0.parquet").is_file(), "{region}");
    }
    let told = oracle::ask("exported.py", &[out.to_str().unwrap()]);
    assert_eq!(told["rows"], 7);
    assert_eq!(told["regions"], serde_json::json!([3202, 3203]));
    // And in another format, asked for by name; a folder that is there is left alone.
    let csv = g.dir().join("csv");
    let args =
        ["--layer", "address", "--out", csv.to_str().unwrap(), "--partition", "region", "--format", "csv"];
    g.run("export", &args).ok();
    assert!(csv.join("region=3203/part-0.csv").is_file());
    g.run("export", &args).exits(1).says("is there already");
}

#[test]
fn an_export_is_whole_or_not_there() {
    let g = town::built();
    let out = export(&g, "grid", "grid.csv");
    let before = std::fs::read(&out).unwrap();
    let args = ["--layer", "grid", "--out", out.to_str().unwrap()];
    g.run("export", &args).exits(1).says("is there already");
    std::fs::write(&out, "mine").unwrap();
    g.run("export", &[&args[..], &["--overwrite"]].concat()).ok();
    assert_eq!(std::fs::read(&out).unwrap(), before);
    g.run("export", &["--layer", "grid", "--out", "/no/such/folder/grid.csv"])
        .exits(3)
        .says("/no/such/folder");
    g.run("export", &["--layer", "grid", "--out", g.dir().join("grid.xls").to_str().unwrap()])
        .exits(2)
        .says(".fgb");
    g.run("export", &["--layer", "moon", "--out", "a.csv"]).exits(2).says("moon");
    let left: Vec<_> = std::fs::read_dir(g.dir())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.contains("part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn pieces_come_as_parquet_too() {
    let g = town::built();
    let run = g.run("overlay", &["--format", "parquet"]).ok();
    let file = g.file("pieces.parquet", &run.stdout);
    let told = oracle::ask("exported.py", &[file.to_str().unwrap()]);
    let rows = g.run("overlay", &[]).ok().csv();
    assert_eq!(told["rows"], rows.len());
    assert_eq!(told["geo"], serde_json::json!([]));
    let header: Vec<String> = serde_json::from_value(told["fields"].clone()).unwrap();
    let wanted =
        "piece grid beat area_m2 share_of_grid share_of_beat addresses residents incidents sliver".split(' ');
    assert_eq!(header, wanted.collect::<Vec<_>>());
}
