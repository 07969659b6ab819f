//! All features of one layer in a map.
//!
//! An import makes a layer anew. A feature that is written by itself makes another version of it, which shares
//! all other features and the index; the index does not know what changed since it was made, so that is gone
//! through one by one, until it is too much and the index is made again.

use super::{Cell, Drawing, Drawn, FeatureRow, Schema, Share, near, shares};
use crate::{
    Bounds, E7, Overlay, PieceId,
    boxes::Boxes,
    index::{Ground, PackedIndex},
    record::Fid,
};
use rayon::prelude::*;
use std::{
    ops::ControlFlow,
    sync::{Arc as Shared, OnceLock},
};

/// So many changes are gone through one by one in each query. Making the index again takes some 0.2 µs a feature
/// and is shared by so many changes.
const FRESH: usize = 256;

/// A layer of a department in a map. Number `i` of a feature is its place in the order of fids.
#[derive(Debug)]
pub struct Department {
    schema: &'static Schema,
    /// By fid.
    features: Vec<Shared<Feature>>,
    index: Shared<Index>,
    /// Fids, ascending, of what came, changed or went since the index was made.
    changed: Vec<Fid>,
    all: Bounds,
}

#[derive(Debug)]
struct Feature {
    row: FeatureRow,
    bounds: Bounds,
    /// The piece of the position that stands for it.
    piece: Option<PieceId>,
    /// Of lines and ground: worked out when first asked for.
    shares: OnceLock<Box<[Share]>>,
}

impl Feature {
    fn new(row: FeatureRow, overlay: &Overlay) -> Self {
        let piece = row.drawing.stands_at().and_then(|at| overlay.locate(at));
        Self { bounds: row.drawing.bounds(), piece, row, shares: OnceLock::new() }
    }
}

/// The features of some moment by place.
#[derive(Debug)]
struct Index {
    /// What each number in it stands for.
    fids: Vec<Fid>,
    tree: Tree,
}

#[derive(Debug)]
enum Tree {
    Points(PackedIndex),
    Boxes(Boxes),
}

impl Index {
    fn new(drawn: Drawn, features: &[Shared<Feature>]) -> Self {
        let bounds = features.iter().map(|f| f.bounds);
        let tree = if drawn == Drawn::Point {
            Tree::Points(PackedIndex::build(&bounds.map(|b| b.min).collect::<Vec<E7>>()))
        } else {
            Tree::Boxes(Boxes::new(bounds))
        };
        Self { fids: features.iter().map(|f| f.row.fid).collect(), tree }
    }
}

impl Department {
    /// A layer of rows in any order, placed on the ground of an overlay. Rows that do not fit the schema (a
    /// store refuses them) are left out.
    pub fn new(schema: &'static Schema, mut rows: Vec<FeatureRow>, overlay: &Overlay) -> Self {
        rows.retain(|r| fits(schema, r));
        if !rows.is_sorted_by_key(|r| r.fid) {
            rows.sort_by_key(|r| r.fid);
        }
        let features = rows.into_par_iter().map(|r| Shared::new(Feature::new(r, overlay))).collect();
        Self::of(schema, features)
    }

    fn of(schema: &'static Schema, features: Vec<Shared<Feature>>) -> Self {
        Self {
            schema,
            all: features.iter().fold(Bounds::EMPTY, |all, f| all.join(f.bounds)),
            index: Shared::new(Index::new(schema.drawn, &features)),
            changed: Vec::new(),
            features,
        }
    }

    /// This layer with one feature put in, replaced or (`None`) taken out; a row that does not fit the schema is
    /// left out. `overlay` must be that of the map which the layer is part of.
    #[must_use]
    pub fn with(&self, fid: Fid, row: Option<FeatureRow>, overlay: &Overlay) -> Self {
        let row = row.filter(|r| fits(self.schema, r));
        let mut features = self.features.clone();
        let mut all = self.all;
        let place = features.binary_search_by_key(&fid, |f| f.row.fid);
        match (place, row) {
            (Ok(i), None) => drop(features.remove(i)),
            (Err(_), None) => {}
            (place, Some(row)) => {
                let feature = Shared::new(Feature::new(FeatureRow { fid, ..row }, overlay));
                all = all.join(feature.bounds);
                match place {
                    Ok(i) => features[i] = feature,
                    Err(i) => features.insert(i, feature),
                }
            }
        }
        let mut changed = self.changed.clone();
        if let Err(i) = changed.binary_search(&fid) {
            changed.insert(i, fid);
        }
        if changed.len() > FRESH {
            return Self::of(self.schema, features);
        }
        Self { schema: self.schema, features, index: Shared::clone(&self.index), changed, all }
    }

    /// A layer of one feature of this one, as number 0: who keeps it keeps none of the others in memory.
    #[must_use]
    pub fn alone(&self, i: u32) -> Self {
        Self::of(self.schema, vec![Shared::clone(&self.features[i as usize])])
    }

    /// What the layer is.
    pub fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// A feature as the store keeps it.
    pub fn row(&self, i: u32) -> &FeatureRow {
        &self.features[i as usize].row
    }

