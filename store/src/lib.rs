//! Persistence: everything Gridbeat knows, in one GeoPackage file or in PostGIS, behind one trait.
//!
//! ```text
//! open(url) ──► Store ─┬─ load ............ one consistent cut, streamed into a Sink (→ the map)
//!                      ├─ import .......... many rows, one transaction, one change
//!                      ├─ import_department  the same into a layer with columns of its own
//!                      ├─ redraw .......... new drawings of areas, one transaction, one change
//!                      ├─ create / edit ... one incident, one transaction, one change
//!                      └─ changes_since ... what happened after change n (→ other nodes, the stream)
//! ```
//!
//! Every write appends to the change log in its own transaction; the log's numbers have no gap and
//! follow the order of commits. What a write answered `Ok` survives a power cut.

mod backup;
mod columns;
mod cut;
mod department;
mod error;
mod fault;
mod gpkg;
mod group;
mod kept;
mod open;
mod plan;
mod postgis;
mod rules;
mod schema;
mod search;
mod shelf;
mod store;
mod stored;
mod verify;
mod wkb;

pub use department::{DepartmentLayer, DepartmentPlan, NextFeature};
pub mod geopackage {
    //! A GeoPackage of one layer, for other programs.
    pub use crate::gpkg::layer_file::{ColumnKind, LayerFile, LayerShape, Place, Value};
}

pub use backup::{Backup, backup, restore};
pub use cut::{Counter, Cut, EachChange, EachFeature, Work};
pub use error::{SourceFailed, StoreError};
pub use kept::{Each, Kept};
pub use open::{OpenMode, open};
pub use plan::{ImportPlan, Imported, Missing, Refused};
pub use search::SHORTEST_SEARCH;
pub use shelf::Pool;
pub use store::{AddressHit, AddressRef, Duty, Edit, FeatureEdit, NextRow, OnReject, Sink, Store};
pub use verify::{Finding, Verified, verify};
pub use wkb::{of_lines as lines_wkb, of_multi_polygon as multi_polygon_wkb, of_point as point_wkb};
