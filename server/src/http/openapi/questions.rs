//! Paths that count and look for rows: nearest, within, summary.

use super::{content, operation, query, shared};
use crate::http::summary::{AREAS, AREAS_OVER_TIME, PIECES, PIECES_OVER_TIME};
use gridbeat_onemap::record::{Level, Risk, State};
use serde_json::{Map, Value, json};

const GEOJSON: &str = "application/geo+json";

/// The paths, of a server with these layers of departments.
pub fn paths(departments: &[&str]) -> Value {
    let text = json!({ "type": "string" });
    let levels = json!({ "enum": Level::ALL.iter().map(|l| l.as_str()).collect::<Vec<_>>() });
    let by = query("by", "What to group by", &json!({ "enum": ["grid", "beat", "piece"] }));
    let level = query("level", "Level of the areas; those that are drawn when absent", &levels);
    let rows = [&["addresses", "incidents", "staff"], departments].concat();
    let points = query("collection", "Which rows", &json!({ "enum": rows }));
    let sum = query("sum", "Columns of numbers of a department's layer to add up, between commas", &text);
    let counted = of_layers(departments, &sum);
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
        counted.clone(),
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
        counted,
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
        vec![query("radius", "Metres around a Point", &metres), by, level, points, sum],
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
        "counts": { "anyOf": [row(&AREAS[3..]), row(FEATURES)] },
        "groups": { "type": "array", "items": { "anyOf": [row(AREAS), row(PIECES), of_areas(FEATURES), of_pieces(FEATURES)] } },
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

/// Which features of a department's layer are meant, and what is added up.
fn of_layers(departments: &[&str], sum: &Value) -> Vec<Value> {
    let layers = match departments {
        // An enumeration names something.
        [] => json!({ "type": "string" }),
        some => json!({ "enum": some }),
    };
    let which = "Features of this department's layer in place of addresses, incidents and staff; bbox-crs, filter, \
        filter-lang, filter-crs and datetime choose some, as among its items";
    let mut all = vec![query("collection", which, &layers), sum.clone()];
    all.extend(["bbox-crs", "filter", "filter-lang", "filter-crs"].map(shared));
    all
}

/// What is counted of a department's layer; the sums that are asked for come besides.
const FEATURES: &[&str] = &["features"];
/// The same over time.
const FEATURES_OVER_TIME: &[&str] = &["start", "features"];

fn of_areas(columns: &[&str]) -> Value {
    row(&[&AREAS[..3], columns].concat())
}

fn of_pieces(columns: &[&str]) -> Value {
    row(&[&PIECES[..3], columns].concat())
}

fn groups() -> Value {
    let built_in = [AREAS, PIECES, AREAS_OVER_TIME, PIECES_OVER_TIME].map(row);
    let counted = [FEATURES, FEATURES_OVER_TIME]
        .into_iter()
        .flat_map(|columns| [of_areas(columns), of_pieces(columns)]);
    let rows: Vec<Value> = built_in.into_iter().chain(counted).collect();
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
