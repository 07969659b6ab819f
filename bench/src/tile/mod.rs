//! Tiles: encoding them, serving them, whole pyramids of them.

mod cached;
mod cold;
mod encode;
mod http_cold;
mod pyramid;
mod visible;

use crate::case::Case;
use gridbeat_onemap::E7;

pub const CASES: &[Case] = &[
    Case { name: "tile/encode-areas", peer_name: "geozero", run: encode::areas },
    Case { name: "tile/encode-points", peer_name: "geozero", run: encode::points },
    Case { name: "tile/cold", peer_name: "ST_AsMVT on PostGIS", run: cold::run },
    Case { name: "tile/http-cold", peer_name: "tipg on PostGIS", run: http_cold::run },
    Case { name: "tile/http-cached", peer_name: "a bare axum handler", run: cached::run },
    Case { name: "tile/pyramid", peer_name: "tippecanoe", run: pyramid::run },
    Case { name: "tile/edit-visible", peer_name: "", run: visible::run },
];

/// The middle of the synthetic city.
pub const CENTER: (f64, f64) = (120.30, 31.57);

/// Column and row of a position at a zoom.
pub fn tile_of((lon, lat): (f64, f64), z: u8) -> (u32, u32) {
    let at = E7::from_degrees(lon, lat).map(|p| gridbeat_tiles::TileId::of(p, z));
    at.map_or((0, 0), |id| (id.x, id.y))
}
