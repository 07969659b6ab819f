//! What the bodies that write features have in common: a GeoJSON Feature, checked member by member.

use crate::{
    error::{ApiError, FieldError},
    feature::frame::Frame,
};
use gridbeat_onemap::E7;
use serde_json::{Map, Value};

/// How a body is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A new feature.
    Create,
    /// In place of all that a caller may set.
    Replace,
    /// RFC 7396: what is there changes, null clears.
    Merge,
}

/// The members of a body.
pub struct Members<'a> {
    /// All of them.
    pub object: &'a Map<String, Value>,
    mode: Mode,
}

impl<'a> Members<'a> {
    /// Those of a Feature; what is wrong with their names and the type is noted.
    ///
    /// # Errors
    /// [`ApiError::BadBody`] when it is no object.
    pub fn of(body: &'a Value, mode: Mode, errors: &mut Faults) -> Result<Self, ApiError> {
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
        Ok(Self { object, mode })
    }

    /// Each property and its name; it is noted when there are none to be found.
    pub fn properties(
        &self,
        errors: &mut Faults,
    ) -> impl Iterator<Item = (&'a str, &'a Value)> + Clone + use<'a> {
        let properties = match self.object.get("properties") {
            Some(Value::Object(properties)) => Some(properties),
            None if self.mode == Mode::Merge => None,
            // RFC 7946: a Feature without properties says null. In a merge that would take all of them away.
            Some(Value::Null) if self.mode != Mode::Merge => None,
            _ => {
                errors.add("properties", "is not an object");
                None
            }
        };
        properties.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
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
