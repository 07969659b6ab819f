//! `GET /api/collections/{id}/items/{fid}`: one feature.

use super::{
    answer,
    collections::named,
    etag::of_incident,
    page::find,
    params::{Format, Params, short},
};
use crate::{
    app::App,
    error::ApiError,
    feature::{Feature, Id, collection::Collection, csv, geojson, read::Item},
    live::tiles::etag,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

/// One feature, with a strong `ETag`.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn item(
    State(app): State<App>,
    Path((id, fid)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let collection = named(&id)?;
    let mut params = Params::of(&uri);
    let format = params.format(&headers);
    params.finish("f")?;
    let base = app.ours.base(&headers);
    app.live
        .read(move |_, reader| {
            let item = find(reader, collection, &fid).ok_or_else(|| {
                ApiError::NotFound(format!("there is no feature “{}” in {id}", short(&fid)))
            })?;
            let feature = item.feature(reader, collection);
            if format == Format::Csv {
                let table = csv::table(collection, &[feature]).map_err(|error| {
                    tracing::error!(%error, "writing CSV to memory failed");
                    ApiError::Internal
                })?;
                return Ok(answer::with_etag(&headers, etag(&table), answer::CSV, table));
            }
            let body = document(&feature, collection, &base);
            let validator = match item {
                Item::Incident(incident) => of_incident(&incident.row),
                _ => etag(body.as_bytes()),
            };
            Ok(answer::with_etag(&headers, validator, answer::GEOJSON, body))
        })
        .await
}

/// Where a feature is.
pub fn href(collection: Collection, id: &Id, base: &str) -> String {
    let id = match id {
        Id::Fid(fid) => fid.to_string(),
        // `A~B` holds percent signs of its own, which the path must encode once more.
        Id::Piece(id) => utf8_percent_encode(id, NON_ALPHANUMERIC).to_string(),
    };
    format!("{base}/api/collections/{}/items/{id}", collection.id())
}

/// The feature with its links.
pub fn document(feature: &Feature, collection: Collection, base: &str) -> String {
    let mut out = geojson::feature(feature);
    let here = href(collection, &feature.id, base);
    let mut links = vec![
        json!({ "rel": "self", "href": here, "type": answer::GEOJSON }),
        json!({ "rel": "collection", "href": format!("{base}/api/collections/{}", collection.id()), "type": answer::JSON }),
    ];
    if collection.has_ground() {
        links.push(json!({ "rel": "related", "href": format!("{here}/neighbours"), "type": answer::JSON, "title": "Neighbours" }));
    }
    out.pop(); // The closing brace.
    out.push_str(r#","links":"#);
    out.push_str(&json!(links).to_string());
    out.push('}');
    out
}
