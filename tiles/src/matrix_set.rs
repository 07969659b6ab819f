//! The tile matrix sets: how the ground is laid out flat and divided into tiles.
//!
//! Both are one square of 2³² × 2³² units that is halved again and again, so that every step after
//! *project* is the same for both:
//!
//! ```text
//!  WebMercatorQuad          WorldCRS84Quad: 360° × 360°, of which the world is the upper half
//!  ┌───────┬───────┐        ┌───────┬───────┐  90° N
//!  │       │       │        │ 0/0/0 │ 0/0/1 │            level 0 of the set (z/row/col)
//!  ├───────┼───────┤        ├───────┼───────┤  90° S     = zoom 1 of the square
//!  │       │       │        │   –   │   –   │            (nothing is ever there)
//!  └───────┴───────┘        └───────┴───────┘
//! ```

use crate::{
    project::{self, World},
    tile_id::{MAX_ZOOM, TileId},
};
use gridbeat_onemap::E7;

/// A tile matrix set of OGC 17-083r4, annex D.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatrixSet {
    /// Spherical Mercator, EPSG:3857: what web maps use.
    #[default]
    WebMercatorQuad,
    /// Longitude and latitude as they are, CRS84: for clients of EPSG:4490 and 4326. Its scales are
    /// those of Tianditu's `_c` tiles, whose level is one more.
    WorldCrs84Quad,
}

impl MatrixSet {
    /// Every set.
    pub const ALL: [Self; 2] = [Self::WebMercatorQuad, Self::WorldCrs84Quad];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WebMercatorQuad => "WebMercatorQuad",
            Self::WorldCrs84Quad => "WorldCRS84Quad",
        }
    }

    /// The set of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.as_str() == name)
    }

    /// The zoom of the square that the set's level 0 is.
    pub const fn first_zoom(self) -> u8 {
        match self {
            Self::WebMercatorQuad => 0,
            Self::WorldCrs84Quad => 1,
        }
    }

    /// The deepest level that is served.
    pub const fn max_level(self) -> u8 {
        MAX_ZOOM - self.first_zoom()
    }

    /// Columns and rows at a level.
    pub const fn size(self, level: u8) -> [u32; 2] {
        match self {
            Self::WebMercatorQuad => [1 << level, 1 << level],
            Self::WorldCrs84Quad => [2 << level, 1 << level],
        }
    }

    /// The tile at a level's column and row; `None` where the set has none.
    pub const fn tile(self, level: u8, column: u32, row: u32) -> Option<TileId> {
        if level > self.max_level() {
            return None;
        }
        let [columns, rows] = self.size(level);
        if column >= columns || row >= rows {
            return None;
        }
        Some(TileId { z: level + self.first_zoom(), x: column, y: row })
    }

    /// The level of the set at a zoom of the square; `None` where it has none.
    pub const fn level(self, zoom: u8) -> Option<u8> {
        zoom.checked_sub(self.first_zoom())
    }

    pub(crate) fn project(self, p: E7) -> World {
        match self {
            Self::WebMercatorQuad => project::project(p),
            Self::WorldCrs84Quad => project::plate(p),
        }
    }

    pub(crate) fn project_line(self, line: &[E7]) -> Vec<World> {
        match self {
            Self::WebMercatorQuad => project::project_line(line),
            Self::WorldCrs84Quad => project::plate_line(line),
        }
    }

    /// Longitude and latitude (lattice units, not rounded) of a place given as fractions of the square.
    pub(crate) fn unproject(self, x: f64, y: f64) -> (f64, f64) {
        match self {
            Self::WebMercatorQuad => project::unproject(x, y),
            Self::WorldCrs84Quad => ((x - 0.5) * 3.6e9, 9e8 - y * 3.6e9),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_have_their_tiles_and_no_others() {
        let (web, plate) = (MatrixSet::WebMercatorQuad, MatrixSet::WorldCrs84Quad);
        assert_eq!(web.tile(3, 7, 7), Some(TileId { z: 3, x: 7, y: 7 }));
        assert_eq!((web.tile(3, 8, 0), web.tile(23, 0, 0)), (None, None));
        assert_eq!(plate.tile(0, 1, 0), Some(TileId { z: 1, x: 1, y: 0 }));
        assert_eq!((plate.tile(0, 0, 1), plate.tile(0, 2, 0), plate.tile(22, 0, 0)), (None, None, None));
        assert!(plate.tile(21, (1 << 22) - 1, (1 << 21) - 1).is_some());
        assert_eq!((plate.level(0), plate.level(14)), (None, Some(13)));
        for set in MatrixSet::ALL {
            assert_eq!(MatrixSet::find(set.as_str()), Some(set));
        }
        assert_eq!(MatrixSet::find("worldcrs84quad"), None);
    }

    /// Tianditu's `vec_c` tile 14/13650/2641 is 360/2¹⁴ degrees wide; that is WorldCRS84Quad 13/2641/13650.
    #[test]
    fn tianditu_counts_one_more() {
        let (lon, lat) = (119.94, 31.96);
        let width = 360.0 / f64::from(1 << 14);
        let (column, row) = (((lon + 180.0) / width) as u32, ((90.0 - lat) / width) as u32);
        assert_eq!((column, row), (13650, 2641));
        let id = TileId::of_in(MatrixSet::WorldCrs84Quad, E7::from_degrees(lon, lat).unwrap(), 14);
        assert_eq!(Some(id), MatrixSet::WorldCrs84Quad.tile(13, column, row));
    }

    #[test]
    fn the_whole_world_is_in_the_upper_half() {
        for lat in [-900_000_000, -899_999_999, 0, 900_000_000] {
            let id = TileId::of_in(MatrixSet::WorldCrs84Quad, E7::new(1_800_000_000, lat), 8);
            assert!(id.y < 128 && id.x == 255, "{id}");
        }
    }
}
