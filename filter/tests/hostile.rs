//! Whatever is given, an answer comes back.

#![allow(clippy::unwrap_used)]

mod common;

use common::{House, Plain, compile, queryables};
use gridbeat_filter::{Filter, Schema, parse_json_text};
use proptest::prelude::*;

/// Words of the language in any order: most make no sense, and some do.
fn soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "name",
        "floors",
        "height",
        "pool",
        "built",
        "seen",
        "tags",
        "geometry",
        "nothing",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        ",",
        "=",
        "<>",
        "<",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "div",
        "LIKE",
        "BETWEEN",
        "IN",
        "IS",
        "NULL",
        "TRUE",
        "'a'",
        "1",
        "2.5",
        "DATE('2026-05-01')",
        "TIMESTAMP('2026-05-01T00:00:00Z')",
        "INTERVAL('..', '2026-05-01')",
        "BBOX(1,1,5,5)",
        "POINT(5 5)",
        "POLYGON((0 0,9 0,9 9,0 0))",
        "CASEI(",
        "S_WITHIN(",
        "S_CROSSES(",
        "T_DURING(",
        "A_OVERLAPS(",
        "foo(",
        "'",
        "\"",
    ]);
    prop::collection::vec(words, 1..20).prop_map(|w| w.join(" "))
}

proptest! {
    #[test]
    fn soup_of_words(text in soup()) {
        if let Ok(filter) = compile(&text) {
            filter.matcher().matches(&House);
        }
    }

    #[test]
    fn any_text(text in "\\PC{0,60}") {
        let _ = compile(&text);
    }

    #[test]
    fn any_json(op in "[a-z_]{1,12}|and|or|not|in|=|like|between|isNull|s_within|t_during|a_contains", args in prop::sample::select(vec![
        "[]", "[1]", "[[],[]]", "[{\"property\":\"name\"},[\"a\"]]", "[{\"op\":\"+\",\"args\":[1,2]},3]", "null", "{}",
        "[{\"property\":\"geometry\"},{\"type\":\"Point\",\"coordinates\":[]}]",
        "[{\"property\":\"geometry\"},{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1]]]}]",
        "[{\"interval\":[\"..\",\"..\"]},{\"interval\":[\"2026\",1]}]", "[{\"bbox\":[1,2]},{\"property\":\"geometry\"}]",
    ])) {
        let text = format!("{{\"op\":\"{op}\",\"args\":{args}}}");
        if let Ok(node) = parse_json_text(&text) {
            let queryables = queryables();
            if let Ok(filter) = Filter::compile(&node, &Schema { queryables: &queryables, placing: &Plain }) {
                filter.matcher().matches(&House);
            }
        }
    }

    /// Lines and polygons of any four positions: whatever they are, relating them does not fail.
    #[test]
    fn any_geometry(at in prop::collection::vec((0_i32..12, 0_i32..12), 4), relation in prop::sample::select(vec![
        "S_WITHIN", "S_CONTAINS", "S_CROSSES", "S_TOUCHES", "S_OVERLAPS", "S_EQUALS", "S_INTERSECTS", "S_DISJOINT",
    ])) {
        let list: Vec<String> = at.iter().chain(at.first()).map(|(x, y)| format!("{x} {y}")).collect();
        let list = list.join(", ");
        for shape in [format!("LINESTRING({list})"), format!("POLYGON(({list}))"), format!("MULTIPOINT({list})")] {
            for text in [format!("{relation}(geometry, {shape})"), format!("{relation}({shape}, geometry)")] {
                if let Ok(filter) = compile(&text) {
                    filter.matcher().matches(&House);
                }
            }
        }
    }
}
