//! Every edge of every drawing, and which of them are *open*.
//!
//! Inside a clean coverage each edge is drawn twice: by the area to its left and, the other way, by the
//! area to its right. Such edges change nothing in how many areas claim the ground. The others are open:
//! the layer's outer border, and wherever drawings do not fit. The open edges alone tell how many areas
//! claim each bit of ground, so a fault is found by arranging a few thousand edges instead of all.
//!
//! ```text
//!  ┌───┬───┐
//!  │ A │ B │   the border between A and B is shared, the other six edges are open
//!  └───┴───┘
//! ```

use super::{
    drawings::{Drawings, polygon_lines},
    planar::Line,
};
use crate::{E7, MultiPolygon};
use std::ops::Range;

/// All edges, sorted; the tag is the area's number.
pub(super) struct Table {
    lines: Vec<Line>,
}

/// An edge whose two sides are not claimed equally often.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub a: E7,
    pub b: E7,
    /// How many more areas claim the ground to the left of `a → b` than to the right.
    pub delta: i32,
    /// Its entries in the table.
    lines: Range<usize>,
}

fn key(l: &Line) -> (u64, u64, u32) {
    (packed(l.a), packed(l.b), l.tag)
}

/// Longitude and latitude in one number that orders as [`E7`] does.
fn packed(p: E7) -> u64 {
    let up = |v: i32| u64::from(v as u32 ^ 0x8000_0000);
    up(p.lon) << 32 | up(p.lat)
}

impl Table {
    pub fn new(drawings: &Drawings<'_>) -> Self {
        let mut lines = Vec::new();
        for area in 0..drawings.0.len() as u32 {
            lines.extend(drawings.lines(area, area));
        }
        lines.sort_unstable_by_key(key);
        Self { lines }
    }

    /// Takes new drawings in the place of what some areas had.
    pub fn redraw(&mut self, redrawn: &[(u32, MultiPolygon)]) {
        let mut areas: Vec<u32> = redrawn.iter().map(|(area, _)| *area).collect();
        areas.sort_unstable();
        self.lines.retain(|l| areas.binary_search(&l.tag).is_err());
        let kept = self.lines.len();
        for (area, ground) in redrawn {
            self.lines.extend(ground.0.iter().flat_map(|p| polygon_lines(p, *area)));
        }
        self.lines[kept..].sort_unstable_by_key(key);
        // Two sorted runs: the stable sort merges them.
        self.lines.sort_by_key(key);
    }

    /// All open edges, sorted.
    pub fn open(&self) -> Vec<Open> {
        let mut open = Vec::new();
        let mut first = 0;
        for around in self.lines.chunk_by(|l, m| (l.a, l.b) == (m.a, m.b)) {
            let delta = around.iter().map(|l| l.delta).sum();
            if delta != 0 {
                let lines = first..first + around.len();
                open.push(Open { a: around[0].a, b: around[0].b, delta, lines });
            }
            first += around.len();
        }
        open
    }

    /// Areas that draw one edge more than once: there and back, or two parts side by side.
    pub fn doubled(&self) -> impl Iterator<Item = u32> + '_ {
        self.lines
            .windows(2)
            .filter(|w| (w[0].a, w[0].b, w[0].tag) == (w[1].a, w[1].b, w[1].tag))
            .map(|w| w[0].tag)
    }

    /// The areas that draw an open edge.
    pub fn owners(&self, open: &Open) -> impl Iterator<Item = u32> + '_ {
        self.lines[open.lines.clone()].iter().map(|l| l.tag)
    }
}

/// The open edge between two positions, in either direction.
pub(super) fn find(open: &[Open], p: E7, q: E7) -> Option<&Open> {
    let (a, b) = (p.min(q), p.max(q));
    open.binary_search_by_key(&(a, b), |o| (o.a, o.b)).ok().map(|i| &open[i])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::clean::testing::{rows, square};

    #[test]
    fn a_border_between_two_is_not_open() {
        let rows = rows([("A", square(0, 0, 10)), ("B", square(10, 0, 10))]);
        let drawings = Drawings::new(&rows);
        let table = Table::new(&drawings);
        let open = table.open();
        assert_eq!(open.len(), 6);
        assert!(find(&open, E7::new(10, 10), E7::new(10, 0)).is_none());
        let south = find(&open, E7::new(20, 0), E7::new(10, 0)).unwrap();
        assert_eq!((south.delta, table.owners(south).collect::<Vec<_>>()), (1, vec![1]));
    }

    #[test]
    fn a_new_drawing_takes_the_place_of_the_old() {
        let rows = rows([("A", square(0, 0, 10)), ("B", square(11, 0, 10))]);
        let drawings = Drawings::new(&rows);
        let mut table = Table::new(&drawings);
        assert_eq!(table.open().len(), 8);
        table.redraw(&[(1, square(10, 0, 10))]);
        assert_eq!(table.open().len(), 6);
    }
}
