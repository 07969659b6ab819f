//! Readers: one file for each format, all answering in the same terms.
//!
//! [`open`] looks at a file and names its columns and coordinate system; [`Input::rows`] then streams
//! its rows, as often as asked (a survey reads the beginning, the import reads all).

pub(crate) mod bare_wkt;
pub(crate) mod bytes;
pub(crate) mod csv;
pub(crate) mod dbf;
pub(crate) mod encoding;
pub(crate) mod feature;
pub(crate) mod flatgeobuf;
mod format;
pub(crate) mod geojson;
pub(crate) mod geopackage;
pub(crate) mod json;
pub(crate) mod shapefile;
pub(crate) mod shp;
pub(crate) mod table;
pub(crate) mod wkb;
pub(crate) mod wkt;
mod zipped;

pub(crate) use format::open;
pub(crate) use table::{Geometry, Header, Input, RawRow, RowError, Rows};
