//! Drops spikes: where an area's border runs out into nobody's ground and comes back along itself.
//!
//! ```text
//!              j          From the tip, both sides are followed as long as they stay within the
//!  ────────────┐          tolerance of each other. What hangs on the mouth i ─ j is cut off, if it
//!              └────── t  reaches farther than the tolerance, is much longer than the mouth is wide,
//!  ────────────┬──────    and no place of it is wider than the tolerance.
//!              i
//! ```
//!
//! A spike into a neighbour's ground is an overlap and one that nobody's ground makes into an area is a
//! gap; both are mended as such. A thin tongue that the neighbour's drawing makes room for is no fault.

use super::{
    Change, Options, Transfer,
    drawings::Drawings,
    faults::Faults,
    lanes::DETOUR,
    promise::Spared,
    scale::{Scale, edges},
    table::{Open, Table, find},
    width::is_narrow,
};
use crate::{E7, Polygon, Ring, shape::ring_area2};
use std::collections::{BTreeMap, HashSet};

/// See the module. `faults` are those of the open edges.
pub(super) fn drop(
    drawings: &Drawings<'_>,
    table: &Table,
    open: &[Open],
    faults: &Faults<'_>,
    options: &Options,
    spared: &Spared,
) -> Change {
    // Edges with nobody's ground to their right, as a drawing runs; by the one area that draws them.
    let mut free: BTreeMap<u32, HashSet<(E7, E7)>> = BTreeMap::new();
    for (i, fault) in faults.faults.iter().enumerate() {
        if faults.meaning(i as u32).total != 0 {
            continue;
        }
        for (p, q) in fault.ground.rings().flat_map(|r| edges(r)) {
            let mut owners = find(open, p, q).into_iter().flat_map(|o| table.owners(o));
            if let (Some(area), None) = (owners.next(), owners.next()) {
                free.entry(area).or_default().insert((q, p));
            }
        }
    }
    let mut change = Change::default();
    for (area, free) in free {
        let mut ground = drawings.ground(area).clone();
        let mut dropped = 0.0;
        for polygon in &mut ground.0 {
            dropped += trim(&mut polygon.exterior, true, &free, options.tolerance_m, spared);
            for hole in &mut polygon.holes {
                dropped += trim(hole, false, &free, options.tolerance_m, spared);
            }
        }
        if dropped > 0.0 {
            change.transfers.push(Transfer { from: Some(area), to: None, area_m2: dropped });
            change.redrawn.push((area, ground));
        }
    }
    change
}

/// Cuts all spikes off a ring; returns their square metres.
fn trim(
    ring: &mut Ring,
    counter_clockwise: bool,
    free: &HashSet<(E7, E7)>,
    tolerance: f64,
    spared: &Spared,
) -> f64 {
    if !edges(ring).any(|(p, q)| free.contains(&(p, q)) || free.contains(&(q, p))) {
        return 0.0;
    }
    if (ring_area2(ring) > 0) != counter_clockwise {
        ring.reverse();
    }
    let mut dropped = 0.0;
    // Each cut takes a vertex away at least, so this ends.
    while let Some(spike) = (0..ring.len())
        .find_map(|tip| Spike::find(ring, tip, free, tolerance).filter(|s| !spared.meets(edges(&s.ground))))
    {
        dropped += spike.area_m2;
        *ring = spike.rest;
    }
    dropped
}

/// What is cut off, and what is left.
struct Spike {
    ground: Ring,
    area_m2: f64,
    rest: Ring,
}

/// One side of a spike, from the tip on.
struct Flank {
    /// Place in the ring of the vertex reached.
    at: usize,
    metres: f64,
}

