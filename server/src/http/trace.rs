//! What is kept of every request: an id that stands in the log and in the answer, a count, and how long it
//! took.

use crate::app::App;
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id that is taken over from a proxy.
const LONGEST: usize = 64;

/// Gives a request its id (that of a proxy before us if it has one), counts it and times it.
pub async fn trace(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok()).filter(|id| is_plain(id));
    let id = id.map_or_else(fresh, str::to_owned);
    let method = request.method().clone();
    // The pattern, not the path: what people looked for is nobody's business.
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id = %id, method = %method, route = %route);
    let begun = Instant::now();
    let in_flight = app.metrics.begun();
    let mut response = next.run(request).instrument(span.clone()).await;
    drop(in_flight);
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    app.metrics.answered(status);
    app.metrics.routes.took(method.as_str(), &route, status, took);
    span.in_scope(|| tracing::debug!(target: "access", status, micros = took.as_micros() as u64, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Whether an id may stand in a log: no blanks, no quotes, not long.
fn is_plain(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
}

/// An id that no other request of this server, and hardly one of another, has: when it started, its
/// number, and how many requests there were.
fn fresh() -> String {
    static START: OnceLock<u64> = OnceLock::new();
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let start = START.get_or_init(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros() as u64);
        now ^ (u64::from(std::process::id()) << 44)
    });
    format!("{start:x}-{:x}", NEXT.fetch_add(1, Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_and_differ() {
        assert!(is_plain(&fresh()) && fresh() != fresh());
        for bad in ["", "a b", "a\"b", "a\nb", "é", &"x".repeat(65)] {
            assert!(!is_plain(bad), "{bad:?}");
        }
    }
}
