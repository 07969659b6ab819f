//! Staff who move, and who is told: geofences and filters on the stream.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod common;

use common::{Reply, Town, encoded, told, town};
use gridbeat_onemap::record::{Fid, Region};
use serde_json::{Value, json};

const CHIEF: u64 = Fid::new(Region(3202), 1).0;
const MERGE: &str = "application/merge-patch+json";

async fn patch(town: &Town, body: Value) -> Reply {
    let path = format!("/api/collections/staff/items/{CHIEF}");
    let etag = town.get(&path).await.is(200).header("etag").to_owned();
    town.send("PATCH", &path, &[("content-type", MERGE), ("if-match", &etag)], body.to_string()).await
}

async fn move_to(town: &Town, lon: f64, lat: f64) -> Value {
    patch(town, json!({ "geometry": { "coordinates": [lon, lat] } })).await.is(200).json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_staff_moves_by_a_patch() {
    let town = town();
    let before = town.live.applied().change;
    let moved = move_to(&town, 120.314, 31.565).await;
    assert_eq!(moved["geometry"]["coordinates"], json!([120.314, 31.565]));
    assert_ne!(moved["properties"]["seen_at"], "2026-07-01T00:20:00Z", "the position is of now");
    let path = format!("/api/collections/staff/items/{CHIEF}");
    let read = town.get(&path).await.is(200).json();
    assert_eq!((&read["geometry"], &read["properties"]), (&moved["geometry"], &moved["properties"]));
    // Nearest staff follow.
    let near =
        town.get("/api/nearest?lon=120.314&lat=31.565&k=1&collection=staff&side=grid").await.is(200).json();
    assert!(near.to_string().contains("120.314"), "{near}");
    // Who is named at the place where he answers is as before, from the store.
    let card = town.get("/api/locate?lon=120.305&lat=31.574").await.is(200).json();
    assert!(card["grid"]["on_duty"].to_string().contains("王示例"), "{card}");
    // The log says that somebody moved, not where.
    let log = town.store.changes_since(before, 10).unwrap();
    assert_eq!((log.len(), log[0].fid, log[0].bbox, &log[0].grid), (1, Some(Fid(CHIEF)), None, &None));

    let off =
        patch(&town, json!({ "geometry": null, "properties": { "on_duty": false } })).await.is(200).json();
    assert_eq!((&off["geometry"], &off["properties"]["on_duty"]), (&Value::Null, &json!(false)));
    let card = town.get("/api/locate?lon=120.305&lat=31.574").await.is(200).json();
    assert_eq!(card["grid"]["on_duty"], json!([]));

    for (body, word) in [
        (json!({ "properties": { "name": "x" } }), "not a property of staff"),
        (json!({ "properties": { "on_duty": 1 } }), "neither true nor false"),
        (json!({ "properties": { "seen_at": "noon" } }), "RFC 3339"),
        (json!({ "geometry": { "type": "LineString", "coordinates": [] } }), "not Point"),
        (json!({ "speed": 3 }), "not a member of a Feature"),
        (json!([1]), "JSON object"),
    ] {
        let answer = patch(&town, body).await.is(400).text();
        assert!(answer.contains(word), "{word} is not in {answer}");
    }
    town.send("PATCH", &path, &[("content-type", MERGE)], "{}").await.is(428);
    town.send("PATCH", &path, &[("content-type", MERGE), ("if-match", "\"old\"")], "{}").await.is(412);
    let put = town.send("PUT", &path, &[("if-match", "*")], "{}").await.is(405);
    assert_eq!(put.header("allow"), "GET,HEAD,PATCH");
    town.send("PATCH", "/api/collections/staff/items/7", &[("content-type", MERGE), ("if-match", "*")], "{}")
        .await
        .is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fence_tells_who_enters_and_who_leaves() {
    let town = town();
    let start = town.live.applied().change;
    // Grid …002 as an area, and two boxes around the same ground.
    let inside = "S_WITHIN(geometry, POLYGON((120.312 31.572, 120.316 31.572, 120.316 31.576, 120.312 31.576, 120.312 31.572)))";
    let fences = [
        "collection=staff&area=320213001001002".to_owned(),
        "collection=staff&bbox=120.312,31.572,120.316,31.576".to_owned(),
        format!("collection=staff&filter={}", encoded(inside)),
    ];
    let mut streams = Vec::new();
    for fence in &fences {
        streams.push(town.stream(fence).await);
    }
    let all = town.stream("collection=staff").await;
    let others = town.stream("collection=incidents").await;
    move_to(&town, 120.306, 31.573).await; // 1: about within 001
    move_to(&town, 120.314, 31.574).await; // 2: into 002
    move_to(&town, 120.3141, 31.5741).await; // 3: about within 002
    town.post(120.314, 31.574, json!({ "category": "noise" })).await.is(201); // 4: no staff
    move_to(&town, 120.306, 31.574).await; // 5: out
    patch(&town, json!({ "properties": { "on_duty": false } })).await.is(200); // 6: still out
    let told_of = |name: &str, n: u64| (name.to_owned(), start + n);
    let expected = [
        told_of("enter", 2),
        told_of("change", 2),
        told_of("change", 3),
        told_of("exit", 5),
        told_of("change", 5),
    ];
    for (stream, fence) in streams.into_iter().zip(&fences) {
        assert_eq!(told(stream, start + 5).await, expected, "{fence}");
        // Whoever was away hears the same.
        let resumed = town.stream(&format!("{fence}&last_event_id={start}")).await;
        assert_eq!(told(resumed, start + 5).await, expected, "{fence}, resumed");
        let half = town.stream(&format!("{fence}&last_event_id={}", start + 3)).await;
        assert_eq!(told(half, start + 5).await, expected[3..], "{fence}, resumed half way");
    }
    let changes = [1, 2, 3, 5, 6].map(|n| told_of("change", n));
    assert_eq!(told(all, start + 6).await, changes);
    assert_eq!(told(others, start + 4).await, [told_of("change", 4)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_lets_through_what_was_or_is_among_what_is_wanted() {
    let town = town();
    let start = town.live.applied().change;
    let noise = town.stream(&format!("collection=incidents&filter={}", encoded("category = 'noise'"))).await;
    let first = town.post(120.302, 31.575, json!({ "category": "noise" })).await.is(201); // 1
    town.post(120.302, 31.575, json!({ "category": "parking" })).await.is(201); // 2
    let path = first.header("location").strip_prefix("http://localhost:8080").unwrap().to_owned();
    let mut etag = first.header("etag").to_owned();
    for (category, state) in
        [("noise", "handling"), ("parking", "handling"), ("parking", "closed"), ("noise", "closed")]
    {
        let body = json!({ "properties": { "category": category, "state": state } }).to_string();
        let reply =
            town.send("PATCH", &path, &[("content-type", MERGE), ("if-match", &etag)], body).await.is(200);
        etag = reply.header("etag").to_owned(); // 3: still noise, 4: no more, 5: not, 6: again
    }
    let expected: Vec<_> = [1, 3, 4, 6].map(|n| ("change".to_owned(), start + n)).into();
    assert_eq!(told(noise, start + 6).await, expected);

    for (query, word) in [
        ("filter=state%3D%27closed%27", "needs “collection”"),
        ("collection=incidents&filter=colour%3D1", "colour"),
        ("collection=nothing", "none of the collections"),
        ("area=nowhere", "the code of no area"),
    ] {
        let answer = town.get(&format!("/api/stream?{query}")).await.is(400).text();
        assert!(answer.contains(word), "{word} is not in {answer}");
    }
}
