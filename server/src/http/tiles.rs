//! `/tiles/{layers}/{z}/{x}/{y}[.mvt|.pbf]`: vector tiles.

use super::{
    etag::matches_any,
    params::{Params, short},
    tile_rows,
};
use crate::{
    app::App,
    error::{ApiError, FieldError},
    live::tiles::{Encoding, Tile, Wanted},
};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::Response,
};
use gridbeat_tiles::{MAX_ZOOM, MatrixSet, TileId, TileLayer};

/// The media type of a vector tile.
pub const MVT: &str = "application/vnd.mapbox-vector-tile";

/// The pattern of a tile's path.
pub const ROUTE: &str = "/tiles/{layers}/{z}/{x}/{y}";

const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
/// Headers of an answer, at most.
const HEADERS: usize = 13;

/// One tile.
///
/// # Errors
/// [`ApiError::NotFound`] for layers that there are not, [`ApiError::BadParameters`].
pub async fn tile(
    State(app): State<App>,
    Path((layers, z, x, y)): Path<(String, String, String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let layers = layers_of(&app, &layers)?;
    let mut params = Params::of(&uri);
    // A version that a client puts there to get past its own cache; it chooses nothing here.
    let _ = params.text("v");
    let rows = tile_rows::rows(&app, &mut params, &layers);
    params.finish(&format!("v, {}", tile_rows::NAMES))?;
    let id = tile_id(&z, &x, without_suffix(&y))?;
    let encoding = accepted(&headers);
    respond(&app, &headers, &Wanted { layers, set: MatrixSet::WebMercatorQuad, id, encoding, rows }).await
}

/// A row without the suffix that says what a tile is written in.
pub fn without_suffix(y: &str) -> &str {
    y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(y)
}

/// The tile as an answer.
///
/// # Errors
/// Those of making it.
pub async fn respond(app: &App, headers: &HeaderMap, wanted: &Wanted) -> Result<Response, ApiError> {
    let (tile, hit) = app.live.tiles().get(&app.live, wanted).await?;
    Ok(answer(headers, &tile, hit))
}

/// A tile as an answer; `hit` when it was in the cache.
pub fn answer(headers: &HeaderMap, tile: &Tile, hit: bool) -> Response {
    let mut response = Response::new(Body::empty());
    // These, and those that every answer has: a map of headers that grows is built anew each time.
    response.headers_mut().reserve(HEADERS);
    if tile.body.is_none() {
        *response.status_mut() = StatusCode::NO_CONTENT;
    } else if matches_any(headers, &header::IF_NONE_MATCH, &tile.etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else if let Some(body) = &tile.body {
        *response.body_mut() = Body::from(body.clone());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MVT));
        if let Some(token) = tile.encoding.token() {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
        }
    }
    let out = response.headers_mut();
    out.insert(header::ETAG, tile.etag.clone());
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    out.insert(X_CACHE, HeaderValue::from_static(if hit { "HIT" } else { "MISS" }));
    response
}

/// The layers of a comma list.
///
/// # Errors
/// [`ApiError::NotFound`] naming those there are.
pub fn layers_of(app: &App, text: &str) -> Result<Vec<TileLayer>, ApiError> {
    // Nearly always there are no others, and names of departments need not be looked up.
    let built_in: Option<Vec<TileLayer>> = text.split(',').map(|name| name.parse().ok()).collect();
    if let Some(layers) = built_in {
        return Ok(layers);
    }
    let snapshot = app.live.now();
    let reader = snapshot.map.read(app.live.scope());
    let departments: Vec<_> = reader.departments().iter().map(|d| d.schema().name.as_str()).collect();
    of_names(text, &departments)
}

/// The same, with the names of the layers of departments that there are.
///
/// # Errors
/// [`ApiError::NotFound`] naming those there are.
pub fn of_names(text: &str, departments: &[&str]) -> Result<Vec<TileLayer>, ApiError> {
    let layer = |name: &str| {
        let built_in = name.parse().ok();
        built_in.or_else(|| departments.contains(&name).then(|| TileLayer::department(name)))
    };
    let layers: Option<Vec<TileLayer>> = text.split(',').map(layer).collect();
    layers.ok_or_else(|| {
        let built_in = TileLayer::ALL.iter().map(|l| l.as_str());
        let all: Vec<_> = built_in.chain(departments.iter().copied()).collect();
        ApiError::NotFound(format!("“{}” are no tile layers; there are {}", short(text), all.join(", ")))
    })
}

