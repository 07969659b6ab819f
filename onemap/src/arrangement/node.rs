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
    meet::{Contact, REACH, Segment, along, interact, meet, passes_pixel, sorted},
};
use crate::e7::E7;
use rustc_hash::{FxHashMap, FxHashSet};

/// Rounds before snap rounding in full; two or three are usual. [`REACH`] bounds what they can move.
const ROUNDS: usize = 8;
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
    /// For each cut segment its course, from the smaller end to the greater.
    bent: FxHashMap<u32, Vec<E7>>,
    /// Which segments are cut: quicker than to look them up.
    is_bent: Vec<bool>,
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

    /// The course of a segment that is cut, from its smaller end to its greater.
    #[inline]
    pub fn course(&self, segment: usize) -> Option<&[E7]> {
        let bent = self.is_bent.get(segment).copied().unwrap_or(false);
        if bent { self.bent.get(&(segment as u32)).map(Vec::as_slice) } else { None }
    }
}

/// See the module.
pub(super) fn node(lines: &[Line], known: Known) -> Cuts {
    let mut noder = Noder::new(lines);
    noder.first_round(known);
    let mut active = noder.apply();
    for _ in 1..ROUNDS {
        if active.is_empty() {
            break;
        }
        noder.next_round(&active);
        active = noder.apply();
    }
    if !active.is_empty() {
        noder.next_round(&active);
        if !noder.hits.is_empty() {
            noder.snap_round(active.iter().map(|p| p.segment).collect());
        }
    }
    noder.finish(lines.len())
}

/// A piece of a cut segment: the part between two points of its course.
struct Piece {
    ends: Segment,
    segment: u32,
    /// Its place in the course.
    place: u32,
}

/// A point to insert into a piece.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    segment: u32,
    place: u32,
    at: E7,
    bends: bool,
}

