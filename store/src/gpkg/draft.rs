//! A GeoPackage that is not yet at its place: a backup being written, or a copy being checked.

use super::connect;
use crate::error::StoreError;
use rusqlite::{OptionalExtension, params};
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

/// What makes a store a backup, kept in `gridbeat_meta`.
pub(crate) struct Seal {
    /// [`crate::Store::checksum`] of what is in it.
    pub checksum: String,
}

const CHECKSUM: &str = "backup_checksum";

/// A draft; goes away with its companions unless it is kept.
pub(crate) struct Draft {
    path: PathBuf,
    /// Where it belongs; `None` for one that only is looked at.
    place: Option<PathBuf>,
}

impl Draft {
    /// A draft of what is to be at `place`.
    pub(crate) fn beside(place: &Path) -> Result<Self, StoreError> {
        let place = std::path::absolute(place)
            .map_err(|e| StoreError::unavailable(format!("{} is no path", place.display()), e))?;
        if place.exists() {
            return Err(StoreError::Exists { place: place.display().to_string() });
        }
        let mut name = place.clone().into_os_string();
        name.push(format!(".draft-{}.gpkg", number()));
        Ok(Self { path: name.into(), place: Some(place) })
    }

    /// A draft in the folder for temporary files.
    pub(crate) fn temporary() -> Result<Self, StoreError> {
        Ok(Self { path: std::env::temp_dir().join(format!("gridbeat-draft-{}.gpkg", number())), place: None })
    }

    /// Where it is meanwhile.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it a copy of a file.
    pub(crate) fn copy_of(&self, file: &Path) -> Result<(), StoreError> {
        let cannot = |e| StoreError::unavailable(format!("{} cannot be copied", file.display()), e);
        fs::copy(file, &self.path).map_err(cannot)?;
        Ok(())
    }

    /// Writes the mark of a backup into it.
    pub(crate) fn seal(&self, seal: &Seal) -> Result<(), StoreError> {
        let conn = connect::open_raw(&self.path)?;
        conn.execute(
            "INSERT OR REPLACE INTO gridbeat_meta VALUES (?1, ?2)",
            params![CHECKSUM, seal.checksum],
        )?;
        // One file by itself: whoever only reads it need not be able to write beside it.
        conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")?;
        close(conn)
    }

    /// Takes the mark of a backup out of it; `None` when there was none.
    pub(crate) fn unseal(&self) -> Result<Option<Seal>, StoreError> {
        connect::prepare(&self.path, crate::OpenMode::Existing)?;
        let conn = connect::open_raw(&self.path)?;
        let sum: Option<String> = conn
            .query_row("SELECT value FROM gridbeat_meta WHERE key = ?1", [CHECKSUM], |r| r.get(0))
            .optional()?;
        conn.execute("DELETE FROM gridbeat_meta WHERE key = ?1", [CHECKSUM])?;
        close(conn)?;
        Ok(sum.map(|checksum| Seal { checksum }))
    }

    /// Puts it at its place, synced, in one step. What came there meanwhile stays.
    pub(crate) fn keep(self) -> Result<(), StoreError> {
        let Some(place) = &self.place else { return Ok(()) };
        let cannot = |e| StoreError::unavailable(format!("{} cannot be made", place.display()), e);
        fs::File::open(&self.path).and_then(|f| f.sync_all()).map_err(cannot)?;
        match fs::hard_link(&self.path, place) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                return Err(StoreError::Exists { place: place.display().to_string() });
            }
            // A file system without hard links.
            Err(_) => fs::rename(&self.path, place).map_err(cannot)?,
            Ok(()) => {}
        }
        if let Some(folder) = place.parent() {
            fs::File::open(folder).and_then(|f| f.sync_all()).map_err(cannot)?;
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let name = self.path.file_name().unwrap_or_default().to_owned();
        for entry in self.path.parent().and_then(|p| fs::read_dir(p).ok()).into_iter().flatten().flatten() {
            // The draft, its log, and the copy that bringing an older one up to date leaves.
            if entry.file_name().as_encoded_bytes().starts_with(name.as_encoded_bytes()) {
                let _ = fs::remove_file(entry.path()); // What cannot be removed is only in the way.
            }
        }
    }
}

/// All into the file itself: it is about to be moved.
fn close(conn: rusqlite::Connection) -> Result<(), StoreError> {
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    conn.close().map_err(|(_, e)| e.into())
}

/// Distinct among the drafts of all processes.
fn number() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
