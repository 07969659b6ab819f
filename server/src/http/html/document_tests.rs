//! Tests of pages made of any answer.

use super::*;
use serde_json::json;

fn page(path: &str, answer: &Value) -> String {
    let context = Context {
        language: Language::English,
        base: "http://localhost",
        uri: &path.parse().unwrap(),
        linked: true,
        collection: Some("Grids"),
        order: &["residents", "addresses"],
    };
    document(&context, answer)
}

#[test]
fn like_objects_are_rows_in_the_order_of_the_answer() {
    let answer = json!({
        "groups": [{ "addresses": 1, "code": "a", "residents": 2 }, { "code": "b", "name": null }],
        "numberMatched": 9, "numberReturned": 2,
        "links": [
            { "rel": "alternate", "href": "http://localhost/api/summary?f=csv", "type": "text/csv" },
            { "rel": "next", "href": "http://localhost/api/summary?f=html&cursor=a2", "type": "application/json" },
        ],
    });
    let page = page("/api/summary?by=grid&f=html", &answer);
    assert!(
        page.contains("<h1>Summary</h1>")
            && page.contains("2 of 9 rows")
            && page.contains("<code>by=grid</code>")
    );
    assert!(
        page.contains("<tr><th>residents</th><th>addresses</th><th>code</th><th>name</th></tr>"),
        "{page}"
    );
    assert!(page.contains("<td></td><td></td><td>b</td><td>–</td>"), "{page}");
    assert!(page.contains("rel=\"next\" href=\"http://localhost/api/summary?f=html&amp;cursor=a2\""));
    assert!(page.contains("href=\"http://localhost/api/summary?by=grid&amp;f=json\">JSON"));
    assert!(page.contains("href=\"http://localhost/api/summary?f=csv\">CSV"));
}

#[test]
fn a_schema_is_a_table_of_its_properties_on_the_way_of_its_collection() {
    let answer = json!({ "type": "object", "properties": {
        "code": { "type": "string" }, "geometry": { "format": "geometry-point" },
    } });
    let page = page("/api/collections/grids/queryables", &answer);
    assert!(page.contains("<a href=\"http://localhost/api/collections/grids\">Grids</a>"), "{page}");
    assert!(page.contains("<h1>Queryable properties</h1>"));
    assert!(page.contains("<td><code>code</code></td><td></td><td>string</td>"), "{page}");
}

#[test]
fn features_are_rows_and_geometries_are_short() {
    let ring = json!([[[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]]);
    let feature = |geometry: Value| json!({ "type": "Feature", "id": 7, "geometry": geometry, "properties": { "id": "x" } });
    let features = [
        feature(json!({ "type": "MultiPolygon", "coordinates": ring })),
        feature(json!({ "type": "Point", "coordinates": [120.5, 31.5] })),
        feature(Value::Null),
    ];
    let page = page("/api/nearest", &json!({ "type": "FeatureCollection", "features": features }));
    assert!(page.contains("<tr><th>id</th><th>id</th><th>geometry</th></tr>"), "{page}");
    assert!(page.contains("<td class=\"number\">7</td><td>x</td><td>MultiPolygon (4)</td>"), "{page}");
    assert!(page.contains("<td>Point 120.5, 31.5</td>") && page.contains("<td>–</td>"));
    assert!(!page.contains("FeatureCollection"));
}

#[test]
fn nothing_answered_becomes_markup_or_a_foreign_link() {
    let evil = "<script>\"&";
    let answer = json!({
        evil: evil, "here": "http://localhost/api", "like": "http://localhost.evil/", "crs": "http://www.opengis.net/def",
        "links": [{ "rel": evil, "title": evil, "href": "javascript:alert(1)", "type": evil }],
        "rows": [{ evil: evil, "more": { evil: [evil, [evil]] } }], "template": "http://localhost/{z}",
    });
    let page = page("/api/%3Cscript%3E?x=%3Cscript%3E", &answer);
    assert!(!page.contains("<script") && !page.contains("href=\"javascript"), "{page}");
    assert!(page.contains("<a href=\"http://localhost/api\">http://localhost/api</a>"));
    for plain in ["http://localhost.evil/", "http://www.opengis.net/def", "http://localhost/{z}"] {
        assert!(page.contains(&format!("<code>{plain}</code>")), "{plain}");
    }
}
