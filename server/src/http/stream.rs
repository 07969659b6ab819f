//! `/api/stream`: server-sent events, resumable by `Last-Event-ID`.

use super::{
    params::Params,
    wanted::{Crossing, Wanted},
};
use crate::{
    app::App,
    error::ApiError,
    live::{event::Event, feed::Message},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
};
use bytes::Bytes;
use serde_json::json;
use std::{convert::Infallible, time::Duration};
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

/// How often a silent stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How many frames wait in the pipe of one reader; the feed's buffer comes before it.
const PIPE: usize = 64;
/// How long a reader who was told that it lags may take to hear it.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many changes are read from the log at once when resuming.
const BATCH: usize = 512;

/// Opens a stream.
///
/// # Errors
/// [`ApiError::BadParameters`].
pub async fn stream(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    let wanted = Wanted::of(&mut params, &app);
    let asked = params.text("last_event_id");
    params.finish("collection, area, bbox, filter, filter-lang, filter-crs, last_event_id")?;
    // A browser that reconnects sends the header, which is newer than what the URL says.
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).map(str::to_owned).or(asked);
    let (sender, receiver) = mpsc::channel(PIPE);
    tokio::spawn(async move {
        // An error only says that the reader went away.
        let _ = serve(&app, &wanted, last, &sender).await;
    });
    let mut response =
        Response::new(Body::from_stream(ReceiverStream::new(receiver).map(Ok::<_, Infallible>)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that buffer would hold events back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// The reader went away.
struct Gone;

type Pipe = mpsc::Sender<Bytes>;

async fn send(pipe: &Pipe, text: impl Into<Bytes>) -> Result<(), Gone> {
    pipe.send(text.into()).await.map_err(|_| Gone)
}

async fn serve(app: &App, wanted: &Wanted, last: Option<String>, pipe: &Pipe) -> Result<(), Gone> {
    // First listen, then read the log up to here: nothing falls between the two.
    let mut feed = app.live.feed().subscribe();
    let mut stop = app.stop.clone();
    let here = app.live.applied().change;
    // An id without data is not dispatched, but remembered for the next reconnection.
    let mut sent = here;
    match last {
        None => send(pipe, format!("retry: 2000\nid: {here}\n\n")).await?,
        Some(last) => {
            send(pipe, "retry: 2000\n\n").await?;
            sent = resume(app, wanted, &last, here, pipe).await?;
        }
    }
    loop {
        let message = tokio::select! {
            message = feed.recv() => message,
            () = tokio::time::sleep(HEARTBEAT) => {
                send(pipe, ": heartbeat\n\n").await?;
                continue;
            }
            () = pipe.closed() => return Err(Gone),
            () = async { let _ = stop.wait_for(|&s| s).await; } => return Ok(()),
        };
        match message {
            Ok(Message::Event(event)) if event.change.n <= sent => {}
            Ok(Message::Event(event)) => {
                sent = event.change.n;
                tell(app, wanted, &event, pipe).await?;
            }
            Ok(Message::Reset) => {
                sent = app.live.applied().change;
                send(pipe, reset(sent)).await?;
            }
            Err(RecvError::Lagged(missed)) => {
                let text = format!("event: lagging\ndata: {}\n\n", json!({ "missed": missed, "n": sent }));
                let _ = tokio::time::timeout(PATIENCE, send(pipe, text)).await;
                return Ok(());
            }
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}

fn reset(n: u64) -> String {
    format!("id: {n}\nevent: reset\ndata: {}\n\n", json!({ "n": n }))
}

/// Sends an event if it is wanted; who crosses the border of what is wanted is told before it, so that a
/// reader who was cut off between the two gets both again.
async fn tell(app: &App, wanted: &Wanted, event: &Event, pipe: &Pipe) -> Result<(), Gone> {
    let Some(crossing) = wanted.wants(app, event) else { return Ok(()) };
    let word = match crossing {
        Crossing::None => return send(pipe, event.frame()).await,
        Crossing::Enter => "enter",
        Crossing::Exit => "exit",
    };
    let change = event.change_json();
    let data = json!({ "n": change["n"], "collection": change["collection"], "fid": change["fid"], "at": change["at"] });
    send(pipe, format!("event: {word}\ndata: {data}\n\n")).await?;
    send(pipe, event.frame()).await
}

/// Sends what happened after `last`: from memory, where the rows are known, else from the log up to
/// change `here`; `reset` when that does not reach back either. Returns the last change that was sent or
/// passed over.
async fn resume(app: &App, wanted: &Wanted, last: &str, here: u64, pipe: &Pipe) -> Result<u64, Gone> {
    let known = last.trim().parse::<u64>().ok().filter(|&n| n <= here);
    let Some(mut done) = known else {
        send(pipe, reset(here)).await?;
        return Ok(here);
    };
    if let Some(events) = app.live.feed().since(done) {
        for event in events {
            done = event.change.n;
            tell(app, wanted, &event, pipe).await?;
        }
        return Ok(done);
    }
    if done < here && wanted.is_fence() {
        // Nobody knows any more who crossed it.
        send(pipe, reset(here)).await?;
        return Ok(here);
    }
    while done < here {
        let changes = app.live.read(move |live, _| Ok(live.store().changes_since(done, BATCH)?)).await;
        let changes = match changes {
            Ok(changes) if changes.first().is_some_and(|c| c.n == done + 1) => changes,
            _ => {
                send(pipe, reset(here)).await?;
                return Ok(here);
            }
        };
        for change in changes.into_iter().take_while(|c| c.n <= here) {
            done = change.n;
            tell(app, wanted, &Event::new(change, None), pipe).await?;
        }
    }
    Ok(done)
}
