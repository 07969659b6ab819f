//! Which parts of the map a tile shows that only a load changes, and which load changed them last.
//!
//! Incidents, staff and features of departments are no such parts: what a change of theirs touched is looked up by
//! place (see [`tiles`](super::tiles)).

use gridbeat_onemap::{Differences, record::Side};
use gridbeat_tiles::TileLayer;

/// A part of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Grids or beats.
    Boundaries(Side),
    /// Addresses, with how many residents they have.
    Addresses,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 3] = [Self::Boundaries(Side::Grid), Self::Boundaries(Side::Beat), Self::Addresses];

    /// Whether a load found it to differ.
    pub fn differs(self, differences: &Differences) -> bool {
        match self {
            Self::Boundaries(side) => differences.boundaries[side as usize],
            Self::Addresses => differences.addresses,
        }
    }

    /// Whether tiles of a layer may be others when the part is; of all rows, or of those that a filter chooses.
    pub fn is_shown_by(self, layer: TileLayer, chosen: bool) -> bool {
        match (layer, self) {
            (TileLayer::Grid | TileLayer::GridLine | TileLayer::GridLabel, part) => {
                part == Self::Boundaries(Side::Grid)
            }
            (TileLayer::Beat | TileLayer::BeatLine | TileLayer::BeatLabel, part) => {
                part == Self::Boundaries(Side::Beat)
            }
            (TileLayer::Piece | TileLayer::Fault, part) => part != Self::Addresses,
            // They say in whose ground they lie.
            (TileLayer::Incident | TileLayer::Department(_), part) => part != Self::Addresses,
            (TileLayer::Address, _) => true,
            // Counts do not say so, but a filter may ask for it.
            (TileLayer::ResidentDensity, part) => chosen || part == Self::Addresses,
            (TileLayer::Staff, _) => false,
        }
    }
}

/// Of each part the load that changed it last. Loads are numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loads {
    /// The load before which nothing holds, not even the numbers of changes.
    all: u64,
    /// In the order of [`Part::ALL`].
    parts: [u64; Part::ALL.len()],
}

impl Loads {
    /// Everything is of this load.
    pub(super) const fn anew(load: u64) -> Self {
        Self { all: load, parts: [load; Part::ALL.len()] }
    }

    /// The same after a load that found this to differ.
    pub(super) fn after(mut self, load: u64, differences: &Differences) -> Self {
        for (part, last) in Part::ALL.into_iter().zip(&mut self.parts) {
            if part.differs(differences) {
                *last = load;
            }
        }
        self
    }

    /// The last load that may have changed all tiles with these layers.
    pub(super) fn of(&self, layers: &[TileLayer], chosen: bool) -> u64 {
        let shown = |part: &Part| layers.iter().any(|&layer| part.is_shown_by(layer, chosen));
        let parts = Part::ALL.iter().zip(self.parts).filter(|(part, _)| shown(part)).map(|(_, load)| load);
        parts.fold(self.all, u64::max)
    }
}
