//! Which tile: zoom, column and row in a square that is halved again and again. What the square is, a
//! [`MatrixSet`] says; where none is named it is Web Mercator, and the scheme is XYZ.

use crate::{
    matrix_set::MatrixSet,
    project::{WORLD_SIDE, World},
};
use gridbeat_onemap::{Bounds, E7};
use std::fmt;

/// The deepest zoom that is served: a tile is about 8 m wide at 31° N.
pub const MAX_ZOOM: u8 = 22;

/// The buffer around a tile that is drawn too, as a share of the tile, with some more for what rounding adds.
pub(crate) const BUFFER_SHARE: f64 = 1.0 / 60.0;

/// The buffer around a tile of a zoom, in world units.
pub(crate) fn margin(z: u8) -> u32 {
    ((WORLD_SIDE >> z) as f64 * BUFFER_SHARE).ceil() as u32
}

/// A tile of the XYZ scheme: row 0 is the northernmost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// Zoom, 0 ..= 22.
    pub z: u8,
    /// Column, 0 .. 2^z, eastwards from 180° W.
    pub x: u32,
    /// Row, 0 .. 2^z, southwards from 85.05° N.
    pub y: u32,
}

impl TileId {
    /// The tile, or `None` when the zoom is beyond 22 or the column or row is not below 2^z.
    pub fn new(z: u8, x: u32, y: u32) -> Option<Self> {
        (z <= MAX_ZOOM && x >> z == 0 && y >> z == 0).then_some(Self { z, x, y })
    }

    /// The one tile of zoom `z` (at most 22) that a position belongs to: its west and north edges
    /// are its own, its east and south edges are its neighbours'.
    pub fn of(p: E7, z: u8) -> Self {
        Self::of_in(MatrixSet::WebMercatorQuad, p, z)
    }

    /// [`TileId::of`] in the square of a matrix set.
    pub fn of_in(set: MatrixSet, p: E7, z: u8) -> Self {
        Self::of_world(set.project(p), z.min(MAX_ZOOM))
    }

    pub(crate) fn of_world(p: World, z: u8) -> Self {
        // A shift by 32 (zoom 0) would overflow in u32.
        let at = |v: u32| (u64::from(v) >> (32 - z)) as u32;
        Self { z, x: at(p.x), y: at(p.y) }
    }

    /// The smallest box on the lattice that is sure to hold every position of the tile, its edges
    /// included (up to 2 units, about 2 cm, larger than the tile).
    pub fn bounds(&self) -> Bounds {
        self.bounds_in(MatrixSet::WebMercatorQuad)
    }

    /// [`TileId::bounds`] in the square of a matrix set.
    pub fn bounds_in(&self, set: MatrixSet) -> Bounds {
        self.bounds_with(set, 0.0)
    }

    /// [`TileId::bounds_in`] with a margin in tile widths on each side.
    pub(crate) fn bounds_with(&self, set: MatrixSet, margin: f64) -> Bounds {
        let n = f64::from(1_u32 << self.z);
        let (x, y) = (f64::from(self.x), f64::from(self.y));
        let (west, north) = set.unproject((x - margin) / n, (y - margin) / n);
        let (east, south) = set.unproject((x + 1.0 + margin) / n, (y + 1.0 + margin) / n);
        let lon = |v: f64| v.clamp(-1.8e9, 1.8e9) as i32;
        // The first and last rows also hold what lies beyond the end of Mercator.
        let mercator = set == MatrixSet::WebMercatorQuad;
        let north = if mercator && self.y == 0 { 9e8 } else { north.ceil() + 1.0 };
        let south = if mercator && self.y + 1 == 1 << self.z { -9e8 } else { south.floor() - 1.0 };
        let lat = |v: f64| v.clamp(-9e8, 9e8) as i32;
        Bounds {
            min: E7::new(lon(west.floor() - 1.0), lat(south)),
            max: E7::new(lon(east.ceil() + 1.0), lat(north)),
        }
    }

    /// The tile one zoom up that holds this one; `None` at zoom 0.
    pub fn parent(&self) -> Option<Self> {
        Some(Self { z: self.z.checked_sub(1)?, x: self.x >> 1, y: self.y >> 1 })
    }

    /// The four tiles one zoom down: north-west, north-east, south-west, south-east; none below
    /// zoom 22.
    pub fn children(&self) -> impl Iterator<Item = Self> + use<> {
        let Self { z, x, y } = *self;
        let deeper = z < MAX_ZOOM;
        [(0, 0), (1, 0), (0, 1), (1, 1)].into_iter().filter(move |_| deeper).map(move |(dx, dy)| Self {
            z: z + 1,
            x: x * 2 + dx,
            y: y * 2 + dy,
        })
    }

    /// The tiles of zoom `z` that a box touches; see [`TileRange::covering`].
    pub fn covering(bounds: &Bounds, z: u8) -> Option<TileRange> {
        TileRange::covering(bounds, z)
    }

