//! `f=geojsonseq`: as many features as there are, as a GeoJSON text sequence (RFC 8142).
//!
//! Features are written while they are found, and a slow reader holds up the writing: memory is that of a few
//! chunks however many rows there are. Writers take [turns](crate::live::turns), and one whose reader has gone ends
//! within some thousand rows. Only `sortby` needs to hold something of every row, where it stands.

use super::{
    answer,
    items::{Asked, content_crs},
    page::{self, select},
};
use crate::{
    app::App,
    error::ApiError,
    feature::{collection::Collection, geojson::push_feature, read::Item},
    live::turns::Turn,
};
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use bytes::Bytes;
use futures_util::{Stream, stream};
use gridbeat_onemap::{
    Reader,
    query::{Budget, Stop},
};
use std::{io, ops::ControlFlow, sync::Arc, time::Duration};
use tokio::{
    runtime::Handle,
    sync::mpsc::{self, error::TrySendError},
};

/// Bytes of a chunk, about.
const CHUNK: usize = 64 << 10;
/// Chunks that wait to be sent.
const AHEAD: usize = 4;
/// How long a reader may leave a chunk lying.
const PATIENCE: Duration = Duration::from_secs(60);

/// The sequence.
///
/// # Errors
/// [`ApiError::Busy`]. None once it has begun: what goes wrong then cuts it off, so that the reader sees that it is
/// not whole.
pub async fn sequence(app: &App, collection: Collection, asked: Asked) -> Result<Response, ApiError> {
    // Not through `Live::read`: a caller that reads slowly must not hold up others.
    let Some(turn) = app.live.turns().begin() else {
        return Err(ApiError::Busy("as many sequences are read as may be at one time".to_owned()));
    };
    let (sender, receiver) = mpsc::channel(AHEAD);
    let mut response = answer::ok(answer::SEQ, Body::from_stream(chunks(receiver)));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    content_crs(&mut response, &asked.frame);
    let (live, metrics) = (Arc::clone(&app.live), Arc::clone(&app.metrics));
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        runtime.block_on(turn.take());
        let snapshot = live.now();
        let pipe = Pipe { sender, turn, runtime };
        let mut out = Writer { asked: &asked, chunk: String::new(), pipe: &pipe, left: asked.limit };
        let done = out.all(&snapshot.map.read(live.scope()), collection);
        match done {
            Ok(()) => {}
            Err(_) if pipe.sender.is_closed() => metrics.reader_left(),
            Err(error) => tracing::info!(%error, "a sequence was cut off"),
        }
    });
    Ok(response)
}

/// What goes over the wire. A sequence whose end was not told is broken off, not ended.
fn chunks(receiver: mpsc::Receiver<Sent>) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold(Some(receiver), |receiver| async {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(Sent::Chunk(chunk)) => Some((Ok(chunk), Some(receiver))),
            Some(Sent::End) => None,
            None => Some((Err(io::Error::other("the sequence is not whole")), None)),
        }
    })
}

/// What the writer hands over.
enum Sent {
    Chunk(Bytes),
    /// Nothing more is to come.
    End,
}

/// The way to the reader.
struct Pipe {
    sender: mpsc::Sender<Sent>,
    turn: Turn,
    runtime: Handle,
}

impl Pipe {
    /// Whether it was taken in time.
    fn send(&self, chunk: Sent) -> bool {
        let chunk = match self.sender.try_send(chunk) {
            Ok(()) => return true,
            Err(TrySendError::Closed(_)) => return false,
            Err(TrySendError::Full(chunk)) => chunk,
        };
        // Others may work while the reader reads.
        self.turn.leave();
        let sent = self.runtime.block_on(async {
            let sent = tokio::time::timeout(PATIENCE, self.sender.send(chunk)).await;
            self.turn.take().await;
            sent
        });
        matches!(sent, Ok(Ok(())))
    }

    /// Asked every some rows: they may all match nothing, and then nothing is sent that would tell.
    fn stop(&self) -> Option<Stop> {
        self.runtime.block_on(self.turn.pass_on());
        self.sender.is_closed().then_some(Stop::Cancelled)
    }
}

struct Writer<'a> {
    asked: &'a Asked,
    chunk: String,
    pipe: &'a Pipe,
    left: usize,
}

impl Writer<'_> {
    fn all(&mut self, reader: &Reader<'_>, collection: Collection) -> Result<(), ApiError> {
        let (asked, pipe) = (self.asked, self.pipe);
        let stop = || pipe.stop();
        let budget = Budget::unlimited().stopped_by(&stop);
        let mut failed = None;
        let mut write = |item: Item<'_>| match self.one(reader, &item) {
            Ok(flow) => flow,
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        };
        if asked.query.sort.is_empty() {
            page::stream(reader, collection, &asked.query, &budget, write)?;
        } else {
            let page = select(reader, collection, &asked.query, asked.limit, &budget)?;
            let _ = page.items.into_iter().try_for_each(&mut write); // A break is told by `failed`.
        }
        match failed {
            Some(error) => Err(error),
            None => {
                if self.flush() {
                    self.pipe.send(Sent::End);
                }
                Ok(())
            }
        }
    }

    /// Writes one feature; breaks when there are enough, fails when nobody reads any more.
    fn one(&mut self, reader: &Reader<'_>, item: &Item<'_>) -> Result<ControlFlow<()>, ApiError> {
        if self.left == 0 {
            return Ok(ControlFlow::Break(()));
        }
        self.left -= 1;
        self.chunk.push('\u{1e}');
        let feature = item.feature(reader, &self.asked.fields);
        push_feature(&mut self.chunk, &feature, &self.asked.frame)
            .map_err(|e| super::items::unwritten(&e, &self.asked.frame))?;
        self.chunk.push('\n');
        if self.chunk.len() < CHUNK || self.flush() {
            return Ok(ControlFlow::Continue(()));
        }
        Err(ApiError::Timeout(PATIENCE.as_secs()))
    }

    fn flush(&mut self) -> bool {
        let chunk = std::mem::take(&mut self.chunk);
        chunk.is_empty() || self.pipe.send(Sent::Chunk(Bytes::from(chunk)))
    }
}
