//! What `validate` finds: in layers drawn for one fault each, and in random ones, where every overlap
//! and gap is counted by brute force.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests fail as tests do

mod draw;
mod faults;
mod geos;
mod random;
