//! The frame of one tile: its own coordinates and the lattice that everything in it is drawn on.
//!
//! Fine coordinates are exact (half a world unit or less), lattice coordinates are the tile's 4096
//! units. Both start at the tile's north-west corner and have `y` *northwards*, so that left and right,
//! clockwise and counter-clockwise mean what they mean on the ground: the tile is `0 ..= 4096` by
//! `-4096 ..= 0`. Only the encoder turns `y` round.

use crate::{matrix_set::MatrixSet, mvt::EXTENT, project::World, tile_id::TileId};
use gridbeat_onemap::{Bounds, E7};

/// Units around the tile that are drawn too, so that outlines and symbols do not end at its edge.
pub(crate) const BUFFER: i32 = 64;

const SIDE: i32 = EXTENT as i32;
/// West end of the drawn box; the limits belong to it.
pub(crate) const WEST: i32 = -BUFFER;
/// East end.
pub(crate) const EAST: i32 = SIDE + BUFFER;
/// South end.
pub(crate) const SOUTH: i32 = -SIDE - BUFFER;
/// North end.
pub(crate) const NORTH: i32 = BUFFER;

/// Columns where lines are cut: the tile's edges, its buffer's, and its neighbours' buffers'.
/// Every tile cuts at the same places of the world, so all of them see the same vertices there.
pub(crate) const CUT_X: [i32; 6] = [WEST, 0, BUFFER, SIDE - BUFFER, SIDE, EAST];
/// Rows where lines are cut.
pub(crate) const CUT_Y: [i32; 6] = [SOUTH, -SIDE, -SIDE + BUFFER, -BUFFER, 0, NORTH];

/// The zoom whose lattice is the world's.
const WORLD_ZOOM: u8 = 20;

/// A position in fine coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fine {
    pub x: i64,
    pub y: i64,
}

/// A lattice position; ordered by column, then row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Px {
    pub x: i32,
    pub y: i32,
}

impl Px {
    /// Whether it lies in the drawn box, limits included.
    pub fn in_box(self) -> bool {
        (WEST..=EAST).contains(&self.x) && (SOUTH..=NORTH).contains(&self.y)
    }

    /// Both numbers of a position in the drawn box in one of [`Px::BITS`] bits, which compares alike and faster.
    pub fn packed(self) -> u64 {
        debug_assert!(self.in_box());
        let up = |v: i32, from: i32| u64::from((v - from).cast_unsigned());
        (up(self.x, WEST) << (Self::BITS / 2)) | up(self.y, SOUTH)
    }

    /// The position that was packed.
    pub const fn unpacked(packed: u64) -> Self {
        let row = packed & ((1 << (Self::BITS / 2)) - 1);
        Self { x: WEST + (packed >> (Self::BITS / 2)) as i32, y: SOUTH + row as i32 }
    }

    /// Bits of a packed position: 13 for a column, 13 for a row.
    pub const BITS: u32 = 26;
}

/// In the core's type, so that the core's own assembly can be used: columns as longitudes, rows as latitudes.
impl From<Px> for E7 {
    fn from(p: Px) -> Self {
        Self::new(p.x, p.y)
    }
}

/// One tile's coordinates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub set: MatrixSet,
    pub id: TileId,
    origin: (i64, i64),
    /// Fine = world · 2^scale.
    scale: u32,
    /// Fine units in a lattice unit = 2^shift, at least 2.
    pub shift: u32,
}

impl Frame {
    pub fn new(set: MatrixSet, id: TileId) -> Self {
        let scale = 1 + u32::from(id.z.saturating_sub(WORLD_ZOOM));
        let shift = 1 + u32::from(WORLD_ZOOM.saturating_sub(id.z));
        Self { set, id, origin: id.origin(), scale, shift }
    }

    /// A box that is sure to hold every position of the tile.
    pub fn bounds(&self) -> Bounds {
        self.id.bounds_in(self.set)
    }

    /// Tile coordinates of a position that belongs to this tile, see [`Frame::point`].
    pub fn place(&self, p: E7) -> Option<(i32, i32)> {
        self.point(self.set.project(p))
    }

    /// Exact place.
    pub fn fine(&self, p: World) -> Fine {
        Fine {
            x: (i64::from(p.x) - self.origin.0) << self.scale,
            y: (self.origin.1 - i64::from(p.y)) << self.scale,
        }
    }

    /// Fine units from a lattice unit's middle to its edge.
    pub fn half(&self) -> i64 {
        1 << (self.shift - 1)
    }

    /// The nearest lattice column or row; halves go up. The pixel of `k` is `[k − ½, k + ½)`.
    pub fn round(&self, fine: i64) -> i64 {
        (fine + self.half()) >> self.shift
    }

    /// The lattice position nearest to a place, `None` outside the drawn box.
    pub fn pixel(&self, p: Fine) -> Option<Px> {
        boxed(self.round(p.x), self.round(p.y))
    }

    /// Fine coordinate of a lattice column or row.
    pub fn at(&self, k: i32) -> i64 {
        i64::from(k) << self.shift
    }

