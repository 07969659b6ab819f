//! Answers with a body, a media type and, where it helps, a validator.

use super::etag::matches_any;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::Value;

/// JSON.
pub const JSON: &str = "application/json";
/// GeoJSON.
pub const GEOJSON: &str = "application/geo+json";
/// CSV in UTF-8.
pub const CSV: &str = "text/csv; charset=utf-8";

/// HTML, in links.
pub const HTML: &str = "text/html";
/// HTML in UTF-8.
pub const HTML_UTF8: &str = "text/html; charset=utf-8";
/// FlatGeobuf.
pub const FGB: &str = "application/flatgeobuf";
/// A GeoJSON text sequence.
pub const SEQ: &str = "application/geo+json-seq";
/// JSON Schema.
pub const SCHEMA: &str = "application/schema+json";

/// What of a request chooses among the representations of a resource.
const VARY: &str = "Accept, Accept-Language";

/// 200 with a body that no cache keeps without asking.
pub fn ok(media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static(VARY));
    response
}

/// 200 with JSON.
pub fn json(body: &Value) -> Response {
    ok(JSON, body.to_string())
}

/// The body with a strong validator: 304 when the caller has it already.
pub fn with_etag(
    request: &HeaderMap,
    etag: HeaderValue,
    media_type: &'static str,
    body: impl Into<Body>,
) -> Response {
    let mut response = if matches_any(request, &header::IF_NONE_MATCH, &etag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        response.headers_mut().insert(header::VARY, HeaderValue::from_static(VARY));
        response
    } else {
        ok(media_type, body)
    };
    response.headers_mut().insert(header::ETAG, etag);
    response
}

/// Adds `Link` headers: `(rel, href, media type)`.
pub fn link(response: &mut Response, links: &[(&str, String, &str)]) {
    for (rel, href, media_type) in links {
        if let Ok(value) = HeaderValue::from_str(&format!("<{href}>; rel=\"{rel}\"; type=\"{media_type}\"")) {
            response.headers_mut().append(header::LINK, value);
        }
    }
}
