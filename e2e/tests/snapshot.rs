//! The snapshot file for fast starts: it changes nothing but the time a start takes.

use gridbeat_e2e::{Gridbeat, Server, town};
use serde_json::json;
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

fn file(g: &Gridbeat) -> PathBuf {
    PathBuf::from(format!("{}.snapshot", g.store()))
}

fn told(server: &Server) -> Vec<Vec<u8>> {
    let tile = server.get("/tiles/address,resident_density/14/13667/6680").is(200).content();
    let rows = |path: &str, member: &str| {
        let mut rows = server.get(path).is(200).json()[member].take();
        for row in rows.as_array_mut().unwrap() {
            // Links name the server that was asked.
            row.as_object_mut().unwrap().remove("links");
        }
        rows.to_string().into_bytes()
    };
    vec![
        rows("/api/collections/addresses/items", "features"),
        tile,
        rows("/api/summary?by=piece", "groups"),
        rows("/api/collections/incidents/items", "features"),
        server.get("/tiles/incident/14/13667/6680").is(200).content(),
    ]
}

fn wait_for_file(g: &Gridbeat) {
    let end = Instant::now() + Duration::from_secs(20);
    while !file(g).exists() {
        assert!(Instant::now() < end, "no snapshot was written");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn said(log: &[String], word: &str) -> bool {
    log.iter().any(|l| l.contains(word))
}

/// What it answers, and that it said `word` once it is stopped.
#[track_caller]
fn told_and_said(server: Server, word: &str) -> Vec<Vec<u8>> {
    let answers = told(&server);
    let log = server.stop();
    assert!(said(&log, word), "{log:?}");
    answers
}

#[test]
fn a_start_from_a_snapshot_answers_the_same() {
    let g = town::built();
    let server = g.serve();
    let before = told(&server);
    wait_for_file(&g);
    // What happens to incidents afterwards does not make it stale.
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3175, 31.5055]},
        "properties": {"category": "noise"}});
    let made = server.post("/api/collections/incidents/items", &feature).is(201).feature();
    let mut after = told(&server);
    after[..2].clone_from_slice(&before[..2]);
    let before = after;
    server.stop();

    let server = g.serve();
    let path = format!("/api/collections/incidents/items/{}", made["id"]);
    assert_eq!(server.get(&path).is(200).feature(), made);
    assert_eq!(told_and_said(server, "read the snapshot"), before);

    // A damaged one is passed over, and replaced.
    let good = std::fs::read(file(&g)).unwrap();
    let mut bad = good.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    std::fs::write(file(&g), &bad).unwrap();
    let server = g.serve();
    assert_eq!(told(&server), before);
    let log = server.stop();
    assert!(said(&log, "passed over") && !said(&log, "read the snapshot"), "{log:?}");

    // So is one from before an import of addresses.
    std::fs::write(file(&g), &good).unwrap();
    let more = g.file("more.csv", "code,text,lon,lat\nA7,示例区观山街道湖东路7号,120.3126,31.5056\n");
    g.import("address", &more, &["--region", "3202"]).ok();
    let server = g.serve();
    let items = server.get("/api/collections/addresses/items").is(200).json();
    assert_eq!(items["numberMatched"], 7);
    told_and_said(server, "were changed after it");

    // And that of another store; boundaries that moved only mean that addresses are placed again.
    let other = town::built();
    std::fs::write(file(&other), &good).unwrap();
    told_and_said(other.serve(), "of another store");
}

#[test]
fn addresses_are_placed_again_when_boundaries_changed() {
    let g = town::built();
    let server = g.serve();
    wait_for_file(&g);
    server.stop();
    let dir = town::write();
    let moved =
        std::fs::read_to_string(town::file(&dir, "beat.geojson")).unwrap().replace("120.315", "120.311");
    let moved = g.file("moved.geojson", moved);
    g.import("beat", &moved, &["--region", "3202", "--replace"]).ok();
    same_with_and_without(&g);
}

/// Starts with the snapshot and without: the answers are the same.
#[track_caller]
fn same_with_and_without(g: &Gridbeat) {
    let with_file = told_and_said(g.serve(), "read the snapshot");
    let plain = g.serve_with(&["--snapshot", "off"]);
    assert_eq!(told(&plain), with_file);
    let log = plain.stop();
    assert!(!said(&log, "snapshot"), "{log:?}");
}

#[test]
fn incidents_that_changed_after_it_are_read_anew() {
    let g = town::built();
    let server = g.serve();
    wait_for_file(&g);
    let items = "/api/collections/incidents/items";
    let all = server.get(items).is(200).json();
    let path = |i: usize| format!("{items}/{}", all["features"][i]["id"]);
    let change = |method: &str, path: &str, body: &str| {
        let etag = server.get(path).header("etag").unwrap().to_owned();
        let request = server.request(method, path).header("if-match", &etag);
        request.body("application/merge-patch+json", body).send()
    };
    change("PATCH", &path(0), r#"{"properties": {"state": "closed", "title": null}}"#).is(200);
    let moved = r#"{"geometry": {"type": "Point", "coordinates": [120.3231, 31.5051]}}"#;
    change("PATCH", &path(1), moved).is(200);
    change("DELETE", &path(2), "").is(204);
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3175, 31.5055]},
        "properties": {"category": "noise"}});
    server.post(items, &feature).is(201);
    server.stop();
    same_with_and_without(&g);

    // An import names no single rows.
    let more = g.file("more.csv", "code,category,state,lon,lat\nI9,noise,closed,120.3004,31.5004\n");
    g.import("incident", &more, &["--region", "3202"]).ok();
    same_with_and_without(&g);
}

/// Layers of departments are read from the store, as of the same change, whatever the snapshot is of.
#[test]
fn layers_of_departments_are_beside_it() {
    let g = town::built();
    let schools = g.file("schools.csv", "name,beds,lon,lat\na,1,120.3126,31.5056\nb,,120.3127,31.5057\n");
    g.import("school", &schools, &["--region", "3202"]).ok();
    let items = |server: &Server| {
        let items = server.get("/api/collections/school/items").is(200).json();
        (items["numberMatched"].clone(), items["features"].clone())
    };
    let server = g.serve();
    let before = (told(&server), items(&server), server.get("/tiles/school/14/13667/6679").is(200).content());
    wait_for_file(&g);
    server.stop();
    let server = g.serve();
    assert_eq!(items(&server), before.1);
    assert_eq!(server.get("/tiles/school/14/13667/6679").is(200).content(), before.2);
    assert_eq!(told_and_said(server, "read the snapshot"), before.0);
    // Nor does an import into one make it stale.
    let more = g.file("more.csv", "name,beds,lon,lat\nc,3,120.3128,31.5058\n");
    g.import("school", &more, &["--region", "3202"]).ok();
    let server = g.serve();
    assert_eq!(items(&server).0, json!(3));
    assert_eq!(told_and_said(server, "read the snapshot"), before.0);
}
