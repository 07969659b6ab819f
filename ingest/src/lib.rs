//! Files → records.
//!
//! - [`open`] reads a file of boundaries, addresses, residents, incidents or staff; the [`Import`] it gives
//!   is an iterator over records and rejected rows, with notes before and a report behind.
//! - [`open_department`] reads a file of anything else that is points, lines or polygons: a department's layer,
//!   whose columns are its own.
//! - [`annotate`] reads a stream of points and writes it again with who answers for each.
//!
//! The way of a row: `read` (formats, encodings, archives) → `mapping` (columns → fields) → `crs` (numbers →
//! positions) → `fields` (cells → record; `time`, `repair`) → `import` (the whole, in order).

mod annotate;
pub mod crs;
mod department;
mod error;
mod fields;
#[cfg(test)]
mod fuzz;
mod import;
mod mapping;
mod options;
mod read;
mod repair;
mod report;
mod time;

pub use annotate::{AnnotateSummary, Codes, PointFormat, PointOptions, annotate};
pub use crs::Crs;
pub use department::{DepartmentImport, DepartmentOptions, drawing_of_geojson, open_department};
pub use error::{IngestError, Problem, Reject};
pub use import::{Import, open};
pub use options::Options;
pub use report::{Merged, Note, NoteLevel, Progress, Repair, Report};
