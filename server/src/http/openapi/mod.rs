//! `/api/openapi.json`: the API as one self-contained OpenAPI 3.1 document, and a page of it for people.
//!
//! The paths are beside the resources they describe in name: [`features`], [`departments`](mod@departments), [`map`], [`places`],
//! [`relations`]; what they share is in [`schemas`]. A test compares the paths with the router.

mod departments;
mod features;
mod map;
mod places;
mod questions;
mod relations;
mod schemas;
mod tiles;

use super::{
    answer,
    html::{self, Language},
    params::{Format, Params},
};
use crate::{app::App, error::ApiError, feature::collection::Collection};
use axum::{
    extract::State,
    http::{HeaderMap, Uri, header},
    response::Response,
};
use serde_json::{Map, Value, json};

/// OpenAPI's media type for JSON.
pub const MEDIA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.1";

/// The document.
///
/// # Errors
/// [`ApiError::BadParameters`].
pub async fn document(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    let format = params.format_of(&headers, &[Format::Json, Format::Html]);
    params.finish("f")?;
    let base = app.ours.base(&headers);
    let document = build(&app.title, &base, &departments(&app));
    Ok(match format {
        Format::Html => {
            answer::ok(answer::HTML_UTF8, html::reference(Language::of(&headers), &document, &base))
        }
        _ => answer::ok(media_type(&headers), document.to_string()),
    })
}

/// The document as a page for people.
///
/// # Errors
/// [`ApiError::BadParameters`].
pub async fn page(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    Params::of(&uri).finish("none")?;
    let base = app.ours.base(&headers);
    let page = html::reference(Language::of(&headers), &build(&app.title, &base, &departments(&app)), &base);
    Ok(answer::ok(answer::HTML_UTF8, page))
}

/// The layers of departments that there are now.
fn departments(app: &App) -> Vec<Collection> {
    let snapshot = app.live.now();
    let all = Collection::all(&snapshot.map.read(app.live.scope()));
    all.into_iter().filter(Collection::is_of_department).collect()
}

/// OpenAPI's own media type, unless only plain JSON is taken: GDAL knows OpenAPI 3.0 by name, and JSON.
fn media_type(headers: &HeaderMap) -> &'static str {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("*/*");
    let takes = |media: &str| accept.split(',').any(|part| part.trim().starts_with(media));
    let own = takes("*/*") || takes("application/*") || takes(MEDIA_TYPE);
    if !own && takes(answer::JSON) { answer::JSON } else { MEDIA_TYPE }
}

/// Builds the document for a server at `base` with these layers of departments. Paths are those below
/// `/api`; others name their server.
pub fn build(title: &str, base: &str, departments: &[Collection]) -> Value {
    let mut paths = Map::new();
    let names: Vec<&str> = departments.iter().map(|c| c.id()).collect();
    for part in [
        features::paths(departments),
        departments::paths(departments),
        places::paths(),
        relations::paths(),
        questions::paths(&names),
        map::paths(),
        tiles::paths(),
    ] {
        let Value::Object(part) = part else { continue };
        for (path, mut item) in part {
            // Clients of OGC APIs (GDAL among them) look for `/collections/…` under the landing page.
            match path.strip_prefix("/api") {
                Some("") => paths.insert("/".to_owned(), item),
                Some(inner) => paths.insert(inner.to_owned(), item),
                None => {
                    item["servers"] = json!([{ "url": base }]);
                    paths.insert(path, item)
                }
            };
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": env!("CARGO_PKG_VERSION"),
            "description": "网格与警格一张图. Coordinates are longitude, latitude (CGCS2000 / WGS 84); times RFC 3339; areas m²; shares 0–1.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": format!("{base}/api") }],
        "paths": paths,
        "components": schemas::components(departments),
    })
}

/// An operation: `(summary, parameters, request body, responses besides errors)`.
fn operation(id: &str, summary: &str, parameters: &[Value], body: Option<Value>, responses: Value) -> Value {
    let mut all = match responses {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    // Of what is JSON there is a page.
    if let Some(Value::Object(forms)) = all.get_mut("200").and_then(|ok| ok.get_mut("content"))
        && [answer::JSON, answer::GEOJSON, answer::SCHEMA, MEDIA_TYPE].iter().any(|m| forms.contains_key(*m))
        && !forms.contains_key(answer::HTML)
    {
        forms.insert(answer::HTML.to_owned(), json!({ "schema": { "type": "string" } }));
    }
    all.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
    let mut out = json!({ "operationId": id, "summary": summary, "responses": all });
    if !parameters.is_empty() {
        out["parameters"] = json!(parameters);
    }
    if let Some(body) = body {
        out["requestBody"] = body;
    }
    out
}

/// A parameter that others share.
fn shared(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn query(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}

fn path(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema })
}

/// A response with one media type.
fn content(description: &str, media_type: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { media_type: { "schema": schema } } })
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
