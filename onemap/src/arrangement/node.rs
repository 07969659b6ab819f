//! Cuts lines where they cross or touch, until no two of their segments share more than an end.
//!
//! A crossing falls between lattice points and is rounded to the nearest one, which bends both segments
//! by less than a unit. A bent piece may cross a third segment that it only passed before, so what was
//! bent is looked at again, until nothing bends any more. Segments that merely pass near a vertex are
//! left alone: lines that cross nowhere come out vertex for vertex as they went in.
//!
//! Should that not settle within [`ROUNDS`], the segments that still bend, and all that [`interact`]
//! with them, are snap-rounded in full instead: every one is drawn through every vertex and rounded
//! crossing within half a unit of it, which provably leaves no crossing (Hobby, "Practical segment
//! intersection with finite precision output", 1999).
//!
//! What happens to a segment depends on nothing but the segments that interact with it, and those that
//! interact with them, and so on. So the work can be done again for some of the lines only (`edit`)
//! with the same result.

use super::{
    frame::Bins,
    line::Line,
    meet::{Contact, REACH, Segment, along, meet_beside, meet_within, only_end, sorted},
    snap::snap_round,
};
use crate::e7::{Bounds, E7};
use rayon::prelude::*;
use std::ops::Range;

/// Rounds before snap rounding in full; two or three are usual. [`REACH`] bounds what they can move.
const ROUNDS: u8 = 8;
const _: () = assert!(2 * ROUNDS as i32 * 71 / 100 < REACH, "what rounds move must stay within reach");

/// What is known about the lines before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Vertices that lines share are ends of theirs, and so are those where a line meets itself.
    SharedAreEnds,
    /// The first so many lines cross each other nowhere, nor do the others among themselves: one
    /// finished arrangement over another.
    Noded(usize),
}

/// Where lines are to be cut. Vertices are numbered through all lines; a segment has the number of
/// its first vertex.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    /// For each segment where its course is in `points`, if it is cut, else `(0, 0)`; empty for none at all.
    course_of: Vec<(u32, u32)>,
    /// Courses, each from the smaller end of its segment to the greater; some are out of date.
    points: Vec<E7>,
    /// For each of `points` the round in which it bent its segment; 0 if it did not.
    bent_in: Vec<u8>,
    /// Vertices where another line ends, begins or passes.
    pub nodes: Vec<bool>,
    /// Lines with a cut or a node inside.
    pub lines: Vec<bool>,
}

impl Cuts {
    /// Of so many lines that are to be cut nowhere.
    pub fn none(lines: usize) -> Self {
        Self { lines: vec![false; lines], ..Self::default() }
    }

    /// Where the course of a segment is in `points`, if it is cut.
    #[inline]
    fn span(&self, segment: usize) -> Option<Range<usize>> {
        let (from, to) = *self.course_of.get(segment)?;
        (to > 0).then_some(from as usize..to as usize)
    }

    /// The course of a segment that is cut, from its smaller end to its greater.
    #[inline]
    pub fn course(&self, segment: usize) -> Option<&[E7]> {
        Some(&self.points[self.span(segment)?])
    }

    /// Calls `f` with the pieces of a segment, or with the segment itself.
    #[inline]
    fn pieces(&self, segment: u32, whole: impl FnOnce() -> Segment, round: u8, mut f: impl FnMut(Piece)) {
        let Some(span) = self.span(segment as usize) else {
            return f(Piece::new(whole(), segment, 0, false));
        };
        let (course, bent_in) = (&self.points[span.clone()], &self.bent_in[span]);
        let is_outer = |end: E7| end == course[0] || end == course[course.len() - 1];
        for (k, (w, bent)) in (0..).zip(course.windows(2).zip(bent_in.windows(2))) {
            let ends = sorted(w[0], w[1]);
            let is_outer = [is_outer(ends.0), is_outer(ends.1)];
            let is_bent = bent[0] == round || bent[1] == round;
            f(Piece { is_outer, ..Piece::new(ends, segment, k, is_bent) });
        }
    }

    /// Takes the points from `from` on as the course of a segment.
    fn end_course(&mut self, segment: u32, from: usize) {
        self.course_of[segment as usize] = (from as u32, self.points.len() as u32);
    }
}

/// See the module.
pub(super) fn node(lines: &[Line], known: Known) -> Cuts {
    let mut noder = Noder::new(lines);
    noder.first_round(known);
    let mut bent = noder.apply(1);
    for round in 2..=ROUNDS {
        if bent.is_empty() {
            return noder.finish();
        }
        noder.next_round(&bent, round - 1);
        bent = noder.apply(round);
    }
    if !bent.is_empty() {
        noder.next_round(&bent, ROUNDS);
        if noder.hits.iter().any(|part| !part.is_empty()) {
            snap_round(&mut noder, bent);
        }
    }
    noder.finish()
}

