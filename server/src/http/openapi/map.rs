//! Paths of the map: tiles, styles, sprites, fonts; and those for who watches over the server.

use super::{content, operation, path, schema, shared, tiles};
use crate::http::styles::STYLES;
use gridbeat_tiles::{MAX_ZOOM, TileLayer};
use serde_json::{Value, json};

pub fn paths() -> Value {
    let text = json!({ "type": "string" });
    let binary = json!({});
    let object = json!({ "type": "object" });
    let names: Vec<_> = TileLayer::ALL.iter().map(|l| l.as_str()).collect();
    let layers = || path("layers", &format!("A comma list of {}", names.join(", ")), &text);
    let whole = |max: u64| json!({ "type": "integer", "minimum": 0, "maximum": max });
    let last = (1_u64 << MAX_ZOOM) - 1;
    let mut tile = vec![
        layers(),
        path("z", "Zoom", &whole(u64::from(MAX_ZOOM))),
        path("x", "Column", &whole(last)),
        path("y", "Row, with or without .mvt or .pbf", &text),
    ];
    tile.extend(tiles::rows());
    let plain = |id: &str, summary: &str, parameters: &[Value], media: &str, schema: &Value| {
        operation(id, summary, parameters, None, json!({ "200": content(summary, media, schema) }))
    };
    json!({
        "/tiles/{layers}.json": { "get": plain("tilejson", "TileJSON 3.0.0 of some layers", &[layers(), shared("fPage")], "application/json", &schema("TileJSON")) },
        "/tiles/{layers}/{z}/{x}/{y}": { "get": operation("tile", "A vector tile (MVT 2.1)", &tile, None, tiles::answers()) },
        "/styles/{name}.json": { "get": plain("style", "A MapLibre style",
            &[path("name", "Which", &json!({ "enum": STYLES })), shared("fPage")], "application/json", &object) },
        "/basemap/{z}/{x}/{y}": { "get": operation("basemapTile", "A tile of the map under this one, where one is configured",
            &[path("z", "Zoom", &whole(u64::from(MAX_ZOOM))), path("x", "Column", &whole(last)), path("y", "Row", &whole(last))], None,
            json!({ "200": content("The tile", "image/png", &binary), "204": { "description": "Nothing is there" } })) },
        "/sprites/{name}": { "get": plain("sprite", "A sprite sheet or its index", &[path("name", "File", &text)], "image/png", &binary) },
        "/fonts/{stack}/{range}.pbf": { "get": plain("glyphs", "The glyphs of 256 characters",
            &[path("stack", "Fonts", &text), path("range", "0-255, 256-511, …", &text)], "application/x-protobuf", &binary) },
        "/healthz": { "get": plain("healthz", "The process lives", &[], "application/json", &object) },
        "/readyz": { "get": plain("readyz", "The map is loaded and follows the store", &[], "application/json", &object) },
        "/metrics": { "get": plain("metrics", "Counters for Prometheus", &[], "text/plain", &text) },
    })
}
