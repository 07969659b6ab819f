//! A raster of square cells over some ground: which cells does a segment pass?

use super::{fine::PARTS_SHIFT, meet::Segment};
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

    /// The box of a cell: from its first lattice point to its last.
    fn cell(&self, row: u32, column: u32) -> Bounds {
        let end = |from: i64| (from + (1 << self.shift) - 1).min(i64::from(i32::MAX)) as i32;
        let (west, south) = (self.west(column), self.south(row));
        // A cell begins within the bounds.
        Bounds { min: E7::new(west as i32, south as i32), max: E7::new(end(west), end(south)) }
    }

    /// The raster of the parts of a cell; `None` where a cell is too small to have any.
    pub fn divided(&self, row: u32, column: u32) -> Option<Self> {
        let shift = self.shift.checked_sub(PARTS_SHIFT)?;
        Some(Self {
            bounds: self.cell(row, column),
            shift,
            columns: 1 << PARTS_SHIFT,
            rows: 1 << PARTS_SHIFT,
        })
    }

    /// The part of its cell in which a position within the bounds lies.
    #[inline]
    pub fn part(&self, p: E7) -> u32 {
        let shift = self.shift.saturating_sub(PARTS_SHIFT);
        let along = |v: i32, from: i32| (u64::from(v.wrapping_sub(from) as u32) >> shift) as u32 & 7;
        along(p.lat, self.bounds.min.lat) << PARTS_SHIFT | along(p.lon, self.bounds.min.lon)
    }

    /// A position in a part of a cell; `None` if it is beyond all numbers.
    pub fn place_of_part(&self, row: u32, column: u32, part: u32) -> Option<E7> {
        let shift = self.shift.saturating_sub(PARTS_SHIFT);
        let lon = self.west(column) + (i64::from(part & 7) << shift);
        let lat = self.south(row) + (i64::from(part >> PARTS_SHIFT) << shift);
        Some(E7::new(i32::try_from(lon).ok()?, i32::try_from(lat).ok()?))
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
    /// all cells that it touches there, or comes as near to as `margin` units. What lies outside the bounds
    /// is left out.
    #[inline]
    pub fn pass(&self, a: E7, b: E7, margin: i32, mut f: impl FnMut(u32, u32, u32)) {
        let (lo, hi) = if a.lat <= b.lat { (a, b) } else { (b, a) };
        let (south, north) = (lo.lat.saturating_sub(margin), hi.lat.saturating_add(margin));
        let (west, east) = (a.lon.min(b.lon).saturating_sub(margin), a.lon.max(b.lon).saturating_add(margin));
        let box_ = &self.bounds;
        if east < box_.min.lon || west > box_.max.lon || north < box_.min.lat || south > box_.max.lat {
            return;
        }
        let column = |lon: i32| self.column(lon.clamp(box_.min.lon, box_.max.lon));
        let row = |lat: i32| self.row(lat.clamp(box_.min.lat, box_.max.lat));
        let (first, last) = (row(south), row(north));
        if first == last {
            return f(first, column(west), column(east));
        }
        let (left, right) = (column(west), column(east));
        if left == right || lo.lat == hi.lat {
            return (first..=last).for_each(|r| f(r, left, right));
        }
        let slope = (f64::from(hi.lon) - f64::from(lo.lon)) / (f64::from(hi.lat) - f64::from(lo.lat));
        let (least, most) = (i64::from(lo.lat), i64::from(hi.lat));
        let room = f64::from(margin) + 2.0;
        for r in first..=last {
            // Where the line enters and leaves the row; doubles are far better than a unit here, and
            // two units of margin make it safe.
            let enter = ((self.south(r) - i64::from(margin)).clamp(least, most) - least) as f64;
            let leave = ((self.south(r + 1) + i64::from(margin)).clamp(least, most) - least) as f64;
            let (x0, x1) = (f64::from(lo.lon) + slope * enter, f64::from(lo.lon) + slope * leave);
            let clamp = |x: f64| x.clamp(f64::from(west), f64::from(east)) as i32;
            let (c0, c1) = (column(clamp(x0.min(x1) - room)), column(clamp(x0.max(x1) + room)));
            f(r, c0, c1);
        }
    }
}

/// Cells that bins have for each segment, at most: the fewer share a cell, the fewer are looked at in vain.
const CELLS: usize = 2;