/// The part of a segment between two points of its course.
#[derive(Clone, Copy)]
struct Piece {
    ends: Segment,
    segment: u32,
    /// Its place in the course.
    place: u32,
    is_bent: bool,
    /// Whether its ends are ends of the segment.
    is_outer: [bool; 2],
}

impl Piece {
    #[inline]
    fn new(ends: Segment, segment: u32, place: u32, is_bent: bool) -> Self {
        Self { ends, segment, place, is_bent, is_outer: [true; 2] }
    }

    /// Whether a point that is one of its ends lies between the ends of the segment.
    #[inline]
    fn is_inner(&self, end: E7) -> bool {
        !self.is_outer[usize::from(end != self.ends.0)]
    }
}

/// A point to insert into a piece.
#[derive(Clone, Copy)]
struct Hit {
    segment: u32,
    /// The place of the piece in the course, times two; one more if the point bends it.
    place_and_bend: u32,
    at: E7,
}

impl Hit {
    fn new(segment: u32, place: u32, at: E7, bends: bool) -> Self {
        Self { segment, place_and_bend: place << 1 | u32::from(bends), at }
    }

    /// The place of the piece in the course.
    fn place(&self) -> u32 {
        self.place_and_bend >> 1
    }

    fn bends(&self) -> bool {
        self.place_and_bend & 1 == 1
    }
}

pub(super) struct Noder {
    vertices: Vec<E7>,
    /// The first vertex of each line, and one more at the end.
    starts: Vec<u32>,
    /// All segments as they were drawn, in the cells that rounds can bring them into.
    pub bins: Bins,
    /// What the round found, part by part.
    hits: Vec<Vec<Hit>>,
    cuts: Cuts,
}

impl Noder {
    fn new(lines: &[Line]) -> Self {
        let mut starts = Vec::with_capacity(lines.len() + 1);
        let mut vertices = Vec::with_capacity(lines.iter().map(|l| l.points.len()).sum());
        for line in lines {
            starts.push(vertices.len() as u32);
            vertices.extend_from_slice(line.points);
        }
        starts.push(vertices.len() as u32);
        let cuts = Cuts {
            course_of: vec![(0, 0); vertices.len()],
            nodes: vec![false; vertices.len()],
            ..Cuts::default()
        };
        let bins = Bins::new(segments(&vertices, &starts), REACH);
        Self { vertices, starts, bins, hits: Vec::new(), cuts }
    }

    pub fn segment(&self, i: u32) -> Segment {
        sorted(self.vertices[i as usize], self.vertices[i as usize + 1])
    }

    fn first_round(&mut self, known: Known) {
        let vertices = &self.vertices;
        let found = look(&self.bins.shared(), |cells, found| {
            let (mut ends, mut boxes): (Vec<Segment>, Vec<Bounds>) = Default::default();
            for cell in cells.iter().map(|&at| self.bins.of_cell(at)) {
                // Segments that can meet those before them in the cell, and how many of these.
                let others = match known {
                    Known::SharedAreEnds => 1,
                    Known::Noded(first) => cell.partition_point(|&i| i < self.starts[first]),
                };
                if others == 0 || others >= cell.len() {
                    continue;
                }
                ends.clear();
                ends.extend(cell.iter().map(|&i| sorted(vertices[i as usize], vertices[i as usize + 1])));
                boxes.clear();
                boxes.extend(ends.iter().map(|s| around(*s)));
                for (k, &j) in cell.iter().enumerate().skip(others) {
                    let before = if known == Known::SharedAreEnds { k } else { others };
                    each_near(&boxes[k], &boxes[..before], |place| {
                        meet_within(ends[place], ends[k], known != Known::SharedAreEnds, |c| {
                            found.push(vertices, [(cell[place], 0), (j, 0)], c);
                        });
                    });
                }
            }
        });
        self.note(found);
    }

