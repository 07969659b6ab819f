//! Some lines less, some more: only what they touch is done again, and the result is what building from
//! scratch would give, vertex for vertex and label for label.
//!
//! - *Which segments?* Noding a segment depends on those that [`interact`] with it, and on those that
//!   interact with them: starting from what changed, that neighbourhood is collected. It is noded twice,
//!   as it was and as it is now; only where the two differ does anything happen.
//! - *Which chains?* Those with such a segment, or that come to one of its ends. They are taken apart, the
//!   difference is added, and the segments are strung together again.
//! - *Which labels?* What winds around a point changes only inside the box around what changed, because
//!   rings are closed. The corners of cells and the chains in that box are asked again.

use super::{
    Arrangement,
    draft::{Border, Draft, build, sides},
    frame::Bins,
    labels::{Delta, Id, Label, Labels},
    line::{Chain, Line, SharedPath},
    meet::{Segment, interact, sorted},
    node::{Cuts, Known, grown, node},
    split::{Strand, split},
    table::{ChainId, Entry, Table, entries},
};
use crate::e7::{Bounds, E7};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::{Arc as Shared, OnceLock},
};

/// A segment of a line that goes in, as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub from: E7,
    pub to: E7,
    /// What changes from its right to its left.
    pub delta: Delta,
}

/// What an edit did to the chains.
#[derive(Debug, Default)]
pub(crate) struct Change {
    /// Chains that are gone, as they were.
    pub removed: Vec<(ChainId, Chain)>,
    /// Chains that are new.
    pub added: Vec<ChainId>,
    /// Chains that lie where they did, with other labels; as they were.
    pub relabelled: Vec<(ChainId, Chain)>,
}

/// Segments, and what changes from the right of smaller → greater to its left.
type Segments = FxHashMap<Segment, Delta>;

fn add(to: &mut Segments, from: E7, into: E7, delta: Delta, labels: &mut Labels) {
    if from != into {
        let delta = if from < into { delta } else { delta.reversed() };
        let sum = to.entry(sorted(from, into)).or_default();
        *sum = labels.add(sum, &delta);
    }
}

impl Arrangement {
    /// The arrangement with `less` taken away and `more` added; what is in both stays. `near` adds all
    /// edges of lines that stay anyway and come near a box, each once (some more do no harm).
    pub fn edit(
        &self,
        less: &[Edge],
        more: &[Edge],
        near: impl Fn(&Bounds, &mut Vec<Edge>),
    ) -> (Self, Change) {
        let mut next = self.clone();
        let labels = &mut next.labels;
        let difference = difference(less, more, near, labels);
        let mut change = Change::default();
        if difference.is_empty() {
            return (next, change);
        }
        let mut table = self.table().clone();
        let ends: FxHashSet<E7> = difference.keys().flat_map(|&(a, b)| [a, b]).collect();
        let mut dirty: Vec<ChainId> = ends.iter().flat_map(|&p| self.around(p).map(Entry::chain)).collect();
        dirty.sort_unstable();
        dirty.dedup();
        let mut local = Segments::default();
        for id in dirty {
            let Some(chain) = next.chains.take(id) else { continue };
            let delta = labels.delta(chain.left, chain.right);
            for w in chain.path.points().windows(2) {
                add(&mut local, w[0], w[1], delta, labels);
            }
            change.removed.push((id, chain));
        }
        for (&(a, b), &delta) in &difference {
            add(&mut local, a, b, delta, labels);
        }
        let local = Drawn::new(local);
        let lines = local.lines();
        // All that comes to an end of the difference is here; elsewhere nothing meets that did not before.
        let junction = |p: E7| !ends.contains(&p) && self.degree(p) != 2;
        let strands = split(&lines, Cuts::none(lines.len()), labels, junction);

        let mut new: BTreeMap<ChainId, Strand> = BTreeMap::new();
        for strand in strands {
            let same = change.removed.iter().position(|(_, c)| c.path.points() == strand.path.points());
            let Some(same) = same else {
                let (path, none) = (strand.path.clone(), Label::NONE);
                let id = next.chains.insert(Chain { path, left: none, right: none });
                change.added.push(id);
                new.insert(id, strand);
                continue;
            };
            // It comes out as it went in: something only came to its end, or it has another meaning.
            let (id, old) = change.removed.swap_remove(same);
            next.chains.set(id, old.clone());
            if labels.delta(old.left, old.right) != strand.delta {
                change.relabelled.push((id, old));
                new.insert(id, strand);
            }
        }
        next.settle(&mut table, Bounds::of(&ends), &new, &mut change);
        next.table = Shared::new(OnceLock::from(table));
        change.removed.iter().for_each(|(id, _)| next.chains.free(*id));
        next.labels.settle();
        (next, change)
    }

