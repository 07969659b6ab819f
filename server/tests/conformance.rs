//! Every class that `/api/conformance` names is shown to be met; one without a case here fails the test.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
#[path = "conformance/pages.rs"]
mod pages;
#[path = "conformance/tiles.rs"]
mod tiles;

use common::{Town, crowd::crowd, encoded};
use serde_json::{Value, json};

const INCIDENTS: &str = "/api/collections/incidents/items";

#[tokio::test(flavor = "multi_thread")]
async fn every_class_is_met() {
    let town = crowd();
    let document = town.get("/api/conformance").await.is(200).json();
    let classes: Vec<&str> =
        document["conformsTo"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    let mut distinct = classes.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), classes.len());
    for class in classes {
        let name = class.strip_prefix("http://www.opengis.net/spec/").unwrap_or_else(|| panic!("{class}"));
        match name {
            "ogcapi-features-1/1.0/conf/core" => core(&town).await,
            "ogcapi-features-1/1.0/conf/geojson" => geojson(&town).await,
            "ogcapi-features-1/1.0/conf/html" => html(&town).await,
            "ogcapi-features-2/1.0/conf/crs" => crs(&town).await,
            "ogcapi-features-3/1.0/conf/queryables" => queryables(&town).await,
            "ogcapi-features-3/1.0/conf/queryables-query-parameters" => parameters(&town).await,
            "ogcapi-features-3/1.0/conf/filter" | "ogcapi-features-3/1.0/conf/features-filter" => {
                filter(&town).await
            }
            "ogcapi-features-4/1.0/conf/create-replace-delete" => create_replace_delete(&town).await,
            "ogcapi-features-4/1.0/conf/update" => update(&town).await,
            "ogcapi-features-4/1.0/conf/optimistic-locking-etags" => locking(&town).await,
            "ogcapi-features-4/1.0/conf/features" => features(&town).await,
            name if tiles::is_one(name) => tiles::show(&town, name).await,
            other => match other.strip_prefix("cql2/1.0/conf/") {
                Some(part) => cql2(&town, part).await,
                None => panic!("no case shows {class}"),
            },
        }
    }
}

/// The link of a relation and type.
fn link<'a>(document: &'a Value, rel: &str, media: &str) -> &'a str {
    let links = document["links"].as_array().unwrap();
    let found =
        links.iter().find(|l| l["rel"] == rel && l["type"].as_str().unwrap_or_default().starts_with(media));
    found.unwrap_or_else(|| panic!("no link {rel} of type {media} in {document}"))["href"].as_str().unwrap()
}

fn path(href: &str) -> &str {
    href.strip_prefix("http://localhost:8080").unwrap_or_else(|| panic!("{href} leads elsewhere"))
}

async fn core(town: &Town) {
    let landing = town.get("/api").await.is(200).json();
    assert_eq!(town.get("/api/").await.is(200).json(), landing);
    for rel in ["self", "service-desc", "conformance", "data"] {
        town.get(path(link(&landing, rel, "application/"))).await.is(200);
    }
    let all = town.get("/api/collections").await.is(200).json();
    for collection in all["collections"].as_array().unwrap() {
        let id = collection["id"].as_str().unwrap();
        let one = town.get(path(link(collection, "self", "application/json"))).await.is(200).json();
        assert_eq!((&one["id"], &one["links"]), (&collection["id"], &collection["links"]));
        let page = town.get(path(link(collection, "items", "application/geo+json"))).await.is(200).json();
        assert!(page["numberReturned"].as_u64().unwrap() <= page["numberMatched"].as_u64().unwrap(), "{id}");
        for query in ["limit=0", "bbox=1,2,3", "datetime=x", "colour=red"] {
            town.get(&format!("/api/collections/{id}/items?{query}")).await.is(400);
        }
    }
    town.get("/api/collections/none").await.is(404);
    town.get(&format!("{INCIDENTS}/1")).await.is(404);
    let early =
        town.get(&format!("{INCIDENTS}?datetime=../2026-06-15T00:00:00Z&limit=10000")).await.is(200).json();
    let late =
        town.get(&format!("{INCIDENTS}?datetime=2026-06-15T00:00:00Z/..&limit=10000")).await.is(200).json();
    let timed = town.filtered("incidents", "reported_at IS NOT NULL", "&limit=1").await.is(200).json();
    let sum = early["numberMatched"].as_u64().unwrap() + late["numberMatched"].as_u64().unwrap();
    assert_eq!(timed["numberMatched"], sum);
}

