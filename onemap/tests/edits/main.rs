//! A city edited ten thousand times: after every edit the neighbourhood is what it would be if it were built
//! alone, and time and again the whole is what it would be if it were built anew, and a coverage to GEOS.
//!
//! - [`city`]: the city, and its rows as they stand.
//! - [`edit`]: what a planner does: a vertex moved, areas swapped, split, merged.
//! - [`compare`]: what must be equal.

#![allow(clippy::panic)]

mod city;
mod compare;
mod edit;

use city::Town;
use edit::{Dice, Kind};
use gridbeat_onemap::{Layer, Overlay, overlay::Edited, record::Side};
use std::{
    collections::BTreeMap,
    sync::Arc,
    thread::{self, JoinHandle},
};

const EDITS: usize = 10_000;
const JUDGE_EVERY: usize = 200;

#[test]
fn editing_is_building_anew() {
    let mut town = Town::new();
    let mut layers = [Side::Grid, Side::Beat].map(|side| Arc::new(Layer::new(side, town.rows(side))));
    let mut overlay = Arc::new(Overlay::new(&layers[0], &layers[1]));
    let mut dice = Dice(20_261_121);
    let mut done: BTreeMap<Kind, usize> = BTreeMap::new();
    // What is immutable can be judged while editing goes on.
    let mut judging: Option<JoinHandle<()>> = None;
    for n in 1..=EDITS {
        let side = if dice.below(3) == 0 { Side::Beat } else { Side::Grid };
        let before = &layers[side as usize];
        let (kind, changes) = edit::any(&mut dice, before, &town);
        *done.entry(kind).or_default() += 1;
        town.apply(side, &changes);
        let (now, change) = before.with(changes);
        let next = {
            let still = |layer| Edited { before: layer, now: layer, change: None };
            let edited = Edited { before, now: &now, change: Some(&change) };
            match side {
                Side::Grid => overlay.with(edited, still(&layers[1])),
                Side::Beat => overlay.with(still(&layers[0]), edited),
            }
        };
        layers[side as usize] = Arc::new(now);
        overlay = Arc::new(next);
        compare::neighbourhood(&layers, &overlay, side, &change, &town);
        if n.is_multiple_of(JUDGE_EVERY) || n == EDITS {
            if let Some(before) = judging.take() {
                join(before);
            }
            let rows = [Side::Grid, Side::Beat].map(|side| town.rows(side));
            let (layers, overlay) = (layers.clone(), Arc::clone(&overlay));
            judging = Some(thread::spawn(move || compare::whole(&layers, &overlay, rows, n == EDITS)));
        }
    }
    judging.into_iter().for_each(join);
    assert!(done.len() == 4 && done.values().all(|&n| n > EDITS / 20), "every kind of edit occurs: {done:?}");
}

/// Waits for a judgement, and fails as it failed.
fn join(judging: JoinHandle<()>) {
    if let Err(failure) = judging.join() {
        std::panic::resume_unwind(failure);
    }
}
