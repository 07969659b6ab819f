//! The spatial, temporal and array functions of the standard.

use super::{Bool, Class, Compiled, Compiler, Instants, Scalar, fault};
use crate::{
    ast::{End, Expr, Node},
    error::short,
    eval::{
        arrays::Relation,
        spatial::{Side, Spatial, related},
        temporal::Temporal,
    },
    schema::Type,
};
use geo::{BoundingRect, Intersects, Validation};
use geo_types::{Coord, Geometry, Rect};

/// The spatial function of that name.
pub(crate) fn spatial_relation(name: &str) -> Option<Spatial> {
    Some(match name {
        "s_contains" => Spatial::Contains,
        "s_crosses" => Spatial::Crosses,
        "s_disjoint" => Spatial::Disjoint,
        "s_equals" => Spatial::Equals,
        "s_intersects" => Spatial::Intersects,
        "s_overlaps" => Spatial::Overlaps,
        "s_touches" => Spatial::Touches,
        "s_within" => Spatial::Within,
        _ => return None,
    })
}

/// The temporal function of that name.
pub(crate) fn temporal_relation(name: &str) -> Option<Temporal> {
    Some(match name {
        "t_after" => Temporal::After,
        "t_before" => Temporal::Before,
        "t_contains" => Temporal::Contains,
        "t_disjoint" => Temporal::Disjoint,
        "t_during" => Temporal::During,
        "t_equals" => Temporal::Equals,
        "t_finishedby" => Temporal::FinishedBy,
        "t_finishes" => Temporal::Finishes,
        "t_intersects" => Temporal::Intersects,
        "t_meets" => Temporal::Meets,
        "t_metby" => Temporal::MetBy,
        "t_overlappedby" => Temporal::OverlappedBy,
        "t_overlaps" => Temporal::Overlaps,
        "t_startedby" => Temporal::StartedBy,
        "t_starts" => Temporal::Starts,
        _ => return None,
    })
}

/// The array function of that name.
pub(crate) fn array_relation(name: &str) -> Option<Relation> {
    Some(match name {
        "a_contains" => Relation::Contains,
        "a_containedby" => Relation::ContainedBy,
        "a_equals" => Relation::Equals,
        "a_overlaps" => Relation::Overlaps,
        _ => return None,
    })
}

impl Compiler<'_> {
    /// The test that a function makes; `None` for one of the standard that gives something else.
    pub(super) fn function(&mut self, node: &Node, name: &str, args: &[Node]) -> Compiled<Option<Bool>> {
        if matches!(name, "casei" | "accenti") {
            return Ok(None);
        }
        let (spatial, temporal, array) =
            (spatial_relation(name), temporal_relation(name), array_relation(name));
        if spatial.is_none() && temporal.is_none() && array.is_none() {
            return fault(node, format!("there is no function “{}” here", short(name)));
        }
        let [a, b] = args else {
            return fault(node, format!("{} takes 2 arguments, not {}", name.to_uppercase(), args.len()));
        };
        if let Some(relation) = spatial {
            let (a, b) = (self.geometry(a)?, self.geometry(b)?);
            if let (Side::Fixed(i), Side::Fixed(j)) = (a, b) {
                let truth = related(relation, &self.geometries[i], &self.geometries[j]);
                return Ok(Some(Bool::Known(Some(truth))));
            }
            return Ok(Some(Bool::Spatial(relation, a, b)));
        }
        if let Some(relation) = temporal {
            return Ok(Some(Bool::Temporal(relation, self.instants(a)?, self.instants(b)?)));
        }
        let (a, b) = (self.of_class(a, Class::List)?, self.of_class(b, Class::List)?);
        Ok(array.map(|relation| Bool::Array(relation, a, b)))
    }

    fn geometry(&mut self, node: &Node) -> Compiled<Side> {
        let told = |done: Result<Geometry<f64>, String>| done.or_else(|what| fault(node, what));
        let geometry = match &node.expr {
            Expr::Property(name) => match self.column(node, name)? {
                (_, Type::Geometry) => return Ok(Side::Row),
                _ => return fault(node, format!("“{}” is not a geometry", short(name))),
            },
            Expr::Geometry(geometry) => told(self.placed(geometry))?,
            Expr::Bbox(bbox) => told(self.schema.placing.boxed(*bbox))?,
            Expr::Call(name, _) => {
                return fault(node, format!("there is no function “{}” here", short(name)));
            }
            _ => return fault(node, "is not a geometry"),
        };
        if let Err(error) = geometry.check_validation() {
            return fault(node, format!("is not a valid geometry: {error}"));
        }
        self.geometries.push(geometry);
        Ok(Side::Fixed(self.geometries.len() - 1))
    }

    fn placed(&self, geometry: &Geometry<f64>) -> Result<Geometry<f64>, String> {
        use geo::MapCoords;
        geometry.try_map_coords(|c| {
            let (x, y) = self.schema.placing.position(c.x, c.y)?;
            Ok(Coord { x, y })
        })
    }

    fn instants(&mut self, node: &Node) -> Compiled<Instants> {
        let Expr::Interval(ends) = &node.expr else {
            return self.of_class(node, Class::Time).map(Instants::At);
        };
        let mut end = |end: &End| match end {
            End::Open => Ok(None),
            End::At(node) => self.of_class(node, Class::Time).map(Some),
        };
        let (start, to) = (end(&ends[0])?, end(&ends[1])?);
        if let (Some(Scalar::Fixed(a)), Some(Scalar::Fixed(b))) = (&start, &to)
            && a.order(b).is_some_and(|o| o.is_gt())
        {
            return fault(node, "the interval ends before it starts");
        }
        Ok(Instants::Between(start, to))
    }
}

/// The box that the place of a row must meet for the test to be true.
pub(super) fn bounds(test: &Bool, geometries: &[Geometry<f64>]) -> Option<Rect<f64>> {
    match test {
        Bool::And(parts) => parts.iter().filter_map(|p| bounds(p, geometries)).reduce(meet),
        // All relations but this one need a common position.
        Bool::Spatial(Spatial::Disjoint, ..) => None,
        Bool::Spatial(_, Side::Row, Side::Fixed(i)) | Bool::Spatial(_, Side::Fixed(i), Side::Row) => {
            geometries.get(*i)?.bounding_rect()
        }
        _ => None,
    }
}

/// What two boxes share. Where they share nothing no row matches, and either box will do.
fn meet(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    if !a.intersects(&b) {
        return a;
    }
    Rect::new(
        Coord { x: a.min().x.max(b.min().x), y: a.min().y.max(b.min().y) },
        Coord { x: a.max().x.min(b.max().x), y: a.max().y.min(b.max().y) },
    )
}