    /// Puts new chains into the table and works out all labels that may have changed: inside `bounds`.
    fn settle(
        &mut self,
        table: &mut Table,
        bounds: Bounds,
        new: &BTreeMap<ChainId, Strand>,
        change: &mut Change,
    ) {
        let Self { chains, labels, .. } = self;
        let frame = table.frame;
        if !frame.bounds().covers(&bounds) {
            return self.lay_out_anew(table, bounds, new, change);
        }
        // Rows to be made again, with the segments of new chains, and their columns in which anything changes.
        let mut rows: BTreeMap<u32, Vec<(u32, Entry)>> = BTreeMap::new();
        let mut around = new.values().fold(bounds, |b, strand| b.join(strand.path.bounds));
        for b in change.removed.iter().map(|(_, c)| c.path.bounds).chain([bounds]) {
            around = around.join(b);
            for r in frame.row(b.min.lat)..=frame.row(b.max.lat) {
                rows.entry(r).or_default();
            }
        }
        let window = frame.column(around.min.lon)..frame.column(around.max.lon) + 1;
        for (&id, strand) in new {
            for e in entries(&strand.path, id) {
                frame.pass(e.ends.0, e.ends.1, 0, |row, c0, c1| {
                    rows.entry(row).or_default().extend((c0..=c1).map(|c| (c, e)));
                });
            }
        }
        let gone: FxHashSet<ChainId> =
            change.removed.iter().map(|c| c.0).chain(new.keys().copied()).collect();
        // Of the others the labels may be stale, but not what changes across them.
        let delta = |labels: &mut Labels, e: &Entry| {
            let of = match new.get(&e.chain()) {
                Some(strand) => strand.delta,
                None => chains.get(e.chain()).map_or(Delta::default(), |c| labels.delta(c.left, c.right)),
            };
            if e.reversed() { of.reversed() } else { of }
        };
        let columns = frame.column(bounds.min.lon)..frame.column(bounds.max.lon) + 1;
        let inside = frame.row(bounds.min.lat)..=frame.row(bounds.max.lat);
        let mut drafts: BTreeMap<u32, Draft> = BTreeMap::new();
        let mut asked: BTreeSet<ChainId> = BTreeSet::new();
        for (r, mut all) in rows {
            let old = &table.rows[r as usize];
            all.extend(old.all_in(window.clone()).filter(|(_, e)| !gone.contains(&e.chain())));
            let mut draft = Draft::new(r, window.clone(), &all, old);
            if inside.contains(&r) {
                draft.sweep(&frame, columns.clone(), labels, &delta);
                asked.extend(draft.chains_in(columns.clone()).filter(|c| !new.contains_key(c)));
            }
            drafts.insert(r, draft);
        }
        let mut crossed = Vec::new();
        let mut moved: FxHashMap<ChainId, (Label, Label)> = FxHashMap::default();
        for (&id, Strand { path, delta: of, .. }) in new {
            moved.insert(id, sides(&frame, path, of, labels, &delta, |row| drafts.get(&row), &mut crossed));
        }
        for id in asked {
            // What reaches out of the box has the labels that it has outside.
            let Some(chain) = chains.get(id).filter(|c| bounds.covers(&c.path.bounds)) else { continue };
            let of = labels.delta(chain.left, chain.right);
            let both = sides(&frame, &chain.path, &of, labels, &delta, |row| drafts.get(&row), &mut crossed);
            if both != (chain.left, chain.right) {
                change.relabelled.push((id, chain.clone()));
                moved.insert(id, both);
            }
        }
        for (r, draft) in drafts {
            let row = &mut table.rows[r as usize];
            *row = Shared::new(draft.finish_in(row));
        }
        for (id, (left, right)) in moved {
            if let Some(chain) = chains.get(id) {
                let path = chain.path.clone();
                chains.set(id, Chain { path, left, right });
            }
        }
    }

