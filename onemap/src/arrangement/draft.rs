//! How a table is made: the segments of every row, what winds around each corner, and from the corners
//! what winds on either side of the chains that have no labels yet.

use super::{
    frame::{Frame, Passed},
    labels::{Codes, Delta, Label, Labels},
    line::SharedPath,
    table::{ChainId, Entry, Row, Table, entries},
    turn::Junctions,
    walk::{at_or_east, at_or_west, compare_east, compare_north, on_latitude, on_meridian, south_of},
};
use crate::e7::Bounds;
use std::{ops::Range, sync::Arc as Shared};

/// Cells that a table has for each segment, at most.
const CELLS: usize = 2;
/// … and in all: with four bytes each.
const MOST_CELLS: usize = 1 << 26;

/// A row that is being made, or some columns of it.
pub(super) struct Draft {
    row: u32,
    /// The first of the columns.
    first: u32,
    /// `entries[starts[c] .. starts[c + 1]]` are those of the cell in column `first + c`.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    corners: Vec<Label>,
}

impl Draft {
    /// Some columns of a row, from their entries; the labels of corners are those of the row before.
    pub fn new(row: u32, columns: Range<u32>, all: &[(u32, Entry)], old: &Row) -> Self {
        let (first, count) = (columns.start, columns.len());
        let mut starts = vec![0; count + 1];
        for (c, _) in all {
            starts[(*c - first) as usize + 1] += 1;
        }
        for c in 1..=count {
            starts[c] += starts[c - 1];
        }
        let mut entries = vec![Entry::default(); all.len()];
        let mut next = starts.clone();
        for (c, e) in all {
            let next = &mut next[(*c - first) as usize];
            entries[*next as usize] = *e;
            *next += 1;
        }
        Self { row, first, starts, entries, corners: columns.map(|c| old.corner(c as usize)).collect() }
    }

    /// The chains in some columns, some more than once.
    pub fn chains_in(&self, columns: Range<u32>) -> impl Iterator<Item = ChainId> + '_ {
        let place = |column: u32| self.starts[(column - self.first) as usize] as usize;
        self.entries[place(columns.start)..place(columns.end)].iter().map(Entry::chain)
    }

    fn cell(&self, column: u32) -> &[Entry] {
        let c = (column - self.first) as usize;
        &self.entries[self.starts[c] as usize..self.starts[c + 1] as usize]
    }

    /// Works out the corners of some columns; the first of them must be right already.
    pub fn sweep(&mut self, frame: &Frame, columns: Range<u32>, labels: &mut Labels, delta: &impl DeltaOf) {
        // Every row begins within the bounds, which are those of lattice points.
        let south = frame.south(self.row) as i32;
        let mut crossed: Vec<Entry> = Vec::new();
        for c in columns {
            let place = (c - self.first) as usize;
            let mut label = self.corners[place];
            if self.starts[place] == self.starts[place + 1] {
                if let Some(next) = self.corners.get_mut(place + 1) {
                    *next = label;
                }
                continue;
            }
            let (west, east) = (frame.west(c), frame.west(c + 1));
            crossed.clear();
            crossed.extend(self.cell(c).iter().filter(|e| {
                on_latitude(e.ends, south)
                    && at_or_east(e.ends, south, west)
                    && !at_or_east(e.ends, south, east)
            }));
            crossed.sort_unstable_by(|e, f| compare_east(e.ends, f.ends, south));
            if !crossed.is_empty() {
                let mut codes = labels.codes(label);
                for e in &crossed {
                    codes = eastward(labels, codes, e, delta);
                }
                label = labels.number(codes);
            }
            if let Some(next) = self.corners.get_mut(place + 1) {
                *next = label;
            }
        }
    }

    /// What winds around the ground to the left of a chain, by one of its segments whose southern end (of a level one: its
    /// western) lies in this row.
    fn left_of(
        &self,
        frame: &Frame,
        segment: &Entry,
        of: &Delta,
        labels: &mut Labels,
        delta: &impl DeltaOf,
        crossed: &mut Vec<Entry>,
    ) -> Codes {
        let ends = segment.ends;
        let (a, b) = ends;
        let level = a.lat == b.lat;
        let from = if a.lat <= b.lat { a } else { b };
        let c = frame.column(from.lon);
        let (west, south, lat) = (frame.west(c), frame.south(self.row), i64::from(from.lat));
        let mut codes = labels.codes(self.corners[(c - self.first) as usize]);
        let cell = self.cell(c);
        crossed.clear();
        crossed.extend(cell.iter().filter(|e| {
            on_meridian(e.ends, west) && south_of(e.ends, west, lat) && !south_of(e.ends, west, south)
        }));
        crossed.sort_unstable_by(|e, f| compare_north(e.ends, f.ends, west));
        for e in &*crossed {
            let d = delta.of(labels, e);
            codes = labels.step(codes, &d);
        }
        crossed.clear();
        crossed.extend(cell.iter().filter(|e| {
            on_latitude(e.ends, from.lat)
                && at_or_east(e.ends, from.lat, west)
                && if level { at_or_west(e.ends, from) } else { compare_east(e.ends, ends, from.lat).is_le() }
        }));
        crossed.sort_unstable_by(|e, f| compare_east(e.ends, f.ends, from.lat));
        for e in &*crossed {
            codes = eastward(labels, codes, e, delta);
        }
        // Now north of a level segment, or east of another: left of it, seen from its smaller end, unless
        // it rises.
        let left_of_ends = level || a.lat > b.lat;
        if left_of_ends == segment.reversed() { labels.step(codes, of) } else { codes }
    }

    /// The row, of all columns.
    pub fn finish(self) -> Row {
        Row::new(&self.corners, &self.starts, self.entries)
    }

    /// The row from before with these columns.
    pub fn finish_in(self, old: &Row) -> Row {
        let columns = self.first as usize..self.first as usize + self.corners.len();
        old.spliced(columns, &self.corners, &self.starts, self.entries)
    }
}

