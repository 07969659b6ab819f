//! Components: parameters, schemas and the one response that every error is.

use crate::{
    feature::{
        collection::{Collection, Kind},
        frame::{CRS84, uris},
    },
    http::{
        params::{DEFAULT_LIMIT, MAX_LIMIT},
        schemas::kind_schema,
    },
};
use serde_json::{Map, Value, json};

pub fn components(departments: &[Collection]) -> Value {
    let names: Vec<&str> = departments.iter().map(|c| c.id()).collect();
    let mut schemas = schemas();
    schemas.extend(super::departments::schemas(departments));
    json!({
        "parameters": parameters(&names),
        "schemas": schemas,
        "responses": {
            "Problem": {
                "description": "An error (RFC 9457)",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            },
        },
    })
}

fn parameters(departments: &[&str]) -> Value {
    let query = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "description": description, "schema": schema });
    json!({
        "f": query("f", "Representation; beats Accept",
            json!({ "type": "string", "enum": ["json", "html", "csv", "fgb", "geojsonseq"] })),
        "fItem": query("f", "Representation; beats Accept", json!({ "type": "string", "enum": ["json", "html", "csv", "fgb"] })),
        "fTable": query("f", "Representation; beats Accept", json!({ "type": "string", "enum": ["json", "html", "csv"] })),
        "fPage": query("f", "Representation; beats Accept", json!({ "type": "string", "enum": ["json", "html"] })),
        "limit": query("limit", "Features of a page; more is clamped",
            json!({ "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT })),
        "bbox": {
            "name": "bbox", "in": "query", "style": "form", "explode": false,
            "description": "West, south, (bottom,) east, north(, top); west > east crosses the antimeridian",
            "schema": { "type": "array", "items": { "type": "number" }, "oneOf": [
                { "minItems": 4, "maxItems": 4 }, { "minItems": 6, "maxItems": 6 },
            ] },
        },
        "bbox-crs": query("bbox-crs", "The reference system of bbox", system()),
        "crs": query("crs", "The reference system of the answer; axes in the order of its authority", system()),
        "contentCrs": { "name": "Content-Crs", "in": "header",
            "description": "The reference system of the body: <uri>", "schema": { "type": "string" } },
        "within": query("within", "Only what lies in the area of this code and those below it, of either side and any level; of a code that both sides have, in either",
            json!({ "type": "string", "examples": ["320213001001"] })),
        "filter": query("filter", "CQL2 over the queryables",
            json!({ "type": "string", "examples": ["residents > 20 AND S_INTERSECTS(geometry, BBOX(120.2, 31.5, 120.4, 31.6))"] })),
        "filter-lang": query("filter-lang", "How the filter is written; cql-text is what GDAL calls cql2-text",
            json!({ "type": "string", "enum": ["cql2-text", "cql2-json", "cql-text"], "default": "cql2-text" })),
        "filter-crs": query("filter-crs", "The reference system of the filter's geometries", system()),
        "sortby": { "name": "sortby", "in": "query", "style": "form", "explode": false,
            "description": "Sortables; - before a name for descending. Nulls count as the greatest.",
            "schema": { "type": "array", "items": { "type": "string", "pattern": "^[+-]?[^+, -][^, ]*$" }, "minItems": 1 } },
        "properties": { "name": "properties", "in": "query", "style": "form", "explode": false,
            "description": "The properties to answer; all when absent",
            "schema": { "type": "array", "items": { "type": "string" } } },
        "datetime": query("datetime", "An instant, or an interval start/end with “..” for an open end",
            json!({ "type": "string", "examples": ["2026-05-01T00:00:00+08:00/.."] })),
        "cursor": query("cursor", "From a link with rel=next", json!({ "type": "string" })),
        "lon": { "name": "lon", "in": "query", "required": true,
            "schema": { "type": "number", "minimum": -180, "maximum": 180 } },
        "lat": { "name": "lat", "in": "query", "required": true,
            "schema": { "type": "number", "minimum": -90, "maximum": 90 } },
        "ifMatch": { "name": "If-Match", "in": "header", "required": true,
            "description": "The ETag that GET gave; without it 428, with a stale one 412", "schema": { "type": "string" } },
        "collectionId": { "name": "collectionId", "in": "path", "required": true,
            "schema": { "type": "string", "enum": ids(departments) } },
        "groundId": { "name": "collectionId", "in": "path", "required": true,
            "schema": { "type": "string", "enum": Collection::ALL.into_iter().filter(|c| c.has_neighbours()).map(Collection::id).collect::<Vec<_>>() } },
        "featureId": { "name": "featureId", "in": "path", "required": true,
            "description": "fid; of pieces GRID~BEAT, percent-encoded", "schema": { "type": "string" } },
        "staffId": { "name": "featureId", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 0 } },
        "fid": { "name": "featureId", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 0 } },
    })
}