/// The cells that segments pass, worked out once: they are counted, and then something is put into them.
pub(super) struct Passed {
    /// While counting, cell `c` is counted two places on. Then place `c + 1` is where the next thing that goes into
    /// `c` is put: in the end, where `c` ends and the next begins.
    pub starts: Vec<u32>,
    /// The cells of one segment after the other.
    pub cells: Vec<u32>,
    /// Where those of each segment end.
    pub ends: Vec<u32>,
}

impl Passed {
    /// Of no segments yet, with room for some.
    pub fn new(frame: &Frame, segments: usize) -> Self {
        let cells = Vec::with_capacity(segments + segments / 2);
        Self { starts: vec![0; frame.len() + 2], cells, ends: Vec::with_capacity(segments) }
    }

    /// Adds a segment.
    #[inline]
    pub fn add(&mut self, frame: &Frame, a: E7, b: E7, margin: i32) {
        frame.pass(a, b, margin, |row, c0, c1| {
            let row = row * frame.columns;
            for cell in row + c0..=row + c1 {
                self.starts[cell as usize + 2] += 1;
                self.cells.push(cell);
            }
        });
        self.ends.push(self.cells.len() as u32);
    }

    /// Ends the counting: says where things are put.
    pub fn filled(mut self) -> Self {
        let mut sum = 0;
        for n in &mut self.starts {
            sum += *n;
            *n = sum;
        }
        self
    }
}

/// Which of some segments pass through which cell.
pub(super) struct Bins {
    frame: Frame,
    margin: i32,
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Bins {
    /// Puts segments, by their numbers, into a few times as many cells: each into those that it passes, or
    /// comes as near to as `margin`.
    pub fn new(segments: impl Iterator<Item = (u32, E7, E7)> + Clone, margin: i32) -> Self {
        let (mut bounds, mut count) = (Bounds::EMPTY, 0_usize);
        segments.clone().for_each(|(_, a, b)| {
            bounds = bounds.with(a).with(b);
            count += 1;
        });
        let frame = Frame::new(bounds, (CELLS * count).clamp(1, 1 << 24));
        let mut passed = Passed::new(&frame, count);
        segments.clone().for_each(|(_, a, b)| passed.add(&frame, a, b, margin));
        let Passed { mut starts, cells, ends } = passed.filled();
        let mut items = vec![0; cells.len()];
        let (mut cells, mut from) = (cells.into_iter(), 0);
        let mut ends = ends.into_iter();
        segments.for_each(|(i, ..)| {
            let to = ends.next().unwrap_or(from);
            for cell in cells.by_ref().take((to - from) as usize) {
                let n = &mut starts[cell as usize + 1];
                items[*n as usize] = i;
                *n += 1;
            }
            from = to;
        });
        starts.pop();
        Self { frame, margin, starts, items }
    }

    /// Numbers of the cells with more than one segment.
    pub fn shared(&self) -> Vec<u32> {
        let count = |at: &u32| self.starts[*at as usize + 1] - self.starts[*at as usize];
        (0..self.frame.len() as u32).filter(|at| count(at) > 1).collect()
    }

    /// Numbers of the cells that some of the segments were put into.
    pub fn passed(&self, some: impl Iterator<Item = Segment>) -> Vec<u32> {
        let columns = self.frame.columns as usize;
        let mut is_passed = vec![false; self.frame.len()];
        for (a, b) in some {
            self.frame.pass(a, b, self.margin, |row, c0, c1| {
                let at = row as usize * columns;
                is_passed[at + c0 as usize..=at + c1 as usize].fill(true);
            });
        }
        (0..).zip(is_passed).filter(|(_, passed)| *passed).map(|(at, _)| at).collect()
    }

    /// The segments of a cell.
    #[inline]
    pub fn of_cell(&self, at: u32) -> &[u32] {
        &self.items[self.starts[at as usize] as usize..self.starts[at as usize + 1] as usize]
    }

    /// The box of a cell.
    #[inline]
    pub fn bounds_of_cell(&self, at: u32) -> Bounds {
        self.frame.cell(at / self.frame.columns, at % self.frame.columns)
    }

    /// Calls `f` with every segment in a cell that `a b` passes; with some more than once.
    #[inline]
    pub fn near(&self, a: E7, b: E7, mut f: impl FnMut(u32)) {
        self.frame.pass(a, b, 0, |row, c0, c1| {
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
