//! Layers of departments in PostGIS: each a table of its own with a spatial index.
//!
//! - [`table`]: making and dropping one. [`import`]: filling it. [`read`]: reading it, and the catalogue.

mod import;
mod read;
mod table;

pub(super) use import::{import, restore};
pub(super) use read::{all, each, layers};
