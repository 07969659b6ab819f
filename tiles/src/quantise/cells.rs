//! Cells over a tile: which edges come near each other, and near which pixels.

use super::line::Line;
use crate::frame::{EAST, Frame, NORTH, Px, SOUTH, WEST};

/// Square cells over the drawn box.
#[derive(Clone, Copy)]
pub(super) struct Cells {
    /// Binary logarithm of a cell's side in lattice units.
    shift: i32,
    columns: i32,
    rows: i32,
}

impl Cells {
    /// About as many cells as edges, within limits: both looking through cells and through what is in them
    /// takes time.
    pub const fn for_edges(edges: usize) -> Self {
        let shift = match edges {
            0..500 => 8,
            500..2000 => 7,
            _ => 6,
        };
        Self { shift, columns: ((EAST - WEST) >> shift) + 1, rows: ((NORTH - SOUTH) >> shift) + 1 }
    }

    const fn of(self, p: Px) -> u32 {
        (((p.y - SOUTH) >> self.shift) * self.columns + ((p.x - WEST) >> self.shift)) as u32
    }

    /// Items in the order of their cells, and where each cell begins; the last start is the end. Counted rather
    /// than sorted: there are few cells, and many items.
    pub fn ordered<T: Copy>(self, items: &[T], cell: impl Fn(&T) -> u32) -> (Vec<u32>, Vec<T>) {
        let mut starts = vec![0_u32; (self.columns * self.rows) as usize + 1];
        for item in items {
            starts[cell(item) as usize + 1] += 1;
        }
        for c in 1..starts.len() {
            starts[c] += starts[c - 1];
        }
        let mut next = starts.clone();
        let mut ordered = items.to_vec();
        for item in items {
            let slot = &mut next[cell(item) as usize];
            ordered[*slot as usize] = *item;
            *slot += 1;
        }
        (starts, ordered)
    }

    /// The cells of every edge, edge by edge.
    pub fn spans(self, frame: &Frame, lines: &[Line]) -> Vec<Span> {
        let mut spans = Vec::with_capacity(lines.len() + lines.len() / 4);
        for (i, line) in (0..).zip(lines) {
            self.each(frame, line, |first, last| spans.push(Span { line: i, first, last }));
        }
        spans
    }

    /// Calls `f(first, last)` with the cells of each row of cells that hold pixels which an edge touches: never one too
    /// few. Doubles are good enough for that, with a unit to spare.
    fn each(self, frame: &Frame, line: &Line, mut f: impl FnMut(u32, u32)) {
        let [low, high] = line.bounds();
        if high.x < WEST || low.x > EAST || high.y < SOUTH || low.y > NORTH {
            return;
        }
        let row = |y: i32| (y.clamp(SOUTH, NORTH) - SOUTH) >> self.shift;
        let column = |x: i32| (x.clamp(WEST, EAST) - WEST) >> self.shift;
        let (rows, columns) = (row(low.y)..=row(high.y), column(low.x)..=column(high.x));
        let mut call =
            |r: i32, from: i32, to: i32| f((r * self.columns + from) as u32, (r * self.columns + to) as u32);
        // Nearly always: an edge is short, and one row or column holds it.
        if rows.start() == rows.end() || columns.start() == columns.end() {
            for r in rows {
                call(r, *columns.start(), *columns.end());
            }
            return;
        }
        let unit = (1_i64 << frame.shift) as f64;
        let (ax, ay) = (line.a.x as f64 / unit, line.a.y as f64 / unit);
        let (bx, by) = (line.b.x as f64 / unit, line.b.y as f64 / unit);
        for r in rows {
            // The part of the edge at the height of this row, two units wider; all of a level edge.
            let bottom = f64::from(SOUTH + (r << self.shift)) - 2.0;
            let top = bottom + f64::from(1 << self.shift) + 4.0;
            let x = |y: f64| ax + (bx - ax) * ((y - ay) / (by - ay)).clamp(0.0, 1.0);
            let (p, q) = if ay == by { (ax, bx) } else { (x(bottom), x(top)) };
            let (from, to) = (p.min(q) - 2.0, p.max(q) + 2.0);
            if to >= f64::from(WEST) && from <= f64::from(EAST) {
                call(r, column(from.floor() as i32), column(to.floor() as i32));
            }
        }
    }
}

/// Cells of one row, side by side, that hold pixels which an edge touches.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// The edge's number.
    pub line: u32,
    pub first: u32,
    pub last: u32,
}

/// Hot pixels by cell, each once.
pub(super) struct Hot {
    starts: Vec<u32>,
    pixels: Vec<Px>,
}

impl Hot {
    pub fn new(cells: Cells, hot: &[Px]) -> Self {
        let (mut starts, mut pixels) = cells.ordered(hot, |&p| cells.of(p));
        // Cell by cell to the front, each pixel once. `begin` is where the cell began before.
        let (mut begin, mut kept) = (0, 0);
        for next in &mut starts[1..] {
            let end = *next as usize;
            pixels[begin..end].sort_unstable();
            let first = kept;
            for i in begin..end {
                if kept == first || pixels[kept - 1] != pixels[i] {
                    pixels[kept] = pixels[i];
                    kept += 1;
                }
            }
            begin = end;
            *next = kept as u32;
        }
        pixels.truncate(kept);
        Self { starts, pixels }
    }

    /// Those in some cells.
    pub fn in_span(&self, span: &Span) -> &[Px] {
        &self.pixels[self.starts[span.first as usize] as usize..self.starts[span.last as usize + 1] as usize]
    }
}
