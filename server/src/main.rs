//! The binary `gridbeat`.
fn main() {}
