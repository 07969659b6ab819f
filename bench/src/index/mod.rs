//! The packed R-tree against rstar: 6.3 million residents, each at the door where he or she lives.
//!
//! - [`points`]: the residents. [`build`]: time and memory. [`window`], [`polygon`], [`nearest`]: queries.

mod build;
mod nearest;
mod points;
mod polygon;
mod window;

use crate::case::Case;

const PEER: &str = "rstar GeomWithData<[f64; 2], u32>";

pub const CASES: &[Case] = &[
    Case { name: "index/build", peer_name: "rstar bulk_load", run: build::time },
    Case { name: "index/bytes", peer_name: PEER, run: build::bytes },
    Case { name: "index/window-200m", peer_name: PEER, run: || window::run(200.0, 20_000) },
    Case { name: "index/window-2km", peer_name: PEER, run: || window::run(2000.0, 1000) },
    Case { name: "index/count-polygon", peer_name: "rstar + geo Contains", run: polygon::run },
    Case { name: "index/nearest-10", peer_name: PEER, run: nearest::run },
];