    /// Looks at what a round bent, in some segments: against each other, and against all else. Cell by cell,
    /// so that what lies together is fetched once; what meets in several cells is found in each.
    fn next_round(&mut self, bent: &[u32], round: u8) {
        let cells = self.bins.passed(bent.iter().map(|&i| self.segment(i)));
        let found = look(&cells, |cells, found| {
            let (mut pieces, mut boxes): (Vec<Piece>, Vec<Bounds>) = Default::default();
            for &at in cells {
                let bounds = self.bins.bounds_of_cell(at);
                pieces.clear();
                boxes.clear();
                let mut most = 0;
                for &i in self.bins.of_cell(at) {
                    let whole = || self.segment(i);
                    self.cuts.pieces(i, whole, round, |p| {
                        // What two pieces have in common lies in both their boxes, and in some cell.
                        let around = around(p.ends);
                        if around.intersects(&bounds) {
                            pieces.push(p);
                            boxes.push(around);
                            // Those that were bent go to the front.
                            if p.is_bent {
                                let last = pieces.len() - 1;
                                pieces.swap(most, last);
                                boxes.swap(most, last);
                                most += 1;
                            }
                        }
                    });
                }
                self.meet_pieces(&pieces, &boxes, most, found);
            }
        });
        self.note(found);
    }

    /// Meets the first `most` pieces of a cell, which lie in these boxes, with all that follow them.
    fn meet_pieces(&self, pieces: &[Piece], boxes: &[Bounds], most: usize, found: &mut Contacts) {
        for (k, s) in pieces[..most].iter().enumerate() {
            let others = &pieces[k + 1..];
            each_near(&boxes[k], &boxes[k + 1..], |place| self.meet_two(s, &others[place], found));
        }
    }

    /// Meets two pieces, of which at least one was bent, and whose boxes have something in common.
    #[inline]
    fn meet_two(&self, s: &Piece, t: &Piece, found: &mut Contacts) {
        // Mostly they share where the round before cut both, or where their segments end, and nothing else: that
        // is known.
        if only_end(s.ends, t.ends).is_some_and(|at| s.is_inner(at) == t.is_inner(at)) {
            return;
        }
        let (i, j) = (s.segment, t.segment);
        // Where one segment of a line ends and the next begins nothing is to be cut.
        let joint = (i.abs_diff(j) == 1).then(|| self.vertices[i.max(j) as usize]);
        meet_beside(s.ends, t.ends, joint, |c| {
            let is_known = !c.inside_first && !c.inside_second;
            if !(is_known && s.is_inner(c.at) && t.is_inner(c.at)) {
                found.push(&self.vertices, [(i, s.place), (j, t.place)], c);
            }
        });
    }

    /// Keeps what a round found.
    fn note(&mut self, found: Vec<Contacts>) {
        for part in found {
            part.nodes.into_iter().for_each(|v| self.cuts.nodes[v as usize] = true);
            self.hits.push(part.hits);
        }
    }

    /// Inserts the points that a round noted; returns the segments that this bent.
    fn apply(&mut self, round: u8) -> Vec<u32> {
        let mut hits = by_segment(std::mem::take(&mut self.hits), self.vertices.len());
        let mut bent = Vec::new();
        let (mut old, mut here): (Vec<E7>, Vec<(E7, bool)>) = Default::default();
        for of_segment in hits.chunk_by_mut(|a, b| a.segment == b.segment) {
            // What does not bend goes first: one that is exact for some is not for others.
            of_segment.sort_unstable_by_key(|h| (h.place(), h.at, h.bends()));
            let segment = of_segment[0].segment;
            old.clear();
            match self.cuts.course(segment as usize) {
                Some(course) => old.extend_from_slice(course),
                None => old.extend(<[E7; 2]>::from(self.segment(segment))),
            }
            let Cuts { points, bent_in, .. } = &mut self.cuts;
            let from = points.len();
            let mut hits = of_segment.iter().peekable();
            for (k, w) in (0..).zip(old.windows(2)) {
                points.push(w[0]);
                bent_in.push(0);
                here.clear();
                while let Some(h) = hits.next_if(|h| h.place() == k) {
                    // The same one is found in every cell that both pass.
                    if here.last().is_none_or(|(at, _)| *at != h.at) {
                        here.push((h.at, h.bends()));
                    }
                }
                if here.len() > 1 {
                    here.sort_unstable_by_key(|(p, _)| along(w[0], w[1], *p));
                }
                points.extend(here.iter().map(|h| h.0));
                bent_in.extend(here.iter().map(|h| if h.1 { round } else { 0 }));
            }
            points.extend(old.last());
            bent_in.push(0);
            if bent_in[from..].contains(&round) {
                bent.push(segment);
            }
            self.cuts.end_course(segment, from);
        }
        bent
    }

    /// Draws a segment through some points in order, ends included, whatever its course was.
    pub fn redraw(&mut self, segment: u32, course: &[E7]) {
        let from = self.cuts.points.len();
        self.cuts.points.extend_from_slice(course);
        self.cuts.bent_in.resize(self.cuts.points.len(), 0);
        self.cuts.end_course(segment, from);
        self.cuts.nodes[segment as usize] = true;
        self.cuts.nodes[segment as usize + 1] = true;
    }

