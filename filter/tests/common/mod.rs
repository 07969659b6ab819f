//! What the tests of filters share.

// Each test program uses its part.
#![allow(dead_code, clippy::unwrap_used)]

use geo_types::{Coord, Geometry, Rect, polygon};
use gridbeat_filter::{Filter, FilterError, Placing, Queryable, Row, Schema, Type, Value, parse_text};

/// Positions are what they are, boxes what they say.
pub struct Plain;

impl Placing for Plain {
    fn position(&self, x: f64, y: f64) -> Result<(f64, f64), String> {
        if x.abs() > 180.0 { Err(format!("{x} lies outside ±180")) } else { Ok((x, y)) }
    }

    fn boxed(&self, [w, s, e, n]: [f64; 4]) -> Result<Geometry<f64>, String> {
        if s > n {
            return Err("the south lies above the north".to_owned());
        }
        let (min, max) = (Coord { x: w, y: s }, Coord { x: e, y: n });
        Ok(Geometry::Polygon(Rect::new(min, max).to_polygon()))
    }
}

/// The columns of the tests' rows.
pub fn queryables() -> Vec<Queryable> {
    [
        ("name", Type::Text),
        ("floors", Type::Integer),
        ("height", Type::Number),
        ("pool", Type::Boolean),
        ("built", Type::Date),
        ("seen", Type::Timestamp),
        ("tags", Type::Texts),
        ("geometry", Type::Geometry),
        ("nothing", Type::Text),
    ]
    .map(|(name, kind)| Queryable { name: name.to_owned(), kind })
    .into()
}

/// One house.
pub struct House;

impl Row for House {
    fn value(&self, column: usize) -> Value<'_> {
        match column {
            0 => Value::text(Some("Straße 5")),
            1 => Value::Integer(6),
            2 => Value::Float(18.5),
            3 => Value::Boolean(true),
            4 => Value::Date("2015-06-01".parse().unwrap()),
            5 => Value::Time("2026-05-01T08:00:00Z".parse().unwrap()),
            6 => Value::List(vec![Value::text(Some("a")), Value::text(Some("b"))]),
            _ => Value::Null,
        }
    }

    fn bounds(&self) -> Option<Rect<f64>> {
        Some(Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 10.0, y: 10.0 }))
    }

    fn geometry(&self) -> Option<Geometry<f64>> {
        Some(Geometry::Polygon(
            polygon![(x: 0.0, y: 0.0), (x: 10.0, y: 0.0), (x: 10.0, y: 10.0), (x: 0.0, y: 10.0)],
        ))
    }
}

/// Compiles a filter in text against [`queryables`].
pub fn compile(text: &str) -> Result<Filter, FilterError> {
    let queryables = queryables();
    Filter::compile(&parse_text(text)?, &Schema { queryables: &queryables, placing: &Plain })
}
