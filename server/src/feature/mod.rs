//! What the API and the command line hand out: one feature of one collection, and how it is written.

pub mod asked;
pub mod collection;
pub mod csv;
pub mod department;
pub mod flatgeobuf;
pub mod frame;
pub mod geojson;
pub mod many;
pub mod read;

use gridbeat_onemap::{E7, MultiPolygon};
use serde_json::Value;

/// One feature: an id, a place, and properties in the contract's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// `fid`, or the piece's id.
    pub id: Id,
    /// Where.
    pub geometry: Geometry,
    /// `(name, value)`; an absent value is [`Value::Null`].
    pub properties: Vec<(&'static str, Value)>,
}

/// The id of a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id {
    /// The primary key in every store.
    Fid(u64),
    /// `GRID~BEAT`.
    Piece(String),
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fid(fid) => write!(f, "{fid}"),
            Self::Piece(id) => f.write_str(id),
        }
    }
}

/// The place of a feature.
#[derive(Clone, Debug, PartialEq)]
pub enum Geometry {
    /// It has none (a parent without children, a member of staff without a position).
    None,
    /// A position.
    Point(E7),
    /// Lines; always written as a MultiLineString, so that a layer has one type.
    Lines(Vec<Vec<E7>>),
    /// Ground; always written as a MultiPolygon, so that a layer has one type.
    Ground(MultiPolygon),
}
