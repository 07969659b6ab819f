//! Tiles and what a map needs beside them, over HTTP.

use fast_mvt::MvtReaderRef;
use gridbeat_e2e::{Reply, Server, oracle, shared, town};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// The tile of a position.
fn tile(lon: f64, lat: f64, z: u32) -> (u32, u32) {
    let n = f64::from(1 << z);
    let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * n;
    (((lon + 180.0) / 360.0 * n) as u32, y as u32)
}

/// The path of a tile.
fn path(layers: &str, lon: f64, lat: f64, z: u32) -> String {
    let (x, y) = tile(lon, lat, z);
    format!("/tiles/{layers}/{z}/{x}/{y}")
}

/// A feature of a tile: its id, and its properties as text.
type Feature = (Option<u64>, BTreeMap<String, String>);

/// The features of a tile by layer.
fn decode(reply: &Reply) -> BTreeMap<String, Vec<Feature>> {
    let content = reply.content();
    let reader = MvtReaderRef::new(&content).unwrap_or_else(|e| panic!("not a vector tile ({e}): {reply}"));
    let mut layers = BTreeMap::new();
    for layer in reader.layers() {
        let mut features = Vec::new();
        for feature in layer.features() {
            feature.geometry().unwrap_or_else(|e| panic!("a geometry of {}: {e}", layer.name()));
            let properties = feature.properties().map(|p| {
                let (key, value) = p.unwrap();
                (key.to_string(), format!("{value:?}"))
            });
            features.push((feature.id(), properties.collect()));
        }
        layers.insert(layer.name().to_string(), features);
    }
    layers
}

fn codes(features: &[Feature]) -> BTreeSet<String> {
    // Values print as `String("…")` or alike: what matters is what stands between the quotes.
    features.iter().filter_map(|(_, p)| p.get("code")?.split('"').nth(1).map(str::to_owned)).collect()
}

#[test]
fn a_tile_holds_what_the_items_say() {
    let g = town::built();
    let server = g.serve();
    let reply = server.get(&path("grid,beat,piece", 120.3125, 31.5055, 13)).is(200);
    assert_eq!(reply.header("content-type"), Some("application/vnd.mapbox-vector-tile"));
    let layers = decode(&reply);
    assert_eq!(codes(&layers["grid"]), town::GRIDS.map(str::to_owned).into());
    assert_eq!(codes(&layers["beat"]), town::BEATS.map(str::to_owned).into());
    assert!(layers["piece"].len() >= town::PIECES.len());
    // Feature ids are the items' ids.
    let items = server.get("/api/collections/grids/items?level=grid").json();
    let ids: BTreeSet<Option<u64>> =
        items["features"].as_array().unwrap().iter().map(|f| f["id"].as_u64()).collect();
    assert_eq!(layers["grid"].iter().map(|(id, _)| *id).collect::<BTreeSet<_>>(), ids);

    let near = decode(&server.get(&path("address,incident", 120.3005, 31.5005, 16)).is(200));
    assert!(codes(&near["address"]).contains("A1"));
    assert!(codes(&near["incident"]).contains("I1"));
    for ending in [".mvt", ".pbf"] {
        let same = server.get(&format!("{}{ending}", path("grid,beat,piece", 120.3125, 31.5055, 13))).is(200);
        assert_eq!(same.content(), reply.content());
    }
    server.stop();
}

#[test]
fn no_person_is_in_a_tile() {
    let g = town::built();
    let server = g.serve();
    for z in [12, 14, 16] {
        let reply = server.get(&path("staff,address", 120.3005, 31.5005, z));
        let bytes = reply.content();
        for secret in ["王示例", "190-0000", "H1"] {
            assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} at zoom {z}");
        }
    }
    server.stop();
}

#[test]
fn empty_ground_is_204_and_bad_tiles_are_errors() {
    let g = town::built();
    let server = g.serve();
    let nothing = server.get("/tiles/grid/10/0/0").is(204);
    assert!(nothing.body.is_empty());
    server.get("/tiles/nonsense/10/0/0").problem(404, "nonsense");
    server.get("/tiles/grid/10/1024/0").problem(400, "x");
    server.get("/tiles/grid/31/0/0").problem(400, "z");
    server.get("/tiles/grid/ten/0/0").problem(400, "z");
    server.get("/tiles/grid/10/0/0?speed=fast").problem(400, "speed");
    server.stop();
}

