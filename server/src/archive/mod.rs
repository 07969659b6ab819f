//! Whole pyramids in one file: PMTiles and MBTiles.
//!
//! Tiles come gzipped, zoom by zoom, each zoom along the Hilbert curve. A file is written under another
//! name beside its own and renamed when it is whole and on the disk, so that whoever sees it sees all of it.

mod mbtiles;
mod pmtiles;

use gridbeat_tiles::TileId;
use serde_json::Value;
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::NamedTempFile;

/// The kinds of archive, by suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `.pmtiles`, version 3.
    PmTiles,
    /// `.mbtiles`, version 1.3.
    MbTiles,
}

impl Kind {
    /// The kind that a path's suffix says.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "pmtiles" => Some(Self::PmTiles),
            "mbtiles" => Some(Self::MbTiles),
            _ => None,
        }
    }
}

/// What stands about the tiles in the archive.
pub struct About {
    /// What people call the map.
    pub name: String,
    /// A sentence more.
    pub description: String,
    /// First and last zoom.
    pub zooms: [u8; 2],
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
    /// Longitude, latitude and zoom to begin at.
    pub center: (f64, f64, u8),
    /// As in TileJSON 3.
    pub vector_layers: Value,
}

/// An archive in the making.
pub struct Archive {
    temporary: NamedTempFile,
    out: PathBuf,
    sink: Sink,
}

enum Sink {
    PmTiles(Box<pmtiles::Writer>),
    MbTiles(mbtiles::Writer),
}

/// Why an archive could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The disk.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The library of PMTiles.
    #[error(transparent)]
    PmTiles(#[from] ::pmtiles::PmtError),
    /// SQLite.
    #[error(transparent)]
    MbTiles(#[from] rusqlite::Error),
}

impl Archive {
    /// Begins one that is to be `out`.
    ///
    /// # Errors
    /// When nothing can be written in that folder.
    pub fn begin(kind: Kind, out: &Path, about: &About) -> Result<Self, ArchiveError> {
        let folder = out.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        remove_old_drafts(folder);
        let temporary = tempfile::Builder::new()
            .prefix(DRAFT.0)
            .suffix(DRAFT.1)
            .permissions(shared())
            .tempfile_in(folder)?;
        let sink = match kind {
            Kind::PmTiles => Sink::PmTiles(Box::new(pmtiles::Writer::begin(temporary.reopen()?, about)?)),
            Kind::MbTiles => Sink::MbTiles(mbtiles::Writer::begin(temporary.path(), about)?),
        };
        Ok(Self { temporary, out: out.to_owned(), sink })
    }

    /// Adds a gzipped tile.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, id: TileId, gzipped: &[u8]) -> Result<(), ArchiveError> {
        match &mut self.sink {
            Sink::PmTiles(writer) => writer.add(id, gzipped),
            Sink::MbTiles(writer) => writer.add(id, gzipped),
        }
    }

    /// Makes it whole and gives it its name, in place of what had that name.
    ///
    /// # Errors
    /// When it cannot be written; then there is no such file, or the one that was there before.
    pub fn finish(self) -> Result<(), ArchiveError> {
        let Self { temporary, out, sink } = self;
        match sink {
            Sink::PmTiles(writer) => writer.finish()?,
            Sink::MbTiles(writer) => writer.finish()?,
        }
        temporary.as_file().sync_all()?;
        temporary.persist(&out).map_err(|e| e.error)?;
        // The new name is on the disk when its folder is.
        let folder = out.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok(())
    }
}

/// How the name of a draft begins and ends.
const DRAFT: (&str, &str) = (".gridbeat-", ".part");
/// Whoever still writes one has written to it since.
const OLD_DRAFT: Duration = Duration::from_secs(600);

/// Removes what is left over of runs that were ended in the middle.
fn remove_old_drafts(folder: &Path) {
    let Ok(files) = folder.read_dir() else { return };
    for file in files.flatten() {
        let name = file.file_name();
        let name = name.to_string_lossy();
        let age = file.metadata().and_then(|m| m.modified()).ok().and_then(|at| at.elapsed().ok());
        if name.starts_with(DRAFT.0) && name.ends_with(DRAFT.1) && age.is_some_and(|age| age > OLD_DRAFT) {
            let _ = std::fs::remove_file(file.path());
        }
    }
}

/// As for any new file: readable to all that the umask lets.
fn shared() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(0o666)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn drafts_left_over_go_and_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, age: Duration| {
            let path = folder.path().join(name);
            let file = File::create(&path).unwrap();
            file.set_modified(std::time::SystemTime::now() - age).unwrap();
            path
        };
        let old = file(".gridbeat-a.part", 2 * OLD_DRAFT);
        let others = [
            file(".gridbeat-b.part", Duration::ZERO),
            file("city.part", 2 * OLD_DRAFT),
            file(".gridbeat-rc", 2 * OLD_DRAFT),
        ];
        remove_old_drafts(folder.path());
        assert!(!old.exists() && others.iter().all(|path| path.exists()));
    }
}
