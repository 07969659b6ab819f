//! Which face a point lies in: one point, one answer.
//!
//! A point on a border belongs to the face just east of it; if that is still the border, just north.
//! That is the same as asking for the point moved by an ε to the east and a much smaller ε² to the
//! north, which lies on no border. So: look west from it along its latitude to the nearest edge; the
//! face on the east side of that edge is the answer. Moving north by ε² makes the rules of the walk
//! simple and exact: an edge counts when its southern end is at or below the point's latitude and its
//! northern end above it; level edges never count.
//!
//! The walk goes through a table of cells, from the point's cell to the west, and ends at the nearest
//! edge or at the first cell that no edge touches, whose face was worked out once.

use super::{Face, UNBOUNDED, cells::Cells, graph::Graph};
use crate::e7::{E7, cross};
use std::cmp::Ordering;

/// Finds the face of points in one arrangement.
#[derive(Clone, Debug)]
pub(crate) struct Locator {
    ends: Vec<(E7, E7)>,
    /// The face to the east of each edge.
    east: Vec<Face>,
    cells: Cells,
    /// The face of each cell that no edge touches ([`WALK`] for the others).
    faces: Vec<Face>,
}

/// The cell has edges: walk.
const WALK: Face = Face::MAX;

impl Locator {
    pub(super) fn new(graph: &Graph) -> Self {
        let ends = graph.ends.clone();
        let east = (0..ends.len() as u32)
            .map(|i| {
                let (a, b) = ends[i as usize];
                graph.face(2 * i + u32::from(a.lat < b.lat))
            })
            .collect();
        let cells = Cells::new(&ends);
        let mut locator = Self { ends, east, faces: vec![WALK; cells.len()], cells };
        for row in 0..locator.cells.rows {
            for column in 0..locator.cells.columns {
                if locator.cells.edges(row, column).is_empty() {
                    // The rows and columns of the table lie on the lattice.
                    let corner = E7::new(
                        locator.cells.column_start(column) as i32,
                        locator.cells.row_start(row) as i32,
                    );
                    let face = if column == 0 { UNBOUNDED } else { locator.walk(corner, row, column - 1) };
                    locator.faces[row * locator.cells.columns + column] = face;
                }
            }
        }
        locator
    }

    /// The face of `p`; the unbounded one outside everything.
    pub fn face(&self, p: E7) -> Face {
        let c = &self.cells;
        let (x, y) = (i64::from(p.lon), i64::from(p.lat));
        if self.ends.is_empty()
            || x < c.column_start(0)
            || y < c.row_start(0)
            || x >= c.column_start(c.columns)
            || y >= c.row_start(c.rows)
        {
            return UNBOUNDED;
        }
        self.walk(p, c.row(p.lat), c.column(p.lon))
    }

    /// Looks west from `p`, beginning in `column` of `row`.
    fn walk(&self, p: E7, row: usize, column: usize) -> Face {
        let mut best: Option<u32> = None;
        for column in (0..=column).rev() {
            let cell = row * self.cells.columns + column;
            if self.faces[cell] != WALK {
                return self.faces[cell];
            }
            for &i in self.cells.edges_of(cell) {
                if counts(self.ends[i as usize], p, false)
                    && best
                        .is_none_or(|b| east_of(self.ends[i as usize], self.ends[b as usize], p.lat).is_gt())
                {
                    best = Some(i);
                }
            }
            if let Some(b) = best
                && reaches(self.ends[b as usize], p.lat, self.cells.column_start(column))
            {
                return self.east[b as usize];
            }
        }
        best.map_or(UNBOUNDED, |b| self.east[b as usize])
    }
}

/// The nearest edge west of `p` along its latitude; only strictly west of it if `strictly`.
pub(super) fn nearest_west(ends: &[(E7, E7)], cells: &Cells, p: E7, strictly: bool) -> Option<u32> {
    let row = cells.row(p.lat);
    let mut best: Option<u32> = None;
    for column in (0..=cells.column(p.lon)).rev() {
        for &i in cells.edges(row, column) {
            if counts(ends[i as usize], p, strictly)
                && best.is_none_or(|b| east_of(ends[i as usize], ends[b as usize], p.lat).is_gt())
            {
                best = Some(i);
            }
        }
        if let Some(b) = best
            && reaches(ends[b as usize], p.lat, cells.column_start(column))
        {
            return best;
        }
    }
    best
}

/// The edge from its southern to its northern end.
fn northward((a, b): (E7, E7)) -> (E7, E7) {
    if a.lat <= b.lat { (a, b) } else { (b, a) }
}

/// Whether the edge crosses the latitude of `p` (moved north by ε²) at or west of `p`.
fn counts(edge: (E7, E7), p: E7, strictly: bool) -> bool {
    let (south, north) = northward(edge);
    if p.lat < south.lat || p.lat >= north.lat {
        return false;
    }
    let side = cross(south, north, p);
    side < 0 || (side == 0 && !strictly)
}

/// Where the edge crosses a latitude, as a fraction over its height: (longitude · height, height).
fn at_latitude(edge: (E7, E7), lat: i32) -> (i128, i128) {
    let (south, north) = northward(edge);
    let d = |u: i32, v: i32| i128::from(v) - i128::from(u);
    let height = d(south.lat, north.lat);
    (i128::from(south.lon) * height + d(south.lon, north.lon) * d(south.lat, lat), height)
}

/// Compares where two edges cross a latitude: `Greater` when `e` does so farther east than `f`. Edges
/// that meet there are compared just north of it.
fn east_of(e: (E7, E7), f: (E7, E7), lat: i32) -> Ordering {
    let ((en, ed), (fnum, fd)) = (at_latitude(e, lat), at_latitude(f, lat));
    (en * fd).cmp(&(fnum * ed)).then_with(|| {
        let slope = |s: (E7, E7)| {
            let (south, north) = northward(s);
            (i128::from(north.lon) - i128::from(south.lon), i128::from(north.lat) - i128::from(south.lat))
        };
        let ((ex, ey), (fx, fy)) = (slope(e), slope(f));
        (ex * fy).cmp(&(fx * ey))
    })
}

/// Whether the edge crosses the latitude at or east of `lon`.
fn reaches(edge: (E7, E7), lat: i32, lon: i64) -> bool {
    let (x, height) = at_latitude(edge, lat);
    x >= i128::from(lon) * height
}
