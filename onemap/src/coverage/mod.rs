//! One boundary layer as a coverage: arcs with an area on either side, never a bag of polygons.
//!
//! - [`layer`]: areas over one arrangement of their drawings; [`family`]: their parents and codes.
//! - [`with`](Layer::with): some areas changed, and only what they touch done again; [`pages`]: what they share.
//! - [`clean`]: drawings that do not quite fit, mended within a tolerance.
//! - [`outlines`](fn@outlines): polygons derived from arcs, for one area, a parent, or all at once.
//! - [`generalised`]: the same layer with fewer vertices.
//! - [`repair`](fn@repair): one broken polygon made valid; [`join_parts`]: several that are not apart.
//! - [`validate`](fn@validate): where a layer is no clean coverage. [`disputed`]: what of that a map shows.

pub mod clean;
mod disputed;
mod family;
mod generalised;
mod layer;
mod outlines;
mod pages;
mod repair;
mod validate;
mod with;

pub use disputed::{Fault, Faults};
pub use generalised::Generalised;
pub use layer::{Area, AreaId, BoundaryArc, Layer};
pub use outlines::{Border, outlines};
pub(crate) use outlines::{Side as Walk, outline};
pub use repair::{RepairKind, Repaired, Unrepairable, join_parts, repair};
pub use validate::{
    Drawing, Finding, FindingKind, ROUNDING_M, SLIVER_RULE, Severity, Shape, Tolerance, validate,
    validate_drawings,
};
pub use with::LayerChange;
