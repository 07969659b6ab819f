//! Tests of the incident body.

use super::*;
use gridbeat_onemap::record::{Risk, Source};
use serde_json::json;

fn feature(properties: Value) -> Value {
    json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [120.3, 31.5] }, "properties": properties })
}

fn faults(body: &Value, mode: Mode) -> Vec<String> {
    match apply(&mut blank(), body, mode, &Frame::CRS84) {
        Ok(()) => Vec::new(),
        Err(error) => error.fields().iter().map(|f| f.parameter.clone()).collect(),
    }
}

#[test]
fn a_new_incident_needs_a_place_and_a_category_only() {
    let mut row = blank();
    apply(
        &mut row,
        &feature(json!({ "category": "noise", "risk": "red", "source": "patrol" })),
        Mode::Create,
        &Frame::CRS84,
    )
    .unwrap();
    assert_eq!((row.at, row.category.as_deref()), (E7::new(1_203_000_000, 315_000_000), Some("noise")));
    assert_eq!((row.risk, row.source, row.state), (Some(Risk::Red), Some(Source::Patrol), State::Reported));
    // What the server sets is not looked at.
    apply(
        &mut row,
        &feature(json!({ "category": "x", "state": "closed", "grid": "G", "fid": 3 })),
        Mode::Create,
        &Frame::CRS84,
    )
    .unwrap();
    assert_eq!((row.state, row.placed), (State::Reported, None));
}

#[test]
fn every_fault_is_named() {
    assert_eq!(faults(&json!([]), Mode::Create), ["body"]);
    assert_eq!(faults(&json!({}), Mode::Create), ["type", "geometry", "properties", "properties.category"]);
    for (properties, name) in [
        (json!({ "category": "a", "colour": 1 }), "properties.colour"),
        (json!({ "category": 5 }), "properties.category"),
        (json!({ "category": " " }), "properties.category"),
        (json!({ "category": "a", "risk": "purple" }), "properties.risk"),
        (json!({ "category": "a", "source": "rumour" }), "properties.source"),
        (json!({ "category": "a", "code": "a b" }), "properties.code"),
        (json!({ "category": "a", "code": "" }), "properties.code"),
        (json!({ "category": "a", "title": "x".repeat(2001) }), "properties.title"),
        (json!({ "category": "a", "title": "a\u{0}" }), "properties.title"),
    ] {
        assert_eq!(faults(&feature(properties.clone()), Mode::Create), [name], "{properties}");
    }
    for (geometry, name) in [
        (json!({ "type": "Point", "coordinates": [181, 0] }), "geometry.coordinates"),
        (json!({ "type": "Point", "coordinates": [1] }), "geometry.coordinates"),
        (json!({ "type": "Point", "coordinates": ["1", "2"] }), "geometry.coordinates"),
        (json!({ "type": "LineString", "coordinates": [[1, 2], [3, 4]] }), "geometry.type"),
        (json!(null), "geometry"),
    ] {
        let body = json!({ "type": "Feature", "geometry": geometry, "properties": { "category": "a" } });
        assert_eq!(faults(&body, Mode::Create), [name], "{body}");
    }
}

#[test]
fn a_merge_changes_what_is_there_and_null_clears() {
    let mut row = blank();
    apply(
        &mut row,
        &feature(json!({ "category": "noise", "title": "t", "address": "a" })),
        Mode::Create,
        &Frame::CRS84,
    )
    .unwrap();
    row.code = "I1".into();
    apply(
        &mut row,
        &json!({ "properties": { "title": null, "state": "closed", "code": "I1" } }),
        Mode::Merge,
        &Frame::CRS84,
    )
    .unwrap();
    assert_eq!((row.title.as_deref(), row.address.as_deref(), row.state), (None, Some("a"), State::Closed));
    assert!(
        apply(&mut row.clone(), &json!({ "properties": { "code": "I2" } }), Mode::Merge, &Frame::CRS84)
            .is_err()
    );
    assert!(
        apply(&mut row.clone(), &json!({ "properties": { "category": null } }), Mode::Merge, &Frame::CRS84)
            .is_err()
    );
    assert!(
        apply(&mut row.clone(), &json!({ "properties": { "state": "gone" } }), Mode::Merge, &Frame::CRS84)
            .is_err()
    );
    apply(&mut row, &json!({ "geometry": { "coordinates": [1, 2] } }), Mode::Merge, &Frame::CRS84).unwrap();
    assert_eq!(row.at, E7::new(10_000_000, 20_000_000));
}

#[test]
fn a_replacement_clears_what_it_does_not_name() {
    let mut row = blank();
    apply(
        &mut row,
        &feature(json!({ "category": "noise", "title": "t", "risk": "red" })),
        Mode::Create,
        &Frame::CRS84,
    )
    .unwrap();
    apply(&mut row, &feature(json!({ "category": "theft", "state": "filed" })), Mode::Replace, &Frame::CRS84)
        .unwrap();
    assert_eq!((row.title, row.risk, row.category.as_deref()), (None, None, Some("theft")));
    assert_eq!(row.state, State::Filed);
}
