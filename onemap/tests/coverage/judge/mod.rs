//! What must hold of a case.
//!
//! - [`tiling`]: pieces tile the outline exactly; areas keep their size but for bent edges.
//! - [`vertices`]: no vertex moves: not on building, on merging, or on building again.
//! - [`place`]: one point, one answer, by the documented rule.
//! - [`geos`]: valid coverages of valid polygons, and areas of pairs as GEOS has them.

mod geos;
mod place;
mod tiling;
mod vertices;

pub use geos::judge;
pub use place::distance;

use crate::cases::Case;
use gridbeat_onemap::{AreaId, Layer, MultiPolygon, Overlay, record::Side};

/// A case with its layers and overlay built.
pub struct Built {
    pub case: Case,
    pub grids: Layer,
    pub beats: Layer,
    pub overlay: Overlay,
}

impl Built {
    pub fn new(case: Case) -> Self {
        let grids = Layer::new(Side::Grid, case.grids.clone());
        let beats = Layer::new(Side::Beat, case.beats.clone());
        let overlay = Overlay::new(&grids, &beats);
        Self { case, grids, beats, overlay }
    }

    pub fn layers(&self) -> [&Layer; 2] {
        [&self.grids, &self.beats]
    }

    pub fn pieces(&self) -> Vec<MultiPolygon> {
        self.overlay.ids().map(|p| self.overlay.outline(p)).collect()
    }

    /// All that needs no oracle.
    pub fn check(&self) {
        let name = &self.case.name;
        tiling::check(name, self);
        vertices::check(name, self);
        place::check(name, self);
    }
}

/// The drawn areas of a layer, in order of their ids.
pub fn drawn(layer: &Layer) -> impl Iterator<Item = AreaId> + '_ {
    layer.ids().filter(|&id| layer.area(id).drawn)
}

/// Their ground.
pub fn grounds(layer: &Layer) -> Vec<MultiPolygon> {
    drawn(layer).map(|id| layer.outline(id)).collect()
}
