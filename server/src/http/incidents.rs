//! Writing incidents.

use super::{
    etag::{matches_any, of_incident},
    incident_body::{apply, blank},
    write::{now, place, represent, represent_new},
    write_body::Mode,
};
use crate::{
    app::App,
    error::ApiError,
    feature::{collection::Collection, frame::Frame, read::incident_feature},
};
use axum::{
    http::{HeaderMap, header},
    response::Response,
};
use gridbeat_onemap::{
    Reader,
    record::{Fid, IncidentRow},
};
use gridbeat_store::Edit;
use serde_json::Value;

/// A new incident.
///
/// # Errors
/// [`ApiError::BadBody`], [`ApiError::DuplicateCode`], [`ApiError::Unavailable`].
pub async fn create(app: &App, headers: &HeaderMap, body: Value, frame: Frame) -> Result<Response, ApiError> {
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
    let base = app.ours.base(headers);
    Ok(represent_new(&incident_feature(&row), Collection::Incidents, &base, of_incident(&row)))
}

/// No more of it.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::PreconditionFailed`], [`ApiError::Unavailable`].
pub async fn delete(app: &App, fid: Fid, headers: HeaderMap) -> Result<(), ApiError> {
    edit(app, fid, headers, |_, _| Ok(Edit::Delete)).await.map(drop)
}

/// Another one in its place, or some members of it.
///
/// # Errors
/// Those of [`create`] and [`delete`].
pub async fn change(
    app: &App,
    fid: Fid,
    headers: &HeaderMap,
    body: Value,
    mode: Mode,
    frame: Frame,
) -> Result<Response, ApiError> {
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
    let base = app.ours.base(headers);
    Ok(represent(&incident_feature(&row), Collection::Incidents, &base, of_incident(&row)))
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
