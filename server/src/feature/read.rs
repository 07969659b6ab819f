//! From the map to features: one item of a collection, its properties and its place.

use super::{
    Feature, Geometry, Id,
    collection::{Collection, Field},
    department,
};
use gridbeat_filter::Value as Cell;
use gridbeat_onemap::{
    AreaId, Bounds, E7, PieceId, Reader,
    department::{Department, Drawing},
    live::{Incident, StaffPosition},
    overlay::name,
    record::{Fid, IncidentRow, Side},
};
use jiff::Timestamp;
use serde_json::Value;
use std::borrow::Cow;

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
    /// A feature of a department's layer, by its index.
    Department(&'a Department, u32),
}

/// Square metres to a tenth of a square centimetre's order (1e-4 m²): finer digits are noise of the
/// projection, not of the drawing.
pub fn square_metres(value: f64) -> Value {
    json(metres(value))
}

fn metres(value: f64) -> Cell<'static> {
    Cell::float((value * 1e4).round() / 1e4)
}

/// A share with nine decimals, or null.
pub fn share(value: Option<f64>) -> Value {
    json(part(value))
}

fn part(value: Option<f64>) -> Cell<'static> {
    value.map_or(Cell::Null, |v| Cell::float((v * 1e9).round() / 1e9))
}

/// Text, or null.
pub fn text(value: Option<&str>) -> Value {
    value.map_or(Value::Null, Value::from)
}

/// A cell as JSON has it.
pub fn json(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => Value::from(text.into_owned()),
        Cell::Integer(n) => Value::from(n),
        Cell::Float(n) => Value::from(n),
        Cell::Boolean(b) => Value::from(b),
        Cell::Date(d) => Value::from(d.to_string()),
        Cell::Time(t) => Value::from(t.to_string()),
        Cell::List(list) => list.into_iter().map(json).collect(),
    }
}

fn whole(n: impl Into<u64>) -> Cell<'static> {
    // Counts and fids stay below 2^53.
    Cell::Integer(n.into() as i64)
}

fn time(value: Option<Timestamp>) -> Cell<'static> {
    value.map_or(Cell::Null, Cell::Time)
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
pub fn incident_cell<'a>(row: &'a IncidentRow, field: &str) -> Cell<'a> {
    let placed = row.placed.as_ref();
    match field {
        "code" => Cell::text(Some(&row.code)),
        "title" => Cell::text(row.title.as_deref()),
        "category" => Cell::text(row.category.as_deref()),
        "state" => Cell::text(Some(row.state.as_str())),
        "risk" => Cell::text(row.risk.map(|r| r.as_str())),
        "source" => Cell::text(row.source.map(|s| s.as_str())),
        "reported_at" => time(row.reported_at),
        "address" => Cell::text(row.address.as_deref()),
        "grid" => Cell::text(placed.and_then(|p| p.grid.as_deref())),
        "beat" => Cell::text(placed.and_then(|p| p.beat.as_deref())),
        "piece" => placed_piece(row).map_or(Cell::Null, |p| Cell::Text(Cow::Owned(p))),
        _ => Cell::Null,
    }
}

/// The feature of an incident's row.
pub fn incident_feature(row: &IncidentRow) -> Feature {
    let properties =
        Collection::Incidents.fields().iter().map(|f| (f.name, json(incident_cell(row, f.name)))).collect();
    Feature { id: Id::Fid(row.fid.0), geometry: Geometry::Point(row.at), properties }
}

impl<'a> Item<'a> {
    /// What items are sorted and paged by: fid, or the piece's index.
    pub fn fid(&self, reader: &Reader<'a>) -> Fid {
        match *self {
            Self::Area(side, id) => reader.layer(side).area(id).fid,
            Self::Piece(id) => Fid(u64::from(id.0)),
            Self::Address(i) => reader.addresses().fid(i),
            Self::Incident(incident) => incident.row.fid,
            Self::Staff(member) => member.row.fid,
            Self::Department(layer, i) => layer.fid(i),
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
            Self::Department(layer, i) if field == department::SHARES => department::shares(reader, layer, i),
            _ => json(self.cell(reader, field)),
        }
    }

