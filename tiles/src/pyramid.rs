//! All tiles of a zoom that may hold something, in the order of the Hilbert curve, as archives want
//! them (tiles near each other on the ground lie near each other in the file).
//!
//! The curve through the tiles of a zoom runs through the quarters of the world one after the other,
//! and in each as through the world, turned:
//!
//! ```text
//!  0 │ 3      in 0: x and y exchanged       in 1 and 2: as it is
//!  ──┼──      in 3: exchanged and from the other end
//!  1 │ 2
//! ```

use crate::{
    layer::TileLayer,
    maker::TileMaker,
    matrix_set::MatrixSet,
    tile_id::{MAX_ZOOM, TileId},
};
use gridbeat_onemap::Reader;

/// A tile on the way down, and how the curve runs in it.
#[derive(Clone, Copy)]
struct Turned {
    id: TileId,
    exchanged: bool,
    reversed: bool,
}

impl Turned {
    /// The quarters in the order of the curve.
    fn quarters(self) -> [Self; 4] {
        [(0, 0, true, false), (0, 1, false, false), (1, 1, false, false), (1, 0, true, true)].map(
            |(x, y, exchange, reverse)| {
                let (x, y) = if self.exchanged { (y, x) } else { (x, y) };
                let (x, y) = if self.reversed { (1 - x, 1 - y) } else { (x, y) };
                Self {
                    id: TileId { z: self.id.z + 1, x: self.id.x * 2 + x, y: self.id.y * 2 + y },
                    exchanged: self.exchanged ^ exchange,
                    reversed: self.reversed ^ reverse,
                }
            },
        )
    }
}

/// The tiles of zoom `z` in the order of the Hilbert curve, without those that `skip` says of, or says of
/// one that holds them, that nothing is there. Holds a few tiles for each zoom, not all of them.
pub fn along_hilbert(z: u8, skip: impl Fn(TileId) -> bool) -> impl Iterator<Item = TileId> {
    let world = Turned { id: TileId { z: 0, x: 0, y: 0 }, exchanged: false, reversed: false };
    let mut waiting = vec![world];
    std::iter::from_fn(move || {
        while let Some(next) = waiting.pop() {
            if skip(next.id) {
                continue;
            }
            if next.id.z == z {
                return Some(next.id);
            }
            waiting.extend(next.quarters().into_iter().rev());
        }
        None
    })
}

impl TileMaker {
    /// The tiles of a zoom (at most 22) of Web Mercator that may hold some of the layers, in the order of
    /// the Hilbert curve.
    pub fn along_hilbert<'a>(
        &'a self,
        map: &'a Reader<'_>,
        layers: &'a [TileLayer],
        z: u8,
    ) -> impl Iterator<Item = TileId> + 'a {
        along_hilbert(z.min(MAX_ZOOM), move |id| !self.may_hold(map, MatrixSet::WebMercatorQuad, layers, id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The curve as PMTiles numbers it, by another's code.
    #[test]
    fn it_is_the_curve_of_pmtiles() {
        for z in 0..=6 {
            let ours: Vec<u64> = along_hilbert(z, |_| false)
                .map(|id| {
                    let coord = pmtiles::TileCoord::new(id.z, id.x, id.y).unwrap();
                    pmtiles::TileId::from(coord).value()
                })
                .collect();
            let first = ((1_u64 << (2 * z)) - 1) / 3;
            assert_eq!(ours, (first..first + (1 << (2 * z))).collect::<Vec<_>>(), "zoom {z}");
        }
    }

    #[test]
    fn what_is_skipped_is_skipped_with_all_below() {
        let seen = std::cell::Cell::new(0);
        let tiles: Vec<_> = along_hilbert(8, |id| {
            seen.set(seen.get() + 1);
            id.x >> id.z.saturating_sub(2) != 1 && id.z >= 2
        })
        .collect();
        assert_eq!(tiles.len(), 64 * 256);
        assert!(tiles.iter().all(|id| (64..128).contains(&id.x)));
        assert!(seen.get() < 64 * 256 * 2, "{}", seen.get());
    }
}
