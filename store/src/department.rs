//! Layers of departments: what an import of one is asked to do, and what both backends do alike.
//!
//! A layer is a table of its own, named as the layer, with a typed column for each of its columns. What the
//! layer is (title, kind of places, columns) stands in the catalogue, a table that is made when the first layer
//! comes, so that stores made before there were any open as they are.

use crate::{
    error::{SourceFailed, StoreError},
    rules::{self, Fault},
    stored::op_of,
    wkb,
};
use gridbeat_onemap::{
    department::{Cell, Column, Drawing, Drawn, FeatureRow, MOST_COLUMNS, Schema, check_name},
    e7::Bounds,
    record::{Change, LayerName, Op, Placed, Region},
};
use jiff::civil::Date;
use std::collections::HashSet;

/// Name of the table that lists the layers.
pub(crate) const CATALOGUE: &str = "gridbeat_layers";

/// How to import a department's layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentPlan {
    /// What the rows are.
    pub schema: Schema,
    /// Whether the title is meant: else a layer that is there keeps its own.
    pub titled: bool,
    /// Swap instead of add: of each region that the import brings rows for, the rows there are go. The columns
    /// may then be others, if no rows of other regions stay.
    pub replace: bool,
    /// Do everything, report it, and keep nothing.
    pub dry_run: bool,
}

/// A department's layer in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentLayer {
    /// What it is.
    pub schema: Schema,
    /// How many features it has.
    pub rows: u64,
}

/// Yields the features of an import one by one, then `None`; an error aborts the import.
pub type NextFeature<'a> = dyn FnMut() -> Option<Result<FeatureRow, SourceFailed>> + 'a;

/// What an import does with the layer that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// There is none: make it.
    Make,
    /// Its columns fit.
    Keep,
    /// Its columns do not fit, and its rows go: make it anew.
    Remake,
}

/// What an import comes to.
#[derive(Debug)]
pub(crate) struct Settled {
    pub step: Step,
    /// The layer as it will be.
    pub schema: Schema,
    /// For each of its columns the place in the cells of a row that comes.
    pub order: Vec<usize>,
}

/// Brings what is there and what comes together.
pub(crate) fn settle(there: Option<Schema>, plan: &DepartmentPlan) -> Result<Settled, StoreError> {
    let came = &plan.schema;
    let differs = |what: String| StoreError::LayerDiffers { layer: came.name.clone(), what };
    check_name(&came.name).map_err(|e| differs(e.to_string()))?;
    let mut names = HashSet::new();
    let twice = came.columns.iter().find(|c| !names.insert(c.name.to_lowercase()));
    if let Some(Column { name, .. }) = twice {
        return Err(differs(format!("two columns are called “{name}”")));
    }
    if came.columns.len() > MOST_COLUMNS {
        let n = came.columns.len();
        return Err(differs(format!("it has {n} columns; at most {MOST_COLUMNS} are kept")));
    }
    let as_it_comes =
        |step, schema: Schema| Settled { step, order: (0..schema.columns.len()).collect(), schema };
    let Some(there) = there else { return Ok(as_it_comes(Step::Make, came.clone())) };
    let title = if plan.titled { came.title.clone() } else { there.title.clone() };
    match there.agrees_with(came) {
        Ok(()) => {
            let order = there.columns.iter().filter_map(|c| came.column(&c.name)).collect();
            let geometry = there.geometry.clone().or_else(|| came.geometry.clone());
            Ok(Settled { step: Step::Keep, order, schema: Schema { title, geometry, ..there } })
        }
        Err(_) if plan.replace => Ok(as_it_comes(Step::Remake, Schema { title, ..came.clone() })),
        Err(e) => Err(differs(format!("{e}; expected the same columns, or --replace"))),
    }
}

/// Why a layer cannot get other columns: rows of a region stay that the import does not bring.
pub(crate) fn rows_stay(layer: &str, region: Region) -> StoreError {
    StoreError::LayerDiffers {
        layer: layer.to_owned(),
        what: format!(
            "its columns would change, but rows of region {} stay that this file does not replace",
            region.0
        ),
    }
}

/// Why a layer's name is taken by a table that is none.
pub(crate) fn table_is_there(layer: &str) -> StoreError {
    StoreError::LayerDiffers {
        layer: layer.to_owned(),
        what: "the store has a table of that name that is no layer of a department; choose another name"
            .to_owned(),
    }
}

/// A value of a layer that cannot be read.
pub(crate) fn damaged(layer: &str, fid: i64, field: &str, reason: impl ToString) -> StoreError {
    StoreError::Damaged {
        layer: layer.to_owned().into(),
        fid,
        field: field.to_owned().into(),
        reason: reason.to_string(),
    }
}

