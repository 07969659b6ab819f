//! The ground before any street: outline with a lake shore, river and canals, where people live.

use crate::{
    geom::{Frame, P, cos, inside, p, sin, to_border},
    plan::CityPlan,
    rng::Rng,
};
use std::f64::consts::TAU;

/// A place that people are drawn to.
#[derive(Clone, Copy, Debug)]
pub struct Centre {
    /// Where.
    pub at: P,
    /// Distance at which its pull has fallen to a quarter, metres.
    pub reach: f64,
    /// Its pull, in multiples of open country.
    pub pull: f64,
}

/// The ground of one city.
pub struct Terrain {
    /// Ties metres to the lattice.
    pub frame: Frame,
    /// Mean radius, metres.
    pub radius: f64,
    /// The outline of the land, counter-clockwise; the lake lies outside.
    pub outline: Vec<P>,
    /// Islands in the lake.
    pub islands: Vec<Vec<P>>,
    /// The river and then the canals: centre line and width in metres.
    pub waters: Vec<(Vec<P>, f64)>,
    /// The core first, then the centres of counties and towns.
    pub centres: Vec<Centre>,
    /// The direction from the middle to the lake.
    pub lake: P,
    waves: [(P, f64, f64); 5],
}

/// A closed wandering line: how far it is out at each angle, as a sum of waves.
struct Wobble(Vec<(f64, f64, f64)>);

impl Wobble {
    fn new(rng: &mut Rng, from: u32, to: u32, size: f64, steep: bool) -> Self {
        Self(
            (from..=to)
                .map(|k| {
                    let k = f64::from(k);
                    (k, size * falling(f64::from(from) / k, steep) * rng.range(0.5, 1.2), rng.range(0.0, TAU))
                })
                .collect(),
        )
    }

    fn at(&self, angle: f64) -> f64 {
        self.0.iter().map(|&(k, size, phase)| size * cos(k * angle + phase)).sum()
    }
}

/// `share` to the power 1.25 or 1.5, by square roots, which are exact everywhere (the system's power is not).
fn falling(share: f64, steep: bool) -> f64 {
    if steep { share * share.sqrt() } else { share * share.sqrt().sqrt() }
}

/// Appends places between `a` and `b`: the middle moved aside by up to a sixth of the distance, and so on
/// in both halves down to sides of `fine` metres.
fn roughen(rng: &mut Rng, a: P, b: P, fine: f64, out: &mut Vec<P>) {
    let side = b - a;
    if side.len() > fine {
        let middle = a.toward(b, rng.range(0.4, 0.6)) + side.left() * (0.075 * rng.bell()).clamp(-0.16, 0.16);
        roughen(rng, a, middle, fine, out);
        out.push(middle);
        roughen(rng, middle, b, fine, out);
    }
}

/// 1 at 0, falling smoothly to 0 at ±1.
fn bump(x: f64) -> f64 {
    let q = 1.0 - x * x;
    if q > 0.0 { q * q } else { 0.0 }
}

/// The difference of two angles, −π ..= π.
fn between(a: f64, b: f64) -> f64 {
    let d = (a - b) / TAU;
    (d - d.round()) * TAU
}

impl Terrain {
    /// The ground of a city, by seed.
    pub fn new(plan: &CityPlan, seed: u64) -> Self {
        let mut rng = Rng::of(&[seed, u64::from(plan.region), 1]);
        let radius = plan.radius;
        let frame = Frame::new(plan.origin);
        let lake_at = 4.05 + 0.25 * rng.range(-1.0, 1.0); // south-west, in radians from east
        let lake = P::of_angle(lake_at);
        let country = Wobble::new(&mut rng, 2, 7, 0.075, false);
        let bays = Wobble::new(&mut rng, 5, 26, 0.055, true);
        // 0 outside the lake's sector, 1 in its middle.
        let wet = |angle: f64| bump(between(angle, lake_at) / 1.15);
        let reach = |angle: f64| {
            let w = wet(angle);
            let land = 1.0 + country.at(angle);
            (land * (1.0 - 0.34 * w) + 1.1 * bays.at(angle) * w.sqrt()).clamp(0.45, 1.2)
        };
        let outline = Self::outline(&mut rng, radius, &reach, &wet);
        let islands = Self::islands(&mut rng, radius, lake_at, &reach, &outline);
        let core = p(rng.range(0.02, 0.12), rng.range(0.02, 0.12)) * radius;
        let waters = Self::waters(&mut rng, radius, lake_at, core);
        let centres = Self::centres(&mut rng, plan, core, lake_at);
        let waves = std::array::from_fn(|i| {
            let k = [1.3, 2.1, 3.4, 5.2, 7.9][i] / radius;
            (P::of_angle(rng.range(0.0, TAU)) * k, rng.range(0.0, TAU), [0.30, 0.24, 0.2, 0.16, 0.12][i])
        });
        Self { frame, radius, outline, islands, waters, centres, lake, waves }
    }

