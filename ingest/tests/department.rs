//! Layers of departments: what columns hold, null kept apart from empty, in every format.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::shared;
use gridbeat_ingest::{DepartmentOptions, IngestError, Problem, Reject, open_department};
use gridbeat_onemap::{
    E7,
    department::{Cell, ColumnKind, Drawing, Drawn, FeatureRow, Schema},
    record::Region,
};
use std::path::{Path, PathBuf};

fn options() -> DepartmentOptions {
    DepartmentOptions {
        name: "school".to_owned(),
        title: "学校".to_owned(),
        there: None,
        source_layer: None,
        map: Vec::new(),
        crs: None,
        tz: None,
        region: None,
    }
}

struct Outcome {
    schema: Schema,
    rows: Vec<FeatureRow>,
    rejects: Vec<Reject>,
    notes: String,
}

impl Outcome {
    fn kinds(&self) -> Vec<(&str, ColumnKind)> {
        self.schema.columns.iter().map(|c| (c.name.as_str(), c.kind)).collect()
    }

    fn column(&self, name: &str) -> Vec<&Cell> {
        let i = self.schema.column(name).unwrap();
        self.rows.iter().map(|r| &r.cells[i]).collect()
    }
}

fn import(path: &Path, options: DepartmentOptions) -> Result<Outcome, IngestError> {
    let mut import = open_department(path, options)?;
    let notes = import.notes().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let (mut rows, mut rejects) = (Vec::new(), Vec::new());
    for item in import.by_ref() {
        match item {
            Ok(row) => rows.push(row),
            Err(Problem::Reject(r)) => rejects.push(r),
            Err(Problem::Fatal(e)) => return Err(e),
        }
    }
    let report = import.report();
    assert_eq!((report.accepted, report.rejected), (rows.len() as u64, rejects.len() as u64));
    assert_eq!(report.read, report.accepted + report.rejected);
    let schema = import.schema().clone();
    assert!(rows.iter().all(|r| r.cells.len() == schema.columns.len()));
    Ok(Outcome { schema, rows, rejects, notes })
}

fn file(dir: &tempfile::TempDir, name: &str, content: &str) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn text(t: &str) -> Cell {
    Cell::Text(t.into())
}