struct Noder {
    vertices: Vec<E7>,
    /// The first vertex of each line, and one more at the end.
    starts: Vec<u32>,
    hits: Vec<Hit>,
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
        let unmarked = vec![false; vertices.len()];
        let cuts = Cuts { nodes: unmarked.clone(), is_bent: unmarked, ..Cuts::default() };
        Self { vertices, starts, hits: Vec::new(), cuts }
    }

    /// All segments of some lines.
    fn segments(&self, lines: std::ops::Range<usize>) -> impl Iterator<Item = (u32, E7, E7)> + Clone + '_ {
        self.starts[lines.start..=lines.end].windows(2).flat_map(move |w| {
            let points = &self.vertices[w[0] as usize..w[1] as usize];
            (w[0]..).zip(points.windows(2)).map(|(i, p)| (i, p[0], p[1]))
        })
    }

    fn segment(&self, i: u32) -> Segment {
        sorted(self.vertices[i as usize], self.vertices[i as usize + 1])
    }

    fn first_round(&mut self, known: Known) {
        let all = self.starts.len() - 1;
        let mut contacts = Contacts::default();
        match known {
            Known::SharedAreEnds => {
                let bins = Bins::new(self.segments(0..all));
                for cell in bins.cells() {
                    for (k, &i) in cell.iter().enumerate() {
                        let s = self.segment(i);
                        for &j in &cell[k + 1..] {
                            meet(s, self.segment(j), false, |c| contacts.push((i, 0), (j, 0), c));
                        }
                    }
                }
            }
            Known::Noded(first) => {
                let (mut few, mut many) = (0..first, first..all);
                if self.starts[first] as usize > self.vertices.len() / 2 {
                    std::mem::swap(&mut few, &mut many);
                }
                let bins = Bins::new(self.segments(few));
                for (i, a, b) in self.segments(many) {
                    let s = sorted(a, b);
                    bins.near(a, b, |j| {
                        meet(s, self.segment(j), true, |c| contacts.push((i, 0), (j, 0), c));
                    });
                }
            }
        }
        self.take(contacts);
    }

    /// Looks at the pieces that were bent: against each other, and against all else.
    fn next_round(&mut self, active: &[Piece]) {
        let mut contacts = Contacts::default();
        let bins = Bins::new((0..).zip(active).map(|(k, p)| (k, p.ends.0, p.ends.1)));
        let mut look = |ends: Segment, segment: u32, place: u32| {
            bins.near(ends.0, ends.1, |k| {
                let p = &active[k as usize];
                if (p.segment, p.place) != (segment, place) {
                    meet(ends, p.ends, true, |c| contacts.push((segment, place), (p.segment, p.place), c));
                }
            });
        };
        for (i, a, b) in self.segments(0..self.starts.len() - 1) {
            match self.cuts.course(i as usize) {
                None => look(sorted(a, b), i, 0),
                Some(course) => {
                    (0..).zip(course.windows(2)).for_each(|(k, w)| look(sorted(w[0], w[1]), i, k))
                }
            }
        }
        self.take(contacts);
    }

    /// Notes what is to be cut, and which vertices are met by other lines.
    fn take(&mut self, contacts: Contacts) {
        for (segment, at) in contacts.nodes {
            let i = segment as usize;
            // A point of the course between the ends is a node anyway.
            for v in [i, i + 1] {
                if self.vertices[v] == at {
                    self.cuts.nodes[v] = true;
                }
            }
        }
        self.hits = contacts.hits;
    }

    /// Inserts the noted points; returns the pieces that this bent.
    fn apply(&mut self) -> Vec<Piece> {
        let mut hits = std::mem::take(&mut self.hits);
        hits.sort_unstable();
        hits.dedup_by_key(|h| (h.segment, h.place, h.at));
        let mut active = Vec::new();
        for of_segment in hits.chunk_by(|a, b| a.segment == b.segment) {
            let segment = of_segment[0].segment;
            let (a, b) = self.segment(segment);
            self.cuts.is_bent[segment as usize] = true;
            let course = self.cuts.bent.entry(segment).or_insert_with(|| vec![a, b]);
            let mut points: Vec<(E7, bool)> = Vec::with_capacity(course.len() + of_segment.len());
            let mut hits = of_segment.iter().peekable();
            for (k, w) in (0..).zip(course.windows(2)) {
                points.push((w[0], false));
                let first = points.len();
                while let Some(h) = hits.next_if(|h| h.place == k) {
                    points.push((h.at, h.bends));
                }
                points[first..].sort_unstable_by_key(|(p, _)| along(w[0], w[1], *p));
            }
            points.push((b, false));
            for (k, w) in (0..).zip(points.windows(2)) {
                if w[0].1 || w[1].1 {
                    active.push(Piece { ends: sorted(w[0].0, w[1].0), segment, place: k });
                }
            }
            *course = points.into_iter().map(|(p, _)| p).collect();
        }
        active
    }

    /// Snap rounding in full, of the given segments and of all that interact with them.
    fn snap_round(&mut self, seeds: Vec<u32>) {
        self.hits.clear();
        let all = 0..self.starts.len() - 1;
        let bins = Bins::new(self.segments(all));
        let mut members: FxHashSet<u32> = seeds.iter().copied().collect();
        let mut todo = seeds;
        while let Some(i) = todo.pop() {
            let s = self.segment(i);
            let (a, b) = grown(s);
            bins.near_box(a, b, |j| {
                if !members.contains(&j) && interact(s, self.segment(j)) {
                    members.insert(j);
                    todo.push(j);
                }
            });
        }
        let mut members: Vec<u32> = members.into_iter().collect();
        members.sort_unstable();
        let ends: Vec<Segment> = members.iter().map(|&i| self.segment(i)).collect();
        let bins = Bins::new((0..).zip(&ends).map(|(k, s)| (k, s.0, s.1)));
        let mut hot: Vec<E7> = ends.iter().flat_map(|&(a, b)| [a, b]).collect();
        for (k, &s) in (0..).zip(&ends) {
            bins.near(s.0, s.1, |j| {
                if j > k {
                    meet(s, ends[j as usize], false, |c| hot.push(c.at));
                }
            });
        }
        hot.sort_unstable();
        hot.dedup();
        let mut courses: Vec<Vec<E7>> = vec![Vec::new(); ends.len()];
        for &p in &hot {
            // A pixel reaches half a unit out.
            let (a, b) = grown((p, p));
            bins.near_box(a, b, |k| {
                let (a, b) = ends[k as usize];
                if p != a && p != b && passes_pixel(a, b, p) {
                    courses[k as usize].push(p);
                }
            });
        }
        for ((&i, &(a, b)), mut course) in members.iter().zip(&ends).zip(courses) {
            course.sort_unstable_by_key(|p| along(a, b, *p));
            course.dedup();
            course.insert(0, a);
            course.push(b);
            self.cuts.bent.insert(i, course);
            self.cuts.is_bent[i as usize] = true;
            self.cuts.nodes[i as usize] = true;
            self.cuts.nodes[i as usize + 1] = true;
        }
    }

    fn finish(mut self, lines: usize) -> Cuts {
        let mut touched = vec![false; lines];
        for (line, w) in self.starts.windows(2).enumerate() {
            let inner = w[0] as usize + 1..(w[1] as usize).saturating_sub(1);
            touched[line] = !inner.is_empty() && self.cuts.nodes[inner].contains(&true);
        }
        for &segment in self.cuts.bent.keys() {
            touched[self.starts.partition_point(|&s| s <= segment) - 1] = true;
        }
        self.cuts.lines = touched;
        self.cuts
    }
}

/// The box around a segment, grown by [`REACH`].
pub(super) fn grown((a, b): Segment) -> (E7, E7) {
    let (south, north) = (a.lat.min(b.lat), a.lat.max(b.lat));
    (
        E7::new(a.lon.saturating_sub(REACH), south.saturating_sub(REACH)),
        E7::new(b.lon.saturating_add(REACH), north.saturating_add(REACH)),
    )
}

/// What a round finds.
#[derive(Default)]
struct Contacts {
    hits: Vec<Hit>,
    nodes: Vec<(u32, E7)>,
}

impl Contacts {
    #[inline]
    fn push(&mut self, s: (u32, u32), t: (u32, u32), c: Contact) {
        for ((segment, place), inside) in [(s, c.inside_first), (t, c.inside_second)] {
            if inside {
                self.hits.push(Hit { segment, place, at: c.at, bends: !c.exact });
            } else {
                self.nodes.push((segment, c.at));
            }
        }
    }
}
