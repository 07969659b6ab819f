//! The core of Gridbeat: no I/O, no async, no HTTP, no SQL.

pub mod e7;
pub mod record;
pub mod scope;
pub mod shape;

pub use e7::{Bounds, E7};
pub use scope::Scope;
pub use shape::{MultiPolygon, Polygon, Ring};

mod arrangement;
