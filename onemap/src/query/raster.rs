//! Rasters of squares or hexagons over the lattice.

use super::QueryError;
use crate::{Bounds, E7, Ring, geodesic, index::Cells};

/// What a raster is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tiling {
    /// Squares, their sides along parallels and meridians.
    Square,
    /// Hexagons with a corner to the north.
    Hexagon,
}

/// A cell: its column counted to the east and its row counted to the north, from 0° 0°.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub struct Cell {
    pub row: i32,
    pub col: i32,
}

/// Cells of one size in lattice units, so that each position lies in exactly one. They are as large as
/// asked for at the whole degree of latitude nearest to where they are wanted, so two queries in one
/// city share a raster; a degree further they are up to 3 % off at 55°.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raster {
    tiling: Tiling,
    /// From one cell to the next to the east; even.
    width: i64,
    /// From one row to the next to the north.
    height: i64,
}

/// Cells must be at least this large: half a room …
const LEAST_M: f64 = 1.0;
/// … and at most this: a province.
const MOST_M: f64 = 1_000_000.0;

impl Raster {
    /// Squares with sides of `size_m` metres, or hexagons whose opposite sides are so far apart, to be
    /// used around a position.
    ///
    /// # Errors
    /// When the size is not between 1 m and 1 000 km.
    pub fn new(tiling: Tiling, size_m: f64, near: E7) -> Result<Self, QueryError> {
        if !(LEAST_M..=MOST_M).contains(&size_m) {
            let found = size_m.to_string();
            let expected = "metres from 1 to 1000000";
            return Err(QueryError::Parameter { parameter: "size", found, expected });
        }
        let degree = near.lat_degrees().round().clamp(-85.0, 85.0);
        let (east, north) = geodesic::metres_per_unit(degree.to_radians());
        let rows = match tiling {
            Tiling::Square => 1.0,
            Tiling::Hexagon => 0.75_f64.sqrt(),
        };
        let width = ((size_m / east / 2.0).round() as i64).max(1) * 2;
        Ok(Self { tiling, width, height: ((size_m / north * rows).round() as i64).max(1) })
    }

    /// The cell of a position. Where several meet, the eastern one has it; if that leaves several, the
    /// northern.
    pub fn cell(&self, p: E7) -> Cell {
        let (x, y) = (i64::from(p.lon), i64::from(p.lat));
        let row = y.div_euclid(self.height);
        if self.tiling == Tiling::Square {
            return Cell { row: row as i32, col: x.div_euclid(self.width) as i32 };
        }
        // The cell with the nearest middle: middles lie on the southern border of the row that was
        // just found and on its northern one, at most a width away.
        let near = [row, row + 1].into_iter().flat_map(|row| {
            let col = (x - self.shift(row)).div_euclid(self.width);
            [Cell { row: row as i32, col: col as i32 }, Cell { row: row as i32, col: col as i32 + 1 }]
        });
        let order = |c: &Cell| {
            let (mx, my) = self.middle(*c);
            (self.distance(x - mx, y - my), -mx, -my)
        };
        near.min_by_key(order).unwrap_or(Cell { row: 0, col: 0 })
    }

    /// In a plane where hexagons are regular, the square of a distance (times 4·width²·height², so that
    /// it is whole).
    fn distance(&self, dx: i64, dy: i64) -> i128 {
        let (x, y) = (i128::from(dx) * i128::from(self.height), i128::from(dy) * i128::from(self.width));
        4 * x * x + 3 * y * y
    }

    /// Every other row of hexagons is half a cell further east.
    fn shift(&self, row: i64) -> i64 {
        if row.rem_euclid(2) == 1 { self.width / 2 } else { 0 }
    }

    /// Of a square the south-western corner, of a hexagon the middle.
    fn middle(&self, cell: Cell) -> (i64, i64) {
        let (row, col) = (i64::from(cell.row), i64::from(cell.col));
        let shift = if self.tiling == Tiling::Hexagon { self.shift(row) } else { 0 };
        (col * self.width + shift, row * self.height)
    }

    /// The border of a cell, counter-clockwise, for drawing: corners of hexagons are rounded to the
    /// lattice, and what lies beyond the globe comes to its edge.
    pub fn outline(&self, cell: Cell) -> Ring {
        let ((x, y), (w, h)) = (self.middle(cell), (self.width, self.height));
        let corners = match self.tiling {
            Tiling::Square => vec![(0, 0), (w, 0), (w, h), (0, h)],
            Tiling::Hexagon => {
                let (half, side, tip) = (w / 2, h / 3, h * 2 / 3);
                vec![(0, -tip), (half, -side), (half, side), (0, tip), (-half, side), (-half, -side)]
            }
        };
        let within = |v: i64, most: i64| v.clamp(-most, most) as i32;
        corners
            .into_iter()
            .map(|(dx, dy)| E7::new(within(x + dx, 1_800_000_000), within(y + dy, 900_000_000)))
            .collect()
    }
}

impl Cells for Raster {
    type Cell = Cell;

    fn cell(&self, p: E7) -> Cell {
        Raster::cell(self, p)
    }

    fn in_one(&self, b: &Bounds) -> bool {
        // Cells are convex, so a box is in one if its corners are.
        let cell = self.cell(b.min);
        cell == self.cell(b.max)
            && (self.tiling == Tiling::Square
                || cell == self.cell(E7::new(b.min.lon, b.max.lat))
                    && cell == self.cell(E7::new(b.max.lon, b.min.lat)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_hexagon_has_what_is_nearest_to_its_middle(x in -1_800_000_000..=1_800_000_000_i32, y in -900_000_000..=900_000_000_i32, size in 1.0..5000.0_f64) {
            let p = E7::new(x, y);
            let raster = Raster::new(Tiling::Hexagon, size, E7::new(0, 315_000_000)).unwrap();
            let cell = raster.cell(p);
            let far = |c: Cell| {
                let (mx, my) = raster.middle(c);
                raster.distance(i64::from(x) - mx, i64::from(y) - my)
            };
            for row in -3..=3 {
                for col in -3..=3 {
                    let other = Cell { row: cell.row + row, col: cell.col + col };
                    prop_assert!(far(cell) <= far(other), "{cell:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn cells_are_as_large_as_asked_for() {
        let at = E7::new(1_203_000_000, 310_000_000);
        for tiling in [Tiling::Square, Tiling::Hexagon] {
            let raster = Raster::new(tiling, 500.0, at).unwrap();
            let ring = raster.outline(raster.cell(at));
            let area = geodesic::area_m2(&crate::MultiPolygon(vec![crate::Polygon {
                exterior: ring,
                holes: vec![],
            }]));
            let expected = if tiling == Tiling::Square { 250_000.0 } else { 250_000.0 * 0.75_f64.sqrt() };
            assert!((area / expected - 1.0).abs() < 0.01, "{tiling:?}: {area} m²");
        }
    }

    #[test]
    fn a_position_on_a_border_belongs_to_the_east_then_the_north() {
        let raster = Raster { tiling: Tiling::Square, width: 10, height: 10 };
        assert_eq!(raster.cell(E7::new(10, 10)), Cell { row: 1, col: 1 });
        assert_eq!(raster.cell(E7::new(-1, 9)), Cell { row: 0, col: -1 });
        let raster = Raster { tiling: Tiling::Hexagon, width: 10, height: 9 };
        // Midway between the middles of (0, 0) and (0, 1).
        assert_eq!(raster.cell(E7::new(5, 0)), Cell { row: 0, col: 1 });
    }
}
