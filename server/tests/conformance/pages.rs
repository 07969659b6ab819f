//! `conf/html`: whatever is answered with JSON is a page for people, too (OGC 17-069r4, /req/html/definition).

use crate::common::{Reply, Town, encoded};
use serde_json::{Value, json};

const JSON: [&str; 4] = [
    "application/json",
    "application/geo+json",
    "application/schema+json",
    "application/vnd.oai.openapi+json",
];
/// What a browser sends.
const BROWSER: [(&str, &str); 2] = [
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"),
    ("accept-language", "en"),
];

/// All operations that answer GET with JSON, by the OpenAPI document, with parameters.
async fn documents(town: &Town) -> Vec<(String, Value)> {
    let document = town.get("/api/openapi.json").await.is(200).json();
    let grid = town.get("/api/collections/grids/items?level=grid&limit=1").await.is(200).json();
    let fid = |of: &Value| of["features"][0]["id"].to_string();
    let incident = fid(&town.get("/api/collections/incidents/items?limit=1").await.is(200).json());
    let staff = fid(&town.get("/api/collections/staff/items?limit=1").await.is(200).json());
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(operation) = item.get("get") else { continue };
        let forms = operation["responses"]["200"]["content"].as_object().unwrap();
        if !forms.keys().any(|m| JSON.contains(&m.split(';').next().unwrap())) {
            continue;
        }
        assert!(forms.contains_key("text/html"), "{path}");
        let feature = match path {
            p if p.contains("incidents") => &incident,
            p if p.contains("staff") => &staff,
            _ => &fid(&grid),
        };
        let path = path
            .replace("{collectionId}", "grids")
            .replace("{featureId}", feature)
            .replace("{tileMatrixSetId}", "WebMercatorQuad")
            .replace("{tiling}", "hexagon")
            .replace("{layers}", "grid,incident")
            .replace("{name}", "light");
        assert!(!path.contains('{'), "no example of {path}");
        let required: Vec<String> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|p| p["$ref"].as_str().map_or(p, |to| document.pointer(&to[1..]).unwrap()))
            .filter(|p| p["in"] == "query" && p["required"] == true)
            .map(|p| match p["name"].as_str().unwrap() {
                "lon" => "lon=120.302".to_owned(),
                "lat" => "lat=31.575".to_owned(),
                "q" => format!("q={}", encoded("示例")),
                other => panic!("no example of {other}"),
            })
            .collect();
        let server = if item.get("servers").is_some() { "" } else { "/api" };
        let path = format!("{server}{}?{}", path.trim_end_matches('/'), required.join("&"));
        all.push((path.trim_end_matches('?').to_owned(), operation.clone()));
    }
    assert!(all.len() > 25);
    all
}

pub async fn every_document_has_one(town: &Town) {
    for (path, operation) in documents(town).await {
        let page = town.send("GET", &path, &BROWSER, "").await.is(200);
        is_page(&path, &page);
        assert!(page.text().contains("<html lang=\"en\">"), "{path}");
        let head = town.send("HEAD", &path, &BROWSER, "").await.is(200);
        assert_eq!((head.header("content-type"), head.body.len()), ("text/html; charset=utf-8", 0), "{path}");
        if !operation.to_string().contains("parameters/f") {
            continue; // Takes no parameters at all.
        }
        let word = if path.contains('?') { "&f=html" } else { "?f=html" };
        let asked = town.get(&format!("{path}{word}")).await.is(200);
        is_page(&path, &asked);
        // The page leads to the same in JSON, but for the reference, which is of the OpenAPI document.
        assert!(asked.text().contains("f=json") || path.ends_with("openapi.json"), "{path}");
    }
    // A question that is asked with a body, and what a change is answered with.
    let ground = r#"{ "type": "Point", "coordinates": [120.302, 31.575] }"#;
    let headers = [BROWSER[0], ("content-type", "application/geo+json")];
    for more in ["", "&by=grid", "&collection=incidents"] {
        let path = format!("/api/within?radius=2000{more}");
        is_page(&path, &town.send("POST", &path, &headers, ground).await.is(200));
    }
}

