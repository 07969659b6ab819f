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
//! The same walk, adding up what changes, gives the labels in the first place: from the west, where
//! nothing winds, to every corner, and from the corners to the chains. What winds around a point depends
//! on nothing but the segments on the way, so no graph has to be walked, and it can be done again for
//! some rows and columns only.

use super::{
    frame::Frame,
    labels::{Codes, Delta, Label, Labels},
    line::{Chain, Path},
    meet::Segment,
    split::Strand,
    walk::{at_or_east, at_or_west, compare_east, compare_north, on_latitude, on_meridian, south_of},
};
use crate::e7::{Bounds, E7};
use std::{ops::Range, sync::Arc as Shared};

/// Number of a chain.
pub(crate) type ChainId = u32;

/// A segment of a chain, in a cell that it may touch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The smaller end first.
    pub ends: Segment,
    pub chain: ChainId,
    /// Whether the chain runs from the greater end to the smaller.
    pub reversed: bool,
    /// Left and right of smaller → greater.
    pub left: Label,
    pub right: Label,
}

impl Entry {
    fn east(&self) -> Label {
        if self.ends.0.lat < self.ends.1.lat { self.right } else { self.left }
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
    pub entries: Box<[Entry]>,
}

const MIXED: u32 = 1 << 31;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(super) frame: Frame,
    pub(super) rows: Vec<Shared<Row>>,
}

/// Cells that a table has for each segment, at most.
const CELLS: usize = 4;
/// … and in all: with four bytes each.
const MOST_CELLS: usize = 1 << 26;

impl Table {
    /// The label of a point: [`Label::NONE`] outside everything.
    #[inline]
    pub fn label(&self, p: E7) -> Label {
        if !self.frame.bounds().contains(p) {
            return Label::NONE;
        }
        let (row, column) = (self.frame.row(p.lat), self.frame.column(p.lon));
        let Some(cells) = self.rows.get(row as usize) else {
            return Label::NONE;
        };
        let word = cells.words[column as usize];
        if word & MIXED == 0 {
            return Label(word);
        }
        let k = (word & !MIXED) as usize;
        let ((from, corner), (to, _)) = (cells.cells[k], cells.cells[k + 1]);
        let entries = &cells.entries[from as usize..to as usize];
        last_on_the_way(&self.frame, row, column, entries, p).unwrap_or(corner)
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

/// The label beyond the last segment between a cell's corner and a point in it.
#[inline]
fn last_on_the_way(frame: &Frame, row: u32, column: u32, entries: &[Entry], p: E7) -> Option<Label> {
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
        return Some(e.east());
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
    best.map(|e| e.left)
}

impl Row {
    /// The entries of a cell.
    pub(super) fn entries_of(&self, column: u32) -> Option<&[Entry]> {
        let word = *self.words.get(column as usize)?;
        if word & MIXED == 0 {
            return Some(&[]);
        }
        let k = (word & !MIXED) as usize;
        self.entries.get(self.cells[k].0 as usize..self.cells[k + 1].0 as usize)
    }

    /// All entries with their columns.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, Entry)> + '_ {
        (0..self.words.len() as u32)
            .flat_map(|c| self.entries_of(c).into_iter().flatten().map(move |e| (c, *e)))
    }

    /// The label of a cell's corner.
    fn corner(&self, column: usize) -> Label {
        let word = self.words[column];
        if word & MIXED == 0 { Label(word) } else { self.cells[(word & !MIXED) as usize].1 }
    }
}

/// A row that is being made.
pub(super) struct Draft {
    row: u32,
    /// `entries[starts[c] .. starts[c + 1]]` are those of cell `c`.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    corners: Vec<Label>,
}

impl Draft {
    /// From the entries of a row with their columns; the labels of corners are those of the row before.
    pub fn new(frame: &Frame, row: u32, all: &[(u32, Entry)], old: Option<&Row>) -> Self {
        let columns = frame.columns as usize;
        let mut starts = vec![0; columns + 1];
        for (c, _) in all {
            starts[*c as usize + 1] += 1;
        }
        for c in 1..=columns {
            starts[c] += starts[c - 1];
        }
        let nothing = Entry {
            ends: (E7::default(), E7::default()),
            chain: 0,
            reversed: false,
            left: Label::NONE,
            right: Label::NONE,
        };
        let mut entries = vec![nothing; all.len()];
        let mut next = starts.clone();
        for (c, e) in all {
            entries[next[*c as usize] as usize] = *e;
            next[*c as usize] += 1;
        }
        let corners = match old {
            Some(old) => (0..columns).map(|c| old.corner(c)).collect(),
            None => vec![Label::NONE; columns],
        };
        Self { row, starts, entries, corners }
    }

