//! File, environment and command line laid over each other.

use super::{
    Config,
    keys::{self, KEYS, Key, Kind},
};
use clap::{Arg, ArgMatches, Command};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use toml::{Table, Value};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing was said.
    Default,
    /// The file.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// A flag.
    Flag(String),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// What was said on the command line: one flag for each key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags(Vec<(&'static str, String)>);

impl clap::Args for Flags {
    fn augment_args(command: Command) -> Command {
        KEYS.iter().fold(command, |command, key| {
            let value = match key.kind {
                Kind::Text | Kind::Address | Kind::Addresses | Kind::Secret => "TEXT",
                Kind::Integer => "N",
                Kind::Boolean => "true|false",
                Kind::Integers => "N,N",
            };
            command.arg(Arg::new(key.name).long(key.flag()).value_name(value).help(key.what))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let said = |key: &Key| matches.get_one::<String>(key.name).map(|v| (key.name, v.clone()));
        Ok(Self(KEYS.iter().filter_map(said).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What holds, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Gathered {
    /// The settings.
    pub config: Config,
    /// Every value that was said.
    pub said: Table,
    /// Where each came from, by key.
    pub origins: BTreeMap<&'static str, Origin>,
}

/// Lays the environment over the file, and the command line over both.
///
/// # Errors
/// What is wrong, where, and what was expected.
pub fn gather(
    file: Option<&Path>,
    variable: &dyn Fn(&str) -> Option<String>,
    flags: &Flags,
) -> Result<Gathered, String> {
    let mut said = Table::new();
    let mut origins: BTreeMap<&'static str, Origin> =
        KEYS.iter().map(|k| (k.name, Origin::Default)).collect();
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        // The parser's words name line and column, and show the line; a secret must not be shown.
        let table: Table = text.parse().map_err(|e: toml::de::Error| {
            let line = e.span().map_or(0, |s| text[..s.start.min(text.len())].matches('\n').count() + 1);
            format!("{}: line {line}: {}", path.display(), e.message())
        })?;
        for (name, value) in flat(&table) {
            let Some(key) = keys::find(&name) else {
                let hint = keys::like(&name).map_or_else(
                    || format!("known are {}", KEYS.iter().map(|k| k.name).collect::<Vec<_>>().join(", ")),
                    |like| format!("did you mean “{like}”?"),
                );
                return Err(format!("{}: there is no setting “{name}”; {hint}", path.display()));
            };
            if !fits(key.kind, &value) {
                let found = value.type_str();
                return Err(format!(
                    "{}: {name}: expected {}, found {found}",
                    path.display(),
                    expected(key.kind)
                ));
            }
            put(&mut said, key.name, value);
            origins.insert(key.name, Origin::File(path.to_owned()));
        }
    }
    for key in KEYS {
        let name = key.variable();
        if let Some(text) = variable(&name).filter(|t| !t.is_empty()) {
            put(&mut said, key.name, read(key, &text).map_err(|e| format!("{name}: {e}"))?);
            origins.insert(key.name, Origin::Variable(name));
        }
        if let Some((_, text)) = flags.0.iter().find(|(name, _)| *name == key.name) {
            put(&mut said, key.name, read(key, text).map_err(|e| format!("--{}: {e}", key.flag()))?);
            origins.insert(key.name, Origin::Flag(key.flag()));
        }
    }
    let config: Config =
        said.clone().try_into().map_err(|e: toml::de::Error| blame(&origins, e.message()))?;
    if let Some((name, what)) = config.fault() {
        let origin = &origins[name];
        return Err(match origin {
            Origin::File(path) => format!("{}: {name}: {what}", path.display()),
            // What is wrong with an address says so itself.
            _ if what.starts_with("--") => what,
            origin => format!("{origin}: {what}"),
        });
    }
    Ok(Gathered { config, said, origins })
}

/// An error of the whole, by what was said.
fn blame(origins: &BTreeMap<&'static str, Origin>, what: &str) -> String {
    let said: Vec<String> = origins
        .iter()
        .filter(|(_, o)| **o != Origin::Default)
        .map(|(name, origin)| format!("{name} from {origin}"))
        .collect();
    format!("{} ({})", what.trim(), said.join(", "))
}

/// The names of a table with those of its sections before them.
fn flat(table: &Table) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    for (name, value) in table {
        match value {
            Value::Table(section) => {
                out.extend(flat(section).into_iter().map(|(inner, v)| (format!("{name}.{inner}"), v)));
            }
            value => out.push((name.clone(), value.clone())),
        }
    }
    out
}

fn put(table: &mut Table, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            table.insert(name.to_owned(), value);
        }
        Some((section, rest)) => {
            let entry = table.entry(section.to_owned()).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(section) = entry {
                put(section, rest, value);
            }
        }
    }
}

fn fits(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Text | Kind::Address | Kind::Secret => value.is_str(),
        Kind::Addresses => value.as_array().is_some_and(|a| a.iter().all(Value::is_str)),
        Kind::Integer => value.as_integer().is_some_and(|n| u32::try_from(n).is_ok()),
        Kind::Boolean => value.is_bool(),
        Kind::Integers => value.as_array().is_some_and(|a| a.iter().all(|v| fits(Kind::Integer, v))),
    }
}

const fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Address | Kind::Secret => "text",
        Kind::Addresses => "texts, such as [\"https://host/{z}/{x}/{y}.png\"]",
        Kind::Integer => "a whole number from 0 on",
        Kind::Boolean => "true or false",
        Kind::Integers => "whole numbers, such as [3202, 3206]",
    }
}

