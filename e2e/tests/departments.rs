//! Layers of departments from files that others made: points, lines and polygons, in both kinds of store.

use gridbeat_e2e::{Gridbeat, oracle, postgres::Postgres, shared, town};
use serde_json::{Value, json};

/// Chicago's beats, and three layers of its departments.
fn chicago(g: &Gridbeat) -> Option<()> {
    let beats = shared::data("chicago/police_beats_2019.shp")?;
    g.import("beat", &beats, &["--map", "code=beat_num"]).ok();
    let areas = shared::data("chicago/community_areas_2019.shp")?;
    g.import("community_area", &areas, &["--title", "Community areas"]).ok().says("column community: text");
    let crimes = shared::data("chicago/chicago_crimes_sample25k_2017_2019.csv.gz")?;
    g.import("crime", &crimes, &[]).exits(1).says("--tz");
    let report = g.import("crime", &crimes, &["--tz", "-06:00", "--json"]).ok().json();
    let kind = |name: &str| {
        let columns = report["columns"].as_array().unwrap();
        columns.iter().find(|c| c["name"] == name).unwrap_or_else(|| panic!("no {name}"))["kind"].clone()
    };
    assert_eq!([kind("date"), kind("arrest"), kind("block")], ["timestamp", "boolean", "text"]);
    assert_eq!(report["imported"].as_u64().unwrap() + report["rejected"].as_u64().unwrap(), 25_000);
    let line = |name: &str, at: &[[f64; 2]]| json!({ "type": "Feature", "properties": { "name": name }, "geometry": { "type": "LineString", "coordinates": at } });
    let roads = json!({ "type": "FeatureCollection", "features": [
        line("across the city", &[[-87.9, 41.85], [-87.6, 41.85]]),
        line("in the lake", &[[-87.4, 41.85], [-87.35, 41.86]]),
    ] });
    g.import("road", &g.file("roads.geojson", roads.to_string()), &[]).ok();
    Some(())
}

fn shares(feature: &Value) -> Vec<(Option<String>, f64)> {
    let all = feature["properties"]["shares"].as_array().unwrap().iter();
    all.map(|s| (s["beat"].as_str().map(str::to_owned), s["share"].as_f64().unwrap())).collect()
}

#[test]
fn files_of_others_become_collections() {
    let g = Gridbeat::new();
    let Some(()) = chicago(&g) else { return };
    let server = g.serve();
    let listed = server.get("/api/collections").is(200).json();
    let names: Vec<_> = listed["collections"].as_array().unwrap().iter().map(|c| c["id"].clone()).collect();
    for name in ["community_area", "crime", "road"] {
        assert!(names.contains(&json!(name)), "{names:?}");
    }
    let count = |path: &str| server.get(path).is(200).json()["numberMatched"].as_u64().unwrap();
    let crimes = "/api/collections/crime/items?limit=1";
    let arrests = count(&format!("{crimes}&filter=arrest%3Dtrue"));
    assert_eq!(arrests + count(&format!("{crimes}&filter=arrest%3Dfalse")), count(crimes));
    assert!(arrests > 1_000);
    // As many lie in no beat as the reference says, but for those at the border.
    let outside = count(&format!("{crimes}&filter=beat%20IS%20NULL%20OR%20piece%20IS%20NULL"));
    assert!((50..=60).contains(&outside), "{outside}");
    for row in server.get("/api/collections/community_area/items?limit=100").is(200).json()["features"]
        .as_array()
        .unwrap()
    {
        let sum: f64 = shares(row).iter().map(|s| s.1).sum();
        assert!((sum - 1.0).abs() < 1e-8, "{row}");
    }
    let roads = server.get("/api/collections/road/items?sortby=name").is(200).json();
    assert!(shares(&roads["features"][0]).len() > 5);
    assert_eq!(shares(&roads["features"][1]), [(None, 1.0)]);
    // What a client of vector tiles is told, and gets.
    let tiles = server.get("/tiles/road,community_area,crime.json").is(200).json();
    assert_eq!(tiles["vector_layers"][2]["fields"]["arrest"], "Boolean");
    for z in [8, 10, 12] {
        let n = f64::from(1 << z);
        let lat = 41.85_f64.to_radians();
        let x = ((-87.65 + 180.0) / 360.0 * n) as u32;
        let y = ((1.0 - (lat.tan() + 1.0 / lat.cos()).ln() / std::f64::consts::PI) / 2.0 * n) as u32;
        server.get(&format!("/tiles/road,community_area,crime/{z}/{x}/{y}")).is(200);
    }
    server.stop();
    // GDAL opens the tables as they are, with the columns' own types.
    let told = oracle::ask("gdal.py", &[g.store(), "-87.7", "41.8", "-87.6", "41.9"]);
    for (layer, kind) in [("community_area", "MultiPolygon"), ("crime", "Point"), ("road", "MultiLineString")]
    {
        let l = &told["layers"][layer];
        assert_eq!(l["type"], kind, "{l}");
        assert_eq!(l["valid"], l["with_geometry"], "invalid geometries in {layer}: {}", l["invalid_reasons"]);
        assert_eq!(l["in_box"], l["in_box_by_hand"], "{layer} in the box");
        assert_eq!(l["extent"], l["extent_by_hand"], "extent of {layer}");
    }
    assert_eq!(told["errors"], json!([]));
}

