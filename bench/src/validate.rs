//! Is a layer a clean coverage? From its drawings to the findings.

use crate::{
    case::{Case, Measured, Unit, in_turn_timed},
    city::City,
    geos::Geos,
};
use gridbeat_onemap::{
    AreaId, MultiPolygon,
    coverage::{Drawing, FindingKind, Tolerance, validate_drawings},
};
use gridbeat_synth::Scale;

pub const CASES: &[Case] = &[Case { name: "validate/city", peer_name: "GEOS coverage_is_valid", run }];

fn run() -> Result<Measured, String> {
    let grids = City::new(Scale::City).grids;
    let areas: Vec<&MultiPolygon> = grids.iter().filter_map(|r| r.geometry.as_ref()).collect();
    let drawings: Vec<Drawing> =
        areas.iter().zip(0..).map(|(ground, i)| Drawing { id: AreaId(i), ground }).collect();
    let ours = || validate_drawings(&drawings, &Tolerance::default());
    let mut geos = Geos::new(&areas)?;
    // GEOS knows of overlaps and of edges that do not match, not of areas in several parts and the like.
    let known =
        [FindingKind::Overlap, FindingKind::SelfOverlap, FindingKind::Crossing, FindingKind::UnmatchedVertex];
    let faults = ours().iter().filter(|f| known.contains(&f.kind)).count();
    let valid = geos.run("valid")?.1 == 1;
    if valid != (faults == 0) {
        return Err(format!("{faults} faults, and GEOS says {valid}"));
    }
    let (ours, peer) = in_turn_timed(ours, || Ok(geos.run("valid")?.0))?;
    Ok(Measured { ours, peer: Some(peer), unit: Unit::Milliseconds })
}
