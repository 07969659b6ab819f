//! A uniform table of cells over some edges: which edges pass through which cell.

use crate::e7::{Bounds, E7};

/// Cells in row-major order, each with the edges whose line may touch it (never one too few).
#[derive(Clone, Debug)]
pub(super) struct Cells {
    origin: E7,
    /// Width and height of a cell in lattice units.
    width: i64,
    height: i64,
    pub columns: usize,
    pub rows: usize,
    /// `edges[starts[c] .. starts[c + 1]]` are the edges of cell `c`.
    starts: Vec<u32>,
    edges: Vec<u32>,
}

/// No table needs more cells than this: 2²², about 16 MB of starts.
const MOST_CELLS: usize = 1 << 22;

impl Cells {
    /// A table with about as many cells as there are edges.
    pub fn new(ends: &[(E7, E7)]) -> Self {
        let bounds = ends.iter().fold(Bounds::EMPTY, |b, (p, q)| b.with(*p).with(*q));
        let (origin, spans) = if bounds.is_empty() {
            (E7::default(), [1, 1])
        } else {
            let span = |a: i32, b: i32| i64::from(b) - i64::from(a) + 1;
            (bounds.min, [span(bounds.min.lon, bounds.max.lon), span(bounds.min.lat, bounds.max.lat)])
        };
        let want = ends.len().clamp(1, MOST_CELLS) as f64;
        let side = ((spans[0] as f64 * spans[1] as f64) / want).sqrt().max(1.0);
        // A flat or thin set must not explode into as many columns as it has units.
        let split = |span: i64| ((span as f64 / side).ceil() as i64).clamp(1, want as i64);
        let (columns, rows) = (split(spans[0]), split(spans[1]));
        let (width, height) = (spans[0] / columns + 1, spans[1] / rows + 1);
        let mut table = Self {
            origin,
            width,
            height,
            columns: columns as usize,
            rows: rows as usize,
            starts: vec![0; (columns * rows) as usize + 1],
            edges: Vec::new(),
        };
        for &(p, q) in ends {
            table.visit(p, q, |starts, _, cell| starts[cell + 1] += 1);
        }
        for c in 1..table.starts.len() {
            table.starts[c] += table.starts[c - 1];
        }
        table.edges = vec![0; table.starts.last().copied().unwrap_or(0) as usize];
        let mut next = table.starts.clone();
        for (i, &(p, q)) in ends.iter().enumerate() {
            table.visit(p, q, |_, edges, cell| {
                edges[next[cell] as usize] = i as u32;
                next[cell] += 1;
            });
        }
        table
    }

    /// Calls `f` for every cell that the segment may touch, row by row.
    fn visit(&mut self, p: E7, q: E7, mut f: impl FnMut(&mut Vec<u32>, &mut Vec<u32>, usize)) {
        let (lo, hi) = if p.lat <= q.lat { (p, q) } else { (q, p) };
        let (first, last) = (self.row(lo.lat), self.row(hi.lat));
        let slope = if hi.lat == lo.lat {
            0.0
        } else {
            (f64::from(hi.lon) - f64::from(lo.lon)) / (f64::from(hi.lat) - f64::from(lo.lat))
        };
        let (west, east) = (lo.lon.min(hi.lon), lo.lon.max(hi.lon));
        for row in first..=last {
            let (c0, c1) = if first == last {
                (self.column(west), self.column(east))
            } else {
                // Longitudes where the line enters and leaves the row; doubles are good to far
                // better than a unit here, two units of margin make it safe.
                let south = (self.row_start(row).max(i64::from(lo.lat)) - i64::from(lo.lat)) as f64;
                let north = (self.row_start(row + 1).min(i64::from(hi.lat)) - i64::from(lo.lat)) as f64;
                let (x0, x1) = (f64::from(lo.lon) + slope * south, f64::from(lo.lon) + slope * north);
                let clamp = |x: f64| (x as i64).clamp(i64::from(west), i64::from(east)) as i32;
                (self.column(clamp(x0.min(x1) - 2.0)), self.column(clamp(x0.max(x1) + 2.0)))
            };
            for column in c0..=c1 {
                f(&mut self.starts, &mut self.edges, row * self.columns + column);
            }
        }
    }

    /// The column of a longitude, clamped to the table.
    pub fn column(&self, lon: i32) -> usize {
        ((i64::from(lon) - i64::from(self.origin.lon)) / self.width).clamp(0, self.columns as i64 - 1)
            as usize
    }

    /// The row of a latitude, clamped to the table.
    pub fn row(&self, lat: i32) -> usize {
        ((i64::from(lat) - i64::from(self.origin.lat)) / self.height).clamp(0, self.rows as i64 - 1) as usize
    }

    /// The longitude at which a column starts.
    pub fn column_start(&self, column: usize) -> i64 {
        i64::from(self.origin.lon) + column as i64 * self.width
    }

    /// The latitude at which a row starts.
    pub fn row_start(&self, row: usize) -> i64 {
        i64::from(self.origin.lat) + row as i64 * self.height
    }

    /// The edges of the cell in `row` and `column`.
    pub fn edges(&self, row: usize, column: usize) -> &[u32] {
        self.edges_of(row * self.columns + column)
    }

    /// The edges of a cell by its number.
    pub fn edges_of(&self, cell: usize) -> &[u32] {
        &self.edges[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.rows * self.columns
    }
}
