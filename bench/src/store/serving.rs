//! A city that is served: how soon after the start, and in how much memory.

use crate::{
    case::{Case, Measured, Unit, in_turn_timed},
    served::{Served, demo_dir, gridbeat},
};
use gridbeat_synth::Scale;
use rstar::{RTree, primitives::GeomWithData};
use rusqlite::{Connection, OpenFlags};
use std::{
    collections::HashMap,
    path::PathBuf,
    time::{Duration, Instant},
};

pub const COLD_START: Case =
    Case { name: "store/cold-start", peer_name: "rows read, and rstar loaded with them", run: cold_start };
pub const MEMORY: Case = Case { name: "store/memory", peer_name: "", run: memory };
pub const PROVINCE: Case = Case { name: "store/province", peer_name: "", run: province };
pub const PROVINCE_START: Case = Case { name: "store/province-start", peer_name: "", run: province_start };

/// Residents of the city at least; a changed city would show here.
const RESIDENTS: usize = 6_000_000;

/// The most memory that a process held which imported and served a whole province, or served it from its snapshot,
/// whichever is more. Half an hour the first time, and 60 GB of disk.
fn province() -> Result<Measured, String> {
    let loaded = Served::demo(Scale::Province)?;
    look_around(&loaded)?;
    let loading = loaded.held("VmHWM")?;
    drop(loaded);
    let path = store(Scale::Province)?;
    let served = first_tile(&path)?;
    look_around(&served)?;
    Ok(Measured { ours: loading.max(served.held("VmHWM")?), peer: None, unit: Unit::Megabytes })
}

/// From the start of the program to the first tile of a province with everybody's home in it.
fn province_start() -> Result<Measured, String> {
    let path = store(Scale::Province)?;
    let start = Instant::now();
    let served = first_tile(&path)?;
    let ours = start.elapsed().as_secs_f64() * 1e3;
    drop(served);
    Ok(Measured { ours, peer: None, unit: Unit::Milliseconds })
}

/// The store of a scale, with a snapshot that is fresh: a server has run and ended.
fn store(scale: Scale) -> Result<PathBuf, String> {
    drop(Served::demo(scale)?);
    let path = demo_dir().join(scale.to_string()).join("demo.gpkg");
    let snapshot = path.with_extension("gpkg.snapshot");
    let _ = std::fs::remove_file(&snapshot); // What is not there need not go.
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--store", &path.to_string_lossy()];
    let served = Served::start(gridbeat(&arguments)?)?;
    let end = Instant::now() + Duration::from_secs(600);
    while !snapshot.exists() {
        if Instant::now() > end {
            return Err("no snapshot was written".to_owned());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(served);
    Ok(path)
}

/// Starts a server, and asks for the tile in the middle.
fn first_tile(path: &std::path::Path) -> Result<Served, String> {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--store", &path.to_string_lossy()];
    let served = Served::start(gridbeat(&arguments)?)?;
    let (x, y) = crate::tile::tile_of(crate::tile::CENTER, 14);
    let url = served.url(&format!("/tiles/grid,beat,piece,resident_density/14/{x}/{y}"));
    let mut tile = ureq::get(&url).call().map_err(|e| format!("{url}: {e}"))?;
    let body = tile.body_mut().read_to_vec().map_err(|e| format!("{url}: {e}"))?;
    if body.is_empty() {
        return Err("the tile in the middle of the city is empty".to_owned());
    }
    Ok(served)
}

/// From the start of the program to the first tile with everybody's home in it, against reading the rows of
/// residents and addresses from the same file and loading rstar with a point for each resident: no areas, no
/// pieces, no server.
fn cold_start() -> Result<Measured, String> {
    let path = store(Scale::City)?;
    let mut failed = None;
    let (peer, ours) = in_turn_timed(
        || failed = failed.take().or(rows_into_rstar(&path).err()),
        || {
            let start = Instant::now();
            let served = first_tile(&path)?;
            let time = start.elapsed().as_secs_f64() * 1e3;
            drop(served);
            Ok(time)
        },
    )?;
    match failed {
        Some(error) => Err(error),
        None => Ok(Measured { ours, peer: Some(peer), unit: Unit::Milliseconds }),
    }
}

fn rows_into_rstar(path: &std::path::Path) -> Result<(), String> {
    let text = |e: rusqlite::Error| e.to_string();
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(text)?;
    let mut homes: HashMap<String, [f64; 2]> = HashMap::new();
    let mut addresses = conn.prepare("SELECT code, geom FROM addresses").map_err(text)?;
    let mut rows = addresses.query([]).map_err(text)?;
    while let Some(row) = rows.next().map_err(text)? {
        let geom: &[u8] = row.get_ref(1).and_then(|v| Ok(v.as_blob()?)).map_err(text)?;
        // A point: its two doubles are the end of the blob.
        let end = geom.len().checked_sub(16).ok_or("a geometry is no point")?;
        let number = |at: usize| geom[at..at + 8].try_into().map(f64::from_le_bytes).unwrap_or_default();
        homes.insert(row.get(0).map_err(text)?, [number(end), number(end + 8)]);
    }
    let mut residents = conn.prepare("SELECT address FROM residents").map_err(text)?;
    let mut rows = residents.query([]).map_err(text)?;
    let mut points = Vec::new();
    while let Some(row) = rows.next().map_err(text)? {
        let address = row.get_ref(0).and_then(|v| Ok(v.as_str()?)).map_err(text)?;
        points.extend(homes.get(address).map(|&at| GeomWithData::new(at, points.len() as u32)));
    }
    let tree = RTree::bulk_load(points);
    if std::hint::black_box(&tree).size() < RESIDENTS {
        return Err(format!("the city has {} residents", tree.size()));
    }
    Ok(())
}

/// A tile of every zoom, a search, a summary.
fn look_around(served: &Served) -> Result<(), String> {
    for z in 6..=16 {
        let (x, y) = crate::tile::tile_of(crate::tile::CENTER, z);
        ask(served, &format!("/tiles/grid,beat,piece,address,resident_density,incident/{z}/{x}/{y}"))?;
    }
    ask(served, "/api/summary?by=grid&limit=1000")?;
    ask(served, "/api/search?q=100")
}

/// What the process has in memory once it has answered for the whole city.
fn memory() -> Result<Measured, String> {
    let path = store(Scale::City)?;
    let served = first_tile(&path)?;
    look_around(&served)?;
    Ok(Measured { ours: served.held("VmRSS")?, peer: None, unit: Unit::Megabytes })
}

fn ask(served: &Served, path: &str) -> Result<(), String> {
    let url = served.url(path);
    let mut answer = ureq::get(&url).call().map_err(|e| format!("{url}: {e}"))?;
    answer.body_mut().with_config().limit(1 << 30).read_to_vec().map(drop).map_err(|e| format!("{url}: {e}"))
}
