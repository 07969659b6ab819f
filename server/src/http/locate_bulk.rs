//! `POST /api/locate`: many points in, the same points with `grid`, `beat` and `piece` out, streamed.
//!
//! A caller that sends everything before it reads anything would block for ever if the answer waited
//! for it; so what it has not read yet is kept, and that is bounded by the limit on what it may send.

use super::params::Params;
use crate::{
    app::App,
    error::{ApiError, FieldError},
};
use axum::{
    body::{Body, BodyDataStream},
    extract::State,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
};
use bytes::{Buf, Bytes};
use futures_util::{StreamExt, stream};
use gridbeat_ingest::{Codes, Crs, IngestError, PointFormat, PointOptions, annotate};
use gridbeat_onemap::{E7, Reader, record::Side};
use std::{
    io::{self, Read, Write},
    sync::Arc,
};
use tokio::{runtime::Handle, sync::mpsc};

/// Bytes of a bulk request at most.
const LIMIT: u64 = 256 << 20;
/// Bytes of an answer's chunk.
const CHUNK: usize = 64 << 10;

/// Answers many points in the format in which they came.
///
/// # Errors
/// [`ApiError::UnsupportedMediaType`], [`ApiError::TooLarge`], [`ApiError::BadParameters`], and
/// [`ApiError::BadBody`] when the body is not what its media type says and no answer has begun.
pub async fn locate_bulk(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let (format, media_type) = format_of(&headers)?;
    let options = options_of(&uri)?;
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    if length.is_some_and(|n: u64| n > LIMIT) {
        return Err(ApiError::TooLarge(LIMIT as usize));
    }
    let (sender, mut receiver) = mpsc::unbounded_channel::<Result<Bytes, IngestError>>();
    let input = BodyReader {
        stream: body.into_data_stream(),
        chunk: Bytes::new(),
        left: LIMIT,
        runtime: Handle::current(),
    };
    let live = Arc::clone(&app.live);
    // Not through `Live::read`: a caller that sends slowly must not hold up others.
    tokio::task::spawn_blocking(move || {
        let snapshot = live.now();
        let reader = snapshot.map.read(live.scope());
        let mut out = Chunks { sender, chunk: Vec::with_capacity(CHUNK) };
        let done = annotate(input, format, &options, &|at| codes(&reader, at), &mut out);
        out.end(done.map(|_| ()));
    });
    // The first chunk decides between an answer and a refusal.
    let first = match receiver.recv().await {
        Some(Ok(chunk)) => chunk,
        Some(Err(error)) => return Err(refusal(&error)),
        // Even an empty answer is sent; nothing at all means a panic.
        None => return Err(ApiError::Internal),
    };
    let rest = stream::unfold(receiver, |mut receiver| async move {
        let next = receiver.recv().await?;
        // A fault in the middle cuts the answer off: the caller sees that it is not whole.
        let next = next.map_err(|error| {
            tracing::info!(%error, "a bulk request went bad after its answer had begun");
            io::Error::other("the request went bad")
        });
        Some((next, receiver))
    });
    let body = Body::from_stream(stream::once(async { Ok(first) }).chain(rest));
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn format_of(headers: &HeaderMap) -> Result<(PointFormat, &'static str), ApiError> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    match media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        // In the encoding in which it came.
        "text/csv" => Ok((PointFormat::Csv, "text/csv")),
        "application/geo+json" | "application/json" => Ok((PointFormat::GeoJson, "application/geo+json")),
        "application/x-ndjson" | "application/ndjson" => Ok((PointFormat::NdJson, "application/x-ndjson")),
        _ => Err(ApiError::UnsupportedMediaType(
            "Content-Type must be text/csv, application/geo+json or application/x-ndjson".to_owned(),
        )),
    }
}

fn options_of(uri: &Uri) -> Result<PointOptions, ApiError> {
    let mut params = Params::of(uri);
    let (lon, lat) = (params.text("lon"), params.text("lat"));
    let crs = match params.text("crs").map(|text| text.parse::<Crs>()) {
        None => None,
        Some(Ok(crs)) => Some(crs),
        Some(Err(error)) => {
            params.fault("crs", error.to_string());
            None
        }
    };
    params.finish("lon, lat (names of columns), crs")?;
    Ok(PointOptions { lon, lat, crs })
}

/// The codes of the areas that answer for a position.
pub fn codes(reader: &Reader<'_>, at: E7) -> Codes {
    let place = reader.locate(at);
    let code = |side, id| Some(reader.layer(side).area(id?).code.clone());
    Codes {
        grid: code(Side::Grid, place.grid),
        beat: code(Side::Beat, place.beat),
        piece: place.piece.map(|id| reader.overlay().piece(id).id.clone()),
    }
}

fn refusal(error: &IngestError) -> ApiError {
    // The reader's own failures (too large, cut off) come wrapped in an I/O error.
    if let IngestError::Io { source, .. } = error
        && source.kind() == io::ErrorKind::FileTooLarge
    {
        return ApiError::TooLarge(LIMIT as usize);
    }
    ApiError::BadBody(vec![FieldError::new("body", error.to_string())])
}

/// The request's body as a blocking reader.
struct BodyReader {
    stream: BodyDataStream,
    chunk: Bytes,
    left: u64,
    runtime: Handle,
}

impl Read for BodyReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.runtime.block_on(self.stream.next()) {
                None => return Ok(0),
                Some(Ok(chunk)) => {
                    self.left =
                        self.left.checked_sub(chunk.len() as u64).ok_or(io::ErrorKind::FileTooLarge)?;
                    self.chunk = chunk;
                }
                Some(Err(_)) => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let n = out.len().min(self.chunk.len());
        self.chunk.copy_to_slice(&mut out[..n]);
        Ok(n)
    }
}

/// What is written goes out in large chunks. None goes out early, also when it should be flushed: as long as nothing
/// is sent, a fault can still be answered as such.
struct Chunks {
    sender: mpsc::UnboundedSender<Result<Bytes, IngestError>>,
    chunk: Vec<u8>,
}

impl Chunks {
    /// Sends what is left, or the fault alone.
    fn end(self, done: Result<(), IngestError>) {
        // A send fails only when the caller is gone.
        let _ = self.sender.send(done.map(|()| self.chunk.into()));
    }
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.chunk.extend_from_slice(bytes);
        if self.chunk.len() >= CHUNK {
            let chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK));
            self.sender.send(Ok(chunk.into())).map_err(|_| io::ErrorKind::BrokenPipe)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
