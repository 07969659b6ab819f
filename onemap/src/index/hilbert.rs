//! The Hilbert curve: an order of points in which neighbours on the ground are neighbours in memory.

use crate::{Bounds, E7};

/// The curve runs over a square raster of 2¹⁶ × 2¹⁶ cells.
const CELLS: f64 = 65_536.0;

/// Points that are looked at to find where most of them lie.
const SAMPLE: usize = 4096;

/// The square that the curve runs over. Points outside it count as on its border: the order of points
/// decides how fast a query is, never what it answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    west: f64,
    south: f64,
    /// Cells for each unit, the same both ways, so that cells are square.
    scale: f64,
}

impl Frame {
    /// Around all points; or, where a few stray ones (a row at 0° 0°) would leave too few cells for
    /// the others, around all but those.
    pub fn new(points: &[E7], bounds: &Bounds) -> Self {
        let around = |b: &Bounds| {
            let side = |lo: i32, hi: i32| (f64::from(hi) - f64::from(lo)).max(1.0);
            let widest = side(b.min.lon, b.max.lon).max(side(b.min.lat, b.max.lat));
            Self { west: b.min.lon.into(), south: b.min.lat.into(), scale: CELLS / (widest + 1.0) }
        };
        let all = around(bounds);
        let most = around(&most(points));
        if most.scale > 4.0 * all.scale { most } else { all }
    }

    /// The place of `p` on the curve.
    pub fn key(&self, p: E7) -> u32 {
        // Casts saturate: what lies outside the frame comes to its border.
        let cell = |v: i32, lo: f64| ((f64::from(v) - lo) * self.scale) as u16;
        along(cell(p.lon, self.west), cell(p.lat, self.south))
    }
}

/// The box around the middle 99 of 100 points each way, and a quarter more on every side.
fn most(points: &[E7]) -> Bounds {
    let step = points.len().div_ceil(SAMPLE).max(1);
    let range = |of: fn(&E7) -> i32| {
        let mut values: Vec<i32> = points.iter().step_by(step).map(of).collect();
        values.sort_unstable();
        let cut = values.len() / 200;
        let (Some(&lo), Some(&hi)) = (values.get(cut), values.get(values.len().saturating_sub(cut + 1)))
        else {
            return (0, 0);
        };
        let more = ((i64::from(hi) - i64::from(lo)) / 4) as i32;
        (lo.saturating_sub(more), hi.saturating_add(more))
    };
    let ((west, east), (south, north)) = (range(|p| p.lon), range(|p| p.lat));
    Bounds { min: E7::new(west, south), max: E7::new(east, north) }
}

/// How far along the curve cell (x, y) lies: four bits of either at a time.
fn along(x: u16, y: u16) -> u32 {
    let (mut turn, mut d) = (0, 0);
    for shift in [12, 8, 4, 0] {
        let step = STEPS[turn][usize::from((x >> shift & 15) << 4 | (y >> shift & 15))];
        d = d << 8 | u32::from(step & 255);
        turn = usize::from(step >> 8);
    }
    d
}

/// `STEPS[turn][x · 16 + y]`: for four bits of x and y the eight bits of the curve, and above them the
/// turn in which the curve runs through the cell that is reached. A turn is 1 if x and y are swapped,
/// plus 2 if both run backwards.
static STEPS: [[u16; 256]; 4] = steps();

/// Quadrant by quadrant from the largest (Hamilton, "Compact Hilbert Indices", 2006).
const fn steps() -> [[u16; 256]; 4] {
    let mut all = [[0; 256]; 4];
    let mut turn = 0;
    while turn < 4 {
        let mut xy = 0;
        while xy < 256 {
            let (mut swapped, mut back) = (turn & 1, turn >> 1);
            let mut d = 0;
            let mut bit = 4;
            while bit > 0 {
                bit -= 1;
                let (a, b) = ((xy >> (4 + bit) & 1) ^ back, (xy >> bit & 1) ^ back);
                let (rx, ry) = if swapped == 1 { (b, a) } else { (a, b) };
                d = d << 2 | ((3 * rx) ^ ry);
                if ry == 0 {
                    back ^= rx;
                    swapped ^= 1;
                }
            }
            all[turn][xy] = (d | (swapped | back << 1) << 8) as u16;
            xy += 1;
        }
        turn += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_goes_through_every_cell_in_steps_of_one() {
        // 128 × 128 cells in a corner of the raster are the first 2¹⁴ of the curve.
        let mut cells = vec![None; 1 << 14];
        for x in 0..128_u16 {
            for y in 0..128_u16 {
                let place = &mut cells[along(x, y) as usize];
                assert_eq!(*place, None, "two cells have one place");
                *place = Some((x, y));
            }
        }
        for w in cells.windows(2) {
            let ((ax, ay), (bx, by)) = (w[0].unwrap(), w[1].unwrap());
            assert_eq!(ax.abs_diff(bx) + ay.abs_diff(by), 1);
        }
    }

    #[test]
    fn a_stray_point_does_not_spoil_the_order_of_the_others() {
        let mut points: Vec<E7> =
            (0..1000).map(|i| E7::new(1_203_000_000 + i * 100, 315_000_000 + i % 37 * 1000)).collect();
        let before = Frame::new(&points, &Bounds::of(&points));
        points.push(E7::new(0, 0));
        let after = Frame::new(&points, &Bounds::of(&points));
        assert!(after.scale > before.scale / 2.0, "{} {}", after.scale, before.scale);
    }
}