    /// The same when something comes to lie outside the table: a wider table of all chains.
    fn lay_out_anew(
        &mut self,
        table: &mut Table,
        reach: Bounds,
        new: &BTreeMap<ChainId, Strand>,
        change: &mut Change,
    ) {
        let Self { chains, labels, .. } = self;
        let mut delta = |id, c: &Chain| match new.get(&id) {
            Some(strand) => strand.delta,
            None => labels.delta(c.left, c.right),
        };
        let all: Vec<(ChainId, SharedPath, Delta)> =
            chains.iter().map(|(id, c)| (id, c.path.clone(), delta(id, c))).collect();
        let borders: Vec<Border> =
            all.iter().map(|(id, path, delta)| Border { id: *id, path, delta: *delta }).collect();
        let sides;
        (*table, sides) = build(table.frame.bounds().join(reach), &borders, labels);
        for ((id, path, _), (left, right)) in all.into_iter().zip(sides) {
            let Some(old) = chains.get(id) else { continue };
            if (old.left, old.right) != (left, right) {
                if !new.contains_key(&id) {
                    change.relabelled.push((id, old.clone()));
                }
                chains.set(id, Chain { path, left, right });
            }
        }
    }

    /// The segments of chains that come to a vertex, some more than once.
    fn around(&self, p: E7) -> impl Iterator<Item = &Entry> {
        self.table().near(p, p).filter(move |e| e.ends.0 == p || e.ends.1 == p)
    }

    /// How many segments come to a vertex.
    fn degree(&self, p: E7) -> usize {
        let mut ends: Vec<Segment> = self.around(p).map(|e| e.ends).collect();
        ends.sort_unstable();
        ends.dedup();
        ends.len()
    }
}

/// Edges near a box, from those that `fill` gives: asked once for the surroundings of what changes, and
/// again for twice as much should more be wanted. `fill` adds each edge that meets a box once.
pub(crate) fn nearby<'a>(
    less: &[Edge],
    more: &[Edge],
    fill: impl Fn(&Bounds, &mut Vec<Edge>) + 'a,
) -> impl Fn(&Bounds, &mut Vec<Edge>) + 'a {
    let touched = less.iter().chain(more).fold(Bounds::EMPTY, |b, e| b.with(e.from).with(e.to));
    let gather = move |bounds: Bounds| {
        let mut edges = Vec::new();
        fill(&bounds, &mut edges);
        let bins = Bins::new((0..).zip(&edges).map(|(i, e): (u32, &Edge)| (i, e.from, e.to)), 0);
        (bounds, edges, bins)
    };
    let known = RefCell::new(None);
    move |bounds, out| {
        let mut known = known.borrow_mut();
        let (covered, edges, bins) = match &mut *known {
            Some(k) => k,
            none => none.insert(gather(widened(touched.join(*bounds)))),
        };
        if !covered.covers(bounds) {
            (*covered, *edges, *bins) = gather(widened(covered.join(*bounds)));
        }
        let mut places = Vec::new();
        bins.near_box(bounds.min, bounds.max, |i| places.push(i));
        places.sort_unstable();
        places.dedup();
        out.extend(places.into_iter().map(|i| edges[i as usize]));
    }
}

/// A box with a margin of a quarter of its size.
fn widened(b: Bounds) -> Bounds {
    let margin =
        |lo: i32, hi: i32| ((i64::from(hi) - i64::from(lo)) / 4 + 1000).min(i64::from(i32::MAX)) as i32;
    let (x, y) = (margin(b.min.lon, b.max.lon), margin(b.min.lat, b.max.lat));
    Bounds {
        min: E7::new(b.min.lon.saturating_sub(x), b.min.lat.saturating_sub(y)),
        max: E7::new(b.max.lon.saturating_add(x), b.max.lat.saturating_add(y)),
    }
}

