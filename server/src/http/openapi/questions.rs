//! Paths that count and look for rows: nearest, within, summary.

use super::{content, operation, query, shared};
use crate::http::summary::{AREAS, AREAS_OVER_TIME, PIECES, PIECES_OVER_TIME};
use gridbeat_onemap::record::{Level, Risk, State};
use serde_json::{Map, Value, json};

const GEOJSON: &str = "application/geo+json";

pub fn paths() -> Value {
    let text = json!({ "type": "string" });
    let levels = json!({ "enum": Level::ALL.iter().map(|l| l.as_str()).collect::<Vec<_>>() });
    let by = query("by", "What to group by", &json!({ "enum": ["grid", "beat", "piece"] }));
    let level = query("level", "Level of the areas; those that are drawn when absent", &levels);
    let points = query("collection", "Which rows", &json!({ "enum": ["addresses", "incidents", "staff"] }));
    let nearest = [
        vec![
            shared("lon"),
            shared("lat"),
            query(
                "k",
                "How many",
                &json!({ "type": "integer", "minimum": 1, "maximum": 10_000, "default": 10 }),
            ),
            points.clone(),
        ],
        of_incidents(),
        of_staff(),
        vec![shared("fPage")],
    ]
    .concat();
    let summary = [
        vec![
            by.clone(),
            level.clone(),
            query("within", "Only what lies in the area of this code", &text),
            shared("bbox"),
        ],
        of_incidents(),
        vec![
            query(
                "interval",
                "Incidents of each hour, day or week (from Monday) in place of counts",
                &json!({ "enum": ["hour", "day", "week"] }),
            ),
            query("tz", "By whose clocks these begin; +08:00 when absent", &text),
            shared("limit"),
            shared("cursor"),
            shared("fTable"),
        ],
    ]
    .concat();
    let raster = [
        vec![
            json!({ "name": "tiling", "in": "path", "required": true, "schema": { "enum": ["square", "hexagon"] } }),
            query(
                "size",
                "Metres from one side of a cell to the opposite one",
                &json!({ "type": "number", "minimum": 1, "maximum": 1_000_000, "default": 500 }),
            ),
            query("within", "Only what lies in the area of this code", &text),
            shared("bbox"),
        ],
        of_incidents(),
        vec![shared("limit"), shared("cursor"), shared("fTable")],
    ]
    .concat();
    let mut cells = content(
        "Cells that hold something; a link with rel=next leads on",
        GEOJSON,
        &json!({ "type": "object", "required": ["type", "features", "numberMatched", "numberReturned", "links"] }),
    );
    cells["content"]["text/csv"] = json!({ "schema": { "type": "string" } });
    let metres = json!({ "type": "number", "minimum": 0, "maximum": 100_000 });
    let within = [
        vec![query("radius", "Metres around a Point", &metres), by, level, points],
        of_incidents(),
        of_staff(),
        vec![shared("limit"), shared("cursor"), shared("fPage")],
    ]
    .concat();
    let geometry = json!({ "required": true, "content": { GEOJSON: { "schema": { "type": "object",
        "description": "A Polygon, a MultiPolygon, or a Point with radius; also as a Feature",
        "required": ["type"], "properties": { "type": { "type": "string" } } } } } });
    let features = json!({ "type": "object", "required": ["type", "features", "numberReturned"] });
    let counts = json!({ "type": "object", "properties": {
        "counts": row(&AREAS[3..]),
        "groups": { "type": "array", "items": { "anyOf": [row(AREAS), row(PIECES)] } },
    } });
    let found = json!({ "200": { "description": "Counts; with collection, its features",
        "content": { "application/json": { "schema": counts }, GEOJSON: { "schema": features } } } });
    json!({
        "/api/nearest": {
            "get": operation("nearest", "The nearest addresses, incidents, or staff on duty", &nearest, None,
                json!({ "200": content("Nearest first, each with distance_m", GEOJSON, &features) })),
        },
        "/api/summary": {
            "get": operation("summary", "Counts by grid, beat or piece; or incidents over time in each", &summary, None, groups()),
        },
        "/api/raster/{tiling}": {
            "get": operation("raster", "Counts in each cell of a raster", &raster, None, json!({ "200": cells })),
        },
        "/api/within": {
            "post": operation("within", "What lies on some ground: how many, and which", &within, Some(geometry), found),
        },
    })
}

/// Which incidents are meant.
fn of_incidents() -> Vec<Value> {
    let text = json!({ "type": "string" });
    let words =
        |what: &str, all: Vec<&str>| format!("Incidents of these {what}, between commas: {}", all.join(", "));
    let states = words("states", State::ALL.iter().map(|s| s.as_str()).collect());
    let risks = words("risks", Risk::ALL.iter().map(|r| r.as_str()).collect());
    vec![
        shared("datetime"),
        query("category", "Incidents of these categories, between commas", &text),
        query("state", &states, &text),
        query("risk", &risks, &text),
        query("open", "Incidents on which somebody still has to act, or not", &json!({ "type": "boolean" })),
    ]
}

/// Which staff are meant.
fn of_staff() -> Vec<Value> {
    vec![
        query("side", "Staff of this side", &json!({ "enum": ["grid", "police"] })),
        query("role", "Staff in this role", &json!({ "type": "string" })),
        query(
            "on_duty",
            "Staff on duty, or not; true when absent",
            &json!({ "enum": ["true", "false", "any"] }),
        ),
    ]
}

fn groups() -> Value {
    let rows: Vec<Value> = [AREAS, PIECES, AREAS_OVER_TIME, PIECES_OVER_TIME].map(row).into();
    let page = json!({
        "type": "object", "required": ["groups", "numberMatched", "numberReturned", "links"],
        "properties": {
            "groups": { "type": "array", "items": { "anyOf": rows } },
            "numberMatched": { "type": "integer" }, "numberReturned": { "type": "integer" },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } },
        },
    });
    let mut answer = content(
        "Nulls stand for what lies in none; a link with rel=next leads on",
        "application/json",
        &page,
    );
    answer["content"]["text/csv"] = json!({ "schema": { "type": "string" } });
    json!({ "200": answer })
}

fn row(columns: &[&str]) -> Value {
    let kind = |column: &str| match column {
        "code" | "name" | "level" | "piece" | "grid" | "beat" => json!({ "type": ["string", "null"] }),
        "start" => json!({ "type": "string", "format": "date-time" }),
        _ => json!({ "type": "integer" }),
    };
    let properties: Map<_, _> = columns.iter().map(|c| ((*c).to_owned(), kind(c))).collect();
    json!({ "type": "object", "required": columns, "properties": properties })
}
