//! What can go wrong, in words for two readers.
//!
//! `Display` is for who runs the command line: it names the file and the fault. [`StoreError::public`]
//! is for who calls the API: no path, no SQL, no host. What the database itself said is kept as the
//! `source()` of the error, for the log.

use gridbeat_onemap::record::LayerKind;
use std::{borrow::Cow, error::Error};

/// The error of a database driver, kept for the log.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the store is neither a `.gpkg` path nor a `postgres://` URL.
    #[error("“{given}” is no store: expected the path of a .gpkg file or a postgres:// URL")]
    BadUrl {
        /// What was given, without a password.
        given: String,
    },
    /// There is no store, and none was to be made.
    #[error("there is no store at {place}; `gridbeat import` makes one")]
    Missing {
        /// The path, or the database without its password.
        place: String,
    },
    /// There is something else in that place. It was not touched.
    #[error("{place} is not a Gridbeat store: {why}; it was left as it is")]
    NotAStore {
        /// The path, or the database without its password.
        place: String,
        /// What is there instead.
        why: String,
    },
    /// A backup was to be put back where there is something already. It was not touched.
    #[error("the store is not empty: a backup is put back into a new one only; nothing was changed")]
    NotEmpty,
    /// A file was to be written where there is one already. It was not touched.
    #[error("{place} is there already; it was left as it is")]
    Exists {
        /// The path.
        place: String,
    },
    /// A backup whose checksum is not that of what is in it, or that is none.
    #[error("{place} is not a whole backup: {why}; nothing was restored")]
    BadBackup {
        /// The path.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// Made by a later version of Gridbeat. It was not touched.
    #[error(
        "{place} was made by a newer Gridbeat (schema {found}; this one knows up to {known}): use that version"
    )]
    Newer {
        /// The path, or the database without its password.
        place: String,
        /// Newest migration in the store.
        found: String,
        /// Newest migration this program knows.
        known: String,
    },
    /// Somebody else was writing for longer than we wait.
    #[error("the store is busy: somebody else is writing to it; try again")]
    Busy,
    /// A row with this code is there already.
    #[error("a row with the code “{0}” is there already")]
    DuplicateCode(String),
    /// There is no such row.
    #[error("there is no such row")]
    NotFound,
    /// A department's layer has other columns, or draws something else, or its name is taken in the store.
    #[error("the layer “{layer}”: {what}; nothing was changed")]
    LayerDiffers {
        /// Its name.
        layer: String,
        /// What differs, and what to do.
        what: String,
    },
    /// The layer changed after the cut that a change to it was worked out from. Nothing was kept.
    #[error("the layer was changed meanwhile; nothing was kept, try again")]
    Outdated,
    /// A value that no store can keep.
    #[error("{field}: {reason}")]
    BadRow {
        /// Name of the field.
        field: &'static str,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// The rows' source failed in the middle of an import; nothing of it was kept.
    #[error(transparent)]
    Source(#[from] SourceFailed),
    /// A value in the store cannot be read: damage, or an edit by another program.
    #[error("the store holds a value that cannot be read: {layer}, row {fid}, {field}: {reason}")]
    Damaged {
        /// The layer.
        layer: Cow<'static, str>,
        /// The row's fid.
        fid: i64,
        /// The column.
        field: Cow<'static, str>,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// The disk or the database does not do its part.
    #[error("{what}")]
    Unavailable {
        /// What is the matter, without internals: “the disk is full”.
        what: String,
        /// What the driver said.
        #[source]
        source: Option<Cause>,
    },
}

impl StoreError {
    /// The same for who calls over the network: nothing about paths, hosts or SQL.
    pub fn public(&self) -> String {
        match self {
            Self::BadUrl { .. }
            | Self::Missing { .. }
            | Self::NotAStore { .. }
            | Self::BadBackup { .. }
            | Self::Exists { .. }
            | Self::Newer { .. } => "the store cannot be opened".to_owned(),
            Self::Source(_) => "the rows could not be read".to_owned(),
            Self::Damaged { layer, field, .. } => {
                format!("a stored value cannot be read ({layer}, {field})")
            }
            Self::Busy
            | Self::DuplicateCode(_)
            | Self::NotFound
            | Self::Outdated
            | Self::LayerDiffers { .. }
            | Self::NotEmpty
            | Self::BadRow { .. }
            | Self::Unavailable { .. } => self.to_string(),
        }
    }

    /// The same for another who waited for the same transaction; the cause stays with the first.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Busy => Self::Busy,
            Self::Unavailable { what, .. } => Self::Unavailable { what: what.clone(), source: None },
            other => Self::Unavailable { what: other.public(), source: None },
        }
    }

    /// An [`StoreError::Unavailable`] with its cause.
    pub(crate) fn unavailable(what: impl Into<String>, source: impl Into<Cause>) -> Self {
        Self::Unavailable { what: what.into(), source: Some(source.into()) }
    }

    /// A stored value that cannot be read.
    pub(crate) fn damaged(layer: LayerKind, fid: i64, field: &'static str, reason: impl ToString) -> Self {
        Self::Damaged {
            layer: layer.collection().into(),
            fid,
            field: field.into(),
            reason: reason.to_string(),
        }
    }
}

/// The rows' source (a file that is being read) failed; aborts the import.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SourceFailed(#[from] pub Box<dyn Error + Send + Sync>);
