//! `sortby`: the order of items, and cursors that go on in it.

use super::params::Params;
use crate::feature::{
    collection::{Collection, Field, Kind},
    read::{Item, json},
};
use gridbeat_filter::Value;
use gridbeat_onemap::Reader;
use serde_json::json;
use std::cmp::Ordering;

/// One property to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The property.
    pub field: Field,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// Where an item stands: its values under the keys, then its fid (or a piece's number), which no two share.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing<'a> {
    /// By key.
    pub values: Vec<Value<'a>>,
    /// The last word.
    pub fid: u64,
}

/// Which of two comes first. Null counts as the greatest, as PostgreSQL has it.
pub fn order(keys: &[Key], a: &Standing<'_>, b: &Standing<'_>) -> Ordering {
    for (key, (a, b)) in keys.iter().zip(a.values.iter().zip(&b.values)) {
        let order = match (a.is_null(), b.is_null()) {
            (false, false) => a.order(b).unwrap_or(Ordering::Equal),
            (a, b) => a.cmp(&b),
        };
        let order = if key.descending { order.reverse() } else { order };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.fid.cmp(&b.fid)
}

/// Where an item stands.
pub fn standing<'a>(keys: &[Key], reader: &Reader<'a>, item: &Item<'a>) -> Standing<'a> {
    Standing {
        values: keys.iter().map(|k| item.cell(reader, k.field.name)).collect(),
        fid: item.fid(reader).0,
    }
}

/// What a collection can be sorted by: its fields and, but for pieces, `fid`.
pub fn sortables(collection: Collection) -> Vec<Field> {
    let mut all: Vec<Field> = collection.fields().iter().copied().filter(|f| f.kind.is_asked()).collect();
    if collection != Collection::Pieces {
        all.push(Field { name: "fid", kind: Kind::Integer });
    }
    all
}

/// `sortby`: names with commas between them; `+` (or nothing) before a name for ascending, `-` for descending.
pub fn keys(params: &mut Params, collection: Collection) -> Vec<Key> {
    let Some(text) = params.text("sortby") else { return Vec::new() };
    let sortables = sortables(collection);
    let mut keys: Vec<Key> = Vec::new();
    for part in text.split(',') {
        // A plus that was not encoded has become a space.
        let part = part.trim();
        let (name, descending) = match part.strip_prefix('-') {
            Some(name) => (name, true),
            None => (part.strip_prefix('+').unwrap_or(part), false),
        };
        match sortables.iter().find(|f| f.name == name) {
            Some(_) if keys.iter().any(|k| k.field.name == name) => {
                params.fault("sortby", format!("“{name}” stands twice"));
            }
            Some(&field) => keys.push(Key { field, descending }),
            None => {
                let known: Vec<_> = sortables.iter().map(|f| f.name).collect();
                params.fault(
                    "sortby",
                    format!(
                        "there is no “{}” to sort by; there are {}",
                        super::params::short(name),
                        known.join(", ")
                    ),
                );
            }
        }
    }
    keys
}

/// An opaque token for “go on after this one”.
pub fn token(standing: &Standing<'_>) -> String {
    let values: Vec<_> = standing.values.iter().cloned().map(json).collect();
    let text = json!([values, standing.fid]).to_string();
    // Hexadecimal needs no encoding in a URL.
    text.bytes().fold("s".to_owned(), |out, b| out + &format!("{b:02x}"))
}

/// The standing in a token of ours that was made for these keys.
pub fn from_token(keys: &[Key], token: &str) -> Option<Standing<'static>> {
    let hex = token.strip_prefix('s')?;
    let digits = hex.as_bytes().chunks(2).map(|two| {
        let two = std::str::from_utf8(two).ok().filter(|t| t.len() == 2 && !t.starts_with('+'))?;
        u8::from_str_radix(two, 16).ok()
    });
    let bytes: Vec<u8> = digits.collect::<Option<_>>()?;
    let (values, fid): (Vec<serde_json::Value>, u64) = serde_json::from_slice(&bytes).ok()?;
    if values.len() != keys.len() {
        return None;
    }
    let values =
        keys.iter().zip(values).map(|(key, value)| read(key.field.kind, &value)).collect::<Option<_>>()?;
    Some(Standing { values, fid })
}

fn read(kind: Kind, value: &serde_json::Value) -> Option<Value<'static>> {
    if value.is_null() {
        return Some(Value::Null);
    }
    Some(match kind {
        Kind::Text => Value::Text(value.as_str()?.to_owned().into()),
        Kind::Integer => Value::Integer(value.as_i64()?),
        Kind::Number => Value::Float(value.as_f64()?),
        Kind::Boolean => Value::Boolean(value.as_bool()?),
        Kind::Date => Value::Date(value.as_str()?.parse().ok()?),
        Kind::Time => Value::Time(value.as_str()?.parse().ok()?),
        Kind::Shares => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, descending: bool) -> Key {
        Key { field: Collection::Incidents.field(name).unwrap(), descending }
    }

    #[test]
    fn tokens_come_back_and_foreign_ones_do_not() {
        let keys = [key("title", false), key("reported_at", true)];
        let time = Value::Time("2026-05-01T00:00:00.123Z".parse().unwrap());
        for values in [vec![Value::Text("网 ,&%".into()), time], vec![Value::Null, Value::Null]] {
            let here = Standing { values, fid: 3202 << 32 };
            assert_eq!(from_token(&keys, &token(&here)), Some(here));
        }
        let one = token(&Standing { values: vec![Value::Null], fid: 1 });
        for bad in ["", "s", "a1", "szz", "s5", &one] {
            assert_eq!(from_token(&keys, bad), None, "{bad}");
        }
    }

    #[test]
    fn nulls_are_greatest_and_fids_decide() {
        let text = |t: &str, fid| Standing { values: vec![Value::Text(t.to_owned().into())], fid };
        let null = Standing { values: vec![Value::Null], fid: 1 };
        let up = [key("title", false)];
        let down = [key("title", true)];
        assert_eq!(order(&up, &text("a", 9), &text("b", 1)), Ordering::Less);
        assert_eq!(order(&down, &text("a", 9), &text("b", 1)), Ordering::Greater);
        assert_eq!(order(&up, &text("z", 1), &null), Ordering::Less);
        assert_eq!(order(&down, &text("z", 1), &null), Ordering::Greater);
        assert_eq!(order(&down, &text("a", 1), &text("a", 2)), Ordering::Less);
    }
}
