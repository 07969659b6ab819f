//! All features of one layer in a map.

use super::{Cell, Drawing, Drawn, FeatureRow, Schema, Share, near, shares};
use crate::{
    Bounds, E7, Overlay, PieceId,
    boxes::Boxes,
    index::{Ground, PackedIndex},
    record::Fid,
};
use rayon::prelude::*;
use std::{ops::ControlFlow, sync::OnceLock};

/// A layer of a department in a map. Number `i` of a feature is its place in the order of fids.
#[derive(Debug)]
pub struct Department {
    schema: &'static Schema,
    fids: Vec<Fid>,
    /// Row after row, each as wide as the schema.
    cells: Vec<Cell>,
    drawings: Vec<Drawing>,
    bounds: Vec<Bounds>,
    /// The piece of the position that stands for each.
    pieces: Vec<Option<PieceId>>,
    /// Of lines and ground: worked out when first asked for.
    shares: Vec<OnceLock<Box<[Share]>>>,
    index: Index,
    all: Bounds,
}

/// Features by place.
#[derive(Debug)]
enum Index {
    Points(PackedIndex),
    Boxes(Boxes),
}

impl Department {
    /// A layer of rows in any order, placed on the ground of an overlay. Rows that do not fit the schema (a
    /// store refuses them) are left out.
    pub fn new(schema: &'static Schema, mut rows: Vec<FeatureRow>, overlay: &Overlay) -> Self {
        let width = schema.columns.len();
        rows.retain(|r| r.cells.len() == width && r.drawing.drawn() == schema.drawn);
        if !rows.is_sorted_by_key(|r| r.fid) {
            rows.sort_by_key(|r| r.fid);
        }
        let pieces = rows.par_iter().map(|r| overlay.locate(r.drawing.stands_at()?)).collect();
        let bounds: Vec<Bounds> = rows.par_iter().map(|r| r.drawing.bounds()).collect();
        let index = if schema.drawn == Drawn::Point {
            let at: Vec<E7> = bounds.iter().map(|b| b.min).collect();
            Index::Points(PackedIndex::build(&at))
        } else {
            Index::Boxes(Boxes::new(bounds.iter().copied()))
        };
        let mut fids = Vec::with_capacity(rows.len());
        let mut cells = Vec::with_capacity(rows.len() * width);
        let mut drawings = Vec::with_capacity(rows.len());
        for row in rows {
            fids.push(row.fid);
            cells.extend(row.cells);
            drawings.push(row.drawing);
        }
        let divided = if schema.drawn == Drawn::Point { 0 } else { fids.len() };
        Self {
            schema,
            all: bounds.iter().fold(Bounds::EMPTY, |all, b| all.join(*b)),
            shares: (0..divided).map(|_| OnceLock::new()).collect(),
            fids,
            cells,
            drawings,
            bounds,
            pieces,
            index,
        }
    }

    /// What the layer is.
    pub fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.fids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.fids.is_empty()
    }

    /// The fid of a feature.
    pub fn fid(&self, i: u32) -> Fid {
        self.fids[i as usize]
    }

    /// The feature with a fid.
    pub fn by_fid(&self, fid: Fid) -> Option<u32> {
        self.fids.binary_search(&fid).ok().map(|i| i as u32)
    }

    /// The number of the first feature after a fid.
    pub(crate) fn number_after(&self, fid: Fid) -> u32 {
        self.fids.partition_point(|&f| f <= fid) as u32
    }

    /// What stands in a column of a feature.
    pub fn cell(&self, i: u32, column: usize) -> &Cell {
        if column >= self.schema.columns.len() {
            return &Cell::Null;
        }
        &self.cells[i as usize * self.schema.columns.len() + column]
    }

    /// Where a feature is.
    pub fn drawing(&self, i: u32) -> &Drawing {
        &self.drawings[i as usize]
    }

    /// The box around a feature.
    pub fn bounds_of(&self, i: u32) -> Bounds {
        self.bounds[i as usize]
    }

    /// The piece of the position that stands for a feature; `None` outside both layers.
    pub fn piece(&self, i: u32) -> Option<PieceId> {
        self.pieces[i as usize]
    }

    /// Which parts of a line or of ground lie in which piece, the largest first; together they are 1, with what
    /// lies in none. Nothing for points. `overlay` must be that of the map which the layer is part of.
    pub fn shares(&self, overlay: &Overlay, i: u32) -> &[Share] {
        match self.shares.get(i as usize) {
            Some(shares) => {
                shares.get_or_init(|| shares::of(overlay, &self.drawings[i as usize]).into_boxed_slice())
            }
            None => &[],
        }
    }

    /// Features whose box shares at least a border point with a box, in no order.
    pub fn in_box(&self, bounds: &Bounds, mut f: impl FnMut(u32)) {
        match &self.index {
            Index::Points(index) => index.in_box(bounds, f),
            Index::Boxes(boxes) => boxes.meeting(bounds).into_iter().for_each(&mut f),
        }
    }

    /// Calls `f` with every point on some ground until it breaks; of a layer of lines or polygons, with all whose box
    /// meets that of the ground. In no order.
    pub(crate) fn near_until<B>(
        &self,
        ground: &Ground,
        mut f: impl FnMut(u32) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        match &self.index {
            Index::Points(index) => index.on_until(ground, f),
            Index::Boxes(boxes) => boxes.meeting(&ground.around()).into_iter().try_for_each(&mut f),
        }
    }

    /// The `k` features nearest to a position that `keep` accepts, nearest first, with their metres, until it breaks:
    /// of lines to their nearest part, and on ground 0.
    pub(crate) fn nearest_until<B>(
        &self,
        at: E7,
        k: usize,
        keep: impl FnMut(u32) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B, Vec<(u32, f64)>> {
        match &self.index {
            Index::Points(index) => index.nearest_until(at, k, keep),
            Index::Boxes(boxes) => near::nearest(&self.drawings, boxes, at, k, keep),
        }
    }

    /// The box around all features.
    pub fn bounds(&self) -> Bounds {
        self.all
    }
}
