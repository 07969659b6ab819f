//! New drawings from an arrangement in which faces have found owners.
//!
//! Arranging cuts edges wherever drawings cross. Where ground changed hands the cuts are needed: both
//! neighbours get the new vertex. Elsewhere, such as around an overlap that is too wide to be mended,
//! they are taken out again, so that what is not mended stays as it was drawn.

use super::{
    award::Award,
    drawings::{Drawings, canonical},
    scale::Scale,
};
use crate::{E7, MultiPolygon, Ring, coverage::outlines, shape::ring_area2};
use std::borrow::Cow;

/// The areas whose drawing changes, and what to. With `heal` off every cut stays.
pub(super) fn redraw(
    award: &Award<'_>,
    drawings: &Drawings<'_>,
    areas: &[u32],
    heal: bool,
) -> Vec<(u32, MultiPolygon)> {
    let arcs = &award.faults.arcs;
    let mut borders: Vec<Vec<u32>> = vec![Vec::new(); areas.len()];
    let mut drawn: Vec<u64> = vec![0; areas.len()];
    for (i, arc) in arcs.iter().enumerate() {
        let (left, right) = (award.claims(i, 0), award.claims(i, 1));
        if left == right {
            continue;
        }
        let sum = arc.points.windows(2).fold(0_u64, |sum, w| sum.wrapping_add(mark(w[0], w[1])));
        let only = |these: &[u32], those: &[u32]| {
            these.iter().copied().filter(|a| !those.contains(a)).collect::<Vec<u32>>()
        };
        for area in only(left, right).into_iter().chain(only(right, left)) {
            borders[area as usize].push(i as u32);
            drawn[area as usize] = drawn[area as usize].wrapping_add(sum);
        }
    }
    let differs: Vec<u32> = (0..areas.len() as u32)
        .filter(|&a| {
            let lines = drawings.lines(areas[a as usize], a);
            let before = lines.fold(0_u64, |sum, l| sum.wrapping_add(mark(l.a, l.b)));
            before != drawn[a as usize]
        })
        .collect();
    if differs.is_empty() {
        return Vec::new();
    }
    let stays = stays(award, drawings, areas);
    differs
        .into_iter()
        .filter_map(|area| {
            let inside = |arc: u32, side| award.claims(arc as usize, side).contains(&area).then_some(());
            let border = borders[area as usize].iter();
            let border =
                border.map(|&i| (Cow::Borrowed(arcs[i as usize].points), inside(i, 0), inside(i, 1)));
            let mut ground = outlines(border).remove(&()).unwrap_or_default();
            if heal {
                for polygon in &mut ground.0 {
                    take_out(&mut polygon.exterior, &stays);
                    polygon.holes.iter_mut().for_each(|h| take_out(h, &stays));
                }
            }
            let area = areas[area as usize];
            (canonical(&ground) != canonical(drawings.ground(area))).then_some((area, ground))
        })
        .collect()
}

/// Every vertex that must not be taken out, sorted: those that were drawn, and those of faces that
/// changed hands.
fn stays(award: &Award<'_>, drawings: &Drawings<'_>, areas: &[u32]) -> Vec<E7> {
    let drawn = areas.iter().flat_map(|&a| drawings.ground(a).rings()).flatten();
    let mut stays: Vec<E7> = drawn.copied().collect();
    for (arc, sides) in award.faults.arcs.iter().zip(&award.faults.beside) {
        if sides.iter().flatten().any(|&f| award.owner(f).is_some()) {
            stays.extend_from_slice(arc.points);
        }
    }
    stays.sort_unstable();
    stays.dedup();
    stays
}

/// Takes out what need not stay and lies on the line without it. (A cut does, but for the rounding, unless the
/// drawn vertex next to it is gone: the tip of a corner that is narrower than a unit.) A ring that is so narrow that
/// it would be turned over stays as it is.
fn take_out(ring: &mut Ring, stays: &[E7]) {
    let n = ring.len();
    let must: Vec<usize> = (0..n).filter(|&i| stays.binary_search(&ring[i]).is_ok()).collect();
    if must.len() < 3 {
        return;
    }
    let mut kept = Ring::with_capacity(n);
    for (k, &i) in must.iter().enumerate() {
        let j = must[(k + 1) % must.len()];
        let between = (1..(j + n - i) % n).map(|d| ring[(i + d) % n]);
        kept.push(ring[i]);
        if between.clone().any(|p| off(p, ring[i], ring[j]) > ROUNDED) {
            kept.extend(between);
        }
    }
    if ring_area2(&kept).signum() == ring_area2(ring).signum() {
        *ring = kept;
    }
}

/// In units: a vertex rounded to the lattice lies within 0.71 of where it was cut, and the edge there within
/// as much of where it was drawn.
const ROUNDED: f64 = 1.5;

/// How far `p` is from the segment `a b`, in units.
fn off(p: E7, a: E7, b: E7) -> f64 {
    Scale { x: 1.0, y: 1.0 }.segment_distance(p, a, b).0
}

/// A number for an edge, the same in both directions. Sums of it tell sets of edges apart: two
/// different ones agree by chance once in 2⁶⁴.
fn mark(p: E7, q: E7) -> u64 {
    let word = |v: E7| u64::from(v.lon as u32) << 32 | u64::from(v.lat as u32);
    let mut sum = 0;
    for w in [word(p.min(q)), word(p.max(q))] {
        // The finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
        // generators", 2014).
        let mut z: u64 = w ^ sum;
        z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        sum = z ^ (z >> 31);
    }
    sum
}