/// A value from the environment or the command line.
fn read(key: &Key, text: &str) -> Result<Value, String> {
    let integer = |text: &str| {
        text.trim()
            .parse::<u32>()
            .map(|n| Value::Integer(n.into()))
            .map_err(|_| format!("“{text}” is not {}", expected(Kind::Integer)))
    };
    Ok(match key.kind {
        Kind::Text | Kind::Address | Kind::Secret => Value::String(text.to_owned()),
        Kind::Addresses => Value::Array(text.split_whitespace().map(Value::from).collect()),
        Kind::Integer => integer(text)?,
        Kind::Boolean => match text {
            "true" | "1" | "yes" => Value::Boolean(true),
            "false" | "0" | "no" => Value::Boolean(false),
            _ => return Err(format!("“{text}” is not true or false")),
        },
        Kind::Integers => {
            let each = text.split(',').filter(|t| !t.trim().is_empty()).map(integer);
            Value::Array(each.collect::<Result<_, _>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(
        file: &str,
        variables: &[(&str, &str)],
        flags: &[(&'static str, &str)],
    ) -> Result<Gathered, String> {
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(path.path(), file).unwrap();
        let variable =
            |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        let flags = Flags(flags.iter().map(|(n, v)| (*n, (*v).to_owned())).collect());
        gather(Some(path.path()), &variable, &flags)
    }

    #[test]
    fn the_last_one_said_wins() {
        let file = "title = 'A'\ntile_cache_mb = 1\nlog = 'warn'\nregions = [3202]\n";
        let g = gathered(
            file,
            &[("GRIDBEAT_TITLE", "B"), ("GRIDBEAT_TILE_CACHE_MB", "2"), ("GRIDBEAT_REGIONS", "3202, 3206")],
            &[("title", "C")],
        )
        .unwrap();
        assert_eq!(
            (g.config.title.as_str(), g.config.tile_cache_mb, g.config.log.as_str()),
            ("C", 2, "warn")
        );
        assert_eq!(g.config.regions.iter().map(|r| r.0).collect::<Vec<_>>(), [3202, 3206]);
        assert_eq!(g.origins["title"], Origin::Flag("title".into()));
        assert_eq!(g.origins["tile_cache_mb"], Origin::Variable("GRIDBEAT_TILE_CACHE_MB".into()));
        assert!(matches!(g.origins["log"], Origin::File(_)));
        assert_eq!(g.origins["listen"], Origin::Default);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (file, words) in [
            ("lissten = 'x'", "did you mean “listen”?"),
            ("colour = 'x'", "known are store, listen"),
            ("[listen]\nhost = 'x'", "there is no setting “listen.host”"),
            ("tile_cache_mb = -1", "tile_cache_mb: expected a whole number from 0 on"),
            ("tile_cache_mb = '1'", "tile_cache_mb: expected a whole number from 0 on, found string"),
            ("public_url = 'map.example'", "public_url: “map.example” is not of the form"),
            ("public_url = 'ftp://x'", "public_url"),
            ("regions = [10000]", "regions: 10000 is no region"),
            ("title = 'a'\nlisten =", "line 2"),
            ("log_format = 'xml'", "text"),
        ] {
            let error = gathered(file, &[], &[]).unwrap_err();
            assert!(error.contains(words), "{file}: {error}");
        }
        let error = gathered("", &[("GRIDBEAT_TILE_CACHE_MB", "many")], &[]).unwrap_err();
        assert!(error.starts_with("GRIDBEAT_TILE_CACHE_MB: “many”"), "{error}");
        // What is wrong in a line with a secret is said without the line.
        let error = gathered("store = 'postgres://u:secret@h/db", &[], &[]).unwrap_err();
        assert!(!error.contains("secret"), "{error}");
    }
}
