//! What the feed tells: a change, and which tiles it touched.

use super::{moved::Moved, shown::touched_layers, touched::Seen};
use bytes::Bytes;
use gridbeat_onemap::{
    Bounds,
    record::{Change, LayerKind, Op},
};
use gridbeat_tiles::{Footprint, MatrixSet, TileLayer, TileRange};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// How many ranges one `tiles` names at most: some 60 kB of text. Of more, deeper zooms are told coarser.
const MOST_RANGES: usize = 2048;

/// A change, ready to be told to any number of readers.
#[derive(Debug)]
pub struct Event {
    /// The entry of the log.
    pub change: Change,
    /// The tiles that show something of it: no others changed.
    tiles: Vec<Tiles>,
    /// The row as it was and as it is; `None` for an import, and for a change that was read from the
    /// log, which keeps no rows.
    pub moved: Option<Moved>,
    /// Written once, sent to everybody.
    frame: OnceLock<Bytes>,
}

/// Tiles of Web Mercator.
#[derive(Debug)]
struct Tiles {
    layers: Vec<TileLayer>,
    ranges: Vec<TileRange>,
}

impl Tiles {
    fn new(layers: &[TileLayer], places: &Footprint) -> Self {
        let ranges = places.ranges(MatrixSet::WebMercatorQuad, MOST_RANGES);
        Self { layers: layers.to_vec(), ranges }
    }
}

impl Event {
    /// A change that was applied, and where it is seen.
    pub(super) fn new(change: Change, moved: Option<Moved>, seen: &[Seen]) -> Self {
        let tiles = seen.iter().map(|seen| Tiles::new(seen.names(), seen.places())).collect();
        Self { change, tiles, moved, frame: OnceLock::new() }
    }

    /// A change as the log knows it: it is seen in the change's box, boundaries in all the world. `departments` are the
    /// layers of departments that there are: their features say in whose ground they lie, so boundaries touch them too.
    pub fn of_log<'a>(change: Change, departments: impl IntoIterator<Item = &'a str>) -> Self {
        let layers = touched_layers(&change.layer, departments);
        // Boundaries that went leave traces outside of what came.
        let boundaries = matches!(change.layer.built_in(), Some(LayerKind::Grid | LayerKind::Beat));
        let place = change.bbox.filter(|_| !boundaries).unwrap_or(Bounds::WORLD);
        let tiles = vec![Tiles::new(&layers, &Footprint::new(vec![place]))];
        Self { change, tiles, moved: None, frame: OnceLock::new() }
    }

    /// How many ranges it keeps in memory.
    pub(super) fn weight(&self) -> usize {
        self.tiles.iter().map(|tiles| tiles.ranges.len()).sum()
    }

    /// What a stream sends: `tiles` without an id, then `change` with it, so that a reader who was cut
    /// off between the two gets both again.
    pub fn frame(&self) -> Bytes {
        let frame = self.frame.get_or_init(|| {
            let mut frame = String::new();
            for tiles in self.tiles_json() {
                frame += &format!("event: tiles\ndata: {tiles}\n\n");
            }
            let n = self.change.n;
            frame += &format!("id: {n}\nevent: change\ndata: {}\n\n", self.change_json());
            frame.into()
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

    /// `tiles` of the contract, one at least: layers in which the same places are seen are together.
    pub fn tiles_json(&self) -> Vec<Value> {
        let json = |layers: &[TileLayer], ranges: &[TileRange]| {
            let layers: Vec<_> = layers.iter().map(|l| l.as_str()).collect();
            let ranges: Vec<_> = ranges.iter().map(|r| [r.z.into(), r.x0, r.y0, r.x1, r.y1]).collect();
            json!({ "n": self.change.n, "layers": layers, "ranges": ranges })
        };
        if self.tiles.is_empty() {
            // So that a reader knows that it is no tile at all.
            return vec![json(&[], &[])];
        }
        self.tiles.iter().map(|tiles| json(&tiles.layers, &tiles.ranges)).collect()
    }
}

/// West, south, east, north in degrees.
pub fn degrees(b: Bounds) -> [f64; 4] {
    [b.min.lon_degrees(), b.min.lat_degrees(), b.max.lon_degrees(), b.max.lat_degrees()]
}
