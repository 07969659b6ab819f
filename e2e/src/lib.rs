//! Black-box helpers: a test reads as the transcript of what a person would type and see.
//!
//! ```no_run
//! use gridbeat_e2e::{Gridbeat, town};
//! let town = town::write();
//! let g = Gridbeat::new();
//! g.import("grid", &town::file(&town, "grid.geojson"), &[]).ok();
//! g.import("beat", &town::file(&town, "beat.geojson"), &[]).ok();
//! let server = g.serve();
//! let answer = server.get("/api/locate?lon=120.3005&lat=31.5005").is(200).json();
//! assert_eq!(answer["grid"]["code"], town::GRIDS[0]);
//! server.stop();
//! ```
//!
//! Nothing is built here: the binary is the one named by `GRIDBEAT_BIN`, else the debug build in
//! cargo's target folder.

mod command;
mod gridbeat;
mod http;
mod server;
mod stream;

pub mod browser;
pub mod oracle;
pub mod pieces;
pub mod postgres;
pub mod readers;
pub mod refused;
pub mod shared;
pub mod tiles;
pub mod town;
pub mod two_servers;

pub use command::{Run, run};
pub use gridbeat::{Gridbeat, gridbeat};
pub use http::{Reply, Request};
pub use server::Server;
pub use stream::{Event, Events};
