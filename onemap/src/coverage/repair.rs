//! Makes one polygon valid where there is only one way to read it.
//!
//! Every ring is taken by itself and noded exactly. Ground that a ring winds around once is inside,
//! in either direction: a bow-tie is its two triangles. A ring that winds around some ground twice,
//! such as a spiral, can be read two ways and is refused.

use super::{Walk, outline};
use crate::{
    Bounds, E7, MultiPolygon, Polygon, Ring,
    arrangement::{Arrangement, Delta, DirectedRing},
    e7::on_segment,
    shape::ring_area2,
};

/// What was wrong with a polygon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepairKind {
    /// A ring crossed or overlapped itself.
    SelfCrossing,
    /// A hole lay wholly or partly outside the exterior, or holes overlapped.
    HoleOutside,
    /// A line of no width was cut off.
    Spike,
}

/// A polygon made valid, and what it took; nothing in `what` means that it was valid already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The same ground; several polygons where a ring came apart.
    pub polygons: MultiPolygon,
    /// What was wrong, without repeats.
    pub what: Vec<RepairKind>,
}

/// Why a polygon was not repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unrepairable {
    /// It winds around some ground more than once.
    #[error("a ring winds around the same ground more than once, so its inside is ambiguous")]
    Ambiguous,
    /// Nothing is left of it.
    #[error("it encloses no ground")]
    NoGround,
}

/// See the module.
///
/// # Errors
/// When the polygon can be read in more than one way, or encloses nothing.
pub fn repair(polygon: &Polygon) -> Result<Repaired, Unrepairable> {
    let rings: Vec<DirectedRing> = (0..)
        .zip(polygon.rings())
        .map(|(id, points)| DirectedRing { points, delta: Delta::new(0, Some(id), None) })
        .collect();
    let arrangement = Arrangement::of_rings(&rings);
    // The exterior is ring 0.
    let mut inside = vec![false; arrangement.labels().len()];
    let mut what = Vec::new();
    for label in arrangement.chains().flat_map(|(_, c)| [c.left, c.right]) {
        let windings: Vec<(u32, i32)> = arrangement.labels().windings(label, 0).collect();
        if windings.iter().any(|(_, w)| w.abs() > 1) {
            return Err(Unrepairable::Ambiguous);
        }
        let exterior = windings.iter().any(|(ring, _)| *ring == 0);
        let holes = windings.iter().filter(|(ring, _)| *ring > 0).count();
        if holes > 1 || (holes == 1 && !exterior) {
            what.push(RepairKind::HoleOutside);
        }
        inside[label.0 as usize] = exterior && holes == 0;
    }
    let walks = arrangement.chains().filter_map(|(_, c)| {
        let (left, right) = (inside[c.left.0 as usize], inside[c.right.0 as usize]);
        (left != right).then_some(Walk { points: c.path.points(), reversed: right })
    });
    let polygons = outline(walks);
    if polygons.is_empty() {
        return Err(Unrepairable::NoGround);
    }
    // A valid polygon comes back vertex for vertex, but for repeated and collinear-touching ones.
    let vertices = |rings: &mut dyn Iterator<Item = usize>| rings.sum::<usize>();
    let before = vertices(&mut polygon.rings().map(Vec::len));
    let after = vertices(&mut polygons.rings().map(Vec::len));
    let signed = |r: &Ring| ring_area2(r).abs();
    let drawn = signed(&polygon.exterior) - polygon.holes.iter().map(signed).sum::<i128>();
    if drawn != polygons.area2() && !what.contains(&RepairKind::HoleOutside) {
        what.push(RepairKind::SelfCrossing);
    } else if after < before {
        what.push(RepairKind::Spike);
    } else if polygons.rings().count() != 1 + polygon.holes.len() && what.is_empty() {
        what.push(RepairKind::SelfCrossing);
    } else if what.is_empty() && !have_one_border(polygon, &polygons) {
        what.push(who_crosses(polygon));
    }
    what.sort_unstable();
    what.dedup();
    Ok(Repaired { polygons, what })
}

