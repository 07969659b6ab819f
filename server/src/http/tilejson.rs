//! `/tiles/{layers}.json`: TileJSON 3.0.0.

use super::{answer, params::Params, tiles::layers_of};
use crate::{app::App, error::ApiError, live::event::degrees};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_onemap::Bounds;
use gridbeat_tiles::{TileLayer, department_fields};
use serde_json::{Map, Value, json};

/// What MapLibre asks first.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn tilejson(
    State(app): State<App>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Some(list) = name.strip_suffix(".json") else {
        return Err(ApiError::NotFound("expected /tiles/{layers}.json".to_owned()));
    };
    let layers = layers_of(&app, list)?;
    let mut params = Params::of(&uri);
    let _ = params.text("v");
    params.finish("v")?;
    let base = app.ours.base(&headers);
    let title = app.title.clone();
    let list = list.to_owned();
    app.live
        .read(move |_, reader| {
            let vector_layers: Vec<Value> = layers
                .iter()
                .map(|l| {
                    let fields = match l {
                        TileLayer::Department(name) => {
                            reader.department(name).map(|d| department_fields(d.schema())).unwrap_or_default()
                        }
                        _ => l.fields().to_vec(),
                    };
                    let fields: Map<_, _> =
                        fields.into_iter().map(|(name, kind)| (name.to_owned(), Value::from(kind))).collect();
                    json!({ "id": l.as_str(), "fields": fields, "minzoom": l.min_zoom(), "maxzoom": l.max_zoom() })
                })
                .collect();
            let (min, max) = (layers.iter().map(|l| l.min_zoom()).min(), layers.iter().map(|l| l.max_zoom()).max());
            let bounds = reader.bounds();
            let shown = if bounds.is_empty() { Bounds::WORLD } else { bounds };
            // Mercator ends before the poles.
            let [west, south, east, north] = degrees(shown);
            let bbox = [west, south.max(-85.051_129), east, north.min(85.051_129)];
            let center = shown.center();
            Ok(answer::json(&json!({
                "tilejson": "3.0.0",
                "name": title,
                "scheme": "xyz",
                "tiles": [format!("{base}/tiles/{list}/{{z}}/{{x}}/{{y}}.mvt")],
                "minzoom": min,
                "maxzoom": max,
                "bounds": bbox,
                "center": [center.lon_degrees(), center.lat_degrees(), fitting_zoom(bbox)],
                "vector_layers": vector_layers,
            })))
        })
        .await
}

/// The zoom at which a box is about 800 pixels wide (tiles of 512), 0 … 16.
fn fitting_zoom([west, _, east, _]: [f64; 4]) -> u8 {
    let width = (east - west).max(1e-4);
    (360.0 / width * 800.0 / 512.0).log2().floor().clamp(0.0, 16.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_fits_at_zoom_0_and_a_house_at_16() {
        assert_eq!(fitting_zoom([-180.0, -85.0, 180.0, 85.0]), 0);
        assert_eq!(fitting_zoom([120.0, 31.0, 120.1, 31.1]), 12);
        assert_eq!(fitting_zoom([120.0, 31.0, 120.0, 31.0]), 16);
    }
}
