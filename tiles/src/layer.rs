//! The layers that tiles can hold: their names, zooms and fields.

use gridbeat_onemap::{
    department::{ColumnKind, Drawn, Schema, interned_name},
    record::Side,
};
use std::{fmt, str::FromStr};

/// A tile layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileLayer {
    /// Areas of the grid side, at the level that can be read at the zoom.
    Grid,
    /// Their borders, each once, with the level that it bounds.
    GridLine,
    /// Their names, each in exactly one tile.
    GridLabel,
    /// Areas of the police side.
    Beat,
    /// Their borders.
    BeatLine,
    /// Their names.
    BeatLabel,
    /// Pieces: one grid and one beat each.
    Piece,
    /// Ground that several areas of one side claim, or that areas leave between them.
    Fault,
    /// Residents and addresses per square cell.
    ResidentDensity,
    /// Addresses one by one.
    Address,
    /// Incidents: clusters when far, one by one when near.
    Incident,
    /// Last positions of staff.
    Staff,
    /// A layer of a department, by its name.
    Department(&'static str),
}

/// No tile layer has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{found}” is no tile layer; there are {}", TileLayer::ALL.map(TileLayer::as_str).join(", "))]
pub struct UnknownLayer {
    /// What stood there (its first 64 characters).
    pub found: String,
}

const TEXT: &str = "String";
const NUMBER: &str = "Number";
const FLAG: &str = "Boolean";

const AREA: &[(&str, &str)] = &[
    ("code", TEXT),
    ("name", TEXT),
    ("level", TEXT),
    ("parent", TEXT),
    ("kind", TEXT),
    ("area_m2", NUMBER),
    ("collapsed", FLAG),
];
const LINE: &[(&str, &str)] = &[("level", TEXT)];
const LABEL: &[(&str, &str)] = &[("code", TEXT), ("name", TEXT), ("level", TEXT)];
const PIECE: &[(&str, &str)] = &[
    ("piece", TEXT),
    ("grid", TEXT),
    ("beat", TEXT),
    ("area_m2", NUMBER),
    ("share_of_grid", NUMBER),
    ("share_of_beat", NUMBER),
    ("sliver", FLAG),
    ("mismatch", TEXT),
    ("collapsed", FLAG),
];
const FAULT: &[(&str, &str)] = &[
    ("side", TEXT),
    ("kind", TEXT),
    ("severity", TEXT),
    ("areas", TEXT),
    ("area_m2", NUMBER),
    ("width_m", NUMBER),
    ("sliver", FLAG),
    ("collapsed", FLAG),
];
const DENSITY: &[(&str, &str)] = &[("residents", NUMBER), ("addresses", NUMBER)];
const ADDRESS: &[(&str, &str)] = &[
    ("code", TEXT),
    ("text", TEXT),
    ("residents", NUMBER),
    ("dwellings", NUMBER),
    ("organisations", NUMBER),
    ("grid", TEXT),
    ("beat", TEXT),
    ("piece", TEXT),
];
const INCIDENT: &[(&str, &str)] = &[
    ("count", NUMBER),
    ("open", NUMBER),
    ("red", NUMBER),
    ("yellow", NUMBER),
    ("blue", NUMBER),
    ("reported", NUMBER),
    ("verified", NUMBER),
    ("filed", NUMBER),
    ("dispatched", NUMBER),
    ("handling", NUMBER),
    ("feedback", NUMBER),
    ("checking", NUMBER),
    ("closed", NUMBER),
    ("evaluated", NUMBER),
    ("rejected", NUMBER),
    ("returned", NUMBER),
    ("suspended", NUMBER),
    ("extended", NUMBER),
    ("void", NUMBER),
    ("withdrawn", NUMBER),
    ("transferred", NUMBER),
    ("joint", NUMBER),
    ("code", TEXT),
    ("title", TEXT),
    ("category", TEXT),
    ("state", TEXT),
    ("risk", TEXT),
    ("source", TEXT),
    ("reported_at", TEXT),
    ("address", TEXT),
    ("grid", TEXT),
    ("beat", TEXT),
    ("piece", TEXT),
];
const STAFF: &[(&str, &str)] =
    &[("code", TEXT), ("role", TEXT), ("side", TEXT), ("area", TEXT), ("on_duty", FLAG), ("seen_at", TEXT)];

impl TileLayer {
    /// Every layer.
    pub const ALL: [Self; 12] = [
        Self::Grid,
        Self::GridLine,
        Self::GridLabel,
        Self::Beat,
        Self::BeatLine,
        Self::BeatLabel,
        Self::Piece,
        Self::Fault,
        Self::ResidentDensity,
        Self::Address,
        Self::Incident,
        Self::Staff,
    ];

