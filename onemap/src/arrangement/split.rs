//! Lines and their cuts → paths between junctions, each once.
//!
//! Lines are taken apart at every vertex that another one shares. Where two run together, all their
//! vertices are shared, so what coincides is single segments; those become one, and what the lines say
//! adds up. What is left is strung together again between *junctions*, vertices where other than two
//! parts meet. A closed path without a junction begins at its smallest vertex.

use super::{
    labels::{Delta, Labels},
    line::{Line, Path, runs_back},
    meet::sorted,
    node::Cuts,
};
use crate::e7::E7;
use rustc_hash::FxHashMap;
use std::sync::Arc as Shared;

/// A finished path and what changes from its right to its left.
pub(super) struct Strand {
    pub path: Shared<Path>,
    pub delta: Delta,
}

/// A line, or a part of one.
#[derive(Clone, Copy)]
struct Part {
    source: Source,
    delta: Delta,
}

#[derive(Clone, Copy)]
enum Source {
    /// This line as it is.
    Whole(u32),
    /// From here to there in `Parts::points`.
    Cut(u32, u32),
}

struct Parts<'a> {
    lines: &'a [Line<'a>],
    points: Vec<E7>,
    parts: Vec<Part>,
}

impl Parts<'_> {
    fn points(&self, part: usize) -> &[E7] {
        match self.parts[part].source {
            Source::Whole(line) => self.lines[line as usize].points,
            Source::Cut(from, to) => &self.points[from as usize..to as usize],
        }
    }
}

/// See the module. `junction` says of a vertex where two parts meet whether it is a junction all the
/// same (because of lines that are not among these).
pub(super) fn split(
    lines: &[Line],
    cuts: &Cuts,
    labels: &mut Labels,
    junction: impl Fn(E7) -> bool,
) -> Vec<Strand> {
    let parts = merge(take_apart(lines, cuts), labels);
    string(&parts, junction)
}

fn take_apart<'a>(lines: &'a [Line<'a>], cuts: &Cuts) -> Parts<'a> {
    let mut out = Parts { lines, points: Vec::new(), parts: Vec::with_capacity(lines.len()) };
    let mut vertex = 0;
    for (i, line) in lines.iter().enumerate() {
        let first = vertex;
        vertex += line.points.len();
        if !cuts.lines[i] {
            out.parts.push(Part { source: Source::Whole(i as u32), delta: line.delta });
            continue;
        }
        let mut start = out.points.len();
        let mut end = |points: &mut Vec<E7>, p: E7| {
            if points.len() > start + 1 {
                let source = Source::Cut(start as u32, points.len() as u32);
                out.parts.push(Part { source, delta: line.delta });
                start = points.len();
                points.push(p);
            }
        };
        out.points.push(line.points[0]);
        for (k, w) in line.points.windows(2).enumerate() {
            if let Some(course) = cuts.course(first + k) {
                // Kept from the smaller end to the greater; the ends are vertices of the line.
                let inner = &course[1..course.len() - 1];
                let mut step = |p: &E7| {
                    out.points.push(*p);
                    end(&mut out.points, *p);
                };
                if w[0] < w[1] {
                    inner.iter().for_each(&mut step)
                } else {
                    inner.iter().rev().for_each(&mut step)
                }
            }
            out.points.push(w[1]);
            if cuts.nodes[first + k + 1] || k + 2 == line.points.len() {
                end(&mut out.points, w[1]);
            }
        }
        // The last point begins no part.
        out.points.pop();
    }
    out
}

/// Makes one of all single segments that coincide, and drops what changes nothing.
fn merge<'a>(mut all: Parts<'a>, labels: &mut Labels) -> Parts<'a> {
    let mut single: Vec<((E7, E7), u32)> = (0..all.parts.len())
        .filter_map(|i| match all.points(i) {
            [a, b] => Some((sorted(*a, *b), i as u32)),
            _ => None,
        })
        .collect();
    single.sort_unstable();
    for same in single.chunk_by(|a, b| a.0 == b.0).filter(|s| s.len() > 1) {
        let (ends, kept) = same[0];
        let mut sum = Delta::default();
        for &(_, i) in same {
            let part = all.parts[i as usize].delta;
            let forward = all.points(i as usize)[0] == ends.0;
            sum = labels.add(&sum, &if forward { part } else { part.reversed() });
            all.parts[i as usize].delta = Delta::default();
        }
        let forward = all.points(kept as usize)[0] == ends.0;
        all.parts[kept as usize].delta = if forward { sum } else { sum.reversed() };
    }
    all.parts.retain(|p| !p.delta.is_none());
    all
}

