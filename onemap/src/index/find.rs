//! All points on some ground, how many they are, and what they add up to.

use super::{
    columns::{Columns, add},
    ground::{Ground, Walk},
    packed::{FANOUT, PackedIndex},
    walk::Sink,
    window::Window,
};
use crate::{Bounds, MultiPolygon};
use std::{
    convert::Infallible,
    ops::{ControlFlow, Range},
};

impl PackedIndex {
    /// Calls `f` with the id of every point in the box or on its border, in no particular order.
    pub fn in_box(&self, bounds: &Bounds, f: impl FnMut(u32)) {
        self.on(&Ground::bounds(*bounds), f);
    }

    /// How many points lie in the box or on its border.
    pub fn count_in_box(&self, bounds: &Bounds) -> u64 {
        let mut count = Count(0);
        never_stopped(self.walk(&mut Window(*bounds), &mut count));
        count.0
    }

    /// Calls `f` with the id of every point in the ground, by the rule for borders of
    /// [`crate::overlay::Overlay::locate`].
    pub fn in_polygon(&self, ground: &MultiPolygon, f: impl FnMut(u32)) {
        self.on(&Ground::polygon(ground), f);
    }

    /// How many points lie in the ground: costs its border.
    pub fn count_in_polygon(&self, ground: &MultiPolygon) -> u64 {
        self.count_on(&Ground::polygon(ground))
    }

    /// Calls `f` with the id of every point on some ground, in no particular order.
    pub fn on(&self, ground: &Ground, mut f: impl FnMut(u32)) {
        self.runs_on(ground, |ids| ids.iter().for_each(|&id| f(id)));
    }

    /// The same with many ids at a time.
    pub fn runs_on(&self, ground: &Ground, mut f: impl FnMut(&[u32])) {
        let each = |ids: &[u32]| {
            f(ids);
            ControlFlow::Continue(())
        };
        never_stopped(ground.with(Walk(self, &mut Each { index: self, f: each })));
    }

    /// Calls `f` with the id of every point on some ground until it breaks.
    pub fn on_until<B>(&self, ground: &Ground, mut f: impl FnMut(u32) -> ControlFlow<B>) -> ControlFlow<B> {
        let each = |ids: &[u32]| ids.iter().try_for_each(|&id| f(id));
        ground.with(Walk(self, &mut Each { index: self, f: each }))
    }

    /// How many points lie on some ground: costs its border.
    pub fn count_on(&self, ground: &Ground) -> u64 {
        let mut count = Count(0);
        never_stopped(ground.with(Walk(self, &mut count)));
        count.0
    }

    /// How many points lie on some ground, and what their columns add up to; `values` gives the
    /// numbers of an id as when the columns were made. Costs the border of the ground.
    pub fn sum_on<const N: usize>(
        &self,
        ground: &Ground,
        columns: &Columns<N>,
        values: impl Fn(u32) -> [u64; N],
    ) -> (u64, [u64; N]) {
        let mut sum = Sum { index: self, columns, values, count: 0, sums: [0; N] };
        never_stopped(ground.with(Walk(self, &mut sum)));
        (sum.count, sum.sums)
    }
}

/// Calls a function with all ids, many at a time.
struct Each<'a, F> {
    index: &'a PackedIndex,
    f: F,
}

impl<B, F: FnMut(&[u32]) -> ControlFlow<B>> Sink for Each<'_, F> {
    type Stop = B;

    #[inline]
    fn run(&mut self, slots: Range<usize>) -> ControlFlow<B> {
        (self.f)(&self.index.ids[slots])
    }

    #[inline]
    fn some(&mut self, first: usize, mut bits: u32) -> ControlFlow<B> {
        if bits == 0 {
            return ControlFlow::Continue(());
        }
        let (mut ids, mut n) = ([0; FANOUT], 0);
        while bits != 0 {
            ids[n] = self.index.ids[first + bits.trailing_zeros() as usize];
            n += 1;
            bits &= bits - 1;
        }
        (self.f)(&ids[..n])
    }
}

struct Count(u64);

impl Sink for Count {
    type Stop = Infallible;

    fn run(&mut self, slots: Range<usize>) -> ControlFlow<Infallible> {
        self.0 += slots.len() as u64;
        ControlFlow::Continue(())
    }

    fn some(&mut self, _first: usize, bits: u32) -> ControlFlow<Infallible> {
        self.0 += u64::from(bits.count_ones());
        ControlFlow::Continue(())
    }
}

struct Sum<'a, const N: usize, F> {
    index: &'a PackedIndex,
    columns: &'a Columns<N>,
    values: F,
    count: u64,
    sums: [u64; N],
}

impl<const N: usize, F: Fn(u32) -> [u64; N]> Sink for Sum<'_, N, F> {
    type Stop = Infallible;

    fn run(&mut self, slots: Range<usize>) -> ControlFlow<Infallible> {
        self.count += slots.len() as u64;
        // Runs are whole nodes, so whole leaves.
        add(&mut self.sums, self.columns.of_run(slots));
        ControlFlow::Continue(())
    }

    fn some(&mut self, first: usize, mut bits: u32) -> ControlFlow<Infallible> {
        self.count += u64::from(bits.count_ones());
        while bits != 0 {
            add(&mut self.sums, (self.values)(self.index.ids[first + bits.trailing_zeros() as usize]));
            bits &= bits - 1;
        }
        ControlFlow::Continue(())
    }
}

/// What cannot stop has gone through.
pub(super) fn never_stopped(done: ControlFlow<Infallible>) {
    match done {
        ControlFlow::Continue(()) => {}
    }
}
