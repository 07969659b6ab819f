//! The core from outside: layers, overlay, snapshot, against brute force and oracles.

mod crosswalk;
mod differences;
mod layer;
mod overlay;
mod raster;
mod snapshot;
