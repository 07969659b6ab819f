//! Step *quantise*: edges onto the tile's lattice by snap rounding (Hobby 1999), so that they cross
//! nowhere but at lattice positions.
//!
//! The pixel of a lattice position is the unit square around it. A pixel is *hot* when a vertex lies
//! in it, or two edges cross in it, or an edge crosses one of the cut lines (the tile's edges and the
//! buffers') in it. Every edge is then led through the middle of each hot pixel that it touches:
//!
//! ```text
//!    ·   ·   ·   · ╱ ·           ·   ·   ·   ·   ·
//!               ╱
//!    ·   ·  ■╱   ·   ·    →      ·   ·   ■───────■       ■ hot
//!        ╱                              ╱
//!    ■   ·   ·   ·   ·           ■───────·   ·   ·
//! ```
//!
//! What it guarantees: edges that did not cross do not cross afterwards, though they may fall
//! together; no vertex lies inside an edge. And it is *local*: how an edge runs in a part of the
//! plane depends only on the edges as they were and the hot pixels of that part. So two tiles that
//! both see a place draw it alike, without knowing of each other.

mod agree;
mod cells;
mod line;

use crate::{
    chain::Owner,
    frame::{CUT_X, CUT_Y, Fine, Frame, Px, boxed},
    project::World,
    radix::sort_by_bits,
    select::Segment,
};
use agree::agree;
use cells::{Cells, Hot, Span};
use line::Line;

/// An edge on the lattice, `a < b`, with the owners on its sides as seen from `a` to `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub a: Px,
    pub b: Px,
    pub left: Owner,
    pub right: Owner,
}

/// The edges of the drawn box on the lattice; each once, between different positions. Edges whose two
/// sides belong to the same owner (after what lay between fell together) are left out. All edges around a
/// face name the same owner; `whole` tells that of a box whose border no edge touches.
pub(crate) fn quantise(frame: &Frame, segments: &[Segment], whole: impl FnOnce() -> Owner) -> Vec<Edge> {
    let (edges, crossed) = snap_round(frame, segments);
    // A sliver may turn over without any edge crossing another; it is seen where the lattice is that fine.
    if crossed || frame.shift <= FINE { agree(edges, whole) } else { edges }
}

/// From zoom 16 on a unit of the lattice is at most sixteen of those that positions are projected to.
const FINE: u32 = 5;

/// The edges on the lattice, and whether any two crossed before.
fn snap_round(frame: &Frame, segments: &[Segment]) -> (Vec<Edge>, bool) {
    let mut hot: Vec<Px> = Vec::with_capacity(segments.len() * 2);
    let mut lines: Vec<Line> = Vec::with_capacity(segments.len());
    // Nearly always an edge begins where the one before ended.
    let mut last: Option<(World, Fine)> = None;
    for s in segments {
        let a = match last {
            Some((end, fine)) if end == s.a => fine,
            _ => {
                let fine = frame.fine(s.a);
                hot.extend(frame.pixel(fine));
                fine
            }
        };
        let b = frame.fine(s.b);
        hot.extend(frame.pixel(b));
        last = Some((s.b, b));
        let line = Line::new(frame, a, b, s.left, s.right);
        // An edge within one hot pixel vanishes, with all its crossings.
        if line.ends[0] != line.ends[1] {
            if !line.is_within_cuts() {
                cuts(frame, &line, &mut hot);
            }
            lines.push(line);
        }
    }
    for x in CUT_X {
        hot.extend(CUT_Y.map(|y| Px { x, y }));
    }
    let cells = Cells::for_edges(lines.len());
    let spans = cells.spans(frame, &lines);
    let crossed = crossings(frame, cells, &lines, &spans, &mut hot);
    let hot = Hot::new(cells, &hot);
    let mut edges: Vec<Laid> = Vec::with_capacity(lines.len() + lines.len() / 4);
    let mut way = Vec::new();
    for spans in spans.chunk_by(|a, b| a.line == b.line) {
        let line = &lines[spans[0].line as usize];
        route(frame, line, spans, &hot, &mut way);
        edges.extend(way.windows(2).map(|pair| Laid::new(pair[0], pair[1], line)));
    }
    (merge(edges), crossed)
}

