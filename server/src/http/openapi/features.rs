//! Paths of OGC API – Features and of writing incidents. [`departments`](super::departments): of writing layers.

use super::{content, operation, schema, shared};
use crate::{feature::collection::Collection, http::sort::sortables};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub const GEOJSON: &str = "application/geo+json";

const HTML: &str = "text/html";

pub fn paths(departments: &[Collection]) -> Value {
    let of_collection = |id: &str, summary: &str, media: &str| {
        let parameters = [shared("collectionId"), shared("fPage")];
        operation(id, summary, &parameters, None, json!({ "200": content(summary, media, &object()) }))
    };
    json!({
        "/api": { "get": readable("landing", "Where a client begins", &[]) },
        "/api/conformance": { "get": readable("conformance", "The conformance classes that are met", &[]) },
        "/api/openapi.json": { "get": operation("openapi", "This document", &[shared("fPage")], None,
            json!({ "200": content("This document", super::MEDIA_TYPE, &object()) })) },
        "/api/openapi.html": { "get": operation("reference", "This document for people", &[], None,
            json!({ "200": content("A page", HTML, &json!({ "type": "string" })) })) },
        "/api/collections": { "get": readable("collections", "All collections", &[]) },
        "/api/collections/{collectionId}": {
            "get": readable("collection", "One collection", &[shared("collectionId")]),
        },
        "/api/collections/{collectionId}/schema": {
            "get": of_collection("schema", "Its properties, as JSON Schema", "application/schema+json"),
        },
        "/api/collections/{collectionId}/queryables": {
            "get": of_collection("queryables", "What it may be filtered by", "application/schema+json"),
        },
        "/api/collections/{collectionId}/sortables": {
            "get": of_collection("sortables", "What it may be sorted by", "application/schema+json"),
        },
        "/api/collections/{collectionId}/items": { "get": items(departments) },
        "/api/collections/incidents/items": { "get": incidents(), "post": create() },
        "/api/collections/{collectionId}/items/{featureId}": { "get": item() },
        "/api/collections/staff/items/{featureId}": {
            "get": operation("getStaff", "One member of staff, with the ETag that moving needs",
                &[shared("staffId"), shared("fItem"), shared("crs")], None, one("staffFeature")),
            "patch": operation("moveStaff", "Where somebody is now, and whether on duty (RFC 7396)",
                &[shared("staffId"), shared("ifMatch"), shared("contentCrs")],
                Some(body("application/merge-patch+json", &schema("StaffMove"))),
                json!({ "200": content("As it is now", GEOJSON, &schema("staffFeature")) })),
        },
        "/api/collections/incidents/items/{featureId}": {
            "get": operation("getIncident", "One incident, with the ETag that changing it needs",
                &[shared("fid"), shared("fItem"), shared("crs")], None, one("incidentsFeature")),
            "put": change("replaceIncident", "Puts another incident in the place of this one", GEOJSON),
            "patch": change("updateIncident", "Changes some members (RFC 7396)", "application/merge-patch+json"),
            "delete": operation("deleteIncident", "Deletes it", &[shared("fid"), shared("ifMatch")], None,
                json!({ "204": { "description": "It is gone" } })),
        },
    })
}

fn object() -> Value {
    json!({ "type": "object" })
}

/// A resource that is JSON.
fn readable(id: &str, summary: &str, parameters: &[Value]) -> Value {
    let mut all = parameters.to_vec();
    all.push(shared("fPage"));
    operation(id, summary, &all, None, json!({ "200": content(summary, "application/json", &object()) }))
}

pub fn pages() -> Value {
    let text = json!({ "schema": { "type": "string" } });
    json!({ "200": {
        "description": "One page; a link with rel=next leads on. A sequence has no pages: it is all that there is.",
        "headers": { "Content-Crs": { "schema": { "type": "string" } } },
        "content": {
            GEOJSON: { "schema": schema("FeatureCollection") }, HTML: text, "text/csv": text,
            "application/flatgeobuf": {}, "application/geo+json-seq": text,
        },
    } })
}

