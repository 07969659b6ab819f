//! Every query against brute force over the rows: on random data with moving and deleted points,
//! duplicates, polygons with holes, before, across and after a merge of the changes.
//!
//! - [`world`]: a map and the plain rows that it should show. [`ask`]: what may be asked of it.
//! - [`brute`]: the answers by looking at every row. [`queries`]: both compared.
//! - [`features`]: the same of departments' layers. [`bounds`]: what a query may cost.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // How a test fails.

mod ask;
mod bounds;
mod brute;
mod features;
mod queries;
mod world;
