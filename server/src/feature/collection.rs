//! The collections and their fields, as the contract has them.

use super::department::Layer;
use gridbeat_onemap::{
    Reader,
    department::Drawn,
    record::{LayerKind, Side},
};

/// A collection of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Collection {
    /// Grids and their parents.
    Grids,
    /// Beats and their parents.
    Beats,
    /// The pieces of the overlay.
    Pieces,
    /// Standard addresses.
    Addresses,
    /// Incidents.
    Incidents,
    /// Staff, without name and phone.
    Staff,
    /// A layer of a department.
    Department(&'static Layer),
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Whole number.
    Integer,
    /// Number.
    Number,
    /// true or false.
    Boolean,
    /// A day: `2026-05-01`.
    Date,
    /// RFC 3339 time.
    Time,
    /// The parts of a feature by piece: shown, not asked about.
    Shares,
}

impl Kind {
    /// Whether features can be filtered and sorted by it.
    pub const fn is_asked(self) -> bool {
        !matches!(self, Self::Shares)
    }
}

/// A property of a collection's features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

macro_rules! fields {
    ($($name:literal $kind:ident),+ $(,)?) => { &[$(Field { name: $name, kind: Kind::$kind }),+] };
}

const AREA: &[Field] = fields![
    "code" Text, "name" Text, "level" Text, "parent" Text, "kind" Text, "area_m2" Number,
    "addresses" Integer, "residents" Integer, "incidents_open" Integer,
];
const PIECE: &[Field] = fields![
    "piece" Text, "grid" Text, "beat" Text, "area_m2" Number, "share_of_grid" Number, "share_of_beat" Number,
    "addresses" Integer, "residents" Integer, "incidents" Integer, "sliver" Boolean,
];
const ADDRESS: &[Field] = fields![
    "code" Text, "text" Text, "residents" Integer, "dwellings" Integer, "organisations" Integer,
    "grid" Text, "beat" Text, "piece" Text,
];
const INCIDENT: &[Field] = fields![
    "code" Text, "title" Text, "category" Text, "state" Text, "risk" Text, "source" Text, "reported_at" Time,
    "address" Text, "grid" Text, "beat" Text, "piece" Text,
];
const STAFF: &[Field] = fields![
    "code" Text, "role" Text, "side" Text, "area" Text, "on_duty" Boolean, "seen_at" Time,
];

impl Collection {
    /// Every built-in collection, in the order in which they are listed.
    pub const ALL: [Self; 6] =
        [Self::Grids, Self::Beats, Self::Pieces, Self::Addresses, Self::Incidents, Self::Staff];

    /// The id in paths.
    pub fn id(self) -> &'static str {
        match self {
            Self::Grids => "grids",
            Self::Beats => "beats",
            Self::Pieces => "pieces",
            Self::Addresses => "addresses",
            Self::Incidents => "incidents",
            Self::Staff => "staff",
            Self::Department(layer) => layer.schema.name.as_str(),
        }
    }

    /// Every collection of a map: the built-in ones, then the layers of departments by name.
    pub fn all(reader: &Reader<'_>) -> Vec<Self> {
        let departments = reader.departments().iter().map(|d| Self::Department(Layer::of(d.schema())));
        Self::ALL.into_iter().chain(departments).collect()
    }

    /// The collection of that id in a map.
    pub fn find(reader: &Reader<'_>, id: &str) -> Option<Self> {
        let built_in = Self::ALL.into_iter().find(|c| c.id() == id);
        built_in.or_else(|| reader.department(id).map(|d| Self::Department(Layer::of(d.schema()))))
    }

    /// The collection that a layer of the store feeds; residents are counted, not served.
    pub const fn of_layer(layer: LayerKind) -> Option<Self> {
        match layer {
            LayerKind::Grid => Some(Self::Grids),
            LayerKind::Beat => Some(Self::Beats),
            LayerKind::Address => Some(Self::Addresses),
            LayerKind::Resident => None,
            LayerKind::Incident => Some(Self::Incidents),
            LayerKind::Staff => Some(Self::Staff),
        }
    }

    /// The tile layer of the same features.
    pub fn tile_layer(self) -> &'static str {
        match self {
            Self::Grids => "grid",
            Self::Beats => "beat",
            Self::Pieces => "piece",
            Self::Addresses => "address",
            Self::Incidents => "incident",
            Self::Staff => "staff",
            Self::Department(layer) => layer.schema.name.as_str(),
        }
    }

    /// The side whose areas these are.
    pub const fn side(self) -> Option<Side> {
        match self {
            Self::Grids => Some(Side::Grid),
            Self::Beats => Some(Side::Beat),
            _ => None,
        }
    }

    /// Whether it is a layer of a department.
    pub const fn is_of_department(&self) -> bool {
        matches!(self, Self::Department(_))
    }

    /// Whether its features have times to be chosen by.
    pub fn has_time(self) -> bool {
        match self {
            Self::Incidents => true,
            Self::Department(layer) => layer.schema.time_column().is_some(),
            _ => false,
        }
    }

    /// Whether the features share borders, and so have neighbours.
    pub const fn has_neighbours(self) -> bool {
        matches!(self, Self::Grids | Self::Beats | Self::Pieces)
    }

    /// What the features are.
    pub const fn drawn(self) -> Drawn {
        match self {
            Self::Grids | Self::Beats | Self::Pieces => Drawn::Polygon,
            Self::Addresses | Self::Incidents | Self::Staff => Drawn::Point,
            Self::Department(layer) => layer.schema.drawn,
        }
    }

    /// The properties, in order.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Grids | Self::Beats => AREA,
            Self::Pieces => PIECE,
            Self::Addresses => ADDRESS,
            Self::Incidents => INCIDENT,
            Self::Staff => STAFF,
            Self::Department(layer) => &layer.fields,
        }
    }

    /// The field of that name.
    pub fn field(self, name: &str) -> Option<Field> {
        self.fields().iter().copied().find(|f| f.name == name)
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Grids => "网格 Grids",
            Self::Beats => "警格 Beats",
            Self::Pieces => "双格单元 Pieces",
            Self::Addresses => "标准地址 Addresses",
            Self::Incidents => "事件 Incidents",
            Self::Staff => "人员 Staff",
            Self::Department(layer) => layer.schema.title.as_str(),
        }
    }

    /// For people, one sentence.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Grids => {
                "Grids of community governance and their parents; a parent's ground is the union of its children's."
            }
            Self::Beats => {
                "Beats of the police and their parents; a parent's ground is the union of its children's."
            }
            Self::Pieces => "All ground with the same grid (or none) and the same beat (or none).",
            Self::Addresses => "Standard addresses with counts of residents, dwellings and organisations.",
            Self::Incidents => {
                "Incidents with the grid and beat that were responsible when they were reported."
            }
            Self::Staff => "Staff of both sides: role, area, duty and last position; no names or phones.",
            Self::Department(_) => {
                "A layer of a department: its own columns, and the grid, beat and piece of each feature."
            }
        }
    }
}
