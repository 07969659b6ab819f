//! The R-tree over points.

mod hilbert;
mod packed;
pub(crate) mod polygon;

pub use packed::PackedIndex;
