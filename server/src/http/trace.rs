//! What is kept of every request: an id that stands in the log and in the answer, a count, and how long it
//! took.

use crate::metrics::Metrics;
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method},
    response::Response,
};
use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use tracing::Span;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What the lines about answers are logged under.
pub const TARGET: &str = "access";
/// Longest id that is taken over from a proxy.
const LONGEST: usize = 64;

/// A request that is being answered.
pub struct Traced {
    /// That of a proxy before us if it has given one.
    id: HeaderValue,
    method: Method,
    /// The pattern, not the path: what people looked for is nobody's business.
    route: Route,
    begun: Instant,
}

/// The pattern of a route: `/tiles/{layers}/{z}/{x}/{y}`.
enum Route {
    None,
    Known(&'static str),
    Matched(MatchedPath),
}

impl Traced {
    /// Gives a request its id, and begins to time it.
    pub fn begin(request: &Request) -> Self {
        let matched = request.extensions().get::<MatchedPath>().cloned();
        Self::begin_at(request, matched.map_or(Route::None, Route::Matched))
    }

    /// The same where it is known which route it takes.
    pub fn begin_on(request: &Request, route: &'static str) -> Self {
        Self::begin_at(request, Route::Known(route))
    }

    fn begin_at(request: &Request, route: Route) -> Self {
        let given = request.headers().get(&REQUEST_ID).filter(|id| is_plain(id.as_bytes()));
        Self {
            id: given.cloned().unwrap_or_else(fresh),
            method: request.method().clone(),
            route,
            begun: Instant::now(),
        }
    }

    fn route(&self) -> &str {
        match &self.route {
            Route::None => "",
            Route::Known(route) => route,
            Route::Matched(route) => route.as_str(),
        }
    }

    /// What is logged while it is answered stands in this.
    pub fn span(&self) -> Span {
        // Both were looked at byte by byte: they are text.
        let id = self.id.to_str().unwrap_or_default();
        tracing::info_span!("request", id, method = self.method.as_str(), route = self.route())
    }

    /// Counts the answer and gives it the id.
    pub fn end(self, metrics: &Metrics, response: &mut Response) {
        let (status, took) = (response.status().as_u16(), self.begun.elapsed());
        metrics.answered(status);
        metrics.routes.took(&self.method, self.route(), status, took);
        tracing::debug!(target: TARGET, status, micros = took.as_micros() as u64, "answered");
        response.headers_mut().insert(REQUEST_ID, self.id);
    }
}

/// Whether an id may stand in a log: no blanks, no quotes, not long.
fn is_plain(id: &[u8]) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(b))
}

/// An id that no other request of this server, and hardly one of another, has: when it started, its
/// number, and how many requests there were.
fn fresh() -> HeaderValue {
    static START: OnceLock<u64> = OnceLock::new();
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let start = START.get_or_init(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros() as u64);
        now ^ (u64::from(std::process::id()) << 44)
    });
    let id = format!("{start:x}-{:x}", NEXT.fetch_add(1, Relaxed));
    // Digits and a hyphen are always a header value.
    HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_and_differ() {
        assert!(is_plain(fresh().as_bytes()) && fresh() != fresh());
        for bad in ["", "a b", "a\"b", "a\nb", "é", &"x".repeat(65)] {
            assert!(!is_plain(bad.as_bytes()), "{bad:?}");
        }
    }
}
