//! `/api/tileMatrixSets`: the sets, as OGC 17-083r4 defines them.

use super::named;
use crate::{
    app::App,
    error::ApiError,
    http::{answer, params::Params},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_tiles::MatrixSet;
use serde_json::{Value, json};

/// Metres in a degree of longitude on the equator of WGS 84, by which scales of degrees are counted.
const METRES_PER_DEGREE: f64 = 6_378_137.0 * std::f64::consts::PI / 180.0;
/// The side of a pixel that scales are counted by (OGC 17-083r4, 6.1.1).
const PIXEL_METRES: f64 = 0.000_28;
/// Pixels along a tile's side that scales are counted by.
const TILE_PIXELS: f64 = 256.0;

/// The reference system of a set.
pub fn crs(set: MatrixSet) -> &'static str {
    match set {
        MatrixSet::WebMercatorQuad => "http://www.opengis.net/def/crs/EPSG/0/3857",
        MatrixSet::WorldCrs84Quad => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    }
}

/// The registered address of a set's definition.
pub fn uri(set: MatrixSet) -> String {
    format!("http://www.opengis.net/def/tilematrixset/OGC/1.0/{}", set.as_str())
}

/// Metres that a unit of the set's reference system counts as.
const fn unit(set: MatrixSet) -> f64 {
    match set {
        MatrixSet::WebMercatorQuad => 1.0,
        MatrixSet::WorldCrs84Quad => METRES_PER_DEGREE,
    }
}

/// The north-west corner of a set, and the width of all of it.
fn extent(set: MatrixSet) -> ([f64; 2], f64) {
    match set {
        MatrixSet::WebMercatorQuad => {
            let half = 180.0 * METRES_PER_DEGREE;
            ([-half, half], 2.0 * half)
        }
        MatrixSet::WorldCrs84Quad => ([-180.0, 90.0], 360.0),
    }
}

/// Units of the reference system in a pixel, at a level.
fn cell_size(set: MatrixSet, level: u8) -> f64 {
    extent(set).1 / f64::from(set.size(level)[0]) / TILE_PIXELS
}

/// One to how much a level is.
pub fn scale(set: MatrixSet, level: u8) -> f64 {
    cell_size(set, level) * unit(set) / PIXEL_METRES
}

fn definition(set: MatrixSet) -> Value {
    let (title, axes, scales) = match set {
        MatrixSet::WebMercatorQuad => {
            ("Google Maps Compatible for the World", ["X", "Y"], "GoogleMapsCompatible")
        }
        MatrixSet::WorldCrs84Quad => ("CRS84 for the World", ["Lon", "Lat"], "GoogleCRS84Quad"),
    };
    let (corner, _) = extent(set);
    let matrices: Vec<Value> = (0..=set.max_level())
        .map(|level| {
            let [width, height] = set.size(level);
            json!({
                "id": level.to_string(),
                "scaleDenominator": scale(set, level),
                "cellSize": cell_size(set, level),
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": corner,
                "tileWidth": TILE_PIXELS,
                "tileHeight": TILE_PIXELS,
                "matrixWidth": width,
                "matrixHeight": height,
            })
        })
        .collect();
    json!({
        "id": set.as_str(),
        "title": title,
        "uri": uri(set),
        "crs": crs(set),
        "orderedAxes": axes,
        "wellKnownScaleSet": format!("http://www.opengis.net/def/wkss/OGC/1.0/{scales}"),
        "tileMatrices": matrices,
    })
}

/// All sets.
///
/// # Errors
/// [`ApiError::BadParameters`].
pub async fn list(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    params.json_or_html();
    params.finish("f")?;
    let here = format!("{}/api/tileMatrixSets", app.ours.base(&headers));
    let sets = MatrixSet::ALL.map(|set| {
        json!({
            "id": set.as_str(),
            "title": set.as_str(),
            "uri": self::uri(set),
            "crs": crs(set),
            "links": [{
                "rel": "self", "href": format!("{here}/{}", set.as_str()), "type": answer::JSON,
                "title": format!("The definition of {}", set.as_str()),
            }],
        })
    });
    Ok(answer::json(&json!({
        "links": [{ "rel": "self", "href": here, "type": answer::JSON }],
        "tileMatrixSets": sets,
    })))
}

/// One set.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn one(Path(id): Path<String>, uri: Uri) -> Result<Response, ApiError> {
    let set = named(&id)?;
    let mut params = Params::of(&uri);
    params.json_or_html();
    params.finish("f")?;
    Ok(answer::json(&definition(set)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures of OGC 17-083r4, annex D.
    #[test]
    fn scales_and_cells_are_those_of_the_standard() {
        for (set, level, scale_, cell) in [
            (MatrixSet::WebMercatorQuad, 0, 559_082_264.028_717, 156_543.033_928_041),
            (MatrixSet::WebMercatorQuad, 14, 34_123.673_341_596_4, 9.554_628_535_647_03),
            (MatrixSet::WorldCrs84Quad, 0, 279_541_132.014_358, 0.703_125),
            (MatrixSet::WorldCrs84Quad, 13, 34_123.673_341_596_4, 8.583_068_847_656_25e-5),
        ] {
            assert!((scale(set, level) / scale_ - 1.0).abs() < 1e-10, "{} {level}", set.as_str());
            assert!((cell_size(set, level) / cell - 1.0).abs() < 1e-10, "{} {level}", set.as_str());
        }
    }
}
