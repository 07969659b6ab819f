//! `/api/collections` and what describes one collection; its schemas are in [`super::schemas`].

use super::{
    answer,
    html::{self, Language},
    params::{Format, Params, short},
};
use crate::{
    app::App,
    error::ApiError,
    feature::{
        collection::Collection,
        frame::{CRS84, STORAGE, uris},
        read::Item,
    },
    live::event::degrees,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use gridbeat_onemap::{Bounds, Reader};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The collection of a path segment.
///
/// # Errors
/// [`ApiError::NotFound`] naming those there are.
pub fn named(app: &App, id: &str) -> Result<Collection, ApiError> {
    let snapshot = app.live.now();
    let reader = snapshot.map.read(app.live.scope());
    Collection::find(&reader, id).ok_or_else(|| {
        let all: Vec<_> = Collection::all(&reader).into_iter().map(Collection::id).collect();
        ApiError::NotFound(format!("there is no collection “{}”; there are {}", short(id), all.join(", ")))
    })
}

/// All collections.
///
/// # Errors
/// [`ApiError::BadParameters`].
pub async fn list(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let format = format_of(&uri, &headers)?;
    let base = app.ours.base(&headers);
    let language = Language::of(&headers);
    app.live
        .read(move |_, reader| {
            // One list of systems for all: it is long.
            let all =
                || Collection::all(reader).into_iter().map(|c| describe(reader, c, &base, json!(["#/crs"])));
            let here = format!("{base}/api/collections");
            if format == Format::Html {
                return Ok(answer::ok(answer::HTML_UTF8, html::collections(language, all(), &base)));
            }
            Ok(answer::json(&json!({
                "links": [
                    { "rel": "self", "href": here, "type": answer::JSON },
                    { "rel": "alternate", "href": format!("{here}?f=html"), "type": answer::HTML },
                ],
                "crs": uris(),
                "collections": all().collect::<Vec<_>>(),
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
    let collection = named(&app, &id)?;
    let format = format_of(&uri, &headers)?;
    let base = app.ours.base(&headers);
    let language = Language::of(&headers);
    app.live
        .read(move |_, reader| {
            let described = describe(reader, collection, &base, json!(uris()));
            Ok(match format {
                Format::Html => {
                    answer::ok(answer::HTML_UTF8, html::collection(language, collection, &described, &base))
                }
                _ => answer::json(&described),
            })
        })
        .await
}

fn format_of(uri: &Uri, headers: &HeaderMap) -> Result<Format, ApiError> {
    let mut params = Params::of(uri);
    let format = params.format_of(headers, &[Format::Json, Format::Html]);
    params.finish("f")?;
    Ok(format)
}

fn describe(reader: &Reader<'_>, collection: Collection, base: &str, crs: Value) -> Value {
    let id = collection.id();
    let link = |rel: &str, path: &str, media: &str| json!({ "rel": rel, "href": format!("{base}/api/collections/{id}{path}"), "type": media });
    let bounds = extent(reader, collection);
    let mut out = json!({
        "id": id,
        "title": collection.title(),
        "description": collection.description(),
        "itemType": "feature",
        "crs": crs,
        "storageCrs": STORAGE,
        "links": [
            link("self", "", answer::JSON),
            link("alternate", "?f=html", answer::HTML),
            link("items", "/items", answer::GEOJSON),
            link("items", "/items?f=html", answer::HTML),
            link("items", "/items?f=csv", "text/csv"),
            link("items", "/items?f=fgb", answer::FGB),
            link("items", "/items?f=geojsonseq", answer::SEQ),
            link("http://www.opengis.net/def/rel/ogc/1.0/queryables", "/queryables", answer::SCHEMA),
            link("http://www.opengis.net/def/rel/ogc/1.0/sortables", "/sortables", answer::SCHEMA),
            link("describedby", "/schema", answer::SCHEMA),
            link("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", "/tiles", answer::JSON),
            {
                "rel": "alternate",
                "href": format!("{base}/tiles/{}.json", collection.tile_layer()),
                "type": answer::JSON,
                "title": "The same as vector tiles (TileJSON)",
            },
        ],
    });
    if let Collection::Department(layer) = collection {
        // Tells a client that these are no built-in features, and how to draw them.
        out["department"] = json!({ "drawn": layer.schema.drawn });
    }
    // Where nothing is there is no extent.
    if !bounds.is_empty() {
        out["extent"] = json!({ "spatial": { "bbox": [degrees(bounds)], "crs": CRS84 } });
        if let Some((first, last)) = interval(reader, collection) {
            out["extent"]["temporal"] = json!({
                "interval": [[first.map(|t| t.to_string()), last.map(|t| t.to_string())]],
                "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            });
        }
    }
    out
}

/// From when to when, for collections that know; no time at all where none of their features knows.
fn interval(reader: &Reader<'_>, collection: Collection) -> Option<(Option<Timestamp>, Option<Timestamp>)> {
    let times: Vec<(Timestamp, Timestamp)> = match collection {
        Collection::Incidents => {
            reader.incidents().iter().filter_map(|i| i.row.reported_at).map(|t| (t, t)).collect()
        }
        Collection::Department(layer) => {
            layer.schema.time_column()?;
            let department = reader.department(&layer.schema.name)?;
            (0..department.len() as u32).filter_map(|i| Item::Department(department, i).time()).collect()
        }
        _ => return None,
    };
    Some((times.iter().map(|t| t.0).min(), times.iter().map(|t| t.1).max()))
}

fn extent(reader: &Reader<'_>, collection: Collection) -> Bounds {
    match collection {
        Collection::Grids | Collection::Beats => {
            collection.side().map_or(Bounds::EMPTY, |s| reader.layer(s).bounds())
        }
        Collection::Pieces => reader.overlay().bounds(),
        Collection::Incidents => reader.incidents().iter().fold(Bounds::EMPTY, |b, i| b.with(i.row.at)),
        Collection::Staff => reader.staff().iter().filter_map(|s| s.row.at).fold(Bounds::EMPTY, Bounds::with),
        Collection::Department(layer) => {
            reader.department(&layer.schema.name).map_or(Bounds::EMPTY, |d| d.bounds())
        }
        Collection::Addresses => reader.addresses().bounds(),
    }
}
