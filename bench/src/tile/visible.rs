//! From sending a report until a tile that was cached before shows it.

use crate::{
    case::{Measured, Unit},
    served::Served,
};
use gridbeat_synth::Scale;
use serde_json::{Value, json};
use std::time::Instant;

/// Reports.
const REPORTS: usize = 101;
/// Zoom of the tile.
const ZOOM: u8 = 16;

pub fn run() -> Result<Measured, String> {
    let served = Served::demo(Scale::City)?;
    let agent = ureq::agent();
    let (x, y) = super::tile_of(super::CENTER, ZOOM);
    let url = served.url(&format!("/tiles/incident/{ZOOM}/{x}/{y}"));
    let mut times = Vec::new();
    for _ in 0..REPORTS {
        let before = ids(&agent, &url)?;
        let start = Instant::now();
        let fid = report(&agent, &served)?;
        let after = ids(&agent, &url)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        if before.contains(&fid) || !after.contains(&fid) || after.len() != before.len() + 1 {
            return Err(format!("the tile does not show incident {fid}"));
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(Measured { ours: times[times.len() / 2], peer: None, unit: Unit::Milliseconds })
}

fn report(agent: &ureq::Agent, served: &Served) -> Result<u64, String> {
    let (lon, lat) = super::CENTER;
    let feature = json!({
        "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon, lat] },
        "properties": { "category": "noise" },
    });
    let sent = agent
        .post(served.url("/api/collections/incidents/items"))
        .header("content-type", "application/geo+json")
        .send(feature.to_string());
    let bytes = sent.and_then(|mut a| a.body_mut().read_to_vec()).map_err(|e| format!("the report: {e}"))?;
    let told: Value = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
    told["id"].as_u64().ok_or_else(|| format!("no id in {told}"))
}

fn ids(agent: &ureq::Agent, url: &str) -> Result<Vec<u64>, String> {
    let bytes = agent.get(url).call().and_then(|mut a| a.body_mut().read_to_vec());
    let bytes = bytes.map_err(|e| format!("{url}: {e}"))?;
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let tile = fast_mvt::MvtReaderRef::new(&bytes).map_err(|e| e.to_string())?;
    Ok(tile.layers().flat_map(|l| l.features().filter_map(|f| f.id()).collect::<Vec<_>>()).collect())
}
