//! `/basemap/{z}/{x}/{y}`: tiles of the PMTiles file under the map.

use super::{
    params::Params,
    tiles::{takes, tile_id},
};
use crate::{app::App, error::ApiError};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::Response,
};

/// One tile as it is in the file.
///
/// # Errors
/// [`ApiError::NotFound`] when there is no such file, [`ApiError::BadParameters`].
pub async fn tile(
    State(app): State<App>,
    Path((z, x, y)): Path<(String, String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let archive = app.basemap.as_ref().and_then(|b| b.archive());
    let archive = archive.ok_or_else(|| ApiError::NotFound("no basemap is served from here".to_owned()))?;
    let mut params = Params::of(&uri);
    // Which version of the file: a new one is asked for under a new address.
    let versioned = params.text("v").is_some_and(|v| v == archive.version().to_string());
    params.finish("v")?;
    let id = tile_id(&z, &x, &y)?;
    let found = archive.tile(id.z, id.x, id.y, takes(&headers, "gzip")).await.map_err(|error| {
        tracing::error!(%error, "the basemap cannot be read");
        ApiError::Internal
    })?;
    let mut response = Response::new(Body::empty());
    let out = response.headers_mut();
    let cache = if versioned { "private, max-age=604800" } else { "private, no-cache" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    match found {
        None => *response.status_mut() = StatusCode::NO_CONTENT,
        Some((bytes, gzipped)) => {
            out.insert(header::CONTENT_TYPE, HeaderValue::from_static(archive.media_type()));
            if gzipped {
                out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            *response.body_mut() = Body::from(bytes);
        }
    }
    Ok(response)
}
