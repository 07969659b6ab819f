//! Paths that answer how grounds relate: what grids and beats have in common, and who borders whom.

use super::{content, operation, query, shared};
use crate::http::{
    crosswalk::COLUMNS,
    mismatch::COLUMNS as MISMATCH,
    neighbours::{AREA_PAIRS, OF_AREA, OF_PIECE, PIECE_PAIRS},
};
use gridbeat_onemap::record::{Level, Side};
use serde_json::{Map, Value, json};

pub fn paths() -> Value {
    let text = json!({ "type": "string" });
    let crosswalk = [
        query("level", "Level of the grid's side; the areas that are drawn when absent", &levels(Side::Grid)),
        query(
            "beat_level",
            "Level of the beat's side; the areas that are drawn when absent",
            &levels(Side::Beat),
        ),
        query(
            "grid",
            "Only this grid (its code) and those below it; empty: only ground that has none",
            &text,
        ),
        query(
            "beat",
            "Only this beat (its code) and those below it; empty: only ground that has none",
            &text,
        ),
        shared("limit"),
        shared("cursor"),
        shared("fTable"),
    ];
    let any_level = json!({ "enum": Level::ALL.iter().map(|l| l.as_str()).collect::<Vec<_>>() });
    let mismatch = [
        query("layer", "Whose areas are ranked; grid when absent", &json!({ "enum": ["grid", "beat"] })),
        query("level", "Their level; the areas that are drawn when absent", &any_level),
        query("other_level", "The level of the other side; the areas that are drawn when absent", &any_level),
        query("within", "Only this area (its code) and those below it", &text),
        query(
            "by",
            "What comes first: the greatest share cut off (of residents, or of ground where nobody lives), \
             the most residents, the most ground; share when absent",
            &json!({ "enum": ["share", "residents", "area"] }),
        ),
        shared("limit"),
        shared("cursor"),
        shared("fTable"),
    ];
    let all = [
        shared("groundId"),
        query(
            "level",
            "Areas of this level; the areas that are drawn when absent. Not for pieces",
            &any_level,
        ),
        shared("limit"),
        shared("cursor"),
        shared("fTable"),
    ];
    let one = [shared("groundId"), shared("featureId"), shared("fTable")];
    json!({
        "/api/crosswalk": {
            "get": operation("crosswalk", "What each grid and each beat have in common, with shares of both by area, addresses and residents",
                &crosswalk, None, table("By grid, then by beat, none first; a link with rel=next leads on", "pairs", &[COLUMNS])),
        },
        "/api/mismatch": {
            "get": operation("mismatch", "Areas of one side, ranked by how badly those of the other cut them", &mismatch, None,
                table("The worst first. main: who on the other side has most of its residents, or of its ground where nobody \
                    lives; cut: the share that main does not have; a link with rel=next leads on", "areas", &[MISMATCH])),
        },
        "/api/collections/{collectionId}/items/{featureId}/neighbours": {
            "get": operation("neighbours", "Who borders an area (of its own level) or a piece", &one, None,
                table("The longest common border first; 0 metres: they touch in a point. open_m: metres of border to nobody's ground",
                    "neighbours", &[OF_AREA, OF_PIECE])),
        },
        "/api/collections/{collectionId}/neighbours": {
            "get": operation("neighbourPairs", "Every pair of neighbours once", &all, None,
                table("0 metres: they touch in a point; a link with rel=next leads on", "pairs", &[AREA_PAIRS, PIECE_PAIRS])),
        },
    })
}

fn levels(side: Side) -> Value {
    let of_side: Vec<_> = Level::ALL.iter().filter(|l| l.side() == side).map(|l| l.as_str()).collect();
    json!({ "enum": of_side })
}

/// Rows of one of these shapes, as JSON or CSV.
fn table(description: &str, name: &str, shapes: &[&[&str]]) -> Value {
    let mut rows: Vec<Value> = shapes.iter().map(|columns| row(columns)).collect();
    let items = if rows.len() == 1 { rows.remove(0) } else { json!({ "anyOf": rows }) };
    let page = json!({
        "type": "object", "required": [name, "numberMatched", "numberReturned", "links"],
        "properties": {
            name: { "type": "array", "items": items },
            "open_m": { "type": "number" },
            "numberMatched": { "type": "integer" }, "numberReturned": { "type": "integer" },
            "links": { "type": "array", "items": { "$ref": "#/components/schemas/Link" } },
        },
    });
    let mut answer = content(description, "application/json", &page);
    answer["content"]["text/csv"] = json!({ "schema": { "type": "string" } });
    json!({ "200": answer })
}

fn row(columns: &[&str]) -> Value {
    let kind = |column: &str| match column {
        "fid" | "neighbour_fid" | "addresses" | "residents" | "rank" | "residents_cut" | "addresses_cut"
        | "incidents_open_cut" | "counterparts" | "slivers" => json!({ "type": "integer" }),
        "area_m2" | "area_m2_cut" | "area_m2_uncovered" | "border_m" | "cut" => json!({ "type": "number" }),
        c if c.contains("share_of") => json!({ "type": ["number", "null"], "minimum": 0, "maximum": 1 }),
        "level" | "neighbour" | "neighbour_code" => json!({ "type": "string" }),
        _ => json!({ "type": ["string", "null"] }),
    };
    let properties: Map<_, _> = columns.iter().map(|c| ((*c).to_owned(), kind(c))).collect();
    json!({ "type": "object", "properties": properties })
}
