//! How large a filter may be: evaluating one costs at most so much a row.

/// Bytes of a filter.
pub const BYTES: usize = 64 << 10;
/// Operators and operands of a filter.
pub const NODES: usize = 1_000;
/// Operators inside each other. Parsing and evaluating recurse, so this bounds the stack too.
pub const DEPTH: usize = 64;
/// Positions of all geometries of a filter.
pub const POSITIONS: usize = 5_000;
