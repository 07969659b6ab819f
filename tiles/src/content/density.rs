//! Residents and addresses per square cell, counted once for all zooms.
//!
//! A tile has 64 × 64 cells. The finest cells (zoom 14, about 33 m at 31° N) are counted from the
//! addresses; four cells make one of the zoom before. Cells are kept in Z-order, so that those of a tile
//! stand together:
//!
//! ```text
//!  0  1 │ 4  5        cell of the zoom before = number / 4
//!  2  3 │ 6  7
//! ```

use crate::{
    frame::Frame,
    maker::{Keep, Row},
    matrix_set::MatrixSet,
    mvt::{self, EXTENT, Geometry, Value},
    tile_id::TileId,
};
use gridbeat_onemap::{Reader, addresses::Addresses};
use hashbrown::HashMap;

/// Cells along a tile's side: 2⁶.
const CELL_BITS: u8 = 6;

/// The last zoom with density.
const LAST_ZOOM: u8 = 14;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    /// Place in Z-order.
    key: u64,
    residents: u64,
    addresses: u64,
}

/// Counts for every zoom from 0 to 14.
pub(crate) struct Density {
    zooms: Vec<Vec<Cell>>,
}

impl Density {
    /// Counts the addresses.
    pub fn new(set: MatrixSet, addresses: &Addresses) -> Self {
        Self::count(set, (0..addresses.len() as u32).map(|i| addresses.place_and_residents(i)))
    }

    fn count(set: MatrixSet, points: impl Iterator<Item = (gridbeat_onemap::E7, u32)>) -> Self {
        let shift = 32 - u32::from(LAST_ZOOM + CELL_BITS);
        let mut cells: HashMap<u64, (u64, u64)> = HashMap::new();
        for (at, residents) in points {
            let p = set.project(at);
            let cell = cells.entry(z_order(p.x >> shift, p.y >> shift)).or_default();
            cell.0 += u64::from(residents);
            cell.1 += 1;
        }
        let mut finest: Vec<Cell> = cells
            .into_iter()
            .map(|(key, (residents, addresses))| Cell { key, residents, addresses })
            .collect();
        finest.sort_unstable_by_key(|c| c.key);
        let mut zooms = vec![finest];
        for _ in 0..LAST_ZOOM {
            let finer = zooms.last().map_or(&[][..], Vec::as_slice);
            let coarser = finer.chunk_by(|a, b| a.key >> 2 == b.key >> 2).map(|four| Cell {
                key: four[0].key >> 2,
                residents: four.iter().map(|c| c.residents).sum(),
                addresses: four.iter().map(|c| c.addresses).sum(),
            });
            zooms.push(coarser.collect());
        }
        zooms.reverse();
        Self { zooms }
    }

    /// Adds a tile's cells: a point in the middle of each that has addresses.
    pub fn draw(&self, out: &mut mvt::Layer, id: TileId) {
        let Some(cells) = self.zooms.get(usize::from(id.z)) else {
            return;
        };
        let span = 2 * u32::from(CELL_BITS);
        let tile = z_order(id.x, id.y);
        let from = cells.partition_point(|c| c.key >> span < tile);
        for cell in cells[from..].iter().take_while(|c| c.key >> span == tile) {
            cell.draw(out);
        }
    }
}

impl Cell {
    /// A point in the middle of the cell.
    fn draw(&self, out: &mut mvt::Layer) {
        let size = EXTENT >> CELL_BITS;
        let inner = self.key & ((1 << (2 * CELL_BITS)) - 1);
        let middle = |v: u32| (v * size + size / 2) as i32;
        let geometry = Geometry::point(middle(every_other(inner)), middle(every_other(inner >> 1)));
        let counts = [
            ("residents", Some(Value::Uint(self.residents))),
            ("addresses", Some(Value::Uint(self.addresses))),
        ];
        out.add(None, &geometry, counts);
    }
}

/// Whether a tile has so few addresses, some ten thousand, that they are soon counted.
pub(crate) const fn is_near(id: TileId) -> bool {
    id.z + 2 >= LAST_ZOOM
}

