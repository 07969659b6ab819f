//! The one table of settings: names, variables, flags, defaults.

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A path or URL, which may hold a password: shown without it.
    Address,
    /// URLs; separated by spaces outside a file.
    Addresses,
    /// Text that is never shown.
    Secret,
    /// A whole number.
    Integer,
    /// true or false.
    Boolean,
    /// Whole numbers; `3202,3206` outside a file.
    Integers,
}

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name in the file; `section.name` in a section.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What holds when nothing is said, as TOML; empty when there is none.
    pub default: &'static str,
    /// For people.
    pub what: &'static str,
}

/// Every setting.
pub const KEYS: &[Key] = &[
    key("store", Kind::Address, "", "A .gpkg path or a postgres:// URL"),
    key(
        "listen",
        Kind::Text,
        "\"127.0.0.1:8080\"",
        "HOST:PORT (loopback only, port 0 takes a free one) or unix:PATH",
    ),
    key("public_url", Kind::Text, "", "The address that people use, when it is another: https://map.example"),
    key("title", Kind::Text, "\"Gridbeat\"", "What people call this map"),
    key("log", Kind::Text, "\"info\"", "Filter of the log: info, warn, gridbeat_server=debug"),
    key("log_format", Kind::Text, "\"text\"", "text for people, or json for programs: an object a line"),
    key("tile_cache_mb", Kind::Integer, "256", "Mebibytes that made tiles may take"),
    key(
        "regions",
        Kind::Integers,
        "[]",
        "Serve only these regions and hold only them in memory; none means all",
    ),
    key(
        "snapshot",
        Kind::Text,
        "\"\"",
        "File of a snapshot for fast starts; empty means beside the store's file, off means none",
    ),
    key("basemap.pmtiles", Kind::Text, "", "A PMTiles file that lies under the map"),
    key(
        "basemap.layers",
        Kind::Text,
        "",
        "MapLibre layers that draw it, as JSON, when it holds vector tiles",
    ),
    key(
        "basemap.urls",
        Kind::Addresses,
        "[]",
        "Or templates of tile addresses that browsers fetch, the lowest first: with {z} {x} {y} or {TileMatrix} {TileCol} {TileRow}, {key}, {0-7}",
    ),
    key("basemap.key", Kind::Secret, "", "What stands for {key} in them"),
    key("basemap.attribution", Kind::Text, "", "Who made that map"),
    key("basemap.tile_size", Kind::Integer, "256", "Pixels along the side of its pictures"),
    key("basemap.max_zoom", Kind::Integer, "18", "The last zoom that the templates have"),
];

const fn key(name: &'static str, kind: Kind, default: &'static str, what: &'static str) -> Key {
    Key { name, kind, default, what }
}

impl Key {
    /// The variable of the environment: `tile_cache_mb` → `GRIDBEAT_TILE_CACHE_MB`.
    pub fn variable(&self) -> String {
        format!("GRIDBEAT_{}", self.name.replace('.', "_").to_ascii_uppercase())
    }

    /// The flag without its dashes: `tile_cache_mb` → `tile-cache-mb`.
    pub fn flag(&self) -> String {
        self.name.replace(['.', '_'], "-")
    }

    /// Its line in the documentation's table.
    pub fn row(&self) -> String {
        let default = if self.default.is_empty() { "–".to_owned() } else { format!("`{}`", self.default) };
        format!(
            "| `{}` | `{}` | `--{}` | {default} | {} |",
            self.name,
            self.variable(),
            self.flag(),
            self.what
        )
    }
}

/// The key of that name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|k| k.name == name)
}

/// The key whose name is most like this one, if any is.
pub fn like(name: &str) -> Option<&'static str> {
    let distance = |k: &Key| strsim::damerau_levenshtein(k.name, name);
    KEYS.iter().min_by_key(|k| distance(k)).filter(|k| distance(k) <= 1 + k.name.len() / 4).map(|k| k.name)
}
