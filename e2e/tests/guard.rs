//! Who may talk to the server, and how it says no.

use gridbeat_e2e::{Gridbeat, town};
use serde_json::json;

#[test]
fn foreign_hosts_and_origins_are_refused() {
    let g = town::built();
    let server = g.serve();
    let get = |name: &str, value: &str| server.request("GET", "/api/collections").header(name, value).send();
    let port = server.base().rsplit(':').next().unwrap().to_owned();
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1:1",
        &format!("127.0.0.1.evil.example:{port}"),
    ] {
        get("host", host).problem(403, "host");
    }
    get("host", &format!("localhost:{port}")).is(200);
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1", &format!("https://127.0.0.1:{port}")]
    {
        get("origin", origin).problem(403, "origin");
    }
    get("origin", server.base()).is(200);
    // Every kind of path is guarded: pages, tiles, streams, health, writes.
    for path in
        ["/", "/tiles/grid.json", "/styles/light.json", "/api/stream", "/healthz", "/metrics", "/no/such"]
    {
        server.request("GET", path).header("host", "evil.example").send().problem(403, "host");
    }
    let feature = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.3, 31.5]}, "properties": {"category": "x"}});
    server
        .request("POST", "/api/collections/incidents/items")
        .header("origin", "http://evil.example")
        .geojson(&feature)
        .send()
        .problem(403, "origin");
    server.stop();
}

#[test]
fn the_client_is_told_to_stay_here() {
    let g = town::built();
    let server = g.serve();
    let page = server.get("/").is(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let policy = page.header("content-security-policy").expect("a content security policy");
    assert!(policy.contains("default-src 'self'") && !policy.contains("http"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let html = page.text();
    for word in ["http://", "https://", "src=\"//"] {
        assert!(!html.contains(word), "the page names another origin ({word}):\n{html}");
    }
    server.stop();
}

#[test]
fn only_loopback_is_listened_on() {
    let g = town::built();
    for address in [
        "0.0.0.0:0",
        "[::]:0",
        "192.0.2.1:8080",
        "example.com:80",
        "127.0.0.1",
        "127.0.0.1:99999",
        "nonsense",
    ] {
        let run = g.run("serve", &["--listen", address]);
        assert!(run.code == 1 || run.code == 2, "{address}:\n{run}");
        assert!(run.said(address) || run.said("loopback"), "{address}:\n{run}");
    }
}

#[test]
fn health_readiness_and_metrics() {
    let g = town::built();
    let server = g.serve();
    server.get("/healthz").is(200);
    server.get("/readyz").is(200);
    server.get("/api/collections/grids/items").is(200);
    let metrics = server.get("/metrics").is(200);
    assert!(metrics.header("content-type").unwrap().starts_with("text/plain"));
    let text = metrics.text();
    assert!(text.contains("# TYPE") && text.contains("http"), "{text}");
    server.stop();
}

#[test]
fn the_api_describes_itself() {
    let g = town::built();
    let server = g.serve();
    let api = server.get("/api/openapi.json").is(200).json();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"), "{}", api["openapi"]);
    let paths = api["paths"].as_object().unwrap();
    // Paths are those below the landing page, where clients of OGC APIs look for them.
    assert_eq!(api["servers"][0]["url"], format!("{}/api", server.base()));
    for path in ["/", "/locate", "/search", "/collections", "/stream"] {
        assert!(paths.contains_key(path), "{path} is not described");
    }
    assert_eq!(paths["/tiles/{layers}/{z}/{x}/{y}"]["servers"][0]["url"], server.base());
    // Self-contained: every reference is inside the document and leads somewhere.
    let text = api.to_string();
    for reference in text.split("\"$ref\":\"").skip(1).map(|t| t.split('"').next().unwrap()) {
        let pointer =
            reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leaves the document"));
        assert!(api.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    server.stop();
}

#[test]
fn a_store_that_is_not_there_is_not_served() {
    let g = Gridbeat::new();
    let run = g.run("serve", &["--listen", "127.0.0.1:0"]);
    assert!(run.code == 1 || run.code == 3, "{run}");
    assert!(run.said("city.gpkg"), "{run}");
    assert!(!std::path::Path::new(g.store()).exists(), "serving made a store");
}
