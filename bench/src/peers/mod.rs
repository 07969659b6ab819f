//! Peers that are servers themselves.

pub mod tipg;
