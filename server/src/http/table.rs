//! Answers that are rows: as JSON or as CSV, with the same names in the same order.

use super::{
    answer,
    cursor::{token, with},
    params::Format,
    people::Order,
};
use crate::{error::ApiError, feature::csv::Lines};
use axum::{http::Uri, response::Response};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// One page of rows.
pub struct Table {
    /// What a row is called in JSON.
    pub name: &'static str,
    /// Names of the columns.
    pub columns: Cow<'static, [&'static str]>,
    /// A value for each column; null is an empty cell.
    pub rows: Vec<Vec<Value>>,
    /// Rows in all pages.
    pub matched: usize,
    /// Where the next page goes on.
    pub next: Option<u64>,
    /// Further members of the JSON answer.
    pub more: Map<String, Value>,
}

impl Table {
    /// The page of `limit` rows after a key, out of all rows in the order of their keys.
    pub fn page<T>(
        (name, columns): (&'static str, impl Into<Cow<'static, [&'static str]>>),
        all: &[T],
        key: impl Fn(&T) -> u64,
        (after, limit): (Option<u64>, usize),
        row: impl Fn(&T) -> Vec<Value>,
    ) -> Self {
        let start = after.map_or(0, |after| all.partition_point(|t| key(t) <= after));
        let end = (start + limit).min(all.len());
        let page = &all[start..end];
        let next = page.last().filter(|_| end < all.len()).map(key);
        let rows = page.iter().map(row).collect();
        Self { name, columns: columns.into(), rows, matched: all.len(), next, more: Map::new() }
    }

    /// The answer at `here`, with links to itself, to the other representation and to the next page.
    ///
    /// # Errors
    /// None in practice: it writes to memory.
    pub fn answer(self, format: Format, here: &str, uri: &Uri) -> Result<Response, ApiError> {
        let (media, other, f) = match format {
            Format::Csv => ("text/csv", answer::JSON, "json"),
            _ => (answer::JSON, "text/csv", "csv"),
        };
        let mut links =
            vec![("self", with(here, uri, &[]), media), ("alternate", with(here, uri, &[("f", f)]), other)];
        if let Some(next) = self.next {
            links.push(("next", with(here, uri, &[("cursor", &token(next))]), media));
        }
        let mut response = match format {
            Format::Csv => answer::ok(answer::CSV, self.csv()?),
            _ => {
                let order = Order(self.columns.clone());
                let mut response = answer::json(&self.json(&links));
                response.extensions_mut().insert(order);
                response
            }
        };
        answer::link(&mut response, &links);
        Ok(response)
    }

    fn json(self, links: &[(&str, String, &str)]) -> Value {
        let returned = self.rows.len();
        let rows: Vec<Map<String, Value>> = self
            .rows
            .into_iter()
            .map(|row| self.columns.iter().map(|c| (*c).to_owned()).zip(row).collect())
            .collect();
        let links: Vec<_> = links
            .iter()
            .map(|(rel, href, media)| json!({ "rel": rel, "href": href, "type": media }))
            .collect();
        let mut out = Map::new();
        out.insert(self.name.to_owned(), json!(rows));
        out.extend(self.more);
        out.insert("numberMatched".to_owned(), json!(self.matched));
        out.insert("numberReturned".to_owned(), json!(returned));
        out.insert("links".to_owned(), json!(links));
        Value::Object(out)
    }

    fn csv(&self) -> Result<Vec<u8>, ApiError> {
        let failed = |error: std::io::Error| {
            tracing::error!(%error, "writing CSV to memory failed");
            ApiError::Internal
        };
        let mut lines = Lines::new(Vec::new());
        lines.names(self.columns.iter().copied()).map_err(failed)?;
        for row in &self.rows {
            row.iter().for_each(|value| lines.value(value));
            lines.end().map_err(failed)?;
        }
        Ok(lines.into_inner())
    }
}