/// One feature in all its formats.
pub fn one(name: &str) -> Value {
    let text = json!({ "schema": { "type": "string" } });
    json!({ "200": {
        "description": "The feature",
        "headers": { "Content-Crs": { "schema": { "type": "string" } }, "ETag": { "schema": { "type": "string" } } },
        "content": {
            GEOJSON: { "schema": schema(name) }, HTML: text, "text/csv": text, "application/flatgeobuf": {},
        },
    } })
}

/// What items of every collection take.
const COMMON: [&str; 13] = [
    "f",
    "limit",
    "within",
    "bbox",
    "bbox-crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "sortby",
    "properties",
    "crs",
    "cursor",
];

pub fn common() -> Vec<Value> {
    COMMON.map(shared).to_vec()
}

/// A property filters by its exact value; which properties there are depends on the collection.
/// A column may be called as a parameter is: the parameter comes first, and filter= knows the column.
pub fn filters(collections: &[Collection]) -> Vec<Value> {
    let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for collection in collections {
        for field in sortables(*collection) {
            holders.entry(field.name).or_default().push(collection.id());
        }
    }
    holders
        .into_iter()
        .filter(|(name, _)| !COMMON.contains(name))
        .map(|(name, of)| {
            super::query(
                name,
                &format!("Exactly this value ({})", of.join(", ")),
                &json!({ "type": "string" }),
            )
        })
        .collect()
}

fn items(departments: &[Collection]) -> Value {
    let mut parameters = vec![shared("collectionId")];
    parameters.extend(common());
    parameters.extend(filters(&[&Collection::ALL, departments].concat()));
    operation("items", "Features, page by page", &parameters, None, pages())
}

fn incidents() -> Value {
    let mut parameters = common();
    parameters.extend(filters(&[Collection::Incidents]));
    operation("incidents", "Incidents, page by page", &parameters, None, pages())
}

fn item() -> Value {
    let parameters = [shared("collectionId"), shared("featureId"), shared("fItem"), shared("crs")];
    operation("item", "One feature", &parameters, None, one("Feature"))
}

pub fn body(media_type: &str, schema: &Value) -> Value {
    json!({ "required": true, "content": { media_type: { "schema": schema } } })
}

fn create() -> Value {
    let body = body(GEOJSON, &schema("Incident"));
    operation(
        "createIncident",
        "Reports an incident",
        &[shared("contentCrs")],
        Some(body),
        created("incidentsFeature", "Incident"),
    )
}

/// The answer to what made a feature, and where that can be read and changed: `getNAME`, `replaceNAME` and so on.
pub fn created(feature: &str, name: &str) -> Value {
    let mut created = content("It is kept, and on the map", GEOJSON, &schema(feature));
    created["headers"] = json!({
        "Location": { "schema": { "type": "string" } }, "ETag": { "schema": { "type": "string" } },
    });
    let changes = ["replace", "update", "delete"].map(|verb| {
        let parameters = json!({ "featureId": "$response.body#/id", "If-Match": "$response.header.ETag" });
        let id = format!("{verb}{name}");
        (id.clone(), json!({ "operationId": id, "parameters": parameters }))
    });
    let mut links: Map<String, Value> = changes.into_iter().collect();
    let read =
        json!({ "operationId": format!("get{name}"), "parameters": { "featureId": "$response.body#/id" } });
    links.insert(format!("get{name}"), read);
    created["links"] = Value::Object(links);
    json!({ "201": created })
}

fn change(id: &str, summary: &str, media_type: &str) -> Value {
    let wanted = if media_type == GEOJSON { schema("Incident") } else { json!({ "type": "object" }) };
    let parameters = [shared("fid"), shared("ifMatch"), shared("contentCrs")];
    let done = json!({ "200": content("The incident as it is now", GEOJSON, &schema("incidentsFeature")) });
    operation(id, summary, &parameters, Some(body(media_type, &wanted)), done)
}