    /// The fid of a feature.
    pub fn fid(&self, i: u32) -> Fid {
        self.row(i).fid
    }

    /// The feature with a fid.
    pub fn by_fid(&self, fid: Fid) -> Option<u32> {
        self.features.binary_search_by_key(&fid, |f| f.row.fid).ok().map(|i| i as u32)
    }

    /// The number of the first feature after a fid.
    pub(crate) fn number_after(&self, fid: Fid) -> u32 {
        self.features.partition_point(|f| f.row.fid <= fid) as u32
    }

    /// What stands in a column of a feature.
    pub fn cell(&self, i: u32, column: usize) -> &Cell {
        self.row(i).cells.get(column).unwrap_or(&Cell::Null)
    }

    /// Where a feature is.
    pub fn drawing(&self, i: u32) -> &Drawing {
        &self.row(i).drawing
    }

    /// The box around a feature.
    pub fn bounds_of(&self, i: u32) -> Bounds {
        self.features[i as usize].bounds
    }

    /// The piece of the position that stands for a feature; `None` outside both layers.
    pub fn piece(&self, i: u32) -> Option<PieceId> {
        self.features[i as usize].piece
    }

    /// Which parts of a line or of ground lie in which piece, the largest first; together they are 1, with what
    /// lies in none. Nothing for points. `overlay` must be that of the map which the layer is part of.
    pub fn shares(&self, overlay: &Overlay, i: u32) -> &[Share] {
        let feature = &self.features[i as usize];
        if self.schema.drawn == Drawn::Point {
            return &[];
        }
        feature.shares.get_or_init(|| shares::of(overlay, &feature.row.drawing).into_boxed_slice())
    }

    /// Features whose box shares at least a border point with a box, in no order.
    pub fn in_box(&self, bounds: &Bounds, mut f: impl FnMut(u32)) {
        let mut known = |i: u32| {
            if let Some(i) = self.unchanged(i) {
                f(i);
            }
        };
        match &self.index.tree {
            Tree::Points(index) => index.in_box(bounds, known),
            Tree::Boxes(boxes) => boxes.meeting(bounds).into_iter().for_each(&mut known),
        }
        self.fresh().filter(|&i| self.bounds_of(i).intersects(bounds)).for_each(f);
    }

    /// Calls `f` with every point on some ground until it breaks; of a layer of lines or polygons, with all whose box
    /// meets that of the ground. In no order.
    pub(crate) fn near_until<B>(
        &self,
        ground: &Ground,
        mut f: impl FnMut(u32) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut known = |i: u32| self.unchanged(i).map_or(ControlFlow::Continue(()), &mut f);
        let around = ground.around();
        match &self.index.tree {
            Tree::Points(index) => index.on_until(ground, known)?,
            Tree::Boxes(boxes) => boxes.meeting(&around).into_iter().try_for_each(&mut known)?,
        }
        let points = self.schema.drawn == Drawn::Point;
        let is_near = |i: &u32| {
            let bounds = self.bounds_of(*i);
            if points { ground.contains(bounds.min) } else { bounds.intersects(&around) }
        };
        self.fresh().filter(is_near).try_for_each(f)
    }

    /// The `k` features nearest to a position that `keep` accepts, nearest first, with their metres, until it breaks:
    /// of lines to their nearest part, and on ground 0.
    pub(crate) fn nearest_until<B>(
        &self,
        at: E7,
        k: usize,
        mut keep: impl FnMut(u32) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B, Vec<(u32, f64)>> {
        let index = match &self.index.tree {
            Tree::Points(index) => index,
            Tree::Boxes(_) => return near::nearest(self, at, k, keep),
        };
        let known = |i: u32| self.unchanged(i).map_or(ControlFlow::Continue(false), &mut keep);
        let known = index.nearest_until(at, k, known)?;
        let mut found: Vec<(u32, f64)> =
            known.into_iter().filter_map(|(i, metres)| Some((self.unchanged(i)?, metres))).collect();
        for i in self.fresh() {
            if keep(i)? {
                found.push((i, self.drawing(i).distance_m(at)));
            }
        }
        near::first(&mut found, k);
        ControlFlow::Continue(found)
    }

    /// The box around all features, at least.
    pub fn bounds(&self) -> Bounds {
        self.all
    }

    /// The number of what the index knows by a number of its own, unless there is a newer word on it.
    fn unchanged(&self, i: u32) -> Option<u32> {
        if self.changed.is_empty() {
            return Some(i);
        }
        let fid = self.index.fids[i as usize];
        if self.changed.binary_search(&fid).is_ok() { None } else { self.by_fid(fid) }
    }

    /// The numbers of what the index does not know as it is.
    fn fresh(&self) -> impl Iterator<Item = u32> {
        self.changed.iter().filter_map(|&fid| self.by_fid(fid))
    }
}

fn fits(schema: &Schema, row: &FeatureRow) -> bool {
    row.cells.len() == schema.columns.len() && row.drawing.drawn() == schema.drawn
}