async fn geojson(town: &Town) {
    let reply = town.get("/api/collections/grids/items?level=grid").await.is(200);
    assert_eq!(reply.header("content-type"), "application/geo+json");
    let page = reply.json();
    assert_eq!(
        (&page["type"], &page["features"][0]["type"]),
        (&json!("FeatureCollection"), &json!("Feature"))
    );
    assert_eq!(page["features"][0]["geometry"]["type"], "MultiPolygon");
    let one = town.get(&format!("/api/collections/grids/items/{}", page["features"][0]["id"])).await.is(200);
    assert_eq!(one.header("content-type"), "application/geo+json");
}

async fn html(town: &Town) {
    let grid =
        town.get("/api/collections/grids/items?level=grid&limit=1").await.json()["features"][0]["id"].clone();
    let piece = town.get("/api/collections/pieces/items?limit=1").await.json();
    let piece = path(link(
        &town
            .get(&format!(
                "/api/collections/pieces/items/{}",
                encoded(piece["features"][0]["id"].as_str().unwrap())
            ))
            .await
            .is(200)
            .json(),
        "self",
        "application/",
    ))
    .to_owned();
    for resource in [
        "/api",
        "/api/conformance",
        "/api/collections",
        "/api/collections/grids",
        "/api/collections/grids/items",
        &format!("/api/collections/grids/items/{grid}"),
        &piece,
    ] {
        let browser = [
            ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            ("accept-language", "en"),
        ];
        let reply = town.send("GET", resource, &browser, "").await.is(200);
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{resource}");
        assert!(reply.text().contains("<html lang=\"en\">"), "{resource}");
        let asked = town.get(&format!("{resource}?f=html")).await.is(200);
        assert!(asked.text().contains("<html lang=\"zh-CN\">"), "{resource}");
        // The page leads to the same in JSON.
        assert!(asked.text().contains("f=json"), "{resource}");
        assert!(!asked.text().contains("<script") && !asked.text().contains("http://www.w3"), "{resource}");
    }
    pages::every_document_has_one(town).await;
    pages::each_form_has_a_validator_of_its_own(town).await;
    pages::clients_are_answered_as_ever(town).await;
}

async fn crs(town: &Town) {
    let all = town.get("/api/collections").await.is(200).json();
    assert_eq!(all["collections"][0]["crs"], json!(["#/crs"]));
    let one = town.get("/api/collections/addresses").await.is(200).json();
    assert_eq!(one["crs"], all["crs"]);
    assert!(one["crs"].as_array().unwrap().contains(&one["storageCrs"]));
    let uri = |code: &str| format!("http://www.opengis.net/def/crs/{code}");
    let of = |more: String| async move {
        town.get(&format!("/api/collections/addresses/items?limit=1{more}")).await
    };
    let plain = of(String::new()).await.is(200);
    assert_eq!(plain.header("content-crs"), format!("<{}>", uri("OGC/1.3/CRS84")));
    let at = |page: &Value| {
        let c = &page["features"][0]["geometry"]["coordinates"];
        (c[0].as_f64().unwrap(), c[1].as_f64().unwrap())
    };
    let (lon, lat) = at(&plain.json());
    for code in ["EPSG/0/4326", "EPSG/0/4490"] {
        let reply = of(format!("&crs={}", uri(code))).await.is(200);
        assert_eq!(reply.header("content-crs"), format!("<{}>", uri(code)));
        assert_eq!(at(&reply.json()), (lat, lon), "latitude stands first");
    }
    let (x, y) = at(&of(format!("&crs={}", uri("EPSG/0/3857"))).await.is(200).json());
    assert!((x - lon.to_radians() * 6_378_137.0).abs() < 0.001);
    assert!((y - lat.to_radians().tan().asinh() * 6_378_137.0).abs() < 0.001);
    let (north, east) = at(&of(format!("&crs={}", uri("EPSG/0/4549"))).await.is(200).json());
    assert!(
        (3_490_000.0..3_500_000.0).contains(&north) && (525_000.0..535_000.0).contains(&east),
        "{north} {east}"
    );
    // A box of one system selects what the same box of another does.
    let count = |more: String| async move {
        town.get(&format!("{INCIDENTS}?limit=1{more}")).await.is(200).json()["numberMatched"]
            .as_u64()
            .unwrap()
    };
    let degrees = count("&bbox=120.3,31.56,120.32,31.58".to_owned()).await;
    assert!(degrees > 100);
    assert_eq!(
        count(format!("&bbox=31.56,120.3,31.58,120.32&bbox-crs={}", uri("EPSG/0/4490"))).await,
        degrees
    );
    let mercator =
        |lon: f64, lat: f64| (lon.to_radians() * 6_378_137.0, lat.to_radians().tan().asinh() * 6_378_137.0);
    let ((w, s), (e, n)) = (mercator(120.3, 31.56), mercator(120.32, 31.58));
    assert_eq!(count(format!("&bbox={w},{s},{e},{n}&bbox-crs={}", uri("EPSG/0/3857"))).await, degrees);
    for parameter in ["crs", "bbox-crs", "filter-crs"] {
        of(format!("&{parameter}=EPSG:1")).await.is(400);
    }
}