/// The collections that there are: those that are built in, and the layers of departments.
fn ids<'a>(departments: &[&'a str]) -> Vec<&'a str> {
    Collection::ALL.map(Collection::id).into_iter().chain(departments.iter().copied()).collect()
}

/// A reference system's URI.
fn system() -> Value {
    json!({ "type": "string", "format": "uri", "enum": uris(), "default": CRS84 })
}

/// A GeoJSON geometry.
fn place(kind: &str, coordinates: &Value) -> Value {
    json!({ "type": "object", "required": ["type", "coordinates"],
        "properties": { "type": { "const": kind }, "coordinates": coordinates } })
}

fn schemas() -> Map<String, Value> {
    let mut out = Map::new();
    let link = json!({ "type": "object", "required": ["href", "rel"], "properties": {
        "href": { "type": "string" }, "rel": { "type": "string" }, "type": { "type": "string" }, "title": { "type": "string" },
    } });
    out.insert("Link".to_owned(), link);
    out.insert("Problem".to_owned(), json!({
        "type": "object", "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "pattern": "^urn:gridbeat:problem:[a-z-]+$" },
            "title": { "type": "string" }, "status": { "type": "integer" }, "detail": { "type": "string" },
            "errors": { "type": "array", "items": { "type": "object", "required": ["parameter", "detail"],
                "properties": { "parameter": { "type": "string" }, "detail": { "type": "string" } } } },
        },
    }));
    let position = json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 });
    out.insert("Point".to_owned(), place("Point", &position));
    let rings = json!({ "type": "array", "items": { "type": "array", "minItems": 4, "items": position } });
    let polygons = json!({ "type": "array", "items": rings });
    out.insert("Polygon".to_owned(), place("Polygon", &rings));
    out.insert("MultiPolygon".to_owned(), place("MultiPolygon", &polygons));
    for collection in Collection::ALL {
        let fields: Map<_, _> =
            collection.fields().iter().map(|f| (f.name.to_owned(), kind_schema(f.kind))).collect();
        let geometry = if collection.has_neighbours() { "MultiPolygon" } else { "Point" };
        out.insert(format!("{}Feature", collection.id()), json!({
            "type": "object", "required": ["type", "id", "geometry", "properties"],
            "properties": {
                "type": { "const": "Feature" },
                "id": { "type": if collection == Collection::Pieces { "string" } else { "integer" } },
                "geometry": { "oneOf": [{ "$ref": format!("#/components/schemas/{geometry}") }, { "type": "null" }] },
                "properties": { "type": "object", "properties": fields },
                "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } },
            },
        }));
    }
    let line = json!({ "type": "array", "items": position, "minItems": 2 });
    out.insert("LineString".to_owned(), place("LineString", &line));
    out.insert(
        "MultiLineString".to_owned(),
        place("MultiLineString", &json!({ "type": "array", "items": line })),
    );
    let places = ["Point", "MultiLineString", "MultiPolygon"]
        .map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    out.insert("departmentFeature".to_owned(), json!({
        "type": "object", "required": ["type", "id", "geometry", "properties"],
        "description": "A feature of a department's layer: its own columns (see its schema), who answers for it, and of lines and polygons the shares of pieces",
        "properties": {
            "type": { "const": "Feature" },
            "id": { "type": "integer" },
            "geometry": { "oneOf": places },
            "properties": { "type": "object", "properties": {
                "grid": { "type": ["string", "null"] }, "beat": { "type": ["string", "null"] },
                "piece": { "type": ["string", "null"] }, "shares": kind_schema(Kind::Shares),
            } },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } },
        },
    }));
    let any: Vec<_> = Collection::ALL
        .map(Collection::id)
        .into_iter()
        .chain(["department"])
        .map(|id| json!({ "$ref": format!("#/components/schemas/{id}Feature") }))
        .collect();
    out.insert("Feature".to_owned(), json!({ "anyOf": any }));
    out.insert("FeatureCollection".to_owned(), json!({
        "type": "object", "required": ["type", "features", "numberMatched", "numberReturned", "timeStamp", "links"],
        "properties": {
            "type": { "const": "FeatureCollection" },
            "features": { "type": "array", "items": { "$ref": "#/components/schemas/Feature" } },
            "numberMatched": { "type": "integer" }, "numberReturned": { "type": "integer" },
            "timeStamp": { "type": "string", "format": "date-time" },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } },
        },
    }));
    let text = json!({ "type": ["string", "null"] });
    out.insert("Incident".to_owned(), json!({
        "type": "object", "required": ["type", "geometry", "properties"],
        "description": "A new incident. The server sets fid, state, reported_at, grid, beat and piece, and code when absent.",
        "properties": {
            "type": { "const": "Feature" },
            "geometry": { "$ref": "#/components/schemas/Point" },
            "properties": { "type": "object", "required": ["category"], "properties": {
                "code": { "type": "string", "maxLength": 64 }, "category": { "type": "string" }, "title": text, "address": text,
                "risk": { "enum": ["red", "yellow", "blue", null] },
                "source": { "enum": ["patrol", "resident", "hotline", "police", "sensor", "superior", null] },
            } },
        },
    }));
    out.insert("StaffMove".to_owned(), json!({
        "type": "object",
        "description": "What is not named stays. seen_at becomes now when only the place is sent.",
        "properties": {
            "type": { "const": "Feature" },
            "geometry": { "oneOf": [{ "$ref": "#/components/schemas/Point" }, { "type": "null" }] },
            "properties": { "type": "object", "properties": {
                "on_duty": { "type": "boolean" }, "seen_at": { "type": ["string", "null"], "format": "date-time" },
            } },
        },
    }));
    out.extend(events());
    let parent = json!({ "type": "object", "required": ["code", "name", "level"],
        "properties": { "code": { "type": "string" }, "name": text, "level": { "type": "string" } } });
    out.insert("Responsibility".to_owned(), json!({
        "type": ["object", "null"],
        "required": ["fid", "code", "name", "level", "area_m2", "parents", "on_duty", "disputed"],
        "properties": {
            "fid": { "type": "integer" }, "code": { "type": "string" }, "name": text, "level": { "type": "string" },
            "area_m2": { "type": "number" },
            "parents": { "type": "array", "items": parent },
            "on_duty": { "type": "array", "items": { "type": "object", "required": ["name", "role", "phone"],
                "properties": { "name": text, "role": text, "phone": text } } },
            "disputed": {
                "type": ["array", "null"], "items": { "type": "string" },
                "description": "Where several areas claim the place, the codes of all of them. The one that answers, whose code comes first, is the first.",
            },
        },
    }));
    out.insert("Located".to_owned(), json!({
        "type": "object", "required": ["lon", "lat", "piece", "grid", "beat", "share_of_grid", "counts"],
        "properties": {
            "lon": { "type": "number" }, "lat": { "type": "number" }, "piece": text,
            "grid": { "$ref": "#/components/schemas/Responsibility" },
            "beat": { "$ref": "#/components/schemas/Responsibility" },
            "share_of_grid": { "type": ["number", "null"] },
            "counts": { "type": ["object", "null"], "description": "On the piece",
                "required": ["addresses", "residents", "incidents_open"], "properties": {
                "addresses": { "type": "integer" }, "residents": { "type": "integer" }, "incidents_open": { "type": "integer" },
            } },
        },
    }));
    out.insert("Found".to_owned(), json!({
        "type": "object", "required": ["results"],
        "properties": { "results": { "type": "array", "items": { "type": "object", "required": ["kind", "lon", "lat"], "properties": {
            "kind": { "enum": ["grid", "beat", "address", "coordinate"] }, "fid": { "type": "integer" }, "code": { "type": "string" },
            "name": text, "text": { "type": "string" }, "level": { "type": "string" }, "side": { "enum": ["grid", "police"] },
            "lon": { "type": ["number", "null"] }, "lat": { "type": ["number", "null"] },
            "bbox": { "type": ["array", "null"], "items": { "type": "number" }, "minItems": 4, "maxItems": 4 },
        } } } },
    }));
    out
}

