//! What changed since the last merge, under an R-tree that can change.

use super::{Fresh, Positioned, bulk::Bulk};
use crate::{E7, index::Ground, record::Fid};
use rstar::{AABB, RTree, primitives::GeomWithData};
use rustc_hash::FxHashMap;
use std::sync::Arc as Shared;

/// The place of a row. Doubles hold lattice units exactly.
type Spot = GeomWithData<[f64; 2], Fid>;

/// Changes over a bulk.
#[derive(Debug)]
pub(super) struct Recent<T> {
    /// The present word on each row that changed; `None` for rows that are gone.
    pub rows: FxHashMap<Fid, Option<Shared<T>>>,
    /// Their places.
    tree: RTree<Spot>,
    /// The places that they have in the bulk, which no longer count.
    gone: RTree<Spot>,
    /// Bit `i` if there is a newer word on row `i` of the bulk.
    hidden: Vec<u64>,
}

impl<T> Clone for Recent<T> {
    fn clone(&self) -> Self {
        Self {
            rows: self.rows.clone(),
            tree: self.tree.clone(),
            gone: self.gone.clone(),
            hidden: self.hidden.clone(),
        }
    }
}

impl<T: Positioned> Recent<T> {
    /// Nothing changed.
    pub fn new(bulk: &Bulk<T>) -> Self {
        Self {
            rows: FxHashMap::default(),
            tree: RTree::new(),
            gone: RTree::new(),
            hidden: vec![0; bulk.rows.len().div_ceil(64)],
        }
    }

    /// After further changes.
    pub fn with(&self, bulk: &Bulk<T>, changes: &Fresh<T>) -> Self {
        let mut next = self.clone();
        for (&fid, row) in changes {
            match next.rows.get(&fid) {
                Some(before) => {
                    if let Some(at) = before.as_ref().and_then(|r| r.at()) {
                        next.tree.remove(&spot(at, fid));
                    }
                }
                None => {
                    if let Some(i) = bulk.find(fid) {
                        next.hidden[i as usize / 64] |= 1 << (i % 64);
                        if let Some(at) = bulk.rows[i as usize].at() {
                            next.gone.insert(spot(at, fid));
                        }
                    }
                }
            }
            if let Some(at) = row.as_ref().and_then(|r| r.at()) {
                next.tree.insert(spot(at, fid));
            }
            // Also of a row that came and went: a merge that has begun may have seen it.
            next.rows.insert(fid, row.clone());
        }
        next
    }

    /// Whether there is a newer word on a row of the bulk.
    pub fn hides(&self, row: u32) -> bool {
        self.hidden[row as usize / 64] >> (row % 64) & 1 == 1
    }

    /// The changed rows on some ground.
    pub fn on<'a, 'g>(&'a self, ground: &'g Ground) -> impl Iterator<Item = &'a T> + use<'a, 'g, T> {
        spots_on(&self.tree, ground).filter_map(|s| self.rows.get(&s.data)?.as_deref())
    }

    /// How many rows there are on some ground more than in the bulk, or (negative) fewer.
    pub fn more_on(&self, ground: &Ground) -> i64 {
        spots_on(&self.tree, ground).count() as i64 - spots_on(&self.gone, ground).count() as i64
    }
}

fn spots_on<'a, 'g>(
    tree: &'a RTree<Spot>,
    ground: &'g Ground,
) -> impl Iterator<Item = &'a Spot> + use<'a, 'g> {
    let around = ground.around();
    // An envelope with swapped corners would find what it should not.
    let around = (!around.is_empty()).then(|| AABB::from_corners(place(around.min), place(around.max)));
    around.into_iter().flat_map(|a| tree.locate_in_envelope(a)).filter(move |s| {
        let [lon, lat] = *s.geom();
        ground.contains(E7::new(lon as i32, lat as i32))
    })
}

fn spot(at: E7, fid: Fid) -> Spot {
    Spot::new(place(at), fid)
}

fn place(at: E7) -> [f64; 2] {
    [f64::from(at.lon), f64::from(at.lat)]
}
