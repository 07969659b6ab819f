//! Whatever bytes come, every parser answers with a value or a sentence.

use crate::{
    crs::{declared::Declared, prj},
    fields::words,
    read::{feature, json, table::RawRow, wkb, wkt},
    time::{Clock, Survey},
};
use proptest::prelude::*;

/// Text out of the pieces that the formats are made of, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("POLYGON"),
        Just("POINT"),
        Just("MULTIPOLYGON"),
        Just("GEOMETRYCOLLECTION"),
        Just("EMPTY"),
        Just(" Z "),
        Just("("),
        Just(")"),
        Just(","),
        Just(" "),
        Just("1.5"),
        Just("-7e9"),
        Just("NaN"),
        Just("SRID=1;"),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(":"),
        Just("\""),
        Just("\\"),
        Just("\"type\""),
        Just("\"Feature\""),
        Just("\"features\""),
        Just("\"geometry\""),
        Just("\"coordinates\""),
        Just("null"),
        Just("\"polygoys\""),
        Just("\"path\""),
        Just("2026"),
        Just("-"),
        Just("/"),
        Just("12"),
        Just("31"),
        Just("T"),
        Just("年"),
        Just("月"),
        Just("日"),
        Just("+08:00"),
        Just("PM"),
        Just("PROJCS["),
        Just("GEOGCS["),
        Just("AUTHORITY[\"EPSG\","),
        Just("DATUM["),
        Just("网格"),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|v| v.concat())
}

fn all_parsers(text: &str) {
    let _ = wkt::parse(text);
    let _ = wkt::parse_members(text);
    let _ = wkt::srid(text);
    let _ = prj::read(text);
    let _ = Declared::name("a test", text);
    let _ = words::state(text);
    let mut survey = Survey::default();
    survey.add(1, text);
    let _ = survey.settle("t", None);
    let _ = Clock::default().read(text);
    let mut columns = feature::Columns::default();
    let _ = feature::collect_columns(text, &mut columns);
    let mut row = RawRow::default();
    let _ = feature::read(text, &columns, &mut row);
    let _ = feature::read_polygoy(text, &columns, &mut row);
    let mut items = json::Items::new(text.as_bytes());
    let mut out = Vec::new();
    while let Ok(Some(_)) = items.next(&mut out) {}
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        all_parsers(&text);
    }

    #[test]
    fn no_text_of_known_pieces_panics(text in pieces()) {
        all_parsers(&text);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = wkb::parse(&bytes);
        let _ = wkb::parse_geopackage(&bytes);
        let mut blob = b"GP\0\x01\0\0\0\0\x01\x06\0\0\0".to_vec();
        blob.extend(&bytes);
        let _ = wkb::parse_geopackage(&blob);
    }

    #[test]
    fn gcj02_and_bd09_come_back(lon in 73.0..136.0f64, lat in 3.0..54.0f64) {
        use crate::crs::gcj02::*;
        let (x, y) = from_wgs84(lon, lat);
        let (x, y) = to_wgs84(x, y);
        prop_assert!((x - lon).abs() < 1e-9 && (y - lat).abs() < 1e-9);
        let (x, y) = bd09_from_wgs84(lon, lat);
        let (x, y) = bd09_to_wgs84(x, y);
        prop_assert!((x - lon).abs() < 1e-9 && (y - lat).abs() < 1e-9);
    }
}
