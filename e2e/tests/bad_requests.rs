//! Requests that must be refused: each with a problem that names the parameter, and nothing changed.

use gridbeat_e2e::{Reply, Server, town};
use serde_json::json;

const ITEMS: &str = "/api/collections/incidents/items";

/// (path, status, what the problem says).
const READS: &[(&str, u16, &str)] = &[
    ("/api/locate", 400, "lon"),
    ("/api/locate?lon=120.3", 400, "lat"),
    ("/api/locate?lon=east&lat=31.5", 400, "lon"),
    ("/api/locate?lon=NaN&lat=31.5", 400, "lon"),
    ("/api/locate?lon=inf&lat=31.5", 400, "lon"),
    ("/api/locate?lon=200&lat=31.5", 400, "180"),
    ("/api/locate?lon=120.3&lat=91", 400, "90"),
    ("/api/locate?lon=120.3&lat=31.5&colour=red", 400, "colour"),
    ("/api/locate?lon=120.3&lon=120.4&lat=31.5", 400, "lon"),
    ("/api/collections?colour=red", 400, "colour"),
    ("/api/collections/none", 404, "none"),
    ("/api/collections/none/items", 404, "none"),
    ("/api/collections/grids/items?bbox=1,2,3", 400, "bbox"),
    ("/api/collections/grids/items?bbox=1,2,3,4,5", 400, "bbox"),
    ("/api/collections/grids/items?bbox=a,b,c,d", 400, "bbox"),
    ("/api/collections/grids/items?bbox=120,32,121,31", 400, "bbox"),
    ("/api/collections/grids/items?bbox=NaN,31,121,32", 400, "bbox"),
    ("/api/collections/grids/items?bbox=-200,31,121,32", 400, "bbox"),
    ("/api/collections/grids/items?bbox=", 400, "bbox"),
    ("/api/collections/incidents/items?datetime=yesterday", 400, "datetime"),
    ("/api/collections/incidents/items?datetime=2026-02-30T00:00:00Z", 400, "datetime"),
    ("/api/collections/incidents/items?datetime=2026-06-02T00:00:00Z/2026-06-01T00:00:00Z", 400, "datetime"),
    ("/api/collections/incidents/items?datetime=2026-06-02T00:00:00Z/x/y", 400, "datetime"),
    ("/api/collections/grids/items?limit=many", 400, "limit"),
    ("/api/collections/grids/items?limit=1.5", 400, "limit"),
    ("/api/collections/grids/items?limit=", 400, "limit"),
    ("/api/collections/grids/items?colour=red", 400, "colour"),
    ("/api/collections/grids/items?residents=few", 400, "residents"),
    ("/api/collections/grids/items?f=exe", 400, "exe"),
    ("/api/collections/grids/items?%FF=1", 400, "UTF-8"),
    ("/api/collections/grids/items/abc", 404, "abc"),
    ("/api/collections/grids/items/99", 404, "99"),
    ("/api/collections/grids/items/99999999999999999999999", 404, "99"),
    ("/api/crosswalk?level=beat", 400, "community"),
    ("/api/crosswalk?beat_level=grid", 400, "station"),
    ("/api/crosswalk?level=", 400, "level"),
    ("/api/crosswalk?limit=0", 400, "limit"),
    ("/api/crosswalk?cursor=zzz", 400, "cursor"),
    ("/api/crosswalk?f=fgb", 400, "fgb"),
    ("/api/crosswalk?colour=red", 400, "colour"),
    ("/api/collections/beats/neighbours?level=grid", 400, "station"),
    ("/api/collections/pieces/neighbours?level=grid", 400, "level"),
    ("/api/collections/staff/neighbours", 404, "staff"),
    ("/api/collections/none/neighbours", 404, "none"),
    ("/api/collections/grids/items/99/neighbours", 404, "99"),
    ("/api/collections/incidents/items/99/neighbours", 404, "incidents"),
    ("/api/search", 400, "q"),
    ("/api/search?q=x&limit=some", 400, "limit"),
    ("/api/search?q=x&bbox=1", 400, "bbox"),
    ("/api/stream?collection=none", 400, "collection"),
    ("/api/nothing/here", 404, "not"),
    ("/..%2f..%2fetc/passwd", 404, "not"),
    ("/assets/../../Cargo.toml", 404, "not"),
];

#[test]
fn reads() {
    let g = town::built();
    let server = g.serve();
    for (path, status, word) in READS {
        let problem = server.get(path).problem(*status, word);
        if *status == 400 {
            let errors = problem.json()["errors"].clone();
            assert!(errors.as_array().is_some_and(|e| !e.is_empty()), "no parameter is named in\n{problem}");
        }
    }
    server.stop();
}

