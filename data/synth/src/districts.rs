//! Counties, towns, communities, grids and blocks: the ground cut rank by rank along streets.
//!
//! Each rank cuts every face of the rank above, so an area's parents hold by construction. Where a face
//! is cut depends on how many grids it is to hold, so that grids are small where people live.

use crate::{
    cut::{Cut, Outline, Style, carries_on, long_axis},
    geom::{P, area, bounds, centroid, inside, p},
    mesh::{End, Face, Mesh, NO_STREET, Street, Vertex},
    rng::Rng,
    share::share_out,
    terrain::Terrain,
};

/// No area of that rank: water.
pub const NONE: u32 = u32::MAX;

/// The ranks of cuts, from the widest streets to the narrowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Rank {
    County,
    Town,
    Community,
    Grid,
    Block,
}

/// What is known of a face.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    /// River or canal.
    pub water: bool,
    /// Numbers within the city, [`NONE`] for water.
    pub county: u32,
    /// See `county`.
    pub town: u32,
    /// See `county`.
    pub community: u32,
    /// See `county`.
    pub grid: u32,
    /// Direction of the streets, radians.
    pub angle: f64,
    /// How many grids the face holds.
    pub holds: u32,
}

/// A street: its rank and how many pieces were added to it.
#[derive(Clone, Copy, Debug)]
pub struct StreetInfo {
    /// The widest rank that it has.
    pub rank: Rank,
    /// Where it began, and its direction there.
    pub start: P,
    /// Unit vector.
    pub along: P,
}

/// The ground of one city cut down to blocks.
pub struct Districts {
    /// All faces.
    pub mesh: Mesh,
    /// For each face.
    pub ground: Vec<Ground>,
    /// For each street number.
    pub streets: Vec<StreetInfo>,
    /// How many counties, towns, communities, grids there are.
    pub counts: [u32; 4],
    /// Grids that lie as a hole in another one: campuses, works, markets.
    pub enclosed: Vec<u32>,
}

/// The cutter at work.
pub struct Cutter<'a> {
    /// What it has made so far.
    pub done: Districts,
    /// The ground.
    pub terrain: &'a Terrain,
    /// Its random numbers.
    pub rng: Rng,
}

