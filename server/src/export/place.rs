//! A file or folder that appears at its place in one step: until then it is beside it under another name,
//! and goes away if it is not finished.

use crate::error::CliError;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What is to be at a place.
pub struct Pending {
    place: PathBuf,
    draft: PathBuf,
    replace: bool,
}

impl Pending {
    /// Of a file or folder at `place`. What is there already is left alone, unless `replace` says that it is
    /// to be replaced (a file only).
    ///
    /// # Errors
    /// [`CliError::BadInput`] when there is something there.
    pub fn new(place: &Path, replace: bool) -> Result<Self, CliError> {
        let place = std::path::absolute(place).map_err(|e| CliError::io(place.display(), &e))?;
        // Without the slash at the end of a folder's name.
        let place: PathBuf = place.components().collect();
        let there = place.symlink_metadata();
        if there.as_ref().is_ok_and(|m| m.is_dir() || !replace) {
            return Err(CliError::BadInput(format!(
                "{} is there already; it was left as it is{}",
                place.display(),
                if there.is_ok_and(|m| m.is_dir()) { "" } else { " (--overwrite replaces it)" }
            )));
        }
        let mut draft = place.clone().into_os_string();
        draft.push(format!(".part-{}", std::process::id()));
        Ok(Self { place, draft: draft.into(), replace })
    }

    /// Where to write meanwhile.
    pub fn path(&self) -> &Path {
        &self.draft
    }

    /// Puts it at its place. It was synced by who wrote it.
    ///
    /// # Errors
    /// When it cannot be put there, or somebody else put something there meanwhile.
    pub fn keep(self) -> Result<(), CliError> {
        let cannot = |e: io::Error| CliError::io(self.place.display(), &e);
        if self.draft.is_dir() || self.replace {
            fs::rename(&self.draft, &self.place).map_err(cannot)?;
        } else {
            match fs::hard_link(&self.draft, &self.place) {
                Err(e) if e.kind() != io::ErrorKind::AlreadyExists => {
                    // A file system without hard links.
                    fs::rename(&self.draft, &self.place).map_err(cannot)?;
                }
                done => done.map_err(cannot)?,
            }
        }
        if let Some(folder) = self.place.parent() {
            fs::File::open(folder).and_then(|f| f.sync_all()).map_err(cannot)?;
        }
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // What is not there need not go.
        let _ =
            if self.draft.is_dir() { fs::remove_dir_all(&self.draft) } else { fs::remove_file(&self.draft) };
        for end in ["-wal", "-shm", "-journal"] {
            let mut companion = self.draft.clone().into_os_string();
            companion.push(end);
            let _ = fs::remove_file(companion);
        }
    }
}
