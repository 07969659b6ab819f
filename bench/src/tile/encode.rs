//! From coordinates in memory to the bytes of a layer: scaling, commands, tags, protocol buffers. Ours come as our
//! tiles have them, whole numbers of a finer lattice; geozero's as it takes them, metres of Web Mercator.

use crate::case::{Measured, Unit, in_turn};
use geo_types::{Geometry as Shape, LineString, Point, Polygon};
use geozero::{
    ToMvt,
    mvt::{Message, TagsBuilder, TileValue, tile},
};
use gridbeat_tiles::mvt::{Geometry, Layer, Value};
use std::collections::BTreeMap;

/// Areas of one tile, and vertices of each: 30,000 in all.
const AREAS: usize = 500;
const VERTICES: usize = 60;
/// Points of one tile.
const POINTS: usize = 10_000;
/// The tile, in metres of Web Mercator: some hundred kilometres, its corner anywhere.
const WEST: f64 = 13_393_000.0;
const SOUTH: f64 = 3_700_000.0;
const SIDE: f64 = 40_960.0;

/// What is encoded of one feature.
struct Feature {
    id: u64,
    code: String,
    level: &'static str,
    area: f64,
    points: Vec<(f64, f64)>,
    /// The same on the finer lattice.
    fine: Vec<(i32, i32)>,
}

/// Features that look like a city's: rings on a raster of cells, no two vertices in one place.
fn rings() -> Vec<Feature> {
    let across = 25;
    (0..AREAS)
        .map(|i| {
            let (column, row) = ((i % across) as f64, (i / across) as f64);
            let (x, y) = (WEST + (column + 0.5) * SIDE / 25.0, SOUTH + (row + 0.5) * SIDE / 20.0);
            let points = (0..VERTICES).map(|k| {
                let turn = k as f64 / VERTICES as f64 * std::f64::consts::TAU;
                let far = 560.0 + 90.0 * (turn * 7.0 + i as f64).sin();
                (x + far * turn.cos(), y + far * turn.sin())
            });
            feature(i, points.collect())
        })
        .collect()
}

fn places() -> Vec<Feature> {
    let spread = |i: usize, by: usize| (i * by % 40_009) as f64 / 40_009.0 * SIDE;
    (0..POINTS).map(|i| feature(i, vec![(WEST + spread(i, 7_919), SOUTH + spread(i, 15_485))])).collect()
}

fn feature(i: usize, points: Vec<(f64, f64)>) -> Feature {
    let level = ["grid", "community", "town"][i % 3];
    Feature {
        id: (3202 << 32) + i as u64,
        code: format!("3202130010{i:05}"),
        level,
        area: 1e5 + i as f64 / 7.0,
        fine: points.iter().map(|&p| fine(p)).collect(),
        points,
    }
}

/// Units of the finer lattice for one of the tile, as a shift.
const FINER: u32 = 8;

/// A place on the finer lattice.
fn fine((x, y): (f64, f64)) -> (i32, i32) {
    let scale = 4096.0 / SIDE * f64::from(1 << FINER);
    (((x - WEST) * scale).floor() as i32, ((y - SOUTH) * scale).floor() as i32)
}

/// Tile coordinates, as geozero rounds them.
fn unit(&(x, y): &(i32, i32)) -> (i32, i32) {
    (x >> FINER, 4096 - (y >> FINER))
}

fn ours(features: &[Feature]) -> Vec<u8> {
    let mut layer = Layer::new("grid");
    layer.reserve(features.len());
    for f in features {
        let geometry = match f.fine.as_slice() {
            [one] => {
                let (x, y) = unit(one);
                Geometry::point(x, y)
            }
            ring => {
                let mut geometry = Geometry::polygons();
                // In our tiles, too, rings come the right way round.
                geometry.add_ring(ring.iter().rev().map(unit), true);
                geometry
            }
        };
        let properties = [
            ("code", Some(Value::String(&f.code))),
            ("level", Some(Value::String(f.level))),
            ("area_m2", Some(Value::Double(f.area))),
        ];
        layer.add(Some(f.id), &geometry, properties);
    }
    let mut bytes = Vec::new();
    layer.finish(&mut bytes);
    bytes
}