#[test]
fn postgis_answers_as_a_geopackage_does() {
    let postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("town"));
    town::import_into(&p);
    let g = town::built();
    let compounds = "name,homes,built,wkt\n\
        一号,12,2001-05-01,\"POLYGON((120.301 31.501,120.306 31.501,120.306 31.506,120.301 31.506,120.301 31.501))\"\n\
        ,,,\"POLYGON((120.31 31.50,120.32 31.50,120.32 31.51,120.31 31.51,120.31 31.50))\"\n";
    for store in [&p, &g] {
        let file = store.file("compounds.csv", compounds);
        store.import("compound", &file, &["--title", "小区"]).ok();
    }
    let (on_p, on_g) = (p.serve(), g.serve());
    for path in ["/api/collections/compound/items", "/api/collections/compound/items?filter=homes%3E3"] {
        let (a, b) = (on_p.get(path).is(200).json(), on_g.get(path).is(200).json());
        assert_eq!(a["features"], b["features"], "{path}");
        assert!(a["numberMatched"].as_u64().unwrap() > 0);
    }
    let tile = "/tiles/compound/14/13667/6680";
    assert_eq!(on_p.get(tile).content(), on_g.get(tile).content());
    // Another process adds a row: the stream tells, and the collection has it.
    let told = on_p.listen("?collection=compound", None);
    let more = p.file(
        "more.csv",
        "homes,built,name,wkt\n7,,新,\"POLYGON((120.3 31.5,120.301 31.5,120.301 31.501,120.3 31.5))\"\n",
    );
    p.import("compound", &more, &[]).ok();
    let change = told.expect_change("compound", "import");
    assert_eq!(change.data["rows"], 1);
    let page = on_p.get("/api/collections/compound/items").is(200).json();
    assert_eq!((&page["numberMatched"], &page["features"][2]["properties"]["homes"]), (&json!(3), &json!(7)));
    on_p.stop();
    on_g.stop();
    let columns = "SELECT string_agg(data_type, ',' ORDER BY ordinal_position) FROM information_schema.columns \
                   WHERE table_name = 'compound'";
    assert_eq!(postgres.psql("town", columns), "bigint,integer,text,bigint,date,USER-DEFINED");
    assert_eq!(postgres.psql("town", "SELECT count(*) FROM compound WHERE NOT ST_IsValid(geom)"), "0");
}

