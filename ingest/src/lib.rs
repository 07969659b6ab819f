//! Files → records: see ARCHITECTURE.md.
mod annotate;
pub mod crs;
mod error;
mod import;
mod options;
mod report;

pub use annotate::{AnnotateSummary, Codes, PointFormat, PointOptions, annotate};
pub use crs::Crs;
pub use error::{IngestError, Problem, Reject};
pub use import::{Import, open};
pub use options::Options;
pub use report::{Merged, Note, NoteLevel, Progress, Repair, Report};
