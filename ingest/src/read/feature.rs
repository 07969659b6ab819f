//! One GeoJSON feature (or bare geometry, or `polygoys` item) from its text to a row.

use super::table::{EXACT, Geometry, RawPolygon, RawRing, RawRow, number_text};
use serde::{
    Deserialize,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::HashMap, fmt};

/// Collections inside collections deeper than this are not read.
const MAX_DEPTH: usize = 16;

/// The column under which a Feature's own `id` member can be mapped.
pub(crate) const ID_COLUMN: &str = "@id";

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(rename = "type", borrow)]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    properties: Option<&'a RawValue>,
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    crs: Option<&'a RawValue>,
    #[serde(borrow)]
    path: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// What an object is, by its `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Feature,
    Geometry,
    /// TopoJSON, or no GeoJSON at all.
    Else,
}

/// What an object is, and its `crs` member.
pub(crate) fn inspect(text: &str) -> (Kind, Option<String>) {
    let Ok(o) = serde_json::from_str::<Object<'_>>(text) else {
        return (Kind::Else, None);
    };
    let kind = match o.kind.as_ref().map(|k| k.0.as_ref()) {
        Some("Feature") => Kind::Feature,
        Some(
            "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon"
            | "GeometryCollection",
        ) => Kind::Geometry,
        _ => Kind::Else,
    };
    (kind, o.crs.map(|c| c.get().to_owned()))
}

/// Adds the names of a feature's properties to `columns`.
pub(crate) fn collect_columns(text: &str, columns: &mut Columns) -> Result<(), String> {
    let o: Object<'_> = serde_json::from_str(text).map_err(|e| describe(&e))?;
    if o.id.is_some() {
        columns.add(ID_COLUMN);
    }
    match o.properties {
        Some(p) => each_value(p.get(), &mut |key, _| columns.add(key)),
        None if o.path.is_some() => each_value(text, &mut |key, _| {
            if key != "path" {
                columns.add(key);
            }
        }),
        None => Ok(()),
    }
}

/// The columns of a JSON file, in order of first appearance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    pub names: Vec<String>,
    index: HashMap<String, usize>,
}

impl Columns {
    fn add(&mut self, name: &str) {
        if !self.index.contains_key(name) {
            self.index.insert(name.to_owned(), self.names.len());
            self.names.push(name.to_owned());
        }
    }
}

/// Reads a Feature or a bare geometry into `row`.
pub(crate) fn read(text: &str, columns: &Columns, row: &mut RawRow) -> Result<(), (&'static str, String)> {
    row.cells.reset(columns.names.len());
    row.geometry = Geometry::None;
    let o: Object<'_> = serde_json::from_str(text).map_err(|e| ("", describe(&e)))?;
    let kind = o.kind.as_ref().map_or("", |k| k.0.as_ref());
    if kind != "Feature" {
        row.geometry = geometry(text, 0).map_err(|e| ("geometry", e))?;
        return Ok(());
    }
    let cells = &mut row.cells;
    let mut put = |key: &str, value: &str| {
        if let Some(&i) = columns.index.get(key) {
            match value.as_bytes().first() {
                Some(b'"') => {
                    if let Ok(s) = serde_json::from_str::<Text<'_>>(value) {
                        cells.set_text(i, &s.0);
                    }
                }
                Some(b'-' | b'0'..=b'9') => match value.parse::<f64>() {
                    // An integer keeps its digits, however many; what is no integer does not become one with digits
                    // that nobody wrote.
                    Ok(n) if value.contains(['.', 'e', 'E']) && n.abs() < EXACT => {
                        cells.set(i, &number_text(n))
                    }
                    _ => cells.set(i, value),
                },
                Some(b'n') | None => {}
                _ => cells.set(i, value),
            }
        }
    };
    if let Some(id) = o.id {
        put(ID_COLUMN, id.get());
    }
    if let Some(p) = o.properties {
        each_value(p.get(), &mut put).map_err(|e| ("", e))?;
    }
    if let Some(g) = o.geometry {
        row.geometry = geometry(g.get(), 0).map_err(|e| ("geometry", e))?;
    }
    Ok(())
}

