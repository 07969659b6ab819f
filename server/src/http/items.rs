//! `GET /api/collections/{id}/items`: the features of a collection, page by page.

use super::{
    answer,
    bounded::bounded,
    collections::named,
    cursor::{key, token, with},
    export,
    html::{self, Language},
    narrow,
    page::{Page, Query, select, wanted},
    params::{DEFAULT_LIMIT, Format, MAX_LIMIT, Params},
    sort::{self, Standing},
};
use crate::{
    app::App,
    error::ApiError,
    feature::{
        Feature,
        collection::{Collection, Field},
        csv, flatgeobuf,
        frame::Frame,
        geojson::push_feature,
    },
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Uri},
    response::Response,
};
use serde_json::json;
use std::fmt::Write;

/// The representations of items, and the media type of each.
pub const FORMATS: [(Format, &str); 5] = [
    (Format::Json, answer::GEOJSON),
    (Format::Html, answer::HTML),
    (Format::Csv, "text/csv"),
    (Format::Fgb, answer::FGB),
    (Format::Seq, answer::SEQ),
];

/// What one request asks for.
pub struct Asked {
    /// Which items.
    pub query: Query,
    /// How many; a sequence has no limit of its own.
    pub limit: usize,
    /// Written how.
    pub format: Format,
    /// With coordinates of this system.
    pub frame: Frame,
    /// With these properties.
    pub fields: Vec<Field>,
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
    let collection = named(&app, &id)?;
    let asked = parse(collection, &uri, &headers)?;
    let base = app.ours.base(&headers);
    let here = format!("{base}/api/collections/{id}/items");
    if asked.format == Format::Seq {
        return export::sequence(&app, collection, asked).await;
    }
    let language = Language::of(&headers);
    let filter = Params::of(&uri).text("filter").unwrap_or_default();
    bounded(&app, move |reader, budget| {
        let page = select(reader, collection, &asked.query, asked.limit, budget)?;
        let features: Vec<_> = page.items.iter().map(|i| i.feature(reader, &asked.fields)).collect();
        let links = links(&here, &uri, &asked, &page);
        let Asked { frame, fields, .. } = &asked;
        let mut response = match asked.format {
            Format::Html => answer::ok(
                answer::HTML_UTF8,
                html::items(
                    language,
                    collection,
                    fields,
                    &features,
                    &html::Around { filter: &filter, matched: page.matched, links: &links, base: &base },
                ),
            ),
            Format::Csv => answer::ok(
                answer::CSV,
                csv::table(collection, fields, &features, frame).map_err(|e| unwritten(&e, frame))?,
            ),
            Format::Fgb => answer::ok(
                answer::FGB,
                flatgeobuf::file(collection, fields, &features, frame).map_err(|e| unwritten(&e, frame))?,
            ),
            Format::Json | Format::Seq => {
                answer::ok(answer::GEOJSON, collection_json(&features, page.matched, &links, frame)?)
            }
        };
        answer::link(&mut response, &links);
        content_crs(&mut response, &asked.frame);
        Ok(response)
    })
    .await
}

/// Why a page cannot be written: a projection that means nothing there, or a disk that is full.
pub fn unwritten(error: &dyn std::fmt::Display, frame: &Frame) -> ApiError {
    if frame.is_degrees() {
        tracing::error!(%error, "features could not be written");
        return ApiError::Internal;
    }
    ApiError::parameter("crs", error.to_string())
}

/// Says which system the coordinates are in.
pub fn content_crs(response: &mut Response, frame: &Frame) {
    if let Ok(value) = HeaderValue::from_str(&format!("<{}>", frame.uri())) {
        response.headers_mut().insert("content-crs", value);
    }
}

fn links(here: &str, uri: &Uri, asked: &Asked, page: &Page<'_>) -> Vec<(&'static str, String, &'static str)> {
    let media = |format| FORMATS.iter().find(|(f, _)| *f == format).map_or(answer::GEOJSON, |(_, m)| m);
    let mut links = vec![("self", with(here, uri, &[]), media(asked.format))];
    for (format, media) in FORMATS {
        if format != asked.format {
            links.push(("alternate", with(here, uri, &[("f", format.word())]), media));
        }
    }
    links.push(("collection", here.trim_end_matches("/items").to_owned(), answer::JSON));
    if let Some(next) = &page.next {
        let token = if asked.query.sort.is_empty() { token(next.fid) } else { sort::token(next) };
        links.push(("next", with(here, uri, &[("cursor", &token)]), media(asked.format)));
    }
    links
}

fn parse(collection: Collection, uri: &Uri, headers: &HeaderMap) -> Result<Asked, ApiError> {
    let mut params = Params::of(uri);
    let format = params.format_of(headers, &FORMATS.map(|(f, _)| f));
    let limit = match format {
        Format::Seq => params.free_limit().unwrap_or(usize::MAX),
        _ => params.limit(DEFAULT_LIMIT, MAX_LIMIT),
    };
    let frame = match (narrow::frame(&mut params, "crs"), format) {
        // People are shown degrees.
        (_, Format::Html) => Frame::CRS84,
        (frame, _) => frame,
    };
    let fields = narrow::properties(&mut params, collection);
    let mut query = narrow::query(&mut params, collection);
    query.sort = sort::keys(&mut params, collection);
    if let Some(cursor) = params.text("cursor") {
        query.after = match query.sort.as_slice() {
            [] => key(&cursor).map(|fid| Standing { values: Vec::new(), fid }),
            keys => sort::from_token(keys, &cursor),
        };
        if query.after.is_none() {
            params.fault("cursor", "is not one of ours for this order; follow the link with rel=next");
        }
    }
    let equals = sort::sortables(collection);
    for name in params.left() {
        let Some(&field) = equals.iter().find(|f| f.name == name) else { continue };
        let value = params.text(&name).unwrap_or_default();
        match wanted(field, &value) {
            Ok(value) => query.equal.push((field, value)),
            Err(error) => params.fault(&error.parameter, error.detail),
        }
    }
    let names: Vec<_> = equals.iter().map(|f| f.name).collect();
    params.finish(&format!(
        "f, limit, within, bbox, bbox-crs, datetime, filter, filter-lang, filter-crs, sortby, properties, crs, cursor, {}",
        names.join(", ")
    ))?;
    Ok(Asked { query, limit, format, frame, fields })
}

fn collection_json(
    features: &[Feature],
    matched: usize,
    links: &[(&str, String, &str)],
    frame: &Frame,
) -> Result<String, ApiError> {
    let links: Vec<_> =
        links.iter().map(|(rel, href, media)| json!({ "rel": rel, "href": href, "type": media })).collect();
    let mut out = String::with_capacity(512 + features.len() * 300);
    out.push_str(r#"{"type":"FeatureCollection","features":["#);
    for (i, feature) in features.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        push_feature(&mut out, feature, frame).map_err(|e| unwritten(&e, frame))?;
    }
    let _ = write!(
        out,
        r#"],"numberMatched":{matched},"numberReturned":{},"timeStamp":"{}","links":{}}}"#,
        features.len(),
        now(),
        json!(links),
    ); // Writing to a String cannot fail.
    Ok(out)
}

/// The present second.
fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}
