//! Layers of departments in a GeoPackage: each a feature table of its own that QGIS opens as it is.
//!
//! - [`table`]: making and dropping one. [`import`]: filling it. [`read`]: reading it, and the catalogue.

mod import;
mod read;
mod table;

pub(super) use import::{import, restore};
pub(super) use read::{all, each, layers, one};