/// The cells of one tile, counted of chosen addresses only.
pub(crate) fn chosen(out: &mut mvt::Layer, map: &Reader<'_>, frame: &Frame, keep: Keep<'_>) {
    let all = map.addresses();
    let mut cells = vec![(0_u64, 0_u64); 1 << (2 * CELL_BITS)];
    let shift = EXTENT.trailing_zeros() - u32::from(CELL_BITS);
    all.in_box(&frame.bounds(), |i| {
        let (at, residents) = all.place_and_residents(i);
        if let Some((x, y)) = frame.place(at)
            && keep.keeps(Row::Address(i))
        {
            let cell = &mut cells[z_order(x as u32 >> shift, y as u32 >> shift) as usize];
            *cell = (cell.0 + u64::from(residents), cell.1 + 1);
        }
    });
    for (key, (residents, addresses)) in (0..).zip(cells).filter(|(_, (_, addresses))| *addresses > 0) {
        Cell { key, residents, addresses }.draw(out);
    }
}

/// Interleaves the bits of a column (even places) and a row (odd places).
fn z_order(x: u32, y: u32) -> u64 {
    spread(x) | spread(y) << 1
}

/// `abc` → `0a0b0c` (binary).
fn spread(v: u32) -> u64 {
    let mut v = u64::from(v);
    for (shift, mask) in [
        (16, 0x0000_FFFF_0000_FFFF_u64),
        (8, 0x00FF_00FF_00FF_00FF),
        (4, 0x0F0F_0F0F_0F0F_0F0F),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        v = (v | v << shift) & mask;
    }
    v
}

/// The inverse of [`spread`]: the bits in even places.
fn every_other(v: u64) -> u32 {
    (0..32).fold(0, |out, bit| out | ((v >> (2 * bit)) as u32 & 1) << bit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridbeat_onemap::{
        E7, MapBuilder, Scope,
        record::{AddressRow, Fid},
    };
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn z_order_goes_there_and_back(x: u32, y: u32) {
            let key = z_order(x, y);
            prop_assert_eq!((every_other(key), every_other(key >> 1)), (x, y));
            prop_assert_eq!(key >> 2, z_order(x >> 1, y >> 1));
        }

        #[test]
        fn every_zoom_counts_everybody(
            points in prop::collection::vec((1_190_000_000..1_210_000_000_i32, 310_000_000..320_000_000_i32, 0..50_u32), 1..200),
        ) {
            let density = Density::count(MatrixSet::WebMercatorQuad, points.iter().map(|&(lon, lat, n)| (E7::new(lon, lat), n)));
            for (z, cells) in density.zooms.iter().enumerate() {
                prop_assert_eq!(cells.iter().map(|c| c.addresses).sum::<u64>(), points.len() as u64);
                prop_assert_eq!(cells.iter().map(|c| c.residents).sum::<u64>(), points.iter().map(|p| u64::from(p.2)).sum::<u64>());
                // And every cell is drawn, in the tile of its addresses and in no other.
                let mut tiles: Vec<_> = points.iter().map(|&(lon, lat, _)| TileId::of(E7::new(lon, lat), z as u8)).collect();
                tiles.sort_unstable();
                tiles.dedup();
                let drawn: usize = tiles.into_iter().map(|id| {
                    let mut layer = mvt::Layer::new("resident_density");
                    density.draw(&mut layer, id);
                    layer.len()
                }).sum();
                prop_assert_eq!(drawn, cells.len());
            }
        }

        /// Whether a tile came before all were counted or after must not be seen.
        #[test]
        fn counted_by_itself_a_tile_is_the_same(
            points in prop::collection::vec((1_203_000_000..1_203_300_000_i32, 315_000_000..315_300_000_i32, 0..50_u32), 1..200),
        ) {
            let mut builder = MapBuilder::new();
            for (i, &(lon, lat, residents)) in (1..).zip(&points) {
                builder.address(&AddressRow { fid: Fid(i), at: E7::new(lon, lat), residents, ..AddressRow::default() });
            }
            let (map, scope) = (builder.finish(1), Scope::all());
            let map = map.read(&scope);
            for set in [MatrixSet::WebMercatorQuad, MatrixSet::WorldCrs84Quad] {
                let density = Density::new(set, map.addresses());
                for z in 8..=LAST_ZOOM {
                    let mut tiles: Vec<_> = points.iter().map(|p| TileId::of_world(set.project(E7::new(p.0, p.1)), z)).collect();
                    tiles.sort_unstable();
                    tiles.dedup();
                    for id in tiles {
                        let (mut all, mut alone) = (mvt::Layer::new("resident_density"), mvt::Layer::new("resident_density"));
                        density.draw(&mut all, id);
                        chosen(&mut alone, &map, &Frame::new(set, id), Keep::ALL);
                        let bytes = |layer: mvt::Layer| {
                            let mut out = Vec::new();
                            layer.finish(&mut out);
                            out
                        };
                        prop_assert_eq!(bytes(all), bytes(alone));
                    }
                }
            }
        }
    }
}
