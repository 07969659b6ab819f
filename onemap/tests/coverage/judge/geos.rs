//! What GEOS must say of a case.

use super::{Built, drawn, grounds, tiling, vertices};
use crate::cases;
use gridbeat_onemap::{AreaId, MultiPolygon};
use gridbeat_oracle::{Ground, Verdict, intersections, judge as ask};
use std::collections::BTreeMap;

/// What was drawn in the cases of a batch, as GEOS sees it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drawings {
    /// Layers drawn as valid coverages; they came back edge for edge.
    pub valid: usize,
    /// Others: with T-junctions, overlaps, broken rings.
    pub dirty: usize,
}

/// Asks GEOS about some cases at once.
pub fn judge(batch: &[Built]) -> Drawings {
    let mut grounds_of = Vec::new();
    for built in batch {
        for areas in [grounds(&built.grids), grounds(&built.beats), built.pieces()] {
            grounds_of.extend([Ground::on_lattice(&areas), Ground::in_degrees(&areas)]);
        }
        for rows in [&built.case.grids, &built.case.beats] {
            // What has no ring of three vertices GEOS cannot hold, let alone judge.
            let rings = cases::drawn(rows).flat_map(MultiPolygon::rings).map(Vec::len);
            let empty = rings.min().is_none_or(|shortest| shortest < 3);
            let drawings =
                if empty { Ground::on_lattice([]) } else { Ground::on_lattice(cases::drawn(rows)) };
            grounds_of.push(drawings);
        }
    }
    let verdicts = ask(&grounds_of);
    let mut drawings = Drawings::default();
    for (built, verdicts) in batch.iter().zip(verdicts.chunks_exact(8)) {
        let derived =
            ["grids", "grids in degrees", "beats", "beats in degrees", "pieces", "pieces in degrees"];
        for (what, verdict) in derived.iter().zip(verdicts) {
            verdict.assert_coverage(&format!("{}: {what}", built.case.name));
        }
        same_area(&built.case.name, &built.pieces(), &verdicts[4]);
        for ((layer, rows), verdict) in
            built.layers().into_iter().zip([&built.case.grids, &built.case.beats]).zip(&verdicts[6..])
        {
            if verdict.coverage && verdict.invalid == 0 && verdict.sum > 0.0 {
                vertices::check_drawing(&built.case.name, layer, rows);
                drawings.valid += 1;
            } else {
                drawings.dirty += 1;
            }
        }
    }
    pairs(batch);
    drawings
}

/// Our integer area of all ground is the union's area.
fn same_area(name: &str, areas: &[MultiPolygon], verdict: &Verdict) {
    let ours = areas.iter().map(MultiPolygon::area2).sum::<i128>() as f64 / 2.0;
    assert!(
        (ours - verdict.union).abs() <= 1e-9 * ours,
        "{name}: {ours} square units, GEOS has {}",
        verdict.union
    );
}

/// Every pair of a grid and a beat has the area that GEOS finds for the two, but for bent edges.
fn pairs(batch: &[Built]) {
    let layers: Vec<[Ground; 2]> =
        batch.iter().map(|b| b.layers().map(|layer| Ground::on_lattice(&grounds(layer)))).collect();
    for (built, told) in batch.iter().zip(intersections(&layers)) {
        let ids = built.layers().map(|layer| drawn(layer).collect::<Vec<AreaId>>());
        let theirs = told.into_iter().map(|(g, b, area)| ((ids[0][g], ids[1][b]), area));
        let mut areas: BTreeMap<(AreaId, AreaId), (f64, f64)> =
            theirs.map(|(k, area)| (k, (0.0, area))).collect();
        for (i, piece) in built.overlay.pieces().iter().enumerate() {
            if let (Some(g), Some(b)) = (piece.grid, piece.beat) {
                let ground = built.overlay.outline(gridbeat_onemap::PieceId(i as u32));
                areas.entry((g, b)).or_default().0 = ground.area2() as f64 / 2.0;
            }
        }
        let kept = tiling::kept(&built.overlay);
        let bent = [0, 1].map(|k| {
            let layer = built.layers()[k];
            ids[k].iter().map(|&id| (id, tiling::bent(layer, id, &kept))).collect::<BTreeMap<_, _>>()
        });
        for ((g, b), (ours, theirs)) in areas {
            // GEOS computes crossings in doubles: exact to a few parts in 10^15 of a coordinate.
            let most = bent[0][&g] + bent[1][&b] + 1e-9 * theirs + 1e-6;
            assert!(
                (ours - theirs).abs() <= most,
                "{}: {} and {}: {ours} square units, GEOS has {theirs}; {most} explained",
                built.case.name,
                built.grids.area(g).code,
                built.beats.area(b).code
            );
        }
    }
}