impl Cutter<'_> {
    fn style(&self, rank: Rank, size: f64, rural: bool) -> Style {
        let wild = if rural { 1.6 } else { 1.0 };
        match rank {
            Rank::County => Style { bow: 0.05, wander: 0.03 * wild, step: 150.0, snap: 90.0, gap: 14.0 },
            Rank::Town => Style { bow: 0.07, wander: 0.016 * wild, step: 110.0, snap: 80.0, gap: 12.0 },
            Rank::Community => {
                Style { bow: 0.05, wander: 0.012 * wild, step: 80.0, snap: 0.16 * size, gap: 10.0 }
            }
            Rank::Grid => Style { bow: 0.025, wander: 0.008 * wild, step: 70.0, snap: 0.2 * size, gap: 9.0 },
            Rank::Block => Style { bow: 0.0, wander: 0.0, step: 1e9, snap: 0.15 * size, gap: 8.0 },
        }
    }

    /// Random places in a face with the density there; blocks are small enough to count as even.
    fn sample(&mut self, shape: &[P], count: usize, rank: Rank) -> Vec<(P, f64)> {
        let (low, high) = bounds(shape);
        let mut out = Vec::with_capacity(count);
        for _ in 0..count * 12 {
            let at = p(self.rng.range(low.x, high.x), self.rng.range(low.y, high.y));
            if inside(shape, at) {
                let weight = if rank == Rank::Block { 1.0 } else { self.terrain.density(at) };
                out.push((at, weight));
                if out.len() == count {
                    break;
                }
            }
        }
        out
    }

    /// The best cut of a face that leaves about `share` of its weight on the left.
    fn best_cut(&mut self, face: Face, share: f64, rank: Rank, samples: &[(P, f64)]) -> Option<Cut> {
        let outline = Outline::of(&self.done.mesh, face);
        let size = area(&outline.shape).sqrt();
        let middle = centroid(&outline.shape);
        let rural = self.terrain.density(middle) < 2.2;
        let style = self.style(rank, size, rural);
        let angle = self.done.ground[face as usize].angle;
        let streets = P::of_angle(angle);
        let places: Vec<P> = samples.iter().map(|s| s.0).collect();
        let long = long_axis(&places);
        let mut candidates: Vec<(Cut, f64)> = Vec::new();
        let total: f64 = samples.iter().map(|s| s.1).sum();
        for (along, dear) in [(streets, 0.0), (streets.left(), 0.0), (long.left(), 0.25)] {
            let mut order: Vec<(f64, f64)> = samples.iter().map(|&(q, w)| (q.dot(along.left()), w)).collect();
            order.sort_by(|a, b| b.0.total_cmp(&a.0));
            for shift in [0.0, -0.07, 0.07] {
                let mut seen = 0.0;
                let goal = (share + shift).clamp(0.1, 0.9) * total;
                let Some(&(q, _)) = order.iter().find(|&&(_, w)| {
                    seen += w;
                    seen >= goal
                }) else {
                    continue;
                };
                let at = along.left() * q + along * middle.dot(along);
                if let Some(mut cut) = outline.chord(at, along, &style) {
                    let width = chord_length(&self.done.mesh, &cut) / size;
                    cut.cost += 1.1 * width + dear + shift.abs() + 0.1 * self.rng.unit();
                    candidates.push((cut, shift));
                }
            }
        }
        candidates.sort_by(|a, b| a.0.cost.total_cmp(&b.0.cost));
        for (cut, _) in &candidates {
            if let Some(drawn) = outline.draw(&self.done.mesh, cut, &style, &mut self.rng) {
                return Some(drawn);
            }
        }
        // An awkward face: any direction, less room.
        let tight = Style { snap: 12.0, gap: 4.0, bow: 0.0, wander: 0.0, ..style };
        for k in 0..24 {
            let along = P::of_angle(angle + f64::from(k) * 0.131);
            let at = places.get(self.rng.below(places.len().max(1))).copied().unwrap_or(middle);
            if let Some(cut) = outline.chord(middle.toward(at, 0.4), along, &tight)
                && outline.fits(&self.done.mesh, &cut, tight.gap)
            {
                return Some(cut);
            }
        }
        None
    }

    /// Cuts a face; the new face is what lies right of the cut. Carries a street on where it can.
    fn apply(&mut self, face: Face, cut: &Cut, rank: Rank) -> Option<Face> {
        let outline = Outline::of(&self.done.mesh, face);
        let street = carries_on(&self.done.mesh, &outline, cut).unwrap_or_else(|| self.new_street(rank, cut));
        let split = self.done.mesh.split(face, cut.from, &cut.via, cut.to, street)?;
        let ground = self.done.ground[face as usize];
        self.done.ground.push(ground);
        if rank <= Rank::Community {
            self.bridge(split.from, [face, split.new]);
            self.bridge(split.to, [face, split.new]);
        }
        Some(split.new)
    }

    fn new_street(&mut self, rank: Rank, cut: &Cut) -> Street {
        let (a, b) = (self.end_place(cut.from), self.end_place(cut.to));
        self.done.streets.push(StreetInfo { rank, start: a, along: (b - a).unit() });
        (self.done.streets.len() - 1) as Street
    }

    fn end_place(&self, end: End) -> P {
        match end {
            End::Corner(v) => self.done.mesh.pos[v as usize],
            End::Side(_, _, q) => q,
        }
    }

    /// Where a street ends at a bank, cuts the water across, so that a street of the other bank can join it.
    fn bridge(&mut self, end: Vertex, sides_of: [Face; 2]) {
        let Some((_, outward)) = self.done.mesh.ending[end as usize] else {
            return;
        };
        for face in sides_of {
            let ring = &self.done.mesh.ring[face as usize];
            let Some(i) = ring.iter().position(|&v| v == end) else {
                continue;
            };
            let (before, after) = (ring[(i + ring.len() - 1) % ring.len()], ring[(i + 1) % ring.len()]);
            for beyond in [self.done.mesh.left_of(end, before), self.done.mesh.left_of(after, end)] {
                if let Some(water) = beyond
                    && self.done.ground[water as usize].water
                {
                    self.cross_water(water, end, outward);
                    return;
                }
            }
        }
    }

    /// Cuts a water face from the bank vertex `w` in about the direction `outward`.
    pub fn cross_water(&mut self, water: Face, w: Vertex, outward: P) {
        let outline = Outline::of(&self.done.mesh, water);
        let style = Style { bow: 0.0, wander: 0.0, step: 1e9, snap: 15.0, gap: 3.0 };
        let from = self.done.mesh.pos[w as usize];
        let mut best: Option<(f64, Cut)> = None;
        for turn in [0.0, 0.35, -0.35, 0.7, -0.7] {
            let (s, c) = (crate::geom::sin(turn), crate::geom::cos(turn));
            let d = p(outward.x * c - outward.y * s, outward.x * s + outward.y * c);
            // A short step into the water, so that the chord is the one across it.
            let Some(mut cut) = outline.chord(from + d * 4.0, d, &style) else {
                continue;
            };
            let (a, b) = (self.end_place(cut.from), self.end_place(cut.to));
            let far = if (a - from).len() < (b - from).len() {
                cut.from = End::Corner(w);
                b
            } else {
                cut.to = End::Corner(w);
                a
            };
            let size = (far - from).len();
            if size < 400.0
                && outline.fits(&self.done.mesh, &cut, 1.5)
                && best.as_ref().is_none_or(|b| size < b.0)
            {
                best = Some((size, cut));
            }
        }
        if let Some((_, cut)) = best
            && self.done.mesh.split(water, cut.from, &cut.via, cut.to, NO_STREET).is_some()
        {
            let ground = self.done.ground[water as usize];
            self.done.ground.push(ground);
        }
    }

    /// Cuts a face into `parts` of about equal weight; gives the faces, fewer where it cannot be cut.
    pub fn divide(&mut self, face: Face, parts: u32, rank: Rank) -> Vec<Face> {
        let mut todo = vec![(face, parts)];
        let mut done = Vec::new();
        while let Some((face, parts)) = todo.pop() {
            if parts <= 1 {
                done.push(face);
                continue;
            }
            let holds = self.done.ground[face as usize].holds;
            let shape = self.done.mesh.shape(face);
            let count = match rank {
                Rank::Block => 60,
                _ if holds > 150 => 1_500,
                _ => 130,
            };
            let samples = self.sample(&shape, count, rank);
            let loose = if parts > 4 { self.rng.range(-0.1, 0.1) } else { 0.0 };
            let half = if self.rng.chance(0.5) { parts / 2 } else { parts.div_ceil(2) };
            let share = f64::from(half) / f64::from(parts) + loose;
            let cut = self.best_cut(face, share, rank, &samples);
            let Some(new) = cut.and_then(|c| self.apply(face, &c, rank)) else {
                done.push(face);
                continue;
            };
            let kept = self.done.mesh.shape(face);
            let (mut left, mut all) = (0.0, 0.0);
            for &(q, w) in &samples {
                all += w;
                if inside(&kept, q) {
                    left += w;
                }
            }
            let part = left / f64::max(all, 1e-9);
            let split = |n: u32| ((f64::from(n) * part).round() as u32).clamp(1, n - 1);
            let kept_parts = split(parts);
            let kept_holds = if holds > parts {
                split(holds).clamp(kept_parts, holds - (parts - kept_parts))
            } else {
                kept_parts
            };
            self.done.ground[face as usize].holds = kept_holds;
            self.done.ground[new as usize].holds = holds.saturating_sub(kept_holds).max(1);
            todo.push((new, parts - kept_parts));
            todo.push((face, kept_parts));
        }
        done
    }

    /// Cuts the land down to grids and blocks.
    pub fn cut_all(&mut self, land: &[Face], counties: u32) {
        let weights: Vec<f64> = land.iter().map(|&f| f64::from(self.done.ground[f as usize].holds)).collect();
        let shares = share_out(counties, &weights);
        let mut faces = Vec::new();
        let mut count = [0u32; 4];
        for (&f, parts) in land.iter().zip(shares) {
            let got = if counties == 1 { vec![f] } else { self.divide(f, parts, Rank::County) };
            for g in got {
                self.done.ground[g as usize].county = count[0];
                count[0] += u32::from(counties > 1);
                faces.push(g);
            }
        }
        count[0] = count[0].max(1);
        faces = self.cut_rank(&faces, Rank::Town, 100.0, |g, n| g.town = n, &mut count[1]);
        for &f in &faces {
            let angle =
                self.terrain.street_angle(centroid(&self.done.mesh.shape(f))) + 0.12 * self.rng.bell();
            self.done.ground[f as usize].angle = angle;
        }
        faces = self.cut_rank(&faces, Rank::Community, 7.3, |g, n| g.community = n, &mut count[2]);
        for &f in &faces {
            self.done.ground[f as usize].angle += 0.03 * self.rng.bell();
        }
        self.cut_rank(&faces, Rank::Grid, 1.0, |g, n| g.grid = n, &mut count[3]);
        self.done.counts = count;
    }

    fn cut_rank(
        &mut self,
        faces: &[Face],
        rank: Rank,
        size: f64,
        set: fn(&mut Ground, u32),
        next: &mut u32,
    ) -> Vec<Face> {
        let mut out = Vec::new();
        for &f in faces {
            let parts = ((f64::from(self.done.ground[f as usize].holds) / size).round() as u32).max(1);
            for g in self.divide(f, parts, rank) {
                set(&mut self.done.ground[g as usize], *next);
                *next += 1;
                out.push(g);
            }
        }
        out
    }

    /// Cuts every face of a grid into blocks: smaller ones where people live densely.
    pub fn cut_blocks(&mut self) {
        for face in 0..self.done.mesh.ring.len() as Face {
            if self.done.ground[face as usize].water {
                continue;
            }
            let shape = self.done.mesh.shape(face);
            let urban = self.terrain.density(centroid(&shape)).min(16.0);
            let block = (40_000.0 / urban.sqrt()).clamp(9_000.0, 40_000.0) * self.rng.range(0.75, 1.3);
            let parts = ((area(&shape) / block).round() as u32).clamp(1, 7);
            self.done.ground[face as usize].holds = 1;
            self.divide(face, parts, Rank::Block);
        }
    }
}

fn chord_length(mesh: &Mesh, cut: &Cut) -> f64 {
    let place = |e: End| match e {
        End::Corner(v) => mesh.pos[v as usize],
        End::Side(_, _, q) => q,
    };
    (place(cut.to) - place(cut.from)).len()
}
