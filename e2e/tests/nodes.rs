//! Several nodes on one PostGIS: the same answers, each other's writes, restarts of either side.

use gridbeat_e2e::{Gridbeat, Server, postgres::Postgres, town};
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    time::{Duration, Instant},
};

const ITEMS: &str = "/api/collections/incidents/items";

fn incident(i: usize) -> Value {
    let place = [120.3005 + 0.0002 * (i % 90) as f64, 31.5005 + 0.0002 * (i % 70) as f64];
    json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": place}, "properties": {"category": "noise"}})
}

/// Everything that two nodes must agree on: tiles to the byte, answers without the links, which name the server.
fn told(server: &Server) -> Vec<(String, Vec<u8>)> {
    let tiles = [
        "/tiles/grid,beat,piece/13/6833/3339",
        "/tiles/incident/12/3416/1669",
        "/tiles/address,incident/14/13667/6680",
    ];
    let answers = [
        ("/api/summary?by=piece".to_owned(), "groups"),
        ("/api/summary?by=grid".to_owned(), "groups"),
        ("/api/crosswalk".to_owned(), "pairs"),
        (format!("{ITEMS}?limit=10000"), "features"),
    ];
    let mut all: Vec<_> = tiles.iter().map(|path| ((*path).to_owned(), server.get(path).content())).collect();
    for (path, member) in answers {
        let mut rows = server.get(&path).is(200).json()[member].take();
        for row in rows.as_array_mut().unwrap() {
            row.as_object_mut().unwrap().remove("links");
        }
        all.push((path, rows.to_string().into_bytes()));
    }
    all
}

/// Two nodes agree; else what they do not agree on.
#[track_caller]
fn assert_agree(one: &Server, two: &Server) {
    let (a, b) = (told(one), told(two));
    let differ: Vec<_> = a.iter().zip(&b).filter(|(a, b)| a != b).map(|((path, _), _)| path).collect();
    assert!(differ.is_empty(), "the nodes differ in {differ:?}");
}

fn change(server: &Server) -> u64 {
    server.get("/readyz").is(200).json()["change"].as_u64().unwrap()
}

/// Waits until something is so.
#[track_caller]
fn eventually(what: &str, within: Duration, mut so: impl FnMut() -> bool) {
    let end = Instant::now() + within;
    while !so() {
        assert!(Instant::now() < end, "{what}: not within {within:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_write_is_seen_on_the_other_node_at_once() {
    let postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("town"));
    town::import_into(&p);
    let (one, two) = (p.serve(), p.serve());
    let mut took = Vec::new();
    for i in 0..15 {
        let made = one.post(ITEMS, &incident(i)).is(201).feature();
        let answered = Instant::now();
        let path = format!("{ITEMS}/{}", made["id"]);
        while two.get(&path).status != 200 {
            assert!(answered.elapsed() < Duration::from_secs(5), "the other node never saw {path}");
        }
        took.push(answered.elapsed());
        assert_eq!(two.get(&path).is(200).feature(), made);
    }
    took.sort_unstable();
    assert!(took[took.len() / 2] < Duration::from_millis(200), "until the other node saw a write: {took:?}");
    assert_agree(&one, &two);
    one.stop();
    two.stop();
}

#[test]
fn a_node_that_was_killed_under_load_catches_up() {
    let postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("town"));
    town::import_into(&p);
    let one = p.serve();
    let mut two = Some(p.serve());
    let (gone, written) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|s| {
        for w in 0..4 {
            let (one, gone, written) = (&one, &gone, &written);
            s.spawn(move || {
                for i in (w..).step_by(4) {
                    if gone.load(Relaxed) {
                        return;
                    }
                    one.post(ITEMS, &incident(i)).is(201);
                    written.fetch_add(1, Relaxed);
                }
            });
        }
        for _ in 0..3 {
            std::thread::sleep(Duration::from_millis(200));
            two.take().unwrap().kill();
            std::thread::sleep(Duration::from_millis(200));
            two = Some(p.serve());
        }
        gone.store(true, Relaxed);
    });
    let two = two.unwrap();
    assert!(written.load(Relaxed) > 20, "hardly any load");
    // It was started under load, and answers before it has caught up.
    eventually("caught up", Duration::from_secs(10), || two.get("/readyz").status == 200);
    eventually("the same change", Duration::from_secs(10), || change(&one) == change(&two));
    assert_agree(&one, &two);
    let fresh = p.serve();
    assert_agree(&fresh, &two);
    for server in [one, two, fresh] {
        server.stop();
    }
}

