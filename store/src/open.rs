//! From a store's address to the backend that serves it.

use crate::{error::StoreError, store::Store};

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
    let _ = mode;
    Err(StoreError::BadUrl {
        given: url.to_owned(),
    })
}
