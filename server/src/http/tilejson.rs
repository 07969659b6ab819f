//! `/tiles/{layers}.json`: TileJSON 3.0.0.

use super::{answer, params::Params, tiles::layers_of};
use crate::{app::App, error::ApiError, live::event::degrees};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_onemap::{Bounds, Reader};
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
    params.json_or_html();
    params.finish("v, f")?;
    let base = app.ours.base(&headers);
    let title = app.title.clone();
    let list = list.to_owned();
    app.live
        .read(move |_, reader| {
            let (min, max) = zooms(&layers);
            let (bounds, [lon, lat]) = corners(reader);
            Ok(answer::json(&json!({
                "tilejson": "3.0.0",
                "name": title,
                "scheme": "xyz",
                "tiles": [format!("{base}/tiles/{list}/{{z}}/{{x}}/{{y}}.mvt")],
                "minzoom": min,
                "maxzoom": max,
                "bounds": bounds,
                "center": [lon, lat, fitting_zoom(bounds)],
                "vector_layers": vector_layers(reader, &layers, min, max),
            })))
        })
        .await
}

/// First and last zoom of some layers.
pub fn zooms(layers: &[TileLayer]) -> (u8, u8) {
    let first = layers.iter().map(|l| l.min_zoom()).min();
    let last = layers.iter().map(|l| l.max_zoom()).max();
    (first.unwrap_or(0), last.unwrap_or(0))
}

/// `vector_layers` of TileJSON, for tiles of the zooms from `min` to `max`.
pub fn vector_layers(reader: &Reader<'_>, layers: &[TileLayer], min: u8, max: u8) -> Vec<Value> {
    let drawn = layers.iter().filter(|l| (min..=max).any(|z| l.is_drawn_at(z)));
    drawn
        .map(|l| {
            let fields: Map<_, _> = fields(reader, *l)
                .into_iter()
                .map(|(name, kind)| (name.to_owned(), Value::from(kind)))
                .collect();
            // What is drawn beyond a layer's last zoom worth asking for is there all the same.
            let last = if l.is_drawn_at(max) { max } else { l.max_zoom().min(max) };
            json!({ "id": l.as_str(), "fields": fields, "minzoom": l.min_zoom().max(min), "maxzoom": last })
        })
        .collect()
}

/// Names and kinds of a layer's properties.
pub fn fields(reader: &Reader<'_>, layer: TileLayer) -> Vec<(&'static str, &'static str)> {
    match layer {
        TileLayer::Department(name) => {
            reader.department(name).map(|d| department_fields(d.schema())).unwrap_or_default()
        }
        _ => layer.fields().to_vec(),
    }
}

/// West, south, east, north of the map in degrees (the world where nothing is), and its middle.
pub fn corners(reader: &Reader<'_>) -> ([f64; 4], [f64; 2]) {
    let bounds = reader.bounds();
    let shown = if bounds.is_empty() { Bounds::WORLD } else { bounds };
    // Mercator ends before the poles.
    let [west, south, east, north] = degrees(shown);
    let center = shown.center();
    (
        [west, south.max(-85.051_129), east, north.min(85.051_129)],
        [center.lon_degrees(), center.lat_degrees()],
    )
}

/// The zoom at which a box is about 800 pixels wide (tiles of 512), 0 … 16.
pub fn fitting_zoom([west, _, east, _]: [f64; 4]) -> u8 {
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
