//! PMTiles 3: tiles in the order of their numbers, equal ones once, leaf directories where the root is full.

use super::{About, ArchiveError};
use gridbeat_tiles::TileId;
use pmtiles::{Compression, PmTilesStreamWriter, PmTilesWriter, TileCoord, TileType};
use serde_json::json;
use std::fs::File;

/// A file that is being written.
pub struct Writer(PmTilesStreamWriter<File>);

impl Writer {
    pub fn begin(file: File, about: &About) -> Result<Self, ArchiveError> {
        let [west, south, east, north] = about.bounds;
        let (lon, lat, zoom) = about.center;
        let metadata = json!({
            "name": about.name,
            "description": about.description,
            "type": "overlay",
            "version": "1",
            "generator": concat!("gridbeat ", env!("CARGO_PKG_VERSION")),
            "vector_layers": about.vector_layers,
        });
        let writer = PmTilesWriter::new(TileType::Mvt)
            .precompressed(Compression::Gzip)
            .min_zoom(about.zooms[0])
            .max_zoom(about.zooms[1])
            .bounds(west, south, east, north)
            .center(lon, lat)
            .center_zoom(zoom)
            .metadata(metadata.to_string())
            .create(file)?;
        Ok(Self(writer))
    }

    pub fn add(&mut self, id: TileId, gzipped: &[u8]) -> Result<(), ArchiveError> {
        Ok(self.0.add_tile(TileCoord::new(id.z, id.x, id.y)?, gzipped)?)
    }

    pub fn finish(self) -> Result<(), ArchiveError> {
        Ok(self.0.finalize()?)
    }
}