#[test]
fn tiles_are_cached_and_revalidated() {
    let g = town::built();
    let server = g.serve();
    let path = path("grid,beat", 120.3125, 31.5055, 12);
    let first = server.request("GET", &path).header("accept-encoding", "gzip").send().is(200);
    assert_eq!(first.header("x-cache"), Some("MISS"));
    assert_eq!(first.header("content-encoding"), Some("gzip"));
    assert!(first.header("vary").unwrap().to_lowercase().contains("accept-encoding"));
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));
    let second = server.request("GET", &path).header("accept-encoding", "gzip").send().is(200);
    assert_eq!(second.header("x-cache"), Some("HIT"));
    assert_eq!(second.body, first.body);

    let etag = first.header("etag").unwrap();
    assert!(!etag.starts_with("W/"), "a strong ETag was expected: {etag}");
    let same = server
        .request("GET", &path)
        .header("accept-encoding", "gzip")
        .header("if-none-match", etag)
        .send()
        .is(304);
    assert!(same.body.is_empty());
    // Another encoding is another representation.
    let plain = server.request("GET", &path).header("accept-encoding", "identity").send().is(200);
    assert_eq!(plain.header("content-encoding"), None);
    assert_ne!(plain.header("etag"), Some(etag));
    assert_eq!(plain.body, first.content());
    let head = server.request("HEAD", &path).send().is(200);
    assert!(head.body.is_empty());
    server.stop();
}

/// What comes over one connection for some requests in a row: nothing is waited for in between, so what is not the
/// head of an answer where it should begin is seen.
fn on_the_wire(server: &Server, requests: &[(&str, &str, &str)]) -> Vec<String> {
    let host = server.base().strip_prefix("http://").unwrap();
    let mut wire = TcpStream::connect(host).unwrap();
    wire.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    for (i, (method, path, headers)) in requests.iter().enumerate() {
        let close = if i + 1 == requests.len() { "connection: close\r\n" } else { "" };
        write!(wire, "{method} {path} HTTP/1.1\r\nhost: {host}\r\n{headers}{close}\r\n").unwrap();
    }
    let mut all = Vec::new();
    wire.read_to_end(&mut all).unwrap();
    let all = String::from_utf8(all).unwrap();
    let answers = all.strip_suffix("\r\n\r\n").unwrap_or_else(|| panic!("there is more than heads:\n{all}"));
    answers.split("\r\n\r\n").map(str::to_lowercase).collect()
}

/// 204 and 304 have no body, and say nothing of the length of one: with 204 none may be said, and with 304 it would be
/// that of the tile which the client has, so a 0 would be a lie (RFC 9110, 8.6).
#[test]
fn answers_without_a_body_name_no_length() {
    let g = town::built();
    let server = g.serve();
    let (x, y) = tile(120.3125, 31.5055, 12);
    for (empty, full) in [
        ("/tiles/grid/10/0/0".to_owned(), path("grid,beat", 120.3125, 31.5055, 12)),
        ("/tiles/incident/10/0/0?filter=state='closed'".to_owned(), path("grid,beat", 120.3125, 31.5055, 12)),
        (
            "/api/collections/grids/tiles/WebMercatorQuad/10/0/0".to_owned(),
            format!("/api/collections/grids/tiles/WebMercatorQuad/12/{y}/{x}"),
        ),
    ] {
        let tag = server.get(&full).is(200).header("etag").unwrap().to_owned();
        let known = format!("if-none-match: {tag}\r\n");
        let asked = [
            ("GET", &*empty, "", "204"),
            ("HEAD", &*empty, "", "204"),
            ("GET", &*full, &*known, "304"),
            ("HEAD", &*full, &*known, "304"),
        ];
        // Whether they must be made or are there.
        for _ in 0..2 {
            let answers =
                on_the_wire(&server, &asked.map(|(method, path, headers, _)| (method, path, headers)));
            assert_eq!(answers.len(), asked.len(), "{answers:?}");
            for (answer, (method, path, _, status)) in answers.iter().zip(asked) {
                let what = format!("{method} {path}:\n{answer}");
                assert!(answer.starts_with(&format!("http/1.1 {status} ")), "{what}");
                assert!(answer.contains("\r\netag: \""), "{what}");
                for header in ["content-length", "transfer-encoding", "content-type", "content-encoding"] {
                    assert!(!answer.contains(&format!("\r\n{header}:")), "{what}");
                }
            }
        }
        // Of a tile that there is, HEAD says the length and sends nothing.
        let head = on_the_wire(&server, &[("HEAD", &full, "")]);
        assert!(head[0].starts_with("http/1.1 200 ") && head[0].contains("\r\ncontent-length: "), "{head:?}");
    }
    server.stop();
}

