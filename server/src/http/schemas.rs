//! What a collection's features are made of, as JSON Schema: `schema`, `queryables`, `sortables`.

use super::{answer, collections::named, params::Params, sort};
use crate::{
    app::App,
    error::ApiError,
    feature::{
        asked::{GEOMETRY, queryables as asked},
        collection::{Collection, Kind},
    },
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_filter::Type;
use gridbeat_onemap::department::Drawn;
use serde_json::{Map, Value, json};

/// The JSON Schema of a collection's features' properties.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn schema(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (collection, here) = asked_for(&app, &id, &uri, &headers, "schema")?;
    let mut properties = Map::new();
    properties.insert(GEOMETRY.to_owned(), place(collection));
    for field in collection.fields() {
        let mut schema = kind_schema(field.kind);
        if let Some(title) = source_name(collection, field.name) {
            schema["title"] = title.into();
        }
        properties.insert(field.name.to_owned(), schema);
    }
    Ok(document(collection, &here, properties, true))
}

/// The properties that may be filtered by.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn queryables(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (collection, here) = asked_for(&app, &id, &uri, &headers, "queryables")?;
    let properties = asked(collection).into_iter().map(|q| {
        let schema = match q.kind {
            Type::Geometry => place(collection),
            Type::Text => json!({ "type": "string" }),
            Type::Integer => json!({ "type": "integer" }),
            Type::Number => json!({ "type": "number" }),
            Type::Boolean => json!({ "type": "boolean" }),
            Type::Date => json!({ "type": "string", "format": "date" }),
            Type::Timestamp => json!({ "type": "string", "format": "date-time" }),
            Type::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        };
        (q.name, schema)
    });
    Ok(document(collection, &here, properties.collect(), false))
}

/// The properties that may be sorted by.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn sortables(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (collection, here) = asked_for(&app, &id, &uri, &headers, "sortables")?;
    let properties =
        sort::sortables(collection).iter().map(|f| (f.name.to_owned(), kind_schema(f.kind))).collect();
    Ok(document(collection, &here, properties, false))
}

fn asked_for(
    app: &App,
    id: &str,
    uri: &Uri,
    headers: &HeaderMap,
    what: &str,
) -> Result<(Collection, String), ApiError> {
    let collection = named(app, id)?;
    let mut params = Params::of(uri);
    params.json_or_html();
    params.finish("f")?;
    Ok((collection, format!("{}/api/collections/{id}/{what}", app.ours.base(headers))))
}

fn place(collection: Collection) -> Value {
    let format = match collection.drawn() {
        Drawn::Point => "geometry-point",
        Drawn::Line => "geometry-multilinestring",
        Drawn::Polygon => "geometry-multipolygon",
    };
    json!({ "format": format, "x-ogc-role": "primary-geometry" })
}

fn document(collection: Collection, id: &str, properties: Map<String, Value>, open: bool) -> Response {
    let mut out = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id,
        "type": "object",
        "title": collection.title(),
        "properties": properties,
    });
    if !open {
        out["additionalProperties"] = Value::Bool(false);
    }
    answer::ok(answer::SCHEMA, out.to_string())
}

/// What a column of a department's layer was called in the file that it came from.
fn source_name(collection: Collection, field: &str) -> Option<&'static str> {
    let Collection::Department(layer) = collection else { return None };
    layer.schema.columns.iter().find(|c| c.name == field).map(|c| c.title.as_str())
}

/// The JSON Schema of a property; any may be null.
pub fn kind_schema(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!({ "type": ["string", "null"] }),
        Kind::Integer => json!({ "type": ["integer", "null"] }),
        Kind::Number => json!({ "type": ["number", "null"] }),
        Kind::Boolean => json!({ "type": ["boolean", "null"] }),
        Kind::Date => json!({ "type": ["string", "null"], "format": "date" }),
        Kind::Time => json!({ "type": ["string", "null"], "format": "date-time" }),
        Kind::Shares => {
            let code = json!({ "type": ["string", "null"] });
            json!({
                "type": "array",
                "description": "The parts of the feature by piece, the largest first; null outside both layers",
                "items": { "type": "object", "required": ["piece", "grid", "beat", "share"], "properties": {
                    "piece": code, "grid": code, "beat": code,
                    "share": { "type": "number", "minimum": 0, "maximum": 1 },
                } },
            })
        }
    }
}
