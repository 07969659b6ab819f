//! Collections of departments' layers: their fields, and what stands in them.

use super::{
    collection::{Field, Kind},
    read::{piece_cell, share},
};
use gridbeat_filter::Value as Cell;
use gridbeat_onemap::{
    Reader,
    department::{Cell as Stored, ColumnKind, Department, Drawn, Schema},
    record::Side,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Value, json};
use std::{
    cmp::Ordering,
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::{Mutex, PoisonError},
};

/// The parts of a line or of ground.
pub const SHARES: &str = "shares";

/// A department's layer as a collection. As schemas do, it lives as long as the process.
#[derive(Debug)]
pub struct Layer {
    /// What it is.
    pub schema: &'static Schema,
    /// Its columns, `grid`, `beat` and `piece`, and for lines and polygons `shares`.
    pub fields: Vec<Field>,
    /// What the sum of each column is called; of those that hold no numbers nothing.
    sums: Vec<Option<String>>,
}

impl Layer {
    /// The one of a schema.
    pub fn of(schema: &'static Schema) -> &'static Self {
        static ALL: Mutex<Option<HashMap<&'static Schema, &'static Layer>>> = Mutex::new(None);
        // The table is whole after every step, so a panic elsewhere leaves nothing half done.
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        all.get_or_insert_with(HashMap::new)
            .entry(schema)
            .or_insert_with(|| Box::leak(Box::new(Self::new(schema))))
    }

    fn new(schema: &'static Schema) -> Self {
        let own = schema.columns.iter().map(|c| Field { name: &c.name, kind: kind(c.kind) });
        let mut fields: Vec<Field> = own.collect();
        fields.extend(["grid", "beat", "piece"].map(|name| Field { name, kind: Kind::Text }));
        if schema.drawn != Drawn::Point {
            fields.push(Field { name: SHARES, kind: Kind::Shares });
        }
        let sums = schema.columns.iter().map(|c| {
            matches!(c.kind, ColumnKind::Integer | ColumnKind::Number).then(|| format!("sum_{}", c.name))
        });
        Self { schema, fields, sums: sums.collect() }
    }

    /// What the sum of a column is called: `sum_pupils`; `None` where it holds no numbers.
    pub fn sum_name(&self, column: usize) -> Option<&str> {
        self.sums.get(column)?.as_deref()
    }

    /// The columns of numbers.
    pub fn summed(&self) -> impl Iterator<Item = &str> {
        let numbers = self.schema.columns.iter().zip(&self.sums).filter(|(_, sum)| sum.is_some());
        numbers.map(|(column, _)| column.name.as_str())
    }
}

// One for each schema, so the schema tells two apart.
impl PartialEq for Layer {
    fn eq(&self, o: &Self) -> bool {
        self.schema == o.schema
    }
}
impl Eq for Layer {}
impl Hash for Layer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.schema.hash(state);
    }
}
impl PartialOrd for Layer {
    fn partial_cmp(&self, o: &Self) -> Option<Ordering> {
        Some(self.cmp(o))
    }
}
impl Ord for Layer {
    fn cmp(&self, o: &Self) -> Ordering {
        self.schema.cmp(o.schema)
    }
}

/// What a column of this kind holds, outside.
pub const fn kind(kind: ColumnKind) -> Kind {
    match kind {
        ColumnKind::Text => Kind::Text,
        ColumnKind::Integer => Kind::Integer,
        ColumnKind::Number => Kind::Number,
        ColumnKind::Boolean => Kind::Boolean,
        ColumnKind::Date => Kind::Date,
        ColumnKind::Timestamp => Kind::Time,
    }
}

/// What stands in a field of a feature; null for one that its layer does not have.
pub fn cell<'a>(reader: &Reader<'a>, layer: &'a Department, i: u32, field: &str) -> Cell<'a> {
    if let Some(column) = layer.schema().column(field) {
        return match layer.cell(i, column) {
            Stored::Null => Cell::Null,
            Stored::Text(text) => Cell::text(Some(text)),
            Stored::Integer(n) => Cell::Integer(*n),
            Stored::Number(n) => Cell::float(*n),
            Stored::Boolean(b) => Cell::Boolean(*b),
            Stored::Date(day) => Cell::Date(*day),
            Stored::Timestamp(at) => Cell::Time(*at),
        };
    }
    match field {
        "grid" | "beat" | "piece" => layer.piece(i).map_or(Cell::Null, |id| piece_cell(reader, id, field)),
        _ => Cell::Null,
    }
}

/// `[{"piece", "grid", "beat", "share"}, …]`, the largest first; all null for what lies in none.
pub fn shares(reader: &Reader<'_>, layer: &Department, i: u32) -> Value {
    let overlay = reader.overlay();
    let parts = layer.shares(overlay, i).iter().map(|part| {
        let piece = part.piece.map(|id| overlay.piece(id));
        let code = |side: Side| {
            let area = piece.and_then(|p| if side == Side::Grid { p.grid } else { p.beat });
            area.map(|a| reader.layer(side).area(a).code.as_str())
        };
        json!({
            "piece": piece.map(|p| p.id.as_str()),
            "grid": code(Side::Grid),
            "beat": code(Side::Beat),
            "share": share(Some(part.share)),
        })
    });
    parts.collect()
}

/// When a feature was, from its first instant to its last: the one column that says so, a day from midnight to
/// midnight in UTC. `None` when no column, or more than one, says so, or nothing stands there.
pub fn time(layer: &Department, i: u32) -> Option<(Timestamp, Timestamp)> {
    match layer.cell(i, layer.schema().time_column()?) {
        Stored::Timestamp(at) => Some((*at, *at)),
        Stored::Date(day) => {
            let start = |day: Date| Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp());
            let first = start(*day)?;
            let next = day.tomorrow().ok().and_then(start).unwrap_or(Timestamp::MAX);
            Some((first, next.checked_sub(jiff::Span::new().nanoseconds(1)).ok()?))
        }
        _ => None,
    }
}
