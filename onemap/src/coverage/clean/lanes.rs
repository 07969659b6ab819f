//! Closes the narrow parts of gaps that cannot be given away whole: a gap that is open to the outside,
//! one that is wide elsewhere, a net of lanes between many areas.
//!
//! ```text
//!  ┌─────┐v┌─────┐    v and the edge across are within the tolerance: a bridge, v ─ w.
//!  │  A  │ │  B  │    Between two bridges over the same two edges lies a filler, v v' w' w,
//!  │     │ │     │    and the fillers between A and B make the lane between A and B.
//!  └─────┘v'└────┘
//! ```
//!
//! A lane goes to one of its two areas, by the rule. Where the gap is open or wide elsewhere, a bridge
//! counts only if the way around, along the gap's border, is much longer: else every corner at the
//! outer border, where two areas part at a sharp angle, would be rounded off a bit.

use super::{
    Change, Options, Transfer,
    award::Award,
    drawings::Drawings,
    faces::arrange,
    faults::Faults,
    planar::Line,
    promise::Spared,
    redraw::redraw,
    scale::{Scale, edges},
    table::{Open, Table, find},
    width::is_narrow,
};
use crate::{Bounds, E7, Ring, boxes::Boxes, e7::cross};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap},
};

/// The way around must be longer than the bridge by this factor: at a corner of less than 14°.
pub(super) const DETOUR: f64 = 8.0;

/// An edge along ground that nobody claims, which lies to the left of `a → b`.
#[derive(Clone, Copy, Debug)]
struct Shore {
    a: E7,
    b: E7,
    /// The one area to its right.
    area: u32,
    void: u32,
    /// Whether that ground is wide somewhere.
    wide: bool,
}

/// See the module. `faults` are those of the open edges.
pub(super) fn close(
    drawings: &Drawings<'_>,
    table: &Table,
    open: &[Open],
    faults: &Faults<'_>,
    options: &Options,
    spared: &Spared,
    heal: bool,
) -> Change {
    let shores = shores(table, open, faults, options.tolerance_m);
    let mut fillers = fillers(&shores, options.tolerance_m);
    for rings in fillers.values_mut() {
        rings.retain(|r| !spared.meets(edges(r)));
    }
    fillers.retain(|_, rings| !rings.is_empty());
    if fillers.is_empty() {
        return Change::default();
    }
    let areas: BTreeSet<u32> = fillers.keys().flat_map(|&(a, b)| [a, b]).collect();
    let areas: Vec<u32> = areas.into_iter().collect();
    let rings = fillers.values().enumerate().flat_map(|(i, rings)| rings.iter().map(move |r| (i, r)));
    let lines = rings.flat_map(|(i, r)| edges(r).map(move |(p, q)| Line::new(p, q, i as u32)));
    let planar = arrange(drawings, open, &areas, lines);
    let lanes = Faults::new(&planar, |m| m.is_void() && !m.fillers.is_empty());
    let lane = |f: u32| lanes.meaning(f).fillers[0];
    let groups = lanes.groups(|l, r| lane(l) == lane(r));
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (f, &g) in groups.iter().enumerate() {
        members.entry(g).or_default().push(f as u32);
    }
    let pairs: Vec<(u32, u32)> = fillers.keys().copied().collect();
    let mut award = Award::new(&lanes, drawings, &areas, options);
    let mut transfers = Vec::new();
    for group in members.values() {
        let (a, b) = pairs[lane(group[0]) as usize];
        let of_the_pair = |local: &u32| [a, b].contains(&areas[*local as usize]);
        if let Some(to) = award.ranked(group).into_iter().find(of_the_pair) {
            for &f in group {
                award.give(f, to);
                transfers.extend(Transfer::of(&award, f, &areas));
            }
        }
    }
    Change { redrawn: redraw(&award, drawings, &areas, heal), transfers }
}

/// The edges along nobody's ground that one area alone draws.
fn shores(table: &Table, open: &[Open], faults: &Faults<'_>, tolerance: f64) -> Vec<Shore> {
    let mut shores = Vec::new();
    for (i, fault) in faults.faults.iter().enumerate() {
        if faults.meaning(i as u32).total != 0 {
            continue;
        }
        let wide = faults.planar.is_outside(&fault.ground) || !is_narrow(&fault.ground, tolerance);
        for (a, b) in fault.ground.rings().flat_map(|r| edges(r)) {
            let mut owners = find(open, a, b).into_iter().flat_map(|o| table.owners(o));
            if let (Some(area), None) = (owners.next(), owners.next()) {
                shores.push(Shore { a, b, area, void: i as u32, wide });
            }
        }
    }
    shores
}

/// From a vertex of one shore to the nearest place on another: that place, a little beyond unless it
/// is a vertex itself, so that the filler reaches it despite the rounding.
struct Bridge {
    from: E7,
    to: E7,
}

