//! Tiles per second that nobody has asked for before: random places of the city at zooms 10 to 16, one core for
//! the server, the others for who asks, against tipg and against Martin on the same grids in PostGIS (whose own
//! processes run wherever they like). Tiles are fetched as a browser fetches those of a view: over six connections at a
//! time.

use super::{areas_within, codes};
use crate::{
    case::{Measured, Unit, in_turn_timed},
    connection::Connection,
    peers::{martin, server::Server, tipg},
    served::{Served, demo_dir, gridbeat},
};
use gridbeat_e2e::postgres::Postgres;
use gridbeat_synth::Scale;
use std::{
    collections::BTreeSet,
    net::SocketAddr,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::Instant,
};

/// Tiles of one run.
const TILES: usize = 240;
/// Connections of a browser to one server.
const CONNECTIONS: usize = 6;
/// Runs of each side, and the first look.
const RUNS: usize = 6;
/// Every core there may be.
const ALL: &str = "0-1023";
/// Half the side of the square that tiles are chosen in, degrees: most of the city.
const HALF: f64 = 0.3;

/// Zoom, column, row.
type Tile = (u8, u32, u32);

pub fn against_tipg() -> Result<Measured, String> {
    let path = |(z, x, y): Tile| format!("/collections/public.grids/tiles/WebMercatorQuad/{z}/{x}/{y}");
    against("tipg", tipg::start, &path)
}

pub fn against_martin() -> Result<Measured, String> {
    against("martin", martin::start, &|(z, x, y): Tile| format!("/grids/{z}/{x}/{y}"))
}

fn against(
    name: &str,
    start: fn(&str) -> Result<Server, String>,
    peer_path: &(dyn Fn(Tile) -> String + Sync),
) -> Result<Measured, String> {
    let served = Served::demo_on_core(Scale::City, "0")?;
    let postgres = Postgres::start();
    let database = postgres.database("city");
    let grids = demo_dir().join("city/files/grid.geojson");
    let grids = grids.to_string_lossy();
    let imported = gridbeat(&["import", "--store", &database, "--layer", "grid", &grids])?.status();
    if !imported.is_ok_and(|s| s.success()) {
        return Err("the grids were not imported into PostGIS".to_owned());
    }
    postgres.psql("city", "VACUUM ANALYZE grids");
    let peer = start(&database)?;
    pin(peer.id(), "0")?;
    let agent = ureq::agent();
    let mut tiles = tiles().into_iter();
    let our_path = |(z, x, y): Tile| format!("/tiles/grid/{z}/{x}/{y}");
    // Where single grids show, both draw those that lie in the tile, and none far from it: beyond its edge ours
    // draws 64 units, the peer what reaches into the tile.
    let mut compared = 0;
    for tile in tiles.by_ref().take(TILES).filter(|t| t.0 >= 13) {
        let (mine, theirs) =
            (fetch(&agent, &served.url(&our_path(tile)))?, fetch(&agent, &peer.url(&peer_path(tile)))?);
        let (mine, theirs) = (codes(&mine)?, codes(&theirs)?);
        // What touches an edge by less than two units may count on one side only.
        let (least, most) =
            (areas_within(&postgres, "grid", tile, -2), areas_within(&postgres, "grid", tile, 66));
        for (who, found) in [("gridbeat", mine), (name, theirs)] {
            if !least.is_subset(&found) || !found.is_subset(&most) {
                let (missing, extra) = (least.difference(&found).count(), found.difference(&most).count());
                return Err(format!(
                    "{tile:?}: of {} grids {who} misses {missing}, {extra} too many",
                    least.len()
                ));
            }
        }
        compared += least.len();
    }
    if compared == 0 {
        return Err("no tile holds a grid".to_owned());
    }
    let (mut ours_tiles, mut peer_tiles) = (tiles.clone(), tiles);
    let (to_us, to_peer) = (connections(served.address)?, connections(peer.address())?);
    let time =
        |connections: &[Mutex<Connection>], tiles: Vec<Tile>, path: &(dyn Fn(Tile) -> String + Sync)| {
            let (start, next) = (Instant::now(), AtomicUsize::new(0));
            thread::scope(|threads| {
                let fetching: Vec<_> = connections
                    .iter()
                    .map(|connection| {
                        let (tiles, next) = (&tiles, &next);
                        threads.spawn(move || {
                            let mut connection = connection.lock().map_err(|e| e.to_string())?;
                            while let Some(&tile) = tiles.get(next.fetch_add(1, Relaxed)) {
                                connection.get(&path(tile))?;
                            }
                            Ok::<(), String>(())
                        })
                    })
                    .collect();
                fetching
                    .into_iter()
                    .try_for_each(|t| t.join().unwrap_or_else(|_| Err("a reader panicked".to_owned())))
            })?;
            Ok::<f64, String>(start.elapsed().as_secs_f64() * 1e3)
        };
    // Who asks takes nothing from the server's core; with one core alone, both share it.
    let others = match thread::available_parallelism().map_or(1, usize::from) {
        1 => "0".to_owned(),
        cores => format!("1-{}", cores - 1),
    };
    pin(std::process::id(), &others)?;
    let mut failed = None;
    let (ours, theirs) = in_turn_timed(
        || {
            failed =
                failed.take().or(time(&to_us, ours_tiles.by_ref().take(TILES).collect(), &our_path).err())
        },
        || time(&to_peer, peer_tiles.by_ref().take(TILES).collect(), peer_path),
    )?;
    pin(std::process::id(), ALL)?;
    let rate = |ms: f64| TILES as f64 / ms * 1e3;
    match failed {
        Some(error) => Err(error),
        None => Ok(Measured { ours: rate(ours), peer: Some(rate(theirs)), unit: Unit::PerSecond }),
    }
}

fn connections(address: SocketAddr) -> Result<Vec<Mutex<Connection>>, String> {
    (0..CONNECTIONS).map(|_| Connection::open(address).map(Mutex::new)).collect()
}

/// A process and its threads may run on some cores only.
fn pin(process: u32, cores: &str) -> Result<(), String> {
    let done = Command::new("taskset").args(["-acp", cores, &process.to_string()]).output();
    let done = done.map_err(|e| format!("taskset: {e}"))?;
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned()) }
}

/// Tiles in random order, none twice.
fn tiles() -> Vec<Tile> {
    let (mut dice, mut all, mut seen) = (1_u64, Vec::new(), BTreeSet::new());
    let mut random = move || {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 11) as f64 / (1_u64 << 53) as f64
    };
    for _ in 0..100_000 {
        let z = 10 + (random() * 7.0) as u8;
        let (lon, lat) = super::CENTER;
        let at = (lon + (random() * 2.0 - 1.0) * HALF, lat + (random() * 2.0 - 1.0) * HALF);
        let (x, y) = super::tile_of(at, z);
        if seen.insert((z, x, y)) {
            all.push((z, x, y));
        }
        if all.len() == TILES * (RUNS + 1) {
            break;
        }
    }
    all
}

fn fetch(agent: &ureq::Agent, url: &str) -> Result<Vec<u8>, String> {
    let mut answer = agent.get(url).call().map_err(|e| format!("{url}: {e}"))?;
    answer.body_mut().with_config().limit(1 << 26).read_to_vec().map_err(|e| format!("{url}: {e}"))
}
