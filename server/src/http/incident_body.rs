//! What a caller may say about an incident.
//!
//! The server sets `fid`, `grid`, `beat`, `piece`, so what a caller sends back there is not looked at
//! (a Feature that was read can be written). All other unknown names are faults.

use super::write_body::{Faults, Members, Mode, position};
use crate::{error::ApiError, feature::frame::Frame};
use gridbeat_onemap::{
    E7,
    record::{IncidentRow, Region, State},
};
use jiff::Timestamp;
use serde_json::Value;
use std::str::FromStr;

/// Characters of a text at most.
const LONGEST: usize = 2000;
/// Names that the server sets.
const READ_ONLY: [&str; 4] = ["fid", "grid", "beat", "piece"];

/// Applies a body to a row; its coordinates are of the frame.
///
/// # Errors
/// [`ApiError::BadBody`] with every fault.
pub fn apply(row: &mut IncidentRow, body: &Value, mode: Mode, frame: &Frame) -> Result<(), ApiError> {
    let mut errors = Faults::default();
    let members = Members::of(body, mode, &mut errors)?;
    if let Some(at) = position(members.object, mode, frame, &mut errors) {
        row.at = at;
    }
    if mode == Mode::Replace {
        (row.title, row.category, row.risk, row.source, row.address) = (None, None, None, None, None);
    }
    let properties = members.properties(&mut errors);
    for (name, value) in properties.clone() {
        set(row, name, value, mode, &mut errors);
    }
    // A name that stands there with a fault of its own is not missing as well.
    let category = properties.into_iter().find(|(name, _)| *name == "category");
    let named = category.is_some_and(|(_, value)| !value.is_null());
    if !named && (mode != Mode::Merge || category.is_some()) {
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
