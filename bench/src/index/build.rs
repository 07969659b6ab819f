//! What an index costs before the first query.

use super::points::{at, entries, residents, some, tree};
use crate::{
    case::{Measured, Unit, in_turn},
    memory,
};
use gridbeat_onemap::{Bounds, E7, index::PackedIndex};
use rstar::{AABB, RTree};

pub fn time() -> Result<Measured, String> {
    let points = residents()?;
    let loaded = entries(points, at);
    same(points, &PackedIndex::build(points), &RTree::bulk_load(loaded.clone()))?;
    // The peer takes its input apart, so each run gets a copy made before. What is built is put
    // aside, so that its end does not count.
    let mut copies: Vec<_> = (0..5).map(|_| loaded.clone()).collect();
    let (mut indices, mut trees) = (Vec::new(), Vec::new());
    let ours = || indices.push(PackedIndex::build(points));
    let peer = || trees.extend(copies.pop().map(RTree::bulk_load));
    let (ours, peer) = in_turn(ours, peer);
    if trees.len() != indices.len() {
        return Err(format!("{} runs of ours, {} of the peer", indices.len(), trees.len()));
    }
    Ok(Measured { ours, peer: Some(peer), unit: Unit::Milliseconds })
}

/// Memory that the process holds with the index and without, over the number of points.
pub fn bytes() -> Result<Measured, String> {
    let points = residents()?;
    let each = |bytes: usize| bytes as f64 / points.len() as f64;
    let (tree, peer) = memory::held_by(|| tree(points));
    let (index, ours) = memory::held_by(|| PackedIndex::build(points));
    same(points, &index, &tree)?;
    Ok(Measured { ours: each(ours), peer: Some(each(peer)), unit: Unit::BytesEach })
}

/// Whether both find the same in some windows.
fn same(points: &[E7], index: &PackedIndex, tree: &RTree<super::points::Entry>) -> Result<(), String> {
    for p in some(points, 200) {
        let window = Bounds {
            min: E7::new(p.lon - 10_000, p.lat - 10_000),
            max: E7::new(p.lon + 10_000, p.lat + 10_000),
        };
        let mut ours = Vec::new();
        index.in_box(&window, |id| ours.push(id));
        let corners = AABB::from_corners(at(window.min), at(window.max));
        let mut peers: Vec<u32> = tree.locate_in_envelope(corners).map(|e| e.data).collect();
        ours.sort_unstable();
        peers.sort_unstable();
        if ours != peers {
            return Err(format!("{} and {} points around {p:?}", ours.len(), peers.len()));
        }
    }
    Ok(())
}
