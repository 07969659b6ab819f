//! The tests: every family of cases, and that they are as many and as hard as they should be.

use crate::{
    cases::{FAMILIES, Family, all, drawn},
    hard::{Hard, WANTED, found},
    judge::{Built, judge},
};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// So many cases go to the oracle at once.
const BATCH: usize = 32;

/// Builds, checks and judges the cases of some families; at least `valid` of their layers must have been
/// drawn as valid coverages.
fn hold(families: &[&str], valid: usize) {
    let families: Vec<&Family> = FAMILIES.iter().filter(|f| families.contains(&f.name)).collect();
    let seeds: Vec<(&Family, u64)> = families.iter().flat_map(|f| (0..f.cases).map(|s| (*f, s))).collect();
    let mut drawn_valid = 0;
    for batch in seeds.chunks(BATCH) {
        let built: Vec<Built> = batch
            .par_iter()
            .map(|(family, seed)| {
                let built = Built::new(family.case(*seed));
                built.check();
                built
            })
            .collect();
        let drawings = judge(&built);
        drawn_valid += drawings.valid;
    }
    eprintln!("{drawn_valid} of {} layers were drawn as valid coverages", 2 * seeds.len());
    assert!(
        drawn_valid >= valid,
        "only {drawn_valid} of {} layers were drawn as valid coverages",
        2 * seeds.len()
    );
}

#[test]
fn rasters() {
    hold(&["rasters"], 520);
}

#[test]
fn near_coincident_layers() {
    hold(&["near-coincident"], 400);
}

#[test]
fn unmatched_vertices() {
    hold(&["unmatched"], 0);
}

#[test]
fn coarser_layers() {
    hold(&["coarser"], 0);
}

#[test]
fn slanted_cuts() {
    hold(&["cuts"], 280);
}

#[test]
fn rounded_cuts() {
    hold(&["rounded-cuts"], 200);
}

#[test]
fn areas_drawn_without_regard_for_each_other() {
    hold(&["chaos"], 200);
}

#[test]
fn rings_of_twenty_thousand_vertices() {
    hold(&["long-rings"], 10);
}

/// The cases are 2,000 and more, of 50 grids and more, and each hard case occurs in 200 and more of them.
#[test]
fn the_cases_are_many_and_hard() {
    let cases: Vec<_> = all().collect();
    assert!(cases.len() >= 2_000);
    let all: Vec<Vec<Hard>> = cases
        .par_iter()
        .map(|(family, seed)| {
            let case = family.case(*seed);
            let areas = drawn(&case.grids).count();
            assert!(areas >= 50, "{}: {areas} grids", case.name);
            let built = Built::new(case);
            found(&built.case, built.layers()).into_iter().collect()
        })
        .collect();
    let mut counts: BTreeMap<Hard, usize> = BTreeMap::new();
    for hard in all.into_iter().flatten() {
        *counts.entry(hard).or_default() += 1;
    }
    eprintln!("{} cases: {counts:?}", cases.len());
    for (hard, least) in WANTED {
        let count = counts.get(&hard).copied().unwrap_or(0);
        assert!(count >= least, "{hard:?} occurs in {count} cases only");
    }
}