#[test]
fn csv_columns_get_the_narrowest_kind_and_blanks_are_null() {
    use ColumnKind::{Boolean, Date, Integer, Number, Text, Timestamp};
    let d = tempfile::tempdir().unwrap();
    let path = file(
        &d,
        "学校.csv",
        "编码,名称,pupils,share,open,founded,seen at,mixed,phone,empty,grid,lon,lat\n\
         320213025001001,一小,612,0.5,TRUE,1905-09-01,2026-07-01 08:30,1,0510-1,,A,120.3,31.5\n\
         320213025001002,,,1,false,2001/9/1,2026-07-01T08:30:00Z,x,0510-2,,B,120.4,31.6\n\
         320213025001003,三小,-7,1e3,,,,2026-01-01,05103,,,120.5,31.7\n",
    );
    let mut o = options();
    let error = import(&path, o.clone()).err().unwrap().to_string();
    assert!(error.contains("“seen at”") && error.contains("--tz"), "{error}");
    o.tz = Some(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    let got = import(&path, o).unwrap();
    assert_eq!(
        got.kinds(),
        [
            ("编码", Integer),
            ("名称", Text),
            ("pupils", Integer),
            ("share", Number),
            ("open", Boolean),
            ("founded", Date),
            ("seen_at", Timestamp),
            ("mixed", Text),
            ("phone", Text),
            ("empty", Text),
            ("source_grid", Text),
        ]
    );
    assert_eq!(got.schema.columns[6].title, "seen at");
    assert_eq!((got.schema.drawn, got.schema.geometry.as_deref()), (Drawn::Point, None));
    assert!(got.notes.contains("“empty” holds nothing") && got.notes.contains("lon, lat"), "{}", got.notes);
    assert_eq!(got.column("名称"), [&text("一小"), &Cell::Null, &text("三小")]);
    assert_eq!(got.column("pupils"), [&Cell::Integer(612), &Cell::Null, &Cell::Integer(-7)]);
    assert_eq!(got.column("share"), [&Cell::Number(0.5), &Cell::Number(1.0), &Cell::Number(1000.0)]);
    assert_eq!(got.column("open"), [&Cell::Boolean(true), &Cell::Boolean(false), &Cell::Null]);
    assert_eq!(got.column("founded")[1], &Cell::Date("2001-09-01".parse().unwrap()));
    assert_eq!(got.column("seen_at")[0], &Cell::Timestamp("2026-07-01T00:30:00Z".parse().unwrap()));
    assert_eq!(got.column("mixed")[2], &text("2026-01-01"));
    // The city is told by the codes.
    assert!(got.rows.iter().all(|r| r.region == Region(3202)));
    assert_eq!(got.rows[0].drawing, Drawing::Point(E7::new(1_203_000_000, 315_000_000)));
}

#[test]
fn csv_tells_null_from_the_empty_text_by_quotes() {
    use ColumnKind::{Integer, Text};
    let d = tempfile::tempdir().unwrap();
    let path = file(
        &d,
        "a.csv",
        "name,\"note\",n,lon,lat\n\
         \"\",,\"1\",120.3,31.5\n\
         ,\"\",\"\",120.4,31.6\n\
         \" \", ,,120.4,31.6\n\
         \"a \"\"b\"\"\",\"x\ny\",\"3\",\"120.5\",31.7",
    );
    let got = import(&path, options()).unwrap();
    assert_eq!(got.kinds(), [("name", Text), ("note", Text), ("n", Integer)]);
    assert_eq!(got.column("name"), [&text(""), &Cell::Null, &text(" "), &text("a \"b\"")]);
    assert_eq!(got.column("note"), [&Cell::Null, &text(""), &Cell::Null, &text("x\ny")]);
    // What is quoted because all is says nothing of a number.
    assert_eq!(got.column("n"), [&Cell::Integer(1), &Cell::Null, &Cell::Null, &Cell::Integer(3)]);
}

#[test]
fn json_says_what_is_text_and_keeps_null_apart_from_empty() {
    use ColumnKind::{Boolean, Date, Integer, Number, Text};
    let d = tempfile::tempdir().unwrap();
    let feature = |properties: &str| {
        format!(
            r#"{{"type":"Feature","id":"a","properties":{properties},"geometry":{{"type":"LineString","coordinates":[[120.3,31.5],[120.4,31.5]]}}}}"#
        )
    };
    let features = [
        feature(
            r#"{"id":7,"code":"7","n":1,"f":1.5,"b":true,"d":"2026-07-01","t":"","geometry":"x","o":{"p":1}}"#,
        ),
        feature(r#"{"id":8,"code":"8","n":-2,"f":2,"b":null,"d":null,"t":null,"list":[1,2]}"#),
    ];
    let path = file(
        &d,
        "roads.geojson",
        &format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")),
    );
    let got = import(&path, options()).unwrap();
    assert_eq!(
        got.kinds(),
        [
            ("source_id", Text),
            ("id", Integer),
            ("code", Text),
            ("n", Integer),
            ("f", Number),
            ("b", Boolean),
            ("d", Date),
            ("t", Text),
            ("source_geometry", Text),
            ("o_p", Integer),
            ("list", Text),
        ]
    );
    assert_eq!(got.column("t"), [&text(""), &Cell::Null]);
    assert_eq!(got.column("b"), [&Cell::Boolean(true), &Cell::Null]);
    assert_eq!(got.column("list"), [&Cell::Null, &text("[1,2]")]);
    assert_eq!(got.schema.drawn, Drawn::Line);
    assert!(matches!(&got.rows[0].drawing, Drawing::Lines(l) if l.len() == 1 && l[0].len() == 2));
    assert!(got.rejects.is_empty());
}

#[test]
fn rows_that_do_not_fit_are_rejected_by_field() {
    let d = tempfile::tempdir().unwrap();
    let path = file(
        &d,
        "a.csv",
        "name,geometry\n\
         ok,\"POLYGON((120 31,120.1 31,120.1 31.1,120 31))\"\n\
         point,POINT(120 31)\n\
         none,\n\
         flat,\"POLYGON((120 31,120.1 31,120 31))\"\n\
         bow,\"POLYGON((120 31,120.1 31.1,120.1 31,120 31.1,120 31))\"\n\
         bad,POLYGON((\n\
         ok,\"MULTIPOLYGON(((121 31,121.1 31,121.1 31.1,121 31)))\"\n",
    );
    let got = import(&path, options()).unwrap();
    assert_eq!(
        (got.schema.drawn, got.schema.geometry),
        (Drawn::Polygon, None),
        "“geometry” needs no second name"
    );
    assert_eq!(got.rows.len(), 3);
    let rejects: Vec<_> = got.rejects.iter().map(|r| (r.row, r.field.as_str())).collect();
    assert_eq!(rejects, [(2, "geometry"), (3, "geometry"), (4, "geometry"), (6, "geometry")]);
    assert!(got.rejects[0].reason.contains("is a point; expected a polygon"), "{}", got.rejects[0].reason);
    assert!(got.notes.contains("1 rows are points"), "{}", got.notes);
    // The source's own name of the place is kept where it is another.
    let named = std::fs::read_to_string(&path).unwrap().replace("name,geometry", "name,wkt");
    let got = import(&file(&d, "b.csv", &named), options()).unwrap();
    assert_eq!(got.schema.geometry.as_deref(), Some("wkt"));
    let error = import(&file(&d, "c.csv", "a,b\n1,2\n"), options()).err().unwrap().to_string();
    assert!(error.contains("--map lon=") && error.contains("a, b"), "{error}");
    let mut o = options();
    o.map = vec![("code".to_owned(), "a".to_owned())];
    assert!(import(&path, o).err().unwrap().to_string().contains("only lon, lat and geometry"));
}

#[test]
fn rows_are_added_under_the_columns_that_are_there() {
    let d = tempfile::tempdir().unwrap();
    let first = import(&file(&d, "a.csv", "n,t,lon,lat\n1.5,a,120,31\n"), options()).unwrap();
    let mut o = options();
    o.there = Some(first.schema.clone());
    // Whole numbers are numbers, digits are text; the order of columns is free.
    let got = import(&file(&d, "b.csv", "t,n,lon,lat\n7,2,120,31\n,,120,31\n"), o.clone()).unwrap();
    assert_eq!(got.column("n"), [&Cell::Number(2.0), &Cell::Null]);
    assert_eq!(got.column("t"), [&text("7"), &Cell::Null]);
    for (content, said) in [
        ("t,n,lon,lat\na,x,120,31\n", "“n” is number in the layer, but row 1 has “x”"),
        ("t,lon,lat\na,120,31\n", "a column “n” that the file does not have"),
        ("t,n,m,lon,lat\na,1,2,120,31\n", "a column “m” that the layer does not have"),
    ] {
        let error = import(&file(&d, "c.csv", content), o.clone()).err().unwrap().to_string();
        assert!(error.contains(said), "{error}");
    }
    let line = file(&d, "d.csv", "t,n,wkt\na,1,\"LINESTRING(120 31,121 31)\"\n");
    let got = import(&line, o).unwrap();
    assert!(got.rows.is_empty() && got.rejects[0].reason.contains("is a line; expected a point"));
}

#[test]
fn real_files_of_points_lines_and_polygons() {
    let Some(data) = shared() else { return };
    // A shapefile states its columns.
    let got = import(&data.join("chicago/community_areas_2019.shp"), options()).unwrap();
    assert_eq!((got.schema.drawn, got.rows.len(), got.rejects.len()), (Drawn::Polygon, 77, 0));
    assert!(got.kinds().iter().any(|(_, kind)| *kind == ColumnKind::Text));
    let names: Vec<_> = got.column("community").into_iter().filter(|c| **c == text("OHARE")).collect();
    assert_eq!(names.len(), 1);
    let mut o = options();
    o.tz = Some(jiff::tz::TimeZone::fixed(jiff::tz::offset(-6)));
    let got = import(&data.join("chicago/chicago_crimes_sample25k_2017_2019.csv.gz"), o).unwrap();
    assert_eq!((got.schema.drawn, got.rows.len() + got.rejects.len()), (Drawn::Point, 25_000));
    let kind = |name: &str| got.schema.columns[got.schema.column(name).unwrap()].kind;
    let kinds = [kind("date"), kind("arrest"), kind("source_beat"), kind("block")];
    assert_eq!(kinds, [ColumnKind::Timestamp, ColumnKind::Boolean, ColumnKind::Number, ColumnKind::Text]);
}
