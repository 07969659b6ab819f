//! What is where and when, how many, and how near: over a snapshot, through somebody's eyes.
//!
//! Every query is a method of [`Reader`](crate::Reader), so it has a scope, and takes a [`Budget`], so it
//! ends: with an answer, or with an error that says which bound it met.
//!
//! - [`place`]: where to look. [`filter`]: for which rows. [`budget`]: at what cost.
//! - [`find`]: rows, page by page. [`nearest`]: the nearest ones. [`features`]: both, of departments' layers.
//! - [`count`]: how many, in all; [`group`]: by area or piece; [`cells`]: by cell of a [`raster`].
//! - [`series`]: how many in each hour, day or week. [`tallied`]: all of these of departments' layers.

mod budget;
mod cells;
mod count;
mod features;
mod filter;
mod find;
mod group;
mod nearest;
mod place;
mod raster;
mod rows;
mod series;
mod tallied;

pub use budget::{Budget, QueryError, Stop};
pub use cells::MOST_CELLS;
pub use count::Counts;
pub use filter::{IncidentFilter, StaffFilter, TimeRange};
pub use find::{Found, MOST_ITEMS, Page};
pub use group::{By, Group, Key, Summary};
pub use place::Where;
pub use raster::{Cell, Raster, Tiling};
pub use series::{Bucket, Interval, MOST_BUCKETS, Series, ZONE};
pub use tallied::{CellTally, FeatureCounts, FeatureGroup, FeatureTally, Sum};
