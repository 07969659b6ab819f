//! The face of a point, by a table of cells over all borders.
//!
//! Most cells are crossed by no border: they keep their label. The others keep the label of their
//! south-western corner and their few segments. From the corner one walks north along the western side
//! of the cell and then east to the point; the last segment on the way has the answer on its far side:
//!
//! ```text
//!   ┌──────╱──────┐
//!   │     ╱       │     corner ─north→ … ─east→ p : crosses the segment,
//!   │ ···╱··· p   │     so the label is the one east of it
//!   │ : ╱         │
//!   └──╱──────────┘
//!  corner, moved west by ε and north by ε²
//! ```
//!
//! The same walk, adding up what changes, gives the labels of the corners in the first place, from the west,
//! where nothing winds; and of chains that have none ([`draft`](super::draft)). What winds
//! around a point depends on nothing but the segments on the way, so no graph has to be walked, and it can
//! be done again for some rows and columns only.
//!
//! To ask for many points the cells that hold segments are divided once more ([`fine`](super::fine)).

use super::{
    fine::Fine,
    frame::Frame,
    labels::Label,
    line::{Chain, SharedPath},
    meet::Segment,
    slots::Slots,
    walk::{at_or_east, at_or_west, compare_east, compare_north, on_latitude, on_meridian, south_of},
};
use crate::e7::E7;
use std::{
    ops::Range,
    sync::{Arc as Shared, OnceLock},
};

/// Number of a chain.
pub(crate) type ChainId = u32;

/// A segment of a chain, in a cell that it may touch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    /// The smaller end first.
    pub ends: Segment,
    /// Twice the number of the chain; one more if the chain runs from the greater end to the smaller.
    tag: u32,
}

impl Entry {
    /// From the segment of a chain from `from` to `to`.
    #[inline]
    pub fn new(from: E7, to: E7, chain: ChainId) -> Self {
        let reversed = to < from;
        Self { ends: if reversed { (to, from) } else { (from, to) }, tag: chain << 1 | u32::from(reversed) }
    }

    #[inline]
    pub fn chain(&self) -> ChainId {
        self.tag >> 1
    }

    /// Whether the chain runs from the greater end to the smaller.
    #[inline]
    pub fn reversed(&self) -> bool {
        self.tag & 1 == 1
    }

    /// Whether the smaller end lies south of the greater.
    #[inline]
    pub fn rises(&self) -> bool {
        self.ends.0.lat < self.ends.1.lat
    }

    /// The label to the left, seen from the smaller end, or to the right, from those left and right of its chain.
    #[inline]
    pub fn side(&self, left: bool, of: [Label; 2]) -> Label {
        of[usize::from(left == self.reversed())]
    }
}

/// One row of cells.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// For each cell its label, or [`MIXED`] and its place in `cells`.
    words: Box<[u32]>,
    /// Of each cell with segments: where they begin in `entries`, and the label of its corner. One
    /// more at the end.
    cells: Box<[(u32, Label)]>,
    entries: Box<[Entry]>,
    /// Of each cell with segments; made when it is first asked for.
    fine: OnceLock<Box<[Fine]>>,
}

pub(super) const MIXED: u32 = 1 << 31;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(super) frame: Frame,
    pub(super) rows: Vec<Shared<Row>>,
}

impl Table {
    /// The label of a point: [`Label::NONE`] outside everything.
    #[inline]
    pub fn label(&self, p: E7, chains: &Slots<Chain>) -> Label {
        if !self.frame.bounds().contains(p) {
            return Label::NONE;
        }
        let (row, column) = (self.frame.row(p.lat), self.frame.column(p.lon));
        let Some(cells) = self.rows.get(row as usize) else {
            return Label::NONE;
        };
        let word = cells.words[column as usize];
        if word & MIXED == 0 { Label(word) } else { self.walk(row, column, word, p, chains) }
    }

    /// The label of a point in a cell with segments, by walking to it.
    pub(super) fn walk(&self, row: u32, column: u32, word: u32, p: E7, chains: &Slots<Chain>) -> Label {
        let (corner, entries) = self.rows[row as usize].mixed(word & !MIXED);
        last_on_the_way(&self.frame, row, column, entries, p).map_or(corner, |(e, left)| {
            chains.get(e.chain()).map_or(Label::NONE, |chain| e.side(left, [chain.left, chain.right]))
        })
    }

    /// The entries of the cells that a box touches, some more than once.
    pub(super) fn near(&self, min: E7, max: E7) -> impl Iterator<Item = &Entry> {
        let cells = self.frame.cells_of(min, max);
        cells.into_iter().flat_map(move |(columns, rows)| {
            rows.flat_map(move |r| {
                let row = self.rows.get(r as usize).map(|r| &**r);
                columns.clone().filter_map(move |c| row?.entries_of(c)).flatten()
            })
        })
    }
}

