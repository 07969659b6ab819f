//! Creating, changing and deleting incidents, and the stream that tells of it.

use gridbeat_e2e::{Gridbeat, Reply, Server, town};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ITEMS: &str = "/api/collections/incidents/items";

fn incident(lon: f64, lat: f64, properties: Value) -> Value {
    json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": properties})
}

/// The path of the feature that a 201 made.
#[track_caller]
fn location(server: &Server, created: &Reply) -> String {
    let location = created.header("location").unwrap_or_else(|| panic!("no Location in {created}"));
    location.strip_prefix(server.base()).unwrap_or(location).to_owned()
}

#[test]
fn an_incident_lives_and_goes() {
    let g = town::built();
    let server = g.serve();
    let created = server
        .post(
            ITEMS,
            &incident(120.3175, 31.5055, json!({"category": "noise", "title": "夜间施工", "risk": "yellow"})),
        )
        .is(201);
    let feature = created.json();
    let p = &feature["properties"];
    assert_eq!((&p["grid"], &p["beat"]), (&json!(town::GRIDS[1]), &json!("B2")));
    assert_eq!(p["piece"], format!("{}~B2", town::GRIDS[1]));
    assert_eq!(
        (&p["state"], &p["title"], &p["risk"]),
        (&json!("reported"), &json!("夜间施工"), &json!("yellow"))
    );
    assert!(p["code"].as_str().is_some_and(|c| !c.is_empty()), "the server sets a code: {p}");
    assert!(p["reported_at"].as_str().is_some_and(|t| t.starts_with("20")), "the server sets the time: {p}");

    let path = location(&server, &created);
    let read = server.get(&path).is(200);
    assert_eq!(read.json(), feature, "what was answered and what is read");
    let etag = read.header("etag").expect("a feature has an ETag").to_owned();

    // Changing needs the ETag of what is changed.
    let patch = json!({"properties": {"state": "handling"}});
    let change = |method: &str, body: &Value, tag: Option<&str>| {
        let mut request = server.request(method, &path);
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        let kind = if method == "PATCH" { "application/merge-patch+json" } else { "application/geo+json" };
        request.body(kind, body.to_string()).send()
    };
    change("PATCH", &patch, None).problem(428, "If-Match");
    change("PATCH", &patch, Some("\"stale\"")).problem(412, "changed");
    let changed = change("PATCH", &patch, Some(&etag)).is(200).json();
    assert_eq!(
        (&changed["properties"]["state"], &changed["properties"]["title"]),
        (&json!("handling"), &json!("夜间施工"))
    );
    change("PATCH", &patch, Some(&etag)).problem(412, "changed");

    // Replacing drops what is not named; moving it does not change who was responsible when it was reported.
    let etag = server.get(&path).header("etag").unwrap().to_owned();
    let mut whole = incident(120.3005, 31.5005, json!({"category": "parking", "state": "closed"}));
    whole["properties"]["code"] = p["code"].clone();
    whole["properties"]["reported_at"] = p["reported_at"].clone();
    change("PUT", &whole, Some(&etag)).is(200);
    let now = server.get(&path).is(200).json();
    assert_eq!(
        (&now["properties"]["category"], &now["properties"]["state"]),
        (&json!("parking"), &json!("closed"))
    );
    assert_eq!(now["geometry"]["coordinates"], json!([120.3005, 31.5005]));

    server.request("DELETE", &path).send().problem(428, "If-Match");
    let etag = server.get(&path).header("etag").unwrap().to_owned();
    server.request("DELETE", &path).header("if-match", &etag).send().is(204);
    server.get(&path).problem(404, "not");
    server.request("DELETE", &path).header("if-match", &etag).send().problem(404, "not");
    assert_eq!(server.get(ITEMS).json()["numberMatched"], 5);
    server.stop();
}

#[test]
fn what_stands_cannot_be_made_twice() {
    let g = town::built();
    let server = g.serve();
    server.post(ITEMS, &incident(120.3, 31.5, json!({"category": "noise", "code": "N1"}))).is(201);
    server.post(ITEMS, &incident(120.3, 31.5, json!({"category": "noise", "code": "N1"}))).problem(409, "N1");
    assert_eq!(server.get(ITEMS).json()["numberMatched"], 6);
    server.stop();
}

#[test]
fn outside_both_layers_is_accepted() {
    let g = town::built();
    let server = g.serve();
    let made = server.post(ITEMS, &incident(121.0, 32.0, json!({"category": "flood"}))).is(201).json();
    for side in ["grid", "beat", "piece"] {
        assert_eq!(made["properties"][side], Value::Null, "{side}");
    }
    server.stop();
}

#[test]
fn only_incidents_can_be_written() {
    let g = town::built();
    let server = g.serve();
    let feature = incident(120.3, 31.5, json!({"code": "X"}));
    for collection in ["grids", "beats", "pieces", "addresses", "staff"] {
        server.post(&format!("/api/collections/{collection}/items"), &feature).problem(405, "allow");
    }
    server.stop();
}

#[test]
fn acknowledged_means_kept() {
    let g = town::built();
    let server = g.serve();
    let path = location(
        &server,
        &server.post(ITEMS, &incident(120.3175, 31.5055, json!({"category": "noise"}))).is(201),
    );
    let feature = server.get(&path).feature();
    server.stop();
    let server = g.serve();
    assert_eq!(server.get(&path).is(200).feature(), feature);
    server.stop();
}

