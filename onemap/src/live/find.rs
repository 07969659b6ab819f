//! Rows by place, time and piece.

use super::{Live, Positioned};
use crate::{Bounds, E7, MultiPolygon, geodesic, index::Ground, overlay::PieceId};
use jiff::Timestamp;
use std::{
    convert::Infallible,
    ops::{ControlFlow, RangeInclusive},
};

impl<T: Positioned> Live<T> {
    /// Calls `f` with every row in the box or on its border, in no particular order.
    pub fn in_box<'a>(&'a self, bounds: &Bounds, f: impl FnMut(&'a T)) {
        self.on(&Ground::bounds(*bounds), f);
    }

    /// Calls `f` with every row on some ground.
    pub fn in_polygon<'a>(&'a self, ground: &MultiPolygon, f: impl FnMut(&'a T)) {
        self.on(&Ground::polygon(ground), f);
    }

    /// Calls `f` with every row on some ground, in no particular order.
    pub fn on<'a>(&'a self, ground: &Ground, mut f: impl FnMut(&'a T)) {
        let done = self.on_until(ground, |row| {
            f(row);
            ControlFlow::<Infallible>::Continue(())
        });
        match done {
            ControlFlow::Continue(()) => {}
        }
    }

    /// The same until `f` breaks.
    pub fn on_until<'a, B>(
        &'a self,
        ground: &Ground,
        mut f: impl FnMut(&'a T) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.bulk.index.on_until(ground, |point| match self.unchanged(self.bulk.row_of(point)) {
            Some(row) => f(row),
            None => ControlFlow::Continue(()),
        })?;
        self.recent.on(ground).filter(|r| !self.fresh.contains_key(&r.fid())).try_for_each(&mut f)?;
        self.fresh_rows().filter(|r| r.at().is_some_and(|p| ground.contains(p))).try_for_each(f)
    }

    /// How many rows lie on some ground: costs its border and what changed there.
    pub fn count_on(&self, ground: &Ground) -> u64 {
        let inside = |row: Option<&T>| i64::from(row.and_then(T::at).is_some_and(|p| ground.contains(p)));
        let fresh: i64 = self
            .fresh
            .iter()
            .map(|(fid, row)| inside(row.as_deref()) - inside(self.get_not_fresh(*fid)))
            .sum();
        let bulk = self.bulk.index.count_on(ground) as i64;
        // Never negative: what is taken away was counted.
        (bulk + self.recent.more_on(ground) + fresh).max(0) as u64
    }

    /// Calls `f` with every row whose time lies between two, both included, until it breaks; in no
    /// particular order. Rows without a time lie in no range.
    pub fn in_time_until<'a, B>(
        &'a self,
        range: &RangeInclusive<Timestamp>,
        mut f: impl FnMut(&'a T) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let seconds = range.start().as_second()..=range.end().as_second();
        let old = self.bulk.in_seconds(&seconds).filter_map(|i| self.unchanged(i));
        // Seconds are rounded, so the first and the last have to be looked at.
        old.chain(self.changed())
            .filter(|r| r.time().is_some_and(|t| range.contains(&t)))
            .try_for_each(&mut f)
    }

    /// About how many rows have a time between two.
    pub fn estimate_in_time(&self, range: &RangeInclusive<Timestamp>) -> usize {
        let seconds = range.start().as_second()..=range.end().as_second();
        self.bulk.in_seconds(&seconds).size_hint().0 + self.recent.rows.len() + self.fresh.len()
    }

    /// Calls `f` with every row in some pieces, which ascend, until it breaks; in no particular order.
    pub fn in_pieces_until<'a, B>(
        &'a self,
        pieces: &[PieceId],
        mut f: impl FnMut(&'a T) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for &piece in pieces {
            self.bulk.in_piece(piece).filter_map(|i| self.unchanged(i)).try_for_each(&mut f)?;
        }
        self.changed().filter(|r| r.piece().is_some_and(|p| pieces.binary_search(&p).is_ok())).try_for_each(f)
    }

    /// The `k` nearest rows that `keep` accepts, with their distance in metres, nearest first; rows at
    /// the same distance by fid.
    pub fn nearest<'a>(&'a self, at: E7, k: usize, mut keep: impl FnMut(&'a T) -> bool) -> Vec<(&'a T, f64)> {
        match self.nearest_until(at, k, |row| ControlFlow::<Infallible, bool>::Continue(keep(row))) {
            ControlFlow::Continue(near) => near,
        }
    }

    /// The same until `keep` breaks. It is asked about every row that is near enough so far.
    pub fn nearest_until<'a, B>(
        &'a self,
        at: E7,
        k: usize,
        mut keep: impl FnMut(&'a T) -> ControlFlow<B, bool>,
    ) -> ControlFlow<B, Vec<(&'a T, f64)>> {
        let old =
            self.bulk.index.nearest_until(at, k, |point| match self.unchanged(self.bulk.row_of(point)) {
                Some(row) => keep(row),
                None => ControlFlow::Continue(false),
            })?;
        // Of what changed only that within the farthest of these can be nearer.
        let reach = match old.last() {
            Some(&(_, metres)) if old.len() == k => Ground::circle(at, metres),
            _ => Ground::all(),
        };
        let old =
            old.into_iter().filter_map(|(point, d)| Some((self.unchanged(self.bulk.row_of(point))?, d)));
        let mut near: Vec<(&T, f64)> = old.collect();
        let recent = self.recent.on(&reach).filter(|r| !self.fresh.contains_key(&r.fid()));
        for row in recent.chain(self.fresh_rows()) {
            if let Some(p) = row.at()
                && reach.contains(p)
                && keep(row)?
            {
                near.push((row, geodesic::distance_m(at, p)));
            }
        }
        near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.fid().cmp(&b.0.fid())));
        near.truncate(k);
        ControlFlow::Continue(near)
    }

    /// A row of the bulk, unless there is a newer word on it.
    fn unchanged(&self, row: u32) -> Option<&T> {
        let found = &*self.bulk.rows[row as usize];
        self.is_visible(row, found.fid()).then_some(found)
    }

    fn fresh_rows(&self) -> impl Iterator<Item = &T> {
        self.fresh.values().flatten().map(|r| &**r)
    }
}
