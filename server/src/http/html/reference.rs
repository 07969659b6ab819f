//! `/api/openapi.html`: the API's own document as a page for people.
//!
//! Everything on it is read from the document, so it cannot say anything else.

use super::{
    escaped,
    page::{Language, Page},
};
use serde_json::{Map, Value};
use std::fmt::Write;

/// Methods in the order in which they are shown.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The page of a document for a server at `base`.
pub fn reference(language: Language, document: &Value, base: &str) -> String {
    let mut body = String::new();
    let description = text(&document["info"], "description");
    let _ = writeln!(body, "<p>{}</p>", escaped(description));
    let api = document["servers"][0]["url"].as_str().unwrap_or_default();
    for (path, item) in members(&document["paths"]) {
        let server = item["servers"][0]["url"].as_str().unwrap_or(api);
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                put_operation(&mut body, language, document, (server, path, method), operation);
            }
        }
    }
    let _ = writeln!(body, "<h2>{}</h2>", language.pick("数据结构", "Schemas"));
    for (name, schema) in members(&document["components"]["schemas"]) {
        let _ = write!(
            body,
            "<details id=\"schema-{name}\"><summary><code>{name}</code></summary>\n{}</details>\n",
            schema_table(language, schema)
        );
    }
    let page = Page {
        language,
        title: language.pick("接口文档", "API reference"),
        way: &[("API", format!("{base}/api"))],
        formats: &[("OpenAPI 3.1", format!("{base}/api/openapi.json?f=json"))],
    };
    page.with(&body)
}

fn put_operation(
    out: &mut String,
    language: Language,
    document: &Value,
    (server, path, method): (&str, &str, &str),
    operation: &Value,
) {
    let prefix = server.splitn(4, '/').nth(3).map(|p| format!("/{p}")).unwrap_or_default();
    let shown = format!("{prefix}{}", if path == "/" { "" } else { path });
    let parameters: Vec<&Value> =
        operation["parameters"].as_array().into_iter().flatten().map(|p| resolved(document, p)).collect();
    let _ = writeln!(
        out,
        "<details id=\"{}\"><summary><strong>{}</strong> <code>{}</code> {}</summary>",
        escaped(text(operation, "operationId")),
        method.to_uppercase(),
        escaped(&shown),
        escaped(text(operation, "summary")),
    );
    // What can be read without saying more is one click away.
    if method == "get" && !path.contains('{') && !parameters.iter().any(|p| p["required"] == true) {
        let href = escaped(&format!("{server}{}", if path == "/" { "" } else { path }));
        let _ = writeln!(out, "<p><a href=\"{href}\">{href}</a></p>");
    }
    if !parameters.is_empty() {
        let heads = language.pick(
            "<th>参数</th><th>位置</th><th>类型</th><th>说明</th>",
            "<th>Parameter</th><th>In</th><th>Type</th><th>Meaning</th>",
        );
        let _ = writeln!(out, "<div class=\"wide\"><table><tr>{heads}</tr>");
        for p in parameters {
            let must = if p["required"] == true { language.pick(" 必填", " required") } else { "" };
            let _ = writeln!(
                out,
                "<tr><td><code>{}</code><span class=\"soft\">{must}</span></td><td>{}</td><td>{}</td><td class=\"long\">{}</td></tr>",
                escaped(text(p, "name")),
                escaped(text(p, "in")),
                kind(&p["schema"]),
                escaped(text(p, "description")),
            );
        }
        out.push_str("</table></div>\n");
    }
    put_contents(out, language.pick("请求体", "Body"), &operation["requestBody"]);
    for (status, response) in members(&operation["responses"]) {
        let response = resolved(document, response);
        let name = format!("{status} {}", text(response, "description"));
        put_contents(out, &name, response);
        if response.get("content").is_none() {
            let _ = writeln!(out, "<p>{}</p>", escaped(&name));
        }
    }
    out.push_str("</details>\n");
}

/// The media types of a body and what is in them.
fn put_contents(out: &mut String, name: &str, body: &Value) {
    let mut contents = members(&body["content"]).peekable();
    if contents.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "<p>{}</p>\n<ul>", escaped(name));
    for (media, content) in contents {
        let _ = writeln!(out, "<li><code>{}</code> {}</li>", escaped(media), kind(&content["schema"]));
    }
    out.push_str("</ul>\n");
}

/// The properties of a schema, with a row for each; those of objects inside after a dot.
fn schema_table(language: Language, schema: &Value) -> String {
    let mut rows = String::new();
    put_rows(&mut rows, "", schema, 0);
    if rows.is_empty() {
        return format!("<p>{}</p>\n", kind(schema));
    }
    let description = text(schema, "description");
    let heads = language
        .pick("<th>名称</th><th>类型</th><th>说明</th>", "<th>Name</th><th>Type</th><th>Meaning</th>");
    format!(
        "<p>{}</p>\n<div class=\"wide\"><table><tr>{heads}</tr>\n{rows}</table></div>\n",
        escaped(description)
    )
}

/// Objects lie in objects at most so deep.
const DEPTH: usize = 4;

fn put_rows(out: &mut String, prefix: &str, schema: &Value, depth: usize) {
    for (name, property) in members(&schema["properties"]) {
        let name = format!("{prefix}{name}");
        let _ = writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td class=\"long\">{}</td></tr>",
            escaped(&name),
            kind(property),
            escaped(text(property, "description")),
        );
        if depth < DEPTH {
            put_rows(out, &format!("{name}."), property, depth + 1);
            put_rows(out, &format!("{name}[]."), &property["items"], depth + 1);
        }
    }
}

/// What a schema is, in a few words.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return format!("<a href=\"#schema-{0}\">{0}</a>", escaped(name));
    }
    for word in ["oneOf", "anyOf"] {
        if let Some(list) = schema[word].as_array().filter(|l| l.iter().any(|s| s.get("minItems").is_none()))
        {
            return list.iter().map(kind).collect::<Vec<_>>().join(" | ");
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        return short_list(values);
    }
    if !schema["const"].is_null() {
        return format!("<code>{}</code>", escaped(&schema["const"].to_string()));
    }
    let mut out = match &schema["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        _ => String::new(),
    };
    if !schema["items"].is_null() {
        out = format!("[{}]", kind(&schema["items"]));
    }
    let number = |name: &str| schema[name].as_f64();
    if let (Some(least), Some(most)) = (number("minimum"), number("maximum")) {
        let _ = write!(out, " {least}…{most}");
    }
    if !schema["default"].is_null() {
        let _ = write!(out, " = {}", escaped(schema["default"].to_string().trim_matches('"')));
    }
    out
}

/// The values of a closed list; long ones are cut.
fn short_list(values: &[Value]) -> String {
    const SHOWN: usize = 12;
    let word = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let mut words: Vec<String> =
        values.iter().take(SHOWN).map(|v| format!("<code>{}</code>", escaped(&word(v)))).collect();
    if values.len() > SHOWN {
        words.push(format!("… ({})", values.len()));
    }
    words.join(" ")
}

/// What a reference inside the document leads to; anything else is itself.
fn resolved<'a>(document: &'a Value, node: &'a Value) -> &'a Value {
    let target = node["$ref"].as_str().and_then(|r| r.strip_prefix('#'));
    target.and_then(|pointer| document.pointer(pointer)).unwrap_or(node)
}

fn members(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.as_object().into_iter().flat_map(Map::iter)
}

fn text<'a>(node: &'a Value, name: &str) -> &'a str {
    node[name].as_str().unwrap_or_default()
}
