//! Polygons from boundary chains: of one area, of a parent, or of every one of many.
//!
//! The chains around some ground are walked so that it lies to the left. A walk that comes through one
//! vertex twice is split there, so a hole that touches the outer ring in a point becomes a hole (as OGC
//! has it), not a pinched ring:
//!
//! ```text
//!  ┌───────┐        one walk  a b c d c' …  through the vertex x twice
//!  │  ╱╲   │   →    exterior ring + hole, touching in x
//!  └──x────┘
//! ```
//!
//! Guarantees, for chains that cross nowhere: valid polygons, exteriors counter-clockwise, holes
//! clockwise, each ring beginning at its smallest vertex, polygons and holes in order of their vertices.

use crate::{E7, MultiPolygon, Polygon, Ring, arrangement::by_angle, shape::ring_area2};
use std::{borrow::Cow, cmp::Ordering, collections::BTreeMap};

/// A boundary chain: its points, the group to its left, the group to its right.
pub type Border<'a, K> = (Cow<'a, [E7]>, Option<K>, Option<K>);

/// Assembles the ground of every group. Points of closed chains repeat their first at the end. A chain
/// with the same group on both sides is no border and falls away; groups without ground are absent.
pub fn outlines<'a, K: Copy + Ord>(
    chains: impl IntoIterator<Item = Border<'a, K>>,
) -> BTreeMap<K, MultiPolygon> {
    let borders: Vec<Border<'a, K>> = chains.into_iter().filter(|(_, l, r)| l != r).collect();
    let mut groups: BTreeMap<K, Vec<Side>> = BTreeMap::new();
    for (points, left, right) in &borders {
        for (group, reversed) in [(left, false), (right, true)] {
            if let Some(k) = group {
                groups.entry(*k).or_default().push(Side { points, reversed });
            }
        }
    }
    groups.into_iter().map(|(k, sides)| (k, outline(sides))).filter(|(_, m)| !m.is_empty()).collect()
}

/// One side of a chain, walked so that the ground lies to the left.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    /// Two vertices or more.
    pub points: &'a [E7],
    /// Whether it is walked from the last point to the first.
    pub reversed: bool,
}

impl Side<'_> {
    /// The first two points of the walk.
    fn start(&self) -> (E7, E7) {
        let p = self.points;
        if self.reversed { (p[p.len() - 1], p[p.len() - 2]) } else { (p[0], p[1]) }
    }

    /// The last two points of the walk, the last first.
    fn end(&self) -> (E7, E7) {
        Side { reversed: !self.reversed, ..*self }.start()
    }

    /// Adds all points but the last, which is the first of what follows.
    fn append_to(&self, ring: &mut Ring) {
        let (p, most) = (self.points, self.points.len() - 1);
        // A call to copy memory is more than it takes to copy one point.
        if most == 1 {
            return ring.push(p[usize::from(self.reversed)]);
        }
        if self.reversed { ring.extend(p[1..].iter().rev()) } else { ring.extend_from_slice(&p[..most]) }
    }
}

/// A side with where it begins and ends.
#[derive(Clone, Copy)]
struct Step<'a> {
    start: E7,
    end: E7,
    side: Side<'a>,
    used: bool,
}

/// So many sides are quicker looked through than entered into a table.
const FEW: usize = 6;

/// By the first vertex, counter-clockwise around it.
fn in_order(s: &Step, t: &Step) -> Ordering {
    s.start.cmp(&t.start).then_with(|| {
        let (p, q) = (s.side.start().1, t.side.start().1);
        by_angle(s.start, p, q).then_with(|| p.cmp(&q))
    })
}

/// Steps by the vertex where they begin: a table of hashes with open addressing, half of it empty.
struct Starts {
    /// Places of steps, or [`EMPTY`].
    slots: Vec<u32>,
    /// Takes a hash to its slot.
    shift: u32,
}

const EMPTY: u32 = u32::MAX;

impl Starts {
    /// `None` if two steps begin in one vertex.
    fn new(steps: &[Step]) -> Option<Self> {
        let count = (2 * steps.len()).next_power_of_two().max(2);
        let mut starts = Self { slots: vec![EMPTY; count], shift: u64::BITS - count.trailing_zeros() };
        for (i, step) in (0..).zip(steps) {
            let slot = starts.slot(steps, step.start);
            if std::mem::replace(&mut starts.slots[slot], i) != EMPTY {
                return None;
            }
        }
        Some(starts)
    }