/// Every body that cannot become an incident: (what it is, body, what the problem says).
fn bodies() -> Vec<(&'static str, String, &'static str)> {
    let feature = |geometry: &str, properties: &str| {
        format!(r#"{{"type":"Feature","geometry":{geometry},"properties":{properties}}}"#)
    };
    let point = r#"{"type":"Point","coordinates":[120.3005,31.5005]}"#;
    let noise = r#"{"category":"noise"}"#;
    vec![
        ("nothing", String::new(), ""),
        ("no JSON", "{nonsense".into(), "JSON"),
        ("a list", "[]".into(), "Feature"),
        ("a number", "7".into(), "Feature"),
        ("a bare geometry", point.into(), "Feature"),
        (
            "a collection",
            format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, feature(point, noise)),
            "Feature",
        ),
        ("no geometry", feature("null", noise), "geometry"),
        (
            "an area",
            feature(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#, noise),
            "Point",
        ),
        ("one coordinate", feature(r#"{"type":"Point","coordinates":[120.3]}"#, noise), "coordinates"),
        (
            "words for coordinates",
            feature(r#"{"type":"Point","coordinates":["a","b"]}"#, noise),
            "coordinates",
        ),
        ("too far east", feature(r#"{"type":"Point","coordinates":[200,31]}"#, noise), "180"),
        ("infinitely far", feature(r#"{"type":"Point","coordinates":[1e999,31]}"#, noise), ""),
        ("no properties", feature(point, "null"), "category"),
        ("no category", feature(point, "{}"), "category"),
        ("a category that is a number", feature(point, r#"{"category":5}"#), "category"),
        ("an empty category", feature(point, r#"{"category":""}"#), "category"),
        ("an unknown risk", feature(point, r#"{"category":"noise","risk":"pink"}"#), "risk"),
        ("an unknown source", feature(point, r#"{"category":"noise","source":"rumour"}"#), "source"),
        ("a deep nest", "[".repeat(500_000), ""),
        ("a code that is a list", feature(point, r#"{"category":"noise","code":[1]}"#), "code"),
    ]
}

#[test]
fn bodies_of_incidents() {
    let g = town::built();
    let before = g.checksum();
    let server = g.serve();
    for (what, body, word) in bodies() {
        let reply = server.request("POST", ITEMS).body("application/geo+json", body).send();
        assert_eq!(reply.status, 400, "{what}: {reply}");
        reply.problem(400, word);
    }
    server
        .request("POST", ITEMS)
        .body("application/geo+json", b"\xff\xfe{}".to_vec())
        .send()
        .problem(400, "");
    server.request("POST", ITEMS).body("text/plain", "noise at the lake").send().problem(415, "json");
    let known = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3, 31.5]},
        "properties": {"category": "noise", "code": "I1"}});
    server.post(ITEMS, &known).problem(409, "I1");
    assert_eq!(g.checksum(), before);
    server.stop();
}

#[test]
fn methods_and_preconditions() {
    let g = town::built();
    let before = g.checksum();
    let server = g.serve();
    let first = server.get(ITEMS).json()["features"][0]["id"].clone();
    let path = format!("{ITEMS}/{first}");
    let send = |method: &str, path: &str| -> Reply { server.request(method, path).send() };
    for (method, path) in [
        ("DELETE", ITEMS),
        ("PUT", ITEMS),
        ("POST", "/api/collections"),
        ("POST", "/healthz"),
        ("DELETE", "/api/locate"),
        ("POST", "/tiles/grid/1/1/1"),
    ] {
        let refused = send(method, path).problem(405, "allow");
        assert!(refused.header("allow").is_some(), "no Allow in {refused}");
    }
    send("DELETE", &path).problem(428, "If-Match");
    server.request("DELETE", &path).header("if-match", "\"old\"").send().problem(412, "changed");
    server.request("DELETE", &format!("{ITEMS}/1")).header("if-match", "\"old\"").send().problem(404, "not");
    let patch = |body: &str, kind: &str| {
        let etag = server.get(&path).header("etag").unwrap().to_owned();
        server.request("PATCH", &path).header("if-match", &etag).body(kind, body).send()
    };
    patch("{nonsense", "application/merge-patch+json").problem(400, "JSON");
    patch(r#"{"properties":{"state":"sleeping"}}"#, "application/merge-patch+json").problem(400, "state");
    patch(r#"{"properties":{"category":null}}"#, "application/merge-patch+json").problem(400, "category");
    patch(r#"{"geometry":null}"#, "application/merge-patch+json").problem(400, "geometry");
    patch("state=closed", "application/x-www-form-urlencoded").problem(415, "json");
    assert_eq!(g.checksum(), before);
    server.stop();
}

#[test]
fn bulk_locate() {
    let g = town::built();
    let server = g.serve();
    let post =
        |kind: &str, body: &str| server.request("POST", "/api/locate").body(kind, body.as_bytes()).send();
    post("application/zip", "PK").problem(415, "csv");
    post("text/csv", "a,b\n1,2\n").problem(400, "lon");
    post("text/csv", "").problem(400, "");
    post("application/geo+json", "{nonsense").problem(400, "JSON");
    server.stop();
}

#[test]
fn too_much_is_413() {
    let g = town::built();
    let before = g.checksum();
    let server: Server = g.serve();
    // Announced, not sent: the server need not read it to know.
    let reply = server
        .request("POST", ITEMS)
        .header("content-type", "application/geo+json")
        .header("content-length", "5000000000")
        .send_announced();
    assert_eq!(reply, 413);
    assert_eq!(g.checksum(), before);
    server.stop();
}
