//! `/api/collections` and what describes one collection: its extent, schema and queryables.

use super::{
    answer,
    params::{Params, short},
};
use crate::{
    app::App,
    error::ApiError,
    feature::collection::{Collection, Kind},
    live::event::degrees,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_onemap::{Bounds, Reader};
use serde_json::{Map, Value, json};

/// The coordinate reference system of every answer: longitude, latitude.
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// The collection of a path segment.
///
/// # Errors
/// [`ApiError::NotFound`] naming those there are.
pub fn named(id: &str) -> Result<Collection, ApiError> {
    Collection::find(id).ok_or_else(|| {
        let all: Vec<_> = Collection::ALL.iter().map(|c| c.id()).collect();
        ApiError::NotFound(format!("there is no collection “{}”; there are {}", short(id), all.join(", ")))
    })
}

/// All collections.
///
/// # Errors
/// [`ApiError::BadParameters`].
pub async fn list(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    plain(&uri)?;
    let base = app.ours.base(&headers);
    app.live
        .read(move |_, reader| {
            let all: Vec<_> = Collection::ALL.iter().map(|&c| describe(reader, c, &base)).collect();
            Ok(answer::json(&json!({
                "links": [{ "rel": "self", "href": format!("{base}/api/collections"), "type": answer::JSON }],
                "collections": all,
            })))
        })
        .await
}

/// One collection.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::BadParameters`].
pub async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let collection = named(&id)?;
    plain(&uri)?;
    let base = app.ours.base(&headers);
    app.live.read(move |_, reader| Ok(answer::json(&describe(reader, collection, &base)))).await
}

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
    let collection = named(&id)?;
    plain(&uri)?;
    Ok(schema_answer(collection, &format!("{}/api/collections/{id}/schema", app.ours.base(&headers)), true))
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
    let collection = named(&id)?;
    plain(&uri)?;
    Ok(schema_answer(
        collection,
        &format!("{}/api/collections/{id}/queryables", app.ours.base(&headers)),
        false,
    ))
}

fn plain(uri: &Uri) -> Result<(), ApiError> {
    let mut params = Params::of(uri);
    params.only_json();
    params.finish("f")
}

fn describe(reader: &Reader<'_>, collection: Collection, base: &str) -> Value {
    let id = collection.id();
    let link = |rel: &str, path: &str, media: &str| json!({ "rel": rel, "href": format!("{base}/api/collections/{id}{path}"), "type": media });
    let bounds = extent(reader, collection);
    let mut out = json!({
        "id": id,
        "title": collection.title(),
        "description": collection.description(),
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        "links": [
            link("self", "", answer::JSON),
            link("items", "/items", answer::GEOJSON),
            link("items", "/items?f=csv", "text/csv"),
            link("http://www.opengis.net/def/rel/ogc/1.0/queryables", "/queryables", "application/schema+json"),
            link("describedby", "/schema", "application/schema+json"),
            {
                "rel": "alternate",
                "href": format!("{base}/tiles/{}.json", collection.tile_layer()),
                "type": answer::JSON,
                "title": "The same as vector tiles (TileJSON)",
            },
        ],
    });
    // Where nothing is there is no extent.
    if !bounds.is_empty() {
        out["extent"] = json!({ "spatial": { "bbox": [degrees(bounds)], "crs": CRS84 } });
        if collection == Collection::Incidents {
            let times = || reader.incidents().iter().filter_map(|i| i.row.reported_at);
            out["extent"]["temporal"] = json!({
                "interval": [[times().min().map(|t| t.to_string()), times().max().map(|t| t.to_string())]],
                "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            });
        }
    }
    out
}

fn extent(reader: &Reader<'_>, collection: Collection) -> Bounds {
    match collection {
        Collection::Grids | Collection::Beats => {
            collection.side().map_or(Bounds::EMPTY, |s| reader.layer(s).bounds())
        }
        Collection::Pieces => reader.overlay().bounds(),
        Collection::Incidents => reader.incidents().iter().fold(Bounds::EMPTY, |b, i| b.with(i.row.at)),
        Collection::Staff => reader.staff().iter().filter_map(|s| s.row.at).fold(Bounds::EMPTY, Bounds::with),
        Collection::Addresses => {
            let addresses = reader.addresses();
            (0..addresses.len() as u32).fold(Bounds::EMPTY, |b, i| b.with(addresses.get(i).at))
        }
    }
}

fn schema_answer(collection: Collection, id: &str, full: bool) -> Response {
    let mut properties = Map::new();
    let geometry = if collection.has_ground() { "geometry-multipolygon" } else { "geometry-point" };
    properties.insert("geometry".to_owned(), json!({ "format": geometry, "x-ogc-role": "primary-geometry" }));
    for field in collection.fields() {
        properties.insert(field.name.to_owned(), kind_schema(field.kind));
    }
    let mut out = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id,
        "type": "object",
        "title": collection.title(),
        "properties": properties,
    });
    if !full {
        out["additionalProperties"] = Value::Bool(false);
    }
    answer::ok("application/schema+json", out.to_string())
}

/// The JSON Schema of a property; any may be null.
pub fn kind_schema(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!({ "type": ["string", "null"] }),
        Kind::Integer => json!({ "type": ["integer", "null"] }),
        Kind::Number => json!({ "type": ["number", "null"] }),
        Kind::Boolean => json!({ "type": ["boolean", "null"] }),
        Kind::Time => json!({ "type": ["string", "null"], "format": "date-time" }),
    }
}
