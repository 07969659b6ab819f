//! Sequences whose reader goes away, or does not read.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // How a test fails.

mod common;

use axum::body::Body;
use common::{Town, crowd::crowd, encoded};
use gridbeat_server::live::turns::Turn;
use std::time::Duration;
use tower::ServiceExt;

async fn open(town: &Town, filter: &str, more: &str) -> Body {
    let path = format!("/api/collections/incidents/items?f=geojsonseq&filter={}{more}", encoded(filter));
    let request =
        axum::http::Request::get(path).header("host", "localhost:8080").body(Body::empty()).unwrap();
    let response = town.front.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    response.into_body()
}

/// Takes every seat: nobody works until what is returned goes.
async fn seats(town: &Town) -> Vec<Turn> {
    let mut taken = Vec::new();
    loop {
        let turn = town.live.turns().begin().unwrap();
        if tokio::time::timeout(Duration::from_millis(100), turn.take()).await.is_err() {
            return taken;
        }
        taken.push(turn);
    }
}

async fn metric(town: &Town, name: &str) -> u64 {
    let page = town.get("/metrics").await.is(200).text();
    let line = page.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(' ')).unwrap().to_owned();
    line.parse().unwrap()
}

async fn ended(town: &Town) {
    let all = async {
        while metric(town, "gridbeat_sequences").await > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), all).await.unwrap_or_else(|_| panic!("sequences go on"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sequence_ends_when_its_reader_has_gone() {
    let town = crowd();
    // Nothing matches, so nothing is ever sent that would fail.
    let nothing = "title = 'nobody says this'";
    let whole = open(&town, nothing, "").await;
    assert!(http_body_util::BodyExt::collect(whole).await.unwrap().to_bytes().is_empty());
    ended(&town).await;
    assert_eq!(metric(&town, "gridbeat_sequences_left_total").await, 0);

    let seats = seats(&town).await;
    for more in ["", "&sortby=title"] {
        drop(open(&town, nothing, more).await);
    }
    assert!(metric(&town, "gridbeat_sequences").await >= 2);
    drop(seats);
    ended(&town).await;
    assert_eq!(metric(&town, "gridbeat_sequences_left_total").await, 2, "they went on to their ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn sequences_that_nobody_reads_hold_nobody_up() {
    let town = crowd();
    let mut unread = Vec::new();
    while let Some(turn) = town.live.turns().begin() {
        drop(turn);
        unread.push(open(&town, "TRUE", "").await);
    }
    assert!(unread.len() > 100);
    // One more is refused, with a word on what to do; whoever asks anything else is answered.
    let path = "/api/collections/incidents/items";
    let refused = town.get(&format!("{path}?f=geojsonseq")).await.is(503);
    assert_eq!(
        (refused.header("retry-after"), &refused.json()["type"]),
        ("1", &"urn:gridbeat:problem:busy".into())
    );
    town.get(path).await.is(200);
    // One that is read goes on to its end while the others wait.
    let read = http_body_util::BodyExt::collect(unread.pop().unwrap()).await.unwrap().to_bytes();
    assert_eq!(read.iter().filter(|&&b| b == 0x1e).count(), common::crowd::CROWD);
    drop(unread);
    ended(&town).await;
}
