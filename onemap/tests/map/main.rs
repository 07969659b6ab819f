//! The core from outside: layers, overlay, snapshot, against brute force and oracles.

mod crosswalk;
mod layer;
mod overlay;
mod raster;
mod snapshot;
