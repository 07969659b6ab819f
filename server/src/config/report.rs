//! What holds and why, for `gridbeat config check`; secrets are not shown.

use super::{
    gather::{Gathered, Origin},
    keys::{KEYS, Key, Kind},
};
use serde_json::json;
use toml::{Table, Value};

/// What stands for a secret.
const HIDDEN: &str = "***";

/// A setting as it may be shown.
pub struct Line<'a> {
    /// Which.
    pub key: &'static Key,
    /// The value as TOML; empty when there is none.
    pub value: String,
    /// Why.
    pub origin: &'a Origin,
}

/// Every setting, in the order of the table.
pub fn lines(gathered: &Gathered) -> Vec<Line<'_>> {
    KEYS.iter()
        .map(|key| {
            let value = match find(&gathered.said, key.name) {
                Some(value) => shown(key.kind, value).to_string(),
                None => key.default.to_owned(),
            };
            Line { key, value, origin: &gathered.origins[key.name] }
        })
        .collect()
}

/// As TOML, with the reason beside each line.
pub fn text(gathered: &Gathered) -> String {
    let lines = lines(gathered);
    let shown: Vec<String> = lines
        .iter()
        .map(|l| {
            if l.value.is_empty() {
                format!("# {} =", l.key.name)
            } else {
                format!("{} = {}", l.key.name, l.value)
            }
        })
        .collect();
    let width = shown.iter().map(|s| s.chars().count()).max().unwrap_or(0);
    let each = shown.iter().zip(&lines).map(|(s, l)| format!("{s:width$}  # {}\n", l.origin));
    each.collect()
}

/// As JSON.
pub fn json(gathered: &Gathered) -> serde_json::Value {
    lines(gathered)
        .iter()
        .map(|l| (l.key.name.to_owned(), json!({ "value": l.value, "from": l.origin.to_string() })))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn shown(kind: Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Secret, _) => HIDDEN.into(),
        (Kind::Address, Value::String(text)) => masked(text).into(),
        (Kind::Addresses, Value::Array(each)) => {
            Value::Array(each.iter().map(|v| shown(Kind::Address, v)).collect())
        }
        (_, value) => value.clone(),
    }
}

fn find<'a>(table: &'a Table, name: &str) -> Option<&'a Value> {
    match name.split_once('.') {
        None => table.get(name),
        Some((section, rest)) => find(table.get(section)?.as_table()?, rest),
    }
}

/// A URL without its password; a path as it is; anything else that is secret not at all.
pub fn masked(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return if std::path::Path::new(text).extension().is_some() {
            text.to_owned()
        } else {
            HIDDEN.to_owned()
        };
    };
    // A password may hold an @ or a ?; what comes behind the last @ is the host.
    let (who, place) = rest.rsplit_once('@').map_or((None, rest), |(who, place)| (Some(who), place));
    let place = place.split('?').next().unwrap_or_default();
    let parameters = if rest.contains('?') { format!("?{HIDDEN}") } else { String::new() };
    match who.and_then(|w| w.split_once(':')) {
        Some((user, _)) => format!("{scheme}://{user}:{HIDDEN}@{place}{parameters}"),
        None => format!("{scheme}://{}{place}{parameters}", who.map(|w| format!("{w}@")).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{
        Config,
        gather::{Flags, gather},
    };

    #[test]
    fn no_secret_is_shown() {
        for (given, shown) in [
            ("postgres://u:s@cr:t?x@h:5/db?password=p", "postgres://u:***@h:5/db?***"),
            ("postgres://u@h/db", "postgres://u@h/db"),
            ("postgres://h/db?password=p", "postgres://h/db?***"),
            ("/var/lib/gridbeat/city.gpkg", "/var/lib/gridbeat/city.gpkg"),
            ("AbCdEf", "***"),
        ] {
            assert_eq!(masked(given), shown);
        }
    }

    #[test]
    fn keys_of_a_basemap_are_not_shown() {
        let variable = |name: &str| match name {
            "GRIDBEAT_BASEMAP_URLS" => {
                Some("https://a/{z}/{x}/{y}?tk=s1 https://b/{z}/{x}/{y}?tk={key}".to_owned())
            }
            "GRIDBEAT_BASEMAP_KEY" => Some("s1.2".to_owned()),
            _ => None,
        };
        let gathered = gather(None, &variable, &Flags::default()).unwrap();
        assert_eq!(gathered.config.basemap.urls.len(), 2);
        assert_eq!(gathered.config.basemap.key.as_deref(), Some("s1.2"));
        let text = text(&gathered);
        assert!(!text.contains("s1") && text.contains("https://b/{z}/{x}/{y}?***"), "{text}");
    }

    #[test]
    fn the_documented_defaults_are_those_that_hold() {
        let documented: Table = KEYS
            .iter()
            .filter(|k| !k.default.is_empty())
            .map(|k| format!("{} = {}\n", k.name, k.default))
            .collect::<String>()
            .parse()
            .unwrap();
        assert_eq!(documented.try_into::<Config>().unwrap(), Config::default());
        let nothing = gather(None, &|_| None, &Flags::default()).unwrap();
        assert_eq!(nothing.config, Config::default());
    }

    #[test]
    fn every_setting_is_documented() {
        let page = include_str!("../../../docs/configuration.md");
        for key in KEYS {
            assert!(
                page.lines().any(|l| l == key.row()),
                "docs/configuration.md lacks or differs from\n{}",
                key.row()
            );
        }
    }
}
