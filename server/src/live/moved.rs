//! The row that a change touched, as it was and as it is.

use crate::feature::read::Item;
use gridbeat_onemap::{
    Bounds, E7, Reader,
    department::Department,
    live::{Incident, StaffPosition},
    record::{Fid, LayerKind, LayerName},
};
use std::sync::Arc;

/// A row that can change by itself.
#[derive(Clone, Debug)]
pub enum Single {
    /// An incident.
    Incident(Box<Incident>),
    /// A member of staff.
    Staff(Box<StaffPosition>),
    /// A feature of a department's layer, alone in it: thousands of events are remembered, and would each keep all
    /// of its layer.
    Feature(Arc<Department>),
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
                let layer = reader.department(name)?;
                Some(Self::Feature(Arc::new(layer.alone(layer.by_fid(fid)?))))
            }
        }
    }

    /// As an item of its collection. What it says of the piece holds for the map that it was found on.
    pub fn item(&self) -> Item<'_> {
        match self {
            Self::Incident(incident) => Item::Incident(incident),
            Self::Staff(member) => Item::Staff(member),
            Self::Feature(layer) => Item::Department(layer, 0),
        }
    }

    /// The position that it lies at, or that stands for it.
    pub fn at(&self) -> Option<E7> {
        match self {
            Self::Incident(incident) => Some(incident.row.at),
            Self::Staff(member) => member.row.at,
            Self::Feature(layer) => layer.drawing(0).stands_at(),
        }
    }

    /// The box around it; `None` for somebody whose place is not known.
    pub fn bounds(&self) -> Option<Bounds> {
        match self {
            Self::Feature(layer) => Some(layer.bounds_of(0)),
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
