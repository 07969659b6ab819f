//! Writing incidents: `POST`, `PUT`, `PATCH`, `DELETE` on their items. ([`staff`] takes the `PATCH` of staff.)
//!
//! A write goes to the store in one transaction; the answer is given when the change is on the map, so
//! whoever wrote reads what was written.

use super::{
    BODY_LIMIT, answer,
    collections::named,
    etag::{matches_any, of_incident, require_if_match},
    incident_body::{Mode, apply, blank},
    item::{document, href},
    params::{Params, short},
    staff,
};
use crate::{
    app::App,
    error::ApiError,
    feature::{Id, collection::Collection, frame::Frame, read::incident_feature},
};
use axum::{
    body::{Body, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::Response,
};
use gridbeat_onemap::{
    E7, Reader,
    record::{Fid, IncidentRow, Placed, Region, Side},
};
use gridbeat_store::Edit;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

/// A new incident: 201 with its place and the Feature.
///
/// # Errors
/// [`ApiError::BadBody`], [`ApiError::DuplicateCode`], [`ApiError::Unavailable`], and those of the body.
pub async fn create(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    writable(&app, &id, &Method::POST)?;
    Params::of(&uri).finish("none")?;
    let body = json_body(&headers, body, &["application/geo+json", "application/json"]).await?;
    let frame = content_crs(&headers)?;
    let mut row = blank();
    apply(&mut row, &body, Mode::Create, &frame)?;
    row.reported_at = Some(now());
    let (row, change) = app
        .live
        .read(move |live, reader| {
            let (region, placed) = place(reader, row.at);
            (row.region, row.placed) = (region, Some(placed));
            Ok(live.store().create_incident(row)?)
        })
        .await?;
    app.live.visible(change.n).await?;
    let base = app.ours.base(&headers);
    let mut response = represent(&row, &base);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(&href(Collection::Incidents, &Id::Fid(row.fid.0), &base)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Another incident in the place of this one.
///
/// # Errors
/// As [`create`], and [`ApiError::NotFound`], [`ApiError::PreconditionRequired`],
/// [`ApiError::PreconditionFailed`].
pub async fn replace(
    State(app): State<App>,
    Path(path): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    writable(&app, &path.0, &Method::PUT)?;
    let fid = addressed(Collection::Incidents, &path.1, &uri, &headers)?;
    let body = json_body(&headers, body, &["application/geo+json", "application/json"]).await?;
    change(&app, fid, &headers, body, Mode::Replace).await
}

/// Some members of it (RFC 7396).
///
/// # Errors
/// As [`replace`].
pub async fn update(
    State(app): State<App>,
    Path(path): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    if named(&app, &path.0)? == Collection::Staff {
        return staff::update(&app, &path.1, &uri, &headers, body).await;
    }
    writable(&app, &path.0, &Method::PATCH)?;
    let fid = addressed(Collection::Incidents, &path.1, &uri, &headers)?;
    let media = ["application/merge-patch+json", "application/geo+json", "application/json"];
    let body = json_body(&headers, body, &media).await?;
    change(&app, fid, &headers, body, Mode::Merge).await
}

/// No more of it: 204.
///
/// # Errors
/// As [`replace`].
pub async fn delete(
    State(app): State<App>,
    Path(path): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    writable(&app, &path.0, &Method::DELETE)?;
    let fid = addressed(Collection::Incidents, &path.1, &uri, &headers)?;
    edit(&app, fid, headers, |_, _| Ok(Edit::Delete)).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

async fn change(
    app: &App,
    fid: Fid,
    headers: &HeaderMap,
    body: Value,
    mode: Mode,
) -> Result<Response, ApiError> {
    let frame = content_crs(headers)?;
    let row = edit(app, fid, headers.clone(), move |reader, present| {
        let mut row = present.clone();
        apply(&mut row, &body, mode, &frame)?;
        // An incident keeps the responsibility in force when it was reported, unless it was elsewhere.
        if row.at != present.at || row.placed.is_none() {
            row.placed = Some(place(reader, row.at).1);
        }
        Ok(if row == *present { Edit::Keep } else { Edit::Replace(row) })
    })
    .await?;
    let row = row.ok_or(ApiError::Internal)?;
    Ok(represent(&row, &app.ours.base(headers)))
}

/// Shows the present row to `decide` inside the store's transaction, after `If-Match` was met; returns
/// the row as it is afterwards (`None` when deleted).
async fn edit(
    app: &App,
    fid: Fid,
    headers: HeaderMap,
    decide: impl Fn(&Reader<'_>, &IncidentRow) -> Result<Edit, ApiError> + Send + 'static,
) -> Result<Option<IncidentRow>, ApiError> {
    let (row, change) = app
        .live
        .read(move |live, reader| {
            let mut refused = None;
            let mut present = None;
            let done = live.store().edit_incident(fid, &mut |row| {
                // One that another program put into the store was never placed; readers see it placed by its ground,
                // and their validator is of that.
                let mut row = row.clone();
                row.placed.get_or_insert_with(|| reader.placed(row.at));
                let row = &*present.insert(row);
                if !matches_any(&headers, &header::IF_MATCH, &of_incident(row)) {
                    refused = Some(ApiError::PreconditionFailed);
                    return Edit::Keep;
                }
                decide(reader, row).unwrap_or_else(|error| {
                    refused = Some(error);
                    Edit::Keep
                })
            })?;
            match (refused, done) {
                (Some(error), _) => Err(error),
                (None, Some((row, change))) => Ok((row, Some(change.n))),
                (None, None) => Ok((present, None)),
            }
        })
        .await?;
    if let Some(n) = change {
        app.live.visible(n).await?;
    }
    Ok(row)
}

/// Only incidents are written here, and staff moves; the others are imported.
fn writable(app: &App, id: &str, method: &Method) -> Result<(), ApiError> {
    let allow = match named(app, id)? {
        Collection::Incidents => return Ok(()),
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
fn place(reader: &Reader<'_>, at: E7) -> (Region, Placed) {
    let found = reader.locate(at);
    let area = |side, id| Some(reader.layer(side).area(id?));
    let (grid, beat) = (area(Side::Grid, found.grid), area(Side::Beat, found.beat));
    let region = grid.or(beat).map_or(Region(0), |a| a.region);
    (region, Placed { grid: grid.map(|a| a.code.clone()), beat: beat.map(|a| a.code.clone()) })
}

fn represent(row: &IncidentRow, base: &str) -> Response {
    let feature = incident_feature(row);
    // Every position has degrees.
    let body = document(&feature, Collection::Incidents, base, &Frame::CRS84).unwrap_or_default();
    let mut response = answer::ok(answer::GEOJSON, body);
    response.headers_mut().insert(header::ETAG, of_incident(row));
    super::items::content_crs(&mut response, &Frame::CRS84);
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
