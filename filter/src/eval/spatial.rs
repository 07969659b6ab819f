//! The spatial functions: DE-9IM between the place of a row and a geometry of the filter.

use super::{Matcher, Row};
use geo::{
    BoundingRect, CoordinatePosition, CoordsIter, Intersects, PreparedGeometry, Relate,
    coordinate_position::CoordPos, relate::IntersectionMatrix,
};
use geo_types::{Coord, Geometry, Rect};
use std::cell::OnceCell;

/// How two geometries lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Spatial {
    Contains,
    Crosses,
    Disjoint,
    Equals,
    Intersects,
    Overlaps,
    Touches,
    Within,
}

/// One side of a spatial function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The place of the row.
    Row,
    /// A geometry of the filter, by its number.
    Fixed(usize),
}

impl Spatial {
    /// The relation of `b` to `a` when this is that of `a` to `b`.
    fn turned(self) -> Self {
        match self {
            Self::Contains => Self::Within,
            Self::Within => Self::Contains,
            other => other,
        }
    }

    fn holds(self, m: &IntersectionMatrix) -> bool {
        match self {
            Self::Contains => m.is_contains(),
            Self::Crosses => m.is_crosses(),
            Self::Disjoint => m.is_disjoint(),
            Self::Equals => m.is_equal_topo(),
            Self::Intersects => m.is_intersects(),
            Self::Overlaps => m.is_overlaps(),
            Self::Touches => m.is_touches(),
            Self::Within => m.is_within(),
        }
    }
}

/// Whether `a` and `b` are so related.
pub fn related(relation: Spatial, a: &Geometry<f64>, b: &Geometry<f64>) -> bool {
    relation.holds(&a.relate(b))
}

/// A geometry of the filter, with what makes asking it often cheap.
pub struct Prepared<'a> {
    geometry: &'a Geometry<f64>,
    bounds: Option<Rect<f64>>,
    /// Its edges in a tree; made when the first row comes near that is no point.
    tree: OnceCell<PreparedGeometry<'a, &'a Geometry<f64>>>,
}

impl<'a> Prepared<'a> {
    pub fn new(geometry: &'a Geometry<f64>) -> Self {
        Self { geometry, bounds: geometry.bounding_rect(), tree: OnceCell::new() }
    }

    /// Whether a point and this geometry are so related (point first). What the matrix of the two says,
    /// read off where the point lies.
    fn holds_for_point(&self, relation: Spatial, at: Coord<f64>) -> bool {
        let position = || self.geometry.coordinate_position(&at);
        match relation {
            Spatial::Intersects => position() != CoordPos::Outside,
            Spatial::Disjoint => position() == CoordPos::Outside,
            Spatial::Within => position() == CoordPos::Inside,
            Spatial::Touches => position() == CoordPos::OnBoundary,
            Spatial::Contains | Spatial::Equals => self.geometry.coords_iter().all(|c| c == at),
            // Both need a part inside and a part outside; a point has no parts.
            Spatial::Crosses | Spatial::Overlaps => false,
        }
    }
}

impl Matcher<'_> {
    /// Whether `a` and `b` are so related; unknown when the row has no place.
    pub(super) fn related(&self, relation: Spatial, a: Side, b: Side, row: &dyn Row) -> Option<bool> {
        let bounds = row.bounds()?;
        let (fixed, turned) = match (a, b) {
            (Side::Row, Side::Fixed(i)) => (i, false),
            (Side::Fixed(i), Side::Row) => (i, true),
            (Side::Row, Side::Row) => {
                let place = row.geometry()?;
                return Some(related(relation, &place, &place));
            }
            (Side::Fixed(i), Side::Fixed(j)) => {
                return Some(related(
                    relation,
                    self.prepared.get(i)?.geometry,
                    self.prepared.get(j)?.geometry,
                ));
            }
        };
        let other = self.prepared.get(fixed)?;
        // Relation of the row to the geometry, whichever was written first.
        let relation = if turned { relation.turned() } else { relation };
        if !other.bounds.is_some_and(|b| b.intersects(&bounds)) {
            return Some(relation == Spatial::Disjoint);
        }
        Some(match row.geometry()? {
            Geometry::Point(p) => other.holds_for_point(relation, p.0),
            place => {
                let tree = other.tree.get_or_init(|| PreparedGeometry::from(other.geometry));
                relation.holds(&place.relate(tree))
            }
        })
    }
}
