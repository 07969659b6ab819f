//! Backups: one file with everything in a store as of one change, with its checksum inside.
//!
//! The file is a GeoPackage store, whichever backend it was taken of, so that it can be put back into either
//! and opened by GIS software. It appears at its place whole or not at all.

use crate::{
    error::StoreError,
    gpkg::draft::{Draft, Seal},
    open::{OpenMode, open},
    store::Store,
};
use gridbeat_onemap::scope::Scope;
use std::path::Path;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Sum over all rows, counters and the log: [`Store::checksum`] of the store it was taken of.
    pub checksum: String,
    /// Number of the last change in it.
    pub last_change: u64,
}

/// Writes a backup of a store to `out`, where nothing may be yet. The store is read as of one moment;
/// readers and writers go on meanwhile.
///
/// # Errors
/// [`StoreError::Exists`] when there is something at `out`, [`StoreError::Damaged`],
/// [`StoreError::Unavailable`]; nothing is at `out` then.
pub fn backup(store: &dyn Store, out: &Path) -> Result<Backup, StoreError> {
    let draft = Draft::beside(out)?;
    store.backup(draft.path())?;
    // Read back from what was written, not from what it was taken of.
    let written = open(&draft.path().to_string_lossy(), OpenMode::Existing)?;
    let done = Backup { checksum: written.checksum()?, last_change: written.last_change()? };
    drop(written);
    draft.seal(&Seal { checksum: done.checksum.clone() })?;
    draft.keep()?;
    Ok(done)
}

/// Puts a backup back into the store at `url`, which is made, or must be empty. What is in the backup is
/// checked against the checksum first.
///
/// # Errors
/// [`StoreError::BadBackup`], [`StoreError::NotEmpty`], [`StoreError::BadUrl`], [`StoreError::NotAStore`],
/// [`StoreError::Newer`], [`StoreError::Unavailable`]; nothing was changed then.
pub fn restore(file: &Path, url: &str) -> Result<Backup, StoreError> {
    let target = Path::new(url);
    let is_new_file = target.extension().is_some_and(|e| e.eq_ignore_ascii_case("gpkg"))
        && !url.contains("://")
        && !target.exists();
    if is_new_file {
        let draft = Draft::beside(target)?;
        let done = checked(file, &draft)?;
        draft.keep()?;
        return Ok(done);
    }
    // Whether it may be filled is said before a large file is read twice.
    let store = open(url, OpenMode::Create)?;
    if store.last_change()? > 0
        || store.table_counts()?.iter().any(|(_, n)| *n > 0)
        || !store.departments(&Scope::all())?.is_empty()
    {
        return Err(StoreError::NotEmpty);
    }
    let draft = Draft::temporary()?;
    let done = checked(file, &draft)?;
    let from = open(&draft.path().to_string_lossy(), OpenMode::Existing)?;
    from.read(&mut |cut| store.restore(cut))?;
    Ok(done)
}

/// Copies a backup to a draft, opens that (which brings an older one up to date), and checks it. The
/// backup itself is only read.
fn checked(file: &Path, draft: &Draft) -> Result<Backup, StoreError> {
    let bad = |why: String| StoreError::BadBackup { place: file.display().to_string(), why };
    draft.copy_of(file)?;
    let sealed = draft.unseal().map_err(|e| match e {
        StoreError::Unavailable { .. } | StoreError::NotAStore { .. } => {
            bad("it is no backup that Gridbeat made, or it is damaged".to_owned())
        }
        other => other,
    })?;
    let Some(seal) = sealed else {
        return Err(bad("there is no checksum in it: is it a store, not a backup?".to_owned()));
    };
    let copy = open(&draft.path().to_string_lossy(), OpenMode::Existing)?;
    let unreadable = |e| match e {
        StoreError::Damaged { .. } | StoreError::Unavailable { .. } => bad(e.to_string()),
        other => other,
    };
    let checksum = copy.checksum().map_err(unreadable)?;
    if checksum != seal.checksum {
        return Err(bad(format!("its checksum is {checksum}, expected {}", seal.checksum)));
    }
    let mut damage = None;
    copy.inspect(&mut |finding| damage = damage.take().or(Some(finding))).map_err(unreadable)?;
    if let Some(finding) = damage.filter(|f| f.fault) {
        return Err(bad(finding.to_string()));
    }
    Ok(Backup { checksum, last_change: copy.last_change()? })
}
