//! Overlays of real layers against GEOS, pair by pair: Seattle, Providence, and Dutch zones over plots.
//!
//! Where a layer claims ground twice, Gridbeat answers with the area whose code comes first; GEOS is asked for
//! the same, and what the rule changes is accounted for.

use gridbeat_e2e::{Gridbeat, oracle, pieces::Pieces, shared};
use serde_json::Value;
use std::collections::BTreeMap;

/// Two layers and what is known of them.
struct Reference {
    grids: (&'static str, &'static str),
    beats: (&'static str, &'static str),
    /// For the count that the reference states: in this system, of the drawings as they stand.
    projected: Option<&'static str>,
}

/// What GEOS says of a pair, in square metres and metres.
struct Told {
    /// With disputed ground at the first code.
    ruled: f64,
    /// Of the drawings as they stand.
    raw: f64,
    outline: f64,
}

/// 0.1 % and 1 m²: ours are rounded to the lattice, theirs are not.
fn close(ours: f64, theirs: f64) -> bool {
    (ours - theirs).abs() <= theirs * 1e-3 + 1.0
}

/// Imports both layers and overlays them, and asks GEOS.
fn overlaid(reference: &Reference) -> Option<(Pieces, Value)> {
    let grids = shared::data(reference.grids.0)?;
    let beats = shared::data(reference.beats.0)?;
    let g = Gridbeat::new();
    for (layer, path, code) in [("grid", &grids, reference.grids.1), ("beat", &beats, reference.beats.1)] {
        g.import(layer, path, &["--map", &format!("code={code}")]).ok();
    }
    let path = |p: &std::path::Path| p.to_str().expect("test files have plain names").to_owned();
    let (grids, beats) = (path(&grids), path(&beats));
    let mut args = vec![&*grids, reference.grids.1, &*beats, reference.beats.1];
    args.extend(reference.projected);
    Some((g.overlay(), oracle::ask("claims.py", &args)))
}

/// Every pair is as large as GEOS has it by the rule, but for slivers that the lattice explains: each of two
/// lines moves by up to half a unit (5.6 mm), so ground changes by that times its outline. The sum agrees to
/// 0.1 %. Returns what GEOS told of each pair.
#[track_caller]
fn agrees(ours: &Pieces, told: &Value) -> BTreeMap<(String, String), Told> {
    let told: BTreeMap<(String, String), Told> = told["pairs"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, pair)| {
            let (grid, beat) = name.split_once('~').expect("no code has a tilde");
            let number = |key: &str| pair[key].as_f64().unwrap();
            let told = Told { ruled: number("ruled"), raw: number("raw"), outline: number("outline") };
            ((grid.to_owned(), beat.to_owned()), told)
        })
        .collect();
    for (pair, area) in ours.pairs() {
        assert!(
            area <= 2.0 || told.contains_key(pair),
            "{pair:?} has {area} m² here and does not meet there"
        );
    }
    let mut sum = 0.0;
    for (pair, told) in &told {
        let area = ours.0.get(pair).copied().unwrap_or(0.0);
        sum += told.ruled;
        assert!(
            close(area, told.ruled)
                || (area - told.ruled).abs() <= told.ruled * 1e-3 + 1.0 + told.outline * 0.0056,
            "{pair:?}: {area} m², GEOS has {} with an outline of {} m",
            told.ruled,
            told.outline
        );
    }
    assert!((ours.total() / sum - 1.0).abs() < 1e-3, "{} m² in all pairs, GEOS has {sum}", ours.total());
    told
}