    /// The drawn box and one unit more, in world units: `[x, y]` of the north-west and south-east.
    pub fn world_box(&self) -> ([i64; 2], [i64; 2]) {
        let side = i64::from(EXTENT);
        let margin = i64::from(BUFFER) + 1;
        // One lattice unit is 2^shift / 2^scale world units; below zoom 20 that is less than one.
        let world = |k: i64| (k << self.shift) >> self.scale;
        let (x, y) = self.origin;
        let (near, far) = (world(-margin), world(side + margin) + 1);
        ([x + near, y + near], [x + far, y + far])
    }

    /// Places on the border of the drawn box at which to ask whose ground it is, in half world units
    /// with an odd `y` (for [`crate::select::LineWork::owner_at`]). Three, because one might fall into
    /// a strip of ground too narrow to be drawn.
    pub fn probes(&self) -> [[i64; 2]; 3] {
        let half_world = |k: i32| (i64::from(k) << self.shift) >> (self.scale - 1);
        let at =
            |x: i32, y: i32| [self.origin.0 * 2 + half_world(x), (self.origin.1 * 2 - half_world(y)) | 1];
        [at(WEST, NORTH), at(EAST, -SIDE / 3), at(SIDE / 3, SOUTH)]
    }

    /// Lattice units in a length in world units.
    pub fn units(&self, world: u32) -> u64 {
        (u64::from(world) << self.scale) >> self.shift
    }

    /// Tile coordinates (`y` southwards, 0 ..= 4095) of a point that belongs to this tile; `None` when
    /// it belongs to another. Points are drawn in one tile only.
    pub fn point(&self, p: World) -> Option<(i32, i32)> {
        if TileId::of_world(p, self.id.z) != self.id {
            return None;
        }
        let at = |v: u32, origin: i64| (((i64::from(v) - origin) << self.scale) >> self.shift) as i32;
        Some((at(p.x, self.origin.0), at(p.y, self.origin.1)))
    }
}

/// A lattice position from wide integers, `None` outside the drawn box.
pub(crate) fn boxed(x: i64, y: i64) -> Option<Px> {
    let p = Px { x: i32::try_from(x).ok()?, y: i32::try_from(y).ok()? };
    p.in_box().then_some(p)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::project;

    const WEB: MatrixSet = MatrixSet::WebMercatorQuad;
    use proptest::prelude::*;

    #[test]
    fn packed_positions_are_in_order() {
        let corners =
            [(WEST, SOUTH), (WEST, NORTH), (0, -7), (0, 0), (1, SOUTH), (EAST, SOUTH), (EAST, NORTH)];
        let corners = corners.map(|(x, y)| Px { x, y });
        let packed = corners.map(Px::packed);
        assert_eq!(packed.map(Px::unpacked), corners);
        assert!(packed.is_sorted() && packed[0] == 0 && packed[6] < 1 << Px::BITS, "{packed:?}");
    }

    #[test]
    fn corners() {
        for z in [0, 1, 14, 20, 22] {
            let id = TileId { z, x: (1 << z) / 2, y: (1 << z) / 2 };
            let frame = Frame::new(WEB, id);
            let side = 1_u64 << (32 - z);
            let (x, y) = (u64::from(id.x) * side, u64::from(id.y) * side);
            let corner = World { x: x as u32, y: y as u32 };
            assert_eq!(frame.pixel(frame.fine(corner)), Some(Px { x: 0, y: 0 }));
            assert_eq!(frame.point(corner), Some((0, 0)));
            let last = World { x: (x + side - 1) as u32, y: (y + side - 1) as u32 };
            // Below zoom 20 the last world unit rounds up to the edge; above, it is whole units before it.
            let expect = 4096 - if z > 20 { 1 << (z - 20) } else { 0 };
            let near = Px { x: expect, y: if z > 20 { -expect } else { -4096 } };
            let got = frame.pixel(frame.fine(last)).unwrap();
            assert!((got.x - near.x).abs() <= 1 && (got.y - near.y).abs() <= 1, "z {z}: {got:?}");
            let (px, py) = frame.point(last).unwrap();
            assert!(px < 4096 && py < 4096 && px >= 4092 && py >= 4092);
        }
    }

    proptest! {
        /// A vertex has one place in the world however many tiles draw it.
        #[test]
        fn neighbours_round_alike(
            lon in 1_190_000_000..1_210_000_000_i32, lat in 310_000_000..330_000_000_i32, z in 1..=22_u8,
        ) {
            let p = project(E7::new(lon, lat));
            let home = TileId::of_world(p, z);
            let here = Frame::new(WEB, home).pixel(Frame::new(WEB, home).fine(p)).unwrap();
            for (dx, dy) in [(0, 1), (1, 0), (1, 1)] {
                let Some(id) = TileId::new(z, home.x + dx, home.y + dy) else { continue };
                let frame = Frame::new(WEB, id);
                let f = frame.fine(p);
                prop_assert_eq!(frame.round(f.x) + 4096 * i64::from(dx), i64::from(here.x));
                prop_assert_eq!(frame.round(f.y) - 4096 * i64::from(dy), i64::from(here.y));
            }
        }
    }
}
