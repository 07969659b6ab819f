//! Writing features of departments' layers.

use super::{
    counted::department,
    etag::{matches_any, of_feature},
    feature_body::{apply, blank},
    write::{place, represent, represent_new},
    write_body::Mode,
};
use crate::{
    app::App,
    error::ApiError,
    feature::{Feature, collection::Collection, department::Layer, frame::Frame, read::Item},
};
use axum::{
    http::{HeaderMap, header},
    response::Response,
};
use gridbeat_onemap::{
    Reader,
    department::{Department, Drawing, FeatureRow},
    record::{Fid, Placed, Region},
};
use gridbeat_store::FeatureEdit;
use serde_json::Value;

/// A new feature.
///
/// # Errors
/// [`ApiError::BadBody`], [`ApiError::Unavailable`].
pub async fn create(
    app: &App,
    layer: &'static Layer,
    headers: &HeaderMap,
    body: Value,
    frame: Frame,
) -> Result<Response, ApiError> {
    let (feature, change) = app
        .live
        .read(move |live, reader| {
            // Its columns are those on the map now; the store says so if an import has just changed them.
            let schema = department(reader, layer)?.schema();
            let mut row = apply(schema, blank(schema), &body, Mode::Create, &frame)?;
            let (region, placed) = responsible(reader, &row.drawing);
            row.region = region;
            let (row, change) = live.store().create_feature(schema, row, placed)?;
            Ok((feature_of(reader, layer, row), change))
        })
        .await?;
    app.live.visible(change.n).await?;
    let etag = of_feature(&feature);
    Ok(represent_new(&feature, Collection::Department(layer), &app.ours.base(headers), etag))
}

/// Another one in its place, or some members of it.
///
/// # Errors
/// Those of [`create`] and [`delete`].
pub async fn change(
    app: &App,
    layer: &'static Layer,
    fid: Fid,
    headers: &HeaderMap,
    body: Value,
    mode: Mode,
    frame: Frame,
) -> Result<Response, ApiError> {
    let feature = edit(app, layer, fid, headers.clone(), move |reader, present| {
        let start = if mode == Mode::Merge { present.clone() } else { blank(layer.schema) };
        let row = FeatureRow {
            fid: present.fid,
            region: present.region,
            ..apply(layer.schema, start, &body, mode, &frame)?
        };
        let placed = responsible(reader, &row.drawing).1;
        Ok(if row == *present { FeatureEdit::Keep } else { FeatureEdit::Replace(row, placed) })
    })
    .await?;
    let feature = feature.ok_or(ApiError::Internal)?;
    let etag = of_feature(&feature);
    Ok(represent(&feature, Collection::Department(layer), &app.ours.base(headers), etag))
}

/// No more of it.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::PreconditionFailed`], [`ApiError::Unavailable`].
pub async fn delete(app: &App, layer: &'static Layer, fid: Fid, headers: HeaderMap) -> Result<(), ApiError> {
    let gone = edit(app, layer, fid, headers, |reader, present| {
        Ok(FeatureEdit::Delete(responsible(reader, &present.drawing).1))
    });
    gone.await.map(drop)
}

/// Shows the present row to `decide` inside the store's transaction, after `If-Match` was met; returns
/// the feature as it is afterwards (`None` when deleted).
async fn edit(
    app: &App,
    layer: &'static Layer,
    fid: Fid,
    headers: HeaderMap,
    decide: impl Fn(&Reader<'_>, &FeatureRow) -> Result<FeatureEdit, ApiError> + Send + 'static,
) -> Result<Option<Feature>, ApiError> {
    let (feature, change) = app
        .live
        .read(move |live, reader| {
            let mut refused = None;
            let mut present = None;
            let done = live.store().edit_feature(layer.schema, fid, &mut |row| {
                let feature = present.insert(feature_of(reader, layer, row.clone()));
                if !matches_any(&headers, &header::IF_MATCH, &of_feature(feature)) {
                    refused = Some(ApiError::PreconditionFailed);
                    return FeatureEdit::Keep;
                }
                decide(reader, row).unwrap_or_else(|error| {
                    refused = Some(error);
                    FeatureEdit::Keep
                })
            })?;
            match (refused, done) {
                (Some(error), _) => Err(error),
                (None, Some((row, change))) => {
                    Ok((row.map(|row| feature_of(reader, layer, row)), Some(change.n)))
                }
                (None, None) => Ok((present, None)),
            }
        })
        .await?;
    if let Some(n) = change {
        app.live.visible(n).await?;
    }
    Ok(feature)
}

/// What a row of the store is on the present map.
fn feature_of(reader: &Reader<'_>, layer: &'static Layer, row: FeatureRow) -> Feature {
    // A layer of one: what is said of it is worked out where it is for all.
    let alone = Department::new(layer.schema, vec![row], reader.overlay());
    Item::Department(&alone, 0).feature(reader, Collection::Department(layer).fields())
}

/// Who answers for the position that stands for a feature, and its region.
fn responsible(reader: &Reader<'_>, drawing: &Drawing) -> (Region, Placed) {
    drawing.stands_at().map_or_else(|| (Region(0), Placed::default()), |at| place(reader, at))
}
