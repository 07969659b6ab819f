//! What a caller may say about an incident: a GeoJSON Feature, checked member by member.
//!
//! The server sets `fid`, `grid`, `beat`, `piece`, so what a caller sends back there is not looked at
//! (a Feature that was read can be written). All other unknown names are faults.

use crate::{
    error::{ApiError, FieldError},
    feature::frame::Frame,
};
use gridbeat_onemap::{
    E7,
    record::{IncidentRow, Region, State},
};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::str::FromStr;

/// Characters of a text at most.
const LONGEST: usize = 2000;
/// Names that the server sets.
const READ_ONLY: [&str; 4] = ["fid", "grid", "beat", "piece"];

/// How a body is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A new incident: a place and a category; the server sets state and time.
    Create,
    /// In place of all that a caller may set.
    Replace,
    /// RFC 7396: what is there changes, null clears.
    Merge,
}

/// Applies a body to a row; its coordinates are of the frame.
///
/// # Errors
/// [`ApiError::BadBody`] with every fault.
pub fn apply(row: &mut IncidentRow, body: &Value, mode: Mode, frame: &Frame) -> Result<(), ApiError> {
    let mut errors = Faults::default();
    let Some(object) = body.as_object() else {
        return Err(ApiError::body("body", "is not a JSON object; a GeoJSON Feature was expected"));
    };
    for name in object.keys() {
        if !["type", "id", "geometry", "properties", "links", "bbox"].contains(&name.as_str()) {
            errors.add(name, "is not a member of a Feature");
        }
    }
    match object.get("type") {
        Some(Value::String(t)) if t == "Feature" => {}
        None if mode == Mode::Merge => {}
        _ => errors.add("type", "is not “Feature”"),
    }
    if let Some(at) = position(object, mode, frame, &mut errors) {
        row.at = at;
    }
    let empty = Map::new();
    let properties = match object.get("properties") {
        Some(Value::Object(properties)) => properties,
        None if mode == Mode::Merge => &empty,
        _ => {
            errors.add("properties", "is not an object");
            &empty
        }
    };
    if mode == Mode::Replace {
        (row.title, row.category, row.risk, row.source, row.address) = (None, None, None, None, None);
    }
    for (name, value) in properties {
        set(row, name, value, mode, &mut errors);
    }
    // A name that stands there with a fault of its own is not missing as well.
    let named = properties.get("category").is_some_and(|v| !v.is_null());
    if !named && (mode != Mode::Merge || properties.contains_key("category")) {
        errors.add("properties.category", "is missing; a word such as noise or fire_hazard was expected");
    }
    errors.end()
}

/// A row for a new incident, before a body is applied.
pub fn blank() -> IncidentRow {
    IncidentRow {
        fid: Default::default(),
        region: Region(0),
        code: String::new(),
        title: None,
        category: None,
        state: State::Reported,
        risk: None,
        source: None,
        reported_at: None,
        address: None,
        at: E7::default(),
        placed: None,
    }
}

/// What is wrong with a body, member by member.
#[derive(Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// Nothing, or all of it.
    ///
    /// # Errors
    /// [`ApiError::BadBody`].
    pub fn end(self) -> Result<(), ApiError> {
        if self.0.is_empty() { Ok(()) } else { Err(ApiError::BadBody(self.0)) }
    }

    /// Notes one.
    pub fn add(&mut self, name: impl Into<String>, detail: impl Into<String>) {
        self.0.push(FieldError::new(name, detail));
    }
}

