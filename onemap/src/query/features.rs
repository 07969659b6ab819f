//! Features of departments' layers: those on some ground, and the nearest points.

use super::{Budget, Found, Page, QueryError, Where, budget::outcome, find::Lowest, nearest::check};
use crate::{
    E7, PieceId, Reader,
    department::{Department, Drawn},
};
use std::ops::ControlFlow;

impl Reader<'_> {
    /// Numbers of the points of a layer there; of a layer of lines or polygons, of those of which any part lies there.
    /// `layer` must be of the map that is read.
    ///
    /// # Errors
    /// When the limit is none, or the budget is spent.
    pub fn find_features(
        &self,
        layer: &Department,
        place: &Where,
        page: Page,
        budget: &Budget<'_>,
    ) -> Result<Found<u32>, QueryError> {
        page.check()?;
        // Features are numbered in order of their fids.
        let start = page.after.map_or(0, |fid| layer.number_after(fid));
        let mut lowest = Lowest::new(start, page.limit);
        self.each_feature(layer, place, budget, |i| lowest.see(i))?;
        let (items, matched, more) = lowest.sorted();
        let next = items.last().filter(|_| more).map(|&i| layer.fid(i));
        Ok(Found { items, matched, next })
    }

    /// Calls `f` with the number of every such feature, in no order.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn each_feature(
        &self,
        layer: &Department,
        place: &Where,
        budget: &Budget<'_>,
        mut f: impl FnMut(u32),
    ) -> Result<(), QueryError> {
        let ground = place.ground();
        budget.spend(ground.edges() as u64)?;
        let points = layer.schema().drawn == Drawn::Point;
        outcome(layer.near_until(ground, |i| {
            budget.step(1)?;
            // Of points only those on the ground come here.
            let on_ground = points || layer.drawing(i).meets(ground, |cost| budget.step(cost))?;
            if on_ground && place.pieces().is_none_or(|pieces| self.lies_in(layer, i, pieces)) {
                f(i);
            }
            ControlFlow::Continue(())
        }))
    }

    /// Whether a point, or any part of a line or of ground, lies in one of some pieces (ascending). `layer` must be of
    /// the map that is read.
    pub fn lies_in(&self, layer: &Department, i: u32, pieces: &[PieceId]) -> bool {
        let is_one = |piece: Option<PieceId>| piece.is_some_and(|p| pieces.binary_search(&p).is_ok());
        // Of what stands there the parts need not be worked out.
        is_one(layer.piece(i)) || layer.shares(self.overlay(), i).iter().any(|part| is_one(part.piece))
    }

    /// The `k` nearest features of a layer with their distance in metres, nearest first: of a line from its nearest
    /// part, of a polygon from its border, and 0 on its ground.
    ///
    /// # Errors
    /// When `k` is none, or the budget is spent.
    pub fn nearest_features(
        &self,
        layer: &Department,
        at: E7,
        k: usize,
        budget: &Budget<'_>,
    ) -> Result<Vec<(u32, f64)>, QueryError> {
        check(k)?;
        outcome(layer.nearest_until(at, k, |i| {
            budget.step(layer.drawing(i).cost())?;
            ControlFlow::Continue(true)
        }))
    }
}