    /// The outline: a smooth shore along the lake; elsewhere straight runs from corner to corner, roughened
    /// by moving the middle of each side again and again, as borders follow ditches and field edges.
    fn outline(rng: &mut Rng, radius: f64, reach: &dyn Fn(f64) -> f64, wet: &dyn Fn(f64) -> f64) -> Vec<P> {
        let fine = (radius / 40.0).clamp(50.0, 240.0);
        let mut corners: Vec<(P, bool)> = Vec::new();
        let mut angle = 0.0;
        while angle < TAU - 0.02 {
            let shore = wet(angle) > 0.0;
            let uneven = if shore { 0.0 } else { 0.05 * rng.bell() };
            let far = radius * (reach(angle) + uneven).clamp(0.45, 1.22);
            corners.push((P::of_angle(angle) * far, shore));
            angle += if shore { fine / radius } else { rng.range(0.07, 0.3) };
        }
        let mut out = Vec::new();
        for i in 0..corners.len() {
            let (a, shore) = corners[i];
            let (b, shore_too) = corners[(i + 1) % corners.len()];
            out.push(a);
            if !(shore && shore_too) {
                roughen(rng, a, b, fine, &mut out);
            }
        }
        out
    }

    fn islands(
        rng: &mut Rng,
        radius: f64,
        lake_at: f64,
        reach: &dyn Fn(f64) -> f64,
        outline: &[P],
    ) -> Vec<Vec<P>> {
        let size = (radius * 0.035).min(700.0);
        let mut islands: Vec<Vec<P>> = Vec::new();
        for turn in [-0.28, 0.17, 0.45] {
            let angle = lake_at + turn + 0.06 * rng.bell();
            let shore = (-8..=8).map(|k| reach(angle + 0.02 * f64::from(k))).fold(0.0, f64::max);
            let middle = P::of_angle(angle) * (radius * shore + size * rng.range(2.2, 3.4));
            let shape = Wobble::new(rng, 2, 7, 0.16, false);
            let size = size * rng.range(0.5, 1.0);
            let island: Vec<P> = (0..28)
                .map(|i| {
                    let a = TAU * f64::from(i) / 28.0;
                    middle + P::of_angle(a) * (size * (1.0 + shape.at(a)).max(0.4))
                })
                .collect();
            // Water all around, or no island.
            let clear =
                |other: &[P]| island.iter().all(|&q| !inside(other, q) && to_border(other, q) > size / 4.0);
            if clear(outline) && islands.iter().all(|o| clear(o)) {
                islands.push(island);
            }
        }
        islands
    }

    /// A line from `a` to `b` that meanders by `sway` metres in bends of about `bend` metres.
    fn meander(rng: &mut Rng, a: P, b: P, sway: f64, bend: f64, step: f64) -> Vec<P> {
        let size = (b - a).len();
        let count = (size / step).max(4.0) as usize;
        let waves = [(1.0, 1.0), (0.45, 2.3), (0.2, 4.1)]
            .map(|(h, f)| (h * sway, TAU * f * size / bend * rng.range(0.85, 1.15), rng.range(0.0, TAU)));
        let across = (b - a).left().unit();
        (0..=count)
            .map(|i| {
                let t = i as f64 / count as f64;
                let off: f64 = waves.iter().map(|&(h, f, phase)| h * sin(f * t + phase)).sum();
                a.toward(b, t) + across * off
            })
            .collect()
    }