    /// One property, or one of those that can only be asked about (`fid`, `ancestors`).
    pub fn cell(&self, reader: &Reader<'a>, field: &str) -> Cell<'a> {
        if field == "fid" {
            return whole(self.fid(reader).0);
        }
        match *self {
            Self::Area(side, id) => area_cell(reader, side, id, field),
            Self::Piece(id) => piece_cell(reader, id, field),
            Self::Address(i) => address_cell(reader, i, field),
            Self::Incident(incident) => incident_cell(&incident.row, field),
            Self::Staff(member) => staff_cell(member, field),
            Self::Department(layer, i) => department::cell(reader, layer, i, field),
        }
    }

    /// When, from the first instant to the last, for collections that know.
    pub fn time(&self) -> Option<(Timestamp, Timestamp)> {
        match self {
            Self::Incident(incident) => incident.row.reported_at.map(|at| (at, at)),
            Self::Department(layer, i) => department::time(layer, *i),
            _ => None,
        }
    }

    /// Whether `then` is true of its first and last instant. What belongs to a collection without times always is.
    pub fn is_timely(&self, then: impl FnOnce(Timestamp, Timestamp) -> bool) -> bool {
        let has_times = match self {
            Self::Incident(_) => true,
            Self::Department(layer, _) => layer.schema().time_column().is_some(),
            _ => false,
        };
        !has_times || self.time().is_some_and(|(first, last)| then(first, last))
    }

    /// The box around it; empty when it has no place.
    pub fn bounds(&self, reader: &Reader<'a>) -> Bounds {
        let point = |p: E7| Bounds { min: p, max: p };
        match *self {
            Self::Area(side, id) => reader.layer(side).area(id).bounds,
            Self::Piece(id) => reader.overlay().piece(id).bounds,
            Self::Address(i) => point(reader.addresses().at(i)),
            Self::Incident(incident) => point(incident.row.at),
            Self::Staff(member) => member.row.at.map_or(Bounds::EMPTY, point),
            Self::Department(layer, i) => layer.bounds_of(i),
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
            Self::Address(i) => Geometry::Point(reader.addresses().at(i)),
            Self::Incident(incident) => Geometry::Point(incident.row.at),
            Self::Staff(member) => member.row.at.map_or(Geometry::None, Geometry::Point),
            Self::Department(layer, i) => match layer.drawing(i) {
                Drawing::Point(at) => Geometry::Point(*at),
                Drawing::Lines(lines) => Geometry::Lines(lines.clone()),
                Drawing::Ground(ground) => Geometry::Ground(ground.clone()),
            },
        }
    }

    /// The feature with some of its properties.
    pub fn feature(&self, reader: &Reader<'a>, fields: &[Field]) -> Feature {
        Feature {
            id: self.id(reader),
            geometry: self.geometry(reader),
            properties: fields.iter().map(|f| (f.name, self.value(reader, f.name))).collect(),
        }
    }
}

fn area_cell<'a>(reader: &Reader<'a>, side: Side, id: AreaId, field: &str) -> Cell<'a> {
    let layer = reader.layer(side);
    let area = layer.area(id);
    match field {
        "code" => Cell::text(Some(&area.code)),
        "name" => Cell::text(area.name.as_deref()),
        "level" => Cell::text(Some(area.level.as_str())),
        "parent" => Cell::text(area.parent_code.as_deref()),
        "kind" => Cell::text(area.kind.as_deref()),
        "area_m2" => metres(area.area_m2),
        "addresses" => whole(reader.tally_of(side, id).addresses),
        "residents" => whole(reader.tally_of(side, id).residents),
        "incidents_open" => whole(reader.tally_of(side, id).incidents_open),
        "ancestors" => {
            Cell::List(layer.ancestors(id).map(|a| Cell::text(Some(&layer.area(a).code))).collect())
        }
        _ => Cell::Null,
    }
}

pub(super) fn piece_cell<'a>(reader: &Reader<'a>, id: PieceId, field: &str) -> Cell<'a> {
    let piece = reader.overlay().piece(id);
    let code =
        |side, area: Option<AreaId>| Cell::text(area.map(|a| reader.layer(side).area(a).code.as_str()));
    match field {
        "piece" => Cell::text(Some(&piece.id)),
        "grid" => code(Side::Grid, piece.grid),
        "beat" => code(Side::Beat, piece.beat),
        "area_m2" => metres(piece.area_m2),
        "share_of_grid" => part(piece.share_of_grid),
        "share_of_beat" => part(piece.share_of_beat),
        "addresses" => whole(reader.tally(id).addresses),
        "residents" => whole(reader.tally(id).residents),
        "incidents" => whole(reader.tally(id).incidents),
        "sliver" => Cell::Boolean(piece.sliver),
        _ => Cell::Null,
    }
}

fn address_cell<'a>(reader: &Reader<'a>, i: u32, field: &str) -> Cell<'a> {
    let addresses = reader.addresses();
    let [residents, dwellings, organisations] = addresses.counts(i);
    match field {
        "code" => Cell::text(Some(addresses.code(i))),
        "text" => Cell::text(Some(addresses.text(i))),
        "residents" => whole(residents),
        "dwellings" => whole(dwellings),
        "organisations" => whole(organisations),
        "grid" | "beat" | "piece" => {
            addresses.piece(i).map_or(Cell::Null, |id| piece_cell(reader, id, field))
        }
        _ => Cell::Null,
    }
}

fn staff_cell<'a>(member: &'a StaffPosition, field: &str) -> Cell<'a> {
    let row = &member.row;
    match field {
        "code" => Cell::text(Some(&row.code)),
        "role" => Cell::text(row.role.as_deref()),
        "side" => Cell::text(Some(row.side.staff())),
        "area" => Cell::text(row.area.as_deref()),
        "on_duty" => Cell::Boolean(row.on_duty),
        "seen_at" => time(row.seen_at),
        _ => Cell::Null,
    }
}
