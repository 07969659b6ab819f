//! Random coverages with fewer vertices: still coverages, with every area, its parts and its holes.

use crate::cases::{Case, FAMILIES};
use gridbeat_onemap::{AreaId, E7, Layer, MultiPolygon, coverage::Generalised, record::Side};
use gridbeat_oracle::assert_coverages;
use std::collections::{BTreeMap, BTreeSet};

/// Seeds of each family: together 162 cases of two layers each.
const SEEDS: u64 = 22;

/// Metres. The tiny lattice is 2 m wide, the real one 40 km: each of these leaves something to do on one of
/// them, and the last on none.
const TOLERANCES: [f64; 4] = [0.3, 40.0, 3_000.0, 1e9];

#[test]
fn a_generalised_coverage_is_a_coverage() {
    let (mut judged, mut before, mut after) = (0, 0, [0; TOLERANCES.len()]);
    for family in &FAMILIES {
        for seed in 0..SEEDS.min(family.cases) {
            let case = family.case(seed);
            for (side, layer) in layers(&case) {
                let name = |t: f64| format!("{}, {} at {t} m", case.name, side.layer());
                let outlines = all(&layer, &layer.generalised(0.0));
                assert_eq!(
                    outlines,
                    layer.ids().map(|id| layer.outline(id)).collect::<Vec<_>>(),
                    "{}",
                    name(0.0)
                );
                before += vertices(&outlines);
                let thinned: Vec<(String, Vec<MultiPolygon>)> = TOLERANCES
                    .iter()
                    .enumerate()
                    .map(|(k, &t)| {
                        let generalised = layer.generalised(t);
                        keeps_what_it_must(&layer, &generalised, &name(t));
                        let thinned = all(&layer, &generalised);
                        after[k] += vertices(&thinned);
                        (name(t), thinned)
                    })
                    .collect();
                for (name, thinned) in &thinned {
                    for (old, new) in outlines.iter().zip(thinned) {
                        assert_eq!(shape(old), shape(new), "{name}: parts and holes of {old:?} and {new:?}");
                    }
                }
                let drawn = |all: &[MultiPolygon]| -> Vec<MultiPolygon> {
                    layer
                        .ids()
                        .filter(|&id| layer.area(id).drawn)
                        .map(|id| all[id.0 as usize].clone())
                        .collect()
                };
                judged += 1;
                let drawn: Vec<_> = thinned.iter().map(|(n, all)| (n.as_str(), drawn(all))).collect();
                assert_coverages(drawn.iter().map(|(n, areas)| (*n, areas.as_slice())));
            }
        }
    }
    assert!(judged >= 320, "{judged} layers");
    // It must have had something to do, and the coarser the more.
    assert!(after.windows(2).all(|w| w[1] < w[0]) && after[0] < before, "{before} vertices, then {after:?}");
    assert!(after[3] * 2 < before, "{before} vertices, then {after:?}");
}

fn layers(case: &Case) -> [(Side, Layer); 2] {
    [(Side::Grid, &case.grids), (Side::Beat, &case.beats)].map(|(s, rows)| (s, Layer::new(s, rows.clone())))
}

/// The outline of every area, parents included.
fn all(layer: &Layer, generalised: &Generalised<'_>) -> Vec<MultiPolygon> {
    layer.ids().map(|id| generalised.outline(id)).collect()
}

fn vertices(outlines: &[MultiPolygon]) -> usize {
    outlines.iter().flat_map(MultiPolygon::rings).map(Vec::len).sum()
}

/// How many holes each part has, sorted: which part begins first may change.
fn shape(ground: &MultiPolygon) -> Vec<usize> {
    let mut holes: Vec<usize> = ground.0.iter().map(|p| p.holes.len()).collect();
    holes.sort_unstable();
    holes
}

/// Vertices are the layer's own; junctions stay; the same areas lie beside each other.
fn keeps_what_it_must(layer: &Layer, generalised: &Generalised<'_>, name: &str) {
    let own: BTreeSet<E7> = layer.arcs().flat_map(|a| a.points).copied().collect();
    let kept: BTreeSet<E7> = generalised.arcs().flat_map(|a| a.points).copied().collect();
    assert!(kept.is_subset(&own), "{name}: a vertex was invented");
    // Where other than two lines meet.
    let mut ends: BTreeMap<E7, usize> = BTreeMap::new();
    for p in layer.arcs().flat_map(|a| [a.points.first(), a.points.last()]).flatten() {
        *ends.entry(*p).or_default() += 1;
    }
    let mut junctions = ends.iter().filter(|(_, n)| **n != 2).map(|(p, _)| p);
    assert!(junctions.all(|p| kept.contains(p)), "{name}: a junction went");
    type Two = (Option<AreaId>, Option<AreaId>);
    let two = |l: Option<AreaId>, r: Option<AreaId>| -> Two { (l.min(r), l.max(r)) };
    let beside: BTreeSet<Two> = layer.arcs().map(|a| two(a.left, a.right)).collect();
    let still: BTreeSet<Two> = generalised.arcs().map(|a| two(a.left, a.right)).collect();
    assert_eq!(beside, still, "{name}: neighbours");
}
