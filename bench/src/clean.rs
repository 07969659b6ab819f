//! A city whose borders do not quite fit any more, mended.

use crate::{
    case::{Case, Measured, Unit, in_turn_timed},
    city::City,
    geos::Geos,
};
use gridbeat_onemap::{
    AreaId, E7, MultiPolygon, Polygon,
    coverage::{
        clean::{Options, Prefer, clean},
        {Drawing, FindingKind, Tolerance, validate_drawings},
    },
    record::AreaRow,
};
use gridbeat_synth::Scale;

pub const CASES: &[Case] = &[Case { name: "clean/jitter", peer_name: "GEOS coverage_clean", run }];

/// Metres that are mended.
const TOLERANCE_M: f64 = 1.0;

fn run() -> Result<Measured, String> {
    let mut grids: Vec<AreaRow> =
        City::new(Scale::City).grids.into_iter().filter(|r| r.geometry.is_some()).collect();
    let moved = jitter(&mut grids);
    let options = Options { tolerance_m: TOLERANCE_M, prefer: Prefer::LongestBorder };
    let ours = || clean(&grids, &options);
    let areas: Vec<&MultiPolygon> = grids.iter().filter_map(|r| r.geometry.as_ref()).collect();
    let mut geos = Geos::new(&areas)?;
    if geos.run("valid")?.1 == 1 {
        return Err(format!("nothing: {moved} edges moved, and GEOS finds no fault"));
    }
    // GEOS snaps in the units of the coordinates: a metre is 90 of latitude.
    let ask = format!("clean {}", TOLERANCE_M * 90.0);
    let valid = geos.run(&ask)?.1 == 1;
    let mut after: Vec<MultiPolygon> = areas.iter().map(|g| (*g).clone()).collect();
    for (fid, ground) in ours().changed {
        if let Some(i) = grids.iter().position(|r| r.fid == fid) {
            after[i] = ground;
        }
    }
    let drawings: Vec<Drawing> =
        after.iter().zip(0..).map(|(ground, i)| Drawing { id: AreaId(i), ground }).collect();
    let faults = validate_drawings(&drawings, &Tolerance::default());
    let overlaps = faults.iter().filter(|f| f.kind == FindingKind::Overlap).count();
    if !valid || overlaps > 0 {
        return Err(format!("{overlaps} overlaps are left, and GEOS says {valid} of its own"));
    }
    let (ours, peer) = in_turn_timed(ours, || Ok(geos.run(&ask)?.0))?;
    Ok(Measured { ours, peer: Some(peer), unit: Unit::Milliseconds })
}

/// Moves one edge in a hundred by half a metre in one of the two areas that share it; returns how many.
fn jitter(rows: &mut [AreaRow]) -> usize {
    let (mut n, mut moved) = (0_usize, 0);
    let polygons =
        rows.iter_mut().filter_map(|r| r.geometry.as_mut()).flat_map(|g: &mut MultiPolygon| &mut g.0);
    for Polygon { exterior, .. } in polygons {
        for i in 0..exterior.len() {
            n += 1;
            if n.is_multiple_of(200) {
                // Half a metre: 45 units of latitude, 53 of longitude at 31.5° north.
                let next = (i + 1) % exterior.len();
                for k in [i, next] {
                    exterior[k] = E7::new(exterior[k].lon + 37, exterior[k].lat + 32);
                }
                moved += 1;
            }
        }
    }
    moved
}