    /// North-west corner in the world square.
    pub(crate) fn origin(&self) -> (i64, i64) {
        let side = WORLD_SIDE >> self.z;
        (i64::from(self.x) * side, i64::from(self.y) * side)
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.z, self.x, self.y)
    }
}

/// A rectangle of tiles of one zoom; all four limits belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileRange {
    /// Zoom.
    pub z: u8,
    /// First column.
    pub x0: u32,
    /// First row.
    pub y0: u32,
    /// Last column.
    pub x1: u32,
    /// Last row.
    pub y1: u32,
}

impl TileRange {
    /// All tiles of zoom `z` (at most 22).
    pub const fn whole(z: u8) -> Self {
        let last = (1 << z) - 1;
        Self { z, x0: 0, y0: 0, x1: last, y1: last }
    }

    /// The tiles of zoom `z` (at most 22) that hold some position of the box; `None` for an empty box.
    pub fn covering(bounds: &Bounds, z: u8) -> Option<Self> {
        Self::covering_in(MatrixSet::WebMercatorQuad, bounds, z)
    }

    /// [`TileRange::covering`] in the square of a matrix set.
    pub fn covering_in(set: MatrixSet, bounds: &Bounds, z: u8) -> Option<Self> {
        if bounds.is_empty() {
            return None;
        }
        let north_west = TileId::of_in(set, E7::new(bounds.min.lon, bounds.max.lat), z);
        let south_east = TileId::of_in(set, E7::new(bounds.max.lon, bounds.min.lat), z);
        Some(Self { z: north_west.z, x0: north_west.x, y0: north_west.y, x1: south_east.x, y1: south_east.y })
    }

    /// The tiles of a zoom that show something of lines or ground in a box: those that it touches, and those whose
    /// [buffer](BUFFER_SHARE) it reaches into. A point is shown by the one tile that it belongs to.
    pub fn showing_in(set: MatrixSet, bounds: &Bounds, z: u8) -> Option<Self> {
        if bounds.is_empty() || bounds.min == bounds.max {
            return Self::covering_in(set, bounds, z);
        }
        let z = z.min(MAX_ZOOM);
        let margin = margin(z);
        let (min, max) = (set.project(bounds.min), set.project(bounds.max));
        // Rows go southwards.
        let north_west = World { x: min.x.saturating_sub(margin), y: max.y.saturating_sub(margin) };
        let south_east = World { x: max.x.saturating_add(margin), y: min.y.saturating_add(margin) };
        let (a, b) = (TileId::of_world(north_west, z), TileId::of_world(south_east, z));
        Some(Self { z, x0: a.x, y0: a.y, x1: b.x, y1: b.y })
    }

    /// Whether a tile is one of these.
    pub fn contains(&self, id: TileId) -> bool {
        id.z == self.z && (self.x0..=self.x1).contains(&id.x) && (self.y0..=self.y1).contains(&id.y)
    }

    /// Number of tiles.
    pub fn count(&self) -> u64 {
        (u64::from(self.x1 - self.x0) + 1) * (u64::from(self.y1 - self.y0) + 1)
    }

    /// The tiles, row by row.
    pub fn iter(&self) -> impl Iterator<Item = TileId> + use<> {
        let Self { z, x0, y0, x1, y1 } = *self;
        (y0..=y1).flat_map(move |y| (x0..=x1).map(move |x| TileId { z, x, y }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_scheme_has_limits() {
        assert!(TileId::new(0, 0, 0).is_some());
        assert!(TileId::new(0, 1, 0).is_none());
        assert!(TileId::new(3, 7, 8).is_none());
        assert!(TileId::new(23, 0, 0).is_none());
        assert!(TileId::new(22, (1 << 22) - 1, 0).is_some());
        assert_eq!(TileId { z: 22, x: 0, y: 0 }.children().count(), 0);
        assert_eq!(TileId { z: 0, x: 0, y: 0 }.parent(), None);
    }

    #[test]
    fn a_box_is_covered() {
        let b = Bounds { min: E7::new(-10, -10), max: E7::new(10, 10) };
        let range = TileRange::covering(&b, 1).unwrap();
        assert_eq!((range.count(), range.iter().count()), (4, 4));
        assert!(range.iter().all(|t| range.contains(t)));
        assert_eq!(TileRange::covering(&Bounds::EMPTY, 1), None);
    }

    proptest! {
        #[test]
        fn a_position_lies_in_its_tile(
            lon in -1_800_000_000..=1_800_000_000_i32, lat in -900_000_000..=900_000_000_i32, z in 0..=22_u8,
        ) {
            let p = E7::new(lon, lat);
            let tile = TileId::of(p, z);
            prop_assert!(TileId::new(tile.z, tile.x, tile.y).is_some());
            prop_assert!(tile.bounds().contains(p));
            prop_assert!(tile.children().all(|c| c.parent() == Some(tile)));
            prop_assert_eq!(TileRange::covering(&Bounds { min: p, max: p }, z).map(|r| r.count()), Some(1));
        }
    }
}
