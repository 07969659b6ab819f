//! `f=geojsonseq`: as many features as there are, as a GeoJSON text sequence (RFC 8142).
//!
//! Features are written while they are found, and a slow reader holds up the writing: memory is that of a few
//! chunks however many rows there are. Only `sortby` needs to hold something of every row, where it stands.

use super::{
    answer,
    items::{Asked, content_crs},
    page::{self, select},
};
use crate::{
    app::App,
    error::ApiError,
    feature::{collection::Collection, geojson::push_feature, read::Item},
};
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use bytes::Bytes;
use futures_util::{Stream, stream};
use gridbeat_onemap::{Reader, query::Budget};
use std::{io, ops::ControlFlow, sync::Arc, time::Duration};
use tokio::{runtime::Handle, sync::mpsc};

/// Bytes of a chunk, about.
const CHUNK: usize = 64 << 10;
/// Chunks that wait to be sent.
const AHEAD: usize = 4;
/// How long a reader may leave a chunk lying.
const PATIENCE: Duration = Duration::from_secs(60);

/// The sequence.
///
/// # Errors
/// None once it has begun: what goes wrong then cuts it off, so that the reader sees that it is not whole.
pub async fn sequence(app: &App, collection: Collection, asked: Asked) -> Result<Response, ApiError> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let mut response = answer::ok(answer::SEQ, Body::from_stream(chunks(receiver)));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    content_crs(&mut response, &asked.frame);
    let live = Arc::clone(&app.live);
    let runtime = Handle::current();
    // Not through `Live::read`: a caller that reads slowly must not hold up others.
    tokio::task::spawn_blocking(move || {
        let snapshot = live.now();
        let mut out = Writer { asked: &asked, chunk: String::new(), sender, runtime, left: asked.limit };
        if let Err(error) = out.all(&snapshot.map.read(live.scope()), collection) {
            tracing::info!(%error, "a sequence was cut off");
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

struct Writer<'a> {
    asked: &'a Asked,
    chunk: String,
    sender: mpsc::Sender<Sent>,
    runtime: Handle,
    left: usize,
}

impl Writer<'_> {
    fn all(&mut self, reader: &Reader<'_>, collection: Collection) -> Result<(), ApiError> {
        let asked = self.asked;
        let mut failed = None;
        let mut write = |item: Item<'_>| match self.one(reader, &item) {
            Ok(flow) => flow,
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        };
        if asked.query.sort.is_empty() {
            page::stream(reader, collection, &asked.query, write)?;
        } else {
            let page = select(reader, collection, &asked.query, asked.limit, &Budget::unlimited())?;
            let _ = page.items.into_iter().try_for_each(&mut write); // A break is told by `failed`.
        }
        match failed {
            Some(error) => Err(error),
            None => {
                if self.flush() {
                    self.send(Sent::End);
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
        chunk.is_empty() || self.send(Sent::Chunk(Bytes::from(chunk)))
    }

    /// Whether it was taken in time.
    fn send(&self, chunk: Sent) -> bool {
        let sent = self.runtime.block_on(tokio::time::timeout(PATIENCE, self.sender.send(chunk)));
        matches!(sent, Ok(Ok(())))
    }
}
