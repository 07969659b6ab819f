//! Going through the tree: what lies outside is skipped, what lies inside is taken as a whole, what
//! lies across is opened.

use super::packed::{FANOUT, Group, Leaf, PackedIndex};
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
    /// What was found out about a box and helps with those below it.
    type Note: Copy;

    /// How the box around everything lies.
    fn root(&mut self, bounds: &Bounds) -> (Relation, Self::Note);

    /// A first look at all boxes of a group: which do not lie outside for certain, and which lie inside
    /// for certain; bit `i` for the `i`-th.
    fn look(&mut self, group: &Group) -> (u32, u32);

    /// How one of the others lies, given the note of the box above it.
    fn node(&mut self, above: Self::Note, bounds: &Bounds) -> (Relation, Self::Note);

    /// Which points of a leaf lie inside: bit `i` for the `i`-th.
    fn points(&mut self, leaf: Self::Note, points: &Leaf) -> u32;

    /// A box that lies across is done with.
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
        if self.is_empty() {
            return ControlFlow::Continue(());
        }
        match target.root(&self.bounds()) {
            (Relation::Outside, _) => ControlFlow::Continue(()),
            (Relation::Inside, _) => sink.run(0..self.len()),
            (Relation::Across, note) => self.open(self.top(), 0, note, target, sink),
        }
    }

    /// Goes through a group.
    fn open<T: Target, S: Sink>(
        &self,
        level: usize,
        n: usize,
        note: T::Note,
        target: &mut T,
        sink: &mut S,
    ) -> ControlFlow<S::Stop> {
        let group = &self.groups[self.levels[level] + n];
        let first = n * FANOUT;
        let (near, inside) = target.look(group);
        // The last group of a level is filled up with nothing.
        let mut near = near & filled(self.width(level) - first);
        while near != 0 {
            let i = near.trailing_zeros() as usize;
            near &= near - 1;
            if inside >> i & 1 == 1 {
                sink.run(self.run(level, first + i))?;
                continue;
            }
            let (relation, note) = target.node(note, &group.get(i));
            match relation {
                Relation::Outside => {}
                Relation::Inside => sink.run(self.run(level, first + i))?,
                Relation::Across => {
                    if level == 0 {
                        let slot = (first + i) * FANOUT;
                        let bits = target.points(note, &self.leaves[first + i]);
                        // The last leaf is filled up with its last point.
                        sink.some(slot, bits & filled(self.len() - slot))?;
                    } else {
                        self.open(level - 1, first + i, note, target, sink)?;
                    }
                    target.leave(note);
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// The bits of so many places, at most 16.
fn filled(n: usize) -> u32 {
    (1 << n.min(FANOUT)) - 1
}