#[test]
fn seattle_beats_and_micro_communities() {
    let Some((ours, told)) = overlaid(&Reference {
        grids: ("seattle/spd-mcpp-areas.geojson", "NAME"),
        beats: ("seattle/spd-beats.geojson", "name"),
        projected: Some("EPSG:32610"),
    }) else {
        return;
    };
    // As the reference states it.
    assert_eq!(told["projected"]["pairs"], 142);
    assert!((told["projected"]["km2"].as_f64().unwrap() - 245.3992).abs() < 1e-4);
    let pairs = agrees(&ours, &told);
    // Neither layer claims ground twice, so the rule changes nothing.
    assert_eq!(told["disputed"], serde_json::json!([0.0, 0.0]));
    assert!(pairs.values().all(|p| p.ruled == p.raw));
    assert_eq!(ours.pairs().filter(|(_, area)| *area > 1.0).count(), 142);
    assert!((ours.total() / 245.3992e6 - 1.0).abs() < 1e-3, "{} m²", ours.total());
}

#[test]
fn providence_precincts_and_blocks() {
    let Some((ours, told)) = overlaid(&Reference {
        grids: ("providence/maup_blocks.zip", "GEOID10"),
        beats: ("providence/maup_precincts.zip", "NAME"),
        projected: Some("EPSG:26919"),
    }) else {
        return;
    };
    assert_eq!(told["projected"]["pairs"], 2744);
    let pairs = agrees(&ours, &told);
    // The precincts overlap: in slivers that come to 3.95 m² in all.
    let disputed = told["disputed"][1].as_f64().unwrap();
    assert!((3.9..4.0).contains(&disputed), "{disputed} m² of the precincts are claimed twice");
    // What the rule takes away, pair by pair; the greatest part of it in one.
    let taken: f64 = pairs.values().map(|p| p.raw - p.ruled).sum();
    assert!((taken - disputed).abs() < 0.1, "{taken} m² of pairs go to another precinct, of {disputed}");
    let changed: Vec<(&str, &str, f64, f64)> = pairs
        .iter()
        .filter(|(_, p)| p.raw - p.ruled > 0.05)
        .map(|((g, b), p)| (&**g, &**b, (p.raw * 100.0).round() / 100.0, (p.ruled * 100.0).round() / 100.0))
        .collect();
    assert_eq!(changed, PROVIDENCE);
    // So 2,743 pairs over 1 m² are left of 2,744.
    assert_eq!(ours.pairs().filter(|(_, area)| *area > 1.0).count(), 2743);
}

/// Block, precinct, square metres that the two drawings have in common, and by the rule. Precinct 2879 runs
/// over its neighbours 2827 and 2832 along a row of four blocks, by centimetres. Their codes come before its
/// own, so it has nothing of these blocks.
const PROVIDENCE: [(&str, &str, f64, f64); 4] = [
    ("440070005003007", "2879", 0.53, 0.0),
    ("440070005003009", "2879", 0.63, 0.0),
    ("440070005003014", "2879", 1.81, 0.0),
    ("440070005003015", "2879", 0.99, 0.0),
];

#[test]
fn dutch_zones_and_plots() {
    let Some((ours, told)) = overlaid(&Reference {
        grids: ("topology/nl/nl_zones.wkt", "#"),
        beats: ("topology/nl/nl_plots.wkt", "#"),
        projected: None,
    }) else {
        return;
    };
    let pairs = agrees(&ours, &told);
    assert_eq!(pairs.values().filter(|p| p.raw > 1.0).count(), 863);
    // Zone 89 crosses itself at (5.54100778, 52.32961078): two parts that touch there. It is imported so.
    assert!(ours.0.keys().any(|(zone, _)| zone == "89"), "zone 89 is there");
    // The zones are no coverage: 74,946 m² are claimed by two of them or more, so a third of the pairs is
    // smaller than the two drawings have in common; those of the first code keep all.
    let disputed = told["disputed"][0].as_f64().unwrap();
    assert!((disputed - 74_946.0).abs() < 1.0, "{disputed} m² of the zones are claimed twice");
    assert_eq!(told["disputed"][1], 0.0, "the plots are a coverage");
    let changed = pairs.values().filter(|p| !close(p.ruled, p.raw)).count();
    assert_eq!(changed, 329);
    assert!(pairs.values().all(|p| p.ruled <= p.raw + 1e-3));
}