#[test]
fn postgresql_restarted_under_load() {
    let mut postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("town"));
    town::import_into(&p);
    let (one, two) = (p.serve(), p.serve());
    for crash in [false, true] {
        one.post(ITEMS, &incident(1)).is(201);
        postgres.stop(crash);
        let until = Instant::now() + Duration::from_millis(1500);
        let mut refused = 0;
        while Instant::now() < until {
            for node in [&one, &two] {
                // Reads are from memory.
                let place = node.get("/api/locate?lon=120.3005&lat=31.5005").is(200).json();
                assert_eq!(place["grid"]["on_duty"][0]["role"], "chief", "{place}");
                node.get("/tiles/grid,beat,piece/13/6833/3339").is(200);
                node.get("/api/summary?by=grid").is(200);
                node.get(&format!("{ITEMS}?limit=5")).is(200);
                let reply = node.post(ITEMS, &incident(2)).is(503);
                assert!(reply.header("retry-after").is_some(), "{reply}");
                refused += 1;
            }
        }
        assert!(refused > 3);
        eventually("not ready", Duration::from_secs(5), || one.get("/readyz").status == 503);
        one.get("/healthz").is(200);
        postgres.start_again();
        for node in [&one, &two] {
            eventually("ready again", Duration::from_secs(20), || node.get("/readyz").status == 200);
            eventually("writing again", Duration::from_secs(20), || {
                node.post(ITEMS, &incident(3)).status == 201
            });
        }
        eventually("the same change", Duration::from_secs(10), || change(&one) == change(&two));
        let place = one.get("/api/locate?lon=120.3005&lat=31.5005").is(200).json();
        assert_eq!(place["grid"]["on_duty"][0]["name"], "王示例");
    }
    assert_agree(&one, &two);
    one.stop_after_trouble();
    two.stop_after_trouble();
}

#[test]
fn a_node_may_serve_some_regions_only() {
    let postgres = Postgres::start();
    let p = Gridbeat::at(&postgres.database("town"));
    town::import_into(&p);
    let xuzhou =
        p.file("xuzhou.csv", "code,text,lon,lat\nX1,徐州市鼓楼区中山北路3号,117.1234567,34.2345678\n");
    p.import("address", &xuzhou, &["--region", "3203"]).ok();
    let (all, wuxi, other) =
        (p.serve(), p.serve_with(&["--regions", "3202"]), p.serve_with(&["--regions", "3203,3206"]));
    let rows = |server: &Server, collection: &str| {
        let page = server.get("/metrics").is(200).text();
        let name = format!("gridbeat_rows{{collection=\"{collection}\"}} ");
        page.lines().find_map(|l| l.strip_prefix(&name).map(|n| n.parse::<u64>().unwrap())).unwrap()
    };
    assert_eq!([rows(&all, "addresses"), rows(&wuxi, "addresses"), rows(&other, "addresses")], [7, 6, 1]);
    assert_eq!([rows(&all, "incidents"), rows(&wuxi, "incidents"), rows(&other, "incidents")], [5, 5, 0]);
    assert_eq!(rows(&other, "pieces"), 0);
    let found = |server: &Server| {
        server.get("/api/search?q=%E4%B8%AD%E5%B1%B1%E5%8C%97%E8%B7%AF").is(200).json()["results"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!([found(&all), found(&wuxi), found(&other)], [1, 0, 1]);
    // A change elsewhere is counted, not held.
    all.post(ITEMS, &incident(1)).is(201);
    for node in [&wuxi, &other] {
        eventually("the same change", Duration::from_secs(10), || change(node) == change(&all));
    }
    assert_eq!([rows(&all, "incidents"), rows(&wuxi, "incidents"), rows(&other, "incidents")], [6, 6, 0]);
    for server in [all, wuxi, other] {
        server.stop();
    }
}

#[test]
fn metrics_and_request_ids() {
    let g = town::built();
    let server = g.serve();
    let reply =
        server.request("GET", "/api/locate?lon=120.3005&lat=31.5005").header("x-request-id", "abc-1").send();
    assert_eq!(reply.is(200).header("x-request-id"), Some("abc-1"));
    let (a, b) = (server.get("/healthz"), server.get("/healthz"));
    assert!(a.header("x-request-id").is_some() && a.header("x-request-id") != b.header("x-request-id"));
    server.get("/tiles/grid/13/6833/3339").is(200);
    let page = server.get("/metrics").is(200).text();
    for part in [
        "gridbeat_http_request_duration_seconds_count{method=\"GET\",route=\"/tiles/{layers}/{z}/{x}/{y}\",class=\"2xx\"} 1",
        "gridbeat_http_request_duration_seconds_count{method=\"GET\",route=\"/api/locate\",class=\"2xx\"} 1",
        "gridbeat_rows{collection=\"grids\"} 8",
        "gridbeat_change_lag 0",
        "gridbeat_ready 1",
        "gridbeat_store_connections_max{pool=\"writer\"} 1",
        "gridbeat_tile_cache_tiles",
        "process_resident_memory_bytes ",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    server.stop();
}
