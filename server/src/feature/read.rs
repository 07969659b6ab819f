//! From the map to features: one item of a collection, its properties and its place.

use super::{Feature, Geometry, Id, collection::Collection};
use gridbeat_onemap::{
    AreaId, Bounds, E7, PieceId, Reader,
    live::{Incident, StaffPosition},
    overlay::name,
    record::{Fid, IncidentRow, Side},
};
use jiff::Timestamp;
use serde_json::Value;

/// One feature of the map, not yet written out.
#[derive(Clone, Copy)]
pub enum Item<'a> {
    /// An area of a side.
    Area(Side, AreaId),
    /// A piece.
    Piece(PieceId),
    /// An address, by its index.
    Address(u32),
    /// An incident.
    Incident(&'a Incident),
    /// A member of staff.
    Staff(&'a StaffPosition),
}

/// Square metres to a tenth of a square centimetre's order (1e-4 m²): finer digits are noise of the
/// projection, not of the drawing.
pub fn square_metres(value: f64) -> Value {
    Value::from((value * 1e4).round() / 1e4)
}

/// A share with nine decimals, or null.
pub fn share(value: Option<f64>) -> Value {
    value.map_or(Value::Null, |v| Value::from((v * 1e9).round() / 1e9))
}

/// Text, or null.
pub fn text(value: Option<&str>) -> Value {
    value.map_or(Value::Null, Value::from)
}

fn word<T: std::fmt::Display>(value: Option<T>) -> Value {
    value.map_or(Value::Null, |v| Value::from(v.to_string()))
}

/// The id of the piece that was responsible when the incident was reported; null outside both layers.
pub fn placed_piece(row: &IncidentRow) -> Option<String> {
    let placed = row.placed.as_ref()?;
    if placed.grid.is_none() && placed.beat.is_none() {
        return None;
    }
    Some(name(placed.grid.as_deref(), placed.beat.as_deref()))
}

/// A property of an incident's row.
pub fn incident_value(row: &IncidentRow, field: &str) -> Value {
    let placed = row.placed.as_ref();
    match field {
        "code" => Value::from(row.code.as_str()),
        "title" => text(row.title.as_deref()),
        "category" => text(row.category.as_deref()),
        "state" => Value::from(row.state.as_str()),
        "risk" => word(row.risk),
        "source" => word(row.source),
        "reported_at" => word(row.reported_at),
        "address" => text(row.address.as_deref()),
        "grid" => text(placed.and_then(|p| p.grid.as_deref())),
        "beat" => text(placed.and_then(|p| p.beat.as_deref())),
        "piece" => placed_piece(row).map_or(Value::Null, Value::from),
        _ => Value::Null,
    }
}

/// The feature of an incident's row.
pub fn incident_feature(row: &IncidentRow) -> Feature {
    let properties =
        Collection::Incidents.fields().iter().map(|f| (f.name, incident_value(row, f.name))).collect();
    Feature { id: Id::Fid(row.fid.0), geometry: Geometry::Point(row.at), properties }
}

impl<'a> Item<'a> {
    /// What items are sorted and paged by: fid, or the piece's index.
    pub fn fid(&self, reader: &Reader<'a>) -> Fid {
        match *self {
            Self::Area(side, id) => reader.layer(side).area(id).fid,
            Self::Piece(id) => Fid(u64::from(id.0)),
            Self::Address(i) => reader.addresses().get(i).fid,
            Self::Incident(incident) => incident.row.fid,
            Self::Staff(member) => member.row.fid,
        }
    }

    /// The id in paths and answers.
    pub fn id(&self, reader: &Reader<'a>) -> Id {
        match *self {
            Self::Piece(id) => Id::Piece(reader.overlay().piece(id).id.clone()),
            _ => Id::Fid(self.fid(reader).0),
        }
    }

    /// One property; null when absent or not known.
    pub fn value(&self, reader: &Reader<'a>, field: &str) -> Value {
        match *self {
            Self::Area(side, id) => area_value(reader, side, id, field),
            Self::Piece(id) => piece_value(reader, id, field),
            Self::Address(i) => address_value(reader, i, field),
            Self::Incident(incident) => incident_value(&incident.row, field),
            Self::Staff(member) => staff_value(member, field),
        }
    }

    /// When, for collections that know.
    pub fn time(&self) -> Option<Timestamp> {
        match self {
            Self::Incident(incident) => incident.row.reported_at,
            _ => None,
        }
    }

    /// The box around it; empty when it has no place.
    pub fn bounds(&self, reader: &Reader<'a>) -> Bounds {
        let point = |p: E7| Bounds { min: p, max: p };
        match *self {
            Self::Area(side, id) => reader.layer(side).area(id).bounds,
            Self::Piece(id) => reader.overlay().piece(id).bounds,
            Self::Address(i) => point(reader.addresses().get(i).at),
            Self::Incident(incident) => point(incident.row.at),
            Self::Staff(member) => member.row.at.map_or(Bounds::EMPTY, point),
        }
    }

    /// Its place.
    pub fn geometry(&self, reader: &Reader<'a>) -> Geometry {
        match *self {
            Self::Area(side, id) => match reader.layer(side).outline(id) {
                ground if ground.is_empty() => Geometry::None,
                ground => Geometry::Ground(ground),
            },
            Self::Piece(id) => Geometry::Ground(reader.overlay().outline(id)),
            Self::Address(i) => Geometry::Point(reader.addresses().get(i).at),
            Self::Incident(incident) => Geometry::Point(incident.row.at),
            Self::Staff(member) => member.row.at.map_or(Geometry::None, Geometry::Point),
        }
    }

    /// The whole feature.
    pub fn feature(&self, reader: &Reader<'a>, collection: Collection) -> Feature {
        Feature {
            id: self.id(reader),
            geometry: self.geometry(reader),
            properties: collection.fields().iter().map(|f| (f.name, self.value(reader, f.name))).collect(),
        }
    }
}

fn area_value(reader: &Reader<'_>, side: Side, id: AreaId, field: &str) -> Value {
    let layer = reader.layer(side);
    let area = layer.area(id);
    match field {
        "code" => Value::from(area.code.as_str()),
        "name" => text(area.name.as_deref()),
        "level" => Value::from(area.level.as_str()),
        "parent" => text(area.parent_code.as_deref()),
        "kind" => text(area.kind.as_deref()),
        "area_m2" => square_metres(area.area_m2),
        "addresses" => Value::from(reader.tally_of(side, id).addresses),
        "residents" => Value::from(reader.tally_of(side, id).residents),
        "incidents_open" => Value::from(reader.tally_of(side, id).incidents_open),
        _ => Value::Null,
    }
}

fn piece_value(reader: &Reader<'_>, id: PieceId, field: &str) -> Value {
    let piece = reader.overlay().piece(id);
    let code = |side, area: Option<AreaId>| text(area.map(|a| reader.layer(side).area(a).code.as_str()));
    match field {
        "piece" => Value::from(piece.id.as_str()),
        "grid" => code(Side::Grid, piece.grid),
        "beat" => code(Side::Beat, piece.beat),
        "area_m2" => square_metres(piece.area_m2),
        "share_of_grid" => share(piece.share_of_grid),
        "share_of_beat" => share(piece.share_of_beat),
        "addresses" => Value::from(reader.tally(id).addresses),
        "residents" => Value::from(reader.tally(id).residents),
        "incidents" => Value::from(reader.tally(id).incidents),
        "sliver" => Value::from(piece.sliver),
        _ => Value::Null,
    }
}

fn address_value(reader: &Reader<'_>, i: u32, field: &str) -> Value {
    let address = reader.addresses().get(i);
    match field {
        "code" => Value::from(address.code),
        "text" => Value::from(address.text),
        "residents" => Value::from(address.residents),
        "dwellings" => Value::from(address.dwellings),
        "organisations" => Value::from(address.organisations),
        "grid" | "beat" | "piece" => address.piece.map_or(Value::Null, |id| piece_value(reader, id, field)),
        _ => Value::Null,
    }
}

fn staff_value(member: &StaffPosition, field: &str) -> Value {
    let row = &member.row;
    match field {
        "code" => Value::from(row.code.as_str()),
        "role" => text(row.role.as_deref()),
        "side" => Value::from(row.side.staff()),
        "area" => text(row.area.as_deref()),
        "on_duty" => Value::from(row.on_duty),
        "seen_at" => word(row.seen_at),
        _ => Value::Null,
    }
}
