//! A whole province in one overlay: time, and the most memory that it takes.

use crate::{
    case::{Case, Measured, Unit, alone},
    city::City,
};
use gridbeat_onemap::{Layer, Overlay, record::Side};
use gridbeat_synth::Scale;

pub const CASES: &[Case] = &[
    Case { name: "overlay/province", peer_name: "", run: time },
    Case { name: "overlay/province-memory", peer_name: "", run: memory },
];

fn layers() -> (Layer, Layer) {
    let City { grids, beats } = City::new(Scale::Province);
    (Layer::new(Side::Grid, grids), Layer::new(Side::Beat, beats))
}

/// The overlay with its rings written out.
fn overlay(grids: &Layer, beats: &Layer) -> usize {
    let overlay = Overlay::new(grids, beats);
    overlay.ids().map(|id| overlay.outline(id).rings().map(Vec::len).sum::<usize>()).sum()
}

fn time() -> Result<Measured, String> {
    let (grids, beats) = layers();
    Ok(Measured { ours: alone(|| overlay(&grids, &beats)), peer: None, unit: Unit::Milliseconds })
}

/// The most that the whole program ever held: rows, layers and overlay.
fn memory() -> Result<Measured, String> {
    let (grids, beats) = layers();
    overlay(&grids, &beats);
    let status = std::fs::read_to_string("/proc/self/status").map_err(|e| e.to_string())?;
    let peak = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    let peak = peak.ok_or("the system does not say how much memory was held")?;
    Ok(Measured { ours: peak / 1024.0, peer: None, unit: Unit::Megabytes })
}
