//! Tiles in an MBTiles file, read by `fast-mvt`.

use fast_mvt::MvtReaderRef;
use flate2::read::GzDecoder;
use rusqlite::{Connection, OpenFlags};
use std::{collections::BTreeMap, io::Read};

/// Of every tile its zoom, and how many features each of its layers has; each geometry and property is read.
#[track_caller]
pub fn every_tile(mbtiles: &str) -> Vec<(u8, BTreeMap<String, u64>)> {
    let file = Connection::open_with_flags(mbtiles, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut query = file.prepare("SELECT zoom_level, tile_data FROM tiles").unwrap();
    let rows = query.query_map([], |row| Ok((row.get::<_, u8>(0)?, row.get::<_, Vec<u8>>(1)?))).unwrap();
    rows.map(|row| {
        let (zoom, gzipped) = row.unwrap();
        let mut bytes = Vec::new();
        GzDecoder::new(&gzipped[..]).read_to_end(&mut bytes).unwrap();
        let tile = MvtReaderRef::new(&bytes).unwrap_or_else(|e| panic!("zoom {zoom}: {e}"));
        let mut layers = BTreeMap::new();
        for layer in tile.layers() {
            for feature in layer.features() {
                feature.geometry().unwrap_or_else(|e| panic!("zoom {zoom}, {}: {e}", layer.name()));
                for property in feature.properties() {
                    property.unwrap_or_else(|e| panic!("zoom {zoom}, {}: {e}", layer.name()));
                }
            }
            layers.insert(layer.name().to_string(), layer.feature_count() as u64);
        }
        (zoom, layers)
    })
    .collect()
}