/// The last segment between a cell's corner and a point in it, and whether the point lies to its left.
#[inline]
fn last_on_the_way<'a>(
    frame: &Frame,
    row: u32,
    column: u32,
    entries: &'a [Entry],
    p: E7,
) -> Option<(&'a Entry, bool)> {
    let west = frame.west(column);
    let mut best: Option<&Entry> = None;
    for e in entries {
        if on_latitude(e.ends, p.lat)
            && at_or_west(e.ends, p)
            && at_or_east(e.ends, p.lat, west)
            && best.is_none_or(|b| compare_east(e.ends, b.ends, p.lat).is_gt())
        {
            best = Some(e);
        }
    }
    if let Some(e) = best {
        // East of it.
        return Some((e, !e.rises()));
    }
    let (south, lat) = (frame.south(row), i64::from(p.lat));
    for e in entries {
        if on_meridian(e.ends, west)
            && south_of(e.ends, west, lat)
            && !south_of(e.ends, west, south)
            && best.is_none_or(|b| compare_north(e.ends, b.ends, west).is_gt())
        {
            best = Some(e);
        }
    }
    // North of it.
    best.map(|e| (e, true))
}

impl Row {
    /// From the label of each cell's corner, and the place of its segments.
    pub(super) fn new(corners: &[Label], starts: &[u32], entries: Vec<Entry>) -> Self {
        let none = Self { cells: Box::new([(0, Label::NONE)]), ..Self::default() };
        none.spliced(0..0, corners, starts, entries)
    }

    /// The row with other cells in some columns. What lies beside them is copied as it is, which costs next to
    /// nothing.
    pub(super) fn spliced(
        &self,
        columns: Range<usize>,
        corners: &[Label],
        starts: &[u32],
        entries: Vec<Entry>,
    ) -> Self {
        let mixed = |words: &[u32]| words.iter().filter(|w| **w & MIXED != 0).count();
        let before = mixed(&self.words[..columns.start]);
        let after = before + mixed(&self.words[columns.clone()]);
        let (from, to) = (self.cells[before].0, self.cells[after].0);

        let mut words = Vec::with_capacity(self.words.len() - columns.len() + corners.len());
        let more = starts.windows(2).filter(|w| w[0] < w[1]).count();
        let mut cells = Vec::with_capacity(self.cells.len() - (after - before) + more);
        words.extend_from_slice(&self.words[..columns.start]);
        cells.extend_from_slice(&self.cells[..before]);
        for (corner, w) in corners.iter().zip(starts.windows(2)) {
            if w[0] == w[1] {
                words.push(corner.0);
            } else {
                words.push(MIXED | cells.len() as u32);
                cells.push((from + w[0], *corner));
            }
        }
        // Cells after the columns have other numbers, and their segments begin elsewhere.
        let (number, begin) = ((before + more) as u32, from + entries.len() as u32);
        let word = |w: &u32| if w & MIXED == 0 { *w } else { MIXED | ((w & !MIXED) - after as u32 + number) };
        words.extend(self.words[columns.end..].iter().map(word));
        cells.extend(self.cells[after..].iter().map(|(start, corner)| (start - to + begin, *corner)));
        let beside = (&self.entries[..from as usize], &self.entries[to as usize..]);
        let entries = if self.entries.is_empty() { entries } else { [beside.0, &entries, beside.1].concat() };
        Self { words: words.into(), cells: cells.into(), entries: entries.into(), fine: OnceLock::new() }
    }

    /// The label of a cell, or [`MIXED`] and its number among the cells with segments.
    #[inline]
    pub(super) fn word(&self, column: u32) -> u32 {
        self.words[column as usize]
    }

    /// The label of the corner of a cell with segments, and these.
    #[inline]
    fn mixed(&self, cell: u32) -> (Label, &[Entry]) {
        let ((from, corner), (to, _)) = (self.cells[cell as usize], self.cells[cell as usize + 1]);
        (corner, &self.entries[from as usize..to as usize])
    }

    /// The finer cells, which `make` makes the first time.
    #[inline]
    pub(super) fn fine(&self, make: impl FnOnce() -> Box<[Fine]>) -> &[Fine] {
        self.fine.get_or_init(make)
    }

    /// Columns that have segments, with these.
    pub(super) fn with_segments(&self) -> impl Iterator<Item = (u32, &[Entry])> {
        let mixed = (0..).zip(&self.words).filter(|(_, w)| **w & MIXED != 0);
        mixed.map(|(c, w)| (c, self.mixed(w & !MIXED).1))
    }

    /// The entries of a cell.
    fn entries_of(&self, column: u32) -> Option<&[Entry]> {
        let word = *self.words.get(column as usize)?;
        Some(if word & MIXED == 0 { &[] } else { self.mixed(word & !MIXED).1 })
    }

    /// The entries of some columns, with these.
    pub(super) fn all_in(&self, columns: Range<u32>) -> impl Iterator<Item = (u32, Entry)> + '_ {
        columns.flat_map(|c| self.entries_of(c).into_iter().flatten().map(move |e| (c, *e)))
    }

    /// The label of a cell's corner.
    pub(super) fn corner(&self, column: usize) -> Label {
        let word = self.words[column];
        if word & MIXED == 0 { Label(word) } else { self.cells[(word & !MIXED) as usize].1 }
    }
}

/// The segments of a path.
pub(super) fn entries(path: &SharedPath, chain: ChainId) -> impl Iterator<Item = Entry> + '_ {
    path.points().windows(2).map(move |w| Entry::new(w[0], w[1], chain))
}