/// What changes from the right of an entry's smaller → greater end to its left.
pub(super) trait DeltaOf {
    fn of(&self, labels: &mut Labels, entry: &Entry) -> Delta;
}

impl<F: Fn(&mut Labels, &Entry) -> Delta> DeltaOf for F {
    fn of(&self, labels: &mut Labels, entry: &Entry) -> Delta {
        self(labels, entry)
    }
}

/// What winds around the ground east of a segment, from what does west of it.
#[inline]
fn eastward(labels: &mut Labels, west: Codes, e: &Entry, delta: &impl DeltaOf) -> Codes {
    let d = delta.of(labels, e);
    labels.step(west, &if e.rises() { d.reversed() } else { d })
}

/// The path of a chain, and what changes from its right to its left.
pub(super) struct Border<'a> {
    pub id: ChainId,
    pub path: &'a SharedPath,
    pub delta: Delta,
}

/// A table that is being made.
pub(super) struct Drafts {
    frame: Frame,
    rows: Vec<Draft>,
    /// The delta of each chain, by its number.
    deltas: Vec<Delta>,
}

impl Drafts {
    /// Over paths within `bounds`. Never waits for other threads: threads may wait for it.
    pub fn new(bounds: Bounds, borders: &[Border], labels: &mut Labels) -> Self {
        let segments: usize = borders.iter().map(|b| b.path.points().len() - 1).sum();
        let frame = Frame::new(bounds, (CELLS * segments).clamp(1, MOST_CELLS));
        let most = borders.iter().map(|b| b.id as usize + 1).max().unwrap_or(0);
        let mut deltas = vec![Delta::default(); most];
        borders.iter().for_each(|b| deltas[b.id as usize] = b.delta);
        let mut rows = drafts(&frame, borders);
        for row in &mut rows {
            row.sweep(&frame, 0..frame.columns, labels, &of_chains(&deltas));
        }
        Self { frame, rows, deltas }
    }

    /// Labels the strands that have no labels yet; they are numbered as their chains.
    pub fn label(&self, paths: &[SharedPath], junctions: &mut Junctions, labels: &mut Labels) {
        let (delta, row) = (of_chains(&self.deltas), |row: u32| self.rows.get(row as usize));
        let mut crossed = Vec::new();
        for (i, (path, of)) in (0..).zip(paths.iter().zip(&self.deltas)) {
            if !junctions.is_known(i) {
                let left = left_of(&self.frame, path, of, labels, &delta, row, &mut crossed);
                junctions.label(i, true, left.unwrap_or(labels.codes(Label::NONE)), labels);
            }
        }
    }

