//! Looking within some metres of a position.

use super::{
    metric::{self, Plane, SLACK},
    packed::{FANOUT, Group, Leaf},
    walk::{Relation, Target},
    window::Window,
};
use crate::{Bounds, E7, geodesic};

/// All positions with a geodesic distance of at most `radius_m` metres.
#[derive(Clone, Debug)]
pub(crate) struct Circle {
    at: E7,
    radius_m: f64,
    /// `None` near the poles and the antimeridian.
    plane: Option<Plane>,
    bounds: Bounds,
}

impl Circle {
    pub fn new(at: E7, radius_m: f64) -> Self {
        let plane = Plane::at(at);
        let bounds = match &plane {
            Some(plane) if radius_m < plane.reach() => metric::around(at, radius_m),
            _ => Bounds::WORLD,
        };
        Self { at, radius_m, plane, bounds }
    }

    /// The position in its middle.
    pub fn middle(&self) -> E7 {
        self.at
    }

    /// Its radius in metres.
    pub fn radius_m(&self) -> f64 {
        self.radius_m
    }

    /// A box around it.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    pub fn contains(&self, p: E7) -> bool {
        self.bounds.contains(p) && geodesic::distance_m(self.at, p) <= self.radius_m
    }

    fn relation(&self, b: &Bounds) -> Relation {
        if !self.bounds.intersects(b) {
            return Relation::Outside;
        }
        let (least, most) = match &self.plane {
            Some(plane) if plane.window().covers(b) => {
                (plane.least_square(b).sqrt() * (1.0 - SLACK), plane.most_square(b).sqrt() * (1.0 + SLACK))
            }
            _ => (metric::least_m(self.at, b), f64::INFINITY),
        };
        if least > self.radius_m {
            Relation::Outside
        } else if most <= self.radius_m {
            Relation::Inside
        } else {
            Relation::Across
        }
    }
}

impl Target for &Circle {
    type Note = ();

    fn root(&mut self, bounds: &Bounds) -> (Relation, ()) {
        (self.relation(bounds), ())
    }

    fn look(&mut self, group: &Group) -> (u32, u32) {
        (Window(self.bounds).look(group).0, 0)
    }

    fn node(&mut self, (): (), bounds: &Bounds) -> (Relation, ()) {
        (self.relation(bounds), ())
    }

    fn points(&mut self, (): (), leaf: &Leaf) -> u32 {
        (0..FANOUT).fold(0, |bits, i| bits | u32::from(self.contains(leaf.point(i))) << i)
    }
}
