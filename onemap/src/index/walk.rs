//! Going through the tree: what lies outside is skipped, what lies inside is taken as a whole, what
//! lies across is opened.

use super::packed::{FANOUT, Leaf, PackedIndex};
use crate::Bounds;
use std::ops::{ControlFlow, Range};

/// How a box lies to what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Outside,
    Inside,
    Across,
}

/// What is asked for. `Inside` and `Outside` must be true; `Across` may be said of any box.
pub(crate) trait Target {
    /// What was found out about a node and helps with those below it.
    type Note: Copy;

    /// How the root lies.
    fn root(&mut self, bounds: &Bounds) -> (Relation, Self::Note);

    /// How a node lies, given the note of the one above it.
    fn node(&mut self, above: Self::Note, bounds: &Bounds) -> (Relation, Self::Note);

    /// Which points of a leaf lie inside: bit `i` for the `i`-th.
    fn points(&mut self, leaf: Self::Note, points: &Leaf) -> u32;

    /// A node that lies across is done with.
    fn leave(&mut self, _node: Self::Note) {}
}

/// What is done with what is found. Slots come in ascending order.
pub(crate) trait Sink {
    /// Why to stop.
    type Stop;

    /// All points of these slots.
    fn run(&mut self, slots: Range<usize>) -> ControlFlow<Self::Stop>;

    /// Of the 16 slots from `first` those whose bit is set; maybe none.
    fn some(&mut self, first: usize, bits: u32) -> ControlFlow<Self::Stop>;
}

impl PackedIndex {
    /// Gives to `sink` all points that lie inside `target`.
    pub(crate) fn walk<T: Target, S: Sink>(&self, target: &mut T, sink: &mut S) -> ControlFlow<S::Stop> {
        let Some(root) = self.boxes.last() else {
            return ControlFlow::Continue(());
        };
        let (relation, note) = target.root(root);
        match relation {
            Relation::Outside => ControlFlow::Continue(()),
            Relation::Inside => sink.run(0..self.len()),
            Relation::Across => self.open(self.levels.len() - 1, 0, note, target, sink),
        }
    }

    fn open<T: Target, S: Sink>(
        &self,
        level: usize,
        node: usize,
        note: T::Note,
        target: &mut T,
        sink: &mut S,
    ) -> ControlFlow<S::Stop> {
        if level == 0 {
            let first = node * FANOUT;
            let bits = target.points(note, &self.leaves[node]);
            // The last leaf is filled up with its last point.
            let there = self.len() - first;
            return sink.some(first, if there < FANOUT { bits & ((1 << there) - 1) } else { bits });
        }
        let children = self.children(level, node);
        let below = self.levels[level - 1];
        let boxes = &self.boxes[below + children.start..below + children.end];
        for (child, bounds) in children.zip(boxes) {
            let (relation, note) = target.node(note, bounds);
            match relation {
                Relation::Outside => {}
                Relation::Inside => sink.run(self.run(level - 1, child))?,
                Relation::Across => {
                    self.open(level - 1, child, note, target, sink)?;
                    target.leave(note);
                }
            }
        }
        ControlFlow::Continue(())
    }
}
