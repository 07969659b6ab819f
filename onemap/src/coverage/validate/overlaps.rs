//! Ground that is claimed more than once, and by whom.

use super::{
    Drawing,
    edges::Edges,
    faces::{Tag, ground_by},
};
use crate::{Bounds, MultiPolygon, Polygon, boxes::Boxes};
use std::collections::BTreeMap;

/// Which drawings come near ground that is claimed more than once: all its claimants are among them.
pub(super) fn concerned(drawings: &[Drawing<'_>], twice: &MultiPolygon) -> Vec<Tag> {
    if twice.is_empty() {
        return Vec::new();
    }
    let boxes = Boxes::new(twice.0.iter().map(|p| Bounds::of(&p.exterior)));
    let near = |d: &Drawing<'_>| !boxes.meeting(&d.ground.bounds()).is_empty();
    (0..).zip(drawings).filter(|(_, d)| near(d)).map(|(tag, _)| tag).collect()
}

/// The disputed ground among some drawings: its claimants (one, where parts of one drawing lie over
/// each other), and each connected piece of it by itself.
pub(super) fn overlaps(edges: &Edges, concerned: &[Tag]) -> Vec<(Vec<Tag>, Polygon)> {
    let all = concerned.iter().flat_map(|&tag| edges.of(tag)).map(|(e, _)| e).collect();
    let mut claims: BTreeMap<Vec<Tag>, u32> = BTreeMap::new();
    let mut grounds = ground_by(all, |label| {
        let mut claimants = label.iter().filter(|(_, w)| *w > 0);
        if claimants.clone().map(|(_, w)| w).sum::<i32>() < 2 {
            return None;
        }
        let n = claims.len() as u32;
        Some(*claims.entry(claimants.by_ref().map(|(t, _)| *t).collect()).or_insert(n))
    });
    let of = |(claimants, n): (Vec<Tag>, u32)| {
        grounds.remove(&n).unwrap_or_default().0.into_iter().map(move |p| (claimants.clone(), p))
    };
    claims.into_iter().flat_map(of).collect()
}