/// A cache must not take one form for another.
pub async fn each_form_has_a_validator_of_its_own(town: &Town) {
    for path in ["/styles/light.json", "/api/summary", "/api/collections/grids/queryables"] {
        let json = town.get(path).await.is(200);
        let page = town.send("GET", path, &BROWSER, "").await.is(200);
        let etag = page.header("etag");
        assert!(!etag.is_empty() && etag != json.header("etag"), "{path}");
        for reply in [&json, &page] {
            assert!(reply.header("vary").starts_with("Accept"), "{path}");
        }
        let again = [BROWSER[0], BROWSER[1], ("if-none-match", etag)];
        let unchanged = town.send("GET", path, &again, "").await.is(304);
        assert!(unchanged.body.is_empty() && unchanged.header("vary").starts_with("Accept"), "{path}");
        // Neither form stands for the other.
        town.send("GET", path, &[("if-none-match", etag)], "").await.is(200);
        if !json.header("etag").is_empty() {
            town.send("GET", path, &[BROWSER[0], ("if-none-match", json.header("etag"))], "").await.is(200);
        }
    }
    // So it is with a page that the resource makes itself.
    let one = town.post(120.302, 31.575, json!({ "category": "noise" })).await.is(201).json()["id"].clone();
    let path = format!("/api/collections/incidents/items/{one}");
    let json = town.get(&path).await.is(200).header("etag").to_owned();
    let page = town.send("GET", &path, &BROWSER, "").await.is(200).header("etag").to_owned();
    assert_ne!(json, page);
    town.send("GET", &path, &[BROWSER[0], BROWSER[1], ("if-none-match", &page)], "").await.is(304);
    town.send("GET", &path, &[BROWSER[0], BROWSER[1], ("if-none-match", &json)], "").await.is(200);
    // What a change is answered with is the feature's own, and no page's.
    let patch = r#"{ "properties": { "title": "t" } }"#;
    let media = ("content-type", "application/merge-patch+json");
    let changed = town.send("PATCH", &path, &[BROWSER[0], media, ("if-match", &json)], patch).await.is(200);
    is_page(&path, &changed);
    assert_eq!(changed.header("etag"), "");
}

pub async fn clients_are_answered_as_ever(town: &Town) {
    for (path, _) in documents(town).await {
        let plain = town.get(&path).await.is(200);
        for accept in [
            "*/*",
            "application/json",
            "application/geo+json, application/json;q=0.9",
            "text/html;q=0.5, */*",
        ] {
            let reply = town.send("GET", &path, &[("accept", accept)], "").await.is(200);
            let same = |r: &Reply| r.header("content-type").split(';').next().unwrap().to_owned();
            // GDAL knows OpenAPI 3.0 by name, and JSON.
            let own = path.ends_with("openapi.json") && !accept.contains("*/*");
            assert_eq!(
                same(&reply),
                if own { "application/json".to_owned() } else { same(&plain) },
                "{path} {accept}"
            );
        }
    }
    let table = [("accept", "text/csv, text/html;q=0.9")];
    let csv = town.send("GET", "/api/summary", &table, "").await.is(200);
    assert!(csv.header("content-type").starts_with("text/csv"));
    let page = town.send("GET", "/api/summary", &[("accept", "text/csv;q=0.5, text/html;q=0.9")], "").await;
    is_page("/api/summary", &page.is(200));
    town.get("/api/summary?f=xml").await.is(400);
    // An error is one whoever asks.
    let problem = town.send("GET", "/api/summary?colour=red", &BROWSER, "").await.is(400);
    assert_eq!(problem.header("content-type"), "application/problem+json");
}

fn is_page(path: &str, reply: &Reply) {
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{path}");
    assert!(reply.header("vary").contains("Accept"), "{path}");
    let text = reply.text();
    assert!(!text.contains("<script"), "{path}");
    if let Err(fault) = balanced(&text) {
        panic!("{path}: {fault}\n{text}");
    }
}

/// Whether every element ends where it must, and no sign of markup stands in the text.
fn balanced(page: &str) -> Result<(), String> {
    let rest = page.strip_prefix("<!doctype html>\n").ok_or("no doctype")?;
    let mut open: Vec<&str> = Vec::new();
    let mut parts = rest.split('<');
    parts.next();
    for part in parts {
        let (tag, text) = part.split_once('>').ok_or_else(|| format!("<{part} does not end"))?;
        let style = tag == "style";
        if !style && text.contains('>') {
            return Err(format!("a bare > in {text}"));
        }
        for after in text.split('&').skip(1) {
            if !["amp;", "lt;", "gt;", "quot;"].iter().any(|e| after.starts_with(e)) {
                return Err(format!("a bare & in {text}"));
            }
        }
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> ends what was not begun last"));
            }
            continue;
        }
        if tag.matches('"').count() % 2 != 0 {
            return Err(format!("<{tag}> has an odd quote"));
        }
        let name = tag.split([' ', '\n', '/']).next().unwrap_or_default();
        if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) || name.is_empty() {
            return Err(format!("<{tag}> is no element"));
        }
        // A block in a paragraph would end it.
        if ["dl", "ul", "table", "div", "p", "h2"].contains(&name) && open.contains(&"p") {
            return Err(format!("<{name}> in a paragraph"));
        }
        if !["meta", "link", "br", "input", "path", "circle"].contains(&name) {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} do not end")) }
}
