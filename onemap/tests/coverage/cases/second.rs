//! A second drawing of the same ground, by another office.

use super::Random;
use gridbeat_onemap::{E7, MultiPolygon};
use std::collections::HashMap;

/// How the second office came to its vertices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// Every vertex moved by 0 to 3 units, the same for all areas that have it: still a coverage, nearly.
    Together,
    /// Every area copied by itself: no coverage any more.
    OneByOne,
}

/// Moves every vertex by up to 3 units each way.
pub fn copied(random: &mut Random, areas: &[MultiPolygon], how: Copied) -> Vec<MultiPolygon> {
    let mut moved: HashMap<E7, E7> = HashMap::new();
    let mut areas = areas.to_vec();
    for area in &mut areas {
        if how == Copied::OneByOne {
            moved.clear();
        }
        for p in
            area.0.iter_mut().flat_map(|p| std::iter::once(&mut p.exterior).chain(&mut p.holes)).flatten()
        {
            *p = *moved.entry(*p).or_insert_with(|| random.near(*p, 3));
        }
    }
    areas
}
