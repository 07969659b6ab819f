//! What filters mean, one house at a time.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{House, compile};

#[track_caller]
fn check(cases: &[(&str, bool)]) {
    for (text, expected) in cases {
        let filter = compile(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(filter.matcher().matches(&House), *expected, "{text}");
    }
}

#[test]
fn comparisons() {
    check(&[
        ("name = 'Straße 5'", true),
        ("name <> 'Straße 5'", false),
        ("floors > 5 AND height < 20", true),
        ("floors = 6.0", true),
        ("floors >= 7 OR pool", true),
        ("pool = TRUE", true),
        ("NOT pool", false),
        ("built = DATE('2015-06-01')", true),
        ("seen = DATE('2026-05-01')", true),
        ("seen < TIMESTAMP('2026-05-01T16:00:01+08:00')", true),
        ("seen >= '2026-05-01T08:00:00Z' AND seen = '2026-05-01'", true),
        // As GDAL writes it.
        ("seen >= '2026-05-01T' AND built = '2015-06-01T'", true),
        ("pool = 1 AND pool <> 0", true),
        ("pool IN (0)", false),
        ("name ILIKE 'STRA%5' AND name NOT ILIKE 'x%'", true),
        ("floors BETWEEN 6 AND 6", true),
        ("floors NOT BETWEEN 1 AND 5", true),
        ("name IN ('x', 'Straße 5')", true),
        ("floors NOT IN (1, 2)", true),
        ("name LIKE 'Str%'", true),
        ("name NOT LIKE '%6'", true),
        ("'a' < 'b'", true),
        ("(floors > 5) = TRUE", true),
    ]);
}

#[test]
fn null_is_neither_true_nor_false() {
    check(&[
        ("nothing = 'x'", false),
        ("NOT nothing = 'x'", false),
        ("nothing <> 'x'", false),
        ("nothing = nothing", false),
        ("nothing IS NULL", true),
        ("nothing IS NOT NULL", false),
        ("nothing LIKE '%'", false),
        ("nothing NOT LIKE '%'", false),
        ("nothing NOT IN ('x')", false),
        ("name NOT IN ('x', nothing)", false),
        ("name IN ('Straße 5', nothing)", true),
        ("nothing = 'x' OR pool", true),
        ("NOT (nothing = 'x' AND floors = 1)", true),
        ("(nothing = 'x') IS NULL", true),
        ("floors BETWEEN 1 AND floors / 0", false),
        ("floors / 0 IS NULL", true),
        ("geometry IS NULL", false),
        ("geometry IS NOT NULL", true),
    ]);
}

#[test]
fn arithmetic_and_properties_on_both_sides() {
    check(&[
        ("floors * 3 < height + 1", true),
        ("height / floors > 3", true),
        ("height div floors = 3", true),
        ("floors % 4 = 2", true),
        ("2 ^ 3 ^ 2 = 512", true),
        ("-2 ^ 2 = -4", true),
        ("2 - 3 - 4 = -5", true),
        ("2 + 3 * 4 = 14", true),
        ("(2 + 3) * 4 = 20", true),
        ("-floors = -6", true),
        ("floors - -1 = 7", true),
        ("seen > built", true),
    ]);
}

#[test]
fn case_and_accents() {
    check(&[
        ("CASEI(name) = CASEI('STRASSE 5')", true),
        ("CASEI(name) LIKE CASEI('strASSE%')", true),
        ("ACCENTI('débárquér') = ACCENTI('debarquer')", true),
        ("CASEI(ACCENTI('Å')) = 'a'", true),
        ("CASEI(nothing) = 'x'", false),
    ]);
}

#[test]
fn places() {
    check(&[
        ("S_INTERSECTS(geometry, POINT(5 5))", true),
        ("S_INTERSECTS(POINT(10 10), geometry)", true),
        ("S_CONTAINS(geometry, POINT(10 10))", false),
        ("S_TOUCHES(geometry, POINT(10 10))", true),
        ("S_WITHIN(geometry, BBOX(-1, -1, 11, 11))", true),
        ("S_WITHIN(BBOX(1, 1, 2, 2), geometry)", true),
        ("S_CONTAINS(geometry, BBOX(1, 1, 2, 2))", true),
        ("S_DISJOINT(geometry, BBOX(11, 11, 12, 12))", true),
        ("S_DISJOINT(geometry, BBOX(10, 10, 12, 12))", false),
        ("S_OVERLAPS(geometry, BBOX(5, 5, 12, 12))", true),
        ("S_CROSSES(LINESTRING(-1 5, 11 5), geometry)", true),
        ("S_EQUALS(geometry, POLYGON((10 0, 10 10, 0 10, 0 0, 5 0, 10 0)))", true),
        ("S_INTERSECTS(geometry, MULTIPOINT((20 20), (5 5)))", true),
        ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(20 20), LINESTRING(9 9, 12 12)))", true),
        ("S_EQUALS(geometry, geometry)", true),
        ("S_CROSSES(LINESTRING(0 0, 2 2), LINESTRING(0 2, 2 0))", true),
        ("S_INTERSECTS(geometry, POLYGON((2 2, 8 2, 8 8, 2 8, 2 2), (3 3, 7 3, 7 7, 3 7, 3 3)))", true),
    ]);
}

