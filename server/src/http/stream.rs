//! `/api/stream`: server-sent events, resumable by `Last-Event-ID`.

use super::{
    params::Params,
    resume::resume,
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
use tokio::{
    sync::{
        broadcast::{
            self,
            error::{RecvError, TryRecvError},
        },
        mpsc,
    },
    time::Instant,
};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

/// After how long a stream that had nothing to say says that it lives, and how far it is.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How many sendings wait in the pipe of one reader; the feed's buffer comes before it.
const PIPE: usize = 4;
/// How long a reader who was told that it lags may take to hear it.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a reader is left alone after it was told something, for each reader there is: what happens
/// meanwhile goes out together. Two thousand readers hear ten times a second, a hundred two hundred times. Without
/// this, 2,000 readers of 100 changes a second are 200,000 writes to sockets a second, more than two cores do.
const REST_PER_READER: Duration = Duration::from_micros(50);
/// The longest rest, however many readers there are.
const LONGEST_REST: Duration = Duration::from_millis(250);
/// Bytes that go out together at most.
const TOGETHER: usize = 1 << 16;

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
    // Before it is answered: who has the answer hears of all that happens from then on.
    let begun = Begun::now(&app);
    tokio::spawn(async move {
        // An error only says that the reader went away.
        let _ = serve(&app, &wanted, last, begun, HEARTBEAT, &sender).await;
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
pub struct Gone;

/// What is to be told to one reader, and the pipe to it.
pub struct Teller<'a> {
    pipe: &'a mpsc::Sender<Bytes>,
    /// Frames that were not sent yet, and how many bytes they are.
    frames: Vec<Bytes>,
    bytes: usize,
}

impl Teller<'_> {
    /// A frame that goes out with what comes before and after it.
    pub async fn say(&mut self, frame: impl Into<Bytes>) -> Result<(), Gone> {
        let frame = frame.into();
        self.bytes += frame.len();
        self.frames.push(frame);
        if self.bytes >= TOGETHER {
            self.send().await?;
        }
        Ok(())
    }

    /// Sends what was said; whether that was anything.
    async fn send(&mut self) -> Result<bool, Gone> {
        let together = match self.frames.as_slice() {
            [] => return Ok(false),
            // As it is: all readers share its bytes.
            [one] => one.clone(),
            many => many.concat().into(),
        };
        self.frames.clear();
        self.bytes = 0;
        self.pipe.send(together).await.map(|()| true).map_err(|_| Gone)
    }
}

/// Where a stream begins.
struct Begun {
    feed: broadcast::Receiver<Message>,
    /// The last change on the map by then. The feed tells of all after it, and perhaps of some up to it again.
    here: u64,
}

impl Begun {
    /// First listens, then looks how far the map is: nothing falls between the two.
    fn now(app: &App) -> Self {
        let feed = app.live.feed().subscribe();
        Self { feed, here: app.live.applied().change }
    }
}

/// How a stream goes on after a message.
enum Next {
    Listen,
    End,
}

async fn serve(
    app: &App,
    wanted: &Wanted,
    last: Option<String>,
    Begun { mut feed, here }: Begun,
    heartbeat: Duration,
    pipe: &mpsc::Sender<Bytes>,
) -> Result<(), Gone> {
    let mut stop = app.stop.clone();
    let mut teller = Teller { pipe, frames: Vec::new(), bytes: 0 };
    let mut sent = here;
    match last {
        None => teller.say(format!("retry: 2000\n{}", position(here))).await?,
        Some(last) => {
            teller.say("retry: 2000\n\n").await?;
            sent = resume(app, wanted, &last, here, &mut teller).await?;
            teller.say(position(sent)).await?;
        }
    }
    teller.send().await?;
    let mut spoke = Instant::now();
    loop {
        let message = tokio::select! {
            message = feed.recv() => Some(message),
            () = tokio::time::sleep_until(spoke + heartbeat) => None,
            () = pipe.closed() => return Err(Gone),
            () = async { let _ = stop.wait_for(|&s| s).await; } => return Ok(()),
        };
        match message {
            // What was passed over need not be told to who comes again.
            None => teller.say(format!(": heartbeat\n{}", position(sent))).await?,
            Some(message) => {
                if let Next::End = hear(app, wanted, message, &mut sent, &mut teller).await? {
                    return Ok(());
                }
            }
        }
        // Whatever happens in a rest goes out together after it, until nothing does.
        while teller.send().await? {
            spoke = Instant::now();
            tokio::select! {
                () = tokio::time::sleep(rest(app.live.feed().listeners())) => {}
                () = pipe.closed() => return Err(Gone),
                () = async { let _ = stop.wait_for(|&s| s).await; } => return Ok(()),
            }
            loop {
                let message = match feed.try_recv() {
                    Ok(message) => Ok(message),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Lagged(missed)) => Err(RecvError::Lagged(missed)),
                    Err(TryRecvError::Closed) => Err(RecvError::Closed),
                };
                if let Next::End = hear(app, wanted, message, &mut sent, &mut teller).await? {
                    return Ok(());
                }
            }
        }
    }
}

fn rest(readers: usize) -> Duration {
    let readers = u32::try_from(readers).unwrap_or(u32::MAX);
    REST_PER_READER.saturating_mul(readers).min(LONGEST_REST)
}

/// Says what a message of the feed means to the reader; `sent` is the last change that was said or passed over.
async fn hear(
    app: &App,
    wanted: &Wanted,
    message: Result<Message, RecvError>,
    sent: &mut u64,
    teller: &mut Teller<'_>,
) -> Result<Next, Gone> {
    match message {
        Ok(Message::Event(event)) if event.change.n <= *sent => {}
        Ok(Message::Event(event)) => {
            *sent = event.change.n;
            tell(app, wanted, &event, teller).await?;
        }
        Ok(Message::Reset) => {
            *sent = app.live.applied().change;
            teller.say(reset(*sent)).await?;
        }
        Err(RecvError::Lagged(missed)) => {
            let text =
                format!("id: {sent}\nevent: lagging\ndata: {}\n\n", json!({ "missed": missed, "n": *sent }));
            let told = async {
                teller.say(text).await?;
                teller.send().await
            };
            let _ = tokio::time::timeout(PATIENCE, told).await;
            return Ok(Next::End);
        }
        Err(RecvError::Closed) => {
            teller.send().await?;
            return Ok(Next::End);
        }
    }
    Ok(Next::Listen)
}

/// How far a reader is. An id without data is not dispatched, but remembered for the next reconnection.
fn position(n: u64) -> String {
    format!("id: {n}\n\n")
}

/// Says that what the reader has is void.
pub fn reset(n: u64) -> String {
    format!("id: {n}\nevent: reset\ndata: {}\n\n", json!({ "n": n }))
}

/// Sends an event if it is wanted; who crosses the border of what is wanted is told before it, so that a
/// reader who was cut off between the two gets both again.
pub async fn tell(app: &App, wanted: &Wanted, event: &Event, teller: &mut Teller<'_>) -> Result<(), Gone> {
    let Some(crossing) = wanted.wants(app, event) else { return Ok(()) };
    let word = match crossing {
        Crossing::None => return teller.say(event.frame()).await,
        Crossing::Enter => "enter",
        Crossing::Exit => "exit",
    };
    let change = event.change_json();
    let data = json!({ "n": change["n"], "collection": change["collection"], "fid": change["fid"], "at": change["at"] });
    teller.say(format!("event: {word}\ndata: {data}\n\n")).await?;
    teller.say(event.frame()).await
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
