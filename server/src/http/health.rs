//! `/healthz`, `/readyz`, `/metrics`: for who watches over the server.

use super::answer;
use crate::{app::App, error::ApiError};
use axum::{extract::State, response::Response};
use serde_json::json;

/// The process lives and answers.
pub async fn healthz() -> Response {
    answer::json(&json!({ "status": "ok" }))
}

/// The map is loaded and follows the store.
///
/// # Errors
/// [`ApiError::Unavailable`] while the store cannot be read.
pub async fn readyz(State(app): State<App>) -> Result<Response, ApiError> {
    let applied = app.live.applied();
    if !applied.healthy {
        return Err(ApiError::Unavailable(
            "the store cannot be followed; the map may be out of date".to_owned(),
        ));
    }
    Ok(answer::json(&json!({ "status": "ready", "change": applied.change })))
}

/// Counters, in the text format of Prometheus.
pub async fn metrics(State(app): State<App>) -> Response {
    let applied = app.live.applied();
    let page = app.metrics.page(applied.change, app.live.feed().listeners(), applied.healthy);
    answer::ok("text/plain; version=0.0.4; charset=utf-8", page)
}
