//! Paths of OGC API – Tiles.

use super::{content, operation, path, query, shared};
use gridbeat_tiles::{MAX_ZOOM, MatrixSet};
use serde_json::{Value, json};

/// The media type of a vector tile.
const MVT: &str = "application/vnd.mapbox-vector-tile";

/// What chooses the rows of point layers in a tile.
pub fn rows() -> [Value; 4] {
    ["filter", "filter-lang", "filter-crs", "datetime"].map(shared)
}

/// What a request for a tile may be answered with.
pub fn answers() -> Value {
    json!({
        "200": content("The tile", MVT, &json!({})),
        "204": { "description": "Nothing is there" },
        "304": { "description": "The caller has it" },
    })
}

pub fn paths() -> Value {
    let sets = MatrixSet::ALL.map(MatrixSet::as_str);
    let set = || {
        let text = "The tile matrix set. A level of WorldCRS84Quad is one less than that of the same tiles in Tianditu's _c layers";
        path("tileMatrixSetId", text, &json!({ "type": "string", "enum": sets }))
    };
    let whole = |name: &str, text: &str, last: u64| {
        path(name, text, &json!({ "type": "integer", "minimum": 0, "maximum": last }))
    };
    let place = || {
        let last = (1_u64 << MAX_ZOOM) - 1;
        [
            set(),
            whole("tileMatrix", "Level: the set's tile matrix", u64::from(MAX_ZOOM)),
            whole("tileRow", "Row, from the north", last),
            whole("tileCol", "Column, from the west", last),
        ]
    };
    let collections = || {
        let mut parameter = query(
            "collections",
            "Which collections; all when it is not there",
            &json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 }),
        );
        parameter["style"] = "form".into();
        parameter["explode"] = false.into();
        parameter
    };
    let mvt = || query("f", "Representation", &json!({ "type": "string", "enum": ["mvt"] }));
    let told = |id: &str, summary: &str, parameters: &[Value]| {
        let mut all = parameters.to_vec();
        all.push(shared("fPage"));
        let answer = json!({ "200": content(summary, "application/json", &json!({ "type": "object" })) });
        json!({ "get": operation(id, summary, &all, None, answer) })
    };
    let tile = |id: &str, summary: &str, before: &[Value], after: &[Value]| {
        let all: Vec<Value> = before
            .iter()
            .cloned()
            .chain(place())
            .chain(after.iter().cloned())
            .chain([mvt()])
            .chain(rows())
            .collect();
        json!({ "get": operation(id, summary, &all, None, answers()) })
    };
    json!({
        "/api/tileMatrixSets": told("tileMatrixSets", "The tile matrix sets", &[]),
        "/api/tileMatrixSets/{tileMatrixSetId}": told("tileMatrixSet", "The definition of a tile matrix set", &[set()]),
        "/api/tiles": told("tilesets", "The tilesets of the map", &[collections()]),
        "/api/tiles/{tileMatrixSetId}": told("tileset", "A tileset of the map: layers, limits, links", &[set(), collections()]),
        "/api/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}":
            tile("mapTile", "A vector tile of the map", &[], &[collections()]),
        "/api/collections/{collectionId}/tiles":
            told("collectionTilesets", "The tilesets of a collection", &[shared("collectionId")]),
        "/api/collections/{collectionId}/tiles/{tileMatrixSetId}":
            told("collectionTileset", "A tileset of a collection: layers, limits, links", &[shared("collectionId"), set()]),
        "/api/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}":
            tile("collectionTile", "A vector tile of a collection", &[shared("collectionId")], &[]),
    })
}
