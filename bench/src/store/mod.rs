//! The store: writers that wait for the disk, files of addresses, and a city that is served from it.

mod bulk;
mod durable;
mod import_postgis;
mod serving;

use crate::case::Case;

pub const CASES: &[Case] = &[
    durable::GEOPACKAGE,
    durable::POSTGIS,
    bulk::CASE,
    import_postgis::CASE,
    serving::COLD_START,
    serving::MEMORY,
    serving::PROVINCE,
    serving::PROVINCE_START,
];