    /// The slot of the step that begins in a vertex, or an empty one where it would be.
    fn slot(&self, steps: &[Step], at: E7) -> usize {
        // Fibonacci hashing (Knuth, "The Art of Computer Programming", volume 3, 6.4).
        let mut slot = (at.key().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        while self.slots[slot] != EMPTY && steps[self.slots[slot] as usize].start != at {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        slot
    }

    /// The step that begins in a vertex.
    fn find(&self, steps: &[Step], at: E7) -> Option<usize> {
        let place = self.slots[self.slot(steps, at)];
        (place != EMPTY).then_some(place as usize)
    }
}

/// The ground that lies to the left of some chains, which have no vertices in common but their ends.
pub(crate) fn outline<'a>(sides: impl IntoIterator<Item = Side<'a>>) -> MultiPolygon {
    let sides = sides.into_iter().filter(|s| s.points.len() > 1);
    let mut steps: Vec<Step> = Vec::with_capacity(sides.size_hint().1.unwrap_or(FEW));
    steps.extend(sides.map(|side| Step { start: side.start().0, end: side.end().0, side, used: false }));
    // Few sides are looked through as they are, unless two begin in one vertex.
    let few = steps.len() <= FEW;
    let starts = if few { None } else { Starts::new(&steps) };
    let pinched = match few {
        true => (1..steps.len()).any(|i| steps[..i].iter().any(|s| s.start == steps[i].start)),
        false => starts.is_none(),
    };
    if pinched {
        steps.sort_unstable_by(in_order);
    }
    let mut rings: Vec<Ring> = Vec::new();
    let (mut walk, mut walked) = (Vec::with_capacity(steps.len()), 0);
    for first in 0..steps.len() {
        if steps[first].used {
            continue;
        }
        walk.clear();
        let mut at = first;
        while !std::mem::replace(&mut steps[at].used, true) {
            walk.push(at as u32);
            let next = match &starts {
                _ if pinched => turn(&steps, &steps[at]),
                Some(starts) => starts.find(&steps, steps[at].end),
                None => steps.iter().position(|s| s.start == steps[at].end),
            };
            let Some(next) = next else { break };
            at = next;
        }
        walked += walk.len();
        let sides = walk.iter().map(|&at| &steps[at as usize].side);
        let mut ring = Ring::with_capacity(sides.clone().map(|s| s.points.len() - 1).sum());
        sides.for_each(|side| side.append_to(&mut ring));
        if first == 0 && walked == steps.len() && !pinched {
            return of_one(ring);
        }
        // Sorted: what begins in the same vertex lies side by side.
        if pinched {
            walk.sort_unstable();
        }
        let starts_of = |w: &[u32]| [w[0], w[1]].map(|at| steps[at as usize].start);
        if pinched && walk.windows(2).map(starts_of).any(|[a, b]| a == b) {
            split_at_repeats(ring, &mut rings);
        } else {
            rings.push(ring);
        }
    }
    assemble(rings)
}

/// The side on which a walk goes on after one: of those that begin where it ends the first one clockwise from
/// where it comes from. `None` only for chains that are not closed.
fn turn(steps: &[Step], after: &Step) -> Option<usize> {
    let (node, from) = after.side.end();
    let first = steps.partition_point(|s| s.start < node);
    let here = steps[first..].iter().take_while(|s| s.start == node).count();
    if here < 2 {
        return (here == 1).then_some(first);
    }
    let around = &steps[first..first + here];
    // They are in order counter-clockwise: the last one before `from`, else the last of all.
    let before = around.partition_point(|s| by_angle(node, s.side.start().1, from).is_lt());
    Some(first + if before > 0 { before - 1 } else { here - 1 })
}

/// Splits a closed walk at vertices it visits more than once into simple rings.
fn split_at_repeats(walk: Ring, rings: &mut Vec<Ring>) {
    let mut at: BTreeMap<E7, usize> = BTreeMap::new();
    let mut line: Ring = Vec::new();
    for p in walk {
        if let Some(&k) = at.get(&p) {
            let ring: Ring = line.drain(k..).collect();
            for q in &ring {
                at.remove(q);
            }
            rings.push(ring);
        }
        at.insert(p, line.len());
        line.push(p);
    }
    rings.push(line);
}

/// Lets a ring begin at its smallest vertex.
fn begin_at_smallest(ring: &mut Ring) {
    if let Some(k) = (0..ring.len()).min_by_key(|&k| ring[k]) {
        ring.rotate_left(k);
    }
}

/// The ground in a single ring.
fn of_one(mut ring: Ring) -> MultiPolygon {
    if ring_area2(&ring) <= 0 {
        return MultiPolygon::default();
    }
    begin_at_smallest(&mut ring);
    MultiPolygon(vec![Polygon { exterior: ring, holes: Vec::new() }])
}

/// Sorts rings into exteriors and holes.
fn assemble(rings: Vec<Ring>) -> MultiPolygon {
    let mut holes = Vec::new();
    let mut polygons: Vec<Polygon> = Vec::with_capacity(rings.len());
    for mut ring in rings {
        begin_at_smallest(&mut ring);
        match ring_area2(&ring) {
            0 => {}
            a if a > 0 => polygons.push(Polygon { exterior: ring, holes: Vec::new() }),
            _ => holes.push(ring),
        }
    }
    // A hole without a polygon around it is the outer side of ground that has no end.
    // By all their vertices: several may begin in the same one.
    polygons.sort_unstable_by(|p, q| p.exterior.cmp(&q.exterior));
    holes.sort_unstable();
    for hole in holes {
        let around = polygons.iter_mut().filter(|p| holds(&p.exterior, &hole));
        if let Some(polygon) = around.min_by_key(|p| ring_area2(&p.exterior)) {
            polygon.holes.push(hole);
        }
    }
    MultiPolygon(polygons)
}

/// Whether a hole lies inside a ring that it may touch but not cross. Decided by the middle of the
/// hole's first edge, which cannot lie on the ring, in half units so that it is exact.
fn holds(ring: &[E7], hole: &[E7]) -> bool {
    let double = |p: &E7| (2 * i64::from(p.lon), 2 * i64::from(p.lat));
    let (Some(a), Some(b)) = (hole.first(), hole.get(1)) else {
        return false;
    };
    let (x, y) = (i64::from(a.lon) + i64::from(b.lon), i64::from(a.lat) + i64::from(b.lat));
    let mut inside = false;
    for (i, p) in ring.iter().enumerate() {
        let ((px, py), (qx, qy)) = (double(p), double(&ring[(i + 1) % ring.len()]));
        if (py > y) != (qy > y) {
            let side = i128::from(qx - px) * i128::from(y - py) - i128::from(qy - py) * i128::from(x - px);
            if (side > 0) == (qy > py) {
                inside = !inside;
            }
        }
    }
    inside
}