    /// The chains in some columns, some more than once.
    pub fn chains_in(&self, columns: Range<u32>) -> impl Iterator<Item = ChainId> + '_ {
        let (from, to) = (self.starts[columns.start as usize], self.starts[columns.end as usize]);
        self.entries[from as usize..to as usize].iter().map(|e| e.chain)
    }

    fn cell(&self, column: u32) -> &[Entry] {
        &self.entries[self.starts[column as usize] as usize..self.starts[column as usize + 1] as usize]
    }

    /// Works out the corners of some columns; the first of them must be right already.
    pub fn sweep(&mut self, frame: &Frame, columns: Range<u32>, labels: &mut Labels, delta: &impl DeltaOf) {
        // Every row begins within the bounds, which are those of lattice points.
        let south = frame.south(self.row) as i32;
        let mut crossed: Vec<Entry> = Vec::new();
        for c in columns {
            let mut label = self.corners[c as usize];
            if self.starts[c as usize] == self.starts[c as usize + 1] {
                if let Some(next) = self.corners.get_mut(c as usize + 1) {
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
            if let Some(next) = self.corners.get_mut(c as usize + 1) {
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
        let mut codes = labels.codes(self.corners[c as usize]);
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
        if left_of_ends == segment.reversed { labels.step(codes, of) } else { codes }
    }

    /// Writes the labels of chains, left and right, to their entries; those without any keep theirs.
    pub fn fill(&mut self, sides: &impl Fn(ChainId) -> Option<(Label, Label)>) {
        for e in &mut self.entries {
            if let Some((left, right)) = sides(e.chain) {
                (e.left, e.right) = if e.reversed { (right, left) } else { (left, right) };
            }
        }
    }

    pub fn finish(self) -> Row {
        let mut words = Vec::with_capacity(self.corners.len());
        let mut cells = Vec::new();
        for (c, corner) in self.corners.iter().enumerate() {
            let (from, to) = (self.starts[c], self.starts[c + 1]);
            if from == to {
                words.push(corner.0);
            } else {
                words.push(MIXED | cells.len() as u32);
                cells.push((from, *corner));
            }
        }
        cells.push((self.entries.len() as u32, Label::NONE));
        Row { words: words.into(), cells: cells.into(), entries: self.entries.into() }
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
    let rising = e.ends.0.lat < e.ends.1.lat;
    labels.step(west, &if rising { d.reversed() } else { d })
}

/// The segments of a path.
pub(super) fn entries(path: &Path, chain: ChainId) -> impl Iterator<Item = Entry> + '_ {
    path.points.windows(2).map(move |w| {
        let reversed = w[1] < w[0];
        let ends = if reversed { (w[1], w[0]) } else { (w[0], w[1]) };
        Entry { ends, chain, reversed, left: Label::NONE, right: Label::NONE }
    })
}

/// A table over paths within `bounds`, and the chains that they become.
pub(super) fn build(
    bounds: Bounds,
    strands: &[(ChainId, Strand)],
    labels: &mut Labels,
) -> (Table, Vec<(ChainId, Chain)>) {
    let segments: usize = strands.iter().map(|(_, s)| s.path.points.len() - 1).sum();
    let frame = Frame::new(bounds, (CELLS * segments).clamp(1, MOST_CELLS));
    // Until the labels are known, an entry's chain is the place of its strand.
    let (starts, all) = in_cells(&frame, strands);
    let delta = |_: &mut Labels, e: &Entry| {
        let d = strands[e.chain as usize].1.delta;
        if e.reversed { d.reversed() } else { d }
    };
    let mut drafts: Vec<Draft> = Vec::with_capacity(frame.rows as usize);
    for row in 0..frame.rows {
        let cells = (row * frame.columns) as usize..=((row + 1) * frame.columns) as usize;
        let first = starts[*cells.start()];
        let starts: Vec<u32> = starts[cells].iter().map(|s| s - first).collect();
        let entries = all[first as usize..][..starts[starts.len() - 1] as usize].to_vec();
        let mut draft = Draft { row, starts, entries, corners: vec![Label::NONE; frame.columns as usize] };
        draft.sweep(&frame, 0..frame.columns, labels, &delta);
        drafts.push(draft);
    }
    drop(all);
    let mut crossed = Vec::new();
    let mut chains: Vec<(ChainId, Chain)> = Vec::with_capacity(strands.len());
    for (id, Strand { path, delta: of }) in strands {
        let (left, right) =
            sides(&frame, path, of, labels, &delta, |row| drafts.get(row as usize), &mut crossed);
        chains.push((*id, Chain { path: Shared::clone(path), left, right }));
    }
    let rows = drafts
        .into_iter()
        .map(|mut draft| {
            draft.fill(&|place| chains.get(place as usize).map(|(_, c)| (c.left, c.right)));
            for e in &mut draft.entries {
                e.chain = chains[e.chain as usize].0;
            }
            Shared::new(draft.finish())
        })
        .collect();
    (Table { frame, rows }, chains)
}

/// All segments by cell: where each cell's begin, one more at the end, and the segments.
fn in_cells(frame: &Frame, strands: &[(ChainId, Strand)]) -> (Vec<u32>, Vec<Entry>) {
    let mut next = vec![0_u32; frame.len() + 1];
    for (_, strand) in strands {
        for w in strand.path.points.windows(2) {
            frame.pass(w[0], w[1], |row, c0, c1| {
                let at = (row * frame.columns) as usize;
                next[at + c0 as usize + 1..=at + c1 as usize + 1].iter_mut().for_each(|n| *n += 1);
            });
        }
    }
    for c in 1..next.len() {
        next[c] += next[c - 1];
    }
    let starts = next.clone();
    let nothing = Entry {
        ends: (E7::default(), E7::default()),
        chain: 0,
        reversed: false,
        left: Label::NONE,
        right: Label::NONE,
    };
    let mut all = vec![nothing; next[frame.len()] as usize];
    for (i, (_, strand)) in (0..).zip(strands) {
        for e in entries(&strand.path, i) {
            frame.pass(e.ends.0, e.ends.1, |row, c0, c1| {
                let at = (row * frame.columns) as usize;
                for n in &mut next[at + c0 as usize..=at + c1 as usize] {
                    all[*n as usize] = e;
                    *n += 1;
                }
            });
        }
    }
    (starts, all)
}

/// The labels left and right of a path, by its first segment that begins in one of some rows. `crossed`
/// is room to work in.
pub(super) fn sides<'a>(
    frame: &Frame,
    path: &Path,
    of: &Delta,
    labels: &mut Labels,
    delta: &impl DeltaOf,
    draft: impl Fn(u32) -> Option<&'a Draft>,
    crossed: &mut Vec<Entry>,
) -> (Label, Label) {
    for e in entries(path, 0) {
        if let Some(draft) = draft(frame.row(e.ends.0.lat.min(e.ends.1.lat))) {
            let left = draft.left_of(frame, &e, of, labels, delta, crossed);
            let right = labels.step(left, &of.reversed());
            return (labels.number(left), labels.number(right));
        }
    }
    (Label::NONE, Label::NONE)
}
