//! Tiles of departments' layers, read by an independent decoder: what is in them, and that it is valid.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use fast_mvt::{MvtGeometry, MvtReaderRef, MvtValueRef};
use gridbeat_onemap::{
    E7, MapBuilder, MultiPolygon, Polygon, Scope,
    department::{Cell, Column, ColumnKind, Drawing, Drawn, FeatureRow, Schema},
    record::{Fid, Region},
};
use gridbeat_tiles::{TileId, TileLayer, TileMaker};

fn schema(name: &str, drawn: Drawn) -> Schema {
    let columns = [
        ("名称", ColumnKind::Text),
        ("n", ColumnKind::Integer),
        ("x", ColumnKind::Number),
        ("b", ColumnKind::Boolean),
        ("d", ColumnKind::Date),
    ];
    let column = |(name, kind): (&str, ColumnKind)| Column { name: name.into(), title: name.into(), kind };
    Schema {
        name: name.to_owned(),
        title: name.to_owned(),
        drawn,
        geometry: None,
        columns: columns.map(column).into(),
    }
}

fn row(i: u32, drawing: Drawing) -> FeatureRow {
    let cells = vec![
        if i == 2 { Cell::Text("".into()) } else { Cell::Text(format!("第{i}").into()) },
        Cell::Integer(-i64::from(i)),
        Cell::Number(0.5),
        Cell::Boolean(true),
        if i == 1 { Cell::Null } else { Cell::Date("2026-07-01".parse().unwrap()) },
    ];
    FeatureRow { fid: Fid::new(Region(3202), i), region: Region(3202), cells, drawing }
}

/// What one tile of one layer holds: `(id, geometry, names of properties)`.
fn tile(
    layers: Vec<(Schema, Vec<FeatureRow>)>,
    name: &str,
    id: TileId,
) -> Vec<(u64, MvtGeometry, Vec<String>)> {
    let mut builder = MapBuilder::new();
    for (schema, rows) in layers {
        builder.department(schema);
        rows.into_iter().for_each(|r| builder.feature(r));
    }
    let map = builder.finish(1);
    let scope = Scope::all();
    let reader = map.read(&scope);
    let maker = TileMaker::new(&reader);
    let Some(bytes) = maker.tile(&reader, &[TileLayer::department(name)], id) else { return Vec::new() };
    let tile = MvtReaderRef::new(&bytes).unwrap();
    let layer = tile.layers().next().unwrap();
    assert_eq!((layer.name(), layer.version(), layer.extent()), (name, 2, 4096));
    let features = layer.features().map(|f| {
        let names = f.properties().map(|p| p.unwrap().0.to_owned()).collect();
        (f.id().unwrap(), f.geometry().unwrap(), names)
    });
    features.collect()
}

fn at(lon: f64, lat: f64) -> E7 {
    E7::from_degrees(lon, lat).unwrap()
}

fn square(lon: f64, lat: f64, side: f64) -> Drawing {
    let ring =
        |w: f64, s: f64, side: f64| vec![at(w, s), at(w + side, s), at(w + side, s + side), at(w, s + side)];
    let mut hole = ring(lon + side / 4.0, lat + side / 4.0, side / 2.0);
    hole.reverse();
    Drawing::Ground(MultiPolygon(vec![Polygon { exterior: ring(lon, lat, side), holes: vec![hole] }]))
}

/// The tile of a zoom around 120.3 E, 31.5 N.
fn around(z: u8) -> TileId {
    let n = f64::from(1_u32 << z);
    let lat = 31.5_f64.to_radians();
    let y = (1.0 - (lat.tan() + 1.0 / lat.cos()).ln() / std::f64::consts::PI) / 2.0;
    TileId::new(z, ((120.3 + 180.0) / 360.0 * n) as u32, (y * n) as u32).unwrap()
}

#[test]
fn points_carry_their_columns_and_nothing_for_null() {
    let rows = vec![row(1, Drawing::Point(at(120.3, 31.5))), row(2, Drawing::Point(at(120.3, 31.5)))];
    let found = tile(vec![(schema("school", Drawn::Point), rows.clone())], "school", around(14));
    let ids: Vec<u64> = found.iter().map(|f| f.0).collect();
    assert_eq!(ids, [Fid::new(Region(3202), 1).0, Fid::new(Region(3202), 2).0]);
    assert_eq!(found[0].2, ["名称", "n", "x", "b"]);
    assert_eq!(found[1].2, ["名称", "n", "x", "b", "d"]);
    // Far away those on one spot are one.
    assert_eq!(tile(vec![(schema("school", Drawn::Point), rows)], "school", around(5)).len(), 1);
    let none = vec![(schema("school", Drawn::Point), vec![])];
    assert!(tile(none, "school", around(5)).is_empty());
}