async fn queryables(town: &Town) {
    for id in ["grids", "beats", "pieces", "addresses", "incidents", "staff"] {
        let collection = town.get(&format!("/api/collections/{id}")).await.is(200).json();
        let reply = town
            .get(path(link(
                &collection,
                "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                "application/schema+json",
            )))
            .await
            .is(200);
        assert_eq!(reply.header("content-type"), "application/schema+json");
        let schema = reply.json();
        assert_eq!((&schema["type"], &schema["additionalProperties"]), (&json!("object"), &json!(false)));
        // Each can be asked about, and nothing else.
        for name in schema["properties"].as_object().unwrap().keys() {
            town.filtered(id, &format!("{name} IS NOT NULL"), "&limit=1").await.is(200);
        }
        town.filtered(id, "colour IS NOT NULL", "").await.is(400);
    }
}

async fn parameters(town: &Town) {
    let schema = town.get("/api/collections/incidents/queryables").await.is(200).json();
    let first = town.filtered("incidents", "title IS NOT NULL AND category IS NOT NULL AND risk IS NOT NULL AND source IS NOT NULL AND reported_at IS NOT NULL AND grid IS NOT NULL AND beat IS NOT NULL", "&limit=1").await.is(200).json();
    let first = &first["features"][0];
    for (name, kind) in schema["properties"].as_object().unwrap() {
        if kind.get("type").is_none() || name == "address" {
            continue; // The geometry; and no incident of these has an address.
        }
        let value = if name == "fid" { &first["id"] } else { &first["properties"][name] };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let page =
            town.get(&format!("{INCIDENTS}?limit=10000&{name}={}", encoded(&text))).await.is(200).json();
        let features = page["features"].as_array().unwrap();
        assert!(features.iter().any(|f| f["id"] == first["id"]), "{name}");
        assert!(name == "fid" || features.iter().all(|f| f["properties"][name] == *value), "{name}");
    }
}

async fn filter(town: &Town) {
    let json = json!({ "op": "=", "args": [{ "property": "state" }, "closed"] }).to_string();
    let text = town.filtered("incidents", "state = 'closed'", "").await.is(200).json();
    for more in ["&filter-lang=cql2-text", "&filter-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84"] {
        let again = town.filtered("incidents", "state = 'closed'", more).await.is(200).json();
        assert_eq!(again["numberMatched"], text["numberMatched"]);
    }
    let again = town.filtered("incidents", &json, "&filter-lang=cql2-json").await.is(200).json();
    assert_eq!((&again["numberMatched"], &again["features"]), (&text["numberMatched"], &text["features"]));
    // Together with the other parameters: all must hold.
    let both = town.filtered("incidents", "state = 'closed'", "&risk=red&limit=10000").await.is(200).json();
    let one =
        town.filtered("incidents", "state = 'closed' AND risk = 'red'", "&limit=10000").await.is(200).json();
    assert_eq!(both["features"], one["features"]);
    let problem = town.filtered("incidents", "state = ", "").await.is(400).json();
    assert_eq!(problem["errors"][0]["parameter"], "filter");
    let refused = town.filtered("incidents", "TRUE", "&filter-lang=sql").await.is(400).json();
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1, "{refused}");
    // Geometries of a filter in another system, with its order of axes.
    let here = town
        .filtered("incidents", "S_INTERSECTS(geometry, BBOX(120.3, 31.56, 120.31, 31.57))", "&limit=1")
        .await
        .json();
    let there = town
        .filtered(
            "incidents",
            "S_INTERSECTS(geometry, BBOX(31.56, 120.3, 31.57, 120.31))",
            "&limit=1&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326",
        )
        .await
        .is(200)
        .json();
    assert_eq!(here["numberMatched"], there["numberMatched"]);
}

