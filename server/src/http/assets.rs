//! The map client: `web/dist`, embedded in the binary.

use super::{answer, etag::matches_any};
use crate::error::ApiError;
use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::Response,
};
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;

/// What `make web` built; empty when it was not run before the build.
#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Client;

/// `/`.
///
/// # Errors
/// [`ApiError::NoClient`] when the client was not built.
pub async fn index(headers: HeaderMap) -> Result<Response, ApiError> {
    let file = Client::get("index.html").ok_or(ApiError::NoClient)?;
    Ok(answer_file(file, "index.html", &headers, false))
}

/// `/assets/…`: their names hold a hash of their content, so they never change.
///
/// # Errors
/// [`ApiError::NotFound`].
pub async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let path = format!("assets/{path}");
    let file =
        Client::get(&path).ok_or_else(|| ApiError::NotFound(format!("there is nothing at /{path}")))?;
    Ok(answer_file(file, &path, &headers, true))
}

/// Any other file at the root of the client (its icon), or nothing.
///
/// # Errors
/// [`ApiError::NotFound`].
pub async fn file(method: Method, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let missing = || ApiError::NotFound(format!("there is nothing at {}", uri.path()));
    if method != Method::GET && method != Method::HEAD {
        return Err(missing());
    }
    let path = uri.path().trim_start_matches('/');
    let file = Client::get(path).ok_or_else(missing)?;
    Ok(answer_file(file, path, &headers, false))
}

/// The bytes of an embedded file; static ones are not copied.
pub fn bytes(file: EmbeddedFile) -> Bytes {
    match file.data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

/// The validator of an embedded file.
pub fn validator(file: &EmbeddedFile) -> HeaderValue {
    let hex: String = file.metadata.sha256_hash().iter().take(16).map(|b| format!("{b:02x}")).collect();
    // Quotes and hexadecimal digits are always a header value.
    HeaderValue::from_str(&format!("\"{hex}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

fn answer_file(file: EmbeddedFile, path: &str, request: &HeaderMap, immutable: bool) -> Response {
    let etag = validator(&file);
    let mut response = if matches_any(request, &header::IF_NONE_MATCH, &etag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        answer::ok(media_type(path), bytes(file))
    };
    let cache = if immutable { "private, max-age=31536000, immutable" } else { "private, no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response.headers_mut().insert(header::ETAG, etag);
    response
}

/// The media type by the end of the name.
pub fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        "pbf" => "application/x-protobuf",
        _ => "application/octet-stream",
    }
}