/// Whether a drawing runs where another does: the same edges, but for vertices that lie on an edge of the other.
/// Rings may cross within less than a unit. What that encloses is rounded away, so that neither windings nor sums
/// of ground show it; but edges are bent where they cross.
fn have_one_border(drawn: &Polygon, made: &MultiPolygon) -> bool {
    fn edges<'a>(rings: impl Iterator<Item = &'a Ring>) -> Vec<(E7, E7)> {
        let next = |r: &Ring, i: usize| r[(i + 1) % r.len()];
        let mut edges: Vec<(E7, E7)> = rings
            .flat_map(|r| (0..r.len()).map(move |i| (r[i].min(next(r, i)), r[i].max(next(r, i)))))
            .filter(|(p, q)| p != q)
            .collect();
        edges.sort_unstable();
        edges
    }
    let (old, new) = (edges(drawn.rings()), edges(made.rings()));
    let parts: Vec<(E7, E7)> = new.iter().filter(|e| old.binary_search(e).is_err()).copied().collect();
    let mut used = vec![false; parts.len()];
    for &(p, q) in old.iter().filter(|e| new.binary_search(e).is_err()) {
        let mut at = p;
        while at != q {
            let first = parts.partition_point(|e| e.0 < at);
            let mut here = (first..parts.len()).take_while(|&i| parts[i].0 == at);
            let Some(i) = here.find(|&i| !used[i] && on_segment(p, q, parts[i].1)) else {
                return false;
            };
            used[i] = true;
            at = parts[i].1;
        }
    }
    used.iter().all(|&u| u) && old.windows(2).all(|w| w[0] != w[1])
}

/// Of a polygon that crosses itself somewhere: whether a ring does, or one ring another.
fn who_crosses(polygon: &Polygon) -> RepairKind {
    let alone = |r: &Ring| Polygon { exterior: r.clone(), holes: Vec::new() };
    let is_valid = |r: &Ring| repair(&alone(r)).is_ok_and(|r| r.what.is_empty());
    match polygon.holes.is_empty() || !polygon.rings().all(is_valid) {
        true => RepairKind::SelfCrossing,
        false => RepairKind::HoleOutside,
    }
}

/// One geometry of valid polygons that lie over each other, or share more of their borders than points: all their
/// ground. `None` when they are apart, as parts of a valid geometry are. Exteriors run counter-clockwise, holes clockwise.
pub fn join_parts(parts: &MultiPolygon) -> Option<MultiPolygon> {
    if !any_boxes_meet(&parts.0) {
        return None;
    }
    let rings: Vec<DirectedRing> = (0..)
        .zip(&parts.0)
        .flat_map(|(id, part)| part.rings().map(move |points| (id, points)))
        .map(|(id, points)| DirectedRing { points, delta: Delta::new(0, Some(id), None) })
        .collect();
    let arrangement = Arrangement::of_rings(&rings);
    let parts_of = |label| arrangement.labels().windings(label, 0).filter(|(_, w)| *w > 0).count();
    let mut joined = false;
    let walks: Vec<Walk> = arrangement
        .chains()
        .filter_map(|(_, c)| {
            let (left, right) = (parts_of(c.left), parts_of(c.right));
            joined |= left > 1 || right > 1 || (left > 0 && right > 0);
            ((left > 0) != (right > 0)).then_some(Walk { points: c.path.points(), reversed: right > 0 })
        })
        .collect();
    joined.then(|| outline(walks))
}