/// The pixels where an edge crosses the cut lines.
fn cuts(frame: &Frame, line: &Line, hot: &mut Vec<Px>) {
    let (a, b) = (line.a, line.b);
    for k in CUT_X {
        let x = frame.at(k);
        if (a.x < x && x < b.x) || (b.x < x && x < a.x) {
            hot.extend(boxed(i64::from(k), rounded_at(frame, (a.x, a.y), (b.x, b.y), x)));
        }
    }
    for k in CUT_Y {
        let y = frame.at(k);
        if (a.y < y && y < b.y) || (b.y < y && y < a.y) {
            hot.extend(boxed(rounded_at(frame, (a.y, a.x), (b.y, b.x), y), i64::from(k)));
        }
    }
}

/// The lattice value nearest to the second coordinate of the line `a b` where its first is `at`.
fn rounded_at(frame: &Frame, a: (i64, i64), b: (i64, i64), at: i64) -> i64 {
    let (a, b) = if a.0 < b.0 { (a, b) } else { (b, a) };
    let den = i128::from(b.0 - a.0);
    let num = i128::from(a.1) * den + i128::from(b.1 - a.1) * i128::from(at - a.0);
    round_ratio(frame, num, den)
}

/// `num / den` (`den > 0`, in fine units) rounded to the lattice, halves up, as [`Frame::round`] does.
fn round_ratio(frame: &Frame, num: i128, den: i128) -> i64 {
    (num + den * i128::from(frame.half())).div_euclid(den << frame.shift) as i64
}

/// The pixels where two edges cross at inner points of both. In a proper coverage there are none but
/// those that projection made (a hair's breadth); the rounding must hold up all the same. Whether there are any.
fn crossings(frame: &Frame, cells: Cells, lines: &[Line], spans: &[Span], hot: &mut Vec<Px>) -> bool {
    let before = hot.len();
    let mut there: Vec<Near> = Vec::with_capacity(spans.len() * 2);
    for span in spans {
        let [low, high] = lines[span.line as usize].bounds();
        there.extend((span.first..=span.last).map(|cell| Near { cell, line: span.line, low, high }));
    }
    let (starts, there) = cells.ordered(&there, |near| near.cell);
    for cell in starts.windows(2) {
        let cell = &there[cell[0] as usize..cell[1] as usize];
        for (k, p) in cell.iter().enumerate() {
            for q in cell[..k].iter().filter(|q| p.meets(q)) {
                hot.extend(crossing(frame, &lines[p.line as usize], &lines[q.line as usize]));
            }
        }
    }
    hot.len() > before
}

/// An edge in a cell, with the box around the pixels that it touches.
#[derive(Clone, Copy)]
struct Near {
    cell: u32,
    line: u32,
    low: Px,
    high: Px,
}

impl Near {
    /// Whether the boxes have a pixel in common: that of a crossing lies in both.
    fn meets(&self, other: &Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }
}

fn crossing(frame: &Frame, p: &Line, q: &Line) -> Option<Px> {
    // Nearly always, of those that come here: one begins where the other ends.
    if p.a == q.b || p.b == q.a || p.a == q.a || p.b == q.b {
        return None;
    }
    let opposite = |s: &Line, t: &Line| {
        let c = turn(s.a, s.b, t.a);
        c != 0 && c == -turn(s.a, s.b, t.b)
    };
    if !opposite(p, q) || !opposite(q, p) {
        return None;
    }
    let v = |from: Fine, to: Fine| (i128::from(to.x - from.x), i128::from(to.y - from.y));
    let x = |u: (i128, i128), w: (i128, i128)| u.0 * w.1 - u.1 * w.0;
    let (along, other) = (v(p.a, p.b), v(q.a, q.b));
    let (mut t, mut den) = (x(v(p.a, q.a), other), x(along, other));
    if den < 0 {
        (t, den) = (-t, -den);
    }
    boxed(
        round_ratio(frame, i128::from(p.a.x) * den + t * along.0, den),
        round_ratio(frame, i128::from(p.a.y) * den + t * along.1, den),
    )
}

/// Sign of the turn from `a b` to `c`: positive to the left.
fn turn(a: Fine, b: Fine, c: Fine) -> i32 {
    let (ux, uy, vx, vy) = (b.x - a.x, b.y - a.y, c.x - a.x, c.y - a.y);
    const SMALL: i64 = 1 << 30;
    if ux.abs() < SMALL && uy.abs() < SMALL && vx.abs() < SMALL && vy.abs() < SMALL {
        return (ux * vy - uy * vx).signum() as i32;
    }
    (i128::from(ux) * i128::from(vy) - i128::from(uy) * i128::from(vx)).signum() as i32
}

