//! Vector tiles from the core's shapes. Pure: no I/O, no async.
//!
//! The way of a boundary into a tile, a file a step:
//!
//! 1. [`project`]: longitude and latitude to integers in a square ([`MatrixSet`] says which);
//! 2. [`generalise`]: fewer vertices for a zoom, on border chains, never across anything;
//! 3. [`select`]: the edges near a tile;
//! 4. [`quantise`]: onto the tile's 4096 units by snap rounding, cut at the tile's edges;
//! 5. [`clip`]: the box around the tile closes the ground of each owner;
//! 6. [`faces`]: polygons from closed chains;
//! 7. [`mvt`]: Mapbox Vector Tile bytes;
//! 8. [`compress`]: gzip and zstd.
//!
//! Steps 1 and 2 run once for a layer and zoom ([`stage`]), the others for each tile. Since all of them
//! work on chains that know both their neighbours, and never on one area's polygon, neighbours share
//! every edge at every zoom, inside a tile and across its border.
//!
//! [`content`] says what each layer holds, [`TileMaker`] puts the layers together. [`Redrawn`] says where
//! boundaries differ between two maps, [`Footprint`] which tiles show some places.

mod chain;
mod clip;
mod compress;
mod content;
mod faces;
mod footprint;
mod frame;
mod generalise;
mod layer;
mod levels;
mod maker;
mod matrix_set;
pub mod mvt;
mod packed_tree;
mod project;
mod pyramid;
mod quantise;
mod radix;
mod redrawn;
mod select;
mod stage;
mod tile_id;

pub use compress::{gzip, gzip_small, zstd};
pub use footprint::Footprint;
pub use layer::{TileLayer, UnknownLayer, department_fields};
pub use maker::{Keep, Row, TileMaker, TileRequest};
pub use matrix_set::MatrixSet;
pub use project::LATITUDE_LIMIT;
pub use pyramid::along_hilbert;
pub use redrawn::{Anew, Coarse, Redrawn};
pub use tile_id::{MAX_ZOOM, TileId, TileRange};