#[test]
fn a_write_changes_the_tiles_it_touches_and_no_other() {
    let g = town::built();
    let server = g.serve();
    let touched = path("incident", 120.3005, 31.5005, 16);
    let elsewhere = path("incident", 120.3230, 31.5050, 16);
    let boundary = path("grid,beat", 120.3005, 31.5005, 16);
    let tags = |path: &str| server.get(path).header("etag").map(str::to_owned);
    let before = [&touched, &elsewhere, &boundary].map(|p| tags(p));
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.30051, 31.50049]},
        "properties": {"category": "noise"}});
    server.post("/api/collections/incidents/items", &feature).is(201);
    assert_ne!(tags(&touched), before[0], "the new incident is not in its tile");
    assert_eq!(server.get(&elsewhere).header("x-cache"), Some("HIT"));
    assert_eq!(server.get(&boundary).header("x-cache"), Some("HIT"));
    assert_eq!([tags(&elsewhere), tags(&boundary)], [before[1].clone(), before[2].clone()]);
    server.stop();
}

/// What another process imports changes the tiles that show it. All others stay in the cache, and good for who has them.
#[test]
fn an_import_by_another_process_changes_its_tiles_and_no_other() {
    let g = town::built();
    let server = g.serve();
    let boundary = path("grid,beat", 120.3005, 31.5005, 13);
    let address = path("address", 120.3005, 31.5005, 16);
    let staff = path("staff", 120.3010, 31.5010, 16);
    let touched = path("incident", 120.3005, 31.5005, 16);
    let both = path("grid,incident", 120.3005, 31.5005, 16);
    let elsewhere = path("incident", 120.3230, 31.5050, 16);
    let kept = [&boundary, &address, &staff, &elsewhere];
    let tags = kept.map(|p| server.get(p).is(200).header("etag").unwrap().to_owned());
    let before = [&touched, &both].map(|p| server.get(p).is(200).header("etag").unwrap().to_owned());

    let events = server.listen("", None);
    let more = g.file("more.csv", "code,category,lon,lat\nM1,noise,120.3005,31.5005\n");
    g.import("incident", &more, &["--region", "3202"]).ok();
    let told = events.expect(Duration::from_secs(5), |e| e.name == "tiles");
    assert_eq!(told.data["layers"], json!(["incident"]));
    let change = events.expect_change("incidents", "import");
    assert_eq!(change.data["n"], told.data["n"]);

    for (path, tag) in kept.iter().zip(&tags) {
        let again = server.request("GET", path).header("if-none-match", tag).send().is(304);
        assert_eq!(again.header("x-cache"), Some("HIT"), "{path}");
    }
    for (path, tag) in [&touched, &both].iter().zip(&before) {
        let again = server.request("GET", path).header("if-none-match", tag).send().is(200);
        assert_eq!(again.header("x-cache"), Some("MISS"), "{path}");
        assert!(codes(&decode(&again)["incident"]).contains("M1"), "{path}");
        assert_eq!(server.get(path).is(200).header("x-cache"), Some("HIT"), "{path}");
    }
    server.stop();
}

/// A store that was put back to an earlier state counts its changes from there: nothing of before is good any more, and
/// what is made then is kept as ever.
#[test]
fn tiles_of_a_store_that_was_put_back_are_made_anew() {
    let g = town::built();
    let server = g.serve();
    let paths = [path("grid", 120.3005, 31.5005, 13), path("incident", 120.3005, 31.5005, 16)];
    let last = |store: &Connection| {
        let sql = "SELECT last FROM gridbeat_counters WHERE name = 'change'";
        store.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let store = Connection::open(g.store()).unwrap();
    let back = last(&store);
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.30051, 31.50049]},
        "properties": {"category": "noise"}});
    for _ in 0..3 {
        server.post("/api/collections/incidents/items", &feature).is(201);
    }
    for path in &paths {
        server.get(path).is(200);
        assert_eq!(server.get(path).is(200).header("x-cache"), Some("HIT"));
    }
    let events = server.listen("", None);
    store
        .execute_batch(&format!(
            "BEGIN; DELETE FROM gridbeat_changes WHERE n > {back};
             UPDATE gridbeat_counters SET last = {back} WHERE name = 'change'; COMMIT;"
        ))
        .unwrap();
    events.expect(Duration::from_secs(5), |e| e.name == "reset");
    for path in &paths {
        assert_eq!(server.get(path).is(200).header("x-cache"), Some("MISS"), "{path}");
        assert_eq!(server.get(path).is(200).header("x-cache"), Some("HIT"), "{path}");
    }
    server.stop_after_trouble();
}

