//! Who borders whom, and along how many metres.
//!
//! Two areas (or pieces) are neighbours when their ground touches: along a line, with its length, or in a
//! point only, with a length of 0, as the two pairs across a crossroads do:
//!
//! ```text
//!   a │ b      a and b, b and d, c and d, a and c border each other along a line,
//!  ───┼───     a and d, b and c in a point
//!   c │ d
//! ```
//!
//! That is the queen's neighbourhood of spatial statistics; its pairs with a length are the rook's. It is
//! read off the arcs: no polygon is made, and what does not touch is never compared.

use crate::{
    AreaId, E7, Layer, Overlay, PieceId, geodesic,
    query::{Budget, QueryError},
    record::Level,
};
use std::collections::{BTreeMap, BTreeSet};

/// All neighbours of all grounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjacency<K> {
    /// Smaller key first.
    pairs: BTreeMap<(K, K), f64>,
    open: BTreeMap<K, f64>,
}

/// The neighbours of one ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours<K> {
    /// Each neighbour with the metres of the common border (0: they touch in a point), longest first.
    pub beside: Vec<(K, f64)>,
    /// Metres of border to ground that is nobody's.
    pub open_m: f64,
}

/// A border: its vertices, whose ground is to the left, whose to the right.
type Arc<'a, K> = (&'a [E7], Option<K>, Option<K>);

impl<K: Copy + Ord> Adjacency<K> {
    /// From arcs that meet at their ends only; arcs with the same ground on both sides do not matter.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn new<'a>(
        arcs: impl IntoIterator<Item = Arc<'a, K>>,
        budget: &Budget<'_>,
    ) -> Result<Self, QueryError> {
        let mut this = Self { pairs: BTreeMap::new(), open: BTreeMap::new() };
        let mut corners: Vec<(E7, K)> = Vec::new();
        for (points, left, right) in arcs.into_iter().filter(|(_, left, right)| left != right) {
            budget.spend(cost(points))?;
            let metres = geodesic::length_m(points);
            match (left, right) {
                (Some(l), Some(r)) => *this.pairs.entry((l.min(r), l.max(r))).or_default() += metres,
                (Some(one), None) | (None, Some(one)) => *this.open.entry(one).or_default() += metres,
                (None, None) => {}
            }
            for &end in points.first().into_iter().chain(points.last()) {
                corners.extend([left, right].into_iter().flatten().map(|k| (end, k)));
            }
        }
        corners.sort_unstable();
        corners.dedup();
        for around in corners.chunk_by(|a, b| a.0 == b.0) {
            budget.spend(around.len() as u64)?;
            for (i, &(_, a)) in around.iter().enumerate() {
                for &(_, b) in &around[i + 1..] {
                    this.pairs.entry((a, b)).or_default();
                }
            }
        }
        Ok(this)
    }

    /// Every pair once, smaller key first, in order, with the metres of the common border (0: they touch
    /// in a point).
    pub fn pairs(&self) -> impl Iterator<Item = (K, K, f64)> {
        self.pairs.iter().map(|(&(a, b), &metres)| (a, b, metres))
    }

    /// The neighbours of one.
    pub fn of(&self, one: K) -> Neighbours<K> {
        let mut beside: Vec<(K, f64)> = self
            .pairs()
            .filter_map(|(a, b, metres)| match one {
                _ if one == a => Some((b, metres)),
                _ if one == b => Some((a, metres)),
                _ => None,
            })
            .collect();
        beside.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Neighbours { beside, open_m: self.open.get(&one).copied().unwrap_or(0.0) }
    }
}

/// The neighbours of one: only the arcs at its border are measured.
fn neighbours<'a, K: Copy + Ord, I: Iterator<Item = Arc<'a, K>>>(
    arcs: impl Fn() -> I,
    one: K,
    budget: &Budget<'_>,
) -> Result<Neighbours<K>, QueryError> {
    let mine = |left: Option<K>, right: Option<K>| left != right && (left == Some(one) || right == Some(one));
    let mut ends: BTreeSet<E7> = BTreeSet::new();
    for (points, left, right) in arcs() {
        budget.spend(1)?;
        if mine(left, right) {
            ends.extend(points.first().into_iter().chain(points.last()));
        }
    }
    let near =
        |points: &[E7]| [points.first(), points.last()].into_iter().flatten().any(|p| ends.contains(p));
    let beside = arcs().filter(|(points, left, right)| mine(*left, *right) || near(points));
    Ok(Adjacency::new(beside, budget)?.of(one))
}

/// Some vertices are measured in the time of a row.
fn cost(points: &[E7]) -> u64 {
    1 + points.len() as u64 / 16
}

