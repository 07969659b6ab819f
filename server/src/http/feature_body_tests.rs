//! Tests of the body of a department's feature.

use super::*;
use gridbeat_onemap::{E7, department::Column};
use serde_json::json;

fn schema(drawn: Drawn) -> Schema {
    let kinds = [
        ("name", ColumnKind::Text),
        ("pupils", ColumnKind::Integer),
        ("share", ColumnKind::Number),
        ("open", ColumnKind::Boolean),
        ("founded", ColumnKind::Date),
        ("seen", ColumnKind::Timestamp),
    ];
    let column = |(name, kind): (&str, _)| Column { name: name.to_owned(), title: name.to_owned(), kind };
    Schema {
        name: "school".to_owned(),
        title: "Schools".to_owned(),
        drawn,
        geometry: None,
        columns: kinds.map(column).to_vec(),
    }
}

fn body(geometry: Value, properties: Value) -> Value {
    json!({ "type": "Feature", "geometry": geometry, "properties": properties })
}

fn at() -> Value {
    json!({ "type": "Point", "coordinates": [120.3, 31.5] })
}

fn taken(drawn: Drawn, body: &Value, mode: Mode) -> Result<FeatureRow, Vec<String>> {
    let schema = schema(drawn);
    apply(&schema, blank(&schema), body, mode, &Frame::CRS84)
        .map_err(|e| e.fields().iter().map(|f| format!("{} {}", f.parameter, f.detail)).collect())
}

#[test]
fn every_kind_is_read_and_what_is_not_named_is_null() {
    let properties = json!({
        "name": "", "pupils": -3, "share": 2, "open": false, "founded": "1950-01-15",
        "seen": "2026-05-01T08:00:00+08:00", "grid": "g", "shares": [], "fid": 7,
    });
    let row = taken(Drawn::Point, &body(at(), properties), Mode::Create).unwrap();
    let cells = [
        Cell::Text("".into()),
        Cell::Integer(-3),
        Cell::Number(2.0),
        Cell::Boolean(false),
        Cell::Date("1950-01-15".parse().unwrap()),
        Cell::Timestamp("2026-05-01T00:00:00Z".parse().unwrap()),
    ];
    assert_eq!(
        (row.cells.as_slice(), row.drawing),
        (&cells[..], Drawing::Point(E7::new(1_203_000_000, 315_000_000)))
    );
    for nothing in [json!({ "pupils": null }), json!({}), Value::Null] {
        let row = taken(Drawn::Point, &body(at(), nothing), Mode::Create).unwrap();
        assert_eq!(row.cells, vec![Cell::Null; 6]);
    }
    for (text, n) in [("12.0", 12), ("1e3", 1000), ("-9223372036854775808", i64::MIN)] {
        let number: Value = serde_json::from_str(text).unwrap();
        let row = taken(Drawn::Point, &body(at(), json!({ "pupils": number })), Mode::Create).unwrap();
        assert_eq!(row.cells[1], Cell::Integer(n), "{text}");
    }
    for text in ["1e19", "1e300", "9223372036854775808", "0.5"] {
        let number: Value = serde_json::from_str(text).unwrap();
        assert!(
            taken(Drawn::Point, &body(at(), json!({ "pupils": number })), Mode::Create).is_err(),
            "{text}"
        );
    }
}

#[test]
fn a_merge_changes_what_it_names() {
    let schema = schema(Drawn::Point);
    let start = taken(Drawn::Point, &body(at(), json!({ "name": "a", "pupils": 1 })), Mode::Create).unwrap();
    let change = json!({ "properties": { "pupils": null, "open": true } });
    let row = apply(&schema, start.clone(), &change, Mode::Merge, &Frame::CRS84).unwrap();
    assert_eq!(
        (&row.cells[0], &row.cells[1], &row.cells[3]),
        (&start.cells[0], &Cell::Null, &Cell::Boolean(true))
    );
    assert_eq!(row.drawing, start.drawing);
}

#[test]
fn every_fault_is_named() {
    let faults = |drawn, body: &Value| taken(drawn, body, Mode::Create).unwrap_err().join("; ");
    let wrong = json!({
        "name": 1, "pupils": 1.5, "share": "x", "open": 1, "founded": "15.1.1950", "seen": "today", "head": "y",
    });
    let said = faults(Drawn::Point, &body(at(), wrong));
    for name in ["name is not text", "pupils is not a whole", "share is not a number", "open is not true"] {
        assert!(said.contains(&format!("properties.{name}")), "{said}");
    }
    for name in ["founded is not a day", "seen is not an RFC 3339", "head is not a column of school"] {
        assert!(said.contains(&format!("properties.{name}")), "{said}");
    }
    let square = json!({ "type": "Polygon", "coordinates": [[[120.3, 31.5], [120.4, 31.5], [120.4, 31.6], [120.3, 31.5]]] });
    assert!(taken(Drawn::Polygon, &body(square.clone(), json!({})), Mode::Create).is_ok());
    let ring = |points: Value| json!({ "type": "Polygon", "coordinates": [points] });
    let open = ring(json!([[120.3, 31.5], [120.4, 31.5], [120.4, 31.6]]));
    let bow = ring(json!([[120.3, 31.5], [120.4, 31.6], [120.4, 31.5], [120.3, 31.6], [120.3, 31.5]]));
    let over = json!({ "type": "MultiPolygon", "coordinates": [
        [[[120.3, 31.5], [120.5, 31.5], [120.5, 31.7], [120.3, 31.5]]],
        [[[120.4, 31.5], [120.6, 31.5], [120.6, 31.7], [120.4, 31.5]]],
    ] });
    for (drawn, geometry, said) in [
        (Drawn::Point, Value::Null, "geometry is missing; a Point was expected"),
        (Drawn::Point, square, "geometry is not a Point"),
        (Drawn::Polygon, at(), "geometry is not a Polygon or MultiPolygon"),
        (Drawn::Polygon, open, "closed an open ring"),
        (Drawn::Polygon, bow, "took a ring that crosses itself apart"),
        (Drawn::Polygon, over, "joined parts that lie over each other"),
        (Drawn::Polygon, ring(json!([])), "no ground"),
        (
            Drawn::Line,
            json!({ "type": "LineString", "coordinates": [[120.3, 31.5], [120.3, 31.5]] }),
            "no length",
        ),
        (Drawn::Line, json!({ "type": "LineString", "coordinates": [] }), "no coordinates"),
        (
            Drawn::Line,
            json!({ "type": "LineString", "coordinates": [[-90, 31.5], [90, 31.5]] }),
            "180 degrees",
        ),
        (Drawn::Polygon, ring(json!([[-170, 31], [170, 31], [170, 32], [-170, 31]])), "180 degrees"),
        (Drawn::Point, json!({ "type": "Point", "coordinates": [] }), "no coordinates"),
        (Drawn::Point, json!({ "type": "Point", "coordinates": [220, 31.5] }), "longitude"),
    ] {
        let found = faults(drawn, &body(geometry, json!({})));
        assert!(found.contains(said), "{found}: {said}");
    }
    let said = faults(Drawn::Point, &json!({ "type": "Point", "more": 1 }));
    assert!(said.contains("more is not a member") && said.contains("type is not “Feature”"), "{said}");
    assert!(said.contains("properties is not an object"), "{said}");
}
