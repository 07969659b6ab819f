//! JSON values in HTML: like objects as a table, others as a list of names and values, geometries by their kind
//! and size alone.

use super::{escaped, page::Language, shown};
use serde_json::{Map, Value};
use std::fmt::Write;

/// Names that say what a row is of, in the order in which they are read.
const FIRST: [&str; 20] = [
    "rank",
    "kind",
    "rel",
    "id",
    "fid",
    "code",
    "name",
    "title",
    "text",
    "distance_m",
    "category",
    "level",
    "side",
    "piece",
    "grid",
    "grid_name",
    "beat",
    "beat_name",
    "neighbour_code",
    "start",
];
/// Members of a list of numbers or of lists that are shown at most.
const MOST: usize = 24;

/// How values are shown.
pub struct Values<'a> {
    /// In which language.
    pub language: Language,
    /// The server: what begins so is a link.
    pub base: &'a str,
    /// Names that come first.
    pub order: &'a [&'a str],
}

/// A member of an object.
pub struct Member<'a> {
    /// What it is part of: a feature's properties stand between its id and its geometry.
    part: u8,
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: &'a Value,
}

/// Whether it is a GeoJSON feature.
pub fn is_feature(value: &Value) -> bool {
    value["type"] == "Feature" && value["properties"].is_object()
}

/// Whether it is short enough to stand beside its name.
pub fn is_small(value: &Value) -> bool {
    match value {
        Value::Object(object) => geometry(object).is_some() || object.is_empty(),
        Value::Array(list) => !list.iter().any(Value::is_object),
        _ => true,
    }
}

/// The members of an object in the order in which people read them.
pub fn members<'a>(value: &'a Value, order: &[&str]) -> Vec<Member<'a>> {
    let mut all = Vec::new();
    let feature = is_feature(value);
    for (name, value) in value.as_object().into_iter().flatten() {
        match (name.as_str(), value) {
            ("properties", Value::Object(properties)) if feature => {
                all.extend(properties.iter().map(|(name, value)| Member { part: 1, name, value }));
            }
            ("type", _) if feature => {}
            ("id", _) if feature => all.push(Member { part: 0, name, value }),
            ("links", _) => all.push(Member { part: 3, name, value }),
            _ => all.push(Member { part: if feature { 2 } else { 1 }, name, value }),
        }
    }
    all.sort_by_key(|m| (m.part, rank(m.name, order)));
    all
}

/// Where a name stands among others; those of equal rank stay in the order of the alphabet.
fn rank(name: &str, order: &[&str]) -> usize {
    let place = |list: &[&str]| list.iter().position(|n| *n == name);
    place(order).or_else(|| place(&FIRST).map(|i| order.len() + i)).unwrap_or(usize::MAX)
}

/// The kind and the size of a GeoJSON geometry.
fn geometry(object: &Map<String, Value>) -> Option<String> {
    fn positions(value: &Value) -> usize {
        match value.as_array() {
            Some(list) if list.first().is_some_and(Value::is_number) => 1,
            Some(list) => list.iter().map(positions).sum(),
            None => 0,
        }
    }
    let kind = object.get("type")?.as_str()?;
    let coordinates = object.get("coordinates")?;
    Some(match coordinates.as_array()?.first() {
        Some(Value::Number(_)) => format!("{kind} {}", plain(coordinates)),
        _ => format!("{kind} ({})", positions(coordinates)),
    })
}

/// Numbers and texts between commas.
fn plain(list: &Value) -> String {
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    list.iter()
        .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
        .collect::<Vec<_>>()
        .join(", ")
}

