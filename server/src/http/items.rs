//! `GET /api/collections/{id}/items`: the features of a collection, page by page.

use super::{
    answer,
    collections::named,
    cursor::{key, token, with},
    page::{Query, select, wanted},
    params::{DEFAULT_LIMIT, Format, MAX_LIMIT, Params},
};
use crate::{
    app::App,
    error::ApiError,
    feature::{Feature, collection::Collection, csv, geojson::push_feature},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use serde_json::json;
use std::fmt::Write;

/// What one request asks for.
struct Asked {
    query: Query,
    limit: usize,
    format: Format,
}

/// One page of features.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn items(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let collection = named(&id)?;
    let asked = parse(collection, &uri, &headers)?;
    let base = format!("{}/api/collections/{id}/items", app.ours.base(&headers));
    app.live
        .read(move |_, reader| {
            let page = select(reader, collection, &asked.query, asked.limit);
            let features: Vec<_> = page.items.iter().map(|i| i.feature(reader, collection)).collect();
            let (media, other, f) = match asked.format {
                Format::Json => (answer::GEOJSON, "text/csv", "csv"),
                Format::Csv => ("text/csv", answer::GEOJSON, "json"),
            };
            let mut links = vec![
                ("self", with(&base, &uri, &[]), media),
                ("alternate", with(&base, &uri, &[("f", f)]), other),
                ("collection", base.trim_end_matches("/items").to_owned(), answer::JSON),
            ];
            if let Some(next) = page.next {
                links.push(("next", with(&base, &uri, &[("cursor", &token(next))]), media));
            }
            let mut response = match asked.format {
                Format::Json => answer::ok(answer::GEOJSON, collection_json(&features, page.matched, &links)),
                Format::Csv => {
                    let table = csv::table(collection, &features).map_err(|error| {
                        tracing::error!(%error, "writing CSV to memory failed");
                        ApiError::Internal
                    })?;
                    answer::ok(answer::CSV, table)
                }
            };
            answer::link(&mut response, &links);
            Ok(response)
        })
        .await
}

fn parse(collection: Collection, uri: &Uri, headers: &HeaderMap) -> Result<Asked, ApiError> {
    let mut params = Params::of(uri);
    let format = params.format(headers);
    let limit = params.limit(DEFAULT_LIMIT, MAX_LIMIT);
    let mut query = Query { bbox: params.bbox(), time: params.datetime(), ..Query::default() };
    if let Some(cursor) = params.text("cursor") {
        query.after = key(&cursor);
        if query.after.is_none() {
            params.fault("cursor", "is not one of ours; follow the link with rel=next");
        }
    }
    for name in params.left() {
        let Some(field) = collection.field(&name) else { continue };
        let value = params.text(&name).unwrap_or_default();
        match wanted(field, &value) {
            Ok(value) => query.equal.push((field, value)),
            Err(error) => params.fault(&error.parameter, error.detail),
        }
    }
    let names: Vec<_> = collection.fields().iter().map(|f| f.name).collect();
    params.finish(&format!("f, limit, bbox, datetime, cursor, {}", names.join(", ")))?;
    Ok(Asked { query, limit, format })
}

fn collection_json(features: &[Feature], matched: usize, links: &[(&str, String, &str)]) -> String {
    let links: Vec<_> =
        links.iter().map(|(rel, href, media)| json!({ "rel": rel, "href": href, "type": media })).collect();
    let mut out = String::with_capacity(512 + features.len() * 300);
    out.push_str(r#"{"type":"FeatureCollection","features":["#);
    for (i, feature) in features.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        push_feature(&mut out, feature);
    }
    let _ = write!(
        out,
        r#"],"numberMatched":{matched},"numberReturned":{},"timeStamp":"{}","links":{}}}"#,
        features.len(),
        now(),
        json!(links),
    ); // Writing to a String cannot fail.
    out
}

/// The present second.
fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}
