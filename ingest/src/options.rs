//! What the caller may say about a file; everything else is found in it.

use crate::crs::Crs;
use gridbeat_onemap::record::{LayerKind, Region};

/// How to read a file.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which records to make of the rows.
    pub layer: LayerKind,
    /// Which layer of a file that has several (GeoPackage table, shapefile in a zip).
    pub source_layer: Option<String>,
    /// `(field, column)`: overrides the guess. The column `#` is the row's number.
    pub map: Vec<(String, String)>,
    /// Overrides the coordinate system that the file declares.
    pub crs: Option<Crs>,
    /// Zone of times that state none.
    pub tz: Option<jiff::tz::TimeZone>,
    /// Overrides the region of every row.
    pub region: Option<Region>,
}

impl Options {
    /// Everything guessed.
    pub fn new(layer: LayerKind) -> Self {
        Self { layer, source_layer: None, map: Vec::new(), crs: None, tz: None, region: None }
    }
}
