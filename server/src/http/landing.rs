//! `/api` and `/api/conformance`: where an OGC client begins.

use super::{answer, params::Params};
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
    params.only_json();
    params.finish("f")?;
    let base = app.ours.base(&headers);
    let link = |rel: &str, path: &str, media: &str, title: &str| json!({ "rel": rel, "href": format!("{base}{path}"), "type": media, "title": title });
    Ok(answer::json(&json!({
        "title": app.title,
        "description": "网格与警格一张图: grids, beats, pieces, addresses, incidents and staff",
        "links": [
            link("self", "/api", answer::JSON, "This document"),
            link("service-desc", "/api/openapi.json", super::openapi::MEDIA_TYPE, "The API, as OpenAPI 3.1"),
            link("conformance", "/api/conformance", answer::JSON, "Conformance classes"),
            link("data", "/api/collections", answer::JSON, "Collections"),
        ],
    })))
}

/// The classes of OGC API – Features that are met in full. The document is OpenAPI 3.1, so the class
/// for 3.0 is not claimed.
const CLASSES: [&str; 2] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
];

/// The conformance declaration.
///
/// # Errors
/// [`ApiError::BadParameters`].
pub async fn conformance(uri: Uri) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    params.only_json();
    params.finish("f")?;
    Ok(answer::json(&json!({ "conformsTo": CLASSES })))
}
