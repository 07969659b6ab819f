//! The R-tree over points.
//!
//! - [`order`]: the order in which points lie in memory.
//! - [`packed`]: the tree itself; [`walk`]: how it is gone through.
//! - What is looked for: [`window`], [`polygon`], [`circle`]; any of them is a [`ground`].
//! - [`find`]: all points there, how many they are, [`columns`]: what they add up to, [`cells`]: in each
//!   cell of a raster.
//! - [`nearest`]: the nearest; [`metric`]: bounds of distances that cost little.

pub(crate) mod cells;
mod circle;
mod columns;
mod find;
mod ground;
mod metric;
mod nearest;
mod order;
mod packed;
pub(crate) mod polygon;
#[cfg(test)]
mod tests;
pub(crate) mod walk;
mod window;

pub use cells::{CellSums, Cells};
pub use columns::Columns;
pub use ground::Ground;
pub(crate) use ground::Kind;
pub use packed::PackedIndex;
pub(crate) use polygon::Tester;