/// Points with columns that are called as an export calls its own, lines, and ground; all with nulls.
fn layers(g: &Gridbeat) -> [(&'static str, u64, &'static str); 3] {
    let stops = "名称,bbox,region,lon,beds,founded,seen,open,share,x,y\n\
        一,a,r,7,-3,2001-05-01,2026-11-21T08:30:05Z,true,0.1,120.3001,31.5002\n\
        ,,,,,,,,,120.3112,31.5053\n";
    let columns = ["--map", "lon=x", "--map", "lat=y", "--region", "3202"];
    g.import("stop", &g.file("stops.csv", stops), &columns).ok();
    let line = |name: Value, at: &[[f64; 2]]| json!({ "type": "Feature", "properties": { "name": name }, "geometry": { "type": "LineString", "coordinates": at } });
    let roads = json!({ "type": "FeatureCollection", "features": [
        line(json!("东路"), &[[120.301, 31.501], [120.309, 31.507], [120.32, 31.507]]),
        line(Value::Null, &[[120.31, 31.5], [120.31, 31.51]]),
    ] });
    g.import("road", &g.file("roads.geojson", roads.to_string()), &["--region", "3202"]).ok();
    let compounds = "name,homes,wkt\n\
        一号,12,\"POLYGON((120.301 31.501,120.306 31.501,120.306 31.506,120.301 31.506,120.301 31.501))\"\n\
        ,,\"POLYGON((120.31 31.50,120.32 31.50,120.32 31.51,120.31 31.51,120.31 31.50))\"\n";
    g.import("compound", &g.file("compounds.csv", compounds), &["--region", "3202", "--title", "小区"]).ok();
    [("stop", 2, "Point"), ("road", 2, "MultiLineString"), ("compound", 2, "MultiPolygon")]
}

/// What an export of a layer says, by GDAL and Arrow, in every format and out of both kinds of store.
#[test]
fn a_layer_is_exported_in_every_format() {
    let postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("town"));
    town::import_into(&p);
    let g = town::built();
    let mut files = Vec::new();
    for store in [&g, &p] {
        for (layer, rows, kind) in layers(store) {
            let out = |format: &str| store.dir().join(format!("{layer}.{format}"));
            let mut bounds = Vec::new();
            for format in ["gpkg", "geojson", "fgb", "parquet", "csv"] {
                let out = out(format);
                store
                    .run("export", &["--layer", layer, "--out", out.to_str().unwrap()])
                    .ok()
                    .says("2 rows of");
                files.push(std::fs::read(&out).unwrap());
                // Those out of PostGIS are the same, see below.
                if format == "csv" || std::ptr::eq(store, &p) {
                    continue;
                }
                let told = oracle::ask("exported.py", &[out.to_str().unwrap()]);
                assert_eq!(
                    (&told["rows"], &told["with_geometry"]),
                    (&json!(rows), &json!(rows)),
                    "{layer}.{format}"
                );
                assert_eq!(
                    (&told["valid"], &told["type"]),
                    (&json!(true), &json!(kind)),
                    "{layer}.{format}: {told}"
                );
                if format == "parquet" {
                    assert_eq!((&told["geo"], &told["covered"]), (&json!([]), &json!(true)), "{layer}");
                }
                if (layer, format) == ("stop", "parquet") {
                    let types = &told["types"];
                    assert_eq!(types["beds"], "int64");
                    assert_eq!(types["seen"], "timestamp[ms, tz=UTC]");
                    assert_eq!((&types["open"], &types["share"]), (&json!("bool"), &json!("double")));
                    assert_eq!(
                        (&types["region"], &types["gridbeat_region"]),
                        (&json!("string"), &json!("int64"))
                    );
                }
                bounds.push(told["bounds"].clone());
            }
            assert!(bounds.windows(2).all(|w| w[0] == w[1]), "bounds of {layer}: {bounds:?}");
        }
        // As the collection has it, but for what is worked out.
        let server = store.serve();
        for layer in ["stop", "road", "compound"] {
            let out = std::fs::read_to_string(store.dir().join(format!("{layer}.geojson"))).unwrap();
            let exported: Value = serde_json::from_str(&out).unwrap();
            let items = server.get(&format!("/api/collections/{layer}/items")).is(200).json();
            for (e, item) in
                exported["features"].as_array().unwrap().iter().zip(items["features"].as_array().unwrap())
            {
                assert_eq!((&e["id"], &e["geometry"]), (&item["id"], &item["geometry"]), "{layer}");
                let ours = ["fid", if layer == "stop" { "gridbeat_region" } else { "region" }];
                let all = e["properties"].as_object().unwrap();
                assert!(ours.iter().all(|name| all[*name].is_u64()), "{all:?}");
                let own: Vec<_> = all.iter().filter(|(name, _)| !ours.contains(&name.as_str())).collect();
                assert!(!own.is_empty());
                for (name, value) in own {
                    assert_eq!(item["properties"][name], *value, "{layer} {name}");
                }
            }
        }
        server.stop();
        store
            .run("export", &["--layer", "moon", "--out", "moon.csv"])
            .exits(2)
            .says("the store has no layer “moon”; layers of departments in it: compound, road, stop");
    }
    // The two stores gave the same bytes, but for GeoPackages, which say when they were made.
    let (of_g, of_p) = files.split_at(files.len() / 2);
    for (i, (a, b)) in of_g.iter().zip(of_p).enumerate().filter(|(i, _)| i % 5 != 0) {
        assert!(a == b, "file {i}");
    }
    let stops = std::fs::read_to_string(g.dir().join("stop.csv")).unwrap();
    let mut lines = stops.lines();
    let head = "fid,gridbeat_region,名称,bbox,region,lon,beds,founded,seen,open,share,gridbeat_lon,lat";
    assert_eq!(lines.next(), Some(head));
    let fid = (3202_u64 << 32) + 1;
    let first = format!("{fid},3202,一,a,r,7,-3,2001-05-01,2026-11-21T08:30:05Z,true,0.1,120.3001,31.5002");
    assert_eq!(lines.next(), Some(&*first));
    // A folder by region.
    let out = g.dir().join("stops");
    g.run("export", &["--layer", "stop", "--partition", "region", "--out", out.to_str().unwrap()]).ok();
    assert!(out.join("gridbeat_region=3202/part-0.parquet").exists());
}