/// The position of the geometry; `None` when it stays as it is, or is wrong.
pub fn position(object: &Map<String, Value>, mode: Mode, frame: &Frame, errors: &mut Faults) -> Option<E7> {
    let geometry = match object.get("geometry") {
        None if mode == Mode::Merge => return None,
        Some(Value::Object(geometry)) => geometry,
        _ => {
            errors.add("geometry", "is missing; a Point was expected");
            return None;
        }
    };
    match geometry.get("type").and_then(Value::as_str) {
        Some("Point") => {}
        Some(_) => {
            errors.add("geometry.type", "is not Point");
            return None;
        }
        // A merge may move the point without naming its type again.
        None if mode == Mode::Merge => {}
        None => {
            errors.add("geometry.type", "is missing; Point was expected");
            return None;
        }
    }
    let numbers: Option<Vec<f64>> = geometry
        .get("coordinates")
        .and_then(Value::as_array)
        .and_then(|list| list.iter().map(Value::as_f64).collect());
    match numbers.as_deref() {
        Some([first, second] | [first, second, _]) => match frame.position(*first, *second) {
            Ok(at) => Some(at),
            Err(what) => {
                errors.add("geometry.coordinates", what);
                None
            }
        },
        _ => {
            errors.add("geometry.coordinates", "is not [longitude, latitude]");
            None
        }
    }
}

fn set(row: &mut IncidentRow, name: &str, value: &Value, mode: Mode, errors: &mut Faults) {
    let path = || format!("properties.{name}");
    match name {
        "code" => match (value.as_str(), mode) {
            (Some(code), Mode::Create) if is_code(code) => code.clone_into(&mut row.code),
            (Some(code), Mode::Replace | Mode::Merge) if code == row.code => {}
            (Some(_), Mode::Create) => {
                errors.add(
                    path(),
                    "is empty, longer than 64 characters, or holds white space or control characters",
                );
            }
            (None, Mode::Create | Mode::Replace) if value.is_null() => {}
            _ => errors.add(path(), "cannot be changed"),
        },
        "title" => text(&mut row.title, value, path, errors),
        "category" => {
            text(&mut row.category, value, path, errors);
            if row.category.as_deref().is_some_and(|c| c.trim().is_empty()) {
                errors.add(path(), "is empty");
            }
        }
        "address" => text(&mut row.address, value, path, errors),
        "risk" => word(&mut row.risk, value, path, errors),
        "source" => word(&mut row.source, value, path, errors),
        // A new incident is reported, now: what a caller says of that is not looked at.
        "state" | "reported_at" if mode == Mode::Create => {}
        "state" => match value.as_str().map(State::from_str) {
            Some(Ok(state)) => row.state = state,
            Some(Err(error)) => errors.add(path(), error.to_string()),
            None => errors.add(path(), "is not a text"),
        },
        "reported_at" => match value.as_str().map(Timestamp::from_str) {
            Some(Ok(time)) => row.reported_at = Some(time),
            _ => errors.add(path(), "is not an RFC 3339 time such as 2026-05-01T08:00:00+08:00"),
        },
        _ if READ_ONLY.contains(&name) => {}
        _ => errors.add(path(), "is not a property of incidents"),
    }
}

/// A code that people can read out: no white space, no control characters.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= 64
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn text(slot: &mut Option<String>, value: &Value, path: impl Fn() -> String, errors: &mut Faults) {
    match value {
        Value::Null => *slot = None,
        Value::String(text) if text.chars().count() > LONGEST => {
            errors.add(path(), format!("is longer than {LONGEST} characters"));
        }
        Value::String(text) if text.contains('\0') => errors.add(path(), "holds a NUL"),
        Value::String(text) => *slot = Some(text.clone()),
        _ => errors.add(path(), "is not a text"),
    }
}

fn word<T>(slot: &mut Option<T>, value: &Value, path: impl Fn() -> String, errors: &mut Faults)
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    match value {
        Value::Null => *slot = None,
        Value::String(text) => match text.parse() {
            Ok(word) => *slot = Some(word),
            Err(error) => errors.add(path(), T::Err::to_string(&error)),
        },
        _ => errors.add(path(), "is not a text"),
    }
}

#[cfg(test)]
#[path = "incident_body_tests.rs"]
mod tests;
