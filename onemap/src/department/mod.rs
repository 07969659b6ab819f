//! Layers of departments (the "1+N" of the field: one shared base, any number of further layers): compounds,
//! schools, hydrants, whatever an office keeps as points, lines or polygons with columns of its own.
//!
//! - [`schema`]: what a layer is called and which columns it has. [`names`]: which names it may have.
//!   [`interned`]: schemas that live as long as the process.
//! - [`row`]: one feature as files bring and stores keep it. [`drawing`]: where it is.
//! - [`layer`]: all features of a layer in a map, found by place and by fid; [`near`]: the nearest lines and ground.
//! - [`shares`]: which parts of a line or of some ground lie in which piece.

mod drawing;
mod interned;
mod layer;
mod names;
mod near;
mod row;
mod schema;
mod shares;

pub use drawing::Drawing;
pub use interned::{interned, interned_name};
pub use layer::Department;
pub use names::{BUILT_IN, LONGEST_NAME, NotAName, check_name, identifiers};
pub use row::{Cell, FeatureRow};
pub use schema::{Column, ColumnKind, Drawn, MOST_COLUMNS, Mismatch, Schema};
pub use shares::Share;
