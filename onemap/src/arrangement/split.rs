//! Lines and their cuts → paths between junctions, each once.
//!
//! Lines are taken apart at every vertex that another one shares. Where two run together, all their
//! vertices are shared, so what coincides is single segments; those become one, and what the lines say
//! adds up. What is left is strung together again between *junctions*, vertices where other than two
//! parts meet. A closed path without a junction begins at its smallest vertex.

use super::{
    labels::{Delta, Labels},
    line::{Line, SharedPath, runs_back},
    node::Cuts,
};
use crate::e7::E7;
use rustc_hash::FxHashMap;

/// A finished path and what changes from its right to its left.
pub(super) struct Strand {
    pub path: SharedPath,
    pub delta: Delta,
    /// Numbers of the junctions where it begins and ends; [`NOWHERE`] if it is closed and has none.
    pub nodes: [u32; 2],
}

/// No junction.
pub(super) const NOWHERE: u32 = u32::MAX;

/// A line, or a part of one.
#[derive(Clone, Copy)]
struct Part {
    source: Source,
    delta: Delta,
    /// Numbers of the vertices at its ends.
    nodes: [u32; 2],
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
    /// How many numbers the vertices at ends have.
    nodes: usize,
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
pub(super) fn split<'a, J: Fn(E7) -> bool>(
    lines: &'a [Line<'a>],
    cuts: Cuts,
    labels: &mut Labels,
    junction: J,
) -> impl Iterator<Item = Strand> + use<'a, J> {
    let mut parts = take_apart(lines, &cuts);
    drop(cuts);
    number(&mut parts);
    merge(&mut parts, labels);
    let (courses, points) = string(&parts, junction);
    // What is not needed any more makes room for what comes.
    drop(parts);
    finish(courses, points)
}

