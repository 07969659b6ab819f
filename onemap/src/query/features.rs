//! Features of departments' layers: those on some ground, and the nearest points.

use super::{Budget, Found, Page, QueryError, Where, budget::outcome, find::Lowest, nearest::check};
use crate::{
    E7, Reader,
    department::{Department, Drawn},
};
use std::ops::ControlFlow;

/// What finding the position that stands for a line or for ground costs.
const STANDS_AT: u64 = 16;

impl Reader<'_> {
    /// Numbers of the points of a layer there; of a layer of lines or polygons, of those whose position that
    /// stands for them lies there. `layer` must be of the map that is read.
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
        let in_pieces = |i: u32| {
            let of = |all: &[_]| layer.piece(i).is_some_and(|p| all.binary_search(&p).is_ok());
            place.pieces().is_none_or(of)
        };
        let on_ground = |i: u32| {
            points || ground.is_all() || layer.drawing(i).stands_at().is_some_and(|p| ground.contains(p))
        };
        outcome(layer.near_until(ground, |i| {
            budget.step(if points { 1 } else { STANDS_AT })?;
            if in_pieces(i) && on_ground(i) {
                f(i);
            }
            ControlFlow::Continue(())
        }))
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