fn incident(category: &str) -> String {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [120.302, 31.575] }, "properties": { "category": category } }).to_string()
}

const GEOJSON: (&str, &str) = ("content-type", "application/geo+json");
const PATCH: (&str, &str) = ("content-type", "application/merge-patch+json");

async fn create_replace_delete(town: &Town) {
    let created = town.send("POST", INCIDENTS, &[GEOJSON], incident("noise")).await.is(201);
    let here = path(created.header("location")).to_owned();
    let etag = created.header("etag").to_owned();
    let replaced =
        town.send("PUT", &here, &[GEOJSON, ("if-match", &etag)], incident("parking")).await.is(200);
    assert_eq!(town.get(&here).await.is(200).json()["properties"]["category"], "parking");
    let etag = replaced.header("etag").to_owned();
    town.send("DELETE", &here, &[("if-match", &etag)], "").await.is(204);
    town.get(&here).await.is(404);
    town.send("PUT", &here, &[GEOJSON, ("if-match", &etag)], incident("noise")).await.is(404);
    let refused =
        town.send("POST", "/api/collections/grids/items", &[GEOJSON], incident("noise")).await.is(405);
    assert_eq!(refused.header("allow"), "GET,HEAD");
}

async fn update(town: &Town) {
    let created = town.send("POST", INCIDENTS, &[GEOJSON], incident("noise")).await.is(201);
    let here = path(created.header("location")).to_owned();
    let patch = json!({ "properties": { "title": "t", "risk": "red" } }).to_string();
    let changed =
        town.send("PATCH", &here, &[PATCH, ("if-match", created.header("etag"))], patch).await.is(200);
    let properties = &changed.json()["properties"];
    assert_eq!((&properties["title"], &properties["category"]), (&json!("t"), &json!("noise")));
    let cleared = json!({ "properties": { "risk": null } }).to_string();
    let cleared =
        town.send("PATCH", &here, &[PATCH, ("if-match", changed.header("etag"))], cleared).await.is(200);
    assert!(cleared.json()["properties"]["risk"].is_null());
}

async fn locking(town: &Town) {
    let created = town.send("POST", INCIDENTS, &[GEOJSON], incident("noise")).await.is(201);
    let here = path(created.header("location")).to_owned();
    let etag = town.get(&here).await.is(200).header("etag").to_owned();
    assert_eq!(created.header("etag"), etag);
    town.send("PUT", &here, &[GEOJSON], incident("parking")).await.is(428);
    let changed = town.send("PUT", &here, &[GEOJSON, ("if-match", &etag)], incident("parking")).await.is(200);
    for method in ["PUT", "PATCH", "DELETE"] {
        town.send(method, &here, &[GEOJSON, ("if-match", &etag)], incident("noise")).await.is(412);
    }
    assert_eq!(town.get(&here).await.json()["properties"]["category"], "parking");
    let same = town.send("GET", &here, &[("if-none-match", changed.header("etag"))], "").await.is(304);
    assert!(same.body.is_empty());
}

