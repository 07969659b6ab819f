//! Any ground that points are looked for on.

use super::{
    circle::Circle,
    packed::PackedIndex,
    polygon::Tester,
    walk::{Sink, Target},
    window::Window,
};
use crate::{Bounds, E7, MultiPolygon};
use std::ops::ControlFlow;

/// Ground made ready to be asked about many points.
#[derive(Debug)]
pub struct Ground(Kind);

/// What ground it is.
#[derive(Debug)]
pub(crate) enum Kind {
    All,
    Box(Bounds),
    Polygon(Tester),
    Circle(Circle),
}

impl Ground {
    /// The whole globe.
    pub const fn all() -> Self {
        Self(Kind::All)
    }

    /// A box; its border belongs to it.
    pub const fn bounds(bounds: Bounds) -> Self {
        Self(Kind::Box(bounds))
    }

    /// A polygon, with holes and of several parts; even-odd, so rings may run either way. Of its
    /// border, what has it just to the east belongs to it, and if that is still the border, just to
    /// the north: neighbours share no point and lose none.
    pub fn polygon(ground: &MultiPolygon) -> Self {
        Self(Kind::Polygon(Tester::new(ground)))
    }

    /// Everything within so many metres (geodesic), the circle itself included.
    pub fn circle(at: E7, radius_m: f64) -> Self {
        Self(Kind::Circle(Circle::new(at, radius_m)))
    }

    /// Whether a point lies on it.
    pub fn contains(&self, p: E7) -> bool {
        match &self.0 {
            Kind::All => true,
            Kind::Box(b) => b.contains(p),
            Kind::Polygon(t) => t.contains(p),
            Kind::Circle(c) => c.contains(p),
        }
    }

    /// A box that holds it.
    pub fn around(&self) -> Bounds {
        match &self.0 {
            Kind::All => Bounds::WORLD,
            Kind::Box(b) => *b,
            Kind::Polygon(t) => t.bounds(),
            Kind::Circle(c) => c.bounds(),
        }
    }

    /// What it is.
    pub(crate) fn kind(&self) -> &Kind {
        &self.0
    }

    /// Whether it is the whole globe.
    pub fn is_all(&self) -> bool {
        matches!(self.0, Kind::All)
    }

    /// How many edges its border has: what making it ready has cost.
    pub fn edges(&self) -> usize {
        if let Kind::Polygon(t) = &self.0 { t.edges() } else { 0 }
    }

    /// Does something with it as a target of a walk.
    pub(crate) fn with<V: Visit>(&self, visit: V) -> V::Out {
        match &self.0 {
            Kind::All => visit
                .visit(Window(Bounds { min: E7::new(i32::MIN, i32::MIN), max: E7::new(i32::MAX, i32::MAX) })),
            Kind::Box(b) => visit.visit(Window(*b)),
            Kind::Polygon(t) => visit.visit(t.target()),
            Kind::Circle(c) => visit.visit(c),
        }
    }
}

/// A function over any target.
pub(crate) trait Visit {
    type Out;
    fn visit<T: Target>(self, target: T) -> Self::Out;
}

/// A walk of an index, into a sink.
pub(crate) struct Walk<'a, S>(pub &'a PackedIndex, pub &'a mut S);

impl<S: Sink> Visit for Walk<'_, S> {
    type Out = ControlFlow<S::Stop>;
    fn visit<T: Target>(self, mut target: T) -> Self::Out {
        self.0.walk(&mut target, self.1)
    }
}