    fn waters(rng: &mut Rng, radius: f64, lake_at: f64, core: P) -> Vec<(Vec<P>, f64)> {
        let small = radius < 3_000.0;
        let width = if small { 30.0 } else { (50.0 + radius * 0.0048).min(210.0) };
        let beside = core + P::of_angle(lake_at + 2.4) * (radius * 0.12);
        let source = P::of_angle(lake_at + 2.75) * (radius * 1.35);
        let mouth = P::of_angle(lake_at + 0.35) * (radius * 1.35);
        // Two reaches that meet beside the core, rounded where they meet.
        let step = (radius / 80.0).clamp(45.0, 160.0);
        let sway = radius * 0.05;
        let mut river = Self::meander(rng, source, beside, sway, radius * 0.75, step);
        let lower = Self::meander(rng, beside, mouth, sway, radius * 0.75, step);
        river.extend(lower.into_iter().skip(1));
        for _ in 0..30 {
            let before = river.clone();
            for i in 1..river.len() - 1 {
                river[i] = before[i] * 0.5 + (before[i - 1] + before[i + 1]) * 0.25;
            }
        }
        let mut waters = Vec::new();
        let canals: &[(f64, f64)] = if small {
            &[]
        } else if radius < 12_000.0 {
            &[(0.42, -1.05), (0.52, 1.1)]
        } else {
            &[(0.30, -0.95), (0.45, 1.15), (0.62, -1.35)]
        };
        let narrow = (width * 0.42).max(24.0);
        for &(along, turn) in canals {
            let i = (along * river.len() as f64) as usize;
            let from = river[i];
            let flow = (river[i + 1] - river[i - 1]).unit();
            let side = if turn > 0.0 { flow.left() } else { -flow.left() };
            let slant = turn.abs() - 1.0;
            let to = from + (side + flow * slant).unit() * (radius * 2.4);
            let canal = Self::meander(rng, from, to, radius * 0.012, radius * 1.1, step * 1.6);
            waters.push((canal, narrow));
        }
        waters.insert(0, (river, width));
        waters
    }

    fn centres(rng: &mut Rng, plan: &CityPlan, core: P, lake_at: f64) -> Vec<Centre> {
        let radius = plan.radius;
        let wide = plan.counties > 1;
        let mut centres = vec![Centre {
            at: core,
            reach: radius * if wide { 0.2 } else { 0.38 },
            pull: if wide { 24.0 } else { 6.5 },
        }];
        let around = |rng: &mut Rng, near: f64, far: f64| {
            // Not in the lake: turn away from it.
            let angle = lake_at + rng.range(1.0, TAU - 1.0);
            P::of_angle(angle) * (radius * rng.range(near, far))
        };
        let (seats, towns) = if wide { (plan.counties.max(5), plan.grids / 170) } else { (3, 5) };
        for i in 0..seats {
            let angle = lake_at + 1.0 + (TAU - 2.0) * (f64::from(i) + rng.range(0.2, 0.8)) / f64::from(seats);
            centres.push(Centre {
                at: P::of_angle(angle) * (radius * rng.range(0.5, 0.74)),
                reach: radius * if wide { 0.065 } else { 0.11 } * rng.range(0.8, 1.25),
                pull: if wide { 15.0 } else { 4.0 } * rng.range(0.7, 1.2),
            });
        }
        for _ in 0..towns {
            centres.push(Centre {
                at: around(rng, 0.25, 0.95),
                reach: if wide { rng.range(500.0, 1_100.0) } else { radius * rng.range(0.05, 0.08) },
                pull: if wide { rng.range(5.0, 9.0) } else { rng.range(1.5, 3.0) },
            });
        }
        centres
    }

    /// How densely people live at a place; open country is 1.
    pub fn density(&self, at: P) -> f64 {
        self.centres.iter().fold(1.0, |sum, c| {
            let q = (at - c.at).dot(at - c.at) / (c.reach * c.reach);
            sum + c.pull / ((1.0 + q) * (1.0 + q))
        })
    }

    /// The direction that streets take at a place, as an angle in radians.
    pub fn street_angle(&self, at: P) -> f64 {
        self.waves.iter().map(|&(k, phase, size)| size * sin(TAU * k.dot(at) + phase)).sum()
    }

    /// How far a place is towards the lake: 1 at a shore in the lake's direction, 0 in the middle or behind it.
    pub fn lakeward(&self, at: P) -> f64 {
        (at.dot(self.lake) / (0.66 * self.radius)).clamp(0.0, 1.2)
    }
}
