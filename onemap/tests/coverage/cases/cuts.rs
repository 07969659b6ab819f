//! Ground cut in two by straight lines, again and again, in any direction.

use super::{Lattice, Random};
use gridbeat_onemap::{E7, MultiPolygon, Polygon, shape::ring_area2};

/// Where a cut may begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// At lattice points exactly on an edge; the neighbour does not get the vertex: T-junctions.
    Exact,
    /// Anywhere on an edge, rounded; the neighbour gets the vertex and bends with it: a coverage.
    Shared,
    /// Anywhere on an edge, rounded; the neighbour does not: slivers of overlap and gap along every cut.
    Rounded,
}

/// At least `areas` areas.
pub fn cut(random: &mut Random, lattice: Lattice, areas: usize, ends: Ends) -> Vec<MultiPolygon> {
    let w = lattice.width();
    let sheet = [(0, 0), (w / 2, 0), (w, 0), (w, w / 3), (w, w), (w / 3, w), (0, w), (0, w / 5)];
    let mut rings = vec![sheet.iter().map(|&(x, y)| lattice.at(x, y)).collect::<Vec<E7>>()];
    let mut tries = 0;
    while rings.len() < areas {
        tries += 1;
        assert!(tries < 100_000, "the cuts do not end");
        // Mostly the largest, so that none becomes too small to be cut.
        let largest = (0..rings.len()).max_by_key(|&i| ring_area2(&rings[i])).unwrap_or(0);
        let which = if random.chance(70) { largest } else { random.below(rings.len()) };
        let n = rings[which].len();
        let (i, j) = (random.below(n), random.below(n));
        let (i, j) = (i.min(j), i.max(j));
        let (Some(p), Some(q)) = (end(random, &rings[which], i, ends), end(random, &rings[which], j, ends))
        else {
            continue;
        };
        if i == j || p == q {
            continue;
        }
        let ring = &rings[which];
        let one: Vec<E7> = std::iter::once(p).chain(ring[i + 1..=j].iter().copied()).chain([q]).collect();
        let other: Vec<E7> =
            std::iter::once(q).chain(ring[j + 1..].iter().chain(&ring[..=i]).copied()).chain([p]).collect();
        let (one, other) = (without_repeats(one), without_repeats(other));
        let least = ring_area2(ring) / 8;
        if ring_area2(&one) <= least || ring_area2(&other) <= least {
            continue;
        }
        if ends == Ends::Shared {
            let edges = [(ring[i], ring[(i + 1) % n], p), (ring[j], ring[(j + 1) % n], q)];
            for (a, b, vertex) in edges {
                for ring in &mut rings {
                    insert(ring, b, a, vertex);
                }
            }
        }
        rings[which] = one;
        rings.push(other);
    }
    rings.into_iter().map(|exterior| MultiPolygon(vec![Polygon { exterior, holes: vec![] }])).collect()
}

/// An end of a cut on edge `i`: one of its ends, or a point inside it.
fn end(random: &mut Random, ring: &[E7], i: usize, ends: Ends) -> Option<E7> {
    let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
    if random.chance(20) {
        return Some(b);
    }
    let (dx, dy) = (i64::from(b.lon) - i64::from(a.lon), i64::from(b.lat) - i64::from(a.lat));
    let at = |k: i64, n: i64| {
        let part = |from: i32, d: i64| from + (2 * d * k + n).div_euclid(2 * n) as i32;
        E7::new(part(a.lon, dx), part(a.lat, dy))
    };
    if ends == Ends::Exact {
        let mut g = (dx.abs(), dy.abs());
        while g.1 != 0 {
            g = (g.1, g.0 % g.1);
        }
        return (g.0 > 1).then(|| at(1 + random.below(g.0 as usize - 1) as i64, g.0));
    }
    Some(at(i64::from(random.between(15, 85)), 100))
}

/// Puts a vertex into the edge `from → to` of a ring, if it has that edge.
fn insert(ring: &mut Vec<E7>, from: E7, to: E7, vertex: E7) {
    let n = ring.len();
    if vertex != from
        && vertex != to
        && let Some(i) = (0..n).find(|&i| ring[i] == from && ring[(i + 1) % n] == to)
    {
        ring.insert(i + 1, vertex);
    }
}

fn without_repeats(mut ring: Vec<E7>) -> Vec<E7> {
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}