#[test]
fn tilejson_describes_them() {
    let g = town::built();
    let server = g.serve();
    let told = server.get("/tiles/grid,beat.json").is(200).json();
    assert_eq!(told["tilejson"], "3.0.0");
    let url = told["tiles"][0].as_str().unwrap();
    assert!(url.starts_with(server.base()), "{url}");
    let (x, y) = tile(120.3125, 31.5055, 12);
    let url = url.replace("{z}", "12").replace("{x}", &x.to_string()).replace("{y}", &y.to_string());
    server.get(url.strip_prefix(server.base()).unwrap()).is(200);
    let bounds: Vec<f64> = serde_json::from_value(told["bounds"].clone()).unwrap();
    for (found, expected) in bounds.iter().zip([120.30, 31.50, 120.325, 31.52]) {
        assert!((found - expected).abs() < 1e-4, "{bounds:?}");
    }
    let layers: BTreeSet<&str> =
        told["vector_layers"].as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap()).collect();
    assert_eq!(layers, BTreeSet::from(["grid", "beat"]));
    server.stop();
}

#[test]
fn documents_match_the_published_schemas() {
    let Some(folder) = shared::data("ogc") else { return };
    let g = town::built();
    let server = g.serve();
    let told = oracle::ask("schemas.py", &[folder.to_str().unwrap(), server.base()]);
    assert_eq!(told["faults"], json!([]), "{told}");
    assert!(told["checked"].as_u64().unwrap() > 30, "{told}");
    server.stop();
}

/// Every string under a key named `url`, `sprite`, `glyphs` or in a list `tiles`.
fn addresses(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, v) in map {
                match (key.as_str(), v) {
                    ("url" | "sprite" | "glyphs", Value::String(s)) => out.push(s.clone()),
                    ("tiles", Value::Array(list)) => {
                        out.extend(list.iter().filter_map(|s| s.as_str().map(str::to_owned)))
                    }
                    _ => addresses(v, out),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|v| addresses(v, out)),
        _ => {}
    }
}

#[test]
fn styles_lead_only_to_this_server() {
    let g = town::built();
    let server = g.serve();
    for name in ["light", "dark", "print", "overview"] {
        let style = server.get(&format!("/styles/{name}.json")).is(200).json();
        assert_eq!(style["version"], 8);
        let mut found = Vec::new();
        addresses(&style, &mut found);
        assert!(found.len() >= 3, "sprite, glyphs and a source were expected: {found:?}");
        for url in &found {
            let local =
                url.strip_prefix(server.base()).unwrap_or_else(|| panic!("{name}: {url} leaves the server"));
            let local = local.replace("{z}/{x}/{y}", "0/0/0");
            if let Some(stack) = local.strip_suffix("/{range}.pbf") {
                for layer in style["layers"].as_array().unwrap() {
                    if let Some(font) = layer["layout"]["text-font"][0].as_str() {
                        let font = font.replace(' ', "%20");
                        server.get(&format!("{}/0-255.pbf", stack.replace("{fontstack}", &font))).is(200);
                    }
                }
            } else if local.contains("sprite") {
                for ending in [".json", ".png", "@2x.json", "@2x.png"] {
                    let part = server.get(&format!("{local}{ending}")).is(200);
                    let kind = if ending.ends_with("json") { "application/json" } else { "image/png" };
                    assert_eq!(part.header("content-type"), Some(kind));
                }
            } else {
                assert!([200, 204].contains(&server.get(&local).status), "{local}");
            }
        }
    }
    server.get("/styles/no-such.json").problem(404, "style");
    // A style may ask for several fonts; the first that is there is sent, so glyphs never fail for a name.
    server.get("/fonts/no-such/0-255.pbf").is(200);
    server.get("/fonts/no-such/0-254.pbf").problem(404, "range");
    server.get("/sprites/no-such.png").problem(404, "sprite");
    server.stop();
}