/// Whether the boxes around any two polygons share a position.
fn any_boxes_meet(polygons: &[Polygon]) -> bool {
    let mut boxes: Vec<Bounds> = polygons.iter().map(|p| Bounds::of(&p.exterior)).collect();
    boxes.sort_unstable_by_key(|b| b.min.lon);
    (1..).zip(&boxes).any(|(next, b)| {
        boxes[next..].iter().take_while(|later| later.min.lon <= b.max.lon).any(|later| later.intersects(b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::E7;

    fn ring(points: &[(i32, i32)]) -> Vec<E7> {
        points.iter().map(|&(x, y)| E7::new(x, y)).collect()
    }

    fn fix(exterior: &[(i32, i32)], holes: &[&[(i32, i32)]]) -> Result<Repaired, Unrepairable> {
        repair(&Polygon { exterior: ring(exterior), holes: holes.iter().map(|h| ring(h)).collect() })
    }

    #[test]
    fn a_valid_polygon_stays() {
        let fixed = fix(&[(0, 0), (10, 0), (10, 10), (0, 10)], &[&[(2, 2), (2, 4), (4, 4)]]).unwrap();
        assert_eq!(fixed.what, []);
        assert_eq!(fixed.polygons.0[0].exterior, ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]));
        assert_eq!(fixed.polygons.area2(), 200 - 4);
    }

    #[test]
    fn a_bow_tie_is_two_triangles() {
        let fixed = fix(&[(0, 0), (10, 10), (10, 0), (0, 10)], &[]).unwrap();
        assert_eq!(fixed.what, [RepairKind::SelfCrossing]);
        assert_eq!(fixed.polygons.0.len(), 2);
        assert_eq!(fixed.polygons.area2(), 100);
    }

    #[test]
    fn a_spike_is_cut_off() {
        let fixed = fix(&[(0, 0), (10, 0), (10, 5), (20, 5), (10, 5), (10, 10), (0, 10)], &[]).unwrap();
        assert_eq!(fixed.what, [RepairKind::Spike]);
        assert_eq!(fixed.polygons.area2(), 200);
    }

    #[test]
    fn a_spiral_is_refused() {
        let spiral = [
            (0, 0),
            (30, 0),
            (30, 30),
            (10, 30),
            (10, 10),
            (20, 10),
            (20, 20),
            (5, 20),
            (5, 5),
            (25, 5),
            (25, 25),
            (0, 25),
        ];
        assert_eq!(fix(&spiral, &[]), Err(Unrepairable::Ambiguous));
    }

    #[test]
    fn a_hole_partly_outside_is_cut() {
        let fixed =
            fix(&[(0, 0), (10, 0), (10, 10), (0, 10)], &[&[(8, 4), (8, 6), (12, 6), (12, 4)]]).unwrap();
        assert_eq!(fixed.what, [RepairKind::HoleOutside]);
        assert_eq!(fixed.polygons.area2(), 200 - 8);
    }

    /// Rounded, one vertex of the edge comes to lie above it and one below: no ground is gained or lost.
    #[test]
    fn a_hole_that_crosses_an_edge_within_a_unit_is_cut() {
        let exterior = [(9, 8), (11, 9), (13, 8), (9, 12), (8, 12), (9, 10), (8, 10), (5, 11), (3, 6)];
        let fixed = fix(&exterior, &[&[(9, 9), (9, 10), (10, 9), (10, 8)]]).unwrap();
        assert_eq!(fixed.what, [RepairKind::HoleOutside]);
    }

    #[test]
    fn a_hole_touching_the_middle_of_an_edge_stays_as_it_is() {
        let fixed = fix(&[(0, 0), (10, 0), (10, 10), (0, 10)], &[&[(5, 0), (3, 4), (7, 4)]]).unwrap();
        assert_eq!(fixed.what, []);
    }

    #[test]
    fn a_hole_touching_the_exterior_in_a_point_stays_a_hole() {
        let fixed = fix(&[(0, 0), (5, 0), (10, 0), (10, 10), (0, 10)], &[&[(5, 0), (3, 4), (7, 4)]]).unwrap();
        assert_eq!(fixed.what, []);
        assert_eq!(fixed.polygons.0[0].holes.len(), 1);
    }

    #[test]
    fn a_line_is_refused() {
        assert_eq!(fix(&[(0, 0), (5, 0), (10, 0)], &[]), Err(Unrepairable::NoGround));
    }

    #[test]
    fn parts_that_are_not_apart_are_joined() {
        let square = |x: i32, y: i32, side: i32| Polygon {
            exterior: ring(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side)]),
            holes: Vec::new(),
        };
        let join = |parts: &[Polygon]| join_parts(&MultiPolygon(parts.to_vec()));
        // Apart, touching in a corner, one in the hole of another.
        assert_eq!(join(&[square(0, 0, 10), square(20, 0, 10)]), None);
        assert_eq!(join(&[square(0, 0, 10), square(10, 10, 10)]), None);
        let mut frame = square(0, 0, 100);
        frame.holes = vec![ring(&[(20, 20), (20, 80), (80, 80), (80, 20)])];
        assert_eq!(join(&[frame.clone(), square(40, 40, 10)]), None);
        // Over each other, side by side, and filling a hole.
        let areas = |parts: &[Polygon]| join(parts).map(|m| (m.0.len(), m.area2() / 2));
        assert_eq!(areas(&[square(0, 0, 10), square(5, 5, 10)]), Some((1, 175)));
        assert_eq!(areas(&[square(0, 0, 10), square(0, 0, 10)]), Some((1, 100)));
        assert_eq!(areas(&[square(0, 0, 10), square(10, 0, 10), square(90, 0, 1)]), Some((2, 201)));
        assert_eq!(areas(&[frame, square(20, 20, 60)]), Some((1, 10_000)));
    }
}