/// Fillers for each pair of areas (smaller number first).
fn fillers(shores: &[Shore], tolerance: f64) -> BTreeMap<(u32, u32), Vec<Ring>> {
    let boxes = Boxes::new(shores.iter().map(|s| Bounds::of([&s.a, &s.b])));
    let mut net = Net { shores, at: None };
    let mut fillers: BTreeMap<(u32, u32), Vec<Ring>> = BTreeMap::new();
    for (i, e) in shores.iter().enumerate() {
        let own = Bounds::of([&e.a, &e.b]);
        let scale = Scale::of(&own);
        for j in boxes.meeting(&scale.grown(&own, tolerance)) {
            let f = &shores[j as usize];
            if j as usize <= i || e.area == f.area || e.void != f.void {
                continue;
            }
            let ends = [(e.a, f), (e.b, f), (f.a, e), (f.b, e)];
            let bridges: Vec<Bridge> =
                ends.into_iter().filter_map(|(v, s)| net.bridge(v, s, &scale, tolerance)).collect();
            if bridges.len() > 1 {
                let ring = hull(bridges.iter().flat_map(|b| [b.from, b.to]).collect());
                if ring.len() > 2 {
                    fillers.entry((e.area.min(f.area), e.area.max(f.area))).or_default().push(ring);
                }
            }
        }
    }
    fillers
}

/// All shores, and which begin or end at a place.
struct Net<'a> {
    shores: &'a [Shore],
    at: Option<HashMap<E7, Vec<u32>>>,
}

impl Net<'_> {
    fn bridge(&mut self, v: E7, shore: &Shore, scale: &Scale, tolerance: f64) -> Option<Bridge> {
        let (metres, t) = scale.segment_distance(v, shore.a, shore.b);
        // Nobody's ground is to the left.
        if metres > tolerance || cross(shore.a, shore.b, v) < 0 {
            return None;
        }
        if v == shore.a || v == shore.b {
            return Some(Bridge { from: v, to: v });
        }
        if shore.wide && self.is_around_the_corner(v, shore, t, scale, DETOUR * metres) {
            return None;
        }
        let step = |u: i32, w: i32| f64::from(u) + t * (f64::from(w) - f64::from(u));
        let foot = [step(shore.a.lon, shore.b.lon), step(shore.a.lat, shore.b.lat)];
        let to = if t <= 0.0 {
            shore.a
        } else if t >= 1.0 {
            shore.b
        } else {
            let way = [foot[0] - f64::from(v.lon), foot[1] - f64::from(v.lat)];
            let length = way[0].hypot(way[1]).max(1.0);
            let beyond = |k: usize| (foot[k] + BEYOND * way[k] / length).round() as i32;
            E7::new(beyond(0), beyond(1))
        };
        Some(Bridge { from: v, to })
    }

    /// Whether one comes from `v` to the place `t` on `shore` along shores within `limit` metres
    /// (Dijkstra's shortest way).
    fn is_around_the_corner(&mut self, v: E7, shore: &Shore, t: f64, scale: &Scale, limit: f64) -> bool {
        let shores = self.shores;
        let at = self.at.get_or_insert_with(|| {
            let mut at: HashMap<E7, Vec<u32>> = HashMap::new();
            for (i, s) in shores.iter().enumerate() {
                at.entry(s.a).or_default().push(i as u32);
                at.entry(s.b).or_default().push(i as u32);
            }
            at
        });
        let length = scale.distance(shore.a, shore.b);
        // Millimetres, so that the heap can order them.
        let whole = |m: f64| (m * 1000.0).round() as u64;
        let mut best: HashMap<E7, u64> = HashMap::from([(v, 0)]);
        let mut heap = BinaryHeap::from([Reverse((0_u64, v))]);
        while let Some(Reverse((way, p))) = heap.pop() {
            let rest = if p == shore.a {
                Some(t * length)
            } else if p == shore.b {
                Some((1.0 - t) * length)
            } else {
                None
            };
            if rest.is_some_and(|rest| way + whole(rest) <= whole(limit)) {
                return true;
            }
            if best.get(&p).is_some_and(|&b| b < way) {
                continue;
            }
            for &i in at.get(&p).into_iter().flatten() {
                let s = &shores[i as usize];
                let q = if s.a == p { s.b } else { s.a };
                let further = way + whole(scale.distance(p, q));
                if further <= whole(limit) && best.get(&q).is_none_or(|&b| further < b) {
                    best.insert(q, further);
                    heap.push(Reverse((further, q)));
                }
            }
        }
        false
    }
}

/// How far beyond an edge a bridge ends, in units.
const BEYOND: f64 = 2.0;

/// The convex hull, counter-clockwise (Andrew's monotone chain).
fn hull(mut points: Vec<E7>) -> Ring {
    points.sort_unstable();
    points.dedup();
    let half = |points: &mut dyn Iterator<Item = E7>| {
        let mut line: Ring = Vec::new();
        for p in points {
            while line.len() > 1 && cross(line[line.len() - 2], line[line.len() - 1], p) <= 0 {
                line.pop();
            }
            line.push(p);
        }
        line.pop();
        line
    };
    let mut ring = half(&mut points.iter().copied());
    ring.extend(half(&mut points.iter().rev().copied()));
    ring
}