#[test]
fn values_have_the_types_of_their_columns() {
    let mut builder = MapBuilder::new();
    builder.department(schema("school", Drawn::Point));
    builder.feature(row(2, Drawing::Point(at(120.3, 31.5))));
    let map = builder.finish(1);
    let scope = Scope::all();
    let bytes = TileMaker::new(&map.read(&scope)).tile(
        &map.read(&scope),
        &[TileLayer::department("school")],
        around(12),
    );
    let bytes = bytes.unwrap();
    let reader = MvtReaderRef::new(&bytes).unwrap();
    let layer = reader.layers().next().unwrap();
    let feature = layer.features().next().unwrap();
    let values: Vec<_> = feature.properties().map(|p| p.unwrap().1).collect();
    let expected = [
        MvtValueRef::String(""),
        MvtValueRef::SInt(-2),
        MvtValueRef::Double(0.5),
        MvtValueRef::Bool(true),
        MvtValueRef::String("2026-07-01"),
    ];
    assert_eq!(values, expected);
}

/// Twice the signed area of a closed ring in tile coordinates (`y` southwards).
fn area2(ring: &[(i64, i64)]) -> i64 {
    ring.windows(2).map(|w| w[0].0 * w[1].1 - w[1].0 * w[0].1).sum()
}

#[test]
fn polygons_that_lie_over_each_other_are_each_whole_and_valid() {
    // Two squares over each other, of some thousand units at zoom 14, one reaching beyond the tile.
    let rows = vec![row(1, square(120.300, 31.500, 0.004)), row(3, square(120.302, 31.501, 0.03))];
    for z in [10, 12, 14, 16] {
        let found = tile(vec![(schema("compound", Drawn::Polygon), rows.clone())], "compound", around(z));
        assert!(!found.is_empty(), "zoom {z}");
        for (id, geometry, names) in found {
            let polygons = match geometry {
                MvtGeometry::Polygon(p) => vec![p],
                MvtGeometry::MultiPolygon(all) => all.0,
                MvtGeometry::Point(_) if names.iter().any(|n| n == "collapsed") => continue,
                other => panic!("{id}: {other:?}"),
            };
            for polygon in polygons {
                let ring = |line: &[fast_mvt::MvtCoord]| -> Vec<(i64, i64)> {
                    line.iter().map(|c| (i64::from(c.x), i64::from(c.y))).collect()
                };
                let exterior = ring(&polygon.exterior().0);
                assert!(exterior.iter().all(|p| (-64..=4160).contains(&p.0) && (-64..=4160).contains(&p.1)));
                assert!(area2(&exterior) > 0, "zoom {z}: an exterior is positive");
                for hole in polygon.interiors() {
                    assert!(area2(&ring(&hole.0)) < 0, "zoom {z}: a hole is negative");
                }
            }
        }
    }
    // Far away each is a point.
    let far = tile(vec![(schema("compound", Drawn::Polygon), rows)], "compound", around(0));
    assert_eq!(far.len(), 1, "both fall on one spot");
    assert!(far[0].2.contains(&"collapsed".to_owned()));
}

#[test]
fn lines_are_cut_at_the_box_of_the_tile() {
    let id = around(14);
    let b = id.bounds();
    let middle = b.center();
    let far = E7::new(b.max.lon + (b.max.lon - b.min.lon), middle.lat);
    let back = E7::new(far.lon, middle.lat + 1_000);
    let line = vec![E7::new(middle.lon, middle.lat), far, back, E7::new(middle.lon, middle.lat + 1_000)];
    let found =
        tile(vec![(schema("road", Drawn::Line), vec![row(1, Drawing::Lines(vec![line]))])], "road", id);
    let MvtGeometry::MultiLineString(lines) = &found[0].1 else { panic!("{:?}", found[0].1) };
    assert_eq!(lines.0.len(), 2, "it leaves and comes back");
    let xs: Vec<i32> = lines.0.iter().flat_map(|l| l.0.iter().map(|c| c.x)).collect();
    assert_eq!((xs.iter().max(), xs.iter().min().map(|x| x / 8)), (Some(&4160), Some(2048 / 8)));
}
