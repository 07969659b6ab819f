//! `/api/collections/{id}/items`: a page of features as a table under a little map.

use super::{
    drawing::svg,
    escaped,
    page::{Language, Page},
    shown,
};
use crate::{
    feature::{
        Feature,
        collection::{Collection, Field, Kind},
    },
    http::item::href,
};
use serde_json::Value;

/// Parts of a feature that stand in a row.
const PARTS: usize = 3;

/// What stands around the features.
pub struct Around<'a> {
    /// The filter that selects them, as it was written.
    pub filter: &'a str,
    /// How many there are on all pages.
    pub matched: usize,
    /// `(rel, href, media type)`.
    pub links: &'a [(&'static str, String, &'static str)],
    /// The server.
    pub base: &'a str,
}

/// The features with these properties.
pub fn items(
    language: Language,
    collection: Collection,
    fields: &[Field],
    features: &[Feature],
    &Around { filter, matched, links, base }: &Around<'_>,
) -> String {
    let here = format!("{base}/api/collections/{}", collection.id());
    let mut body = format!(
        "<form action=\"{}\" method=\"get\"><input type=\"hidden\" name=\"f\" value=\"html\">\
         <input name=\"filter\" aria-label=\"filter\" value=\"{}\" placeholder=\"{}\"><button>{}</button></form>\n",
        escaped(&format!("{here}/items")),
        escaped(filter),
        escaped(language.pick("CQL2，例如 code LIKE '3202%'", "CQL2, such as code LIKE '3202%'")),
        language.pick("筛选", "Filter"),
    );
    let count = match language {
        Language::Chinese => format!("共 {matched} 条，本页 {} 条", features.len()),
        Language::English => format!("{} of {matched} features", features.len()),
    };
    body.push_str(&format!("<p class=\"soft\">{count}</p>\n{}", svg(features)));
    body.push_str("<div class=\"wide\"><table>\n<tr><th>id</th>");
    for field in fields {
        body.push_str(&format!("<th>{}</th>", escaped(field.name)));
    }
    body.push_str("</tr>\n");
    for feature in features {
        let id = feature.id.to_string();
        let to = format!("{}?f=html", href(collection, &feature.id, base));
        body.push_str(&format!("<tr><td><a href=\"{}\">{}</a></td>", escaped(&to), escaped(&id)));
        for (field, (_, value)) in fields.iter().zip(&feature.properties) {
            let class =
                if matches!(field.kind, Kind::Integer | Kind::Number) { " class=\"number\"" } else { "" };
            let value = if field.kind == Kind::Shares { parts(value) } else { shown(value) };
            body.push_str(&format!("<td{class}>{value}</td>"));
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</table></div>\n");
    if let Some((_, next, _)) = links.iter().find(|(rel, ..)| *rel == "next") {
        body.push_str(&format!(
            "<p><a rel=\"next\" href=\"{}\">{}</a></p>\n",
            escaped(next),
            language.pick("下一页 →", "Next page →")
        ));
    }
    let formats: Vec<(&str, String)> = links
        .iter()
        .filter(|(rel, ..)| *rel == "alternate")
        .map(|(_, href, media)| (name(media), href.clone()))
        .collect();
    let page = Page {
        language,
        title: collection.title(),
        way: &[
            ("API", format!("{base}/api")),
            (language.pick("数据集", "Collections"), format!("{base}/api/collections")),
            (collection.title(), here),
        ],
        formats: &formats,
    };
    page.with(&body)
}

/// The largest parts of a feature, each in percent; the page of the feature has all of them.
fn parts(shares: &Value) -> String {
    let all = shares.as_array().map_or(&[][..], Vec::as_slice);
    let mut lines: Vec<String> = all
        .iter()
        .take(PARTS)
        .map(|part| {
            let percent = part["share"].as_f64().unwrap_or_default() * 100.0;
            format!("{percent:.1} % {}", shown(&part["piece"]))
        })
        .collect();
    if all.len() > PARTS {
        lines.push(format!("… ({})", all.len()));
    }
    lines.join("<br>")
}

/// What people call a media type.
fn name(media: &str) -> &str {
    match media {
        "application/geo+json" => "GeoJSON",
        "text/csv" => "CSV",
        "application/flatgeobuf" => "FlatGeobuf",
        "application/geo+json-seq" => "GeoJSON-Seq",
        other => other,
    }
}
