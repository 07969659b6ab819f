#![allow(clippy::unwrap_used)]

use super::*;
use crate::http::testing::testing;
use std::sync::mpsc;

/// Works until the budget ends it.
fn endless(budget: &Budget<'_>) -> QueryError {
    loop {
        // Slowly: the units last for longer than the test.
        std::thread::sleep(Duration::from_micros(1));
        if let Err(error) = budget.spend(64) {
            return error;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_ends_by_the_clock() {
    let server = testing();
    let end = Instant::now() + Duration::from_millis(20);
    let answer: Result<(), _> = until(&server.app, end, |_, budget| Err(endless(budget).into())).await;
    assert!(matches!(answer, Err(ApiError::Timeout(_))), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_ends_when_who_asked_has_gone() {
    let server = testing();
    let app = server.app.clone();
    let (begun, begins) = mpsc::channel();
    let (ended, ends) = mpsc::channel();
    let asked = tokio::spawn(async move {
        bounded(&app, move |_, budget| {
            begun.send(()).unwrap();
            let error = endless(budget);
            ended.send(error.clone()).unwrap();
            Err::<(), _>(error.into())
        })
        .await
    });
    tokio::task::spawn_blocking(move || begins.recv().unwrap()).await.unwrap();
    // As the server does when the connection closes.
    asked.abort();
    let end = tokio::task::spawn_blocking(move || ends.recv_timeout(Duration::from_secs(10))).await.unwrap();
    assert_eq!(end, Ok(QueryError::Cancelled));
}
