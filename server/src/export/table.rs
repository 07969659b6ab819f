//! A layer's rows as a table: the columns of the contract, or those of a department's layer, after `fid` and
//! `region`, and a place.

use crate::feature::{
    Feature, Geometry, Id,
    collection::{Collection, Kind},
    department as feature,
};
use gridbeat_onemap::{
    department::{self, Drawing, Drawn, FeatureRow, Schema},
    record::{LayerKind, Row},
};
use gridbeat_store::Kept;
use jiff::Timestamp;
use serde_json::Value;

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name: that of the collection.
    pub name: String,
    /// For people.
    pub title: String,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// What the places are.
    pub shape: Shape,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What the places of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// There are none.
    None,
    /// Positions.
    Point,
    /// Lines, as many as there are.
    MultiLineString,
    /// Ground, in as many parts as there are.
    MultiPolygon,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// None.
    Null,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// true or false.
    Boolean(bool),
    /// A time, to the millisecond.
    Time(Timestamp),
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// As many as there are columns.
    pub cells: Vec<Cell>,
    /// Where.
    pub place: Geometry,
}

macro_rules! columns {
    ($($name:literal $kind:ident),* $(,)?) => { &[$(($name, Kind::$kind)),*] };
}

impl Table {
    /// The table of a layer of the store.
    pub fn of_layer(layer: LayerKind) -> Self {
        let columns: &[(&str, Kind)] = match layer {
            LayerKind::Grid | LayerKind::Beat => {
                columns!["name" Text, "level" Text, "parent" Text, "kind" Text]
            }
            LayerKind::Address => {
                columns!["text" Text, "residents" Integer, "dwellings" Integer, "organisations" Integer]
            }
            LayerKind::Resident => {
                columns!["address" Text, "household" Text, "age_band" Text, "registration" Text]
            }
            LayerKind::Incident => columns![
                "title" Text, "category" Text, "state" Text, "risk" Text, "source" Text, "reported_at" Time,
                "address" Text, "grid" Text, "beat" Text,
            ],
            LayerKind::Staff => columns![
                "role" Text, "side" Text, "area" Text, "on_duty" Boolean, "seen_at" Time, "name" Text, "phone" Text,
            ],
        };
        let first = columns!["fid" Integer, "region" Integer, "code" Text];
        let shape = match layer {
            LayerKind::Grid | LayerKind::Beat => Shape::MultiPolygon,
            LayerKind::Resident => Shape::None,
            LayerKind::Address | LayerKind::Incident | LayerKind::Staff => Shape::Point,
        };
        let columns = first.iter().chain(columns).map(|&(name, kind)| Column { name: name.to_owned(), kind });
        let title = Collection::of_layer(layer).map_or("常住人口 Residents", Collection::title);
        Self {
            name: layer.collection().to_owned(),
            title: title.to_owned(),
            columns: columns.collect(),
            shape,
        }
    }

    /// The table of a department's layer; `fid` is never the name of a column of its own.
    pub fn of_department(schema: &Schema) -> Self {
        let own = schema.columns.iter().map(|c| Column { name: c.name.clone(), kind: feature::kind(c.kind) });
        let mut table = Self {
            name: schema.name.clone(),
            title: schema.title.clone(),
            columns: own.collect(),
            shape: Shape::of_drawn(schema.drawn),
        };
        let region = table.free("region");
        let first = ["fid".to_owned(), region].map(|name| Column { name, kind: Kind::Integer });
        table.columns.splice(..0, first);
        table
    }

    /// The table of a collection of the map, such as the pieces.
    pub fn of_collection(collection: Collection) -> Self {
        let fid = (collection != Collection::Pieces)
            .then(|| Column { name: "fid".to_owned(), kind: Kind::Integer });
        let fields = collection.fields().iter().map(|f| Column { name: f.name.to_owned(), kind: f.kind });
        Self {
            name: collection.id().to_owned(),
            title: collection.title().to_owned(),
            columns: fid.into_iter().chain(fields).collect(),
            shape: Shape::of_drawn(collection.drawn()),
        }
    }
}

impl Table {
    /// A name for a column besides those there: `name`, with `gridbeat_` before it where that is taken. Letters of
    /// any case are the same here, as they are in SQL.
    pub fn free(&self, name: &str) -> String {
        let mut free = name.to_owned();
        while self.columns.iter().any(|c| c.name.eq_ignore_ascii_case(&free)) {
            free.insert_str(0, "gridbeat_");
        }
        free
    }
}

impl Shape {
    const fn of_drawn(drawn: Drawn) -> Self {
        match drawn {
            Drawn::Point => Self::Point,
            Drawn::Line => Self::MultiLineString,
            Drawn::Polygon => Self::MultiPolygon,
        }
    }
}

