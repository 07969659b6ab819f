//! `GET /api/collections/{id}/items/{fid}`: one feature.

use super::{
    answer,
    collections::named,
    etag::{of_feature, of_incident, of_staff},
    html::{self, Language},
    items::{content_crs, unwritten},
    narrow,
    page::find,
    params::{Format, Params, short},
};
use crate::{
    app::App,
    error::ApiError,
    feature::{Feature, Id, collection::Collection, csv, flatgeobuf, frame::Frame, geojson, read::Item},
    live::tiles::etag,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_ingest::crs::Outside;
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
    let collection = named(&app, &id)?;
    let mut params = Params::of(&uri);
    let format = params.format_of(&headers, &[Format::Json, Format::Html, Format::Csv, Format::Fgb]);
    let frame = match (narrow::frame(&mut params, "crs"), format) {
        // People are shown degrees.
        (_, Format::Html) => Frame::CRS84,
        (frame, _) => frame,
    };
    params.finish("f, crs")?;
    let base = app.ours.base(&headers);
    let language = Language::of(&headers);
    app.live
        .read(move |_, reader| {
            let item = find(reader, collection, &fid).ok_or_else(|| {
                ApiError::NotFound(format!("there is no feature “{}” in {id}", short(&fid)))
            })?;
            let fields = collection.fields();
            let feature = item.feature(reader, fields);
            let failed = |e: &dyn std::fmt::Display| unwritten(e, &frame);
            let mut response = match format {
                Format::Csv => {
                    let table = csv::table(collection, fields, &[feature], &frame).map_err(|e| failed(&e))?;
                    answer::with_etag(&headers, etag(&table), answer::CSV, table)
                }
                Format::Fgb => {
                    let file =
                        flatgeobuf::file(collection, fields, &[feature], &frame).map_err(|e| failed(&e))?;
                    answer::with_etag(&headers, etag(&file), answer::FGB, file)
                }
                Format::Html => {
                    let page = html::item(language, collection, &feature, &base);
                    answer::with_etag(&headers, etag(page.as_bytes()), answer::HTML_UTF8, page)
                }
                Format::Json | Format::Seq => {
                    let body = document(&feature, collection, &base, &frame).map_err(|e| failed(&e))?;
                    let validator = match item {
                        // The same in every system, so that whoever read it in one may change it.
                        Item::Incident(incident) => of_incident(&incident.row),
                        Item::Staff(member) => of_staff(&member.row),
                        Item::Department(..) => of_feature(&feature),
                        _ => etag(body.as_bytes()),
                    };
                    answer::with_etag(&headers, validator, answer::GEOJSON, body)
                }
            };
            content_crs(&mut response, &frame);
            Ok(response)
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
///
/// # Errors
/// When its place cannot be projected.
pub fn document(
    feature: &Feature,
    collection: Collection,
    base: &str,
    frame: &Frame,
) -> Result<String, Outside> {
    let mut out = String::new();
    geojson::push_feature(&mut out, feature, frame)?;
    let here = href(collection, &feature.id, base);
    let mut links = vec![
        json!({ "rel": "self", "href": here, "type": answer::GEOJSON }),
        json!({ "rel": "alternate", "href": format!("{here}?f=html"), "type": answer::HTML }),
        json!({ "rel": "collection", "href": format!("{base}/api/collections/{}", collection.id()), "type": answer::JSON }),
    ];
    if collection.has_neighbours() {
        links.push(json!({ "rel": "related", "href": format!("{here}/neighbours"), "type": answer::JSON, "title": "Neighbours" }));
    }
    out.pop(); // The closing brace.
    out.push_str(r#","links":"#);
    out.push_str(&json!(links).to_string());
    out.push('}');
    Ok(out)
}
