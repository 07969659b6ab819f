//! What points add up to in each cell of a raster.

use super::{
    columns::{Columns, add},
    ground::{Ground, Visit},
    packed::{FANOUT, Group, Leaf, PackedIndex},
    walk::{Relation, Sink, Target},
};
use crate::{Bounds, E7};
use rustc_hash::FxHashMap;
use std::{
    hash::Hash,
    ops::{ControlFlow, Range},
};

/// Cells that share no position and leave none out.
pub trait Cells {
    /// Names a cell.
    type Cell: Copy + Eq + Hash;

    /// The cell of a position.
    fn cell(&self, p: E7) -> Self::Cell;

    /// Whether all positions of a box lie in one cell; may say no.
    fn in_one(&self, b: &Bounds) -> bool;
}

/// How many points each cell has, and what their columns add up to.
pub type CellSums<C, const N: usize> = FxHashMap<C, (u64, [u64; N])>;

impl PackedIndex {
    /// Points on some ground by cell: those of a cell as a whole where it holds a whole node. `step` is
    /// told the work done since it was last asked, and may break.
    pub fn cells_on<R: Cells, B, const N: usize>(
        &self,
        ground: &Ground,
        cells: &R,
        columns: &Columns<N>,
        values: impl Fn(u32) -> [u64; N],
        step: impl FnMut(u64) -> ControlFlow<B>,
    ) -> ControlFlow<B, CellSums<R::Cell, N>> {
        let mut sink = Sums { index: self, cells, columns, values, step, sums: FxHashMap::default() };
        ground.with(Through { index: self, cells, sink: &mut sink })?;
        ControlFlow::Continue(sink.sums)
    }
}

struct Sums<'a, R: Cells, V, S, const N: usize> {
    index: &'a PackedIndex,
    cells: &'a R,
    columns: &'a Columns<N>,
    values: V,
    step: S,
    sums: CellSums<R::Cell, N>,
}

impl<R: Cells, V, S, const N: usize> Sums<'_, R, V, S, N> {
    fn add(&mut self, at: E7, count: u64, more: [u64; N]) {
        let sum = self.sums.entry(self.cells.cell(at)).or_insert((0, [0; N]));
        sum.0 += count;
        add(&mut sum.1, more);
    }
}

impl<R, V, S, B, const N: usize> Sink for Sums<'_, R, V, S, N>
where
    R: Cells,
    V: Fn(u32) -> [u64; N],
    S: FnMut(u64) -> ControlFlow<B>,
{
    type Stop = B;

    fn run(&mut self, slots: Range<usize>) -> ControlFlow<B> {
        (self.step)(1)?;
        let at = self.index.leaves[slots.start / FANOUT].point(slots.start % FANOUT);
        self.add(at, slots.len() as u64, self.columns.of_run(slots));
        ControlFlow::Continue(())
    }

    fn some(&mut self, first: usize, mut bits: u32) -> ControlFlow<B> {
        (self.step)(1 + u64::from(bits.count_ones()))?;
        let leaf = &self.index.leaves[first / FANOUT];
        while bits != 0 {
            let i = bits.trailing_zeros() as usize;
            let more = (self.values)(self.index.ids[first + i]);
            self.add(leaf.point(i), 1, more);
            bits &= bits - 1;
        }
        ControlFlow::Continue(())
    }
}

/// A walk that opens boxes until they lie in one cell.
struct Through<'a, R, S> {
    index: &'a PackedIndex,
    cells: &'a R,
    sink: &'a mut S,
}

impl<R: Cells, S: Sink> Visit for Through<'_, R, S> {
    type Out = ControlFlow<S::Stop>;
    fn visit<T: Target>(self, target: T) -> Self::Out {
        self.index.walk(&mut Cut { target, cells: self.cells }, self.sink)
    }
}

struct Cut<'a, T, R> {
    target: T,
    cells: &'a R,
}

/// The note of the target, and whether the box lies inside it, so that it need not be asked again.
type Note<T> = (<T as Target>::Note, bool);

impl<T: Target, R: Cells> Cut<'_, T, R> {
    fn cut(&self, (relation, note): (Relation, T::Note), b: &Bounds) -> (Relation, Note<T>) {
        let inside = relation == Relation::Inside;
        let relation = if inside && !self.cells.in_one(b) { Relation::Across } else { relation };
        (relation, (note, inside))
    }
}

impl<T: Target, R: Cells> Target for Cut<'_, T, R> {
    type Note = Note<T>;

    fn root(&mut self, bounds: &Bounds) -> (Relation, Note<T>) {
        let whole = self.target.root(bounds);
        self.cut(whole, bounds)
    }

    fn look(&mut self, group: &Group) -> (u32, u32) {
        (self.target.look(group).0, 0)
    }

    fn node(&mut self, above: Note<T>, bounds: &Bounds) -> (Relation, Note<T>) {
        let part = if above.1 { (Relation::Inside, above.0) } else { self.target.node(above.0, bounds) };
        self.cut(part, bounds)
    }

    fn points(&mut self, leaf: Note<T>, points: &Leaf) -> u32 {
        if leaf.1 { (1 << FANOUT) - 1 } else { self.target.points(leaf.0, points) }
    }

    fn leave(&mut self, node: Note<T>) {
        if !node.1 {
            self.target.leave(node.0);
        }
    }
}