#[test]
fn layers_go_through_a_backup_into_either_store() {
    let postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("town"));
    town::import_into(&p);
    layers(&p);
    let sum = p.checksum();
    let file = p.dir().join("a.backup");
    p.run("backup", &["--out", file.to_str().unwrap()]).ok();
    for into in [Gridbeat::new(), Gridbeat::at(&postgres.database("again"))] {
        into.run("restore", &[file.to_str().unwrap()]).ok();
        assert_eq!(into.checksum(), sum);
        into.run("verify", &[]).ok().says("stop");
        let (a, b) = (p.serve(), into.serve());
        for layer in ["stop", "road", "compound"] {
            let path = format!("/api/collections/{layer}/items");
            assert_eq!(
                a.get(&path).is(200).json()["features"],
                b.get(&path).is(200).json()["features"],
                "{layer}"
            );
        }
        a.stop();
        b.stop();
    }
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let g = town::built();
    let first = g.file("a.csv", "name,beds,lon,lat\na,1,120.3,31.5\n");
    g.import("school", &first, &["--dry-run"]).ok().says("would be imported");
    for name in ["School", "grids", "resident_density", "gpkg_x", "1st", "a-b"] {
        g.import(name, &first, &[]).exits(2).says("--layer");
    }
    g.import("school", &first, &["--title", "学校"]).ok();
    let sum = g.checksum();
    for (content, said) in [
        ("name,lon,lat\nb,120.3,31.5\n", "“beds”"),
        ("name,beds,more,lon,lat\nb,1,2,120.3,31.5\n", "“more”"),
        ("name,beds,lon,lat\nb,many,120.3,31.5\n", "“beds” is integer in the layer, but row 1 has “many”"),
        ("name,beds,lon,lat\n", "holds no row"),
    ] {
        g.import("school", &g.file("bad.csv", content), &[]).exits(1).says(said);
    }
    assert_eq!(g.checksum(), sum);
    // A bad row is rejected by itself, and --replace takes other columns.
    let rejects = g.dir().join("rejects.csv");
    let mixed = g.file("mixed.csv", "name,lon,lat\nb,120.3,31.5\nc,,\n");
    let rejects = rejects.to_str().unwrap();
    g.import("school", &mixed, &["--replace", "--rejects", rejects]).ok().says("rejected");
    let kept = std::fs::read_to_string(rejects).unwrap();
    assert!(kept.contains("mixed.csv,2,geometry"), "{kept}");
    let report = g.run("verify", &["--json"]).ok().json();
    assert_eq!(report["rows"]["school"], 1);
    // Neither the overlay nor checks mind.
    g.run("check", &[]).ok();
    assert_eq!(g.overlay().total(), town::built().overlay().total());
}
