//! A raster of square cells over some ground: which cells does a segment pass?

use crate::e7::{Bounds, E7};
use std::ops::RangeInclusive;

/// Cells of 2^shift × 2^shift units, in rows from the south, each row from the west.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    bounds: Bounds,
    shift: u32,
    pub columns: u32,
    pub rows: u32,
}

impl Frame {
    /// The finest raster over `bounds` that has no more than `most` cells (but at least one).
    pub fn new(bounds: Bounds, most: usize) -> Self {
        let bounds = if bounds.is_empty() { Bounds::of([&E7::default()]) } else { bounds };
        let span = |lo: i32, hi: i32| (i64::from(hi) - i64::from(lo)) as u64;
        let (width, height) = (span(bounds.min.lon, bounds.max.lon), span(bounds.min.lat, bounds.max.lat));
        let cells = |s: u32| ((width >> s) + 1).saturating_mul((height >> s) + 1);
        let shift = (0..32).find(|&s| cells(s) <= most as u64).unwrap_or(32);
        Self { bounds, shift, columns: (width >> shift) as u32 + 1, rows: (height >> shift) as u32 + 1 }
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.columns as usize * self.rows as usize
    }

    /// The ground that the raster was made for.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// The column of a longitude that lies in the bounds.
    #[inline]
    pub fn column(&self, lon: i32) -> u32 {
        ((lon.wrapping_sub(self.bounds.min.lon) as u32 as u64) >> self.shift) as u32
    }

    /// The row of a latitude that lies in the bounds.
    #[inline]
    pub fn row(&self, lat: i32) -> u32 {
        ((lat.wrapping_sub(self.bounds.min.lat) as u32 as u64) >> self.shift) as u32
    }

    /// The longitude at which a column starts.
    #[inline]
    pub fn west(&self, column: u32) -> i64 {
        i64::from(self.bounds.min.lon) + (i64::from(column) << self.shift)
    }

    /// The latitude at which a row starts.
    #[inline]
    pub fn south(&self, row: u32) -> i64 {
        i64::from(self.bounds.min.lat) + (i64::from(row) << self.shift)
    }

    /// Columns and rows that a box touches; `None` when it lies outside.
    pub fn cells_of(&self, min: E7, max: E7) -> Option<(RangeInclusive<u32>, RangeInclusive<u32>)> {
        let b = &self.bounds;
        if !b.intersects(&Bounds { min, max }) {
            return None;
        }
        let column = |lon: i32| self.column(lon.clamp(b.min.lon, b.max.lon));
        let row = |lat: i32| self.row(lat.clamp(b.min.lat, b.max.lat));
        Some((column(min.lon)..=column(max.lon), row(min.lat)..=row(max.lat)))
    }

    /// Calls `f(row, first column, last column)` for every row that the segment passes, with at least
    /// all cells that it touches there. What lies outside the bounds is left out.
    #[inline]
    pub fn pass(&self, a: E7, b: E7, mut f: impl FnMut(u32, u32, u32)) {
        let (lo, hi) = if a.lat <= b.lat { (a, b) } else { (b, a) };
        let (west, east) = (a.lon.min(b.lon), a.lon.max(b.lon));
        let box_ = &self.bounds;
        if east < box_.min.lon || west > box_.max.lon || hi.lat < box_.min.lat || lo.lat > box_.max.lat {
            return;
        }
        let column = |lon: i32| self.column(lon.clamp(box_.min.lon, box_.max.lon));
        let row = |lat: i32| self.row(lat.clamp(box_.min.lat, box_.max.lat));
        let (first, last) = (row(lo.lat), row(hi.lat));
        if first == last {
            return f(first, column(west), column(east));
        }
        let (left, right) = (column(west), column(east));
        if left == right {
            return (first..=last).for_each(|r| f(r, left, right));
        }
        let slope = (f64::from(hi.lon) - f64::from(lo.lon)) / (f64::from(hi.lat) - f64::from(lo.lat));
        for r in first..=last {
            // Where the line enters and leaves the row; doubles are far better than a unit here, and
            // two units of margin make it safe.
            let south = (self.south(r).max(i64::from(lo.lat)) - i64::from(lo.lat)) as f64;
            let north = (self.south(r + 1).min(i64::from(hi.lat)) - i64::from(lo.lat)) as f64;
            let (x0, x1) = (f64::from(lo.lon) + slope * south, f64::from(lo.lon) + slope * north);
            let clamp = |x: f64| x.clamp(f64::from(west), f64::from(east)) as i32;
            let (c0, c1) = (column(clamp(x0.min(x1) - 2.0)), column(clamp(x0.max(x1) + 2.0)));
            f(r, c0, c1);
        }
    }
}

/// Cells that bins have for each segment, at most: the fewer share a cell, the fewer are looked at in vain.
const CELLS: usize = 8;

/// Which of some segments pass through which cell.
pub(super) struct Bins {
    pub frame: Frame,
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Bins {
    /// Puts segments, by their numbers, into a few times as many cells.
    pub fn new(segments: impl Iterator<Item = (u32, E7, E7)> + Clone) -> Self {
        let (mut bounds, mut count) = (Bounds::EMPTY, 0_usize);
        for (_, a, b) in segments.clone() {
            bounds = bounds.with(a).with(b);
            count += 1;
        }
        let frame = Frame::new(bounds, (CELLS * count).clamp(1, 1 << 24));
        let mut starts = vec![0_u32; frame.len() + 1];
        for (_, a, b) in segments.clone() {
            frame.pass(a, b, |row, c0, c1| {
                let at = (row * frame.columns) as usize;
                starts[at + c0 as usize + 1..=at + c1 as usize + 1].iter_mut().for_each(|n| *n += 1);
            });
        }
        for c in 1..starts.len() {
            starts[c] += starts[c - 1];
        }
        let mut items = vec![0; starts.last().copied().unwrap_or(0) as usize];
        let mut next = starts.clone();
        for (i, a, b) in segments {
            frame.pass(a, b, |row, c0, c1| {
                let at = (row * frame.columns) as usize;
                for n in &mut next[at + c0 as usize..=at + c1 as usize] {
                    items[*n as usize] = i;
                    *n += 1;
                }
            });
        }
        Self { frame, starts, items }
    }

    /// The segments of every cell.
    pub fn cells(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|w| &self.items[w[0] as usize..w[1] as usize])
    }

    /// Calls `f` with every segment in a cell that `a b` passes; with some more than once.
    #[inline]
    pub fn near(&self, a: E7, b: E7, mut f: impl FnMut(u32)) {
        self.frame.pass(a, b, |row, c0, c1| {
            let at = (row * self.frame.columns) as usize;
            let (from, to) = (self.starts[at + c0 as usize], self.starts[at + c1 as usize + 1]);
            self.items[from as usize..to as usize].iter().for_each(|&i| f(i));
        });
    }

    /// Calls `f` with every segment in a cell that meets the box with corners `min` and `max`; with some
    /// more than once.
    pub fn near_box(&self, min: E7, max: E7, mut f: impl FnMut(u32)) {
        let Some((columns, rows)) = self.frame.cells_of(min, max) else {
            return;
        };
        for row in rows {
            let at = (row * self.frame.columns) as usize;
            let (from, to) = (at + *columns.start() as usize, at + *columns.end() as usize + 1);
            self.items[self.starts[from] as usize..self.starts[to] as usize].iter().for_each(|&i| f(i));
        }
    }
}
