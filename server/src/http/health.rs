//! `/healthz`, `/readyz`, `/metrics`: for who watches over the server.

use super::answer;
use crate::{app::App, error::ApiError, metrics::page::State};
use axum::{extract, response::Response};
use serde_json::json;

/// The process lives and answers.
pub async fn healthz() -> Response {
    answer::json(&json!({ "status": "ok" }))
}

/// The map is loaded and follows the store.
///
/// # Errors
/// [`ApiError::Unavailable`] while the store cannot be read.
pub async fn readyz(extract::State(app): extract::State<App>) -> Result<Response, ApiError> {
    let applied = app.live.applied();
    if !app.live.is_ready() {
        let what = if applied.healthy {
            "the map does not have all changes yet"
        } else {
            "the store cannot be followed; the map may be out of date"
        };
        return Err(ApiError::Unavailable(what.to_owned()));
    }
    Ok(answer::json(&json!({ "status": "ready", "change": applied.change })))
}

/// Counters, in the text format of Prometheus.
pub async fn metrics(extract::State(app): extract::State<App>) -> Response {
    let page = app.metrics.page(&State::of(&app.live));
    answer::ok("text/plain; version=0.0.4; charset=utf-8", page)
}