async fn features(town: &Town) {
    // A body in another system, named by Content-Crs: latitude first.
    let body = json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [31.575, 120.302] }, "properties": { "category": "noise" } });
    let system = ("content-crs", "<http://www.opengis.net/def/crs/EPSG/0/4490>");
    let created = town.send("POST", INCIDENTS, &[GEOJSON, system], body.to_string()).await.is(201);
    assert_eq!(created.json()["geometry"]["coordinates"], json!([120.302, 31.575]));
    let moved = json!({ "geometry": { "coordinates": [31.576, 120.302] } }).to_string();
    let here = path(created.header("location")).to_owned();
    let moved = town
        .send("PATCH", &here, &[PATCH, system, ("if-match", created.header("etag"))], moved)
        .await
        .is(200);
    assert_eq!(moved.json()["geometry"]["coordinates"], json!([120.302, 31.576]));
    let unknown = ("content-crs", "<http://www.opengis.net/def/crs/EPSG/0/1>");
    town.send("POST", INCIDENTS, &[GEOJSON, unknown], body.to_string()).await.is(400);
}

/// Filters of a class of CQL2, each with another that must select the same rows; some, but not all.
async fn cql2(town: &Town, class: &str) {
    let ground = "POLYGON((120.3 31.56, 120.32 31.56, 120.32 31.58, 120.3 31.58, 120.3 31.56))";
    let boxed = "BBOX(120.3, 31.56, 120.32, 31.58)";
    let pairs: Vec<(String, String)> = match class {
        "cql2-text" | "cql2-json" => return filter(town).await,
        "basic-cql2" => vec![
            ("state = 'closed' OR NOT (state <> 'void')".into(), "state IN ('closed', 'void')".into()),
            ("risk IS NULL".into(), "NOT (risk IS NOT NULL)".into()),
            ("reported_at >= TIMESTAMP('2026-07-01T00:00:00Z')".into(), "NOT reported_at < TIMESTAMP('2026-07-01T00:00:00Z')".into()),
            ("reported_at = DATE('2026-07-01')".into(), "reported_at >= TIMESTAMP('2026-07-01T00:00:00Z') AND reported_at < TIMESTAMP('2026-07-02T00:00:00Z')".into()),
        ],
        "advanced-comparison-operators" => vec![
            ("title LIKE 'Noise%'".into(), "title = 'Noise at night'".into()),
            ("title LIKE '100\\% full'".into(), "title = '100% full'".into()),
            ("title LIKE '100 _'".into(), "title = '100 m'".into()),
            ("fid % 100 BETWEEN 3 AND 5".into(), "fid % 100 IN (3, 4, 5)".into()),
        ],
        "case-insensitive-comparison" => vec![
            ("CASEI(title) = CASEI('noise AT night')".into(), "title IN ('Noise at night', 'NOISE AT NIGHT')".into()),
            ("CASEI(title) LIKE CASEI('STRASS%')".into(), "title = 'Straße'".into()),
        ],
        "accent-insensitive-comparison" => {
            vec![("ACCENTI(title) = ACCENTI('Café O''Neil')".into(), "title = 'Café O''Neil'".into())]
        }
        "basic-spatial-functions" => vec![
            (format!("S_INTERSECTS(geometry, {boxed})"), format!("S_INTERSECTS({boxed}, geometry)")),
            (format!("S_INTERSECTS(geometry, {boxed})"), "S_INTERSECTS(geometry, BBOX(120.3, 31.56, -9, 120.32, 31.58, 9))".into()),
        ],
        "basic-spatial-functions-plus" => vec![
            (format!("S_INTERSECTS(geometry, {ground})"), format!("S_INTERSECTS(geometry, {boxed})")),
            (format!("S_INTERSECTS(geometry, MULTI{})", ground.replace("((", "(((").replace("))", ")))")), format!("S_INTERSECTS(geometry, {boxed})")),
            (format!("S_INTERSECTS(geometry, GEOMETRYCOLLECTION({ground}, POINT(0 0)))"), format!("S_INTERSECTS(geometry, {boxed})")),
        ],
        "spatial-functions" => {
            shapes(town).await;
            vec![
                (format!("S_WITHIN(geometry, {ground})"), format!("S_CONTAINS({ground}, geometry)")),
                (format!("S_DISJOINT(geometry, {ground})"), format!("NOT S_INTERSECTS(geometry, {ground})")),
            ]
        }
        "temporal-functions" => vec![
            ("T_AFTER(reported_at, DATE('2026-06-30'))".into(), "reported_at >= TIMESTAMP('2026-07-01T00:00:00Z')".into()),
            ("T_INTERSECTS(reported_at, INTERVAL('2026-06-15', '..'))".into(), "NOT T_BEFORE(reported_at, DATE('2026-06-15'))".into()),
            ("T_DURING(reported_at, INTERVAL('2026-06-10', '2026-06-20'))".into(), "T_AFTER(reported_at, DATE('2026-06-10')) AND T_BEFORE(reported_at, DATE('2026-06-20'))".into()),
            ("T_STARTEDBY(INTERVAL(reported_at, '..'), reported_at) AND T_AFTER(reported_at, DATE('2026-06-30'))".into(), "T_AFTER(reported_at, DATE('2026-06-30'))".into()),
        ],
        "array-functions" => {
            // The grids below a county are those that have it among their ancestors.
            let below = town.filtered("grids", "A_CONTAINS(ancestors, ('320213000000'))", "").await.is(200).json();
            let all = town.get("/api/collections/grids/items").await.is(200).json();
            assert!(below["numberMatched"].as_u64() < all["numberMatched"].as_u64() && below["numberMatched"].as_u64() > Some(3), "{below}");
            vec![
                ("A_OVERLAPS((risk), ('red', 'blue'))".into(), "risk IN ('red', 'blue')".into()),
                ("A_EQUALS((risk, source), ('red', 'police'))".into(), "risk = 'red' AND source = 'police'".into()),
                ("A_CONTAINEDBY((risk), ('red', 'blue'))".into(), "risk IN ('red', 'blue')".into()),
                ("A_CONTAINS((risk, source), ('red'))".into(), "risk = 'red' AND source IS NOT NULL OR risk = 'red'".into()),
            ]
        }
        "property-property" => vec![("category < source".into(), "source > category".into())],
        "arithmetic" => vec![
            ("fid div 2 * 2 = fid".into(), "fid % 2 = 0".into()),
            ("(fid % 10) ^ 2 = 9".into(), "fid % 10 - 3 = 0".into()),
            ("0 = fid % 3".into(), "fid / 3 = fid div 3".into()),
        ],
        other => panic!("no case shows CQL2's {other}"),
    };
    for (a, b) in pairs {
        let count = |filter: String| async move {
            let page = town.filtered("incidents", &filter, "&limit=1").await.is(200).json();
            page["numberMatched"].as_u64().unwrap()
        };
        let (of_a, of_b) = (count(a.clone()).await, count(b.clone()).await);
        assert_eq!(of_a, of_b, "{a}\n{b}");
        assert!(of_a > 0 && of_a < common::crowd::CROWD as u64, "{a} selects {of_a}");
    }
}