/// What noding leaves of the edges now, less what it left of them before.
fn difference(
    less: &[Edge],
    more: &[Edge],
    near: impl Fn(&Bounds, &mut Vec<Edge>),
    labels: &mut Labels,
) -> Segments {
    let (less, more, both) = compare(less, more, labels);
    let common = Bins::new((0..).zip(&both).map(|(i, e)| (i, e.from, e.to)), 0);
    let around = |min: E7, max: E7| {
        let mut found = Vec::new();
        near(&Bounds { min, max }, &mut found);
        let mut places = Vec::new();
        common.near_box(min, max, |i| places.push(i));
        places.sort_unstable();
        places.dedup();
        found.extend(places.into_iter().map(|i| both[i as usize]));
        found
    };
    // Everything that interacts with what changed, and so on.
    let mut members: BTreeSet<Segment> = less.keys().chain(more.keys()).copied().collect();
    let mut todo: Vec<Segment> = members.iter().copied().collect();
    while let Some(s) = todo.pop() {
        let (min, max) = grown(s);
        for e in around(min, max) {
            let t = sorted(e.from, e.to);
            if interact(s, t) && members.insert(t) {
                todo.push(t);
            }
        }
    }
    // All that is drawn along those segments and stays.
    let mut stays = Segments::default();
    for s in members {
        let b = Bounds::of([&s.0, &s.1]);
        for e in around(b.min, b.max).into_iter().filter(|e| sorted(e.from, e.to) == s) {
            add(&mut stays, e.from, e.to, e.delta, labels);
        }
    }
    let mut difference = Segments::default();
    for ((a, b), delta) in noded(&stays, &less, labels) {
        add(&mut difference, a, b, delta.reversed(), labels);
    }
    for ((a, b), delta) in noded(&stays, &more, labels) {
        add(&mut difference, a, b, delta, labels);
    }
    difference.retain(|_, delta| !delta.is_none());
    difference
}

/// What is only in `less`, what is only in `more`, and what is in both.
fn compare(less: &[Edge], more: &[Edge], labels: &mut Labels) -> (Segments, Segments, Vec<Edge>) {
    let key = |e: &Edge| {
        if e.from < e.to { (e.from, e.to, e.delta) } else { (e.to, e.from, e.delta.reversed()) }
    };
    let mut counts: FxHashMap<_, (i32, Edge)> = FxHashMap::default();
    for (edges, sign) in [(less, -1), (more, 1)] {
        for e in edges {
            counts.entry(key(e)).or_insert((0, *e)).0 += sign;
        }
    }
    let (mut only_less, mut only_more) = (Segments::default(), Segments::default());
    for &(n, e) in counts.values() {
        for _ in 0..n.abs() {
            let to = if n < 0 { &mut only_less } else { &mut only_more };
            add(to, e.from, e.to, e.delta, labels);
        }
    }
    let mut both: Vec<Edge> = Vec::new();
    let mut spare: FxHashMap<_, i32> = FxHashMap::default();
    for e in more {
        let k = key(e);
        // Of those in `more`, so many are not in `less`.
        let extra = spare.entry(k).or_insert_with(|| counts.get(&k).map_or(0, |c| c.0.max(0)));
        if *extra > 0 {
            *extra -= 1;
        } else {
            both.push(*e);
        }
    }
    (only_less, only_more, both)
}

/// The segments that noding leaves of two sets together.
fn noded(stays: &Segments, other: &Segments, labels: &mut Labels) -> Segments {
    let mut all = stays.clone();
    for (&(a, b), &delta) in other {
        add(&mut all, a, b, delta, labels);
    }
    let all = Drawn::new(all);
    let lines = all.lines();
    let cuts = node(&lines, Known::SharedAreEnds);
    let mut out = Segments::default();
    for (i, line) in (0_u32..).zip(&lines) {
        // Two vertices a line: the segment of line i has the number 2i.
        match cuts.course(2 * i as usize) {
            None => add(&mut out, line.points[0], line.points[1], line.delta, labels),
            Some(course) => {
                course.windows(2).for_each(|w| add(&mut out, w[0], w[1], line.delta, labels));
            }
        }
    }
    out
}

/// Segments that change something, as lines of two points, in order.
pub(super) struct Drawn {
    points: Vec<[E7; 2]>,
    deltas: Vec<Delta>,
}

impl Drawn {
    /// What edges say together: (smaller end, greater end, whose, windings).
    pub fn of(edges: impl Iterator<Item = (E7, E7, Id, i32)>, labels: &mut Labels) -> Self {
        let mut all = Segments::default();
        for (a, b, id, windings) in edges {
            let delta = labels.times(0, id, windings);
            add(&mut all, a, b, delta, labels);
        }
        Self::new(all)
    }

    fn new(segments: Segments) -> Self {
        let mut all: Vec<(Segment, Delta)> = segments.into_iter().filter(|(_, d)| !d.is_none()).collect();
        all.sort_unstable_by_key(|s| s.0);
        Self {
            points: all.iter().map(|((a, b), _)| [*a, *b]).collect(),
            deltas: all.iter().map(|s| s.1).collect(),
        }
    }

    pub fn lines(&self) -> Vec<Line<'_>> {
        let both = self.points.iter().zip(&self.deltas);
        both.map(|(points, delta)| Line { points, path: None, delta: *delta }).collect()
    }
}
