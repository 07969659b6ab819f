//! The tile of the city's centre at zoom 14 with all boundary layers, made anew: ours from the map in memory and
//! gzipped, against `ST_AsMVT` on the same areas in PostGIS, not compressed.

use super::{areas_within, codes};
use crate::{
    case::{Measured, Unit},
    served::{Served, demo_dir, gridbeat},
};
use gridbeat_e2e::postgres::Postgres;
use gridbeat_onemap::Scope;
use gridbeat_store::{OpenMode, open};
use gridbeat_synth::Scale;
use gridbeat_tiles::{TileId, TileLayer, TileMaker, gzip};
use std::time::Instant;

/// Tiles of each side, in turn.
const TILES: usize = 101;

pub fn run() -> Result<Measured, String> {
    drop(Served::demo(Scale::City)?);
    let postgres = Postgres::start();
    let database = postgres.database("city");
    for (layer, file) in [("grid", "grid.geojson"), ("beat", "beat.geojson")] {
        let path = demo_dir().join("city/files").join(file);
        let path = path.to_string_lossy();
        let done = gridbeat(&["import", "--store", &database, "--layer", layer, &path])?.status();
        if !done.is_ok_and(|s| s.success()) {
            return Err(format!("{file} was not imported into PostGIS"));
        }
    }
    // Ours from the same rows, so that both draw the same city.
    let scope = Scope::all();
    let store = open(&database, OpenMode::Existing).map_err(|e| e.to_string())?;
    let map = gridbeat_server::live::load_map(&*store, &scope).map_err(|e| e.to_string())?;
    let reader = map.read(&scope);
    let maker = TileMaker::new(&reader);
    postgres.psql("city", "VACUUM ANALYZE grids; ");
    postgres.psql("city", "VACUUM ANALYZE beats; ");
    let z = 14;
    let (x, y) = super::tile_of(super::CENTER, z);
    let id = TileId::new(z, x, y).ok_or("no such tile")?;
    let layers = [
        TileLayer::Grid,
        TileLayer::GridLine,
        TileLayer::GridLabel,
        TileLayer::Beat,
        TileLayer::BeatLine,
        TileLayer::BeatLabel,
        TileLayer::Piece,
    ];
    let make = || maker.tile(&reader, &layers, id).map(|raw| gzip(&raw));
    // The areas of the tile, by code, are the same on both sides.
    let part = |table: &str| {
        format!(
            "(SELECT ST_AsMVT(t, '{table}', 4096, 'g') FROM (SELECT code, name, ST_AsMVTGeom(ST_Transform(geom, 3857), \
         ST_TileEnvelope({z}, {x}, {y}), 4096, 64, true) AS g FROM {table}s WHERE geom && \
         ST_Transform(ST_TileEnvelope({z}, {x}, {y}, margin => 64.0 / 4096), ST_SRID(geom))) AS t WHERE g IS NOT NULL)"
        )
    };
    for (layer, table) in [(TileLayer::Grid, "grid"), (TileLayer::Beat, "beat")] {
        let bytes = maker.tile(&reader, &[layer], id).ok_or("the centre is empty")?;
        let ours = codes(&bytes)?;
        // gridbeat and PostGIS both draw 64 units beyond the tile. What touches the buffer's edge by less than two units may count on one side only.
        let (least, most) =
            (areas_within(&postgres, table, (z, x, y), 62), areas_within(&postgres, table, (z, x, y), 66));
        if least.is_empty() || !least.is_subset(&ours) || !ours.is_subset(&most) {
            let (missing, extra) = (least.difference(&ours).count(), ours.difference(&most).count());
            return Err(format!("of {} of {table} {missing} are missing, {extra} too many", least.len()));
        }
    }
    let query =
        format!("EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) SELECT {} || {}", part("grid"), part("beat"));
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..TILES {
        let start = Instant::now();
        std::hint::black_box(make());
        ours.push(start.elapsed().as_secs_f64() * 1e3);
    }
    for _ in 0..21 {
        // The server's own clock: no connection, no transfer, no reading is counted against it.
        let told = postgres.psql("city", &query);
        let time = told.lines().find_map(|l| {
            l.trim().strip_prefix("Execution Time:")?.trim().strip_suffix(" ms")?.parse::<f64>().ok()
        });
        peer.push(time.ok_or_else(|| format!("no time in {told}"))?);
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    Ok(Measured { ours: median(ours), peer: Some(median(peer)), unit: Unit::Milliseconds })
}