impl Spike {
    /// The longest spike around the vertex `tip`, or the blunt one that begins there.
    fn find(ring: &Ring, tip: usize, free: &HashSet<(E7, E7)>, tolerance: f64) -> Option<Self> {
        let n = ring.len();
        let scale = Scale::at(ring[tip].lat);
        let edge = |k: usize| (ring[k], ring[(k + 1) % n]);
        let is_free = |k: usize| free.contains(&edge(k));
        let length = |k: usize| scale.distance(edge(k).0, edge(k).1);
        let blunt = is_free(tip) && length(tip) <= tolerance;
        [false, true].into_iter().filter(|&b| !b || blunt).find_map(|blunt| {
            let second = if blunt { (tip + 1) % n } else { tip };
            let (mut back, mut fore) = (Flank { at: tip, metres: 0.0 }, Flank { at: second, metres: 0.0 });
            let mut taken = if blunt { 2 } else { 1 };
            while taken + 2 < n {
                let (b, f) = ((back.at + n - 1) % n, fore.at);
                let ends = |k: usize, free: bool| free.then_some((ring[k], ring[(k + 1) % n]));
                let (behind, ahead) = (ends(b, is_free(b)), ends(f, is_free(f)));
                let near = |p: E7, own: E7, other: Option<(E7, E7)>| match other {
                    Some((u, v)) => scale.segment_distance(p, u, v).0 <= tolerance,
                    None => scale.distance(p, own) <= tolerance,
                };
                let go_back = behind.filter(|(p, _)| near(*p, ring[fore.at], ahead));
                let go_fore = ahead.filter(|(_, q)| near(*q, ring[back.at], behind));
                let step = |e: (E7, E7)| scale.distance(e.0, e.1);
                match (go_back, go_fore) {
                    (None, None) => break,
                    (Some(e), g) if g.is_none_or(|g| back.metres + step(e) <= fore.metres + step(g)) => {
                        back = Flank { at: b, metres: back.metres + step(e) };
                    }
                    (_, Some(g)) => fore = Flank { at: (fore.at + 1) % n, metres: fore.metres + step(g) },
                    (Some(_), None) => break,
                }
                taken += 1;
            }
            if back.metres + fore.metres == 0.0 {
                return None;
            }
            Self::cut(ring, &scale, (back.at, fore.at), taken, tolerance, &is_free)
        })
    }

    /// Cuts the ring from `back` to `fore`; where one flank came farther, the other is cut at the place
    /// across from it.
    fn cut(
        ring: &Ring,
        scale: &Scale,
        (back, fore): (usize, usize),
        taken: usize,
        tolerance: f64,
        is_free: &dyn Fn(usize) -> bool,
    ) -> Option<Self> {
        let n = ring.len();
        let (i, j) = (ring[back], ring[fore]);
        let across = |p: E7, k: usize| {
            let (u, v) = (ring[k], ring[(k + 1) % n]);
            let (metres, t) = scale.segment_distance(p, u, v);
            let at = |a: i32, b: i32| (f64::from(a) + t * (f64::from(b) - f64::from(a))).round() as i32;
            (is_free(k) && metres <= tolerance).then(|| E7::new(at(u.lon, v.lon), at(u.lat, v.lat)))
        };
        // The spike's border from mouth to mouth.
        let mut spike: Ring = (0..taken).map(|k| ring[(back + k) % n]).collect();
        let rest = |k: usize| ring[(fore + k) % n];
        let mut left: Ring = (0..n - taken + 2).map(rest).collect();
        if scale.distance(i, j) > tolerance {
            if let Some(foot) = across(i, fore) {
                spike.push(foot);
                left[0] = foot;
            } else if let Some(foot) = across(j, (back + n - 1) % n) {
                spike.insert(0, foot);
                let last = left.len() - 1;
                left[last] = foot;
            } else {
                return None;
            }
        }
        left.dedup();
        let mouth = scale.distance(spike[0], spike[spike.len() - 1]);
        let around = scale.length(&spike);
        let area = |r: &[E7]| ring_area2(r) as f64 / 2.0 * scale.x * scale.y;
        let (spike_m2, whole_m2) = (area(&spike), area(ring));
        let small = spike_m2 > 0.0 && (whole_m2 < 0.0 || 2.0 * spike_m2 < whole_m2);
        // What does not even reach as far as the tolerance is a bend of the border like others.
        let reach = spike.iter().map(|&p| scale.distance(p, spike[0])).fold(0.0, f64::max);
        // Where the mouth is rounded to, what is left may be turned over.
        let is_turned = ring_area2(&left).signum() != ring_area2(ring).signum();
        if around <= DETOUR * mouth || reach <= tolerance || left.len() < 3 || is_turned || !small {
            return None;
        }
        let ground = Polygon { exterior: spike, holes: Vec::new() };
        is_narrow(&ground, tolerance).then_some(Self {
            ground: ground.exterior,
            area_m2: spike_m2,
            rest: left,
        })
    }
}
