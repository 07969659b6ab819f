//! Paths that answer about places: locate, search, and the stream of changes.

use super::{content, operation, query, schema, shared};
use serde_json::{Value, json};

/// How the stream is to be read.
const STREAM: &str = "Does not end. Each event's data is one of these objects, by its name: change, tiles, \
    enter and exit, lagging, reset. Filters keep to what was or is among what is wanted; filter needs \
    collection, and is CQL2 over its queryables. With collection=staff and an area, a bbox or a filter it is \
    a geofence: enter and exit say who crossed its border.";

pub fn paths() -> Value {
    let text = json!({ "type": "string" });
    let bulk: Vec<_> = ["text/csv", "application/geo+json", "application/x-ndjson"]
        .map(|media| (media.to_owned(), json!({ "schema": { "type": "string" } })))
        .into();
    let bulk = Value::Object(bulk.into_iter().collect());
    let columns = [
        query("lon", "Column of the longitude; guessed when absent", &text),
        query("lat", "Column of the latitude; guessed when absent", &text),
        query("crs", "EPSG:n, GCJ-02 or BD-09; longitude and latitude when absent", &text),
    ];
    let mut many = operation(
        "locateMany",
        "Many points: the same rows with grid, beat and piece added, streamed",
        &columns,
        Some(json!({ "required": true, "content": bulk })),
        Value::Null,
    );
    // A stream of GeoJSON is no document: there is no page of it.
    many["responses"]["200"] = json!({ "description": "As the request", "content": bulk });
    let search = [
        json!({ "name": "q", "in": "query", "required": true, "description": "A name, a code, a piece of an address, or “lon,lat”",
            "schema": { "type": "string", "minLength": 1, "maxLength": 200 } }),
        query(
            "limit",
            "Results at most",
            &json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 10 }),
        ),
        shared("bbox"),
        shared("fPage"),
    ];
    let stream = [
        query("collection", "Only changes of this collection", &text),
        query("area", "Only changes in the area of this code and those below it", &text),
        shared("bbox"),
        shared("filter"),
        shared("filter-lang"),
        shared("filter-crs"),
        query("last_event_id", "As the header Last-Event-ID, for clients that cannot set it", &text),
        json!({ "name": "Last-Event-ID", "in": "header", "description": "Go on after this change", "schema": { "type": "string" } }),
    ];
    let events = ["ChangeEvent", "TilesEvent", "FenceEvent", "LaggingEvent", "ResetEvent"].map(schema);
    json!({
        "/api/locate": {
            "get": operation("locate", "Who is responsible for a point", &[shared("lon"), shared("lat"), shared("fPage")], None,
                json!({ "200": content("Outside both layers everything is null", "application/json", &schema("Located")) })),
            "post": many,
        },
        "/api/search": {
            "get": operation("search", "Areas by name or code, addresses by a piece of their text, coordinates", &search, None,
                json!({ "200": content("Best first", "application/json", &schema("Found")) })),
        },
        "/api/stream": {
            "get": operation("stream", "Changes as server-sent events", &stream, None,
                json!({ "200": { "description": STREAM, "content": { "text/event-stream": { "schema": { "anyOf": events } } } } })),
        },
    })
}