    fn finish(mut self) -> Cuts {
        let touched = |w: &[u32]| {
            let (first, last) = (w[0] as usize, (w[1] as usize).saturating_sub(1));
            self.cuts.nodes[last.min(first + 1)..last].contains(&true)
                || self.cuts.course_of[first..last.max(first)].iter().any(|span| span.1 > 0)
        };
        self.cuts.lines = self.starts.windows(2).map(touched).collect();
        self.cuts
    }
}

/// All segments of lines: the number of the first vertex, and both.
fn segments<'a>(vertices: &'a [E7], starts: &'a [u32]) -> impl Iterator<Item = (u32, E7, E7)> + Clone + 'a {
    starts.windows(2).flat_map(move |w| {
        let points = &vertices[w[0] as usize..w[1] as usize];
        (w[0]..).zip(points.windows(2)).map(|(i, p)| (i, p[0], p[1]))
    })
}

/// Hits in order of their segments, of which there are so many.
fn by_segment(parts: Vec<Vec<Hit>>, segments: usize) -> Vec<Hit> {
    let Some(&any) = parts.iter().flatten().next() else { return Vec::new() };
    let mut next = vec![0_u32; segments + 1];
    for h in parts.iter().flatten() {
        next[h.segment as usize + 1] += 1;
    }
    for i in 1..next.len() {
        next[i] += next[i - 1];
    }
    let mut ordered = vec![any; parts.iter().map(Vec::len).sum()];
    for h in parts.into_iter().flatten() {
        let place = &mut next[h.segment as usize];
        ordered[*place as usize] = h;
        *place += 1;
    }
    ordered
}

/// Calls `f` with the place of each whose box meets another. A bit is kept for each first, because which one does
/// cannot be foreseen.
#[inline]
fn each_near(of: &Bounds, all: &[Bounds], mut f: impl FnMut(usize)) {
    let mut from = 0;
    for some in all.chunks(u64::BITS as usize) {
        let bit = |(i, b): (usize, &Bounds)| u64::from(of.intersects(b)) << i;
        let mut near = some.iter().enumerate().map(bit).fold(0, |near, bit| near | bit);
        while near != 0 {
            f(from + near.trailing_zeros() as usize);
            near &= near - 1;
        }
        from += some.len();
    }
}

/// The box around a segment.
#[inline]
fn around((a, b): Segment) -> Bounds {
    Bounds { min: E7::new(a.lon, a.lat.min(b.lat)), max: E7::new(b.lon, a.lat.max(b.lat)) }
}

/// The box around a segment, grown by [`REACH`].
pub(super) fn grown((a, b): Segment) -> (E7, E7) {
    let (south, north) = (a.lat.min(b.lat), a.lat.max(b.lat));
    (
        E7::new(a.lon.saturating_sub(REACH), south.saturating_sub(REACH)),
        E7::new(b.lon.saturating_add(REACH), north.saturating_add(REACH)),
    )
}

/// What some cells of a round hold.
#[derive(Default)]
struct Contacts {
    hits: Vec<Hit>,
    /// Vertices where a line meets one of another. A point of a course between the ends of its segment is a node
    /// anyway.
    nodes: Vec<u32>,
}

impl Contacts {
    /// Notes where two pieces meet, each by its segment and its place in the course of that.
    #[inline]
    fn push(&mut self, vertices: &[E7], pieces: [(u32, u32); 2], c: Contact) {
        for ((segment, place), inside) in pieces.into_iter().zip([c.inside_first, c.inside_second]) {
            if inside {
                self.hits.push(Hit::new(segment, place, c.at, !c.exact));
                continue;
            }
            for v in [segment, segment + 1] {
                if vertices[v as usize] == c.at {
                    self.nodes.push(v);
                }
            }
        }
    }
}

/// Cells that are looked at in one go. Fewer than two such parts are not worth waking other threads.
const IN_ONE_GO: usize = 8192;

/// Looks at cells on all cores; what is found comes in their order.
fn look(cells: &[u32], look: impl Fn(&[u32], &mut Contacts) + Sync) -> Vec<Contacts> {
    let part = |cells: &[u32]| {
        let mut found = Contacts::default();
        look(cells, &mut found);
        found
    };
    if cells.len() < 2 * IN_ONE_GO {
        return vec![part(cells)];
    }
    cells.par_chunks(IN_ONE_GO).map(part).collect()
}