impl TableRow {
    /// A feature of a department's layer, under the columns of [`Table::of_department`].
    pub fn of_department(row: FeatureRow) -> Self {
        let first = [Cell::Integer(row.fid.0.cast_signed()), Cell::Integer(row.region.0.into())];
        let own = row.cells.into_iter().map(|cell| match cell {
            department::Cell::Null => Cell::Null,
            department::Cell::Text(text) => Cell::Text(text.into()),
            department::Cell::Integer(n) => Cell::Integer(n),
            department::Cell::Number(x) => Cell::Number(x),
            department::Cell::Boolean(b) => Cell::Boolean(b),
            department::Cell::Date(day) => Cell::Text(day.to_string()),
            department::Cell::Timestamp(t) => Cell::Time(t),
        });
        let place = match row.drawing {
            Drawing::Point(at) => Geometry::Point(at),
            Drawing::Lines(lines) => Geometry::Lines(lines),
            Drawing::Ground(ground) => Geometry::Ground(ground),
        };
        Self { cells: first.into_iter().chain(own).collect(), place }
    }

    /// A stored row, under the columns of [`Table::of_layer`].
    pub fn of_kept(kept: &Kept<'_>) -> Self {
        let fid = kept.fid();
        let first = |code: &str| {
            vec![
                Cell::Integer(fid.0.cast_signed()),
                Cell::Integer(fid.region().0.into()),
                Cell::Text(code.to_owned()),
            ]
        };
        let (mut cells, rest, place) = match kept.to_row() {
            Row::Area(_, r) => (
                first(&r.code),
                vec![text(r.name), text(r.level.map(|l| l.to_string())), text(r.parent), text(r.kind)],
                r.geometry.map_or(Geometry::None, Geometry::Ground),
            ),
            Row::Address(r) => (
                first(&r.code),
                vec![
                    Cell::Text(r.text),
                    Cell::Integer(r.residents.into()),
                    Cell::Integer(r.dwellings.into()),
                    Cell::Integer(r.organisations.into()),
                ],
                Geometry::Point(r.at),
            ),
            Row::Resident(r) => (
                first(&r.code),
                vec![Cell::Text(r.address), text(r.household), text(r.age_band), text(r.registration)],
                Geometry::None,
            ),
            Row::Incident(r) => {
                let placed = r.placed.unwrap_or_default();
                (
                    first(&r.code),
                    vec![
                        text(r.title),
                        text(r.category),
                        Cell::Text(r.state.to_string()),
                        text(r.risk.map(|w| w.to_string())),
                        text(r.source.map(|w| w.to_string())),
                        time(r.reported_at),
                        text(r.address),
                        text(placed.grid),
                        text(placed.beat),
                    ],
                    Geometry::Point(r.at),
                )
            }
            Row::Staff(r) => (
                first(&r.code),
                vec![
                    text(r.role),
                    Cell::Text(r.side.staff().to_owned()),
                    text(r.area),
                    Cell::Boolean(r.on_duty),
                    time(r.seen_at),
                    text(r.name),
                    text(r.phone),
                ],
                r.at.map_or(Geometry::None, Geometry::Point),
            ),
        };
        cells.extend(rest);
        Self { cells, place }
    }

    /// A feature of the map, under the columns of [`Table::of_collection`].
    pub fn of_feature(collection: Collection, feature: Feature) -> Self {
        let fid = match feature.id {
            Id::Fid(fid) => Some(Cell::Integer(fid.cast_signed())),
            Id::Piece(_) => None,
        };
        let fields = collection.fields().iter().zip(feature.properties);
        let cells = fields.map(|(field, (_, value))| of_value(field.kind, value));
        Self { cells: fid.into_iter().chain(cells).collect(), place: feature.geometry }
    }
}

fn text(value: Option<String>) -> Cell {
    value.map_or(Cell::Null, Cell::Text)
}

fn time(value: Option<Timestamp>) -> Cell {
    value.map_or(Cell::Null, Cell::Time)
}

fn of_value(kind: Kind, value: Value) -> Cell {
    let found = match (kind, value) {
        (Kind::Text | Kind::Date | Kind::Shares, Value::String(text)) => Some(Cell::Text(text)),
        (Kind::Time, Value::String(text)) => text.parse().ok().map(Cell::Time),
        (Kind::Integer, value) => value.as_i64().map(Cell::Integer),
        (Kind::Number, value) => value.as_f64().map(Cell::Number),
        (Kind::Boolean, value) => value.as_bool().map(Cell::Boolean),
        _ => None,
    };
    found.unwrap_or(Cell::Null)
}

impl Cell {
    /// As JSON has it; times as RFC 3339.
    pub fn json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::from(text.as_str()),
            Self::Integer(n) => Value::from(*n),
            Self::Number(x) => Value::from(*x),
            Self::Boolean(b) => Value::from(*b),
            Self::Time(t) => Value::from(t.to_string()),
        }
    }
}
