//! Features that are written one by one (OGC API – Features, Part 4), and who sees it.

use crate::{
    all,
    common::{Reply, Town, encoded, told},
    import, town,
};
use gridbeat_onemap::record::{Fid, Region};
use serde_json::{Value, json};

const GEOJSON: (&str, &str) = ("content-type", "application/geo+json");
const MERGE: (&str, &str) = ("content-type", "application/merge-patch+json");

fn school(lon: f64, lat: f64, properties: Value) -> String {
    let place = json!({ "type": "Point", "coordinates": [lon, lat] });
    json!({ "type": "Feature", "geometry": place, "properties": properties }).to_string()
}

async fn post(town: &Town, layer: &str, body: impl Into<String>) -> Reply {
    town.send("POST", &format!("/api/collections/{layer}/items"), &[GEOJSON], body.into()).await
}

/// The path of what was made.
fn path_of(created: &Reply) -> String {
    created.header("location").strip_prefix("http://localhost:8080").unwrap().to_owned()
}

async fn count(town: &Town, path: &str) -> u64 {
    town.get(path).await.is(200).json()["numberMatched"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feature_is_created_replaced_updated_and_deleted() {
    let town = town();
    let known = all(&town, "school").await;
    let created = post(&town, "school", school(120.305, 31.575, json!({ "name": "新校", "pupils": 1234 })))
        .await
        .is(201);
    let path = path_of(&created);
    let made = created.json();
    assert_eq!(made["properties"]["name"], "新校");
    assert_eq!(made["properties"]["open"], Value::Null);
    assert_eq!(made["properties"]["grid"], "320213001001001");
    // The layer came without a region; what is written belongs to that of its ground.
    assert_eq!(made["id"], Fid::new(Region(3202), 1).0);
    // It is what is read, under the validator that was given, in whatever system.
    let read = town.get(&path).await.is(200);
    assert_eq!(
        (&read.json()["properties"], read.header("etag")),
        (&made["properties"], created.header("etag"))
    );
    let zone = town.get(&format!("{path}?crs=http://www.opengis.net/def/crs/EPSG/0/4549")).await.is(200);
    assert_eq!(zone.header("etag"), created.header("etag"));
    town.send("GET", &path, &[("if-none-match", created.header("etag"))], "").await.is(304);
    // Everything that is asked of the layer knows it.
    let items = "/api/collections/school/items";
    assert_eq!(count(&town, items).await, known.len() as u64 + 1);
    assert_eq!(count(&town, &format!("{items}?pupils=1234")).await, 1);
    assert_eq!(count(&town, &format!("{items}?bbox=120.3049,31.5749,120.3051,31.5751&pupils=1234")).await, 1);
    let near = town.get("/api/nearest?lon=120.305&lat=31.575&k=1&collection=school").await.is(200).json();
    assert_eq!(near["features"][0]["id"], made["id"]);
    let sums = town
        .get("/api/summary?collection=school&by=beat&sum=pupils&filter=pupils%20=%201234")
        .await
        .is(200)
        .json();
    assert!(sums["groups"].as_array().unwrap().iter().any(|g| g["sum_pupils"] == 1234), "{sums}");

    // Whole numbers are compared to the last digit.
    let large = school(120.2, 31.5, json!({ "pupils": 9_007_199_254_740_993_i64 }));
    let large = path_of(&post(&town, "school", large).await.is(201));
    assert_eq!(count(&town, &format!("{items}?pupils=9007199254740993")).await, 1);
    assert_eq!(count(&town, &format!("{items}?pupils=9007199254740992")).await, 0);
    town.send("DELETE", &large, &[("if-match", "*")], "").await.is(204);

    // Without a validator, or with one of before, nothing is changed.
    let etag = created.header("etag").to_owned();
    let moved = school(120.315, 31.575, json!({ "pupils": 10 }));
    for (method, media) in [("PUT", GEOJSON), ("PATCH", MERGE), ("DELETE", GEOJSON)] {
        town.send(method, &path, &[media], moved.clone()).await.is(428);
        town.send(method, &path, &[media, ("if-match", "\"x\"")], moved.clone()).await.is(412);
    }
    let replaced = town.send("PUT", &path, &[GEOJSON, ("if-match", &etag)], moved).await.is(200);
    let now = replaced.json();
    assert_eq!((&now["properties"]["name"], &now["properties"]["pupils"]), (&Value::Null, &json!(10)));
    assert_eq!((&now["properties"]["grid"], &now["id"]), (&json!("320213001001002"), &made["id"]));
    assert_ne!(replaced.header("etag"), etag);
    let patch = json!({ "properties": { "name": "改", "founded": "1999-09-01" } }).to_string();
    town.send("PATCH", &path, &[MERGE, ("if-match", &etag)], patch.clone()).await.is(412);
    let patched =
        town.send("PATCH", &path, &[MERGE, ("if-match", replaced.header("etag"))], patch).await.is(200);
    let now = patched.json();
    assert_eq!(
        (&now["properties"]["pupils"], &now["properties"]["founded"]),
        (&json!(10), &json!("1999-09-01"))
    );
    assert_eq!(now["geometry"]["coordinates"], json!([120.315, 31.575]));
    // What was read can be sent back, and changes nothing.
    let before = town.live.applied().change;
    let read = town.get(&path).await.is(200);
    let same =
        town.send("PUT", &path, &[GEOJSON, ("if-match", read.header("etag"))], read.text()).await.is(200);
    assert_eq!((same.header("etag"), town.live.applied().change), (read.header("etag"), before));
    // In another system, its axes in the authority's order.
    let system = ("content-crs", "<http://www.opengis.net/def/crs/EPSG/0/4490>");
    let turned = json!({ "geometry": { "type": "Point", "coordinates": [31.575, 120.305] } }).to_string();
    let turned = town.send("PATCH", &path, &[MERGE, system, ("if-match", "*")], turned).await.is(200);
    assert_eq!(turned.json()["geometry"]["coordinates"], json!([120.305, 31.575]));

    town.send("DELETE", &path, &[("if-match", turned.header("etag"))], "").await.is(204);
    town.get(&path).await.is(404);
    town.send("DELETE", &path, &[("if-match", "*")], "").await.is(404);
    assert_eq!(all(&town, "school").await, known);
    // Nor is its number given again, by a server that knows nothing but the store.
    let town = town.restarted();
    assert_eq!(all(&town, "school").await, known);
    let next = post(&town, "school", school(120.305, 31.575, json!({}))).await.is(201).json();
    assert_eq!(next["id"].as_u64().unwrap(), made["id"].as_u64().unwrap() + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_and_ground_are_written_too() {
    let town = town();
    let square = |w: f64, s: f64, side: f64| {
        json!({ "type": "Polygon", "coordinates": [[
            [w, s], [w + side, s], [w + side, s + side], [w, s + side], [w, s],
        ]] })
    };
    let body = |place: Value| {
        json!({ "type": "Feature", "geometry": place, "properties": { "name": "n" } }).to_string()
    };
    let created = post(&town, "compound", body(square(120.305, 31.575, 0.01))).await.is(201);
    let known = &all(&town, "compound").await[1]["properties"];
    assert_eq!(&created.json()["properties"]["shares"], &known["shares"], "the same ground as “across”");
    assert_eq!(created.json()["geometry"]["type"], "MultiPolygon");
    let path = path_of(&created);
    let moved = town
        .send("PUT", &path, &[GEOJSON, ("if-match", created.header("etag"))], body(square(121.0, 32.0, 0.01)))
        .await
        .is(200);
    assert_eq!(moved.json()["properties"]["piece"], Value::Null);
    assert_eq!(count(&town, "/api/collections/compound/items?bbox=120.9,31.9,121.1,32.1").await, 2);
    let line = json!({ "type": "MultiLineString", "coordinates": [[[120.305, 31.572], [120.306, 31.573]]] });
    let created = post(&town, "road", body(line)).await.is(201).json();
    assert_eq!(created["properties"]["shares"], all(&town, "road").await[1]["properties"]["shares"]);
    let near = town.get("/api/nearest?lon=120.305&lat=31.572&k=2&collection=road").await.is(200).json();
    let metres: Vec<f64> = near["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["properties"]["distance_m"].as_f64().unwrap())
        .collect();
    assert_eq!(metres, [0.0, 0.0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_is_refused_by_name() {
    let town = town();
    let sum = town.store.checksum().unwrap();
    for (layer, body, parameter) in [
        ("school", school(120.3, 31.5, json!({ "pupils": "many" })), "properties.pupils"),
        ("school", school(120.3, 31.5, json!({ "head": "x" })), "properties.head"),
        ("school", school(220.3, 31.5, json!({})), "geometry"),
        ("school", school(120.3, 31.5, json!({ "name": "a\u{0}b" })), "properties"),
        ("road", school(120.3, 31.5, json!({})), "geometry"),
        ("school", "[]".to_owned(), "body"),
        ("school", "{".to_owned(), "body"),
    ] {
        let problem = post(&town, layer, body).await.is(400).json();
        assert_eq!(problem["errors"][0]["parameter"], parameter, "{problem}");
    }
    town.send("POST", "/api/collections/school/items", &[("content-type", "text/plain")], "x").await.is(415);
    town.send("POST", "/api/collections/addresses/items", &[GEOJSON], school(1.0, 1.0, json!({})))
        .await
        .is(405);
    town.send("PUT", "/api/collections/school/items/x", &[GEOJSON, ("if-match", "*")], "{}").await.is(404);
    assert_eq!(town.store.checksum().unwrap(), sum);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_and_the_tiles_follow() {
    let town = town();
    let start = town.live.applied().change;
    let filter = encoded("pupils > 5000");
    let inside = town.stream("collection=school&bbox=120.3,31.56,120.31,31.58").await;
    let large = town.stream(&format!("collection=school&filter={filter}")).await;
    let ground = town.stream("collection=school&area=320213001001002").await;
    let others = town.stream("collection=road").await;
    // The tile of the place, and its neighbour, which the change does not touch.
    let (here, there) = ("/tiles/school/14/13667/6676", "/tiles/school/14/13660/6676");
    for path in [here, there] {
        town.get(path).await;
        assert_eq!(town.get(path).await.header("x-cache"), "HIT", "{path}");
    }
    let tile = town.get(here).await;
    let created = post(&town, "school", school(120.305, 31.575, json!({ "pupils": 6000 }))).await.is(201);
    assert_eq!(town.get(there).await.header("x-cache"), "HIT");
    let after = town.get(here).await;
    assert_eq!(after.header("x-cache"), "MISS");
    assert_ne!(after.body, tile.body);
    let path = path_of(&created);
    let moved = json!({ "geometry": { "type": "Point", "coordinates": [120.315, 31.575] } }).to_string();
    let moved = town.send("PATCH", &path, &[MERGE, ("if-match", "*")], moved).await.is(200);
    let small = json!({ "properties": { "pupils": 1 } }).to_string();
    town.send("PATCH", &path, &[MERGE, ("if-match", moved.header("etag"))], small).await.is(200);
    town.send("DELETE", &path, &[("if-match", "*")], "").await.is(204);
    post(
        &town,
        "road",
        json!({ "type": "Feature", "properties": {}, "geometry":
        { "type": "LineString", "coordinates": [[120.305, 31.572], [120.306, 31.573]] } })
        .to_string(),
    )
    .await
    .is(201);
    // Something that all of them want, to end with.
    let last = post(&town, "school", school(120.305, 31.575, json!({ "pupils": 9000 }))).await.is(201);
    let end = start + 6;
    assert_eq!(town.live.applied().change, end);
    let changes = |told: Vec<(String, u64)>| -> Vec<u64> { told.into_iter().map(|t| t.1 - start).collect() };
    assert_eq!(changes(told(inside, end).await), [1, 2, 6]);
    assert_eq!(changes(told(large, end).await), [1, 2, 3, 6]);
    assert_eq!(changes(told(others, start + 5).await), [5]);
    let path = path_of(&last);
    let moved = json!({ "geometry": { "type": "Point", "coordinates": [120.315, 31.575] } }).to_string();
    town.send("PATCH", &path, &[MERGE, ("if-match", "*")], moved).await.is(200);
    assert_eq!(changes(told(ground, start + 7).await), [2, 3, 4, 7]);

    // Who was away hears the same from the log.
    let resumed = town.stream(&format!("collection=school&area=320213001001002&last_event_id={start}")).await;
    let resumed = changes(told(resumed, start + 7).await);
    assert!([2, 3, 4, 7].iter().all(|n| resumed.contains(n)), "{resumed:?}");
    let log = town.store.changes_since(start, 1).unwrap();
    assert_eq!(log[0].grid.as_deref(), Some("320213001001001"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_does_not_take_all_properties_away() {
    let town = town();
    let school = &all(&town, "school").await[0];
    let path = format!("/api/collections/school/items/{}", school["id"]);
    let body = json!({ "properties": null }).to_string();
    let said = town.send("PATCH", &path, &[MERGE, ("if-match", "*")], body).await.is(400).text();
    assert!(said.contains("properties"), "{said}");
    assert_eq!(&town.get(&path).await.is(200).json()["properties"], &school["properties"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_told_wherever_any_part_of_it_is() {
    let town = town();
    let start = town.live.applied().change;
    let streams = [
        town.stream("collection=road&area=320213001001001").await,
        town.stream("collection=road&area=320213001001002").await,
    ];
    let line = |from: f64, to: f64| {
        json!({ "type": "Feature", "properties": {}, "geometry":
            { "type": "LineString", "coordinates": [[from, 31.575], [to, 31.575]] } })
        .to_string()
    };
    // A stub in the first grid, one from it far into the second, and one in the second.
    for (from, to) in [(120.305, 120.306), (120.309, 120.319), (120.312, 120.313), (120.309, 120.319)] {
        post(&town, "road", line(from, to)).await.is(201);
    }
    let mut heard = Vec::new();
    for stream in streams {
        heard.push(told(stream, start + 4).await.into_iter().map(|t| t.1 - start).collect::<Vec<_>>());
    }
    assert_eq!(heard, [vec![1, 2, 4], vec![2, 3, 4]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn ground_is_drawn_anew_where_its_border_shows() {
    let town = town();
    // A square that ends 4 units of 4,096 west of where the tile of zoom 14 at 120.3223 begins: in its buffer.
    let edge = 360.0 / f64::from(1 << 14) * 13_668.0 - 180.0;
    let east = edge - 360.0 / f64::from(1 << 14) * 4.0 / 4096.0;
    let neighbour = "/tiles/compound/14/13668/6676";
    town.get(neighbour).await;
    assert_eq!(town.get(neighbour).await.header("x-cache"), "HIT");
    let before = town.get(neighbour).await.body;
    let ring = json!([[[120.31, 31.57], [east, 31.57], [east, 31.58], [120.31, 31.58], [120.31, 31.57]]]);
    let body = json!({ "type": "Feature", "properties": {}, "geometry": { "type": "Polygon", "coordinates": ring } });
    post(&town, "compound", body.to_string()).await.is(201);
    let after = town.get(neighbour).await;
    assert_eq!(after.header("x-cache"), "MISS");
    assert_ne!(after.body, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_with_other_columns_wins_over_a_write() {
    let town = town();
    let created = post(&town, "school", school(120.305, 31.575, json!({ "pupils": 1 }))).await.is(201);
    let more = json!({ "type": "FeatureCollection", "features": [
        { "type": "Feature", "properties": { "name": "b", "pupils": 3, "share": 0.5, "open": true,
            "founded": "2001-01-01", "grid": "own x" },
          "geometry": { "type": "Point", "coordinates": [120.306, 31.576] } },
    ] });
    import(&*town.store, "school", "学校 Schools", &more);
    town.live.visible(town.store.last_change().unwrap()).await.unwrap();
    // Written features stay with an import that adds.
    let read = town.get(&path_of(&created)).await.is(200);
    assert_eq!(read.json()["properties"]["pupils"], 1);
    assert_eq!(
        count(&town, "/api/collections/school/items?pupils=3").await,
        1 + all(&town, "school")
            .await
            .iter()
            .filter(|r| r["properties"]["pupils"] == 3 && r["properties"]["name"] != "b")
            .count() as u64
    );
}
