//! `/api/stream`: server-sent events, resumable by `Last-Event-ID`.

use super::params::{BoxFilter, Params};
use crate::{
    app::App,
    error::ApiError,
    feature::collection::Collection,
    live::{event::Event, feed::Message},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
};
use bytes::Bytes;
use gridbeat_onemap::{
    AreaId, Reader,
    record::{Op, Side},
};
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

/// Which events a reader wants.
#[derive(Clone, Debug, Default)]
struct Filter {
    collection: Option<Collection>,
    area: Option<String>,
    bbox: Option<BoxFilter>,
}

/// Opens a stream.
///
/// # Errors
/// [`ApiError::BadParameters`].
pub async fn stream(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    let mut filter = Filter { bbox: params.bbox(), ..Filter::default() };
    if let Some(name) = params.text("collection") {
        filter.collection = Collection::find(&name);
        if filter.collection.is_none() {
            params.fault("collection", "is none of the collections");
        }
    }
    if let Some(code) = params.text("area") {
        let snapshot = app.live.now();
        let reader = snapshot.map.read(app.live.scope());
        if Side::BOTH.iter().all(|&s| reader.layer(s).find(&code).is_none()) {
            params.fault("area", "is the code of no area");
        }
        filter.area = Some(code);
    }
    let asked = params.text("last_event_id");
    params.finish("collection, area, bbox, last_event_id")?;
    // A browser that reconnects sends the header, which is newer than what the URL says.
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).map(str::to_owned).or(asked);
    let (sender, receiver) = mpsc::channel(PIPE);
    tokio::spawn(async move {
        // An error only says that the reader went away.
        let _ = serve(&app, &filter, last, &sender).await;
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

async fn serve(app: &App, filter: &Filter, last: Option<String>, pipe: &Pipe) -> Result<(), Gone> {
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
            sent = resume(app, filter, &last, here, pipe).await?;
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
                if wants(app, filter, &event) {
                    send(pipe, event.frame().to_owned()).await?;
                }
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

/// Sends what happened after `last` up to change `here`, or `reset` when the log does not reach back.
async fn resume(app: &App, filter: &Filter, last: &str, here: u64, pipe: &Pipe) -> Result<u64, Gone> {
    let known = last.trim().parse::<u64>().ok().filter(|&n| n <= here);
    let Some(mut done) = known else {
        send(pipe, reset(here)).await?;
        return Ok(here);
    };
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
            let event = Event::new(change, None);
            if wants(app, filter, &event) {
                send(pipe, event.frame().to_owned()).await?;
            }
        }
    }
    Ok(done)
}

fn wants(app: &App, filter: &Filter, event: &Event) -> bool {
    let change = &event.change;
    let collection = filter.collection.is_none_or(|c| Collection::of_layer(change.layer) == Some(c));
    let place = match (&filter.bbox, change.bbox) {
        (Some(wanted), Some(bbox)) => wanted.intersects(&bbox),
        _ => true,
    };
    if !collection || !place {
        return false;
    }
    let Some(code) = &filter.area else { return true };
    if change.op == Op::Import {
        return true; // It may have touched any area.
    }
    let snapshot = app.live.now();
    lies_in(&snapshot.map.read(app.live.scope()), code, event)
}

/// Whether the change happened in the area of that code or in one below it: by the codes in force when
/// it was reported, or by where it is (or was) now.
fn lies_in(reader: &Reader<'_>, code: &str, event: &Event) -> bool {
    let change = &event.change;
    let below = |side: Side, area: Option<AreaId>| {
        let layer = reader.layer(side);
        area.is_some_and(|id| {
            std::iter::once(id).chain(layer.ancestors(id)).any(|a| layer.area(a).code == code)
        })
    };
    let by_code = |side: Side, found: &Option<String>| {
        found.as_deref().is_some_and(|f| f == code || below(side, reader.layer(side).find(f)))
    };
    by_code(Side::Grid, &change.grid)
        || by_code(Side::Beat, &change.beat)
        || event.places.iter().filter(|p| p.min == p.max).any(|p| {
            let place = reader.locate(p.min);
            below(Side::Grid, place.grid) || below(Side::Beat, place.beat)
        })
}
