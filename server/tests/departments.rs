//! Layers of departments behind the router: what is asked of them against going through all rows by hand.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
#[path = "departments/counts.rs"]
mod counts;
#[path = "departments/writes.rs"]
mod writes;

use common::{Reply, Town, crowd::Dice, encoded, town_with};
use fast_mvt::MvtReaderRef;
use gridbeat_ingest::{DepartmentOptions, open_department};
use gridbeat_onemap::department::Cell;
use gridbeat_server::live::event::Event;
use gridbeat_store::{DepartmentPlan, Store};
use serde_json::{Value, json};

/// Schools: points with a column of every kind, some null, some empty.
const SCHOOLS: usize = 400;

fn schools() -> Value {
    let mut dice = Dice(11);
    let mut some = |i: usize| {
        let mut perhaps = |value: Value| if dice.below(5) > 0 { value } else { Value::Null };
        let name = ["一小", "二中", "Primary O'Neil", ""][i % 4];
        let properties = json!({
            "name": perhaps(json!(name)),
            "pupils": perhaps(json!(i as i64 * 7 % 900 - 20)),
            "share": perhaps(json!((i % 97) as f64 / 97.0)),
            "open": perhaps(json!(i.is_multiple_of(3))),
            "founded": perhaps(json!(format!("{}-0{}-15", 1950 + i % 70, 1 + i % 9))),
            "grid": format!("own {i}"),
        });
        let (lon, lat) = (dice.below(500_000), dice.below(500_000));
        let at = [120.29 + lon as f64 / 1e7, 31.55 + lat as f64 / 1e7];
        json!({ "type": "Feature", "properties": properties, "geometry": { "type": "Point", "coordinates": at } })
    };
    collection((0..SCHOOLS).map(&mut some).collect())
}

fn collection(features: Vec<Value>) -> Value {
    json!({ "type": "FeatureCollection", "features": features })
}

fn feature(name: &str, geometry: Value) -> Value {
    json!({ "type": "Feature", "properties": { "name": name }, "geometry": geometry })
}

fn options(name: &str, title: &str) -> DepartmentOptions {
    DepartmentOptions {
        name: name.to_owned(),
        title: title.to_owned(),
        there: None,
        source_layer: None,
        map: Vec::new(),
        crs: None,
        tz: None,
        region: None,
    }
}

/// Imports GeoJSON as the command line does.
fn import(store: &dyn Store, name: &str, title: &str, content: &Value) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.geojson");
    std::fs::write(&path, content.to_string()).unwrap();
    let mut import = open_department(&path, options(name, title)).unwrap();
    let schema = import.schema().clone();
    let plan = DepartmentPlan { schema, titled: true, replace: false, dry_run: false };
    let mut next = || import.next().map(|row| Ok(row.unwrap_or_else(|e| panic!("{e}"))));
    store.import_department(&plan, &mut next, &mut |r| panic!("{r:?}")).unwrap();
}

/// Lines and compounds on known ground of the sample: see each test.
fn town() -> Town {
    town_with(|store| {
        import(store, "school", "学校 Schools", &schools());
        let line = |points: &[[f64; 2]]| json!({ "type": "LineString", "coordinates": points });
        let roads = vec![
            // Along the parallel 31.575, from outside through two grids and two beats to outside.
            feature("east", line(&[[120.295, 31.575], [120.345, 31.575]])),
            feature("short", line(&[[120.305, 31.572], [120.306, 31.573]])),
        ];
        import(store, "road", "Roads", &collection(roads));
        let square = |w: f64, s: f64, side: f64| {
            json!({ "type": "Polygon", "coordinates": [[
                [w, s], [w + side, s], [w + side, s + side], [w, s + side], [w, s],
            ]] })
        };
        let compounds = vec![
            feature("inside", square(120.301, 31.571, 0.001)),
            feature("across", square(120.305, 31.575, 0.01)),
            feature("beyond", square(120.295, 31.575, 0.01)),
            feature("away", square(121.0, 32.0, 0.01)),
        ];
        import(store, "compound", "小区", &collection(compounds));
    })
}

