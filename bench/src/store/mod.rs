//! The store: writers that wait for the disk, and files of addresses.

mod bulk;
mod durable;

use crate::case::Case;

pub const CASES: &[Case] = &[durable::GEOPACKAGE, durable::POSTGIS, bulk::CASE];
