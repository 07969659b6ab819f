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

use crate::{
    chain::Owner,
    frame::{CUT_X, CUT_Y, EAST, Fine, Frame, NORTH, Px, SOUTH, WEST, boxed},
    select::Segment,
};
use agree::agree;

/// An edge on the lattice, `a < b`, with the owners on its sides as seen from `a` to `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub a: Px,
    pub b: Px,
    pub left: Owner,
    pub right: Owner,
}

/// An edge in fine coordinates.
#[derive(Clone, Copy, Debug)]
struct Line {
    a: Fine,
    b: Fine,
    left: Owner,
    right: Owner,
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
    for s in segments {
        let line = Line { a: frame.fine(s.a), b: frame.fine(s.b), left: s.left, right: s.right };
        hot.extend(frame.pixel(line.a));
        hot.extend(frame.pixel(line.b));
        let within_one =
            frame.round(line.a.x) == frame.round(line.b.x) && frame.round(line.a.y) == frame.round(line.b.y);
        // An edge within one hot pixel vanishes, with all its crossings.
        if !within_one {
            cuts(frame, &line, &mut hot);
            lines.push(line);
        }
    }
    for x in CUT_X {
        hot.extend(CUT_Y.map(|y| Px { x, y }));
    }
    let cells = Cells::for_edges(lines.len());
    let crossed = crossings(frame, cells, &lines, &mut hot);
    let hot = Hot::new(cells, &hot);
    let mut edges = Vec::with_capacity(lines.len() + lines.len() / 4);
    let mut way = Vec::new();
    for line in &lines {
        route(frame, line, &hot, &mut way);
        for pair in way.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            edges.push(if a < b {
                Edge { a, b, left: line.left, right: line.right }
            } else {
                Edge { a: b, b: a, left: line.right, right: line.left }
            });
        }
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
fn crossings(frame: &Frame, cells: Cells, lines: &[Line], hot: &mut Vec<Px>) -> bool {
    let before = hot.len();
    let mut there: Vec<(u32, u32)> = Vec::with_capacity(lines.len() * 2);
    for (i, line) in lines.iter().enumerate() {
        cells.each(frame, line, |from, to| there.extend((from..=to).map(|c| (c, i as u32))));
    }
    let (starts, there) = cells.ordered(&there, |&(cell, _)| cell);
    for cell in starts.windows(2) {
        let cell = &there[cell[0] as usize..cell[1] as usize];
        for (k, &(_, i)) in cell.iter().enumerate() {
            for &(_, j) in &cell[..k] {
                hot.extend(crossing(frame, &lines[i as usize], &lines[j as usize]));
            }
        }
    }
    hot.len() > before
}

fn crossing(frame: &Frame, p: &Line, q: &Line) -> Option<Px> {
    let apart = |a: i64, b: i64, c: i64, d: i64| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    if apart(p.a.x, p.b.x, q.a.x, q.b.x) || apart(p.a.y, p.b.y, q.a.y, q.b.y) {
        return None;
    }
    let opposite = |s: &Line, t: &Line| {
        let (c, d) = (turn(s.a, s.b, t.a), turn(s.a, s.b, t.b));
        (c < 0 && d > 0) || (c > 0 && d < 0)
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

/// Square cells over the drawn box.
#[derive(Clone, Copy)]
struct Cells {
    /// Binary logarithm of a cell's side in lattice units.
    shift: i32,
    columns: i32,
    rows: i32,
}

impl Cells {
    /// About as many cells as edges, within limits: both looking through cells and through what is in them
    /// takes time.
    const fn for_edges(edges: usize) -> Self {
        let shift = match edges {
            0..500 => 8,
            500..2000 => 7,
            _ => 6,
        };
        Self { shift, columns: ((EAST - WEST) >> shift) + 1, rows: ((NORTH - SOUTH) >> shift) + 1 }
    }

    const fn of(self, p: Px) -> u32 {
        (((p.y - SOUTH) >> self.shift) * self.columns + ((p.x - WEST) >> self.shift)) as u32
    }

    /// Items in the order of their cells, and where each cell begins; the last start is the end. Counted rather
    /// than sorted: there are few cells, and many items.
    fn ordered<T: Copy>(self, items: &[T], cell: impl Fn(&T) -> u32) -> (Vec<u32>, Vec<T>) {
        let mut starts = vec![0_u32; (self.columns * self.rows) as usize + 1];
        for item in items {
            starts[cell(item) as usize + 1] += 1;
        }
        for c in 1..starts.len() {
            starts[c] += starts[c - 1];
        }
        let mut next = starts.clone();
        let mut ordered = items.to_vec();
        for item in items {
            let slot = &mut next[cell(item) as usize];
            ordered[*slot as usize] = *item;
            *slot += 1;
        }
        (starts, ordered)
    }

    /// Calls `f(first, last)` with the cells of each row of cells that an edge may touch, or pass within a
    /// unit of: never one too few. Doubles are good enough for that, with a unit to spare.
    fn each(self, frame: &Frame, line: &Line, mut f: impl FnMut(u32, u32)) {
        let lattice = |fine: i64| fine >> frame.shift;
        let (x0, x1) = (lattice(line.a.x.min(line.b.x)) - 2, lattice(line.a.x.max(line.b.x)) + 3);
        let (y0, y1) = (lattice(line.a.y.min(line.b.y)) - 2, lattice(line.a.y.max(line.b.y)) + 3);
        let [west, east, south, north] = [WEST, EAST, SOUTH, NORTH].map(i64::from);
        if x1 < west || x0 > east || y1 < south || y0 > north {
            return;
        }
        let row = |y: i64| ((y.clamp(south, north) - south) >> self.shift) as i32;
        let column = |x: i64| ((x.clamp(west, east) - west) >> self.shift) as i32;
        let (rows, columns) = (row(y0)..=row(y1), column(x0)..=column(x1));
        let mut call =
            |r: i32, from: i32, to: i32| f((r * self.columns + from) as u32, (r * self.columns + to) as u32);
        // Nearly always: an edge is short, and one row or column holds it.
        if rows.start() == rows.end() || columns.start() == columns.end() {
            for r in rows {
                call(r, *columns.start(), *columns.end());
            }
            return;
        }
        let unit = (1_i64 << frame.shift) as f64;
        let (ax, ay) = (line.a.x as f64 / unit, line.a.y as f64 / unit);
        let (bx, by) = (line.b.x as f64 / unit, line.b.y as f64 / unit);
        for r in rows {
            // The part of the edge at the height of this row, two units wider; all of a level edge.
            let bottom = f64::from(SOUTH + (r << self.shift)) - 2.0;
            let top = bottom + f64::from(1 << self.shift) + 4.0;
            let x = |y: f64| ax + (bx - ax) * ((y - ay) / (by - ay)).clamp(0.0, 1.0);
            let (p, q) = if ay == by { (ax, bx) } else { (x(bottom), x(top)) };
            let (from, to) = (p.min(q) - 2.0, p.max(q) + 2.0);
            if to >= f64::from(WEST) && from <= f64::from(EAST) {
                call(r, column(from.floor() as i64), column(to.floor() as i64));
            }
        }
    }
}

/// Hot pixels by cell, each once.
struct Hot {
    cells: Cells,
    starts: Vec<u32>,
    pixels: Vec<Px>,
}

impl Hot {
    fn new(cells: Cells, hot: &[Px]) -> Self {
        let (mut starts, mut pixels) = cells.ordered(hot, |&p| cells.of(p));
        // Cell by cell to the front, each pixel once. `begin` is where the cell began before.
        let (mut begin, mut kept) = (0, 0);
        for next in &mut starts[1..] {
            let end = *next as usize;
            pixels[begin..end].sort_unstable();
            let first = kept;
            for i in begin..end {
                if kept == first || pixels[kept - 1] != pixels[i] {
                    pixels[kept] = pixels[i];
                    kept += 1;
                }
            }
            begin = end;
            *next = kept as u32;
        }
        pixels.truncate(kept);
        Self { cells, starts, pixels }
    }

    fn in_cells(&self, from: u32, to: u32) -> &[Px] {
        &self.pixels[self.starts[from as usize] as usize..self.starts[to as usize + 1] as usize]
    }
}

/// The hot pixels that an edge touches, from its `a` to its `b`.
fn route(frame: &Frame, line: &Line, hot: &Hot, way: &mut Vec<Px>) {
    way.clear();
    hot.cells.each(frame, line, |from, to| {
        way.extend(hot.in_cells(from, to).iter().filter(|&&p| touches(frame, line, p)));
    });
    // Along a straight line columns and rows both only grow or only shrink.
    let (sx, sy) = ((line.b.x - line.a.x).signum() as i32, (line.b.y - line.a.y).signum() as i32);
    way.sort_unstable_by_key(|p| (p.x * sx + p.y * sy, p.x, p.y));
    way.dedup();
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

/// Edges that fell together become one. What lay between them is gone: from `1|2` and `2|3` remains
/// `1|3`; from `1|2` and `2|1` nothing.
fn merge(mut edges: Vec<Edge>) -> Vec<Edge> {
    // In the order of their ends. How equal ones are ordered makes no difference.
    edges.sort_unstable_by_key(|e| (e.a.packed(), e.b.packed()));
    let mut out = Vec::with_capacity(edges.len());
    let (mut lefts, mut rights): (Vec<Owner>, Vec<Owner>) = (Vec::new(), Vec::new());
    for run in edges.chunk_by(|p, q| (p.a, p.b) == (q.a, q.b)) {
        if let [edge] = run {
            if edge.left != edge.right {
                out.push(*edge);
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
            out.push(Edge { a: run[0].a, b: run[0].b, left, right });
        }
    }
    out
}

#[cfg(test)]
mod tests;
