//! A row as filters see it, and what each collection can be asked about.

use super::{
    collection::{Collection, Kind},
    frame::lattice,
    read::Item,
};
use crate::feature::Geometry as Place;
use geo_types::{Geometry, LineString, MultiPolygon, Point, Polygon, Rect};
use gridbeat_filter::{Queryable, Row, Type, Value};
use gridbeat_onemap::{Bounds, E7, Reader, Ring};

/// The name of the place in filters.
pub const GEOMETRY: &str = "geometry";

/// What a collection can be asked about: its fields, `fid`, for areas the codes of all that they are part
/// of, and the place. The order is that of the columns of [`Asked`].
pub fn queryables(collection: Collection) -> Vec<Queryable> {
    let kind = |kind| match kind {
        Kind::Text => Type::Text,
        Kind::Integer => Type::Integer,
        Kind::Number => Type::Number,
        Kind::Boolean => Type::Boolean,
        Kind::Date => Type::Date,
        Kind::Time => Type::Timestamp,
        // Not asked about: see `Kind::is_asked`.
        Kind::Shares => Type::Text,
    };
    let mut all: Vec<Queryable> = collection
        .fields()
        .iter()
        .filter(|f| f.kind.is_asked())
        .map(|f| Queryable { name: f.name.to_owned(), kind: kind(f.kind) })
        .collect();
    if collection != Collection::Pieces {
        all.push(Queryable { name: "fid".to_owned(), kind: Type::Integer });
    }
    if collection.side().is_some() {
        all.push(Queryable { name: "ancestors".to_owned(), kind: Type::Texts });
    }
    all.push(Queryable { name: GEOMETRY.to_owned(), kind: Type::Geometry });
    // The source's own name for it.
    if let Collection::Department(layer) = collection
        && let Some(name) = layer.schema.geometry.as_deref().filter(|n| all.iter().all(|q| q.name != *n))
    {
        all.push(Queryable { name: name.to_owned(), kind: Type::Geometry });
    }
    all
}

/// One item of the map under some queryables.
pub struct Asked<'r, 'a> {
    /// The map.
    pub reader: &'r Reader<'a>,
    /// The columns.
    pub queryables: &'r [Queryable],
    /// The row.
    pub item: Item<'a>,
}

impl Row for Asked<'_, '_> {
    fn value(&self, column: usize) -> Value<'_> {
        self.queryables.get(column).map_or(Value::Null, |q| self.item.cell(self.reader, &q.name))
    }

    fn bounds(&self) -> Option<Rect<f64>> {
        let bounds = self.item.bounds(self.reader);
        (!bounds.is_empty()).then(|| rect(&bounds))
    }

    fn geometry(&self) -> Option<Geometry<f64>> {
        match self.item.geometry(self.reader) {
            Place::None => None,
            Place::Point(at) => Some(Geometry::Point(Point(lattice(at)))),
            Place::Lines(lines) => Some(Geometry::MultiLineString(lines.iter().map(line).collect())),
            Place::Ground(ground) => {
                let polygons = ground
                    .0
                    .iter()
                    .map(|p| Polygon::new(line(&p.exterior), p.holes.iter().map(line).collect()));
                Some(Geometry::MultiPolygon(MultiPolygon(polygons.collect())))
            }
        }
    }
}

/// A line, or a ring, which the polygon closes.
fn line(ring: &Ring) -> LineString<f64> {
    ring.iter().map(|&p| lattice(p)).collect()
}

fn rect(bounds: &Bounds) -> Rect<f64> {
    Rect::new(lattice(bounds.min), lattice(bounds.max))
}

/// The box of the lattice around a box of a filter.
pub fn around(rect: Rect<f64>) -> Bounds {
    // Casts saturate, and filters hold nothing outside the lattice.
    Bounds {
        min: E7::new(rect.min().x.floor() as i32, rect.min().y.floor() as i32),
        max: E7::new(rect.max().x.ceil() as i32, rect.max().y.ceil() as i32),
    }
}