#[test]
fn times() {
    check(&[
        ("T_AFTER(seen, TIMESTAMP('2026-05-01T07:59:59Z'))", true),
        ("T_AFTER(seen, DATE('2026-05-01'))", false),
        ("T_BEFORE(seen, DATE('2026-05-02'))", true),
        ("T_EQUALS(seen, DATE('2026-05-01'))", true),
        ("T_DURING(seen, INTERVAL('2026-04-01', '2026-06-01'))", true),
        ("T_DURING(seen, INTERVAL('2026-05-01', '..'))", false),
        ("T_INTERSECTS(seen, INTERVAL('2026-05-01', '..'))", true),
        ("T_DISJOINT(seen, INTERVAL('..', '2026-04-30'))", true),
        ("T_CONTAINS(INTERVAL('..', '..'), INTERVAL(built, seen))", true),
        ("T_STARTS(INTERVAL(built, seen), INTERVAL('2015-06-01', '..'))", true),
        ("T_STARTEDBY(INTERVAL('2015-06-01', '..'), INTERVAL(built, seen))", true),
        ("T_FINISHES(INTERVAL(built, seen), INTERVAL('..', '2026-05-01'))", true),
        ("T_FINISHEDBY(INTERVAL('..', '2026-05-01'), INTERVAL(built, seen))", true),
        ("T_MEETS(INTERVAL('..', '2015-06-01'), INTERVAL(built, seen))", true),
        ("T_METBY(INTERVAL('2026-05-01', '..'), INTERVAL(built, seen))", true),
        ("T_OVERLAPS(INTERVAL('2010-01-01', '2020-01-01'), INTERVAL(built, seen))", true),
        ("T_OVERLAPPEDBY(INTERVAL('2020-01-01', '2030-01-01'), INTERVAL(built, seen))", true),
    ]);
}

#[test]
fn arrays() {
    check(&[
        ("A_CONTAINS(tags, ('a'))", true),
        ("A_CONTAINS(tags, ('a', 'c'))", false),
        ("A_CONTAINEDBY(tags, ('c', 'b', 'a'))", true),
        ("A_EQUALS(('b', 'a'), tags)", true),
        ("A_OVERLAPS(tags, ('z', 'b', 7))", true),
        ("A_OVERLAPS((name, floors), (6))", true),
        ("A_CONTAINS(tags, ())", true),
    ]);
}