/// The data of the stream's events, and TileJSON.
fn events() -> Map<String, Value> {
    let (whole, text) = (json!({ "type": "integer", "minimum": 0 }), json!({ "type": ["string", "null"] }));
    let bbox =
        json!({ "type": ["array", "null"], "items": { "type": "number" }, "minItems": 4, "maxItems": 4 });
    let range = json!({ "type": "array", "items": whole, "minItems": 5, "maxItems": 5 });
    let all = json!({
        "ChangeEvent": {
            "type": "object", "required": ["n", "collection", "op", "fid", "grid", "beat", "bbox", "at"],
            "description": "event: change. Its id is n. An import is one change, with the number of its rows.",
            "properties": {
                "n": whole, "collection": { "type": "string" }, "op": { "enum": ["insert", "update", "delete", "import"] },
                "fid": { "type": ["integer", "null"] }, "grid": text, "beat": text, "bbox": bbox,
                "at": { "type": "string", "format": "date-time" }, "rows": whole,
            },
        },
        "TilesEvent": {
            "type": "object", "required": ["n", "layers", "ranges"],
            "description": "event: tiles. One or more come before the change, together with all tiles of Web Mercator that it touched; without ranges it touched none. Each range is [z, x0, y0, x1, y1], ends included.",
            "properties": {
                "n": whole, "layers": { "type": "array", "items": { "type": "string" } },
                "ranges": { "type": "array", "items": range },
            },
        },
        "FenceEvent": {
            "type": "object", "required": ["n", "collection", "fid", "at"],
            "description": "event: enter, event: exit. Comes before the change that led across the border of what is wanted.",
            "properties": {
                "n": whole, "collection": { "const": "staff" }, "fid": { "type": "integer" },
                "at": { "type": "string", "format": "date-time" },
            },
        },
        "LaggingEvent": {
            "type": "object", "required": ["missed", "n"],
            "description": "event: lagging. The reader was too slow and is dropped; going on after n loses nothing.",
            "properties": { "missed": whole, "n": whole },
        },
        "ResetEvent": {
            "type": "object", "required": ["n"],
            "description": "event: reset. What the reader has is void: read anew, and go on after n.",
            "properties": { "n": whole },
        },
        "TileJSON": {
            "type": "object", "required": ["tilejson", "tiles", "vector_layers"],
            "properties": {
                "tilejson": { "const": "3.0.0" }, "name": { "type": "string" }, "scheme": { "const": "xyz" },
                "tiles": { "type": "array", "items": { "type": "string" } }, "minzoom": whole, "maxzoom": whole,
                "bounds": { "type": "array", "items": { "type": "number" }, "minItems": 4, "maxItems": 4 },
                "center": { "type": "array", "items": { "type": "number" }, "minItems": 3, "maxItems": 3 },
                "vector_layers": { "type": "array", "items": {
                    "type": "object", "required": ["id", "fields"], "properties": {
                        "id": { "type": "string" }, "minzoom": whole, "maxzoom": whole,
                        "fields": { "type": "object", "additionalProperties": { "type": "string" } },
                    },
                } },
            },
        },
    });
    match all {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