impl Layer {
    /// Who borders whom among the drawn areas, or, at a level, among its areas; a drawn area without a
    /// parent of that level stands for itself.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn adjacency(
        &self,
        level: Option<Level>,
        budget: &Budget<'_>,
    ) -> Result<Adjacency<AreaId>, QueryError> {
        Adjacency::new(self.arcs_at(level), budget)
    }

    /// The neighbours of an area: areas of its level, and drawn ones without a parent of that level.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn neighbours(&self, id: AreaId, budget: &Budget<'_>) -> Result<Neighbours<AreaId>, QueryError> {
        let area = self.area(id);
        let level = (!area.drawn).then_some(area.level);
        neighbours(|| self.arcs_at(level), id, budget)
    }

    fn arcs_at(&self, level: Option<Level>) -> impl Iterator<Item = Arc<'_, AreaId>> {
        let shown = move |id: AreaId| level.and_then(|l| self.at_level(id, l)).unwrap_or(id);
        self.arcs().map(move |arc| (arc.points, arc.left.map(shown), arc.right.map(shown)))
    }
}

impl Overlay {
    /// Who borders whom among the pieces.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn adjacency(&self, budget: &Budget<'_>) -> Result<Adjacency<PieceId>, QueryError> {
        Adjacency::new(self.arcs(), budget)
    }

    /// The neighbours of a piece.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn neighbours(&self, id: PieceId, budget: &Budget<'_>) -> Result<Neighbours<PieceId>, QueryError> {
        neighbours(|| self.arcs(), id, budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(x: i32, y: i32) -> E7 {
        E7::new(x, y)
    }

    /// The crossroads above, one unit to a side: a is 0, b 1, c 2, d 3; and e, an island in d.
    fn crossroads() -> Vec<(Vec<E7>, Option<u8>, Option<u8>)> {
        vec![
            (vec![p(0, 0), p(0, 1000)], Some(0), Some(1)),
            (vec![p(0, 0), p(1000, 0)], Some(1), Some(3)),
            (vec![p(0, 0), p(0, -1000)], Some(3), Some(2)),
            (vec![p(0, 0), p(-1000, 0)], Some(2), Some(0)),
            (vec![p(0, 1000), p(-1000, 1000), p(-1000, 0)], Some(0), None),
            (vec![p(0, 1000), p(1000, 1000), p(1000, 0)], None, Some(1)),
            (vec![p(-1000, 0), p(-1000, -1000), p(0, -1000)], Some(2), None),
            (vec![p(0, -1000), p(1000, -1000), p(1000, 0)], Some(3), None),
            (vec![p(500, -500), p(600, -500), p(500, -600), p(500, -500)], Some(3), Some(4)),
            (vec![p(-500, -500), p(-600, -500)], Some(2), Some(2)),
        ]
    }

    fn arcs(of: &[(Vec<E7>, Option<u8>, Option<u8>)]) -> impl Iterator<Item = Arc<'_, u8>> {
        of.iter().map(|(points, l, r)| (&points[..], *l, *r))
    }

    #[test]
    fn a_line_has_metres_and_a_point_none() {
        let drawn = crossroads();
        let all = Adjacency::new(arcs(&drawn), &Budget::unlimited()).unwrap();
        let along: Vec<_> = all.pairs().map(|(a, b, m)| (a, b, m > 0.0)).collect();
        let expected = [
            (0, 1, true),
            (0, 2, true),
            (0, 3, false),
            (1, 2, false),
            (1, 3, true),
            (2, 3, true),
            (3, 4, true),
        ];
        assert_eq!(along, expected);
        // A thousand units of a meridian at the equator: 110.574 km a degree.
        let metres = all.pairs().find(|(a, b, _)| (*a, *b) == (0, 1)).unwrap().2;
        assert!((metres - 11.0574).abs() < 1e-3, "{metres}");
        // Outside, each has one side of a meridian and one of a parallel.
        assert!((all.of(0).open_m - 22.1894).abs() < 1e-3, "{}", all.of(0).open_m);
        assert_eq!(all.of(4).open_m, 0.0);
    }

    #[test]
    fn one_by_one_is_as_all_at_once() {
        let drawn = crossroads();
        let all = Adjacency::new(arcs(&drawn), &Budget::unlimited()).unwrap();
        for one in 0..6 {
            let alone = neighbours(|| arcs(&drawn), one, &Budget::unlimited());
            assert_eq!(alone, Ok(all.of(one)), "{one}");
        }
        let small = Budget::new(5);
        assert_eq!(Adjacency::new(arcs(&drawn), &small), Err(QueryError::TooCostly { budget: 5 }));
        let beside: Vec<u8> = all.of(3).beside.iter().map(|n| n.0).collect();
        // Along the parallel, the meridian, the island's border, and in a point.
        assert_eq!(beside, [1, 2, 4, 0]);
    }
}