fn take_apart<'a>(lines: &'a [Line<'a>], cuts: &Cuts) -> Parts<'a> {
    let mut out = Parts { lines, points: Vec::new(), parts: Vec::with_capacity(lines.len()), nodes: 0 };
    let mut vertex = 0;
    for (i, line) in lines.iter().enumerate() {
        let first = vertex;
        vertex += line.points.len();
        if !cuts.lines[i] {
            out.parts.push(Part { source: Source::Whole(i as u32), delta: line.delta, nodes: [NOWHERE; 2] });
            continue;
        }
        let mut start = out.points.len();
        let mut end = |points: &mut Vec<E7>, p: E7| {
            if points.len() > start + 1 {
                let source = Source::Cut(start as u32, points.len() as u32);
                out.parts.push(Part { source, delta: line.delta, nodes: [NOWHERE; 2] });
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

/// Numbers the vertices at the ends of parts.
fn number(all: &mut Parts) {
    let count = all.parts.len();
    // Three ends or more come together nearly everywhere.
    let mut numbers: FxHashMap<E7, u32> =
        FxHashMap::with_capacity_and_hasher(count / 3 * 2 + 16, Default::default());
    let mut next = 0;
    let mut of = |p: E7| {
        *numbers.entry(p).or_insert_with(|| {
            next += 1;
            next - 1
        })
    };
    let mut before: Option<(E7, u32)> = None;
    for i in 0..count {
        let points = all.points(i);
        let (first, last) = (points[0], points[points.len() - 1]);
        // Mostly a part of a line begins where the one before ended.
        let begin = before.filter(|(p, _)| *p == first).map_or_else(|| of(first), |(_, n)| n);
        let end = of(last);
        all.parts[i].nodes = [begin, end];
        before = Some((last, end));
    }
    all.nodes = next as usize;
}

/// Makes one of all single segments that coincide, and drops what changes nothing.
fn merge(all: &mut Parts, labels: &mut Labels) {
    // Single segments by the lower number of their ends, in order.
    let is_single = |i: usize| all.points(i).len() == 2;
    let mut starts = vec![0_u32; all.nodes + 2];
    for i in (0..all.parts.len()).filter(|&i| is_single(i)) {
        let [a, b] = all.parts[i].nodes;
        starts[a.min(b) as usize + 2] += 1;
    }
    for n in 2..starts.len() {
        starts[n] += starts[n - 1];
    }
    let mut single = vec![(0_u32, 0_u32); starts.last().map_or(0, |n| *n as usize)];
    for i in (0..all.parts.len()).filter(|&i| is_single(i)) {
        let [a, b] = all.parts[i].nodes;
        let place = &mut starts[a.min(b) as usize + 1];
        single[*place as usize] = (a.max(b), i as u32);
        *place += 1;
    }
    for w in starts.windows(2) {
        let here = &mut single[w[0] as usize..w[1] as usize];
        if here.len() < 2 {
            continue;
        }
        here.sort_unstable();
        for same in here.chunk_by(|a, b| a.0 == b.0).filter(|s| s.len() > 1) {
            let kept = same[0].1 as usize;
            let [begin, _] = all.parts[kept].nodes;
            let mut sum = Delta::default();
            for &(_, i) in same {
                let part = &mut all.parts[i as usize];
                let delta = std::mem::take(&mut part.delta);
                sum = labels.add(&sum, &if part.nodes[0] == begin { delta } else { delta.reversed() });
            }
            all.parts[kept].delta = sum;
        }
    }
    all.parts.retain(|p| !p.delta.is_none());
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

/// Strings parts together; their points come one course after the other.
fn string<'a>(all: &Parts<'a>, junction: impl Fn(E7) -> bool) -> (Vec<Course<'a>>, Vec<E7>) {
    let count = all.parts.len();
    let mut nodes = vec![Node { ends: 0, some: [0; 2] }; all.nodes];
    for (i, part) in (0..).zip(&all.parts) {
        for (end, n) in [(2 * i, part.nodes[0]), (2 * i + 1, part.nodes[1])] {
            let node = &mut nodes[n as usize];
            if node.ends < 2 {
                node.some[node.ends as usize] = end;
            }
            node.ends += 1;
        }
    }
    let node_of = |end: End| all.parts[end as usize / 2].nodes[end as usize % 2];
    let place = |end: End| {
        let points = all.points(end as usize / 2);
        if end.is_multiple_of(2) { points[0] } else { points[points.len() - 1] }
    };
    // The end that goes on where this one stops; none at a junction.
    let goes_on = |end: End| {
        let node = nodes[node_of(end) as usize];
        (node.ends == 2 && !junction(place(end)))
            .then(|| if node.some[0] == end { node.some[1] } else { node.some[0] })
    };
    let mut courses: Vec<Course> = Vec::with_capacity(count);
    let (mut used, mut points) = (vec![false; count], Vec::with_capacity(all.points.len()));
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
            courses.push(follow(all, begin, &goes_on, &mut used, &mut points));
        }
    }
    (courses, points)
}

/// Measures what is new.
fn finish<'a>(courses: Vec<Course<'a>>, points: Vec<E7>) -> impl Iterator<Item = Strand> + use<'a> {
    let spans: Vec<(u32, u32)> = courses.iter().filter(|c| c.path.is_none()).map(|c| c.span).collect();
    let mut made = SharedPath::along(points, spans);
    courses.into_iter().filter_map(move |Course { path, delta, nodes, .. }| {
        let path = path.cloned().or_else(|| made.next())?;
        Some(Strand { path, delta, nodes })
    })
}

/// A strand whose points are still in one place with those of all others.
struct Course<'a> {
    /// The path, if it is that of a line as it was.
    path: Option<&'a SharedPath>,
    /// Else where its points are.
    span: (u32, u32),
    delta: Delta,
    nodes: [u32; 2],
}

/// Walks from an end as far as the parts go on; adds what is passed to `points`.
fn follow<'a>(
    all: &Parts<'a>,
    begin: End,
    goes_on: &impl Fn(End) -> Option<End>,
    used: &mut [bool],
    points: &mut Vec<E7>,
) -> Course<'a> {
    let Part { source, delta, nodes } = all.parts[begin as usize / 2];
    if let Source::Whole(line) = source
        && goes_on(begin ^ 1).is_none()
        && let Some(path) = all.lines[line as usize].path
    {
        used[begin as usize / 2] = true;
        return Course { path: Some(path), span: (0, 0), delta, nodes };
    }
    let from = points.len();
    let (mut at, mut closed) = (begin, false);
    loop {
        let part = at as usize / 2;
        used[part] = true;
        let course = all.points(part);
        let skip = usize::from(points.len() > from);
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
    let mut nodes = [nodes[begin as usize % 2], all.parts[at as usize / 2].nodes[(at ^ 1) as usize % 2]];
    if closed {
        nodes = [NOWHERE; 2];
        points.pop();
        let ring = &mut points[from..];
        let smallest = (0..ring.len()).min_by_key(|&k| ring[k]).unwrap_or(0);
        ring.rotate_left(smallest);
        points.push(points[from]);
    }
    let mut delta = if begin.is_multiple_of(2) { delta } else { delta.reversed() };
    let course = &mut points[from..];
    if runs_back(course) {
        course.reverse();
        delta = delta.reversed();
        nodes.reverse();
    }
    Course { path: None, span: (from as u32, points.len() as u32), delta, nodes }
}
