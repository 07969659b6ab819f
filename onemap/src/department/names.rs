//! Which names layers and columns may have.

use std::collections::HashSet;

/// Bytes of a layer's or a column's name at most: what PostgreSQL keeps of an identifier.
pub const LONGEST_NAME: usize = 63;

/// Names that mean something else: the built-in layers, their collections, their tile layers.
pub const BUILT_IN: [&str; 22] = [
    "grid",
    "grids",
    "grid_line",
    "grid_label",
    "beat",
    "beats",
    "beat_line",
    "beat_label",
    "piece",
    "pieces",
    "piece_line",
    "piece_label",
    "fault",
    "faults",
    "address",
    "addresses",
    "resident",
    "residents",
    "resident_density",
    "incident",
    "incidents",
    "staff",
];

/// Beginnings of names of tables that the databases and their extensions keep for themselves.
const KEPT: [&str; 6] = ["gpkg_", "rtree_", "sqlite_", "gridbeat_", "pg_", "spatial_ref_sys"];
/// PostGIS's own views.
const POSTGIS: [&str; 4] = ["geometry_columns", "geography_columns", "raster_columns", "raster_overviews"];

/// Why a layer may not be called so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// Not of the right letters, or too long.
    #[error(
        "“{0}” is no name for a layer: expected a small letter, then at most 62 small letters, digits or _"
    )]
    Letters(String),
    /// Taken.
    #[error("“{0}” is a built-in name: a layer of your own needs another")]
    BuiltIn(String),
    /// Kept by the database.
    #[error("“{0}” is a name that databases keep for themselves: a layer of your own needs another")]
    Kept(String),
}

/// Whether a layer may have this name: `[a-z][a-z0-9_]{0,62}`, and no name that means something else.
///
/// # Errors
/// Why not.
pub fn check_name(name: &str) -> Result<(), NotAName> {
    let letters = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !letters || !name.starts_with(|c: char| c.is_ascii_lowercase()) || name.len() > LONGEST_NAME {
        return Err(NotAName::Letters(name.chars().take(80).collect()));
    }
    if BUILT_IN.contains(&name) {
        return Err(NotAName::BuiltIn(name.to_owned()));
    }
    if KEPT.iter().any(|k| name.starts_with(k)) || POSTGIS.contains(&name) {
        return Err(NotAName::Kept(name.to_owned()));
    }
    Ok(())
}

/// Names that every feature has already: of its keys, of its place, of who answers for it; and those that
/// databases give to every row.
const OWN: [&str; 15] = [
    "fid",
    "geom",
    "geometry",
    "grid",
    "beat",
    "piece",
    "shares",
    "gridbeat_region",
    "rowid",
    "tableoid",
    "ctid",
    "xmin",
    "xmax",
    "cmin",
    "cmax",
];

/// Identifiers for columns, in their order: a letter or `_`, then letters, digits and `_` of any script. A name
/// that is one stays as it is, one that a feature has already becomes `source_…`, and one that would come
/// twice (databases do not tell `Name` from `name`) gets a number: `Name`, `name_2`.
pub fn identifiers<'a>(titles: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let titles: Vec<&str> = titles.into_iter().collect();
    let mut taken: HashSet<String> = HashSet::new();
    let mut names: Vec<Option<String>> = vec![None; titles.len()];
    // Names that need no change come first, so that `a_b` keeps its name beside `a b`.
    for unchanged in [true, false] {
        for (i, title) in titles.iter().enumerate() {
            let clean = clean(title, i);
            if names[i].is_some() || (clean == *title) != unchanged {
                continue;
            }
            let mut name = clean.clone();
            let mut n = 1;
            while !taken.insert(name.to_lowercase()) {
                n += 1;
                let number = format!("_{n}");
                name = format!("{}{number}", shortened(&clean, LONGEST_NAME - number.len()));
            }
            names[i] = Some(name);
        }
    }
    names.into_iter().flatten().collect()
}

fn clean(title: &str, i: usize) -> String {
    // What readers call a feature's own id.
    let title = if title == "@id" { "source_id" } else { title.trim() };
    let mut name: String =
        title.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
    if name.chars().all(|c| c == '_') {
        name = format!("column_{}", i + 1);
    }
    if name.starts_with(|c: char| !c.is_alphabetic() && c != '_') {
        name.insert(0, '_');
    }
    if OWN.contains(&name.to_lowercase().as_str()) {
        name.insert_str(0, "source_");
    }
    shortened(&name, LONGEST_NAME).to_owned()
}

/// The longest beginning of so many bytes.
fn shortened(name: &str, bytes: usize) -> &str {
    let mut end = name.len().min(bytes);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_plain_names_that_mean_nothing_else() {
        for good in ["school", "s", "fire_hydrant_2", "order", "select", &"a".repeat(63)] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in ["", "School", "1st", "_a", "a-b", "学校", "a b", "a\"b", &"a".repeat(64)] {
            assert!(matches!(check_name(bad), Err(NotAName::Letters(_))), "{bad}");
        }
        for taken in ["grid", "incidents", "resident_density"] {
            assert!(matches!(check_name(taken), Err(NotAName::BuiltIn(_))), "{taken}");
        }
        for kept in ["gpkg_contents", "rtree_school_geom", "sqlite_master", "pg_class", "geometry_columns"] {
            assert!(matches!(check_name(kept), Err(NotAName::Kept(_))), "{kept}");
        }
    }

    #[test]
    fn columns_keep_their_names_where_they_can() {
        let of = |titles: &[&str]| identifiers(titles.iter().copied());
        assert_eq!(of(&["NAME", "床位数", "a_1"]), ["NAME", "床位数", "a_1"]);
        assert_eq!(of(&["a b", "a_b", "a-b"]), ["a_b_2", "a_b", "a_b_3"]);
        assert_eq!(of(&["Name", "name", "NAME"]), ["Name", "name_2", "NAME_3"]);
        let taken = ["fid", "GEOM", "grid", "@id", "xmin"];
        assert_eq!(of(&taken), ["source_fid", "source_GEOM", "source_grid", "source_id", "source_xmin"]);
        assert_eq!(of(&["2010", "", "!?"]), ["_2010", "column_2", "column_3"]);
        assert_eq!(of(&["x\"; DROP TABLE y; --"]), ["x___DROP_TABLE_y____"]);
        let long = "街".repeat(30);
        let names = of(&[&long, &format!("{long}道")]);
        assert!(names.iter().all(|n| n.len() <= LONGEST_NAME) && names[0] != names[1], "{names:?}");
    }
}