/// An end of a part: `2i` is where part `i` begins, `2i + 1` where it ends.
type End = u32;

#[derive(Clone, Copy)]
struct Node {
    /// How many ends are here.
    ends: u32,
    /// Two of them.
    some: [End; 2],
}

fn string(all: &Parts, junction: impl Fn(E7) -> bool) -> Vec<Strand> {
    let count = all.parts.len();
    let mut numbers: FxHashMap<E7, u32> = FxHashMap::with_capacity_and_hasher(count, Default::default());
    let mut nodes: Vec<Node> = Vec::with_capacity(count);
    let mut node_of: Vec<u32> = Vec::with_capacity(2 * count);
    for i in 0..count {
        let points = all.points(i);
        for (end, p) in [(2 * i, points[0]), (2 * i + 1, points[points.len() - 1])] {
            let next = nodes.len() as u32;
            let n = *numbers.entry(p).or_insert(next);
            if n == next {
                nodes.push(Node { ends: 0, some: [0; 2] });
            }
            let node = &mut nodes[n as usize];
            if node.ends < 2 {
                node.some[node.ends as usize] = end as End;
            }
            node.ends += 1;
            node_of.push(n);
        }
    }
    let place = |end: End| {
        let points = all.points(end as usize / 2);
        if end.is_multiple_of(2) { points[0] } else { points[points.len() - 1] }
    };
    // The end that goes on where this one stops; none at a junction.
    let goes_on = |end: End| {
        let node = nodes[node_of[end as usize] as usize];
        (node.ends == 2 && !junction(place(end)))
            .then(|| if node.some[0] == end { node.some[1] } else { node.some[0] })
    };
    let mut strands = Vec::with_capacity(count);
    let mut used = vec![false; count];
    for closed in [false, true] {
        for i in 0..count {
            if used[i] {
                continue;
            }
            let begin = if closed || goes_on(2 * i as End).is_none() {
                2 * i as End
            } else if goes_on(2 * i as End + 1).is_none() {
                2 * i as End + 1
            } else {
                continue;
            };
            strands.push(strand(all, begin, &goes_on, &mut used));
        }
    }
    strands
}

/// Walks from an end as far as the parts go on.
fn strand(all: &Parts, begin: End, goes_on: &impl Fn(End) -> Option<End>, used: &mut [bool]) -> Strand {
    let first = begin as usize / 2;
    let delta = all.parts[first].delta;
    let delta = if begin.is_multiple_of(2) { delta } else { delta.reversed() };
    if let Source::Whole(line) = all.parts[first].source
        && goes_on(begin ^ 1).is_none()
        && let Some(path) = all.lines[line as usize].path
    {
        used[first] = true;
        return Strand { path: Shared::clone(path), delta: all.parts[first].delta };
    }
    let mut points: Vec<E7> = Vec::with_capacity(all.points(first).len());
    let (mut at, mut closed) = (begin, false);
    loop {
        let part = at as usize / 2;
        used[part] = true;
        let course = all.points(part);
        let skip = usize::from(!points.is_empty());
        if at.is_multiple_of(2) {
            points.extend_from_slice(&course[skip..]);
        } else {
            points.extend(course.iter().rev().skip(skip));
        }
        match goes_on(at ^ 1) {
            Some(next) if next == begin => {
                closed = true;
                break;
            }
            Some(next) => at = next,
            None => break,
        }
    }
    if closed {
        points.pop();
        let smallest = (0..points.len()).min_by_key(|&k| points[k]).unwrap_or(0);
        points.rotate_left(smallest);
        points.push(points[0]);
    }
    let delta = if runs_back(&points) { delta.reversed() } else { delta };
    Strand { path: Shared::new(Path::new(points)), delta }
}
