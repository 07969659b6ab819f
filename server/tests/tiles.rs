//! Tiles of points under filters, and what the cache makes of them.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Town, crowd::crowd, encoded};
use fast_mvt::MvtReaderRef;
use serde_json::json;

/// Features in a tile's only layer, clusters by their number.
fn count(reply: &common::Reply, layer: &str) -> u64 {
    if reply.status.as_u16() == 204 {
        return 0;
    }
    let tile = MvtReaderRef::new(&reply.body).unwrap();
    let layer = tile.layers().find(|l| l.name() == layer).unwrap();
    let number =
        |text: String| text.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap();
    let of = |name: &str, f: &fast_mvt::MvtFeatureRef<'_>| {
        f.properties().filter_map(Result::ok).find(|(k, _)| *k == name).map(|(_, v)| number(format!("{v:?}")))
    };
    layer.features().map(|f| of("count", &f).or_else(|| of("addresses", &f)).unwrap_or(1)).sum()
}

async fn matched(town: &Town, collection: &str, filter: &str) -> u64 {
    let page = town.filtered(collection, filter, "&limit=10000").await.is(200).json();
    // Staff without a position are in no tile.
    page["features"].as_array().unwrap().iter().filter(|f| !f["geometry"].is_null()).count() as u64
}

/// At every zoom a filter chooses the rows that it chooses among the items.
#[tokio::test(flavor = "multi_thread")]
async fn filters_choose_the_same_as_among_the_items() {
    let town = crowd();
    for (collection, layer, filter) in [
        ("incidents", "incident", "state = 'reported' OR risk IN ('red', 'yellow')"),
        ("incidents", "incident", "CASEI(title) LIKE CASEI('%noise%')"),
        ("incidents", "incident", "S_INTERSECTS(geometry, BBOX(120.30, 31.56, 120.32, 31.58))"),
        ("incidents", "incident", "reported_at > TIMESTAMP('2026-06-10T00:00:00Z')"),
        ("addresses", "resident_density", "organisations > 0"),
        ("staff", "staff", "on_duty = true"),
    ] {
        let all = matched(&town, collection, filter).await;
        let z = if layer == "staff" { 12 } else { 0 };
        // The sample and the crowd around it lie in these tiles of zoom 12.
        let tiles: Vec<(u32, u32)> = if z == 0 {
            vec![(0, 0)]
        } else {
            (3415..=3418).flat_map(|x| (1667..=1671).map(move |y| (x, y))).collect()
        };
        let mut sum = 0;
        for (x, y) in tiles {
            let tile = town.get(&format!("/tiles/{layer}/{z}/{x}/{y}?filter={}", encoded(filter))).await;
            assert!([200, 204].contains(&tile.status.as_u16()), "{}", tile.text());
            sum += count(&tile, layer);
        }
        assert_eq!(sum, all, "{filter}");
        assert!(all > 0, "{filter} chooses nothing");
    }
    // CQL2 JSON says the same as text.
    let text = town.get(&format!("/tiles/incident/0/0/0?filter={}", encoded("risk = 'red'"))).await.is(200);
    let tree = json!({ "op": "=", "args": [{ "property": "risk" }, "red"] }).to_string();
    let tree = town
        .get(&format!("/tiles/incident/0/0/0?filter-lang=cql2-json&filter={}", encoded(&tree)))
        .await
        .is(200);
    assert_eq!(text.body, tree.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_cannot_be_is_refused() {
    let town = crowd();
    for query in [
        "grid/0/0/0?filter=code%3D'x'",
        "incident,staff/0/0/0?filter=code%3D'x'",
        "incident/0/0/0?filter=colour%3D'red'",
        "incident/0/0/0?filter=risk",
        "incident/0/0/0?filter-lang=sql",
        "incident/0/0/0?filter=risk%3D'red'&filter=risk%3D'blue'",
        "incident/0/0/0?datetime=2026-06-15/2026-06-01",
        "incident/0/0/0?risk=red",
    ] {
        let reply = town.get(&format!("/tiles/{query}")).await;
        assert_eq!(reply.status.as_u16(), 400, "{query}: {}", reply.text());
    }
}

/// A change touches filtered tiles too: those where it was and is, and no other.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_reaches_tiles_under_a_filter() {
    let town = crowd();
    let filter = encoded("category = 'noise'");
    let tile = |x: u32, y: u32| format!("/tiles/incident/16/{x}/{y}?filter={filter}");
    // That of 120.3125, 31.5690, and four tiles to the east.
    let (here, there) = (tile(54670, 26706), tile(54674, 26706));
    let before = town.get(&here).await;
    assert_eq!(town.get(&here).await.header("x-cache"), "HIT");
    let away = town.get(&there).await;
    town.post(120.3125, 31.5690, json!({ "category": "noise" })).await.is(201);
    let after = town.get(&here).await.is(200);
    assert_eq!(after.header("x-cache"), "MISS");
    assert_eq!(count(&after, "incident"), count(&before, "incident") + 1);
    assert_eq!(town.get(&there).await.header("x-cache"), "HIT");
    assert_eq!(town.get(&there).await.body, away.body);
    // What the filter does not choose changes nothing but that the tile is made again.
    town.post(120.3125, 31.5690, json!({ "category": "theft" })).await.is(201);
    assert_eq!(town.get(&here).await.body, after.body);
}

/// Each encoding has a validator of its own; 304 says that the caller has that very one.
#[tokio::test(flavor = "multi_thread")]
async fn encodings_have_their_own_validators() {
    let town = crowd();
    let mut tags = Vec::new();
    for encoding in ["identity", "gzip", "zstd"] {
        let get = |more: Vec<(&'static str, String)>| {
            let town = &town;
            async move {
                let mut headers = vec![("accept-encoding", encoding.to_owned())];
                headers.extend(more);
                let headers: Vec<_> = headers.iter().map(|(k, v)| (*k, v.as_str())).collect();
                town.send("GET", "/tiles/grid,beat/11/1708/834", &headers, "").await
            }
        };
        let first = get(vec![]).await.is(200);
        assert_eq!(
            (first.header("vary"), first.header("cache-control")),
            ("Accept-Encoding", "private, no-cache")
        );
        assert_eq!(first.header("content-encoding"), if encoding == "identity" { "" } else { encoding });
        let tag = first.header("etag").to_owned();
        let second = get(vec![("if-none-match", tag.clone())]).await.is(304);
        assert!(second.body.is_empty() && second.header("etag") == tag && second.header("x-cache") == "HIT");
        tags.push(tag);
    }
    tags.dedup();
    assert_eq!(tags.len(), 3);
}

/// Many who ask for one tile at once have it made once.
#[tokio::test(flavor = "multi_thread")]
async fn a_tile_is_made_once_for_all_who_wait() {
    let town = crowd();
    let ask = || town.get("/tiles/grid,beat,piece,incident/12/3416/1669");
    let replies = futures_util::future::join_all((0..32).map(|_| ask())).await;
    let made = replies.iter().filter(|r| r.header("x-cache") == "MISS").count();
    assert_eq!(made, 1, "made {made} times");
    assert!(replies.iter().all(|r| r.body == replies[0].body));
}

/// A tile that lies in the cache is answered before the router is asked, and nobody can tell.
#[tokio::test(flavor = "multi_thread")]
async fn a_cached_tile_is_answered_as_any_other() {
    let town = crowd();
    let path = "/tiles/grid,beat/12/3416/1669";
    let gzip = ("accept-encoding", "gzip");
    let made = town.send("GET", path, &[gzip], "").await.is(200);
    assert_eq!(made.header("x-cache"), "MISS");
    let counted = |page: String| -> u64 {
        let line = "gridbeat_http_request_duration_seconds_count{method=\"GET\",route=\"/tiles/{layers}/{z}/{x}/{y}\",class=\"2xx\"} ";
        page.lines().find_map(|l| l.strip_prefix(line)).unwrap().parse().unwrap()
    };
    let before = counted(town.get("/metrics").await.text());
    let cached = town.send("GET", path, &[gzip], "").await.is(200);
    assert_eq!(cached.header("x-cache"), "HIT");
    assert_eq!(counted(town.get("/metrics").await.text()), before + 1);
    let versioned = town.send("GET", &format!("{path}.pbf?v=1"), &[gzip], "").await.is(200);
    for (other, what) in [(&made, "made"), (&versioned, "with a version")] {
        assert_eq!(cached.body, other.body, "{what}");
        // The length is the connection's to say, where the router has not.
        let own = ["x-cache", "x-request-id", "content-length"];
        let heads = |reply: &common::Reply| -> Vec<(String, String)> {
            let names = reply.headers.keys().map(|n| n.as_str()).filter(|n| !own.contains(n));
            let mut heads: Vec<_> = names.map(|n| (n.to_owned(), reply.header(n).to_owned())).collect();
            heads.sort();
            heads
        };
        assert_eq!(heads(&cached), heads(other), "{what}");
    }
    // Who may ask, and who has it already, is looked at here too.
    let etag = cached.header("etag").to_owned();
    town.send("GET", path, &[gzip, ("if-none-match", &etag)], "").await.is(304);
    town.send("GET", path, &[gzip, ("origin", "http://elsewhere.example")], "").await.is(403);
    let identity = town.get(path).await.is(200);
    assert_eq!((identity.header("x-cache"), identity.header("content-encoding")), ("MISS", ""));
}
