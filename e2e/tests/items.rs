//! Collections and items: the landing page, paging, boxes, times and filters.

use gridbeat_e2e::{Server, town};
use serde_json::Value;
use std::collections::BTreeSet;

/// The codes of a page's features, in order.
fn codes(page: &Value) -> Vec<String> {
    let features = page["features"].as_array().unwrap_or_else(|| panic!("no features in {page}"));
    features.iter().map(|f| f["properties"]["code"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The link of a relation, as a path on this server.
fn link(server: &Server, page: &Value, rel: &str) -> Option<String> {
    let link = page["links"].as_array()?.iter().find(|l| l["rel"] == rel)?;
    let href = link["href"].as_str().unwrap();
    Some(
        href.strip_prefix(server.base())
            .unwrap_or_else(|| panic!("{href} leaves {}", server.base()))
            .to_owned(),
    )
}

/// Every feature from a first page on, by its `next` links.
fn follow(server: &Server, first: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut path = Some(first.to_owned());
    while let Some(p) = path {
        let page = server.get(&p).is(200).json();
        let features = page["features"].as_array().unwrap().clone();
        assert_eq!(page["numberReturned"], features.len(), "numberReturned of {p}");
        all.extend(features);
        assert!(all.len() < 1000, "the pages of {first} never end");
        path = link(server, &page, "next");
    }
    all
}

#[test]
fn the_landing_page_leads_to_every_item() {
    let g = town::built();
    let server = g.serve();
    let api = server.get("/api").is(200).json();
    for rel in ["self", "conformance", "data", "service-desc"] {
        let path = link(&server, &api, rel).unwrap_or_else(|| panic!("no link {rel} in {api}"));
        server.get(&path).is(200);
    }
    let conformance = server.get("/api/conformance").is(200).json();
    let classes = conformance["conformsTo"].to_string();
    for class in ["ogcapi-features-1/1.0/conf/core", "ogcapi-features-1/1.0/conf/geojson"] {
        assert!(classes.contains(class), "{class} is not among {classes}");
    }
    let collections = server.get("/api/collections").is(200).json();
    let ids: BTreeSet<&str> =
        collections["collections"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(ids, BTreeSet::from(["addresses", "beats", "grids", "incidents", "pieces", "staff"]));
    for id in ids {
        let one = server.get(&format!("/api/collections/{id}")).is(200).json();
        assert_eq!(one["id"], id);
        let items = link(&server, &one, "items").unwrap_or_else(|| panic!("no items in {one}"));
        let page = server.get(&items).is(200);
        assert!(page.header("content-type").unwrap().starts_with("application/geo+json"));
        let page = page.json();
        assert_eq!(page["type"], "FeatureCollection");
        let first = &page["features"][0];
        let again = server.get(&format!("/api/collections/{id}/items/{}", item_id(first))).is(200).json();
        assert_eq!(again["properties"], first["properties"], "one item and the same in a page");
    }
    server.stop();
}

/// What stands behind `/items/` for a feature: pieces have text ids, all else numbers.
fn item_id(feature: &Value) -> String {
    match &feature["id"] {
        Value::String(text) => text.replace('%', "%25"),
        other => other.to_string(),
    }
}

#[test]
fn following_next_gives_every_row_once() {
    let g = town::built();
    let server = g.serve();
    for (collection, rows) in
        [("grids", 8), ("beats", 5), ("addresses", 6), ("incidents", 5), ("staff", 5), ("pieces", 8)]
    {
        for limit in [1, 2, 3, 100] {
            let all = follow(&server, &format!("/api/collections/{collection}/items?limit={limit}"));
            let distinct: BTreeSet<String> = all.iter().map(item_id).collect();
            assert_eq!(all.len(), rows, "{collection} by {limit}");
            assert_eq!(distinct.len(), rows, "{collection} by {limit}: a row came twice");
        }
    }
    // Filters stay in force on the following pages.
    let closed = follow(&server, "/api/collections/incidents/items?state=closed&limit=1");
    assert_eq!(closed.len(), 2);
    assert!(closed.iter().all(|f| f["properties"]["state"] == "closed"));
    server.stop();
}

#[test]
fn limits_are_clamped_not_refused() {
    let g = town::built();
    let server = g.serve();
    let page = server.get("/api/collections/addresses/items?limit=99999999999999999999").is(200).json();
    assert_eq!(page["numberReturned"], 6);
    server.get("/api/collections/addresses/items?limit=0").problem(400, "limit");
    server.get("/api/collections/addresses/items?limit=-1").problem(400, "limit");
    server.stop();
}

#[test]
fn a_box_selects_what_it_touches() {
    let g = town::built();
    let server = g.serve();
    let items = |query: &str| server.get(&format!("/api/collections/{query}")).is(200).json();
    let page = items("addresses/items?bbox=120.30,31.50,120.31,31.51");
    assert_eq!(codes(&page), ["A1", "A2"]);
    assert_eq!(page["numberMatched"], 2);
    assert_eq!(items("addresses/items?bbox=0,0,1,1")["numberMatched"], 0);
    // A box that crosses the antimeridian holds everything east of its west edge.
    assert_eq!(items("addresses/items?bbox=120.31,31.50,-120,31.52")["numberMatched"], 3);
    // Six numbers: heights are there and mean nothing.
    assert_eq!(items("addresses/items?bbox=120.30,31.50,0,120.31,31.51,99")["numberMatched"], 2);
    // Areas: the box lies in grid 002, and on both sides of the border of the beats.
    let grids = items("grids/items?bbox=120.314,31.503,120.316,31.504");
    assert!(codes(&grids).contains(&town::GRIDS[1].to_owned()), "{grids}");
    assert!(!codes(&grids).contains(&town::GRIDS[0].to_owned()), "{grids}");
    let beats = items("beats/items?bbox=120.314,31.503,120.316,31.504");
    assert!(codes(&beats).contains(&"B1".to_owned()) && codes(&beats).contains(&"B2".to_owned()), "{beats}");
    server.stop();
}

#[test]
fn times_select_incidents() {
    let g = town::built();
    let server = g.serve();
    let found = |datetime: &str| {
        codes(&server.get(&format!("/api/collections/incidents/items?datetime={datetime}")).is(200).json())
    };
    assert_eq!(found("2026-06-03T02:30:00Z"), ["I3"], "an instant, in another zone");
    assert_eq!(found("2026-06-02T00:00:00Z/2026-06-03T23:00:00Z"), ["I2", "I3"]);
    assert_eq!(found("../2026-06-01T23:00:00Z"), ["I1"]);
    assert_eq!(found("2026-06-04T12:00:00Z/.."), ["I4", "I5"], "both ends belong to it");
    server.stop();
}

#[test]
fn properties_filter() {
    let g = town::built();
    let server = g.serve();
    let found = |query: &str| codes(&server.get(&format!("/api/collections/{query}")).is(200).json());
    assert_eq!(found("incidents/items?state=closed"), ["I2", "I4"]);
    assert_eq!(found("incidents/items?state=closed&category=dispute"), ["I4"]);
    assert_eq!(found(&format!("incidents/items?grid={}", town::GRIDS[1])), ["I3"]);
    assert_eq!(found("incidents/items?beat=B2"), ["I3", "I5"]);
    assert_eq!(found("grids/items?level=community"), ["320213025001"]);
    assert_eq!(
        found(
            "addresses/items?text=%E7%A4%BA%E4%BE%8B%E5%8C%BA%E8%A7%82%E5%B1%B1%E8%A1%97%E9%81%93%E8%A7%82%E5%B1%B1%E8%B7%AF2%E5%8F%B7"
        ),
        ["A2"]
    );
    assert_eq!(found("staff/items?side=police"), ["P1", "P2"]);
    server.stop();
}

#[test]
fn the_counts_of_the_hand_checked_town() {
    let g = town::built();
    let server = g.serve();
    let of = |collection: &str, code: &str| {
        let page = server.get(&format!("/api/collections/{collection}/items?code={code}")).is(200).json();
        let p = &page["features"][0]["properties"];
        [&p["addresses"], &p["residents"], &p["incidents_open"]]
            .map(|v| v.as_u64().unwrap_or_else(|| panic!("{p}")))
    };
    assert_eq!(of("grids", town::GRIDS[0]), [2, 4, 1]);
    assert_eq!(of("grids", town::GRIDS[1]), [2, 3, 1]);
    assert_eq!(of("grids", town::GRIDS[2]), [1, 1, 0]);
    assert_eq!(of("grids", town::GRIDS[3]), [1, 1, 0]);
    assert_eq!(of("beats", "B1"), [4, 6, 1]);
    // A6 lies in grid 004, where no beat is; I5 in B2, where no grid is.
    assert_eq!(of("beats", "B2"), [1, 2, 2]);
    // A parent counts what its children count.
    assert_eq!(of("grids", "320213025001"), [6, 9, 2]);
    server.stop();
}

#[test]
fn residents_names_and_phones_are_not_served() {
    let g = town::built();
    let server = g.serve();
    server.get("/api/collections/residents").problem(404, "not");
    server.get("/api/collections/residents/items").problem(404, "not");
    let staff = server.get("/api/collections/staff/items").is(200).text();
    assert!(!staff.contains("示例") && !staff.contains("190-0000"), "{staff}");
    server.stop();
}

#[test]
fn csv_comes_when_asked_for() {
    let g = town::built();
    let server = g.serve();
    for reply in [
        server.get("/api/collections/addresses/items?f=csv").is(200),
        server.request("GET", "/api/collections/addresses/items").header("accept", "text/csv").send().is(200),
    ] {
        assert!(reply.header("content-type").unwrap().starts_with("text/csv"));
        let text = reply.text();
        assert_eq!(text.lines().count(), 7, "{text}");
        assert!(
            text.lines()
                .next()
                .unwrap()
                .contains("code,text,residents,dwellings,organisations,grid,beat,piece")
        );
    }
    server.stop();
}