    /// The layer of a department, whether a map has it or not. Its fields are the columns of its schema, and
    /// `grid`, `beat` and `piece`.
    pub fn department(name: &str) -> Self {
        Self::Department(interned_name(name))
    }

    /// The name in paths and in the tile.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::GridLine => "grid_line",
            Self::GridLabel => "grid_label",
            Self::Beat => "beat",
            Self::BeatLine => "beat_line",
            Self::BeatLabel => "beat_label",
            Self::Piece => "piece",
            Self::Fault => "fault",
            Self::ResidentDensity => "resident_density",
            Self::Address => "address",
            Self::Incident => "incident",
            Self::Staff => "staff",
            Self::Department(name) => name,
        }
    }

    /// The first zoom at which the layer holds anything.
    pub const fn min_zoom(self) -> u8 {
        match self {
            Self::Piece => 11,
            Self::Fault => 9,
            Self::Address => 15,
            Self::Staff => 12,
            _ => 0,
        }
    }

    /// The last zoom worth asking for. Beyond 18, where a unit is 4 cm, a client enlarges what it has;
    /// tiles are served down to [`crate::MAX_ZOOM`] all the same. Density ends where addresses begin.
    pub const fn max_zoom(self) -> u8 {
        match self {
            Self::ResidentDensity => 14,
            _ => 18,
        }
    }

    /// Whether the layer holds anything at a zoom.
    pub const fn is_drawn_at(self, z: u8) -> bool {
        z >= self.min_zoom() && !matches!((self, z), (Self::ResidentDensity, 15..))
    }

    /// Names and kinds (`String`, `Number`, `Boolean`) of the properties, for TileJSON's
    /// `vector_layers`. Those of a department's layer are in its schema: see [`department_fields`].
    pub const fn fields(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Grid | Self::Beat => AREA,
            Self::GridLine | Self::BeatLine => LINE,
            Self::GridLabel | Self::BeatLabel => LABEL,
            Self::Piece => PIECE,
            Self::Fault => FAULT,
            Self::ResidentDensity => DENSITY,
            Self::Address => ADDRESS,
            Self::Incident => INCIDENT,
            Self::Staff => STAFF,
            Self::Department(_) => &[],
        }
    }

    /// Whether single rows of the layer change, and not only all of it with an import.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Incident | Self::Staff | Self::Department(_))
    }

    /// The side whose boundaries the layer shows, if it shows one side's.
    pub const fn side(self) -> Option<Side> {
        match self {
            Self::Grid | Self::GridLine | Self::GridLabel => Some(Side::Grid),
            Self::Beat | Self::BeatLine | Self::BeatLabel => Some(Side::Beat),
            _ => None,
        }
    }
}

/// Names and kinds of the properties of a department's layer.
pub fn department_fields(schema: &'static Schema) -> Vec<(&'static str, &'static str)> {
    let kind = |kind: ColumnKind| match kind {
        ColumnKind::Integer | ColumnKind::Number => NUMBER,
        ColumnKind::Boolean => FLAG,
        // A tile has no type for days and times.
        ColumnKind::Text | ColumnKind::Date | ColumnKind::Timestamp => TEXT,
    };
    let mut fields: Vec<_> = schema.columns.iter().map(|c| (c.name.as_str(), kind(c.kind))).collect();
    fields.extend(["grid", "beat", "piece"].map(|name| (name, TEXT)));
    if schema.drawn != Drawn::Point {
        fields.push(("collapsed", FLAG));
    }
    fields
}

impl fmt::Display for TileLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TileLayer {
    type Err = UnknownLayer;

    fn from_str(s: &str) -> Result<Self, UnknownLayer> {
        Self::ALL
            .into_iter()
            .find(|l| l.as_str() == s)
            .ok_or_else(|| UnknownLayer { found: s.chars().take(64).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_there_and_back() {
        for layer in TileLayer::ALL {
            assert_eq!(layer.as_str().parse(), Ok(layer));
            assert!(layer.min_zoom() <= layer.max_zoom());
            assert!(layer.is_drawn_at(layer.max_zoom()));
        }
        for layer in TileLayer::ALL {
            assert!(gridbeat_onemap::department::check_name(layer.as_str()).is_err(), "{layer} is taken");
        }
        let error = "grids".parse::<TileLayer>().unwrap_err();
        assert!(error.to_string().contains("“grids”") && error.to_string().contains("resident_density"));
        assert!(!TileLayer::ResidentDensity.is_drawn_at(15) && !TileLayer::Address.is_drawn_at(14));
    }
}
