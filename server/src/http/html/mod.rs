//! Resources for people: one plain page each, in the reader's language, with nothing from elsewhere.
//!
//! [`page`] is what all have in common, [`drawing`] the little map; then one file for each kind of page. What has no
//! page of its own is shown by [`document`], which reads its JSON.

mod collection;
mod document;
mod drawing;
mod item;
mod items;
mod landing;
mod names;
mod page;
mod reference;
mod values;

pub use collection::{collection, collections};
pub use document::{Context, document};
pub use item::item;
pub use items::{Around, items};
pub use landing::{conformance, landing};
pub use page::Language;
pub use reference::reference;

use crate::feature::csv::cell;
use serde_json::Value;

/// Text as it may stand in HTML, also between double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// A value as people read it; null is a dash.
fn shown(value: &Value) -> String {
    if value.is_null() { "–".to_owned() } else { escaped(&cell(value)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_written_becomes_markup() {
        assert_eq!(escaped("<b a=\"x\">&"), "&lt;b a=&quot;x&quot;&gt;&amp;");
        assert_eq!(shown(&Value::from("<script>")), "&lt;script&gt;");
        assert_eq!(shown(&Value::Null), "–");
    }
}
