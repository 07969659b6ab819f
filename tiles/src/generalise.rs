//! Step *generalise*: fewer vertices for a zoom. The core does it (see
//! [`gridbeat_onemap::generalise`]): on chains, so that neighbours keep one common border; never across
//! anything; and no area is lost.

use crate::{chain::Chain, project::World};
use gridbeat_onemap::generalise::{self, Lattice};

/// The side, in units of a zoom's lattice (4096 a tile), of the square half of which is too small to be
/// worth a vertex: an eighth of a square pixel where a tile is drawn 512 pixels wide.
const FLAT: u32 = 4;

/// Zooms from here on show every vertex.
pub(crate) const DETAIL_ZOOM: u8 = 14;

/// The chains with fewer vertices for zoom `z`. Their number, order, ends and owners stay.
pub(crate) fn generalise(chains: Vec<Chain<World>>, z: u8) -> Vec<Chain<World>> {
    let tolerance = if z < DETAIL_ZOOM { FLAT << (20 - z) } else { 0 };
    generalise::generalise(chains, tolerance)
}

impl Lattice for World {
    fn xy(self) -> [i64; 2] {
        [self.x.into(), self.y.into()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(x: u32, y: u32) -> World {
        World { x, y }
    }

    #[test]
    fn drops_what_the_zoom_cannot_show() {
        let u = 1 << 10; // one unit at zoom 10
        let points = vec![w(0, 0), w(50 * u, u / 8), w(100 * u, 0), w(150 * u, 60 * u), w(200 * u, 0)];
        let chain = Chain { points, left: 1, right: 2 };
        let thinned = generalise(vec![chain.clone()], 10);
        assert_eq!(thinned[0].points, [w(0, 0), w(100 * u, 0), w(150 * u, 60 * u), w(200 * u, 0)]);
        assert_eq!(generalise(vec![chain.clone()], 13)[0], chain, "at zoom 13 the bend shows");
        assert_eq!(generalise(vec![chain.clone()], DETAIL_ZOOM), [chain]);
    }

    #[test]
    fn the_largest_coordinates_do_not_overflow() {
        let points = vec![w(0, u32::MAX), w(1, 0), w(u32::MAX, 1), w(u32::MAX, u32::MAX)];
        let chain = Chain { points, left: 1, right: 2 };
        assert_eq!(generalise(vec![chain.clone()], 0), [chain]);
    }
}