impl Values<'_> {
    /// A value that has a heading of its own.
    pub fn section(&self, name: &str, value: &Value) -> String {
        match value {
            Value::Array(rows) if name != "links" && rows.iter().any(Value::is_object) => {
                format!("<div class=\"wide\">{}</div>\n", self.table(rows))
            }
            Value::Object(object) if is_named_rows(object) => {
                format!("<div class=\"wide\">{}</div>\n", self.named_rows(object))
            }
            other => self.shown(name, other),
        }
    }

    /// Names and values one below the other.
    pub fn list(&self, members: &[Member<'_>]) -> String {
        let mut out = String::from("<dl>\n");
        for m in members {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escaped(m.name), self.shown(m.name, m.value));
        }
        out.push_str("</dl>\n");
        out
    }

    /// A value where it stands.
    pub fn shown(&self, name: &str, value: &Value) -> String {
        match value {
            Value::String(text) => self.text(name, text),
            Value::Array(list) if name == "links" => self.links(list),
            Value::Array(list) if list.iter().any(Value::is_object) => self.table(list),
            Value::Array(list) if list.iter().any(Value::is_array) => {
                let lines: Vec<_> = list.iter().take(MOST).map(|line| escaped(&inner(line))).collect();
                let more =
                    if list.len() > MOST { format!("<br>… ({})", list.len()) } else { String::new() };
                format!("{}{more}", lines.join("<br>"))
            }
            Value::Array(list) if list.is_empty() => shown(&Value::Null),
            Value::Array(list) if list.iter().all(Value::is_string) => {
                let all: Vec<_> = list.iter().filter_map(Value::as_str).map(|t| self.text(name, t)).collect();
                all.join(", ")
            }
            Value::Array(_) => escaped(&plain(value)),
            Value::Object(object) => match geometry(object) {
                Some(short) => escaped(&short),
                None if object.is_empty() => shown(&Value::Null),
                None if is_named_rows(object) => self.named_rows(object),
                None => self.list(&members(value, self.order)),
            },
            other => shown(other),
        }
    }

    fn text(&self, name: &str, text: &str) -> String {
        let address = text.starts_with("http://") || text.starts_with("https://");
        if !address {
            return escaped(text);
        }
        let ours =
            text.strip_prefix(self.base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        // A template is no address yet.
        if (ours || name == "href") && !text.contains('{') {
            format!("<a href=\"{0}\">{0}</a>", escaped(text))
        } else {
            format!("<code>{}</code>", escaped(text))
        }
    }

    fn links(&self, links: &[Value]) -> String {
        let mut out = String::from("<ul class=\"links\">\n");
        for link in links {
            let of = |name: &str| link[name].as_str().unwrap_or_default();
            let rel = of("rel").rsplit('/').next().unwrap_or_default();
            let name = if of("title").is_empty() { rel } else { of("title") };
            let href = of("href");
            let web = href.starts_with("http://") || href.starts_with("https://");
            let shown = if web && !href.contains('{') {
                format!("<a href=\"{}\">{}</a>", escaped(href), escaped(name))
            } else {
                format!("{} <code>{}</code>", escaped(name), escaped(href))
            };
            let _ = writeln!(out, "<li>{shown} <span class=\"soft\">{}</span></li>", escaped(of("type")));
        }
        out.push_str("</ul>\n");
        out
    }

    /// Objects as rows. A column for each member that any of them has.
    fn table(&self, rows: &[Value]) -> String {
        let rows: Vec<Vec<Member<'_>>> = rows.iter().map(|row| members(row, self.order)).collect();
        self.grid(&rows.iter().map(|row| (None, row.as_slice())).collect::<Vec<_>>())
    }

    /// Objects as rows that begin with their names.
    fn named_rows(&self, object: &Map<String, Value>) -> String {
        let rows: Vec<(&str, Vec<Member<'_>>)> =
            object.iter().map(|(name, row)| (name.as_str(), members(row, self.order))).collect();
        self.grid(&rows.iter().map(|(name, row)| (Some(*name), row.as_slice())).collect::<Vec<_>>())
    }

    fn grid(&self, rows: &[(Option<&str>, &[Member<'_>])]) -> String {
        let mut columns: Vec<(u8, &str)> = Vec::new();
        for m in rows.iter().flat_map(|(_, row)| *row) {
            if !columns.contains(&(m.part, m.name)) {
                columns.push((m.part, m.name));
            }
        }
        columns.sort_by_key(|&(part, name)| (part, rank(name, self.order), name));
        let mut out = String::from("<table>\n<tr>");
        if rows.iter().any(|(name, _)| name.is_some()) {
            let _ = write!(out, "<th>{}</th>", self.language.pick("名称", "name"));
        }
        for (_, name) in &columns {
            let _ = write!(out, "<th>{}</th>", escaped(name));
        }
        out.push_str("</tr>\n");
        for (name, row) in rows {
            out.push_str("<tr>");
            if let Some(name) = name {
                let _ = write!(out, "<td><code>{}</code></td>", escaped(name));
            }
            for &(part, column) in &columns {
                let Some(m) = row.iter().find(|m| m.part == part && m.name == column) else {
                    // Not there, unlike null, which is a dash.
                    out.push_str("<td></td>");
                    continue;
                };
                let class = match m.value {
                    Value::Number(_) => " class=\"number\"",
                    Value::String(text) if text.chars().count() > 40 => " class=\"long\"",
                    _ => "",
                };
                let _ = write!(out, "<td{class}>{}</td>", self.shown(column, m.value));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</table>\n");
        out
    }
}

/// Whether an object is rows by their names, as a schema's properties are.
fn is_named_rows(object: &Map<String, Value>) -> bool {
    object.len() > 1 && object.values().all(|v| v.as_object().is_some_and(|o| geometry(o).is_none()))
}

/// A list in a list: its numbers, or how many lists it holds.
fn inner(value: &Value) -> String {
    match value.as_array() {
        Some(list) if list.iter().any(|v| v.is_array() || v.is_object()) => format!("({})", list.len()),
        Some(_) => plain(value),
        None => shown_plain(value),
    }
}

fn shown_plain(value: &Value) -> String {
    if value.is_null() {
        "–".to_owned()
    } else {
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }
}
