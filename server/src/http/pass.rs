//! What every request goes through on its way to its resource, and every answer on its way back:
//!
//! ```text
//! id, count, time → Host and Origin → time-out → panics caught → resource → page for people → errors as problems → headers
//! ```
//!
//! It is one layer. As a layer each, these steps took longer than a tile from the cache: every layer clones the
//! routes below it and boxes what they are about to do.

use super::{guard, people, problem, trace::Traced};
use crate::{app::App, error::ApiError};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, time::Duration};
use tracing::Instrument;

/// How long an answer may take to begin. Streams have begun by then and go on.
pub const TIME_OUT: Duration = Duration::from_secs(60);

/// See the module.
pub async fn pass(State(app): State<App>, request: Request, next: Next) -> Response {
    let traced = Traced::begin(&request);
    let span = traced.span();
    let in_flight = app.metrics.begun();
    let mut response = answer(&app, request, next).instrument(span.clone()).await;
    drop(in_flight);
    app.protection().protect(response.headers_mut());
    span.in_scope(|| traced.end(&app.metrics, &mut response));
    response
}

async fn answer(app: &App, request: Request, next: Next) -> Response {
    if let Err(error) = guard::check(&app.ours, request.uri(), request.headers()) {
        return error.into_response();
    }
    let (method, uri) = (request.method().clone(), request.uri().clone());
    // What a handler shares with others is whole after every step of theirs, as its locks say.
    let run = AssertUnwindSafe(people::served(app, request, next)).catch_unwind();
    match tokio::time::timeout(TIME_OUT, run).await {
        Ok(Ok(response)) => problem::dressed(response, method, &uri),
        Ok(Err(cause)) => problem::panicked(cause),
        Err(_) => ApiError::Timeout(TIME_OUT.as_secs()).into_response(),
    }
}