/// The spatial functions between ground and ground: grid 4 of the sample is a hole of grid 3.
async fn shapes(town: &Town) {
    let page = town.get("/api/collections/grids/items?code=320213001001004").await.is(200).json();
    let ring = page["features"][0]["geometry"]["coordinates"][0][0].as_array().unwrap();
    let positions: Vec<_> = ring.iter().map(|p| format!("{} {}", p[0], p[1])).collect();
    let hole = format!("POLYGON(({}))", positions.join(", "));
    let codes = |filter: String| async move {
        let page = town.filtered("grids", &format!("level = 'grid' AND ({filter})"), "").await.is(200).json();
        let codes = page["features"].as_array().unwrap().iter();
        codes
            .map(|f| f["properties"]["code"].as_str().unwrap().trim_start_matches("320213001001").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(format!("S_EQUALS(geometry, {hole})")).await, ["004"]);
    assert_eq!(codes(format!("S_WITHIN(geometry, {hole})")).await, ["004"]);
    assert_eq!(codes(format!("S_TOUCHES(geometry, {hole})")).await, ["003"]);
    assert_eq!(codes(format!("S_INTERSECTS(geometry, {hole})")).await, ["003", "004"]);
    assert_eq!(codes(format!("S_DISJOINT(geometry, {hole})")).await, ["001", "002"]);
    assert_eq!(codes("S_CONTAINS(geometry, POINT(120.302 31.575))".to_owned()).await, ["001"]);
    assert_eq!(
        codes("S_OVERLAPS(geometry, BBOX(120.29, 31.574, 120.302, 31.576))".to_owned()).await,
        ["001"]
    );
    assert_eq!(
        codes("S_CROSSES(LINESTRING(120.29 31.575, 120.302 31.575), geometry)".to_owned()).await,
        ["001"]
    );
}