/// Reads an item of `polygoys`: `{"path": [{"lng": …, "lat": …}, …]}`, one ring, open.
pub(crate) fn read_polygoy(
    text: &str,
    columns: &Columns,
    row: &mut RawRow,
) -> Result<(), (&'static str, String)> {
    #[derive(Deserialize)]
    struct Item {
        path: Vec<Corner>,
    }
    #[derive(Deserialize)]
    struct Corner {
        lng: f64,
        lat: f64,
    }
    row.cells.reset(columns.names.len());
    row.geometry = Geometry::None;
    let item: Item = serde_json::from_str(text).map_err(|e| {
        ("geometry", format!("expected a path of objects with lng and lat: {}", describe(&e)))
    })?;
    // Open rings are this format's habit, no fault to report: the first corner closes them.
    let ring: RawRing = item.path.iter().chain(item.path.first()).map(|c| (c.lng, c.lat)).collect();
    row.geometry = Geometry::Polygons(vec![vec![ring]]);
    each_value(text, &mut |key, value| {
        if let Some(&i) = columns.index.get(key)
            && value != "null"
        {
            match serde_json::from_str::<Text<'_>>(value) {
                Ok(s) => row.cells.set_text(i, &s.0),
                Err(_) => row.cells.set(i, value),
            }
        }
    })
    .map_err(|e| ("", e))
}

/// Calls `f` with each member of an object; members of an object inside go by `outer.inner`.
fn each_value(object: &str, f: &mut dyn FnMut(&str, &str)) -> Result<(), String> {
    each_member(object, &mut |key, value| {
        if value.starts_with('{') {
            // One level: deeper values stay JSON text.
            let _ = each_member(value, &mut |inner, v| f(&format!("{key}.{inner}"), v));
        } else {
            f(key, value);
        }
    })
}

/// Calls `f` with each member of an object: its name, and its value's text.
pub(crate) fn each_member(object: &str, f: &mut dyn FnMut(&str, &str)) -> Result<(), String> {
    struct Members<'f>(&'f mut dyn FnMut(&str, &str));
    impl<'de> Visitor<'de> for Members<'_> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key::<Text<'de>>()? {
                let value: &RawValue = map.next_value()?;
                (self.0)(&key.0, value.get());
            }
            Ok(())
        }
    }
    let mut d = serde_json::Deserializer::from_str(object);
    de::Deserializer::deserialize_map(&mut d, Members(f)).map_err(|e| describe(&e))
}

/// A geometry object.
pub(crate) fn geometry(text: &str, depth: usize) -> Result<Geometry, String> {
    #[derive(Deserialize)]
    struct Raw<'a> {
        #[serde(rename = "type", borrow)]
        kind: Option<Text<'a>>,
        #[serde(borrow)]
        coordinates: Option<&'a RawValue>,
        #[serde(borrow)]
        geometries: Option<Vec<&'a RawValue>>,
    }
    if depth > MAX_DEPTH {
        return Err(format!("nests collections deeper than {MAX_DEPTH}"));
    }
    let raw: Raw<'_> = serde_json::from_str(text).map_err(|e| describe(&e))?;
    let kind = raw.kind.map(|k| k.0).unwrap_or_default();
    let coordinates =
        || raw.coordinates.map(RawValue::get).ok_or_else(|| format!("the {kind} has no coordinates"));
    match kind.as_ref() {
        "Point" => {
            let c = coordinates()?;
            if c.bytes().all(|b| matches!(b, b'[' | b']' | b' ')) {
                return Ok(Geometry::None);
            }
            let p: Position = parse(c, "a position")?;
            Ok(Geometry::Point(p.0, p.1))
        }
        "MultiPoint" => {
            let ps: Vec<Position> = parse(coordinates()?, "a list of positions")?;
            Ok(match ps.as_slice() {
                [] => Geometry::None,
                [p] => Geometry::Point(p.0, p.1),
                _ => Geometry::Other("MultiPoint".into()),
            })
        }
        "Polygon" => {
            let rings: Vec<Vec<Position>> = parse(coordinates()?, "a list of rings")?;
            Ok(if rings.is_empty() { Geometry::None } else { Geometry::Polygons(vec![polygon(rings)]) })
        }
        "MultiPolygon" => {
            let polygons: Vec<Vec<Vec<Position>>> = parse(coordinates()?, "a list of polygons")?;
            Ok(Geometry::polygons(polygons.into_iter().map(polygon).collect()))
        }
        "GeometryCollection" => {
            let mut out = Geometry::None;
            for g in raw.geometries.unwrap_or_default() {
                out = out.join(geometry(g.get(), depth + 1)?);
            }
            Ok(out)
        }
        "LineString" => {
            let line: Vec<Position> = parse(coordinates()?, "a list of positions")?;
            Ok(if line.is_empty() { Geometry::None } else { Geometry::Lines(vec![ring(line)]) })
        }
        "MultiLineString" => {
            let lines: Vec<Vec<Position>> = parse(coordinates()?, "a list of lines")?;
            Ok(Geometry::lines(lines.into_iter().map(ring).collect()))
        }
        "" => Err("the geometry has no type".into()),
        _ => Err(format!("“{kind}” is not a GeoJSON geometry")),
    }
}