/// The tile of a zoom, a column and a row.
///
/// # Errors
/// [`ApiError::BadParameters`] naming those that are wrong.
pub fn tile_id(z: &str, x: &str, y: &str) -> Result<TileId, ApiError> {
    let mut errors = Vec::new();
    let mut number = |name: &str, text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text.parse::<u32>() {
            Ok(n) if digits => n,
            // All digits, but too many: out of range.
            _ if digits => u32::MAX,
            _ => {
                errors.push(FieldError::new(name, "is not a whole number"));
                0
            }
        }
    };
    let (z, x, y) = (number("z", z), number("x", x), number("y", y));
    if !errors.is_empty() {
        return Err(ApiError::BadParameters(errors));
    }
    if z > u32::from(MAX_ZOOM) {
        return Err(ApiError::parameter("z", format!("is beyond zoom {MAX_ZOOM}")));
    }
    for (name, value) in [("x", x), ("y", y)] {
        if value >> z != 0 {
            errors.push(FieldError::new(name, format!("is not below 2^{z}")));
        }
    }
    // The checks above are those of TileId: it is `None` only when one of them failed.
    TileId::new(z as u8, x, y).filter(|_| errors.is_empty()).ok_or(ApiError::BadParameters(errors))
}

/// What `Accept-Encoding` ranks highest; of equals zstd, then gzip. As it is only where that is asked for by name, or
/// nothing else is taken.
pub fn accepted(headers: &HeaderMap) -> Encoding {
    let (zstd, gzip) = (rank(headers, "zstd"), rank(headers, "gzip"));
    let identity = named(headers, "identity").unwrap_or(0.0);
    match () {
        () if zstd > 0.0 && zstd >= gzip && zstd >= identity => Encoding::Zstd,
        () if gzip > 0.0 && gzip >= identity => Encoding::Gzip,
        () => Encoding::Identity,
    }
}

/// Whether the caller takes an encoding.
pub fn takes(headers: &HeaderMap, token: &str) -> bool {
    rank(headers, token) > 0.0
}

/// The weight of an encoding in `Accept-Encoding`, 0 when it is not wanted.
fn rank(headers: &HeaderMap, token: &str) -> f32 {
    named(headers, token).or_else(|| named(headers, "*")).unwrap_or(0.0)
}

/// The weight that stands by a name.
fn named(headers: &HeaderMap, wanted: &str) -> Option<f32> {
    let all = headers.get_all(header::ACCEPT_ENCODING);
    let mut parts = all.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    parts.find_map(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let name = pieces.next()?;
        let weight = |piece: &str| piece.strip_prefix(['q', 'Q'])?.strip_prefix('=')?.parse().ok();
        let q = pieces.find_map(weight).unwrap_or(1.0);
        name.eq_ignore_ascii_case(wanted).then_some(q)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_chosen_by_their_rank() {
        for (accept, encoding) in [
            ("", Encoding::Identity),
            ("gzip, deflate, br, zstd", Encoding::Zstd),
            ("gzip", Encoding::Gzip),
            ("GZIP", Encoding::Gzip),
            ("zstd;q=0.5, gzip", Encoding::Gzip),
            ("zstd;q=0, gzip;q=0", Encoding::Identity),
            ("*", Encoding::Zstd),
            ("*;q=0.1, zstd;q=0", Encoding::Gzip),
            ("identity", Encoding::Identity),
            ("identity, gzip", Encoding::Gzip),
            ("identity, gzip;q=0.5", Encoding::Identity),
            ("gzip;Q=0", Encoding::Identity),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accept.parse().unwrap());
            assert_eq!(accepted(&headers), encoding, "{accept}");
        }
        assert_eq!(accepted(&HeaderMap::new()), Encoding::Identity);
    }

    #[test]
    fn tiles_that_cannot_be_say_which_number_is_wrong() {
        assert!(tile_id("14", "13658", "6670").is_ok());
        let wrong = |z: &str, x: &str, y: &str| -> Vec<String> {
            let error = tile_id(z, x, y).unwrap_err();
            error.fields().iter().map(|f| f.parameter.clone()).collect()
        };
        assert_eq!(wrong("0", "1", "0"), ["x"]);
        assert_eq!(wrong("3", "8", "8"), ["x", "y"]);
        assert_eq!(wrong("23", "1", "0"), ["z"]);
        assert_eq!(wrong("99999999999", "1", "0"), ["z"]);
        assert_eq!(wrong("a", "-1", "+0"), ["z", "x", "y"]);
    }

    #[test]
    fn an_unknown_layer_is_not_found() {
        assert_eq!(of_names("grid,beat", &[]).unwrap().len(), 2);
        assert_eq!(of_names("school,beat", &["school"]).unwrap()[0].as_str(), "school");
        for bad in ["", "grid,", "streets", "grid,grids", "school"] {
            assert!(matches!(of_names(bad, &["streets_2"]), Err(ApiError::NotFound(_))), "{bad}");
        }
    }
}
