//! The core of Gridbeat: no I/O, no async, no HTTP, no SQL.
//!
//! From the bottom up:
//!
//! - [`e7`], [`shape`]: integer coordinates, rings, polygons. [`geodesic`]: their square metres.
//! - [`record`]: what a row is. [`scope`]: whose eyes.
//! - [`generalise`](fn@generalise::generalise): fewer vertices, nothing crossed.
//! - `arrangement`: any rings → one planar arrangement with labels on either side of every border.
//! - [`coverage`]: one boundary layer over its arrangement. [`overlay`]: both layers → pieces, locate.
//! - [`adjacency`]: who borders whom. [`crosswalk`]: how grids and beats translate into each other;
//!   [`mismatch`](mod@mismatch): where they disagree most.
//! - [`index`]: the R-tree over points. [`addresses`], [`live`]: what is indexed.
//! - [`department`]: further layers of points, lines or polygons with columns of their own. [`meets`]: on which ground
//!   they lie.
//! - [`snapshot`]: the map as one immutable value, and the [`Reader`] through which all is read.
//! - [`search`]: a piece of text that is looked for.
//! - [`query`]: what is where and when, how many, how near; bounded in what it may cost.

mod arrangement;
mod boxes;
mod label_point;
mod tally;

pub mod addresses;
pub mod adjacency;
pub mod coverage;
pub mod crosswalk;
pub mod department;
pub mod e7;
pub mod generalise;
pub mod geodesic;
pub mod index;
pub mod live;
pub mod meets;
pub mod mismatch;
pub mod overlay;
pub mod query;
pub mod record;
pub mod scope;
pub mod search;
pub mod shape;
pub mod snapshot;

pub use addresses::{AddressColumns, AddressSlices, Addresses};
pub use coverage::{Area, AreaId, BoundaryArc, Layer};
pub use e7::{Bounds, E7};
pub use overlay::{Overlay, Piece, PieceId};
pub use scope::Scope;
pub use shape::{MultiPolygon, Polygon, Ring};
pub use snapshot::{
    Differences, Grounded, MOST_PLACES, MapBuilder, MergedTrees, OneMap, Place, PlacedRows, Places, Reader,
};
pub use tally::Tally;