fn ids(page: &Value) -> Vec<u64> {
    page["features"].as_array().unwrap().iter().map(|f| f["id"].as_u64().unwrap()).collect()
}

async fn all(town: &Town, name: &str) -> Vec<Value> {
    let page = town.get(&format!("/api/collections/{name}/items?limit=10000")).await.is(200).json();
    page["features"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_is_a_collection_like_any_other() {
    let town = town();
    let list = town.get("/api/collections").await.is(200).json();
    let names: Vec<_> =
        list["collections"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["grids", "beats", "pieces", "addresses", "incidents", "staff", "compound", "road", "school"]
    );
    let school = town.get("/api/collections/school").await.is(200).json();
    assert_eq!((&school["title"], &school["itemType"]), (&json!("学校 Schools"), &json!("feature")));
    let bbox = school["extent"]["spatial"]["bbox"][0].as_array().unwrap();
    assert!(bbox[0].as_f64().unwrap() >= 120.29 && bbox[3].as_f64().unwrap() <= 31.6, "{bbox:?}");
    assert!(school["extent"]["temporal"]["interval"][0][0].as_str().unwrap().starts_with("19"));
    let queryables = town.get("/api/collections/school/queryables").await.is(200).json();
    let properties = queryables["properties"].as_object().unwrap();
    let kinds: Vec<_> =
        ["name", "pupils", "share", "open", "founded", "source_grid", "grid", "fid", "geometry"]
            .iter()
            .map(|name| properties[*name]["type"].as_str().or(properties[*name]["format"].as_str()).unwrap())
            .collect();
    assert_eq!(
        kinds,
        ["string", "integer", "number", "boolean", "string", "string", "string", "integer", "geometry-point"]
    );
    assert_eq!(properties["founded"]["format"], "date");
    let schema = town.get("/api/collections/compound/schema").await.is(200).json();
    assert_eq!(schema["properties"]["shares"]["type"], "array");
    assert_eq!(schema["properties"]["geometry"]["format"], "geometry-multipolygon");
    let openapi = town.get("/api/openapi.json").await.is(200).json();
    let known = openapi["components"]["parameters"]["collectionId"]["schema"]["enum"].as_array().unwrap();
    assert!(known.contains(&json!("road")));
    let html = town.get("/api/collections/road/items?f=html").await.is(200).text();
    assert!(html.contains("east") && html.contains("<path fill=\"none\""));
    town.get("/api/collections/road/neighbours").await.is(404);
    let typed = &openapi["components"]["schemas"]["Department_school"];
    assert_eq!(typed["properties"]["properties"]["properties"]["founded"]["format"], "date");
    assert!(openapi["paths"]["/collections/road/items"]["post"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_selects_what_reading_all_rows_selects() {
    let town = town();
    let rows = all(&town, "school").await;
    assert_eq!(rows.len(), SCHOOLS);
    assert!(rows.iter().any(|r| r["properties"]["name"] == ""));
    assert!(rows.iter().any(|r| r["properties"]["name"].is_null()));
    let number = |r: &Value, f: &str| r["properties"][f].as_f64();
    let word = |r: &Value, f: &str| r["properties"][f].as_str().map(str::to_owned);
    let at = |r: &Value| {
        let c = &r["geometry"]["coordinates"];
        (c[0].as_f64().unwrap(), c[1].as_f64().unwrap())
    };
    type Means<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
    let cases: Vec<(&str, Means)> = vec![
        ("pupils < 0", Box::new(|r| number(r, "pupils").is_some_and(|n| n < 0.0))),
        (
            "pupils BETWEEN 100 AND 200 AND open = true",
            Box::new(|r| {
                number(r, "pupils").is_some_and(|n| (100.0..=200.0).contains(&n))
                    && r["properties"]["open"] == true
            }),
        ),
        (
            "share > 0.5 OR name IS NULL",
            Box::new(|r| number(r, "share").is_some_and(|n| n > 0.5) || word(r, "name").is_none()),
        ),
        ("name = ''", Box::new(|r| word(r, "name").as_deref() == Some(""))),
        ("name LIKE '%O''Neil'", Box::new(|r| word(r, "name").is_some_and(|n| n.ends_with("O'Neil")))),
        (
            "CASEI(name) = CASEI('PRIMARY o''neil')",
            Box::new(|r| word(r, "name").is_some_and(|n| n == "Primary O'Neil")),
        ),
        (
            "founded >= DATE('2000-01-01')",
            Box::new(|r| word(r, "founded").is_some_and(|d| *d >= *"2000-01-01")),
        ),
        (
            "T_BEFORE(founded, DATE('1960-06-01'))",
            Box::new(|r| word(r, "founded").is_some_and(|d| *d < *"1960-06-01")),
        ),
        ("grid IS NULL", Box::new(|r| r["properties"]["grid"].is_null())),
        ("grid = '320213001001001'", Box::new(|r| r["properties"]["grid"] == "320213001001001")),
        ("source_grid = 'own 7'", Box::new(|r| r["properties"]["source_grid"] == "own 7")),
        (
            "S_INTERSECTS(geometry, BBOX(120.3, 31.56, 120.31, 31.58))",
            Box::new(|r| {
                let (x, y) = at(r);
                (120.3..=120.31).contains(&x) && (31.56..=31.58).contains(&y)
            }),
        ),
        (
            "NOT S_WITHIN(geometry, POLYGON((120.3 31.55, 120.33 31.55, 120.33 31.6, 120.3 31.6, 120.3 31.55)))",
            Box::new(|r| {
                let (x, y) = at(r);
                !(120.3 < x && x < 120.33 && 31.55 < y && y < 31.6)
            }),
        ),
        (
            "pupils * 2 > share * 100 + 50",
            Box::new(|r| {
                number(r, "pupils").zip(number(r, "share")).is_some_and(|(p, s)| p * 2.0 > s * 100.0 + 50.0)
            }),
        ),
    ];
    for (filter, means) in cases {
        let expected: Vec<u64> =
            rows.iter().filter(|r| means(r)).map(|r| r["id"].as_u64().unwrap()).collect();
        assert!(!expected.is_empty() && expected.len() < rows.len(), "{filter}: {}", expected.len());
        let page = town.filtered("school", filter, "&limit=10000").await.is(200).json();
        assert_eq!(
            (ids(&page), &page["numberMatched"]),
            (expected.clone(), &json!(expected.len())),
            "{filter}"
        );
        // As a sequence, and in pages that lead on.
        let sequence = town.filtered("school", filter, "&f=geojsonseq").await.is(200).text();
        assert_eq!(sequence.matches('\u{1e}').count(), expected.len(), "{filter}");
    }
    for bad in ["colour = 1", "pupils = 'x'", "shares IS NULL", "founded = 3"] {
        town.filtered("school", bad, "").await.is(400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_draw_what_is_chosen() {
    let town = town();
    let fids = |tile: &Reply, layer: &str| -> Vec<u64> {
        let Ok(tile) = MvtReaderRef::new(&tile.body) else { return Vec::new() };
        let layer = tile.layers().find(|l| l.name() == layer);
        layer.map_or(Vec::new(), |l| l.features().map(|f| f.id().unwrap()).collect())
    };
    // All of the sample, at a zoom that draws every point.
    let drawn = async |layer: &str, query: &str| -> Vec<u64> {
        let mut all = std::collections::BTreeSet::new();
        for (x, y) in (13_665..=13_669).flat_map(|x| (6_673..=6_680).map(move |y| (x, y))) {
            let tile = town.get(&format!("/tiles/{layer}/14/{x}/{y}?{query}")).await;
            assert!([200, 204].contains(&tile.status.as_u16()), "{}", tile.text());
            all.extend(fids(&tile, layer));
        }
        all.into_iter().collect()
    };
    for filter in ["pupils > 300 AND open = true", "name LIKE '%O''Neil'", "grid = '320213001001001'"] {
        let page = town.filtered("school", filter, "&limit=10000").await.is(200).json();
        let found = drawn("school", &format!("filter={}", encoded(filter))).await;
        assert!(!found.is_empty() && found == ids(&page), "{filter}");
    }
    let time = "datetime=1990-01-01T00:00:00Z/1999-12-31T00:00:00Z";
    let page = town.get(&format!("/api/collections/school/items?limit=10000&{time}")).await.is(200).json();
    assert_eq!(drawn("school", time).await, ids(&page));
    let name = encoded("name = 'short'");
    let page = town.filtered("road", "name = 'short'", "").await.is(200).json();
    assert_eq!(drawn("road", &format!("filter={name}")).await, ids(&page));
    town.get(&format!("/tiles/road,school/14/13667/6676?filter={name}")).await.is(400);
    town.get(&format!("/tiles/road/14/13667/6676?filter={}", encoded("pupils > 3"))).await.is(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn boxes_times_orders_and_pages() {
    let town = town();
    let rows = all(&town, "school").await;
    let items = "/api/collections/school/items";
    let page = town.get(&format!("{items}?bbox=120.3,31.56,120.32,31.58&limit=10000")).await.is(200).json();
    let inside = rows.iter().filter(|r| {
        let c = &r["geometry"]["coordinates"];
        let (x, y) = (c[0].as_f64().unwrap(), c[1].as_f64().unwrap());
        (120.3..=120.32).contains(&x) && (31.56..=31.58).contains(&y)
    });
    assert_eq!(ids(&page), inside.map(|r| r["id"].as_u64().unwrap()).collect::<Vec<_>>());
    // A day is all of its instants.
    for (range, from, to) in [
        ("1990-01-01T00:00:00Z/1999-12-31T00:00:00Z", "1990-01-01", "1999-12-31"),
        ("../1951-01-15T12:00:00Z", "0000", "1951-01-15"),
    ] {
        let page = town.get(&format!("{items}?datetime={range}&limit=10000")).await.is(200).json();
        let timely =
            rows.iter().filter(|r| r["properties"]["founded"].as_str().is_some_and(|d| from <= d && d <= to));
        let timely: Vec<u64> = timely.map(|r| r["id"].as_u64().unwrap()).collect();
        assert!(!timely.is_empty());
        assert_eq!(ids(&page), timely, "{range}");
    }
    // Sorted pages lead through all rows once.
    let mut path = format!("{items}?sortby=-founded,pupils&limit=37");
    let mut seen = Vec::new();
    loop {
        let page = town.get(&path).await.is(200).json();
        assert_eq!(page["numberMatched"], SCHOOLS);
        seen.extend(page["features"].as_array().unwrap().iter().cloned());
        let Some(next) = page["links"].as_array().unwrap().iter().find(|l| l["rel"] == "next") else { break };
        path = next["href"].as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned();
    }
    assert_eq!(seen.len(), SCHOOLS);
    let founded: Vec<Option<&str>> = seen.iter().map(|r| r["properties"]["founded"].as_str()).collect();
    // Descending, so nulls, which are the greatest, come first.
    let known: Vec<&str> = founded.iter().skip_while(|d| d.is_none()).map(|d| d.unwrap()).collect();
    assert!(known.is_sorted_by(|a, b| a >= b) && known.len() < SCHOOLS);
    let one = town.get(&format!("{items}?properties=pupils,beat&limit=1")).await.is(200).json();
    let names: Vec<_> = one["features"][0]["properties"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["beat", "pupils"]);
    let exact = town.get(&format!("{items}?pupils=-20&limit=10000")).await.is(200).json();
    assert_eq!(ids(&exact).len(), rows.iter().filter(|r| r["properties"]["pupils"] == -20).count());
    let fid = rows[5]["id"].as_u64().unwrap();
    let single = town.get(&format!("{items}/{fid}")).await.is(200).json();
    assert_eq!(single["properties"], rows[5]["properties"]);
    town.get(&format!("{items}/999999")).await.is(404);
    town.get(&format!("{items}?sortby=shares")).await.is(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_holds_the_same() {
    let town = town();
    for name in ["school", "road", "compound"] {
        let rows = all(&town, name).await;
        let items = format!("/api/collections/{name}/items?limit=10000");
        let table = town.get(&format!("{items}&f=csv")).await.is(200).text();
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let header = reader.headers().unwrap().clone();
        let place = if name == "school" { &["lon", "lat"][..] } else { &["shares", "wkt"] };
        assert!(header.iter().collect::<Vec<_>>().ends_with(place), "{header:?}");
        assert_eq!(reader.records().count(), rows.len());
        let file = town.get(&format!("{items}&f=fgb")).await.is(200).body;
        let mut file = std::io::Cursor::new(&file[..]);
        let fgb = flatgeobuf::FgbReader::open(&mut file).unwrap();
        assert_eq!(fgb.header().features_count() as usize, rows.len());
        let columns: Vec<_> = fgb.header().columns().unwrap().iter().map(|c| c.name().to_owned()).collect();
        assert!(columns.contains(&"piece".to_owned()), "{columns:?}");
        let zone = "crs=http://www.opengis.net/def/crs/EPSG/0/4549";
        let projected = town.get(&format!("{items}&f=csv&{zone}")).await.is(200);
        assert!(projected.header("content-crs").contains("4549"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_read_back_with_null_apart_from_empty() {
    let town = town();
    let rows = all(&town, "school").await;
    let names: Vec<_> = rows.iter().map(|r| r["properties"]["name"].clone()).collect();
    assert!(names.contains(&Value::Null) && names.contains(&json!("")));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("school.csv");
    let table = town.get("/api/collections/school/items?limit=10000&f=csv").await.is(200).body;
    std::fs::write(&path, table).unwrap();
    let mut import = open_department(&path, options("again", "Again")).unwrap();
    let at = import.schema().columns.iter().position(|c| c.name == "name").unwrap();
    let read: Vec<Value> = std::iter::from_fn(|| import.next())
        .map(|row| match &row.unwrap_or_else(|e| panic!("{e}")).cells[at] {
            Cell::Null => Value::Null,
            Cell::Text(text) => json!(&**text),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(read, names);
}

#[tokio::test(flavor = "multi_thread")]
async fn features_know_who_answers_and_how_much_of_them_lies_where() {
    let town = town();
    for row in all(&town, "school").await {
        let c = &row["geometry"]["coordinates"];
        let located = town.get(&format!("/api/locate?lon={}&lat={}", c[0], c[1])).await.is(200).json();
        assert_eq!(row["properties"]["piece"], located["piece"]);
        assert_eq!(row["properties"]["grid"], located["grid"]["code"]);
        assert_eq!(row["properties"]["beat"], located["beat"]["code"]);
        assert!(row["properties"].get("shares").is_none());
    }
    for name in ["road", "compound"] {
        for row in all(&town, name).await {
            let shares = row["properties"]["shares"].as_array().unwrap();
            let sum: f64 = shares.iter().map(|s| s["share"].as_f64().unwrap()).sum();
            assert!((sum - 1.0).abs() < 1e-8, "{row}");
        }
    }
    let compounds = all(&town, "compound").await;
    let shares = |i: usize| compounds[i]["properties"]["shares"].as_array().unwrap().clone();
    assert_eq!(shares(0).len(), 1);
    assert_eq!(
        (&shares(0)[0]["share"], &shares(0)[0]["piece"]),
        (&json!(1.0), &compounds[0]["properties"]["piece"])
    );
    assert_eq!(shares(3), [json!({ "piece": null, "grid": null, "beat": null, "share": 1.0 })]);
    assert!(compounds[3]["properties"]["piece"].is_null());
    // By the corners of the sample: grids 1 and 2 end at 31.58 and meet at 120.31; beats 1 and 2 meet at 120.304.
    let is = |shares: &[Value], expected: &[(Option<&str>, f64)]| {
        let found = shares.iter().map(|s| (s["piece"].as_str(), s["share"].as_f64().unwrap()));
        let same = std::iter::zip(found, expected).all(|(f, e)| f.0 == e.0 && (f.1 - e.1).abs() < 2e-4);
        assert!(same && shares.len() == expected.len(), "{shares:?}");
    };
    let (one, two) = ("320213001001001~320213501Q02", "320213001001002~320213501Q02");
    let first = Some("320213001001001~320213501Q01");
    is(&shares(1), &[(None, 0.5), (Some(one), 0.25), (Some(two), 0.25)]);
    is(&shares(2), &[(None, 0.75), (first, 0.2), (Some(one), 0.05)]);
    let roads = all(&town, "road").await;
    let shares = |i: usize| roads[i]["properties"]["shares"].as_array().unwrap().clone();
    is(&shares(0), &[(None, 0.6), (Some(two), 0.2), (Some(one), 0.12), (first, 0.08)]);
    is(&shares(1), &[(Some(one), 1.0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn spatial_functions_see_the_real_geometry() {
    let town = town();
    let names = async |layer: &str, filter: &str| -> Vec<String> {
        let page = town.filtered(layer, filter, "&sortby=name").await.is(200).json();
        let features = page["features"].as_array().unwrap();
        features.iter().map(|f| f["properties"]["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("road", "S_CROSSES(geometry, BBOX(120.3, 31.57, 120.31, 31.58))").await, ["east"]);
    assert_eq!(names("road", "S_WITHIN(geometry, BBOX(120.3, 31.57, 120.31, 31.58))").await, ["short"]);
    // The middle of that box is near the line, which passes it by.
    assert_eq!(names("road", "S_INTERSECTS(geometry, BBOX(120.29, 31.5751, 120.35, 31.58))").await, [""; 0]);
    assert_eq!(names("compound", "S_CONTAINS(geometry, POINT(120.3015 31.5715))").await, ["inside"]);
    assert_eq!(names("compound", "S_DISJOINT(geometry, BBOX(120, 31, 120.5, 31.9))").await, ["away"]);
    let page = town.get("/api/collections/road/items?bbox=120.29,31.5751,120.35,31.58").await.is(200).json();
    assert_eq!(page["numberMatched"], 0);
    let page = town.get("/api/collections/road/items?bbox=120.29,31.574,120.35,31.576").await.is(200).json();
    assert_eq!(page["numberMatched"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_and_those_within() {
    let town = town();
    let rows = all(&town, "school").await;
    let near = town.get("/api/nearest?lon=120.31&lat=31.57&k=7&collection=school").await.is(200).json();
    let metres: Vec<f64> = near["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["properties"]["distance_m"].as_f64().unwrap())
        .collect();
    assert_eq!(metres.len(), 7);
    assert!(metres.is_sorted());
    // Of the two roads the long one runs along 31.575; the short one ends at 31.573.
    let near = town.get("/api/nearest?lon=120.306&lat=31.5745&collection=road").await.is(200).json();
    let road = |i: usize| {
        (
            &near["features"][i]["properties"]["name"],
            near["features"][i]["properties"]["distance_m"].as_f64().unwrap(),
        )
    };
    assert!(*road(0).0 == "east" && (55.0..56.0).contains(&road(0).1), "{near}");
    assert!(*road(1).0 == "short" && (166.0..167.0).contains(&road(1).1), "{near}");
    let ground = json!({ "type": "Polygon", "coordinates":
        [[[120.3, 31.56], [120.33, 31.56], [120.33, 31.59], [120.3, 31.59], [120.3, 31.56]]] });
    let media = [("content-type", "application/geo+json")];
    let inside = rows.iter().filter(|r| {
        let c = &r["geometry"]["coordinates"];
        let (x, y) = (c[0].as_f64().unwrap(), c[1].as_f64().unwrap());
        120.3 < x && x < 120.33 && 31.56 < y && y < 31.59
    });
    let expected: Vec<u64> = inside.map(|r| r["id"].as_u64().unwrap()).collect();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/within?collection=school&limit=50{cursor}");
        let page = town.send("POST", &path, &media, ground.to_string()).await.is(200).json();
        assert_eq!(page["numberMatched"], expected.len());
        seen.extend(ids(&page));
        let Some(next) = page["cursor"].as_str() else { break };
        cursor = format!("&cursor={}", encoded(next));
    }
    assert_eq!(seen, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_and_ground_are_where_any_part_of_them_is() {
    let town = town();
    let names = |page: &Value| -> Vec<String> {
        let features = page["features"].as_array().unwrap();
        features.iter().map(|f| f["properties"]["name"].as_str().unwrap().to_owned()).collect()
    };
    // By the corners of the sample: grid 1 begins at 120.3, grid 2 at 120.31, both end at 31.58.
    for (layer, area, expected) in [
        ("road", "320213001001001", &["east", "short"][..]),
        ("road", "320213001001002", &["east"]),
        ("compound", "320213001001001", &["inside", "across", "beyond"]),
        ("compound", "320213001001002", &["across"]),
        ("compound", "320213501Q01", &["inside", "beyond"]),
    ] {
        let page = town.get(&format!("/api/collections/{layer}/items?within={area}")).await.is(200).json();
        assert_eq!(names(&page), expected, "{layer} in {area}");
    }
    let media = [("content-type", "application/geo+json")];
    let there = async |layer: &str, query: &str, ground: Value| {
        let path = format!("/api/within?collection={layer}{query}");
        names(&town.send("POST", &path, &media, ground.to_string()).await.is(200).json())
    };
    let square = |w: f64, s: f64, e: f64, n: f64| json!([[w, s], [e, s], [e, n], [w, n], [w, s]]);
    let polygon = |rings: &[Value]| json!({ "type": "Polygon", "coordinates": rings });
    let west = square(120.299, 31.5745, 120.3, 31.5755);
    assert_eq!(there("road", "", polygon(std::slice::from_ref(&west))).await, ["east"]);
    // It touches the corner of one, lies in another, and around none.
    assert_eq!(there("compound", "", polygon(&[west])).await, ["beyond"]);
    let ring = [square(120.3, 31.57, 120.31, 31.58), square(120.3005, 31.5705, 120.3095, 31.5795)];
    assert_eq!(there("compound", "", polygon(&ring)).await, ["across", "beyond"]);
    assert_eq!(there("road", "", polygon(&ring)).await, ["east"]);
    // Ground that is drawn twice is there once.
    let twice = |layer| {
        there(
            layer,
            "&limit=1000",
            json!({ "type": "MultiPolygon", "coordinates":
        [[square(120.3, 31.57, 120.31, 31.58)], [square(120.3, 31.57, 120.31, 31.58)]] }),
        )
    };
    let once = |layer| there(layer, "&limit=1000", polygon(&[square(120.3, 31.57, 120.31, 31.58)]));
    assert_eq!(twice("compound").await, once("compound").await);
    let point = json!({ "type": "Point", "coordinates": [120.302, 31.5745] });
    // 55 m to the road; the compounds are 285 m and 55 m away.
    assert_eq!(there("road", "&radius=50", point.clone()).await, [""; 0]);
    assert_eq!(there("road", "&radius=60", point.clone()).await, ["east"]);
    assert_eq!(there("compound", "&radius=60", point).await, ["beyond"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_told_and_seen() {
    let town = town();
    let before = town.live.applied().change;
    import(
        &*town.store,
        "hydrant",
        "消火栓",
        &collection(vec![feature("h", json!({ "type": "Point", "coordinates": [120.305, 31.575] }))]),
    );
    town.live.visible(before + 1).await.unwrap();
    let page = town.get("/api/collections/hydrant/items").await.is(200).json();
    assert_eq!(page["numberMatched"], 1);
    let tiles = town.get("/tiles/hydrant.json").await.is(200).json();
    assert_eq!(tiles["vector_layers"][0]["fields"]["name"], "String");
    let change = &town.store.changes_since(before, 1).unwrap()[0];
    let event = Event::of_log(change.clone(), []);
    assert_eq!(event.change_json()["collection"], "hydrant");
    let tiles = &event.tiles_json()[0];
    assert_eq!(tiles["layers"], json!(["hydrant"]));
    let ranges = tiles["ranges"].as_array().unwrap();
    assert!(ranges.iter().any(|r| r[0] == 14));
    // Boundaries that change touch it too: its features say in whose ground they lie.
    let boundaries =
        town.store.changes_since(0, 100).unwrap().into_iter().find(|c| c.layer.as_str() == "grid");
    let event = Event::of_log(boundaries.unwrap(), ["hydrant"]);
    let layers = event.tiles_json()[0]["layers"].clone();
    assert!(
        ["grid", "piece", "hydrant"].iter().all(|l| layers.as_array().unwrap().contains(&json!(l))),
        "{layers}"
    );
    town.get("/tiles/hydrants/0/0/0").await.is(404);
}
