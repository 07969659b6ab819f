//! What a connection talks to: plain tiles are answered here, everything else by the router.
//!
//! Most requests of a map are for tiles. On their way through the router to the handler and back (a pattern to match,
//! parameters to take out, a handful of boxes), they take longer than what they ask for: finding a tile and writing
//! some headers, and a good part of what it takes to make one. What is answered here is checked, counted, traced and
//! headed by the same functions as what [`pass`](super::pass) lets through.

use super::{
    guard,
    pass::TIME_OUT,
    tiles,
    trace::{self, Traced},
};
use crate::{
    app::App,
    error::ApiError,
    live::tiles::{Tile, Wanted},
};
use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use gridbeat_tiles::MatrixSet;
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};
use tower_service::Service;
use tracing::{Instrument, Level, Span};

/// The router, and the tiles before it. Cheap to clone.
#[derive(Clone)]
pub struct Front {
    app: App,
    router: Router,
}

impl Front {
    /// Answers tiles by itself; for all else asks the router.
    pub const fn new(app: App, router: Router) -> Self {
        Self { app, router }
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request>::poll_ready(&mut self.router, context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Some(wanted) = wanted(&self.app, &request) else {
            return Box::pin(routed(self.router.call(request)));
        };
        let (app, mut router) = (self.app.clone(), self.router.clone());
        let traced = Traced::begin_on(&request, tiles::ROUTE);
        Box::pin(async move {
            if let Some(tile) = app.live.tiles().cached(&app.live, &wanted).await {
                return Ok(found(&app, traced, request.headers(), &tile));
            }
            match made(&app, traced, request.headers(), &wanted).await {
                Some(response) => Ok(response),
                // It says what is wrong.
                None => routed(router.call(request)).await,
            }
        })
    }
}

/// The router's answer. To HEAD it says how long the body would be, after everything that could keep it from that: also
/// where there is none, and its 0 is not the length of what the client has.
async fn routed(answer: impl Future<Output = Result<Response, Infallible>>) -> Result<Response, Infallible> {
    let mut response = answer.await?;
    if matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    Ok(response)
}

/// The tile that a request asks for; `None` for what is not simply a request for a tile that we would answer.
fn wanted(app: &App, request: &Request) -> Option<Wanted> {
    let uri = request.uri();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read || uri.query().is_some_and(|q| !is_version(q)) {
        return None;
    }
    guard::check(&app.ours, uri, request.headers()).ok()?;
    let mut parts = uri.path().strip_prefix("/tiles/")?.splitn(4, '/');
    let (layers, z, x, y) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    Some(Wanted {
        layers: tiles::layers_of(app, layers).ok()?,
        set: MatrixSet::WebMercatorQuad,
        id: tiles::tile_id(z, x, tiles::without_suffix(y)).ok()?,
        encoding: tiles::accepted(request.headers()),
        rows: None,
    })
}

/// Whether a query is `v=…` and nothing else.
fn is_version(query: &str) -> bool {
    query.starts_with("v=") && !query.contains('&')
}

/// A tile from the cache as an answer.
fn found(app: &App, traced: Traced, headers: &HeaderMap, tile: &Tile) -> Response {
    let mut response = tiles::answer(headers, tile, true);
    app.protection().protect(response.headers_mut());
    // Only the line about the access itself could stand in the span, and it is seldom asked for.
    let span = tracing::enabled!(target: trace::TARGET, Level::DEBUG).then(|| traced.span());
    let _entered = span.as_ref().map(Span::enter);
    traced.end(&app.metrics, &mut response);
    response
}

/// A tile that has to be made, as an answer; `None` when that failed.
async fn made(app: &App, traced: Traced, headers: &HeaderMap, wanted: &Wanted) -> Option<Response> {
    let span = traced.span();
    let in_flight = app.metrics.begun();
    let making = tokio::time::timeout(TIME_OUT, app.live.tiles().get(&app.live, wanted));
    let mut response = match making.instrument(span.clone()).await {
        Ok(Ok((tile, hit))) => tiles::answer(headers, &tile, hit),
        Ok(Err(_)) => return None,
        Err(_) => ApiError::Timeout(TIME_OUT.as_secs()).into_response(),
    };
    drop(in_flight);
    app.protection().protect(response.headers_mut());
    span.in_scope(|| traced.end(&app.metrics, &mut response));
    Some(response)
}
