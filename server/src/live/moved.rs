//! The row that a change touched, as it was and as it is.

use crate::feature::read::Item;
use gridbeat_onemap::{
    Bounds, E7, Reader,
    live::{Incident, StaffPosition},
    record::{Fid, LayerKind},
};

/// A row that can change by itself.
#[derive(Clone, Debug)]
pub enum Single {
    /// An incident.
    Incident(Box<Incident>),
    /// A member of staff.
    Staff(Box<StaffPosition>),
}

impl Single {
    /// The row of that id in a layer of such rows.
    pub fn find(reader: &Reader<'_>, layer: LayerKind, fid: Fid) -> Option<Self> {
        match layer {
            LayerKind::Incident => reader.incidents().get(fid).map(|i| Self::Incident(Box::new(i.clone()))),
            LayerKind::Staff => reader.staff().get(fid).map(|s| Self::Staff(Box::new(s.clone()))),
            _ => None,
        }
    }

    /// As an item of its collection. What it says of the piece holds for the map that it was found on.
    pub fn item(&self) -> Item<'_> {
        match self {
            Self::Incident(incident) => Item::Incident(incident),
            Self::Staff(member) => Item::Staff(member),
        }
    }

    /// Where it is.
    pub fn at(&self) -> Option<E7> {
        match self {
            Self::Incident(incident) => Some(incident.row.at),
            Self::Staff(member) => member.row.at,
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
        let places = self.before.iter().chain(&self.after).filter_map(Single::at);
        let mut places: Vec<Bounds> = places.map(|p| Bounds { min: p, max: p }).collect();
        places.dedup();
        places
    }
}
