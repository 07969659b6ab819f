//! What points add up to, without looking at those inside.

use super::packed::{FANOUT, PackedIndex};
use std::ops::Range;

/// `N` numbers for each point of an index, summed up leaf by leaf: `N`/2 bytes a point. The numbers
/// themselves stay with who has them.
#[derive(Clone, Debug)]
pub struct Columns<const N: usize> {
    /// What the points of all leaves before each one add up to, and all at the end.
    before: Vec<[u64; N]>,
}

impl<const N: usize> Default for Columns<N> {
    fn default() -> Self {
        Self { before: vec![[0; N]] }
    }
}

impl<const N: usize> Columns<N> {
    /// Of all points of an index; `values` gives the numbers of an id.
    pub fn new(index: &PackedIndex, values: impl Fn(u32) -> [u64; N]) -> Self {
        let mut sum = [0; N];
        let mut before = Vec::with_capacity(index.leaves.len() + 1);
        before.push(sum);
        for leaf in index.ids.chunks(FANOUT) {
            leaf.iter().for_each(|&id| add(&mut sum, values(id)));
            before.push(sum);
        }
        Self { before }
    }

    /// Of the slots of whole leaves.
    pub(super) fn of_run(&self, slots: Range<usize>) -> [u64; N] {
        let (a, b) = (self.before[slots.start / FANOUT], self.before[slots.end.div_ceil(FANOUT)]);
        std::array::from_fn(|i| b[i] - a[i])
    }
}

/// Adds number by number.
pub(super) fn add<const N: usize>(sum: &mut [u64; N], more: [u64; N]) {
    for i in 0..N {
        sum[i] += more[i];
    }
}
