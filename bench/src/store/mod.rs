//! The store: writers that wait for the disk, files of addresses, and a city that is served from it.

mod bulk;
mod durable;
mod serving;

use crate::case::Case;

pub const CASES: &[Case] =
    &[durable::GEOPACKAGE, durable::POSTGIS, bulk::CASE, serving::COLD_START, serving::MEMORY];
