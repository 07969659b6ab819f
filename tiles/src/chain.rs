//! Whose ground is on either side of a border, as the steps of a tile number it.

pub(crate) use gridbeat_onemap::generalise::join;

/// The number of whoever has the ground on one side of a chain: an area's or a piece's index.
pub(crate) type Owner = u32;

/// Nobody's ground.
pub(crate) const NOBODY: Owner = u32::MAX;

/// A border line with an owner all along its left, and one all along its right.
pub(crate) type Chain<P> = gridbeat_onemap::generalise::Chain<P, Owner>;
