//! `/api/collections` and `/api/collections/{id}`.

use super::{
    escaped,
    page::{Language, Page},
};
use crate::feature::{asked::queryables, collection::Collection};
use serde_json::Value;

fn text<'a>(described: &'a Value, name: &str) -> &'a str {
    described[name].as_str().unwrap_or_default()
}

/// All collections, as their JSON describes them.
pub fn collections(language: Language, all: impl Iterator<Item = Value>, base: &str) -> String {
    let mut body = String::from("<ul class=\"plain\">\n");
    for described in all {
        let id = text(&described, "id");
        body.push_str(&format!(
            "<li><a href=\"{}\">{}</a> <code class=\"soft\">{id}</code><br><span class=\"soft\">{}</span></li>\n",
            escaped(&format!("{base}/api/collections/{id}")),
            escaped(text(&described, "title")),
            escaped(text(&described, "description")),
        ));
    }
    body.push_str("</ul>\n");
    let page = Page {
        language,
        title: language.pick("数据集", "Collections"),
        way: &[("API", format!("{base}/api"))],
        formats: &[("JSON", "?f=json".to_owned())],
    };
    page.with(&body)
}

/// One collection, as its JSON describes it.
pub fn collection(language: Language, collection: Collection, described: &Value, base: &str) -> String {
    let here = format!("{base}/api/collections/{}", collection.id());
    let mut body = format!(
        "<p>{}</p>\n<p><a href=\"{}\"><strong>{}</strong></a></p>\n",
        escaped(text(described, "description")),
        escaped(&format!("{here}/items?f=html")),
        language.pick("浏览数据 →", "Browse the features →"),
    );
    body.push_str(&format!("<h2>{}</h2>\n<dl>\n", language.pick("范围", "Extent")));
    let entry = |name: &str, value: &str| format!("<dt>{name}</dt><dd>{}</dd>\n", escaped(value));
    if let Some(bbox) = described["extent"]["spatial"]["bbox"][0].as_array() {
        let numbers: Vec<_> = bbox.iter().map(Value::to_string).collect();
        body.push_str(&entry(language.pick("空间", "Space"), &numbers.join(", ")));
    }
    if let Some([start, end]) = described["extent"]["temporal"]["interval"][0].as_array().map(Vec::as_slice) {
        let word = |v: &Value| v.as_str().unwrap_or("..").to_owned();
        body.push_str(&entry(language.pick("时间", "Time"), &format!("{} … {}", word(start), word(end))));
    }
    body.push_str(&entry(language.pick("存储坐标系", "Storage CRS"), text(described, "storageCrs")));
    body.push_str("</dl>\n");
    body.push_str(&format!(
        "<h2>{}</h2>\n<p class=\"soft\">{} <code>filter=…</code> (CQL2)</p>\n<div class=\"wide\"><table>\n",
        language.pick("可查询属性", "Queryable properties"),
        language.pick("用于", "For"),
    ));
    for q in queryables(collection) {
        body.push_str(&format!(
            "<tr><td><code>{}</code></td><td class=\"long\">{:?}</td></tr>\n",
            escaped(&q.name),
            q.kind
        ));
    }
    body.push_str("</table></div>\n");
    body.push_str(&format!("<h2>{}</h2>\n<ul>\n", language.pick("链接", "Links")));
    for link in described["links"].as_array().into_iter().flatten() {
        let href = escaped(text(link, "href"));
        body.push_str(&format!(
            "<li><a href=\"{href}\">{href}</a> <span class=\"soft\">{} · {}</span></li>\n",
            escaped(text(link, "rel")),
            escaped(text(link, "type"))
        ));
    }
    body.push_str(&format!(
        "</ul>\n<details><summary>{}</summary><ul>\n",
        language.pick("坐标系", "Coordinate reference systems")
    ));
    for crs in described["crs"].as_array().into_iter().flatten() {
        body.push_str(&format!("<li><code>{}</code></li>\n", escaped(crs.as_str().unwrap_or_default())));
    }
    body.push_str("</ul></details>\n");
    let page = Page {
        language,
        title: collection.title(),
        way: &[
            ("API", format!("{base}/api")),
            (language.pick("数据集", "Collections"), format!("{base}/api/collections")),
        ],
        formats: &[("JSON", "?f=json".to_owned())],
    };
    page.with(&body)
}
