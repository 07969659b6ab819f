//! What the feed tells: a change, and which tiles it touched.

use super::{moved::Moved, parts::Part};
use bytes::Bytes;
use gridbeat_onemap::{
    Bounds,
    record::{Change, LayerKind, LayerName, Op, Side},
};
use gridbeat_tiles::{MAX_ZOOM, MatrixSet, TileLayer, TileRange};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// A change, ready to be told to any number of readers.
#[derive(Debug)]
pub struct Event {
    /// The entry of the log.
    pub change: Change,
    /// The tile layers that show it.
    pub layers: Vec<TileLayer>,
    /// The places in which it is seen: a tile that shows none of them did not change.
    pub places: Vec<Bounds>,
    /// The row as it was and as it is; `None` for an import, and for a change that was read from the
    /// log, which keeps no rows.
    pub moved: Option<Moved>,
    /// Written once, sent to everybody.
    frame: OnceLock<Bytes>,
}

impl Event {
    /// What a change touched: the old and the new place when they are known; else the change's box,
    /// which holds both. `departments` are the layers of departments that there are: their features say in whose
    /// ground they lie, so boundaries touch them too.
    pub fn new<'a>(
        change: Change,
        moved: Option<Moved>,
        departments: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let layers = touched_layers(&change.layer, departments);
        // Boundaries that went leave traces outside of what came: the whole world is told.
        let boundaries = matches!(change.layer.built_in(), Some(LayerKind::Grid | LayerKind::Beat));
        let places = match (boundaries, moved.as_ref().map(Moved::places), change.bbox) {
            (true, _, _) | (false, None, None) => vec![Bounds::WORLD],
            (false, Some(places), _) => places,
            (false, None, Some(bbox)) => vec![bbox],
        };
        Self { change, layers, places, moved, frame: OnceLock::new() }
    }

    /// What a stream sends: `tiles` without an id, then `change` with it, so that a reader who was cut
    /// off between the two gets both again.
    pub fn frame(&self) -> Bytes {
        let frame = self.frame.get_or_init(|| {
            let tiles = self.tiles_json().map(|t| format!("event: tiles\ndata: {t}\n\n")).unwrap_or_default();
            let n = self.change.n;
            format!("{tiles}id: {n}\nevent: change\ndata: {}\n\n", self.change_json()).into()
        });
        frame.clone()
    }

    /// `change` of the contract.
    pub fn change_json(&self) -> Value {
        let c = &self.change;
        let mut out = json!({
            "n": c.n,
            "collection": c.layer.collection(),
            "op": c.op.as_str(),
            "fid": c.fid.map(|f| f.0),
            "grid": c.grid,
            "beat": c.beat,
            "bbox": c.bbox.filter(|b| !b.is_empty()).map(degrees),
            "at": c.at.to_string(),
        });
        if c.op == Op::Import {
            out["rows"] = c.rows.into();
        }
        out
    }

    /// `tiles` of the contract; `None` when no tile shows the layer.
    pub fn tiles_json(&self) -> Option<Value> {
        if self.layers.is_empty() {
            return None;
        }
        let layers: Vec<_> = self.layers.iter().map(|l| l.as_str()).collect();
        let ranges: Vec<_> = self.ranges().iter().map(|r| json!([r.z, r.x0, r.y0, r.x1, r.y1])).collect();
        Some(json!({ "n": self.change.n, "layers": layers, "ranges": ranges }))
    }

    /// The tiles of every zoom that show one of the places.
    fn ranges(&self) -> Vec<TileRange> {
        let mut ranges = Vec::new();
        for z in 0..=MAX_ZOOM {
            for place in &self.places {
                let range = TileRange::showing_in(MatrixSet::WebMercatorQuad, place, z);
                ranges.extend(range.filter(|r| !ranges.contains(r)));
            }
        }
        ranges
    }
}

/// West, south, east, north in degrees.
pub fn degrees(b: Bounds) -> [f64; 4] {
    [b.min.lon_degrees(), b.min.lat_degrees(), b.max.lon_degrees(), b.max.lat_degrees()]
}

/// The tile layers that show something of a layer of the store.
fn touched_layers<'a>(layer: &LayerName, departments: impl IntoIterator<Item = &'a str>) -> Vec<TileLayer> {
    let layer = match layer {
        LayerName::BuiltIn(layer) => layer,
        // Tiles know columns of the map's own schema; here the name is all that matters.
        LayerName::Department(name) => return vec![TileLayer::department(name)],
    };
    let part = match layer {
        LayerKind::Grid => Part::Boundaries(Side::Grid),
        LayerKind::Beat => Part::Boundaries(Side::Beat),
        LayerKind::Address | LayerKind::Resident => Part::Addresses,
        LayerKind::Incident => return vec![TileLayer::Incident],
        LayerKind::Staff => return vec![TileLayer::Staff],
    };
    let all = TileLayer::ALL.into_iter().chain(departments.into_iter().map(TileLayer::department));
    // Under a filter or not: who listens may show either.
    all.filter(|&layer| part.is_shown_by(layer, true)).collect()
}
