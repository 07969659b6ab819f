//! Who polices which block: stations first, then beats around them.
//!
//! The police do not start from communities: a station takes the blocks that it reaches soonest, and
//! splits them among its beats by the same rule. Wide streets and water slow the walk, so borders like to
//! run along them, and there they coincide with grid borders; elsewhere they run through grids.

use crate::{
    districts::{Districts, NONE, Rank},
    geom::{P, area, centroid},
    mesh::{Face, NO_STREET, sides},
    rng::Rng,
    share::share_out,
    terrain::Terrain,
};
use std::{cmp::Reverse, collections::BinaryHeap};

/// The police side of one city.
pub struct Beats {
    /// Beat of each face.
    pub of_face: Vec<u32>,
    /// Station of each beat.
    pub station_of: Vec<u32>,
    /// County whose sub-bureau each station belongs to.
    pub county_of: Vec<u32>,
    /// Middle of each station's territory.
    pub station_at: Vec<P>,
}

/// Faces as places to walk between.
struct Graph {
    middle: Vec<P>,
    weight: Vec<f64>,
    next: Vec<Vec<(Face, u64)>>,
}

impl Graph {
    fn new(done: &Districts, terrain: &Terrain) -> Self {
        let mesh = &done.mesh;
        let shapes: Vec<Vec<P>> = (0..mesh.ring.len()).map(|f| mesh.shape(f as Face)).collect();
        let middle: Vec<P> = shapes.iter().map(|s| centroid(s)).collect();
        let weight = shapes
            .iter()
            .zip(&middle)
            .zip(&done.ground)
            .map(|((s, &m), g)| if g.water { 0.0 } else { area(s) * terrain.density(m) })
            .collect();
        let slow = |u, v| match mesh.street_of(u, v) {
            NO_STREET => 1.0,
            s => match done.streets[s as usize].rank {
                Rank::County => 2.4,
                Rank::Town => 1.7,
                Rank::Community => 1.25,
                Rank::Grid | Rank::Block => 1.0,
            },
        };
        let next = (0..mesh.ring.len())
            .map(|f| {
                let mut near: Vec<(Face, u64)> = sides(&mesh.ring[f])
                    .filter_map(|(u, v)| {
                        let g = mesh.left_of(v, u)?;
                        let wet =
                            if done.ground[f].water != done.ground[g as usize].water { 1.6 } else { 1.0 };
                        let county = done.ground[f].county;
                        let other = done.ground[g as usize].county;
                        let far = if county != other && county != NONE && other != NONE { 1.5 } else { 1.0 };
                        let metres = (middle[f] - middle[g as usize]).len();
                        Some((g, (metres * slow(u, v) * wet * far * 10.0) as u64 + 1))
                    })
                    .collect();
                near.sort_unstable();
                near.dedup_by_key(|n| n.0);
                near
            })
            .collect();
        Self { middle, weight, next }
    }

    /// Gives every face the label of the seed that it is reached from soonest, staying where `allowed`.
    fn grow(&self, seeds: &[(Face, u32)], label: &mut [u32], allowed: impl Fn(Face, u32) -> bool) {
        let mut cost = vec![u64::MAX; label.len()];
        let mut queue = BinaryHeap::new();
        for &(f, l) in seeds {
            cost[f as usize] = 0;
            label[f as usize] = l;
            queue.push(Reverse((0, f)));
        }
        while let Some(Reverse((c, f))) = queue.pop() {
            if c > cost[f as usize] {
                continue;
            }
            let l = label[f as usize];
            for &(g, step) in &self.next[f as usize] {
                if c + step < cost[g as usize] && allowed(g, l) {
                    cost[g as usize] = c + step;
                    label[g as usize] = l;
                    queue.push(Reverse((c + step, g)));
                }
            }
        }
    }

