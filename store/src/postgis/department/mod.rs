//! Layers of departments in PostGIS: each a table of its own with a spatial index.
//!
//! - [`table`]: making and dropping one. [`import`]: filling it. [`edit`]: one feature. [`read`]: reading it, and the
//!   catalogue.

mod edit;
mod import;
mod read;
mod table;

pub(super) use edit::{create, edit};
pub(super) use import::{import, restore};
pub(super) use read::{all, each, feature, layers, schema};
