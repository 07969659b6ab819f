//! Answers over HTTP, against servers of others.

mod items;

use crate::case::Case;

pub const CASES: &[Case] = &[Case { name: "http/items", peer_name: "tipg on PostGIS", run: items::run }];