/// Readies a row for keeping: times to the millisecond. Refuses what one of the backends could not keep.
pub(crate) fn ready(schema: &Schema, row: &mut FeatureRow) -> Result<(), Fault> {
    rules::region(row.region)?;
    if row.cells.len() != schema.columns.len() {
        let (n, wanted) = (row.cells.len(), schema.columns.len());
        return Err(("properties", format!("there are {n}, expected {wanted}")));
    }
    for (cell, column) in row.cells.iter_mut().zip(&schema.columns) {
        if cell.kind().is_some_and(|kind| kind != column.kind) {
            return Err(("properties", format!("{} holds no {}", column.name, column.kind)));
        }
        let named = |(_, reason): Fault| ("properties", format!("{}: {reason}", column.name));
        match cell {
            Cell::Text(text) => rules::text("properties", text).map_err(named)?,
            Cell::Number(n) if !n.is_finite() => {
                return Err(("properties", format!("{} is not a finite number", column.name)));
            }
            Cell::Date(date) if date.year() < 1 => {
                return Err((
                    "properties",
                    format!("{}: {date} is too early: expected a day from the year 1 on", column.name),
                ));
            }
            Cell::Timestamp(at) => {
                let mut kept = Some(*at);
                rules::time("properties", &mut kept).map_err(named)?;
                *at = kept.unwrap_or(*at);
            }
            _ => {}
        }
    }
    if row.drawing.drawn() != schema.drawn {
        return Err(("geometry", format!("is a {}: expected a {}", row.drawing.drawn(), schema.drawn)));
    }
    match &row.drawing {
        Drawing::Point(at) => rules::position(*at),
        Drawing::Ground(ground) => rules::drawing(ground),
        Drawing::Lines(lines) => {
            if lines.is_empty() || lines.iter().any(|line| line.len() < 2) {
                return Err(("geometry", "a line has fewer than 2 vertices".to_owned()));
            }
            lines.iter().flatten().try_for_each(|&p| rules::position(p))
        }
    }
}

/// The entry of the log that an import of a layer is; its number is still 0.
pub(crate) fn change(layer: &str, regions: &[Region], rows: u64) -> Change {
    Change {
        n: 0,
        region: if let [one] = regions { *one } else { Region(0) },
        layer: LayerName::Department(layer.to_owned()),
        op: Op::Import,
        fid: None,
        grid: None,
        beat: None,
        bbox: None,
        at: rules::now(),
        rows,
    }
}

/// Whether rows of a schema can be written into the layer that is there by now.
pub(crate) fn check_same(there: Option<&Schema>, schema: &Schema) -> Result<(), StoreError> {
    let differs = |what: &str| StoreError::LayerDiffers { layer: schema.name.clone(), what: what.to_owned() };
    match there {
        None => Err(differs("it is not there any more")),
        Some(s) if s.drawn != schema.drawn || s.columns != schema.columns => {
            Err(differs("an import has just given it other columns; try again"))
        }
        Some(_) => Ok(()),
    }
}

/// Readies one row that is written by itself.
pub(crate) fn ready_alone(schema: &Schema, row: &mut FeatureRow) -> Result<(), StoreError> {
    ready(schema, row).map_err(|(field, reason)| StoreError::BadRow { field, reason })
}

/// The entry of the log that a feature's coming, changing or going is, as [`crate::stored::change_of_incident`] is
/// that of an incident; its number is still 0.
pub(crate) fn change_of_feature(
    layer: &str,
    old: Option<&FeatureRow>,
    new: Option<&FeatureRow>,
    placed: Placed,
) -> Option<Change> {
    let op = op_of(old, new)?;
    let row = new.or(old)?;
    let boxes = old.into_iter().chain(new).map(|r| r.drawing.bounds());
    Some(Change {
        op,
        fid: Some(row.fid),
        grid: placed.grid,
        beat: placed.beat,
        bbox: Some(boxes.fold(Bounds::EMPTY, Bounds::join)),
        ..change(layer, &[row.region], 1)
    })
}

/// A name as SQL takes it whatever it holds.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The columns as the catalogue keeps them.
pub(crate) fn columns_in(columns: &[Column]) -> Result<String, StoreError> {
    serde_json::to_string(columns).map_err(|e| StoreError::unavailable("the columns cannot be written", e))
}

/// The layer that an entry of the catalogue describes.
pub(crate) fn schema_out(
    name: String,
    title: String,
    drawn: &str,
    geometry: Option<String>,
    columns: &str,
) -> Result<Schema, StoreError> {
    let bad = |field: &str, reason: String| damaged(CATALOGUE, 0, field, format!("{name}: {reason}"));
    check_name(&name).map_err(|e| bad("name", e.to_string()))?;
    let drawn =
        drawn.parse().map_err(|()| bad("drawn", format!("“{drawn}” is no point, line or polygon")))?;
    let columns = serde_json::from_str(columns).map_err(|e| bad("columns", e.to_string()))?;
    Ok(Schema { name, title, drawn, geometry, columns })
}

/// A day as both databases write it.
pub(crate) fn date_out(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("“{text}” is no day: expected 2026-11-21"))
}

/// What a well-known binary draws.
pub(crate) fn drawing_out(drawn: Drawn, bytes: &[u8]) -> Result<Drawing, String> {
    match drawn {
        Drawn::Point => Ok(Drawing::Point(wkb::read_point(bytes)?.ok_or("the point is empty")?)),
        Drawn::Line => wkb::read_lines(bytes).map(Drawing::Lines),
        Drawn::Polygon => wkb::read_multi_polygon(bytes).map(Drawing::Ground),
    }
}
