//! Writing: `POST`, `PUT`, `PATCH`, `DELETE` on items. [`incidents`] and [`features`] of departments' layers take them
//! all, [`staff`] moves; what is imported is only read.
//!
//! A write goes to the store in one transaction; the answer is given when the change is on the map, so
//! whoever wrote reads what was written.

use super::{
    BODY_LIMIT, answer,
    collections::named,
    etag::require_if_match,
    features, incidents,
    item::{document, href},
    params::{Params, short},
    staff,
    write_body::Mode,
};
use crate::{
    app::App,
    error::ApiError,
    feature::{Feature, collection::Collection, frame::Frame},
};
use axum::{
    body::{Body, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::Response,
};
use gridbeat_onemap::{
    E7, Reader,
    record::{Fid, Placed, Region, Side},
};
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

/// Media types of a whole feature.
const WHOLE: [&str; 2] = ["application/geo+json", "application/json"];
/// Media types of some members of one.
pub const SOME: [&str; 3] = ["application/merge-patch+json", "application/geo+json", "application/json"];

/// A new feature: 201 with its place and the Feature.
///
/// # Errors
/// [`ApiError::BadBody`], [`ApiError::DuplicateCode`], [`ApiError::Unavailable`], [`ApiError::MethodNotAllowed`], and
/// those of [`json_body`].
pub async fn create(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let collection = writable(&app, &id, &Method::POST)?;
    Params::of(&uri).finish("none")?;
    let body = json_body(&headers, body, &WHOLE).await?;
    let frame = content_crs(&headers)?;
    match collection {
        Collection::Department(layer) => features::create(&app, layer, &headers, body, frame).await,
        _ => incidents::create(&app, &headers, body, frame).await,
    }
}

/// Another feature in the place of this one.
///
/// # Errors
/// As [`create`], and [`ApiError::NotFound`], [`ApiError::PreconditionRequired`],
/// [`ApiError::PreconditionFailed`].
pub async fn replace(
    State(app): State<App>,
    Path((id, fid)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let collection = writable(&app, &id, &Method::PUT)?;
    let fid = addressed(collection, &fid, &uri, &headers)?;
    let body = json_body(&headers, body, &WHOLE).await?;
    change(&app, collection, fid, &headers, body, Mode::Replace).await
}

/// Some members of it (RFC 7396).
///
/// # Errors
/// As [`replace`].
pub async fn update(
    State(app): State<App>,
    Path((id, fid)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    if named(&app, &id)? == Collection::Staff {
        return staff::update(&app, &fid, &uri, &headers, body).await;
    }
    let collection = writable(&app, &id, &Method::PATCH)?;
    let fid = addressed(collection, &fid, &uri, &headers)?;
    let body = json_body(&headers, body, &SOME).await?;
    change(&app, collection, fid, &headers, body, Mode::Merge).await
}

/// No more of it: 204.
///
/// # Errors
/// As [`replace`].
pub async fn delete(
    State(app): State<App>,
    Path((id, fid)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let collection = writable(&app, &id, &Method::DELETE)?;
    let fid = addressed(collection, &fid, &uri, &headers)?;
    match collection {
        Collection::Department(layer) => features::delete(&app, layer, fid, headers).await?,
        _ => incidents::delete(&app, fid, headers).await?,
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

async fn change(
    app: &App,
    collection: Collection,
    fid: Fid,
    headers: &HeaderMap,
    body: Value,
    mode: Mode,
) -> Result<Response, ApiError> {
    let frame = content_crs(headers)?;
    match collection {
        Collection::Department(layer) => features::change(app, layer, fid, headers, body, mode, frame).await,
        _ => incidents::change(app, fid, headers, body, mode, frame).await,
    }
}

/// The collection, when its items are written in that way.
fn writable(app: &App, id: &str, method: &Method) -> Result<Collection, ApiError> {
    let allow = match named(app, id)? {
        collection @ (Collection::Incidents | Collection::Department(_)) => return Ok(collection),
        Collection::Staff if *method != Method::POST => staff::ALLOWED,
        _ => "GET,HEAD",
    };
    Err(ApiError::MethodNotAllowed { method: method.to_string(), allow: allow.to_owned() })
}

/// The item that a path names, when the request may change it.
///
/// # Errors
/// [`ApiError::BadParameters`], [`ApiError::NotFound`], [`ApiError::PreconditionRequired`].
pub fn addressed(collection: Collection, fid: &str, uri: &Uri, headers: &HeaderMap) -> Result<Fid, ApiError> {
    Params::of(uri).finish("none")?;
    let fid = fid
        .parse()
        .map(Fid)
        .map_err(|_| ApiError::NotFound(format!("there is no such feature in {}", collection.id())))?;
    require_if_match(headers)?;
    Ok(fid)
}

/// The responsibility at a place now, and the region: that of its grid, else of its beat, else 0.
pub fn place(reader: &Reader<'_>, at: E7) -> (Region, Placed) {
    let found = reader.locate(at);
    let area = |side, id| Some(reader.layer(side).area(id?));
    let (grid, beat) = (area(Side::Grid, found.grid), area(Side::Beat, found.beat));
    let region = grid.or(beat).map_or(Region(0), |a| a.region);
    (region, Placed { grid: grid.map(|a| a.code.clone()), beat: beat.map(|a| a.code.clone()) })
}

/// A feature as it is now, with its validator.
pub fn represent(feature: &Feature, collection: Collection, base: &str, etag: HeaderValue) -> Response {
    // Every position has degrees.
    let body = document(feature, collection, base, &Frame::CRS84).unwrap_or_default();
    let mut response = answer::ok(answer::GEOJSON, body);
    response.headers_mut().insert(header::ETAG, etag);
    super::items::content_crs(&mut response, &Frame::CRS84);
    response
}

/// The same of a new one: 201, and where it is.
pub fn represent_new(feature: &Feature, collection: Collection, base: &str, etag: HeaderValue) -> Response {
    let mut response = represent(feature, collection, base, etag);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(&href(collection, &feature.id, base)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// The system of a body's coordinates: `Content-Crs: <uri>`, else CRS84.
///
/// # Errors
/// [`ApiError::BadParameters`] when it is not one of ours.
pub fn content_crs(headers: &HeaderMap) -> Result<Frame, ApiError> {
    let Some(value) = headers.get("content-crs") else { return Ok(Frame::CRS84) };
    let uri = value.to_str().unwrap_or_default().trim();
    let uri = uri.strip_prefix('<').and_then(|u| u.strip_suffix('>')).unwrap_or(uri);
    Frame::find(uri).ok_or_else(|| {
        ApiError::parameter(
            "Content-Crs",
            format!("“{}” is not a reference system of this collection", short(uri)),
        )
    })
}

/// The present millisecond: stores keep no finer.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    now.checked_sub((now.subsec_nanosecond() % 1_000_000).nanoseconds()).unwrap_or(now)
}

/// A body of one of some media types, as JSON.
///
/// # Errors
/// [`ApiError::UnsupportedMediaType`], [`ApiError::TooLarge`], [`ApiError::BadBody`].
pub async fn json_body(headers: &HeaderMap, body: Body, media: &[&str]) -> Result<Value, ApiError> {
    let found = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let found = found.split(';').next().unwrap_or_default().trim();
    if !media.iter().any(|m| m.eq_ignore_ascii_case(found)) {
        return Err(ApiError::UnsupportedMediaType(format!("Content-Type must be {}", media.join(" or "))));
    }
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    if length.is_some_and(|n: usize| n > BODY_LIMIT) {
        return Err(ApiError::TooLarge(BODY_LIMIT));
    }
    let bytes = to_bytes(body, BODY_LIMIT).await.map_err(|_| ApiError::TooLarge(BODY_LIMIT))?;
    serde_json::from_slice(&bytes).map_err(|error| ApiError::body("body", format!("is not JSON: {error}")))
}
