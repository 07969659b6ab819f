//! MBTiles 1.3: one SQLite file. Equal tiles are kept once, behind the view `tiles` that the format wants.

use super::{About, ArchiveError};
use gridbeat_tiles::TileId;
use rusqlite::{Connection, params};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::Path;

const SCHEMA: &str = "
    CREATE TABLE metadata (name TEXT NOT NULL PRIMARY KEY, value TEXT);
    CREATE TABLE images (tile_id INTEGER PRIMARY KEY, tile_data BLOB NOT NULL);
    CREATE TABLE map (
        zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL,
        tile_id INTEGER NOT NULL REFERENCES images (tile_id),
        PRIMARY KEY (zoom_level, tile_column, tile_row)
    ) WITHOUT ROWID;
    CREATE VIEW tiles AS
        SELECT zoom_level, tile_column, tile_row, tile_data FROM map JOIN images USING (tile_id);
";

/// Tiles in one transaction: what is not yet on the disk is held in memory.
const BATCH: usize = 20_000;

/// A file that is being written.
pub struct Writer {
    db: Connection,
    waiting: usize,
}

impl Writer {
    pub fn begin(path: &Path, about: &About) -> Result<Self, ArchiveError> {
        let db = Connection::open(path)?;
        // The file has no name of its own yet: after a crash it is thrown away, so no journal is needed.
        db.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA application_id = 0x4d504258;",
        )?;
        db.execute_batch(SCHEMA)?;
        db.execute_batch("BEGIN")?;
        let join = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
        let (lon, lat, zoom) = about.center;
        for (name, value) in [
            ("name", about.name.clone()),
            ("description", about.description.clone()),
            ("format", "pbf".to_owned()),
            ("type", "overlay".to_owned()),
            ("version", "1".to_owned()),
            ("bounds", join(&about.bounds)),
            ("center", format!("{lon},{lat},{zoom}")),
            ("minzoom", about.zooms[0].to_string()),
            ("maxzoom", about.zooms[1].to_string()),
            ("generator", concat!("gridbeat ", env!("CARGO_PKG_VERSION")).to_owned()),
            ("json", json!({ "vector_layers": about.vector_layers }).to_string()),
        ] {
            db.execute("INSERT INTO metadata (name, value) VALUES (?1, ?2)", params![name, value])?;
        }
        Ok(Self { db, waiting: 0 })
    }

    pub fn add(&mut self, id: TileId, gzipped: &[u8]) -> Result<(), ArchiveError> {
        // The first 8 bytes of a SHA-256 name the contents; two that share them are told apart below.
        let mut key = i64::from_be_bytes(Sha256::digest(gzipped)[..8].try_into().unwrap_or_default());
        loop {
            let mut known = self.db.prepare_cached("SELECT tile_data = ?2 FROM images WHERE tile_id = ?1")?;
            let mut rows = known.query(params![key, gzipped])?;
            match rows.next()?.map(|row| row.get::<_, bool>(0)).transpose()? {
                Some(true) => break,
                Some(false) => key = key.wrapping_add(1),
                None => {
                    let mut insert =
                        self.db.prepare_cached("INSERT INTO images (tile_id, tile_data) VALUES (?1, ?2)")?;
                    insert.execute(params![key, gzipped])?;
                    break;
                }
            }
        }
        // Rows of MBTiles count from the south (TMS).
        let row = (1_u32 << id.z) - 1 - id.y;
        self.db
            .prepare_cached(
                "INSERT INTO map (zoom_level, tile_column, tile_row, tile_id) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![id.z, id.x, row, key])?;
        self.waiting += 1;
        if self.waiting == BATCH {
            self.waiting = 0;
            self.db.execute_batch("COMMIT; BEGIN")?;
        }
        Ok(())
    }

    pub fn finish(self) -> Result<(), ArchiveError> {
        self.db.execute_batch("COMMIT")?;
        self.db.close().map_err(|(_, error)| error)?;
        Ok(())
    }
}
