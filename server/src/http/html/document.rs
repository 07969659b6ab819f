//! Any answer of the API as a page: what is single as a list of names and values, rows as tables, links to follow.

use super::{
    escaped, names,
    page::{Language, Page},
    values::{Values, is_feature, is_small, members},
};
use crate::http::cursor::with;
use axum::http::Uri;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// Members that stand elsewhere on the page than among the others.
const APART: [&str; 3] = ["links", "numberMatched", "numberReturned"];

/// What an answer is an answer to, and how it is to be shown.
pub struct Context<'a> {
    /// In which language.
    pub language: Language,
    /// The server.
    pub base: &'a str,
    /// What was asked for.
    pub uri: &'a Uri,
    /// Whether a link can ask for it.
    pub linked: bool,
    /// The title of the collection that it is of.
    pub collection: Option<&'a str>,
    /// Names in the order in which people read them; others come after these.
    pub order: &'a [&'a str],
}

/// The page of an answer.
pub fn document(context: &Context<'_>, answer: &Value) -> String {
    let language = context.language;
    let values = Values { language, base: context.base, order: context.order };
    let mut body = asked(context.uri);
    match answer {
        Value::Object(object) => {
            body.push_str(&count(language, object));
            body.push_str(&content(&values, answer, object));
            body.push_str(&leading_on(&values, object));
        }
        other => body.push_str(&values.shown("", other)),
    }
    let (way, title) = way(context);
    let way: Vec<(&str, String)> = way.iter().map(|(name, href)| (name.as_str(), href.clone())).collect();
    Page { language, title: &title, way: &way, formats: &formats(context, answer) }.with(&body)
}

/// The query, as it was written.
fn asked(uri: &Uri) -> String {
    let parts: Vec<_> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|p| !p.is_empty() && !p.starts_with("f=") && !p.starts_with("cursor="))
        .map(|p| {
            format!("<code>{}</code>", escaped(&percent_decode_str(&p.replace('+', " ")).decode_utf8_lossy()))
        })
        .collect();
    if parts.is_empty() { String::new() } else { format!("<p class=\"soft\">{}</p>\n", parts.join(" · ")) }
}

fn count(language: Language, object: &Map<String, Value>) -> String {
    let number = |name: &str| object.get(name).and_then(Value::as_u64);
    let text = match (number("numberMatched"), number("numberReturned")) {
        (Some(all), Some(here)) => match language {
            Language::Chinese => format!("共 {all} 条，本页 {here} 条"),
            Language::English => format!("{here} of {all} rows"),
        },
        (None, Some(here)) => match language {
            Language::Chinese => format!("共 {here} 条"),
            Language::English => format!("{here} rows"),
        },
        _ => return String::new(),
    };
    format!("<p class=\"soft\">{text}</p>\n")
}

/// What is small in one list, then a section for each of the rest.
fn content(values: &Values<'_>, answer: &Value, object: &Map<String, Value>) -> String {
    if is_feature(answer) {
        return values.list(&members(answer, values.order));
    }
    let of_kind = object.get("type").and_then(Value::as_str) == Some("FeatureCollection");
    let all: Vec<_> = members(answer, values.order)
        .into_iter()
        .filter(|m| !(APART.contains(&m.name) || of_kind && m.name == "type"))
        .collect();
    let (small, large): (Vec<_>, Vec<_>) = all.into_iter().partition(|m| is_small(m.value));
    let mut out = if small.is_empty() { String::new() } else { values.list(&small) };
    // The only one is what the title says.
    let alone = small.is_empty() && large.len() == 1;
    for m in &large {
        if !alone {
            out.push_str(&format!("<h2>{}</h2>\n", escaped(m.name)));
        }
        out.push_str(&values.section(m.name, m.value));
    }
    out
}

/// The next page, and links to other resources.
fn leading_on(values: &Values<'_>, object: &Map<String, Value>) -> String {
    let links = object.get("links").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut out = String::new();
    if let Some(next) = links.iter().find(|l| l["rel"] == "next").and_then(|l| l["href"].as_str()) {
        out.push_str(&format!(
            "<p><a rel=\"next\" href=\"{}\">{}</a></p>\n",
            escaped(next),
            values.language.pick("下一页 →", "Next page →")
        ));
    }
    let others: Vec<Value> = links
        .iter()
        .filter(|l| !["self", "alternate", "next"].contains(&l["rel"].as_str().unwrap_or_default()))
        .cloned()
        .collect();
    if !others.is_empty() {
        out.push_str(&format!("<h2>{}</h2>\n", values.language.pick("链接", "Links")));
        out.push_str(&values.section("links", &Value::Array(others)));
    }
    out
}

/// The way to the page, and its own name.
fn way(context: &Context<'_>) -> (Vec<(String, String)>, String) {
    let path = context.uri.path().trim_end_matches('/');
    let words: Vec<&str> = path.split('/').skip(1).collect();
    let named = |i: usize| {
        let word = words[i];
        let title = context.collection.filter(|_| i == 2).map(str::to_owned);
        let known = || names::of(word, context.language).map(str::to_owned);
        title.or_else(known).unwrap_or_else(|| percent_decode_str(word).decode_utf8_lossy().into_owned())
    };
    let mut way = vec![("API".to_owned(), format!("{}/api", context.base))];
    // Elsewhere what stands before the last word of a path is no resource.
    if words.len() > 2 && ["collections", "tiles", "tileMatrixSets"].contains(&words[1]) {
        for i in 1..words.len() - 1 {
            way.push((named(i), format!("{}/{}", context.base, words[..=i].join("/"))));
        }
    }
    let title = if words.is_empty() { "API".to_owned() } else { named(words.len() - 1) };
    (way, title)
}

/// The same as JSON, and in the other forms that it says it has.
fn formats(context: &Context<'_>, answer: &Value) -> Vec<(&'static str, String)> {
    if !context.linked {
        return Vec::new();
    }
    let here = format!("{}{}", context.base, context.uri.path());
    let mut out = vec![("JSON", with(&here, context.uri, &[("f", "json")]))];
    for link in answer["links"].as_array().into_iter().flatten().filter(|l| l["rel"] == "alternate") {
        if let (Some("text/csv"), Some(href)) = (link["type"].as_str(), link["href"].as_str()) {
            out.push(("CSV", href.to_owned()));
        }
    }
    out
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