#[test]
fn faults_say_where_and_what() {
    for (text, words) in [
        ("", "at character 1: found the end; expected a value"),
        ("colour = 'red'", "at character 1: there is no property “colour”; there are name, floors"),
        ("floors > 5 AND colour = 'red'", "at character 16"),
        ("floors = '5'", "at character 10: is a text, where a number was expected"),
        ("name = 5", "single quotes"),
        ("pool = 2", "at character 8: is a number, where true or false was expected"),
        ("seen > 'yesterday'", "TIMESTAMP('2026-05-01T00:00:00Z')"),
        ("'2026-05-01' < seen", "TIMESTAMP('2026-05-01T00:00:00Z')"),
        ("floors", "not true or false by itself"),
        ("floors + 1", "is not true or false"),
        ("name LIKE 5", "a text was expected"),
        ("floors BETWEEN 1", "expected AND"),
        ("floors IN ()", "expected a value"),
        ("floors = 1 = 1", "expected the end"),
        ("avg(floors) = 1", "there is no function “avg”"),
        ("S_WITHIN(geometry, Buffer(geometry, 10, 'm'))", "there is no function “Buffer”"),
        ("S_WITHIN(geometry)", "takes 2 arguments"),
        ("S_WITHIN(name, POINT(1 1))", "“name” is not a geometry"),
        ("S_WITHIN(geometry, POINT(200 1))", "200 lies outside"),
        ("S_WITHIN(geometry, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))", "not a valid geometry"),
        ("S_WITHIN(geometry, BBOX(0, 5, 1, 1))", "south"),
        ("geometry = 5", "is a geometry"),
        ("DATE('2026-02-30') = seen", "“2026-02-30” is not a date"),
        ("T_AFTER(name, DATE('2026-01-01'))", "is a text, where a date or timestamp was expected"),
        ("T_AFTER(seen, INTERVAL('2026-01-02', '2026-01-01'))", "ends before it starts"),
        ("A_CONTAINS(name, ('a'))", "an array was expected"),
        ("tags = tags", "A_EQUALS"),
        ("and = 5", "expected a value"),
        ("NOT", "found the end"),
        ("(floors = 1", "expected “,” or “)”"),
        ("floors = 1)", "expected the end"),
        ("POINT(1 2)", "is not true or false"),
    ] {
        let error = compile(text).err().unwrap_or_else(|| panic!("{text} was taken")).to_string();
        assert!(error.contains(words), "{text}\n  says {error}\n  not  {words}");
    }
}

#[test]
fn size_is_bounded() {
    for text in [
        format!("{}TRUE{}", "(".repeat(5_000), ")".repeat(5_000)),
        "NOT ".repeat(5_000) + "TRUE",
        format!("{}1 = 1", "-".repeat(5_000)),
        format!("1 = 1{}", " + 1".repeat(5_000)),
        format!("1 = 2{}", " ^ 2".repeat(5_000)),
        format!("floors IN (1{})", ", 1".repeat(5_000)),
        format!("TRUE{}", " AND TRUE".repeat(5_000)),
        format!("S_WITHIN(geometry, LINESTRING(0 0{}))", ", 1 1".repeat(6_000)),
    ] {
        let error = compile(&text).err().unwrap().to_string();
        assert!(error.contains("more than"), "{error}");
    }
    assert!(compile(&"x".repeat(70_000)).unwrap_err().to_string().contains("longer than"));
    // A filter as large as it may be is taken.
    assert!(compile(&format!("floors IN (1{})", ", 1".repeat(900))).is_ok());
}

#[test]
fn a_box_is_known_where_it_is_sure() {
    let bounds = |text: &str| compile(text).unwrap().bounds().map(|b| (b.min().x, b.max().x));
    assert_eq!(bounds("pool AND S_WITHIN(geometry, BBOX(1, 1, 5, 5))"), Some((1.0, 5.0)));
    assert_eq!(
        bounds("S_INTERSECTS(geometry, BBOX(1, 1, 5, 5)) AND S_TOUCHES(geometry, BBOX(3, 1, 9, 5))"),
        Some((3.0, 5.0))
    );
    for none in [
        "S_DISJOINT(geometry, BBOX(1, 1, 5, 5))",
        "NOT S_WITHIN(geometry, BBOX(1, 1, 5, 5))",
        "pool OR S_WITHIN(geometry, BBOX(1, 1, 5, 5))",
        "pool",
    ] {
        assert_eq!(bounds(none), None, "{none}");
    }
}
