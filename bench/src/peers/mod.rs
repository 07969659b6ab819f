//! Peers that are servers themselves.

pub mod martin;
pub mod server;
pub mod tipg;
