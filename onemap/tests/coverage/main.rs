//! Random coverages, judged by GEOS and by rules that leave nothing open.
//!
//! - [`cases`]: where they come from: sheets of cells, cuts, chaos; plain and on the real lattice.
//! - [`hard`]: which hard cases a case holds, found in it and not taken from its maker's word.
//! - [`judge`]: what must hold of the layers and the overlay of a case.
//! - [`generalised`]: with fewer vertices they are coverages still.
//! - [`fuzz`]: any bytes as rings, for as long as one likes.
//! - [`edges`]: ground as a set of directed edges, to compare it bit for bit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;
mod edges;
mod fuzz;
mod generalised;
mod hard;
mod judge;
mod properties;