/// The same features as geozero takes them.
fn shapes(features: &[Feature]) -> Vec<Shape<f64>> {
    let shape = |f: &Feature| match f.points.as_slice() {
        &[one] => Shape::Point(Point::from(one)),
        ring => Shape::Polygon(Polygon::new(LineString::from(ring.to_vec()), vec![])),
    };
    features.iter().map(shape).collect()
}

fn theirs(features: &[Feature], shapes: &[Shape<f64>]) -> Result<Vec<u8>, String> {
    let mut tags = TagsBuilder::new();
    let mut layer =
        tile::Layer { version: 2, name: "grid".to_owned(), extent: Some(4096), ..tile::Layer::default() };
    for (f, shape) in features.iter().zip(shapes) {
        let mut out = shape
            .to_mvt(4096, WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
            .map_err(|e| format!("geozero: {e}"))?;
        out.id = Some(f.id);
        for (key, value) in [
            ("code", TileValue::Str(f.code.clone())),
            ("level", TileValue::Str(f.level.to_owned())),
            ("area_m2", TileValue::Double(f.area)),
        ] {
            let (key, value) = tags.insert_ref(key, value);
            out.tags.extend([key, value]);
        }
        layer.features.push(out);
    }
    let (keys, values) = tags.into_tags();
    layer.keys = keys;
    layer.values = values.into_iter().map(Into::into).collect();
    Ok(geozero::mvt::Tile { layers: vec![layer] }.encode_to_vec())
}

/// A tile's features as text, whatever the order of keys and values in it; rings from their least vertex on.
fn read(bytes: &[u8]) -> Result<BTreeMap<u64, String>, String> {
    let wrong = |e: fast_mvt::MvtError| format!("not a tile: {e}");
    let tile = fast_mvt::MvtReaderRef::new(bytes).map_err(wrong)?;
    let mut all = BTreeMap::new();
    for feature in tile.layers().flat_map(|l| l.features().collect::<Vec<_>>()) {
        let mut properties: Vec<String> =
            feature.properties().filter_map(Result::ok).map(|(k, v)| format!("{k}={v:?}")).collect();
        properties.sort();
        let mut places: Vec<(i32, i32)> = match feature.geometry().map_err(wrong)? {
            fast_mvt::MvtGeometry::Polygon(p) => p.exterior().0.iter().map(|c| (c.x, c.y)).collect(),
            fast_mvt::MvtGeometry::Point(p) => vec![(p.x(), p.y())],
            other => return Err(format!("a geometry of another kind: {other:?}")),
        };
        places.dedup();
        if places.len() > 1 && places.first() == places.last() {
            places.pop();
        }
        places.sort_unstable();
        all.insert(feature.id().unwrap_or_default(), format!("{properties:?} {places:?}"));
    }
    Ok(all)
}

fn measure(features: &[Feature]) -> Result<Measured, String> {
    let shapes = shapes(features);
    let (mine, other) = (read(&ours(features))?, read(&theirs(features, &shapes)?)?);
    if mine.len() != features.len() || mine != other {
        let first = mine.iter().zip(&other).find(|(a, b)| a != b);
        return Err(format!("{} and {} features; first that differs: {first:?}", mine.len(), other.len()));
    }
    // Many tiles a run: one is over too soon to be timed.
    const TILES: usize = 200;
    let (ours, peer) = in_turn(
        || (0..TILES).map(|_| ours(features).len()).sum::<usize>(),
        || (0..TILES).filter_map(|_| theirs(features, &shapes).ok()).map(|b| b.len()).sum::<usize>(),
    );
    Ok(Measured { ours: ours / TILES as f64, peer: Some(peer / TILES as f64), unit: Unit::Milliseconds })
}

pub fn areas() -> Result<Measured, String> {
    measure(&rings())
}

pub fn points() -> Result<Measured, String> {
    measure(&places())
}
