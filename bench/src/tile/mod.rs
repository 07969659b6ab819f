//! Tiles: encoding them, serving them, whole pyramids of them.

mod cached;
mod cold;
mod encode;
mod http_cold;
mod pyramid;
mod visible;

use crate::case::Case;
use gridbeat_e2e::postgres::Postgres;
use gridbeat_onemap::E7;
use std::collections::BTreeSet;

pub const CASES: &[Case] = &[
    Case { name: "tile/encode-areas", peer_name: "geozero", run: encode::areas },
    Case { name: "tile/encode-points", peer_name: "geozero", run: encode::points },
    Case { name: "tile/cold", peer_name: "ST_AsMVT on PostGIS", run: cold::run },
    Case { name: "tile/http-cold", peer_name: "tipg on PostGIS", run: http_cold::against_tipg },
    Case { name: "tile/http-cold-martin", peer_name: "martin on PostGIS", run: http_cold::against_martin },
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

/// The codes in a tile of one layer.
fn codes(bytes: &[u8]) -> Result<BTreeSet<String>, String> {
    let tile = fast_mvt::MvtReaderRef::new(bytes).map_err(|e| e.to_string())?;
    let features = tile.layers().flat_map(|l| l.features().collect::<Vec<_>>());
    let code = |f: fast_mvt::MvtFeatureRef<'_>| {
        f.properties().filter_map(Result::ok).find_map(|(key, value)| match value {
            fast_mvt::MvtValueRef::String(code) if key == "code" => Some(code.to_owned()),
            _ => None,
        })
    };
    Ok(features.filter_map(code).collect())
}

/// The codes of the areas in a tile (zoom, column, row) and so many of its 4,096 units around it, as PostGIS has
/// them.
fn areas_within(
    postgres: &Postgres,
    layer: &str,
    (z, x, y): (u8, u32, u32),
    margin: i32,
) -> BTreeSet<String> {
    let query = format!(
        "SELECT code FROM {layer}s WHERE ST_Intersects(geom, \
         ST_Transform(ST_TileEnvelope({z}, {x}, {y}, margin => {margin}.0 / 4096), ST_SRID(geom)))"
    );
    postgres.psql("city", &query).lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect()
}
