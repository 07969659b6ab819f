//! A PMTiles file under the map.

use bytes::Bytes;
use pmtiles::{AsyncPmTilesReader, Compression, HashMapCache, MmapBackend, PmtResult, TileCoord, TileType};
use std::path::Path;

/// An open file; reading happens as tiles are asked for.
pub struct Archive {
    reader: AsyncPmTilesReader<MmapBackend, HashMapCache>,
    version: u64,
}

impl Archive {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// When it is not there, or no PMTiles 3.
    pub async fn open(path: &Path) -> PmtResult<Self> {
        let reader = AsyncPmTilesReader::new_with_cached_path(HashMapCache::default(), path).await?;
        let modified = std::fs::metadata(path).and_then(|m| m.modified()).ok();
        let since = modified.and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        Ok(Self { reader, version: since.map_or(0, |d| d.as_secs()) })
    }

    /// Changes with the file.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Whether its tiles are vectors, not pictures.
    pub fn is_vector(&self) -> bool {
        self.reader.get_header().tile_type == TileType::Mvt
    }

    /// First and last zoom.
    pub fn zooms(&self) -> [u8; 2] {
        let header = self.reader.get_header();
        [header.min_zoom, header.max_zoom]
    }

    /// West, south, east, north in degrees.
    pub fn bounds(&self) -> [f64; 4] {
        let h = self.reader.get_header();
        [h.min_longitude, h.min_latitude, h.max_longitude, h.max_latitude]
    }

    /// The media type of its tiles.
    pub fn media_type(&self) -> &'static str {
        self.reader.get_header().tile_type.content_type()
    }

    /// A tile's bytes and, when they are packed with gzip and the caller takes that, `true`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn tile(&self, z: u8, x: u32, y: u32, takes_gzip: bool) -> PmtResult<Option<(Bytes, bool)>> {
        let coord = TileCoord::new(z, x, y)?;
        if takes_gzip && self.reader.get_header().tile_compression == Compression::Gzip {
            return Ok(self.reader.get_tile(coord).await?.map(|tile| (tile, true)));
        }
        Ok(self.reader.get_tile_decompressed(coord).await?.map(|tile| (tile, false)))
    }
}
