//! The Hilbert curve: an order of points in which neighbours on the ground are neighbours in memory.

use crate::{Bounds, E7};

/// Side of the raster on which points are ordered: 2¹⁶.
const BITS: u32 = 16;

/// The place of `p` on a Hilbert curve over `bounds`.
pub(super) fn key(p: E7, bounds: &Bounds) -> u32 {
    let scale = |v: i32, lo: i32, hi: i32| {
        let span = (i64::from(hi) - i64::from(lo)).max(1) as u64;
        let off = (i64::from(v) - i64::from(lo)).max(0) as u64;
        ((off * ((1 << BITS) - 1)) / span) as u32
    };
    let mut x = scale(p.lon, bounds.min.lon, bounds.max.lon);
    let mut y = scale(p.lat, bounds.min.lat, bounds.max.lat);
    let mut d = 0;
    // Quadrant by quadrant from the largest (Hamilton, "Compact Hilbert Indices", 2006).
    for bit in (0..BITS).rev() {
        let (rx, ry) = (x >> bit & 1, y >> bit & 1);
        d = d << 2 | ((3 * rx) ^ ry);
        if ry == 0 {
            if rx == 1 {
                x = !x & ((1 << BITS) - 1);
                y = !y & ((1 << BITS) - 1);
            }
            std::mem::swap(&mut x, &mut y);
        }
    }
    d
}