    /// `count` different faces of `among`, spread so that each is the middle of what is nearest to it.
    fn spread(&self, among: &[Face], count: usize, rng: &mut Rng) -> Vec<Face> {
        let mut heavy: Vec<(f64, Face)> =
            among.iter().map(|&f| (self.weight[f as usize].sqrt() * rng.range(0.02, 1.0), f)).collect();
        heavy.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut places: Vec<P> = heavy.iter().take(count).map(|h| self.middle[h.1 as usize]).collect();
        for _ in 0..7 {
            let mut sum = vec![(P::default(), 0.0); places.len()];
            for &f in among {
                let at = self.middle[f as usize];
                let w = self.weight[f as usize] + 1.0;
                let s = &mut sum[nearest(&places, at)];
                *s = (s.0 + at * w, s.1 + w);
            }
            for (place, (total, w)) in places.iter_mut().zip(sum) {
                if w > 0.0 {
                    *place = total * (1.0 / w);
                }
            }
        }
        let mut taken: Vec<Face> = Vec::new();
        for place in places {
            let free = among.iter().filter(|f| !taken.contains(f));
            let best = free.min_by(|&&a, &&b| {
                let d = |f: Face| (self.middle[f as usize] - place).len();
                d(a).total_cmp(&d(b))
            });
            taken.extend(best.copied());
        }
        taken
    }
}

fn nearest(places: &[P], at: P) -> usize {
    let mut best = (f64::MAX, 0);
    for (i, &q) in places.iter().enumerate() {
        let d = (q - at).dot(q - at);
        if d < best.0 {
            best = (d, i);
        }
    }
    best.1
}

/// Draws `count` beats.
pub fn grow(done: &Districts, terrain: &Terrain, count: u32, rng: &mut Rng) -> Beats {
    let graph = Graph::new(done, terrain);
    let faces = done.ground.len();
    let land: Vec<Face> = (0..faces as Face).filter(|&f| !done.ground[f as usize].water).collect();
    let stations = (count as f64 / 9.0).round().max(1.0) as usize;
    let seeds = graph.spread(&land, stations, rng);
    let labelled = |s: &[Face], first: u32| -> Vec<(Face, u32)> { s.iter().copied().zip(first..).collect() };
    let mut station = vec![NONE; faces];
    graph.grow(&labelled(&seeds, 0), &mut station, |_, _| true);
    join_the_rest(&graph, &mut station);

    let mut members: Vec<Vec<Face>> = vec![Vec::new(); seeds.len()];
    for &f in &land {
        members[station[f as usize] as usize].push(f);
    }
    let weights: Vec<f64> =
        members.iter().map(|m| m.iter().map(|&f| graph.weight[f as usize]).sum()).collect();
    let mut beat_seeds = Vec::new();
    let mut station_of = Vec::new();
    for (s, (among, beats)) in members.iter().zip(share_out(count, &weights)).enumerate() {
        let own = graph.spread(among, beats as usize, rng);
        beat_seeds.extend(labelled(&own, station_of.len() as u32));
        station_of.extend(own.iter().map(|_| s as u32));
    }
    let mut of_face = vec![NONE; faces];
    graph.grow(&beat_seeds, &mut of_face, |f, l| station[f as usize] == station_of[l as usize]);
    join_the_rest(&graph, &mut of_face);
    Beats {
        of_face,
        station_of,
        county_of: seeds.iter().map(|&f| done.ground[f as usize].county).collect(),
        station_at: seeds.iter().map(|&f| graph.middle[f as usize]).collect(),
    }
}

/// Faces that no walk reaches (islands) join whom they are nearest to.
fn join_the_rest(graph: &Graph, label: &mut [u32]) {
    let reached: Vec<usize> = (0..label.len()).filter(|&f| label[f] != NONE).collect();
    for f in 0..label.len() {
        if label[f] == NONE {
            let d = |g: usize| (graph.middle[g] - graph.middle[f]).len();
            if let Some(&g) = reached.iter().min_by(|&&a, &&b| d(a).total_cmp(&d(b))) {
                label[f] = label[g];
            }
        }
    }
}
