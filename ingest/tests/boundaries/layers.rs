//! A file as a layer.

use crate::common::{Outcome, import, options};
use gridbeat_ingest::{Crs, IngestError};
use gridbeat_onemap::{
    Layer, MultiPolygon,
    record::{AreaRow, Fid, LayerKind, Region, Side},
};
use std::path::Path;

/// What a file gave.
pub struct Read {
    pub outcome: Outcome,
    /// The areas that were accepted, as they are drawn.
    pub rows: Vec<AreaRow>,
    pub layer: Layer,
}

/// Reads a file; codes from a column, or `#` for the row's number.
pub fn read(path: &Path, code: &str, crs: Option<Crs>) -> Result<Read, IngestError> {
    let mut options = options(LayerKind::Grid, &[("code", code)]);
    options.crs = crs;
    import(path, options).map(|outcome| {
        let rows: Vec<AreaRow> =
            outcome.areas().into_iter().enumerate().map(|(i, row)| numbered(i, row)).collect();
        let layer = Layer::new(Side::Grid, rows.clone());
        Read { outcome, rows, layer }
    })
}

/// Rows get their key from the store; here from their order.
fn numbered(i: usize, row: &AreaRow) -> AreaRow {
    AreaRow { fid: Fid::new(Region(1), i as u32 + 1), region: Region(1), ..row.clone() }
}

/// The ground of every area, in order.
pub fn grounds(layer: &Layer) -> Vec<MultiPolygon> {
    layer.ids().map(|id| layer.outline(id)).collect()
}
