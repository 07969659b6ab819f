//! From a store's address to the backend that serves it.

use crate::{error::StoreError, gpkg::GeoPackage, postgis::PostGis, store::Store};

/// Whether a store that is not there is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Make it when it is not there.
    Create,
    /// Refuse when it is not there.
    Existing,
}

/// Opens a store: the path of a `.gpkg` file, or a `postgres://` (`postgresql://`) URL.
///
/// # Errors
/// [`StoreError::BadUrl`], [`StoreError::Missing`], [`StoreError::NotAStore`], [`StoreError::Newer`],
/// [`StoreError::Unavailable`]. What is in that place is never changed by a refusal.
pub fn open(url: &str, mode: OpenMode) -> Result<Box<dyn Store>, StoreError> {
    match kind(url) {
        Some(Kind::GeoPackage) => Ok(Box::new(GeoPackage::open(url, mode)?)),
        Some(Kind::PostGis) => Ok(Box::new(PostGis::open(url, mode)?)),
        None => Err(StoreError::BadUrl { given: without_password(url) }),
    }
}

enum Kind {
    GeoPackage,
    PostGis,
}

fn kind(url: &str) -> Option<Kind> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Some(Kind::PostGis);
    }
    let is_gpkg = std::path::Path::new(url).extension().is_some_and(|e| e.eq_ignore_ascii_case("gpkg"));
    (is_gpkg && !url.contains("://") && !url.contains('\0')).then_some(Kind::GeoPackage)
}

/// A URL fit to be shown: `postgres://user:secret@host/db` without the secret, and without the
/// parameters, where a password may stand too.
pub(crate) fn without_password(url: &str) -> String {
    let (head, rest) =
        url.split_once("://").map_or(("", url), |(scheme, rest)| (&url[..scheme.len() + 3], rest));
    let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
    match rest.rsplit_once('@') {
        Some((who, place)) => format!("{head}{}@{place}", who.split(':').next().unwrap_or_default()),
        None => format!("{head}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_store_is_refused_by_name() {
        for bad in ["", "store", "a.gpkg.zip", "mysql://x/y", "http://x/a.gpkg", "a\0.gpkg"] {
            assert!(matches!(open(bad, OpenMode::Create), Err(StoreError::BadUrl { .. })), "{bad:?}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for (given, shown) in [
            ("postgres://u:s@cr:t@h:5/db?password=p", "postgres://u@h:5/db"),
            ("mysql://u:secret@h/db", "mysql://u@h/db"),
            ("postgres://h/db", "postgres://h/db"),
        ] {
            assert_eq!(without_password(given), shown);
        }
    }
}
