//! Readers of the stream who are slow, or were away.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // How a test fails.

mod common;

use axum::body::Body;
use common::{Town, encoded, town};
use futures_util::{StreamExt, stream};
use gridbeat_onemap::record::{Fid, Region};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::time::Duration;

const MERGE: (&str, &str) = ("content-type", "application/merge-patch+json");
/// More than wait for a reader on the way to it.
const MANY: u64 = 2_500;

/// Reads until a stream ends, or says an id.
async fn read(mut body: Body, until: Option<u64>) -> String {
    let mut text = String::new();
    let end = until.map(|n| format!("id: {n}\n"));
    while end.as_ref().is_none_or(|end| !text.contains(end)) {
        let frame = tokio::time::timeout(Duration::from_secs(10), body.frame()).await;
        let Some(frame) = frame.unwrap_or_else(|_| panic!("no {end:?} in\n{text}")) else { break };
        text.push_str(&String::from_utf8_lossy(frame.unwrap().data_ref().unwrap()));
    }
    text
}

/// What was said besides tiles: the event's name and its number.
fn events(text: &str) -> Vec<(String, u64)> {
    let line = |event: &str, name: &str| {
        event.lines().find_map(|l| l.strip_prefix(name).map(|l| l.trim().to_owned()))
    };
    let all = text.split("\n\n").filter_map(|e| Some((line(e, "event:")?, line(e, "data:")?)));
    let number = |data: &str| serde_json::from_str::<Value>(data).unwrap()["n"].as_u64().unwrap();
    all.filter(|(name, _)| name != "tiles").map(|(name, data)| (name, number(&data))).collect()
}

fn changes(numbers: impl IntoIterator<Item = u64>) -> Vec<(String, u64)> {
    numbers.into_iter().map(|n| ("change".to_owned(), n)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_is_told_so_and_goes_on_without_loss() {
    let town = town();
    let start = town.live.applied().change;
    let slow = town.stream("collection=incidents").await;
    let posts = (0..MANY).map(|_| town.post(120.302, 31.575, json!({ "category": "noise" })));
    stream::iter(posts).buffer_unordered(32).for_each(|reply| async { drop(reply.is(201)) }).await;

    let text = read(slow, None).await;
    let mut told = events(&text);
    let (word, at) = told.pop().unwrap();
    assert_eq!(word, "lagging", "{told:?}");
    assert!(
        text.ends_with("\n\n") && text.contains(&format!("id: {at}\nevent: lagging\n")),
        "it says where to go on"
    );
    assert!(at > start && at < start + MANY);
    assert_eq!(told, changes(start + 1..=at));

    let rest = town.stream(&format!("collection=incidents&last_event_id={at}")).await;
    assert_eq!(events(&read(rest, Some(start + MANY)).await), changes(at + 1..=start + MANY));
}

async fn move_chief(town: &Town, lon: f64, lat: f64) {
    let path = format!("/api/collections/staff/items/{}", Fid::new(Region(3202), 1).0);
    let body = json!({ "geometry": { "coordinates": [lon, lat] } }).to_string();
    town.send("PATCH", &path, &[MERGE, ("if-match", "*")], body).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fence_goes_on_after_a_restart_unless_somebody_moved() {
    let fence = "collection=staff&area=320213001001002";
    let town = town();
    move_chief(&town, 120.306, 31.573).await;
    let before = town.live.applied().change;
    town.post(120.314, 31.574, json!({ "category": "noise" })).await.is(201);
    let town = town.restarted();
    let resumed = town.stream(&format!("{fence}&last_event_id={before}")).await;
    let late = town.stream(&format!("{fence}&last_event_id={}", before - 1)).await;
    move_chief(&town, 120.314, 31.574).await;
    let last = before + 2;
    let into = [("enter".to_owned(), last), ("change".to_owned(), last)];
    assert_eq!(events(&read(resumed, Some(last)).await), into);
    // Between that one's last event and the restart somebody moved: nobody knows across what.
    let reset = [("reset".to_owned(), before + 1)];
    assert_eq!(events(&read(late, Some(last)).await), [&reset[..], &into[..]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_hold_for_what_the_log_tells_as_far_as_rows_are_known() {
    let town = town();
    let start = town.live.applied().change;
    let noise = format!("collection=incidents&filter={}", encoded("category = 'noise'"));
    let area = "collection=incidents&area=320213001001002";
    let streams = [town.stream(&noise).await, town.stream(area).await];
    let patch = async |path: &str, body: Value| {
        town.send("PATCH", path, &[MERGE, ("if-match", "*")], body.to_string()).await.is(200);
    };
    let post = async |lon: f64, category: &str| {
        let reply = town.post(lon, 31.574, json!({ "category": category })).await.is(201);
        reply.header("location").strip_prefix("http://localhost:8080").unwrap().to_owned()
    };
    let first = post(120.302, "noise").await; // 1
    post(120.302, "parking").await; // 2
    patch(&first, json!({ "properties": { "category": "parking" } })).await; // 3: noise no more
    let second = post(120.314, "noise").await; // 4: in the area
    patch(&second, json!({ "geometry": { "coordinates": [120.302, 31.574] } })).await; // 5: out of it
    town.send("DELETE", &second, &[("if-match", "*")], "").await.is(204); // 6
    let last = start + 6;
    let told_live = [changes([1, 3, 4, 5, 6].map(|n| start + n)), changes([4, 5].map(|n| start + n))];
    for (stream, expected) in streams.into_iter().zip(&told_live) {
        let until = expected.last().unwrap().1;
        assert_eq!(events(&read(stream, Some(until)).await), *expected);
    }
    // The log has no rows: those that were left alone are known from the map, the places of all.
    let town = town.restarted();
    for (query, expected) in [noise.as_str(), area].iter().zip(&told_live) {
        let resumed = town.stream(&format!("{query}&last_event_id={start}")).await;
        assert_eq!(events(&read(resumed, Some(last)).await), *expected, "{query}");
    }
    // What comes then is decided by its rows again.
    let resumed = town.stream(&format!("{noise}&last_event_id={start}")).await;
    town.post(120.302, 31.574, json!({ "category": "parking" })).await.is(201); // 7
    town.post(120.302, 31.574, json!({ "category": "noise" })).await.is(201); // 8
    let expected = [&told_live[0][..], &changes([start + 8])[..]].concat();
    assert_eq!(events(&read(resumed, Some(start + 8)).await), expected);
}
