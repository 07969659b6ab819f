#![allow(clippy::unwrap_used)]

use super::*;
use crate::http::testing::{incident, testing};
use std::sync::Arc;

/// Opens a stream with a heartbeat after so many milliseconds.
fn open(app: &App, query: &str, heartbeat: u64) -> mpsc::Receiver<Bytes> {
    let uri: Uri = format!("/api/stream?{query}").parse().unwrap();
    let mut params = Params::of(&uri);
    let wanted = Wanted::of(&mut params, app);
    params.finish("").unwrap();
    let (pipe, receiver) = mpsc::channel(PIPE);
    let (app, begun) = (app.clone(), Begun::now(app));
    let heartbeat = Duration::from_millis(heartbeat);
    tokio::spawn(async move { serve(&app, &wanted, None, begun, heartbeat, &pipe).await.is_ok() });
    receiver
}

async fn next(stream: &mut mpsc::Receiver<Bytes>) -> String {
    let next = tokio::time::timeout(Duration::from_secs(10), stream.recv()).await;
    String::from_utf8(next.unwrap().unwrap().to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_stream_says_that_it_lives() {
    let server = testing();
    let mut stream = open(&server.app, "", 10);
    assert_eq!(next(&mut stream).await, "retry: 2000\nid: 0\n\n");
    for _ in 0..3 {
        // The comment keeps the connection alive, the id says how far the reader is.
        assert_eq!(next(&mut stream).await, ": heartbeat\nid: 0\n\n");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_whom_nothing_is_wanted_moves_on_with_the_heartbeat() {
    let server = testing();
    let mut stream = open(&server.app, "collection=staff", 200);
    next(&mut stream).await;
    // More often than the heartbeat: what is passed over does not put it off.
    let live = Arc::clone(&server.app.live);
    let writer = tokio::spawn(async move {
        for i in 0.. {
            let store = Arc::clone(live.store());
            let row = incident(format!("C{i}"));
            let written = tokio::task::spawn_blocking(move || store.create_incident(row));
            let (_, change) = written.await.unwrap().unwrap();
            live.visible(change.n).await.unwrap();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let mut at = 0;
    for _ in 0..2 {
        let said = next(&mut stream).await;
        let id = said.strip_prefix(": heartbeat\nid: ").and_then(|rest| rest.strip_suffix("\n\n"));
        let id: u64 = id.unwrap().parse().unwrap();
        assert!(id > at, "{id} after {at}");
        at = id;
    }
    writer.abort();
}

/// On one thread nothing that was spawned gets its turn before this one waits.
#[tokio::test(flavor = "current_thread")]
async fn what_happens_after_the_answer_is_told() {
    let server = testing();
    let app = &server.app;
    let uri = Uri::from_static("/api/stream?collection=incidents");
    let answer = stream(State(app.clone()), uri, HeaderMap::new()).await.unwrap();
    let (_, change) = app.live.store().create_incident(incident("C1".to_owned())).unwrap();
    while app.live.applied().change < change.n {
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut said = String::new();
    let mut frames = answer.into_body().into_data_stream();
    while !said.contains("event: change\n") {
        let frame = tokio::time::timeout(Duration::from_secs(10), frames.next()).await;
        said.push_str(std::str::from_utf8(&frame.unwrap().unwrap().unwrap()).unwrap());
    }
    assert!(said.starts_with("retry: 2000\nid: 0\n\n"), "{said}");
}
