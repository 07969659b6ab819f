//! Validators: `If-None-Match` and `If-Match` (RFC 9110, 13.1).

use crate::{
    error::ApiError,
    feature::{Feature, geojson},
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use gridbeat_onemap::record::{IncidentRow, StaffRow};

/// The validator of an incident: of everything that its representation is made of.
pub fn of_incident(row: &IncidentRow) -> HeaderValue {
    // Debug writes every field, so that two rows that differ anywhere differ here.
    crate::live::tiles::etag(format!("{row:?}").as_bytes())
}

/// The validator of a member of staff, whose name and phone are not known here.
pub fn of_staff(row: &StaffRow) -> HeaderValue {
    crate::live::tiles::etag(format!("{row:?}").as_bytes())
}

/// The validator of a feature of a department's layer, all of it: as GeoJSON in degrees, whatever it is sent as.
pub fn of_feature(feature: &Feature) -> HeaderValue {
    crate::live::tiles::etag(geojson::feature(feature).as_bytes())
}

/// Whether one of the listed validators (or `*`) is this one. Weak ones are compared by their value
/// for `If-None-Match`, and never match for `If-Match`.
pub fn matches_any(headers: &HeaderMap, name: &HeaderName, etag: &HeaderValue) -> bool {
    let ours = etag.to_str().unwrap_or_default();
    headers
        .get_all(name)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .map(str::trim)
        .any(|v| {
            let value = if *name == header::IF_NONE_MATCH { v.trim_start_matches("W/") } else { v };
            v == "*" || value == ours
        })
}

/// What `If-Match` says before the row is known.
///
/// # Errors
/// [`ApiError::PreconditionRequired`] when it is missing.
pub fn require_if_match(headers: &HeaderMap) -> Result<(), ApiError> {
    if headers.contains_key(header::IF_MATCH) { Ok(()) } else { Err(ApiError::PreconditionRequired) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn lists_stars_and_weak_validators() {
        let ours = HeaderValue::from_static("\"a\"");
        let none = |v: &str| matches_any(&headers(header::IF_NONE_MATCH, v), &header::IF_NONE_MATCH, &ours);
        let matched = |v: &str| matches_any(&headers(header::IF_MATCH, v), &header::IF_MATCH, &ours);
        assert!(none("\"b\", \"a\"") && none("*") && none("W/\"a\"") && !none("\"b\""));
        assert!(matched("\"a\"") && matched("*") && !matched("W/\"a\"") && !matched("a"));
        assert!(!matches_any(&HeaderMap::new(), &header::IF_MATCH, &ours));
    }
}
