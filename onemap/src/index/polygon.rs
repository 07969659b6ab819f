//! Points and boxes against a polygon, exactly.

use super::packed::Relation;
use crate::{Bounds, E7, MultiPolygon, e7::cross};

/// A polygon made ready for many tests. Even-odd, so rings may run either way.
pub(crate) struct Tester {
    bounds: Bounds,
    /// Edges from south to north; level ones never count.
    edges: Vec<(E7, E7)>,
    /// All edges, for boxes.
    all: Vec<(E7, E7)>,
}

impl Tester {
    pub fn new(ground: &MultiPolygon) -> Self {
        let all: Vec<(E7, E7)> = ground
            .rings()
            .flat_map(|r| r.iter().copied().zip(r.iter().copied().cycle().skip(1)))
            .filter(|(a, b)| a != b)
            .collect();
        let edges = all
            .iter()
            .filter(|(a, b)| a.lat != b.lat)
            .map(|&(a, b)| if a.lat < b.lat { (a, b) } else { (b, a) })
            .collect();
        Self { bounds: ground.bounds(), edges, all }
    }

    /// Whether `p`, moved east by ε and north by ε², lies inside.
    pub fn contains(&self, p: E7) -> bool {
        self.bounds.contains(p)
            && self
                .edges
                .iter()
                .filter(|(s, n)| s.lat <= p.lat && p.lat < n.lat && cross(*s, *n, p) <= 0)
                .count()
                % 2
                == 1
    }

    /// How a box lies to the ground; `Across` when an edge comes near it.
    pub fn relation(&self, b: &Bounds) -> Relation {
        if !self.bounds.intersects(b) {
            return Relation::Outside;
        }
        if self.all.iter().any(|&(p, q)| touches(b, p, q)) {
            return Relation::Across;
        }
        if self.contains(b.min) { Relation::Inside } else { Relation::Outside }
    }
}

/// Whether a segment may touch a box: its box does, and the box's corners are not all on one side.
fn touches(b: &Bounds, p: E7, q: E7) -> bool {
    if !Bounds::of([&p, &q]).intersects(b) {
        return false;
    }
    let corners = [b.min, E7::new(b.max.lon, b.min.lat), b.max, E7::new(b.min.lon, b.max.lat)];
    let sides = corners.map(|c| cross(p, q, c).signum());
    !(sides.iter().all(|&s| s > 0) || sides.iter().all(|&s| s < 0))
}