    pub fn finish(self) -> Table {
        let rows = self.rows.into_iter().map(|row| Shared::new(row.finish())).collect();
        Table { frame: self.frame, rows }
    }
}

/// What changes across entries, by the deltas of chains.
fn of_chains(deltas: &[Delta]) -> impl DeltaOf + '_ {
    |_: &mut Labels, e: &Entry| {
        let d = deltas[e.chain() as usize];
        if e.reversed() { d.reversed() } else { d }
    }
}

/// A table over paths within `bounds`, and the labels left and right of each.
pub(super) fn build(bounds: Bounds, borders: &[Border], labels: &mut Labels) -> (Table, Vec<(Label, Label)>) {
    let drafts = Drafts::new(bounds, borders, labels);
    let (mut all, mut crossed) = (Vec::with_capacity(borders.len()), Vec::new());
    for b in borders {
        let (delta, row) = (of_chains(&drafts.deltas), |row: u32| drafts.rows.get(row as usize));
        all.push(sides(&drafts.frame, b.path, &b.delta, labels, &delta, row, &mut crossed));
    }
    (drafts.finish(), all)
}

/// Rows with their segments, corners still unknown.
fn drafts(frame: &Frame, borders: &[Border]) -> Vec<Draft> {
    let columns = frame.columns as usize;
    let segments: usize = borders.iter().map(|b| b.path.points().len() - 1).sum();
    let mut passed = Passed::new(frame, segments);
    for border in borders {
        border.path.points().windows(2).for_each(|w| passed.add(frame, w[0], w[1], 0));
    }
    let Passed { mut starts, cells, ends } = passed.filled();
    // Where each row begins among all entries; one more at the end.
    let begins: Vec<u32> = (0..=frame.rows as usize).map(|row| starts[row * columns + 1]).collect();
    let mut all: Vec<Vec<Entry>> =
        begins.windows(2).map(|w| vec![Entry::default(); (w[1] - w[0]) as usize]).collect();
    let (mut ends, mut from) = (ends.into_iter(), 0);
    for border in borders {
        for (e, to) in entries(border.path, border.id).zip(&mut ends) {
            for &cell in &cells[from as usize..to as usize] {
                let (row, n) = (cell as usize / columns, &mut starts[cell as usize + 1]);
                all[row][(*n - begins[row]) as usize] = e;
                *n += 1;
            }
            from = to;
        }
    }
    let draft = |(row, entries): (u32, Vec<Entry>)| {
        let (row_starts, begin) = (&starts[row as usize * columns..][..=columns], begins[row as usize]);
        let starts = row_starts.iter().map(|n| n - begin).collect();
        Draft { row, first: 0, starts, entries, corners: vec![Label::NONE; columns] }
    };
    (0..).zip(all).map(draft).collect()
}

/// The labels left and right of a path, by its first segment that begins in one of some rows. `crossed`
/// is room to work in.
pub(super) fn sides<'a>(
    frame: &Frame,
    path: &SharedPath,
    of: &Delta,
    labels: &mut Labels,
    delta: &impl DeltaOf,
    draft: impl Fn(u32) -> Option<&'a Draft>,
    crossed: &mut Vec<Entry>,
) -> (Label, Label) {
    let Some(left) = left_of(frame, path, of, labels, delta, draft, crossed) else {
        return (Label::NONE, Label::NONE);
    };
    let right = labels.step(left, &of.reversed());
    (labels.number(left), labels.number(right))
}

/// What winds around the ground to the left of a path, in the same way.
fn left_of<'a>(
    frame: &Frame,
    path: &SharedPath,
    of: &Delta,
    labels: &mut Labels,
    delta: &impl DeltaOf,
    draft: impl Fn(u32) -> Option<&'a Draft>,
    crossed: &mut Vec<Entry>,
) -> Option<Codes> {
    entries(path, 0).find_map(|e| {
        let draft = draft(frame.row(e.ends.0.lat.min(e.ends.1.lat)))?;
        Some(draft.left_of(frame, &e, of, labels, delta, crossed))
    })
}
