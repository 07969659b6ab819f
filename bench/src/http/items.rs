//! A page of 100 addresses in a box, out of 2.9 million.

use super::get;
use crate::{
    case::{Measured, Unit, in_turn_timed},
    peers::tipg,
    served::{Served, demo_dir, gridbeat},
};
use gridbeat_e2e::postgres::Postgres;
use gridbeat_synth::Scale;
use serde_json::Value;
use std::{collections::BTreeSet, time::Instant};

/// Requests of one run.
const REQUESTS: usize = 200;
/// Half the side of a box in degrees: some thousand addresses in a dense quarter.
const HALF: f64 = 0.01;

pub fn run() -> Result<Measured, String> {
    let ours = Served::demo(Scale::City)?;
    let postgres = Postgres::start();
    let database = postgres.database("city");
    let addresses = demo_dir().join("city/files/address.csv");
    let addresses = addresses.to_string_lossy();
    let imported = gridbeat(&["import", "--store", &database, "--layer", "address", &addresses])?.status();
    if !imported.is_ok_and(|s| s.success()) {
        return Err("the addresses were not imported into PostGIS".to_owned());
    }
    postgres.psql("city", "VACUUM ANALYZE addresses");
    let tipg = tipg::start(&database)?;
    let agent = ureq::agent();
    let boxes = boxes(&agent, &ours)?;
    let ours_at =
        |b: &str, limit: usize| ours.url(&format!("/api/collections/addresses/items?bbox={b}&limit={limit}"));
    let peer_at = |b: &str, limit: usize| {
        tipg.url(&format!("/collections/public.addresses/items?bbox={b}&limit={limit}&f=geojson"))
    };
    // Which hundred come first is up to the server; all of them are the same.
    // A part of each box, since a page has ten thousand at most.
    for b in boxes[..5].iter().filter_map(|b| middle(b)) {
        let codes = |url: String| -> Result<(u64, BTreeSet<String>), String> {
            let page: Value = get(&agent, &url)?;
            let features = page["features"].as_array().cloned().unwrap_or_default();
            let code = |f: &Value| f["properties"]["code"].as_str().unwrap_or_default().to_owned();
            Ok((page["numberMatched"].as_u64().unwrap_or(0), features.iter().map(code).collect()))
        };
        let (ours, peers) = (codes(ours_at(&b, 10_000))?, codes(peer_at(&b, 10_000))?);
        if ours.0 == 0 || ours.0 > 10_000 || ours != peers {
            return Err(format!("{} and {} addresses in {b}", ours.0, peers.0));
        }
    }
    let time = |at: &dyn Fn(&str, usize) -> String| -> Result<f64, String> {
        let start = Instant::now();
        for i in 0..REQUESTS {
            let url = at(&boxes[i % boxes.len()], 100);
            let body = agent.get(&url).call().map_err(|e| format!("{url}: {e}"))?;
            let length = body.into_body().read_to_vec().map_err(|e| format!("{url}: {e}"))?.len();
            if length < 1000 {
                return Err(format!("{url}: {length} bytes"));
            }
        }
        Ok(start.elapsed().as_secs_f64() * 1e3)
    };
    let mut failed = None;
    let one = || {
        if let Err(error) = time(&ours_at) {
            failed = Some(error);
        }
    };
    let (mine, theirs) = in_turn_timed(one, || time(&peer_at))?;
    if let Some(error) = failed {
        return Err(error);
    }
    let rate = |ms: f64| REQUESTS as f64 / ms * 1e3;
    Ok(Measured { ours: rate(mine), peer: Some(rate(theirs)), unit: Unit::PerSecond })
}

/// Boxes around some of the addresses.
fn boxes(agent: &ureq::Agent, ours: &Served) -> Result<Vec<String>, String> {
    let page = get(agent, &ours.url("/api/collections/addresses/items?limit=10000&sortby=-residents"))?;
    let features = page["features"].as_array().cloned().unwrap_or_default();
    let boxes: Vec<String> = features
        .iter()
        .step_by(200)
        .filter_map(|f| {
            let at = &f["geometry"]["coordinates"];
            let (lon, lat) = (at[0].as_f64()?, at[1].as_f64()?);
            Some(format!("{:.6},{:.6},{:.6},{:.6}", lon - HALF, lat - HALF, lon + HALF, lat + HALF))
        })
        .collect();
    if boxes.len() < 5 { Err(format!("{} boxes", boxes.len())) } else { Ok(boxes) }
}

/// The middle sixteenth of a box.
fn middle(text: &str) -> Option<String> {
    let all: Vec<f64> = text.split(',').filter_map(|n| n.parse().ok()).collect();
    let &[west, south, east, north] = all.as_slice() else { return None };
    let (x, y) = ((west + east) / 2.0, (south + north) / 2.0);
    let (dx, dy) = ((east - west) / 8.0, (north - south) / 8.0);
    Some(format!("{:.6},{:.6},{:.6},{:.6}", x - dx, y - dy, x + dx, y + dy))
}