#[test]
fn the_stream_tells_of_every_write_within_two_seconds() {
    let g = town::built();
    let server = g.serve();
    let events = server.listen("", None);
    let path = location(
        &server,
        &server.post(ITEMS, &incident(120.3175, 31.5055, json!({"category": "noise"}))).is(201),
    );
    let change = events.expect_change("incidents", "insert");
    let n: u64 = change.id.as_deref().expect("a change has an id").parse().unwrap();
    assert_eq!(change.data["n"], n);
    assert_eq!((&change.data["grid"], &change.data["beat"]), (&json!(town::GRIDS[1]), &json!("B2")));
    assert!(path.ends_with(&change.data["fid"].to_string()), "{path} and {}", change.data);
    let bbox: Vec<f64> = serde_json::from_value(change.data["bbox"].clone()).unwrap();
    assert_eq!(bbox, [120.3175, 31.5055, 120.3175, 31.5055]);

    let etag = server.get(&path).header("etag").unwrap().to_owned();
    let patch = json!({"properties": {"state": "verified"}}).to_string();
    server
        .request("PATCH", &path)
        .header("if-match", &etag)
        .body("application/merge-patch+json", patch)
        .send()
        .is(200);
    assert_eq!(events.expect_change("incidents", "update").data["n"], n + 1);
    let etag = server.get(&path).header("etag").unwrap().to_owned();
    server.request("DELETE", &path).header("if-match", &etag).send().is(204);
    assert_eq!(events.expect_change("incidents", "delete").data["n"], n + 2);
    server.stop();
}

#[test]
fn tiles_are_told_before_the_change() {
    let g = town::built();
    let server = g.serve();
    let events = server.listen("", None);
    server.post(ITEMS, &incident(120.3175, 31.5055, json!({"category": "noise"}))).is(201);
    let first = events.expect(Duration::from_secs(2), |e| e.name == "tiles" || e.name == "change");
    assert_eq!(first.name, "tiles");
    // Who is cut off between the two must get both again: the position moves with the change only.
    let n = first.data["n"].as_u64().unwrap();
    let position = first.id.as_deref().map(|id| id.parse::<u64>().unwrap());
    assert!(position.is_none_or(|p| p < n), "{first:?}");
    assert!(first.data["layers"].as_array().unwrap().contains(&json!("incident")));
    assert!(!first.data["layers"].as_array().unwrap().contains(&json!("grid")));
    let ranges = first.data["ranges"].as_array().unwrap();
    assert!(ranges.iter().any(|r| r[0] == 14), "{ranges:?}");
    let change = events.expect_change("incidents", "insert");
    assert_eq!(first.data["n"], change.data["n"]);
    server.stop();
}

#[test]
fn a_stream_goes_on_where_it_was_cut() {
    let g = town::built();
    let server = g.serve();
    let before = server.listen("", None);
    let post = |category: &str| {
        server.post(ITEMS, &incident(120.3175, 31.5055, json!({"category": category}))).is(201);
    };
    post("noise");
    let seen = before.expect_change("incidents", "insert").id.unwrap();
    drop(before);
    post("parking");
    post("flood");
    let after = server.listen("", Some(&seen));
    let n: u64 = seen.parse().unwrap();
    assert_eq!(after.expect_change("incidents", "insert").data["n"], n + 1);
    assert_eq!(after.expect_change("incidents", "insert").data["n"], n + 2);

    // A position that never was cannot be continued from.
    let lost = server.listen("", Some("999999999"));
    lost.expect(Duration::from_secs(2), |e| e.name == "reset");
    server.stop();
}

#[test]
fn a_stream_can_be_narrowed() {
    let g = town::built();
    let server = g.serve();
    let b2 = server.listen("?area=B2", None);
    let west = server.listen("?bbox=120.30,31.50,120.31,31.51", None);
    server.post(ITEMS, &incident(120.3005, 31.5005, json!({"category": "noise", "code": "W"}))).is(201);
    server.post(ITEMS, &incident(120.3175, 31.5055, json!({"category": "noise", "code": "E"}))).is(201);
    assert_eq!(b2.expect(Duration::from_secs(2), |e| e.name == "change").data["beat"], "B2");
    assert_eq!(west.expect(Duration::from_secs(2), |e| e.name == "change").data["beat"], "B1");
    server.stop();
}

#[test]
fn sigterm_ends_streams_and_the_server_with_grace() {
    let g = town::built();
    let server = g.serve();
    let events = server.listen("", None);
    let begun = Instant::now();
    server.stop();
    assert!(events.ended(Duration::from_secs(5)), "the stream was left hanging");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn an_import_beside_a_running_server_is_seen() {
    let g = town::built();
    let server = g.serve();
    let events = server.listen("", None);
    let more = g.file(
        "more.csv",
        "code,category,reported_at,lon,lat\nM1,noise,2026-06-06T08:00:00+08:00,120.3005,31.5005\n",
    );
    g.import("incident", &more, &["--region", "3202"]).ok();
    let change = events.expect(Duration::from_secs(5), |e| e.name == "change" && e.data["op"] == "import");
    assert_eq!(change.data["collection"], "incidents");
    assert_eq!(server.get(ITEMS).json()["numberMatched"], 6);
    server.stop();
}

#[test]
fn an_empty_store_serves_and_says_so() {
    let g = Gridbeat::new();
    let town = town::write();
    g.import("grid", &town::file(&town, "grid.geojson"), &["--region", "3202"]).ok();
    let server = g.serve();
    assert_eq!(server.get("/api/collections/beats/items").is(200).json()["numberMatched"], 0);
    let card = server.get("/api/locate?lon=120.3005&lat=31.5005").is(200).json();
    assert_eq!((&card["grid"]["code"], &card["beat"]), (&json!(town::GRIDS[0]), &Value::Null));
    server.get("/healthz").is(200);
    server.get("/readyz").is(200);
    server.stop();
}
