//! All vertices of all chains in a table of cells, and which of them went.

use super::cross;

/// See the module.
pub(super) struct Field {
    points: Vec<[i64; 2]>,
    gone: Vec<bool>,
    min: [i64; 2],
    /// Cells are squares of 2^shift units.
    shift: u32,
    columns: usize,
    rows: usize,
    /// `members[starts[c] .. starts[c + 1]]` are the vertices of cell `c`.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Field {
    pub fn new(points: Vec<[i64; 2]>) -> Self {
        let least = |k: usize| points.iter().map(|p| p[k]).min().unwrap_or(0);
        let most = |k: usize| points.iter().map(|p| p[k]).max().unwrap_or(0);
        let min = [least(0), least(1)];
        let (width, height) = (most(0) - min[0], most(1) - min[1]);
        // The smallest square cells of which no more are needed than there are vertices, or 64.
        let count = |side: i64, shift: u32| (side >> shift) as usize + 1;
        let fits = |s: &u32| count(width, *s).saturating_mul(count(height, *s)) <= points.len() + 64;
        // One cell always fits, and coordinates have at most 34 bits.
        let shift = (0..63).find(fits).unwrap_or(62);
        let (columns, rows) = (count(width, shift), count(height, shift));
        let mut field = Self {
            gone: vec![false; points.len()],
            starts: vec![0; columns * rows + 1],
            members: vec![0; points.len()],
            points,
            min,
            shift,
            columns,
            rows,
        };
        let cells: Vec<usize> = field.points.iter().map(|p| field.cell(*p)).collect();
        for &cell in &cells {
            field.starts[cell + 1] += 1;
        }
        for c in 1..field.starts.len() {
            field.starts[c] += field.starts[c - 1];
        }
        let mut next = field.starts.clone();
        for (i, &cell) in cells.iter().enumerate() {
            field.members[next[cell] as usize] = i as u32;
            next[cell] += 1;
        }
        field
    }

    pub fn is_gone(&self, vertex: usize) -> bool {
        self.gone[vertex]
    }

    pub fn remove(&mut self, vertex: usize) {
        self.gone[vertex] = true;
    }

    /// Whether a vertex other than the three corners lies in the closed triangle, or another vertex lies
    /// just where the middle corner (number `own`) is. Vertices that went do not count.
    pub fn is_blocked(&self, triangle: [[i64; 2]; 3], own: usize) -> bool {
        let [a, b, c] = triangle;
        let low = [0, 1].map(|k| a[k].min(b[k]).min(c[k]));
        let high = [0, 1].map(|k| a[k].max(b[k]).max(c[k]));
        let (west, east) = (self.column(low[0]), self.column(high[0]));
        let (south, north) = (self.row(low[1]), self.row(high[1]));
        let slanted = (east - west + 1) * (north - south + 1) > 16;
        (south..=north).any(|row| {
            let (west, east) = if slanted { self.columns_of(&triangle, row) } else { (west, east) };
            let cells = row * self.columns;
            let members = self.starts[cells + west] as usize..self.starts[cells + east + 1] as usize;
            self.members[members].iter().any(|&i| {
                let p = self.points[i as usize];
                let outside = || p[0] < low[0] || p[0] > high[0] || p[1] < low[1] || p[1] > high[1];
                if self.gone[i as usize] || i as usize == own || outside() || p == a || p == c {
                    return false;
                }
                let sides = [cross(a, b, p).signum(), cross(b, c, p).signum(), cross(c, a, p).signum()];
                !(sides.contains(&1) && sides.contains(&-1))
            })
        })
    }

    /// First and last column of cells that a triangle touches in a row of cells: of a long slanted one
    /// far fewer than its box has. Never one too few: doubles err by far less than the unit to spare.
    fn columns_of(&self, triangle: &[[i64; 2]; 3], row: usize) -> (usize, usize) {
        let south = self.min[1] as f64 + (row as f64) * (1_i64 << self.shift) as f64 - 1.0;
        let north = south + (1_i64 << self.shift) as f64 + 2.0;
        let (mut west, mut east) = (f64::MAX, f64::MIN);
        for k in 0..3 {
            let [p, q] = [triangle[k], triangle[(k + 1) % 3]].map(|v| v.map(|c| c as f64));
            let (low, high) = if p[1] < q[1] { (p, q) } else { (q, p) };
            if low[1] > north || high[1] < south {
                continue;
            }
            for y in [south.max(low[1]), north.min(high[1])] {
                let t = if high[1] > low[1] { (y - low[1]) / (high[1] - low[1]) } else { 0.0 };
                let x = low[0] + (high[0] - low[0]) * t;
                (west, east) = (west.min(x), east.max(x));
            }
            if low[1] == high[1] {
                (west, east) = (west.min(low[0]).min(high[0]), east.max(low[0]).max(high[0]));
            }
        }
        (self.column(west as i64 - 1), self.column(east as i64 + 1))
    }

    fn column(&self, x: i64) -> usize {
        (((x - self.min[0]).max(0) >> self.shift) as usize).min(self.columns - 1)
    }

    fn row(&self, y: i64) -> usize {
        (((y - self.min[1]).max(0) >> self.shift) as usize).min(self.rows - 1)
    }

    fn cell(&self, p: [i64; 2]) -> usize {
        self.row(p[1]) * self.columns + self.column(p[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The table finds what looking at every vertex finds.
        #[test]
        fn finds_what_is_in_a_triangle(
            points in prop::collection::vec((0..4000_i64, -300..300_i64), 3..200), removed in 0..200_usize,
            t in prop::array::uniform3((0..4000_i64, -300..300_i64)),
        ) {
            let mut points: Vec<[i64; 2]> = points.into_iter().map(|(x, y)| [x, y]).collect();
            let triangle = t.map(|(x, y)| [x, y]);
            points.extend(triangle);
            let own = points.len() - 2;
            let gone = removed % points.len();
            let [a, b, c] = triangle;
            let expected = points.iter().enumerate().any(|(i, &p)| {
                let s = [cross(a, b, p), cross(b, c, p), cross(c, a, p)];
                let inside = s.iter().all(|v| *v >= 0) || s.iter().all(|v| *v <= 0);
                let boxed = (0..2).all(|k| {
                    let of = [a[k], b[k], c[k]];
                    of.iter().any(|v| *v <= p[k]) && of.iter().any(|v| *v >= p[k])
                });
                i != gone && i != own && p != a && p != c && inside && boxed
            });
            let mut field = Field::new(points);
            field.remove(gone);
            prop_assert_eq!(field.is_blocked(triangle, own), expected);
        }
    }
}
