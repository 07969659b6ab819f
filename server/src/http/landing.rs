//! `/api`: where an OGC client begins.

use super::{
    answer,
    html::{self, Language},
    params::{Format, Params},
};
use crate::{app::App, error::ApiError};
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use serde_json::json;

/// The landing page.
///
/// # Errors
/// [`ApiError::BadParameters`].
pub async fn landing(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    let format = params.format_of(&headers, &[Format::Json, Format::Html]);
    params.finish("f")?;
    let base = app.ours.base(&headers);
    if format == Format::Html {
        return Ok(answer::ok(answer::HTML_UTF8, html::landing(Language::of(&headers), &app.title, &base)));
    }
    let link = |rel: &str, path: &str, media: &str, title: &str| json!({ "rel": rel, "href": format!("{base}{path}"), "type": media, "title": title });
    Ok(answer::json(&json!({
        "title": app.title,
        "description": "网格与警格一张图: grids, beats, pieces, addresses, incidents and staff",
        "links": [
            link("self", "/api", answer::JSON, "This document"),
            link("alternate", "/api?f=html", answer::HTML, "This document for people"),
            link("service-desc", "/api/openapi.json", super::openapi::MEDIA_TYPE, "The API, as OpenAPI 3.1"),
            link("service-doc", "/api/openapi.html", answer::HTML, "The API, for people"),
            link("conformance", "/api/conformance", answer::JSON, "Conformance classes"),
            link("http://www.opengis.net/def/rel/ogc/1.0/conformance", "/api/conformance", answer::JSON, "Conformance classes"),
            link("data", "/api/collections", answer::JSON, "Collections"),
            link("http://www.opengis.net/def/rel/ogc/1.0/data", "/api/collections", answer::JSON, "Collections"),
            link("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", "/api/tiles", answer::JSON, "Vector tiles of everything"),
            link("http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", "/api/tileMatrixSets", answer::JSON, "Tile matrix sets"),
        ],
    })))
}
