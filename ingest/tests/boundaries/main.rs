//! Boundary files made by others, read as offices would send them, and what the core makes of each: held
//! against GEOS and against outcomes that were decided by looking at the drawing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod layers;
mod real;
mod table;
mod topology;
