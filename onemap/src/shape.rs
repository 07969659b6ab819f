//! Rings and polygons on the lattice.

use crate::e7::{Bounds, E7};

/// A closed line without its repeated last vertex: `[a, b, c]` is the triangle a→b→c→a.
pub type Ring = Vec<E7>;

/// One polygon. As the core hands it out: exterior counter-clockwise, holes clockwise (RFC 7946).
/// As the core takes it: any orientation.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Polygon {
    /// The outer ring.
    pub exterior: Ring,
    /// Inner rings.
    pub holes: Vec<Ring>,
}

impl Polygon {
    /// Exterior first, then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> + Clone {
        std::iter::once(&self.exterior).chain(&self.holes)
    }
}

/// The ground of one area: zero or more polygons with disjoint interiors.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct MultiPolygon(pub Vec<Polygon>);

impl MultiPolygon {
    /// Whether there is no polygon.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All rings of all polygons.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> + Clone {
        self.0.iter().flat_map(Polygon::rings)
    }

    /// The box around all exteriors.
    pub fn bounds(&self) -> Bounds {
        self.0.iter().fold(Bounds::EMPTY, |b, p| b.join(Bounds::of(&p.exterior)))
    }

    /// Twice the area in square units, exterior counted positive and holes negative.
    pub fn area2(&self) -> i128 {
        self.0
            .iter()
            .map(|p| {
                ring_area2(&p.exterior).abs() - p.holes.iter().map(|h| ring_area2(h).abs()).sum::<i128>()
            })
            .sum()
    }
}

/// Twice the signed area of a ring in square units: positive when counter-clockwise.
pub fn ring_area2(ring: &[E7]) -> i128 {
    // Of a ring no wider than this, with no more vertices than that, the sum stays below 2⁶².
    const NEAR: i64 = 1 << 24;
    const FEW: usize = 1 << 13;
    let Some((&o, rest)) = ring.split_first() else { return 0 };
    let (mut sum, mut widest, mut before) = (0_i64, 0_i64, (0_i64, 0_i64));
    for p in rest {
        let here = (i64::from(p.lon) - i64::from(o.lon), i64::from(p.lat) - i64::from(o.lat));
        widest |= here.0.abs() | here.1.abs();
        let (left, right) = (before.0.wrapping_mul(here.1), before.1.wrapping_mul(here.0));
        sum = sum.wrapping_add(left.wrapping_sub(right));
        before = here;
    }
    if widest < NEAR && ring.len() <= FEW {
        return i128::from(sum);
    }
    ring.windows(2).map(|w| crate::e7::cross(o, w[0], w[1])).sum()
}