fn polygon(rings: Vec<Vec<Position>>) -> RawPolygon {
    rings.into_iter().map(ring).collect()
}

fn ring(positions: Vec<Position>) -> RawRing {
    positions.into_iter().map(|p| (p.0, p.1)).collect()
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str, what: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|e| format!("the coordinates are not {what}: {}", describe(&e)))
}

/// serde_json's message without the line and column, which count from the value, not from the file.
fn describe(e: &serde_json::Error) -> String {
    let s = e.to_string();
    s.rsplit_once(" at line ").map_or(s.clone(), |(m, _)| m.to_owned())
}

/// The first two numbers of a position.
struct Position(f64, f64);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: de::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Two;
        impl<'de> Visitor<'de> for Two {
            type Value = Position;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a position of two or more numbers")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Position, A::Error> {
                let mut number =
                    |i| seq.next_element::<f64>()?.ok_or_else(|| de::Error::invalid_length(i, &self));
                let p = Position(number(0)?, number(1)?);
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(p)
            }
        }
        d.deserialize_seq(Two)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Result<(Columns, RawRow), (&'static str, String)> {
        let mut columns = Columns::default();
        collect_columns(text, &mut columns).map_err(|e| ("", e))?;
        let mut row = RawRow::default();
        read(text, &columns, &mut row)?;
        Ok((columns, row))
    }

    #[test]
    fn properties_become_text() {
        let (c, r) = row(
            r#"{"type":"Feature","id":7,"properties":{"县代码":310107.0,"n":"a\nb","big":320213025001001999,
               "no":null,"b":true,"parent":{"adcode":310000},"list":[1]},"geometry":null}"#,
        )
        .unwrap();
        let get = |k: &str| r.cells.get(c.index[k]);
        assert_eq!(get("县代码"), Some("310107"));
        assert_eq!(get("n"), Some("a\nb"));
        assert_eq!(get("big"), Some("320213025001001999"));
        assert_eq!((get("no"), get("b"), get("parent.adcode")), (None, Some("true"), Some("310000")));
        assert_eq!(get(ID_COLUMN), Some("7"));
        assert_eq!(r.geometry, Geometry::None);
    }

    #[test]
    fn geometries() {
        let g = |t: &str| geometry(t, 0);
        assert_eq!(g(r#"{"type":"Point","coordinates":[1,2,3]}"#), Ok(Geometry::Point(1.0, 2.0)));
        assert_eq!(g(r#"{"type":"Point","coordinates":[]}"#), Ok(Geometry::None));
        assert_eq!(g(r#"{"type":"MultiPoint","coordinates":[[1,2]]}"#), Ok(Geometry::Point(1.0, 2.0)));
        let square = vec![vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]];
        assert_eq!(
            g(
                r#"{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}]}"#
            ),
            Ok(Geometry::Polygons(vec![square]))
        );
        let line = vec![(0.0, 0.0), (1.0, 0.0)];
        for (kind, text) in [("LineString", "[[0,0],[1,0,9]]"), ("MultiLineString", "[[[0,0],[1,0]]]")] {
            let text = format!(r#"{{"type":"{kind}","coordinates":{text}}}"#);
            assert_eq!(g(&text), Ok(Geometry::Lines(vec![line.clone()])));
        }
        assert!(g(r#"{"type":"Polygon","coordinates":[[[0,0],[1]]]}"#).unwrap_err().contains("position"));
        assert!(g(r#"{"type":"Polygon","coordinates":[[[0,0],[1,null]]]}"#).is_err());
        assert!(g(r#"{"type":"Polygon"}"#).unwrap_err().contains("no coordinates"));
        assert!(g(r#"{"type":"Blob","coordinates":[]}"#).unwrap_err().contains("Blob"));
    }

    #[test]
    fn polygoys() {
        let text = r#"{"path":[{"lng":120.1,"lat":31.1},{"lng":120.2,"lat":31.1},{"lng":120.2,"lat":31.2}],"name":"一格"}"#;
        let mut c = Columns::default();
        collect_columns(text, &mut c).unwrap();
        let mut r = RawRow::default();
        read_polygoy(text, &c, &mut r).unwrap();
        assert_eq!(c.names, ["name"]);
        assert_eq!(r.cells.get(0), Some("一格"));
        assert!(matches!(&r.geometry, Geometry::Polygons(p) if p[0][0].len() == 4));
    }

    #[test]
    fn nan_is_no_json() {
        let (f, e) =
            row(r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[NaN,1]}}"#)
                .map(|_| ())
                .unwrap_err();
        assert_eq!(f, "");
        assert!(!e.is_empty());
    }
}
