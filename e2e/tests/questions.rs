//! How near, how many, and which: nearest, summary and within over the sample that can be checked by hand.

use gridbeat_e2e::{Gridbeat, Server, town};
use serde_json::{Value, json};

/// The store lives as long as the first of the two.
fn serve() -> (Gridbeat, Server) {
    let g = Gridbeat::new();
    town::import_from(&g, &gridbeat_oracle::repository().join("data/sample"));
    let server = g.serve();
    (g, server)
}

fn codes(page: &Value) -> Vec<String> {
    let features = page["features"].as_array().unwrap();
    features.iter().map(|f| f["properties"]["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_nearest_come_first() {
    let (_store, server) = serve();
    let nearest =
        |query: &str| server.get(&format!("/api/nearest?lon=120.307&lat=31.5721&{query}")).is(200).json();
    // Address 3 stands 0.0001° south of the place, address 2 0.0029° north of it.
    let page = nearest("k=2");
    assert_eq!(codes(&page), ["320213000000003", "320213000000002"]);
    let metres = |i: usize| page["features"][i]["properties"]["distance_m"].as_f64().unwrap();
    assert!(
        (metres(0) - 11.09).abs() < 0.02 && (metres(1) - 321.6).abs() < 0.3,
        "{} {}",
        metres(0),
        metres(1)
    );
    // An incident there; of those that are still open and came in on the first of July, the theft is nearest.
    assert_eq!(codes(&nearest("collection=incidents&k=1")), ["32022026063000002"]);
    let july = "collection=incidents&k=1&open=true&datetime=2026-07-01T00:00:00%2B08:00/..";
    assert_eq!(codes(&nearest(july)), ["32022026070100004"]);
    assert_eq!(codes(&nearest("collection=incidents&k=1&category=flood,noise")), ["32022026062800001"]);
    // Who of which side is nearest, on duty.
    assert_eq!(codes(&nearest("k=1&side=grid")), ["320210000001"]);
    assert_eq!(codes(&nearest("k=1&side=police")), ["320220000006"]);
    assert_eq!(codes(&nearest("side=police&on_duty=false")), Vec::<String>::new());
    assert_eq!(
        nearest("k=1&side=police")["features"][0]["properties"].get("name"),
        None,
        "no names on the map"
    );
    for bad in ["k=0", "collection=grids", "side=street", "collection=incidents&state=lost", "on_duty=true"] {
        server.get(&format!("/api/nearest?lon=120.307&lat=31.5721&{bad}")).is(400);
    }
    server.get("/api/nearest?lat=31.5").is(400);
    server.stop();
}

/// Rows by their first column.
fn groups(server: &Server, query: &str) -> Vec<Value> {
    server.get(&format!("/api/summary?{query}")).is(200).json()["groups"].as_array().unwrap().clone()
}

#[test]
fn counts_by_area_and_piece_add_up() {
    let (_store, server) = serve();
    for query in ["by=grid", "by=beat", "by=piece", "by=grid&level=community"] {
        let groups = groups(&server, query);
        let sum = |column: &str| groups.iter().map(|g| g[column].as_u64().unwrap()).sum::<u64>();
        let all =
            ["addresses", "residents", "dwellings", "organisations", "incidents", "incidents_open", "staff"];
        assert_eq!(all.map(sum), [10, 20, 8, 2, 5, 4, 7], "{query}");
    }
    let by_grid = groups(&server, "by=grid");
    let row = |code: Value| by_grid.iter().find(|g| g["code"] == code).unwrap().clone();
    // Address 10, the flood there and nobody of the staff are in no grid.
    let outside = row(Value::Null);
    assert_eq!(
        [&outside["addresses"], &outside["residents"], &outside["incidents"], &outside["staff"]],
        [1, 1, 1, 0]
    );
    let third = row(json!("320213001001003"));
    assert_eq!([&third["addresses"], &third["residents"], &third["incidents"]], [3, 9, 1]);
    let piece = groups(&server, "by=piece&within=320213501Q02");
    let only: u64 = piece.iter().map(|g| g["residents"].as_u64().unwrap()).sum();
    assert_eq!(only, 9);
    let csv = server.get("/api/summary?by=beat&f=csv").is(200).text();
    assert!(csv.starts_with("code,name,level,addresses,residents,"), "{csv}");
    server.get("/api/summary?by=street").is(400);
    server.get("/api/summary?by=beat&level=community").is(400);
    server.stop();
}

#[test]
fn incidents_over_time_go_by_the_clocks_asked_for() {
    let (_store, server) = serve();
    let starts = |query: &str| {
        let mut all: Vec<(String, u64)> = groups(&server, query)
            .iter()
            .map(|g| (g["start"].as_str().unwrap().to_owned(), g["incidents"].as_u64().unwrap()))
            .collect();
        all.sort();
        all
    };
    let day = |d: &str, n: u64| (format!("2026-{d}T00:00:00+08:00"), n);
    // One community has all grids; the flood lies in none.
    assert_eq!(
        starts("by=grid&level=community&interval=day"),
        [day("06-28", 1), day("06-30", 2), day("07-01", 1), day("07-01", 1)]
    );
    // Weeks begin on Monday: the 28th of June 2026 is a Sunday.
    assert_eq!(starts("by=beat&level=station&interval=week"), [day("06-22", 1), day("06-29", 4)]);
    // By London's clocks of that winter 07:45 in China is still the day before.
    let utc = starts("by=beat&level=station&interval=day&tz=%2B00:00&category=theft");
    assert_eq!(utc, [("2026-06-30T00:00:00+00:00".to_owned(), 1)]);
    server.get("/api/summary?by=beat&interval=month").is(400);
    server.get("/api/summary?by=beat&interval=day&tz=Shanghai").is(400);
    server.stop();
}

#[test]
fn cells_hold_everything_once() {
    let (_store, server) = serve();
    for path in ["square?size=300", "hexagon?size=300", "hexagon?size=40&f=json"] {
        let page = server.get(&format!("/api/raster/{path}")).is(200).json();
        let cells = page["features"].as_array().unwrap();
        assert_eq!(page["numberMatched"], cells.len(), "{path}");
        let sum = |c: &str| cells.iter().map(|f| f["properties"][c].as_u64().unwrap()).sum::<u64>();
        assert_eq!(["addresses", "residents", "incidents", "staff"].map(sum), [10, 20, 5, 7], "{path}");
        let corners = if path.starts_with("square") { 5 } else { 7 };
        for cell in cells {
            assert_eq!(cell["geometry"]["coordinates"][0][0].as_array().unwrap().len(), corners);
        }
    }
    // The cell in which incident 2 lies, about 120.3071, 31.5721.
    let box_ = "bbox=120.3070,31.5720,120.3072,31.5722";
    let one = server.get(&format!("/api/raster/square?size=300&{box_}")).is(200).json();
    let counts = &one["features"][0]["properties"];
    assert_eq!([&counts["addresses"], &counts["residents"], &counts["incidents"]], [1, 0, 1]);
    // Page by page, and as a table.
    let first = server.get("/api/raster/square?size=300&limit=2").is(200);
    let next = first.json()["links"][2]["href"].as_str().unwrap().to_owned();
    let second = server.get(next.strip_prefix(server.base()).unwrap()).is(200).json();
    assert_ne!(first.json()["features"][0]["id"], second["features"][0]["id"]);
    let csv = server.get("/api/raster/square?size=300&f=csv").is(200).text();
    assert!(csv.starts_with("row,col,lon,lat,addresses,residents,"), "{csv}");
    let third = server.get("/api/raster/square?size=300&within=320213001001003").is(200).json();
    let sum: u64 = third["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["properties"]["residents"].as_u64().unwrap())
        .sum();
    assert_eq!(sum, 9);
    server.get("/api/raster/triangle").is(404);
    server.get("/api/raster/square?size=0.5").is(400);
    server.get("/api/raster/square?size=1&colour=red").is(400);
    server.stop();
}

#[test]
fn what_lies_on_drawn_ground_is_told() {
    let (_store, server) = serve();
    let ask = |query: &str, body: &Value| server.post(&format!("/api/within{query}"), body);
    // The square around grid 4 and its school, with a hole where the school stands.
    let ring = |w: f64, s: f64, e: f64, n: f64| json!([[w, s], [e, s], [e, n], [w, n], [w, s]]);
    let square = json!({ "type": "Polygon", "coordinates": [ring(120.300, 31.560, 120.310, 31.570)] });
    let counts = &ask("", &square).is(200).json()["counts"];
    assert_eq!(
        [&counts["addresses"], &counts["residents"], &counts["organisations"], &counts["incidents"]],
        [2, 5, 1, 1]
    );
    let holed = json!({ "type": "Feature", "properties": null, "geometry": { "type": "Polygon", "coordinates":
        [ring(120.300, 31.560, 120.310, 31.570), ring(120.306, 31.564, 120.308, 31.566)] } });
    let answer = ask("?by=grid", &holed).is(200).json();
    assert_eq!([&answer["counts"]["addresses"], &answer["counts"]["staff"]], [1, 0]);
    assert_eq!(answer["groups"].as_array().unwrap().len(), 1);
    assert_eq!(answer["groups"][0]["code"], "320213001001003");
    // Which: page by page.
    let everything = json!({ "type": "MultiPolygon", "coordinates": [[ring(120.0, 31.0, 121.0, 32.0)]] });
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ask(&format!("?collection=addresses&limit=4{cursor}"), &everything).is(200).json();
        assert_eq!(page["numberMatched"], 10);
        seen.extend(codes(&page));
        let Some(next) = page["cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 10);
    assert_eq!(codes(&ask("?collection=staff&side=police", &everything).is(200).json()).len(), 3);
    // Around a point.
    let point = json!({ "type": "Point", "coordinates": [120.307, 31.5721] });
    assert_eq!(ask("?radius=20", &point).is(200).json()["counts"]["addresses"], 1);
    ask("", &point).is(400);
    for bad in [
        json!({ "type": "LineString", "coordinates": [[120.3, 31.5], [120.4, 31.5]] }),
        json!({ "type": "Polygon", "coordinates": [[[120.3, 31.5], [120.4, "x"]]] }),
        json!({ "type": "Polygon", "coordinates": [ring(420.0, 31.0, 421.0, 32.0)] }),
        json!([1, 2]),
        json!({}),
    ] {
        let problem = ask("", &bad).is(400).json();
        assert_eq!(problem["type"], "urn:gridbeat:problem:bad-body", "{bad}: {problem}");
    }
    server.stop();
}
