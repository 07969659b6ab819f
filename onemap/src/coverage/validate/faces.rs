//! The one way from here into the arrangement: ground by what its label says.

use crate::{
    MultiPolygon,
    arrangement::{Arrangement, Edge, Tag, UNBOUNDED},
    coverage::outlines,
};
use std::{borrow::Cow, collections::BTreeMap};

/// Lays the edges of closed rings over each other and collects the ground of every group. `group` is
/// asked once for each face, with its label (tags with their winding ≠ 0, by tag; empty for a face
/// that nothing winds around but that edges enclose) and says to which group it belongs. It is not
/// asked about the face outside everything.
pub(super) fn ground_by<K: Copy + Ord>(
    edges: Vec<Edge>,
    mut group: impl FnMut(&[(Tag, i32)]) -> Option<K>,
) -> BTreeMap<K, MultiPolygon> {
    if edges.is_empty() {
        return BTreeMap::new();
    }
    let all = Arrangement::build(edges);
    let groups: Vec<Option<K>> =
        (0..all.faces()).map(|f| if f == UNBOUNDED { None } else { group(all.label(f)) }).collect();
    if groups.iter().all(Option::is_none) {
        return BTreeMap::new();
    }
    let of = |face: u32| groups[face as usize];
    outlines(all.chains().iter().map(|c| (Cow::Borrowed(all.points(c)), of(c.left), of(c.right))))
}
