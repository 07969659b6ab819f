//! The row that a change touched, as it was and as it is.

use crate::feature::read::Item;
use gridbeat_onemap::{
    Bounds, E7, Reader,
    department::Department,
    live::{Incident, StaffPosition},
    record::{Fid, LayerKind, LayerName, Side},
};
use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    iter::once,
    sync::Arc,
};

/// A row that can change by itself.
#[derive(Clone, Debug)]
pub enum Single {
    /// An incident.
    Incident(Box<Incident>),
    /// A member of staff.
    Staff(Box<StaffPosition>),
    /// A feature of a department's layer.
    Feature(Arc<Feature>),
}

/// A feature of a department's layer, alone in it: thousands of events are remembered, and would each keep all of its
/// layer.
#[derive(Debug)]
pub struct Feature {
    layer: Department,
    /// Numbers that stand for the codes of all areas in which any part of it lies, and of those above them, ascending.
    areas: Vec<u64>,
}

impl Feature {
    fn new(reader: &Reader<'_>, layer: &Department, fid: Fid) -> Option<Self> {
        let layer = layer.alone(layer.by_fid(fid)?);
        // Each reader of the stream asks; the parts of a large polygon take longer to find than all else.
        let pieces = layer.shares(reader.overlay(), 0).iter().filter_map(|part| part.piece);
        let pieces = pieces.chain(layer.piece(0)).map(|piece| reader.overlay().piece(piece));
        let mut areas = BTreeSet::new();
        for piece in pieces {
            for (side, drawn) in [(Side::Grid, piece.grid), (Side::Beat, piece.beat)] {
                let layer = reader.layer(side);
                let all = drawn.into_iter().flat_map(|area| once(area).chain(layer.ancestors(area)));
                areas.extend(all.map(|area| number(&layer.area(area).code)));
            }
        }
        Some(Self { layer, areas: areas.into_iter().collect() })
    }

    /// Whether any part of it lay in the area of a code, or below it, when it was put on the map. Of two codes in
    /// ten trillion it takes one for the other.
    pub fn lies_in(&self, code: &str) -> bool {
        self.areas.binary_search(&number(code)).is_ok()
    }
}

/// A number that stands for a code.
fn number(code: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    code.hash(&mut hasher);
    hasher.finish()
}

impl Single {
    /// The row of that id in a layer of such rows.
    pub fn find(reader: &Reader<'_>, layer: &LayerName, fid: Fid) -> Option<Self> {
        match layer {
            LayerName::BuiltIn(LayerKind::Incident) => {
                reader.incidents().get(fid).map(|i| Self::Incident(Box::new(i.clone())))
            }
            LayerName::BuiltIn(LayerKind::Staff) => {
                reader.staff().get(fid).map(|s| Self::Staff(Box::new(s.clone())))
            }
            LayerName::BuiltIn(_) => None,
            LayerName::Department(name) => {
                Feature::new(reader, reader.department(name)?, fid).map(|f| Self::Feature(Arc::new(f)))
            }
        }
    }

    /// As an item of its collection. What it says of the piece holds for the map that it was found on.
    pub fn item(&self) -> Item<'_> {
        match self {
            Self::Incident(incident) => Item::Incident(incident),
            Self::Staff(member) => Item::Staff(member),
            Self::Feature(feature) => Item::Department(&feature.layer, 0),
        }
    }

    /// The position that it lies at, or that stands for it.
    pub fn at(&self) -> Option<E7> {
        match self {
            Self::Incident(incident) => Some(incident.row.at),
            Self::Staff(member) => member.row.at,
            Self::Feature(feature) => feature.layer.drawing(0).stands_at(),
        }
    }

    /// The box around it; `None` for somebody whose place is not known.
    pub fn bounds(&self) -> Option<Bounds> {
        match self {
            Self::Feature(feature) => Some(feature.layer.bounds_of(0)),
            _ => self.at().map(|p| Bounds { min: p, max: p }),
        }
    }
}

/// Both; `None` where there was no row, or is none any more.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// Before the change.
    pub before: Option<Single>,
    /// After it.
    pub after: Option<Single>,
}

impl Moved {
    /// The places where it was and is, each once.
    pub fn places(&self) -> Vec<Bounds> {
        let mut places: Vec<Bounds> =
            self.before.iter().chain(&self.after).filter_map(Single::bounds).collect();
        places.dedup();
        places
    }
}
