//! Layers of departments in a GeoPackage: each a feature table of its own that QGIS opens as it is.
//!
//! - [`table`]: making and dropping one. [`import`]: filling it. [`edit`]: one feature. [`read`]: reading it, and the
//!   catalogue.

mod edit;
mod import;
mod read;
mod table;

pub(super) use edit::{create, edit};
pub(super) use import::{import, restore};
pub(super) use read::{all, each, feature, layers, one, schema};
