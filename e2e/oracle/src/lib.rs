//! What GEOS says of our ground, for the tests of every crate.
//!
//! One Python process (shapely ≥ 2.2 over GEOS ≥ 3.14, `e2e/oracle/coverages.py`) stays open as long as the
//! test program runs and is asked many coverages at a time: thousands cost seconds.
//!
//! ```no_run
//! use gridbeat_onemap::{MultiPolygon, Polygon};
//! use gridbeat_oracle::{Ground, judge};
//! # let (one, other) = (MultiPolygon::default(), MultiPolygon::default());
//! let areas = [one, other];
//! for verdict in judge(&[Ground::on_lattice(&areas), Ground::in_degrees(&areas)]) {
//!     verdict.assert_coverage("two areas");
//! }
//! ```
//!
//! Where Python or shapely is missing, asking panics and says what to do: a test that was not judged must not
//! pass.

mod ground;
mod process;
mod python;
mod repository;
mod verdict;

pub use ground::Ground;
pub use python::python;
pub use repository::repository;
pub use verdict::{Faces, Verdict, assert_coverages, faces, intersections, judge};
