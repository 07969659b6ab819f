//! `PATCH` on a member of staff: where somebody is now, and whether on duty. Terminals send it; all else
//! of staff is imported.

use super::{
    etag::{matches_any, of_staff},
    write::{SOME, addressed, content_crs, json_body, now, represent},
    write_body::{Faults, Members, Mode, position},
};
use crate::{
    app::App,
    error::ApiError,
    feature::{collection::Collection, frame::Frame, read::Item},
};
use axum::{
    body::Body,
    http::{HeaderMap, Uri, header},
    response::Response,
};
use gridbeat_onemap::{live::StaffPosition, record::StaffRow};
use jiff::Timestamp;
use serde_json::Value;

/// Methods that a member of staff takes.
pub const ALLOWED: &str = "GET,HEAD,PATCH";
/// What is there to read, and stays as it is.
const READ_ONLY: [&str; 5] = ["fid", "code", "role", "side", "area"];

/// Moves somebody (RFC 7396): the geometry, `on_duty`, `seen_at` (now, when only the place is sent).
///
/// # Errors
/// [`ApiError::BadBody`], [`ApiError::NotFound`], [`ApiError::PreconditionRequired`],
/// [`ApiError::PreconditionFailed`], [`ApiError::Unavailable`].
pub async fn update(
    app: &App,
    fid: &str,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let fid = addressed(Collection::Staff, fid, uri, headers)?;
    let body = json_body(headers, body, &SOME).await?;
    let frame = content_crs(headers)?;
    let conditions = headers.clone();
    let (row, change) = app
        .live
        .read(move |live, _| {
            let mut refused = None;
            let mut present = None;
            let done = live.store().edit_staff(fid, &mut |row| {
                present = Some(row.clone());
                if !matches_any(&conditions, &header::IF_MATCH, &of_staff(row)) {
                    refused = Some(ApiError::PreconditionFailed);
                    return None;
                }
                let mut new = row.clone();
                match apply(&mut new, &body, &frame) {
                    Ok(()) => (new != *row).then_some(new),
                    Err(error) => {
                        refused = Some(error);
                        None
                    }
                }
            })?;
            match (refused, done) {
                (Some(error), _) => Err(error),
                (None, Some((row, change))) => Ok((row, Some(change.n))),
                (None, None) => Ok((present.ok_or(ApiError::Internal)?, None)),
            }
        })
        .await?;
    if let Some(n) = change {
        app.live.visible(n).await?;
    }
    let base = app.ours.base(headers);
    app.live
        .read(move |_, reader| {
            let member = StaffPosition { row, piece: None };
            let feature = Item::Staff(&member).feature(reader, Collection::Staff.fields());
            Ok(represent(&feature, Collection::Staff, &base, of_staff(&member.row)))
        })
        .await
}

/// Applies a body to a row; its coordinates are of the frame.
fn apply(row: &mut StaffRow, body: &Value, frame: &Frame) -> Result<(), ApiError> {
    let mut errors = Faults::default();
    let members = Members::of(body, Mode::Merge, &mut errors)?;
    if members.object.get("geometry").is_some_and(Value::is_null) {
        row.at = None;
    } else if let Some(at) = position(members.object, Mode::Merge, frame, &mut errors) {
        row.at = Some(at);
        row.seen_at = Some(now());
    }
    for (name, value) in members.properties(&mut errors) {
        let path = || format!("properties.{name}");
        match (name, value) {
            ("on_duty", Value::Bool(on_duty)) => row.on_duty = *on_duty,
            ("on_duty", _) => errors.add(path(), "is neither true nor false"),
            ("seen_at", Value::Null) => row.seen_at = None,
            ("seen_at", value) => match value.as_str().map(str::parse::<Timestamp>) {
                Some(Ok(time)) => row.seen_at = Some(time),
                _ => errors.add(path(), "is not an RFC 3339 time such as 2026-05-01T08:00:00+08:00"),
            },
            (name, _) if READ_ONLY.contains(&name) => {}
            _ => {
                errors.add(path(), "is not a property of staff that can be changed; on_duty and seen_at are")
            }
        }
    }
    errors.end()
}
