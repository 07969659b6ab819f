//! A made-up city on a jittered lattice, and tiles read by an independent decoder.

// Each test file uses its part; clippy does not know that this folder is a test.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use fast_mvt::{MvtGeometry, MvtReaderRef, MvtValueRef};
use gridbeat_onemap::{
    E7, MapBuilder, MultiPolygon, OneMap, Polygon, Reader, Scope,
    record::{AddressRow, AreaRow, Fid, IncidentRow, Level, Region, Risk, Side, StaffRow, State},
};
use gridbeat_tiles::{TileId, TileLayer, TileMaker, TileRange};
use std::collections::BTreeMap;

pub static ALL: Scope = Scope::all();

/// What a made-up city looks like.
#[derive(Clone, Debug)]
pub struct City {
    pub seed: u64,
    /// South-west corner.
    pub at: E7,
    /// Width of a cell in lattice units.
    pub cell: i32,
    /// Cells along each side.
    pub cells: i32,
    /// Vertices within each cell edge.
    pub wiggles: i32,
    /// Every how-manieth cell is left out (0: none).
    pub gaps: u64,
    pub points: u32,
}

/// A well-mixed number from some others (SplitMix64's finaliser).
fn mix(seed: u64, parts: &[i64]) -> u64 {
    parts.iter().fold(seed, |h, &p| {
        let mut z = (h ^ p as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}

/// −¼ … ¼ of a cell.
fn jitter(city: &City, parts: &[i64]) -> i32 {
    let r = (mix(city.seed, parts) % 1001) as i64 - 500;
    (r * i64::from(city.cell) / 2000) as i32
}

impl City {
    fn node(&self, salt: i64, i: i32, j: i32) -> E7 {
        let (x, y) =
            (jitter(self, &[salt, 1, i.into(), j.into()]), jitter(self, &[salt, 2, i.into(), j.into()]));
        E7::new(self.at.lon + i * self.cell + x, self.at.lat + j * self.cell + y)
    }

    /// From a node to the next one east (`dj` 0) or north, without the latter.
    fn edge(&self, salt: i64, i: i32, j: i32, dj: i32) -> Vec<E7> {
        let (a, b) = (self.node(salt, i, j), self.node(salt, i + 1 - dj, j + dj));
        let n = self.wiggles + 1;
        let part =
            |p: i32, q: i32, k: i32| p + ((i64::from(q) - i64::from(p)) * i64::from(k) / i64::from(n)) as i32;
        let mut line = vec![a];
        for k in 1..n {
            let off = jitter(self, &[salt, 3, i.into(), j.into(), dj.into(), k.into()]) / 4;
            line.push(E7::new(part(a.lon, b.lon, k) + off * dj, part(a.lat, b.lat, k) + off * (1 - dj)));
        }
        line
    }

    fn cell(&self, salt: i64, i: i32, j: i32) -> MultiPolygon {
        let reversed =
            |from: Vec<E7>, end: E7| from.into_iter().skip(1).chain([end]).rev().collect::<Vec<_>>();
        let mut ring = self.edge(salt, i, j, 0);
        ring.extend(self.edge(salt, i + 1, j, 1));
        ring.extend(reversed(self.edge(salt, i, j + 1, 0), self.node(salt, i + 1, j + 1)));
        ring.extend(reversed(self.edge(salt, i, j, 1), self.node(salt, i, j + 1)));
        MultiPolygon(vec![Polygon { exterior: ring, holes: Vec::new() }])
    }

    /// Its areas, with parents.
    pub fn areas(&self) -> Vec<(Side, AreaRow)> {
        let mut areas = Vec::new();
        let mut sequence = 0;
        let mut next = || {
            sequence += 1;
            Fid::new(Region(3202), sequence)
        };
        for (side, salt, step) in [(Side::Grid, 0, 1), (Side::Beat, 100, 2)] {
            let city = Self { cell: self.cell * step, cells: self.cells / step, ..self.clone() };
            let (parent, middle, top) = match side {
                Side::Grid => (Level::Community, Level::Town, Level::County),
                Side::Beat => (Level::Station, Level::Subbureau, Level::Bureau),
            };
            let name = side.layer();
            for k in 0..4 {
                let row = |level: Level, code: String, parent| AreaRow {
                    fid: Fid(0),
                    region: Region(3202),
                    name: Some(format!("{} {code}", level.as_str())),
                    code,
                    level: Some(level),
                    parent,
                    ..AreaRow::default()
                };
                let mut add = |row| areas.push((side, AreaRow { fid: next(), ..row }));
                add(row(parent, format!("{name}-p{k}"), Some(format!("{name}-m{}", k / 2))));
                if k < 2 {
                    add(row(middle, format!("{name}-m{k}"), Some(format!("{name}-t"))));
                }
                if k == 0 {
                    add(row(top, format!("{name}-t"), None));
                }
            }
            for (i, j) in (0..city.cells).flat_map(|i| (0..city.cells).map(move |j| (i, j))) {
                if self.gaps > 0 && mix(self.seed, &[salt, 9, i.into(), j.into()]).is_multiple_of(self.gaps) {
                    continue;
                }
                let quarter = 2 * (2 * i / city.cells.max(1)) + 2 * j / city.cells.max(1);
                areas.push((
                    side,
                    AreaRow {
                        fid: next(),
                        region: Region(3202),
                        code: format!("{name}{i:03}{j:03}"),
                        name: Some(format!("{name} {i}/{j}")),
                        parent: Some(format!("{name}-p{quarter}")),
                        geometry: Some(city.cell(salt, i, j)),
                        ..AreaRow::default()
                    },
                ));
            }
        }
        areas
    }

    pub fn build(&self) -> OneMap {
        let mut map = MapBuilder::new();
        let areas = self.areas();
        let mut sequence = areas.len() as u32;
        let mut next = || {
            sequence += 1;
            Fid::new(Region(3202), sequence)
        };
        areas.into_iter().for_each(|(side, row)| map.area(side, row));
        let span = (self.cell * self.cells).max(1) as u64;
        for n in 0..self.points {
            let place = |k: i64| (mix(self.seed, &[50, n.into(), k]) % span) as i32;
            let at = E7::new(self.at.lon + place(1), self.at.lat + place(2));
            let (fid, dice) = (next(), mix(self.seed, &[51, n.into()]));
            map.address(&AddressRow {
                fid,
                region: Region(3202),
                code: format!("A{n}"),
                text: format!("{n} Street"),
                at,
                residents: (dice % 9) as u32,
                dwellings: 1,
                organisations: 0,
            });
            map.incident(IncidentRow {
                fid: next(),
                region: Region(3202),
                code: format!("I{n}"),
                title: Some("noise".into()),
                category: None,
                state: State::ALL[(dice % 17) as usize],
                risk: [None, Some(Risk::Red), Some(Risk::Yellow), Some(Risk::Blue)][(dice >> 8) as usize % 4],
                source: None,
                reported_at: Some("2020-05-01T08:00:00Z".parse().unwrap()),
                address: None,
                at,
                placed: None,
            });
            map.staff(StaffRow {
                fid: next(),
                region: Region(3202),
                code: format!("S{n}"),
                role: Some("chief".into()),
                side: if dice % 2 == 0 { Side::Grid } else { Side::Beat },
                area: None,
                on_duty: dice % 3 == 0,
                seen_at: None,
                at: (n % 5 != 0).then_some(at),
                name: Some("secret".into()),
                phone: Some("secret".into()),
            });
        }
        map.finish(1)
    }
}

/// A property value, owned.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
    Flag(bool),
}

/// A decoded feature. Rings and lines are in tile units; rings are not closed.
#[derive(Clone, Debug)]
pub struct Feature {
    pub id: Option<u64>,
    pub properties: BTreeMap<String, Value>,
    pub shape: Shape,
}

#[derive(Clone, Debug)]
pub enum Shape {
    Point(i32, i32),
    Lines(Vec<Vec<(i32, i32)>>),
    /// Polygons, each exterior first.
    Polygons(Vec<Vec<Vec<(i32, i32)>>>),
}

impl Feature {
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.properties.get(key)? {
            Value::Text(t) => Some(t),
            other => panic!("{key} is {other:?}"),
        }
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        match self.properties.get(key)? {
            Value::Number(n) => Some(*n),
            other => panic!("{key} is {other:?}"),
        }
    }
}

/// The features of the one layer in a tile; none for an absent tile.
pub fn decode(bytes: Option<&[u8]>, layer: TileLayer) -> Vec<Feature> {
    let Some(bytes) = bytes else {
        return Vec::new();
    };
    let reader = MvtReaderRef::new(bytes).expect("a tile");
    assert_eq!(reader.layer_count(), 1);
    let read = reader.layers().next().unwrap();
    assert_eq!((read.name(), read.version(), read.extent()), (layer.as_str(), 2, 4096));
    read.features()
        .map(|f| {
            let properties = f.properties().map(|p| {
                let (key, value) = p.expect("a property");
                let value = match value {
                    MvtValueRef::String(s) => Value::Text(s.to_owned()),
                    MvtValueRef::Double(v) => Value::Number(v),
                    MvtValueRef::UInt(v) => Value::Number(v as f64),
                    MvtValueRef::Bool(v) => Value::Flag(v),
                    other => panic!("{key}: {other:?}"),
                };
                assert!(layer.fields().iter().any(|(name, _)| *name == key), "{key} is not announced");
                (key.to_owned(), value)
            });
            let line = |c: &[fast_mvt::MvtCoord]| c.iter().map(|c| (c.x, c.y)).collect::<Vec<_>>();
            let ring = |c: &[fast_mvt::MvtCoord]| line(&c[..c.len() - 1]);
            let polygon = |p: &fast_mvt::MvtPolygon| {
                std::iter::once(p.exterior()).chain(p.interiors()).map(|r| ring(&r.0)).collect::<Vec<_>>()
            };
            let shape = match f.geometry().expect("a geometry") {
                MvtGeometry::Point(p) => Shape::Point(p.x(), p.y()),
                MvtGeometry::LineString(l) => Shape::Lines(vec![line(&l.0)]),
                MvtGeometry::MultiLineString(m) => Shape::Lines(m.0.iter().map(|l| line(&l.0)).collect()),
                MvtGeometry::Polygon(p) => Shape::Polygons(vec![polygon(&p)]),
                MvtGeometry::MultiPolygon(m) => Shape::Polygons(m.0.iter().map(polygon).collect()),
                other => panic!("never written: {other:?}"),
            };
            Feature { id: f.id(), properties: properties.collect(), shape }
        })
        .collect()
}

/// A city, its maker, and its tiles.
pub struct Desk<'a> {
    pub map: Reader<'a>,
    pub maker: TileMaker,
}

impl<'a> Desk<'a> {
    pub fn new(map: &'a OneMap) -> Self {
        let map = map.read(&ALL);
        Self { maker: TileMaker::new(&map), map }
    }

    pub fn features(&self, layer: TileLayer, id: TileId) -> Vec<Feature> {
        decode(self.maker.tile(&self.map, &[layer], id).as_deref(), layer)
    }

    /// Every tile of a zoom that the map touches.
    pub fn tiles(&self, z: u8) -> impl Iterator<Item = TileId> {
        TileRange::covering(&self.map.bounds(), z).expect("a map that is not empty").iter()
    }

    /// All features of a layer at a zoom.
    pub fn all(&self, layer: TileLayer, z: u8) -> Vec<(TileId, Feature)> {
        self.tiles(z).flat_map(|id| self.features(layer, id).into_iter().map(move |f| (id, f))).collect()
    }
}
