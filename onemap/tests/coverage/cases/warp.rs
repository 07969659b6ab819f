//! A sheet laid on the lattice: where its corners lie, and what runs between them.

use super::{Lattice, Random, rings::Corner, sheet::Sheet};
use gridbeat_onemap::{E7, MultiPolygon, Polygon};
use std::collections::BTreeMap;

/// What stands between two neighbouring corners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Nothing: a straight edge.
    Nothing,
    /// Vertices exactly on the edge, for both neighbours.
    OnTheEdge,
    /// Vertices exactly on the edge, but only one neighbour has them: T-junctions.
    OneSided,
    /// Vertices near the edge, for both neighbours: a bent line.
    Bent,
}

/// Places of corners, and vertices between them.
pub struct Warp {
    corners: Vec<E7>,
    columns: usize,
    /// By the edge's lesser corner and greater corner; vertices in that order.
    between: BTreeMap<(Corner, Corner), (Vec<E7>, bool)>,
}

impl Warp {
    /// Corners moved from their places by up to `bend` percent of a cell; `most` vertices between two of
    /// them, of the kinds named.
    pub fn new(
        random: &mut Random,
        lattice: Lattice,
        sheet: &Sheet,
        bend: i32,
        kinds: &[Between],
        most: usize,
    ) -> Self {
        let step = lattice.width() / sheet.columns.max(sheet.rows) as i32;
        let (columns, rows) = (sheet.columns, sheet.rows);
        let corners = (0..(columns + 1) * (rows + 1))
            .map(|i| ((i % (columns + 1)) as i32, (i / (columns + 1)) as i32))
            .map(|(x, y)| random.near(lattice.at(x * step, y * step), step * bend / 100))
            .collect();
        let mut warp = Self { corners, columns, between: BTreeMap::new() };
        for y in 0..=rows {
            for x in 0..=columns {
                for to in [(x + 1, y), (x, y + 1)] {
                    if to.0 <= columns && to.1 <= rows {
                        let kind = kinds[random.below(kinds.len())];
                        let vertices = vertices(random, kind, most, warp.corner((x, y)), warp.corner(to));
                        warp.between.insert(((x, y), to), (vertices, kind == Between::OneSided));
                    }
                }
            }
        }
        warp
    }

    /// Puts `count` vertices on or beside each edge around some cells' area.
    pub fn densify(&mut self, random: &mut Random, edges: &[(Corner, Corner)], count: usize) {
        for &(from, to) in edges {
            let key = (from.min(to), from.max(to));
            let line = vertices(random, Between::Bent, count, self.corner(key.0), self.corner(key.1));
            self.between.insert(key, (line, false));
        }
    }

    fn corner(&self, (x, y): Corner) -> E7 {
        self.corners[y * (self.columns + 1) + x]
    }

    /// The ring through some corners.
    fn ring(&self, corners: &[Corner]) -> Vec<E7> {
        let mut ring = Vec::new();
        for (i, &from) in corners.iter().enumerate() {
            let to = corners[(i + 1) % corners.len()];
            ring.push(self.corner(from));
            let (line, one_sided) = &self.between[&(from.min(to), from.max(to))];
            if from < to {
                ring.extend(line);
            } else if !one_sided {
                ring.extend(line.iter().rev());
            }
        }
        ring
    }

    /// The ground of every area of a sheet of the same size.
    pub fn areas(&self, sheet: &Sheet) -> Vec<MultiPolygon> {
        let polygon = |rings: &Vec<Vec<Corner>>| {
            let mut rings = rings.iter().map(|r| self.ring(r));
            Polygon { exterior: rings.next().unwrap_or_default(), holes: rings.collect() }
        };
        sheet.areas().values().map(|area| MultiPolygon(area.iter().map(polygon).collect())).collect()
    }

    /// The same without vertices that lie straight between their neighbours in their own ring.
    pub fn areas_without_straight_vertices(&self, sheet: &Sheet) -> Vec<MultiPolygon> {
        let mut areas = self.areas(sheet);
        for ring in areas
            .iter_mut()
            .flat_map(|a| &mut a.0)
            .flat_map(|p| std::iter::once(&mut p.exterior).chain(&mut p.holes))
        {
            let n = ring.len();
            let straight =
                |i: usize| gridbeat_onemap::e7::cross(ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]) == 0;
            let kept = (0..n).filter(|&i| !straight(i)).map(|i| ring[i]).collect();
            *ring = kept;
        }
        areas
    }
}

/// Up to `most` vertices from `a` to `b`.
fn vertices(random: &mut Random, kind: Between, most: usize, a: E7, b: E7) -> Vec<E7> {
    let (dx, dy) = (b.lon - a.lon, b.lat - a.lat);
    let on = |k: i64, n: i64| {
        let part = |from: i32, step: i32| from + (i64::from(step) * k).div_euclid(n) as i32;
        E7::new(part(a.lon, dx), part(a.lat, dy))
    };
    match kind {
        Between::Nothing => vec![],
        Between::OnTheEdge | Between::OneSided => {
            // Lattice points exactly on the edge stand at k/g for 0 < k < g.
            let g = gcd(dx.unsigned_abs(), dy.unsigned_abs()) as usize;
            let mut at: Vec<i64> =
                (0..most.min(g.saturating_sub(1))).map(|_| 1 + random.below(g - 1) as i64).collect();
            at.sort_unstable();
            at.dedup();
            at.into_iter().map(|k| on(k, g as i64)).collect()
        }
        Between::Bent => {
            // Moved by less than their distance along the edge, so that the line goes on.
            let length = i64::from(dx.abs().max(dy.abs()));
            let count = most.min(length as usize / 4);
            let reach = (length / (3 * (count as i64 + 1))).min(1 + length / 20) as i32;
            (1..=count as i64).map(|k| random.near(on(k, count as i64 + 1), reach)).collect()
        }
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