/// The hot pixels that an edge touches, from its `a` to its `b`.
fn route(frame: &Frame, line: &Line, spans: &[Span], hot: &Hot, way: &mut Vec<Px>) {
    way.clear();
    let [low, high] = line.bounds();
    // It touches all there are in one row or column.
    let is_straight = low.x == high.x || low.y == high.y;
    for &p in spans.iter().flat_map(|span| hot.in_span(span)) {
        let near = (low.x..=high.x).contains(&p.x) && (low.y..=high.y).contains(&p.y);
        if near && (is_straight || line.ends.contains(&p) || touches(frame, line, p)) {
            way.push(p);
        }
    }
    // Along a straight line columns and rows both only grow or only shrink. No pixel comes twice, since each lies in
    // one cell and each cell is looked through once.
    let (sx, sy) = ((line.b.x - line.a.x).signum() as i32, (line.b.y - line.a.y).signum() as i32);
    way.sort_unstable_by_key(|p| (p.x * sx + p.y * sy, p.x, p.y));
}

/// Whether an edge touches a pixel, whose west and south sides belong to it and whose east and north
/// sides do not. Exact.
fn touches(frame: &Frame, line: &Line, p: Px) -> bool {
    let half = frame.half();
    let (west, east) = (frame.at(p.x) - half, frame.at(p.x) + half);
    let (south, north) = (frame.at(p.y) - half, frame.at(p.y) + half);
    let (a, b) = if line.a.x <= line.b.x { (line.a, line.b) } else { (line.b, line.a) };
    if b.x < west || a.x >= east || a.y.max(b.y) < south || a.y.min(b.y) >= north {
        return false;
    }
    if a.x == b.x || a.y == b.y {
        return true;
    }
    // A line that meets the square only in a corner touches the pixel if that corner is its own,
    // which is the south-west one alone.
    let rising = a.y < b.y;
    let at = |x: i64, y: i64| turn(a, b, Fine { x, y });
    let nw = at(west, north);
    if nw == 0 {
        return !rising;
    }
    let ne = at(east, north);
    if ne == 0 {
        return rising;
    }
    if nw != ne {
        return true;
    }
    let sw = at(west, south);
    if sw == 0 || sw != nw {
        return true;
    }
    let se = at(east, south);
    if se == 0 {
        return !rising;
    }
    se != sw
}

/// An edge on the lattice, its ends in one number: so it is quick to sort.
#[derive(Clone, Copy)]
struct Laid {
    /// `a`, and below it `b`; `a < b`.
    ends: u64,
    left: Owner,
    right: Owner,
}

impl Laid {
    fn new(a: Px, b: Px, line: &Line) -> Self {
        let (p, q) = (a.packed(), b.packed());
        if p < q {
            Self { ends: (p << Px::BITS) | q, left: line.left, right: line.right }
        } else {
            Self { ends: (q << Px::BITS) | p, left: line.right, right: line.left }
        }
    }

    const fn edge(ends: u64, left: Owner, right: Owner) -> Edge {
        let (a, b) = (ends >> Px::BITS, ends & ((1 << Px::BITS) - 1));
        Edge { a: Px::unpacked(a), b: Px::unpacked(b), left, right }
    }
}

/// Edges that fell together become one. What lay between them is gone: from `1|2` and `2|3` remains
/// `1|3`; from `1|2` and `2|1` nothing.
fn merge(mut edges: Vec<Laid>) -> Vec<Edge> {
    sort_by_bits(&mut edges, 2 * Px::BITS, |e| e.ends);
    let mut out = Vec::with_capacity(edges.len());
    let (mut lefts, mut rights): (Vec<Owner>, Vec<Owner>) = (Vec::new(), Vec::new());
    for run in edges.chunk_by(|p, q| p.ends == q.ends) {
        if let [edge] = run {
            if edge.left != edge.right {
                out.push(Laid::edge(edge.ends, edge.left, edge.right));
            }
            continue;
        }
        lefts.clear();
        rights.clear();
        lefts.extend(run.iter().map(|e| e.left));
        rights.extend(run.iter().map(|e| e.right));
        lefts.retain(|l| match rights.iter().position(|r| r == l) {
            Some(at) => {
                rights.swap_remove(at);
                false
            }
            None => true,
        });
        // As many lefts as rights remain: one of each, or none. (More only where the input's owners
        // contradict each other; the smallest then stand for all.)
        if let (Some(&left), Some(&right)) = (lefts.iter().min(), rights.iter().min()) {
            out.push(Laid::edge(run[0].ends, left, right));
        }
    }
    out
}

#[cfg(test)]
mod tests;
