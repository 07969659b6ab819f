//! How soon what is written is seen: by who asks, and by who listens.
//!
//! [`listen`]: readers of the stream, thousands in one thread. [`write`]: reports of incidents.

mod listen;
mod subscribers;
mod visible;
mod write;

use crate::case::Case;
use std::time::Duration;

pub const CASES: &[Case] = &[
    Case { name: "live/visible", peer_name: "", run: visible::run },
    Case { name: "live/subscribers", peer_name: "", run: subscribers::run },
];

/// The time that 99 of 100 stay within, in milliseconds.
pub fn p99(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let i = (times.len() * 99).div_ceil(100).saturating_sub(1);
    times.get(i).map_or(f64::NAN, |t| t.as_secs_f64() * 1e3)
}
