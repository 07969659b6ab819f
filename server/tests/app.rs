//! The API over the hand-checkable sample, in one process.

// Helpers of tests panic as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use axum::body::Body;
use common::{import, town};
use gridbeat_onemap::record::LayerKind;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::time::Duration;
use tower::ServiceExt;

const G1: &str = "320213001001001";
const B1: &str = "320213501Q01";

#[tokio::test(flavor = "multi_thread")]
async fn a_point_has_its_grid_beat_parents_and_share() {
    let town = town();
    let found = town.get("/api/locate?lon=120.302&lat=31.575").await.is(200).json();
    assert_eq!((&found["grid"]["code"], &found["beat"]["code"]), (&json!(G1), &json!(B1)));
    assert_eq!(found["piece"], format!("{G1}~{B1}"));
    // Grid 1 is 10 wide, B1 reaches to 4.
    assert!((found["share_of_grid"].as_f64().unwrap() - 0.4).abs() < 1e-4, "{found}");
    let levels: Vec<_> =
        found["grid"]["parents"].as_array().unwrap().iter().map(|p| p["level"].clone()).collect();
    assert_eq!(levels, ["community", "town", "county", "city"]);
    assert_eq!(found["counts"]["addresses"], 1);
    let outside = town.get("/api/locate?lon=0&lat=0").await.is(200).json();
    for member in ["piece", "grid", "beat", "share_of_grid", "counts"] {
        assert!(outside[member].is_null(), "{outside}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_lead_through_everything_once() {
    let town = town();
    for (collection, all) in [("addresses", 10), ("grids", 8), ("pieces", 8), ("staff", 0)] {
        let mut path = format!("/api/collections/{collection}/items?limit=3");
        let (mut seen, mut matched) = (Vec::new(), 0);
        loop {
            let page = town.get(&path).await.is(200).json();
            matched = page["numberMatched"].as_u64().unwrap().max(matched);
            seen.extend(page["features"].as_array().unwrap().iter().map(|f| f["id"].to_string()));
            let links = page["links"].as_array().unwrap();
            let Some(next) = links.iter().find(|l| l["rel"] == "next") else { break };
            path = next["href"].as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned();
        }
        let count = seen.len() as u64;
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len() as u64, count), (matched, matched), "{collection}");
        if all > 0 {
            assert_eq!(matched, all, "{collection}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn boxes_meet_ground_not_its_bounds() {
    let town = town();
    // Inside grid 4's ground, which is a hole in grid 3: grid 3's box covers it, its ground does not.
    let page = town
        .get("/api/collections/grids/items?level=grid&bbox=120.306,31.564,120.307,31.565")
        .await
        .is(200)
        .json();
    let codes: Vec<_> =
        page["features"].as_array().unwrap().iter().map(|f| &f["properties"]["code"]).collect();
    assert_eq!(codes, ["320213001001004"]);
    let page = town
        .get("/api/collections/addresses/items?bbox=120.3,31.57,120.31,31.58&limit=1")
        .await
        .is(200)
        .json();
    assert_eq!((&page["numberMatched"], &page["numberReturned"]), (&json!(4), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_read_at_once_and_needs_the_present_etag() {
    let town = town();
    let created = town.post(120.302, 31.575, json!({ "category": "noise" })).await.is(201);
    let feature = created.json();
    assert_eq!(feature["properties"]["grid"], G1);
    assert_eq!(feature["properties"]["state"], "reported");
    let path = created.header("location").strip_prefix("http://localhost:8080").unwrap().to_owned();
    let read = town.get(&path).await.is(200);
    assert_eq!(read.json(), feature);
    assert_eq!(read.header("etag"), created.header("etag"));
    let media = ("content-type", "application/merge-patch+json");
    let patch = r#"{"properties":{"state":"closed"}}"#;
    town.send("PATCH", &path, &[media], patch).await.is(428);
    town.send("PATCH", &path, &[media, ("if-match", "\"x\"")], patch).await.is(412);
    let changed = town.send("PATCH", &path, &[media, ("if-match", read.header("etag"))], patch).await.is(200);
    assert_eq!(changed.json()["properties"]["state"], "closed");
    town.send("DELETE", &path, &[("if-match", changed.header("etag"))], "").await.is(204);
    town.get(&path).await.is(404);
    town.post(1.0, 1.0, json!({ "category": "a", "code": "X" })).await.is(201);
    town.post(1.0, 1.0, json!({ "category": "a", "code": "X" })).await.is(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_drops_its_tiles_and_no_other() {
    let town = town();
    let here = town.get("/tiles/incident/16/54671/26671").await;
    let tile = |lon: f64, lat: f64| {
        let n = f64::from(1 << 16);
        let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * n;
        format!("/tiles/incident/16/{}/{}", ((lon + 180.0) / 360.0 * n) as u32, y as u32)
    };
    assert!([200, 204].contains(&here.status.as_u16()));
    let (near, far) = (tile(120.302, 31.575), tile(120.320, 31.565));
    assert_eq!(town.get(&near).await.is(204).header("x-cache"), "MISS");
    assert_eq!(town.get(&near).await.is(204).header("x-cache"), "HIT");
    town.get(&far).await.is(204);
    town.post(120.302, 31.575, json!({ "category": "noise" })).await.is(201);
    let made = town.get(&near).await.is(200);
    assert_eq!(made.header("x-cache"), "MISS");
    assert_eq!(town.get(&far).await.is(204).header("x-cache"), "HIT");
    let again = town.send("GET", &near, &[("if-none-match", made.header("etag"))], "").await;
    assert_eq!(again.is(304).body.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_by_somebody_else_is_noticed() {
    let town = town();
    let before = town.live.applied().change;
    import(&*town.store, "incident.csv", LayerKind::Incident);
    for _ in 0..50 {
        if town.live.applied().change > before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let page = town.get("/api/collections/incidents/items").await.is(200).json();
    assert_eq!(page["numberMatched"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_tell_in_order_and_resume() {
    let town = town();
    let start = town.live.applied().change;
    let open = |path: String| {
        let request =
            axum::http::Request::get(path).header("host", "localhost:8080").body(Body::empty()).unwrap();
        town.front.clone().oneshot(request)
    };
    let live = open("/api/stream".into()).await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        town.post(120.302, 31.575, json!({ "category": "noise" })).await.is(201);
    }
    let resumed = open(format!("/api/stream?last_event_id={start}")).await.unwrap();
    for response in [live, resumed] {
        let text = read_until(response.into_body(), &format!("id: {}\nevent: change", start + 3)).await;
        let found: Vec<u64> = text
            .split("\n\n")
            .filter(|e| e.contains("event: change"))
            .map(|e| e.lines().find_map(|l| l.strip_prefix("id: ")).unwrap().parse().unwrap())
            .collect();
        assert_eq!(found, [start + 1, start + 2, start + 3]);
        assert!(text.find("event: tiles").unwrap() < text.find("event: change").unwrap());
        ids.push(found);
    }
    let lost = open("/api/stream?last_event_id=999999".into()).await.unwrap();
    read_until(lost.into_body(), "event: reset").await;
    assert_eq!(ids[0], ids[1]);
}

async fn read_until(mut body: Body, word: &str) -> String {
    let mut text = String::new();
    while !text.contains(word) {
        let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await;
        let frame = frame.unwrap_or_else(|_| panic!("no “{word}” in\n{text}")).unwrap().unwrap();
        text.push_str(&String::from_utf8_lossy(frame.data_ref().unwrap()));
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn bulk_locate_keeps_the_format() {
    let town = town();
    let csv = "id,lon,lat\na,120.302,31.575\nb,0.5,0.5\n";
    let reply = town.send("POST", "/api/locate", &[("content-type", "text/csv")], csv).await.is(200);
    assert_eq!(reply.text().lines().nth(1), Some(format!("a,120.302,31.575,{G1},{B1},{G1}~{B1}").as_str()));
    assert_eq!(reply.text().lines().nth(2), Some("b,0.5,0.5,,,"));
    town.send("POST", "/api/locate", &[("content-type", "text/plain")], csv).await.is(415);
    let bad = town.send("POST", "/api/locate", &[("content-type", "text/csv")], "a,b\n1,2\n").await.is(400);
    assert!(bad.json()["errors"][0]["detail"].as_str().unwrap().contains("lon"));
    // A fault after the first rows is answered as such while nothing has been sent.
    for (media, body) in [
        ("application/geo+json", r#"{"type":"FeatureCollection","features":[5]}"#),
        ("application/geo+json", r#"{"type":"FeatureCollection","features":["#),
        ("application/x-ndjson", "{\"lon\":120.302,\"lat\":31.575}\n{\"lon\":NaN}\n"),
    ] {
        let reply = town.send("POST", "/api/locate", &[("content-type", media)], body).await.is(400);
        assert_eq!(reply.header("content-type"), "application/problem+json", "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_hosts_wrong_methods_and_unknown_parameters() {
    let town = town();
    let request =
        axum::http::Request::get("/api").header("host", "evil.example").body(Body::empty()).unwrap();
    assert_eq!(town.front.clone().oneshot(request).await.unwrap().status(), 403);
    let reply = town.send("DELETE", "/api/collections", &[], "").await.is(405);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert!(reply.header("allow").contains("GET"));
    let problem: Value = town.get("/api/collections/grids/items?colour=red&limit=0").await.is(400).json();
    let mut names: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["parameter"].clone()).collect();
    names.sort_by_key(Value::to_string);
    assert_eq!(names, ["colour", "limit"]);
    assert_eq!(town.get("/no/such").await.is(404).header("content-type"), "application/problem+json");
}

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_areas_addresses_and_coordinates() {
    let town = town();
    let first = |q: &str| {
        let path = format!("/api/search?q={q}");
        let town = &town;
        async move { town.get(&path).await.is(200).json()["results"][0].clone() }
    };
    let grid = first(G1).await;
    assert_eq!((&grid["kind"], &grid["code"]), (&json!("grid"), &json!(G1)));
    assert_eq!(first("%E7%A4%BA%E4%BE%8B%E7%AC%AC%E4%B8%80").await["code"], B1);
    assert_eq!(first("120.3,31.5").await["kind"], "coordinate");
    let address = first("%E5%AD%A6%E9%99%A2%E8%B7%AF").await;
    assert_eq!((&address["kind"], &address["code"]), (&json!("address"), &json!("320213000000009")));
}
