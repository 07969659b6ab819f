//! What stands in each block: its use, how many addresses, and its number on a street.

use crate::{
    districts::{Districts, Rank},
    geom::{P, area, centroid},
    mesh::{Face, NO_STREET, Street, sides},
    names::{Kind, Names},
    plan::CityPlan,
    register::{Premises, Register},
    rng::Rng,
    terrain::Terrain,
};

/// What a block is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Use {
    /// 小区: rows of slabs.
    Compound,
    /// High-rises.
    Towers,
    /// Old lanes, dense and low.
    Lanes,
    Villas,
    Village,
    Market,
    Offices,
    Works,
    Campus,
    Hospital,
    Park,
    /// A railway or coach station.
    Transport,
    /// Bars and eating places.
    Nightlife,
}

/// A block of land with its addresses.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its face.
    pub face: Face,
    /// Its grid.
    pub grid: u32,
    /// What it is used for.
    pub used: Use,
    /// How many addresses it has.
    pub quota: u32,
    /// Number, within the city, of its first address.
    pub first: u32,
    /// The street that its number counts on.
    pub street: u32,
    /// Its number on that street.
    pub number: u32,
    /// How likely an incident is here.
    pub heat: f64,
}

/// All blocks, in the order of their grids' codes, and the names of the streets.
pub struct Blocks {
    /// See there.
    pub list: Vec<Block>,
    /// Names by street number.
    pub streets: Vec<String>,
}

impl Use {
    /// Addresses for each m², relative to a compound.
    fn crowd(self) -> f64 {
        match self {
            Self::Compound => 1.0,
            Self::Towers => 1.7,
            Self::Lanes => 1.4,
            Self::Villas => 0.3,
            Self::Village => 0.5,
            Self::Market => 0.9,
            Self::Nightlife => 0.9,
            Self::Offices => 0.6,
            Self::Works => 0.1,
            Self::Campus => 0.22,
            Self::Hospital => 0.12,
            Self::Transport => 0.15,
            Self::Park => 0.012,
        }
    }

    /// Incidents for each address, relative to a compound.
    fn heat(self) -> f64 {
        match self {
            Self::Compound | Self::Campus | Self::Works => 1.0,
            Self::Towers => 0.8,
            Self::Lanes => 1.5,
            Self::Villas => 0.5,
            Self::Village => 0.7,
            Self::Market => 3.5,
            Self::Nightlife => 4.5,
            Self::Offices => 1.2,
            Self::Hospital => 3.0,
            Self::Transport => 7.0,
            Self::Park => 5.0,
        }
    }
}

fn choose(density: f64, lakeward: f64, m2: f64, rng: &mut Rng) -> Use {
    use Use::*;
    if lakeward > 0.75 && rng.chance(0.35) {
        return *rng.pick(&[Villas, Villas, Park, Compound]);
    }
    let kinds =
        [Compound, Towers, Lanes, Village, Market, Nightlife, Offices, Works, Park, Transport, Campus];
    let weights: [u32; 11] = if density > 5.5 {
        [30, 24, 14, 0, 4, 4, 12, 1, 5, 1, 3]
    } else if density > 2.6 {
        [46, 16, 6, 4, 3, 2, 5, 8, 6, 1, 3]
    } else if density > 1.45 {
        [26, 4, 4, 38, 2, 0, 1, 16, 7, 0, 2]
    } else {
        [4, 0, 1, 74, 1, 0, 0, 12, 7, 0, 1]
    };
    match kinds[rng.weighted(&weights)] {
        // Rows of slabs need room.
        Compound | Towers if m2 < 3_500.0 => Lanes,
        u => u,
    }
}

impl Blocks {
    /// Fills the blocks of a city.
    pub fn new(plan: &CityPlan, done: &Districts, register: &Register, terrain: &Terrain, seed: u64) -> Self {
        let mut by_grid: Vec<Vec<Face>> = vec![Vec::new(); register.grids.len()];
        for (f, g) in done.ground.iter().enumerate() {
            if !g.water {
                by_grid[g.grid as usize].push(f as Face);
            }
        }
        let mut rng = Rng::of(&[seed, u64::from(plan.region), 6]);
        let shapes: Vec<(P, f64)> = (0..done.ground.len())
            .map(|f| {
                let s = done.mesh.shape(f as Face);
                (centroid(&s), area(&s))
            })
            .collect();
        let mut list = Vec::new();
        let mut wish: Vec<f64> = Vec::new();
        for &grid in &register.grid_order {
            let faces = &by_grid[grid as usize];
            let premises = register.premises[grid as usize];
            let uses: Vec<Use> = faces
                .iter()
                .map(|&f| {
                    let (at, m2) = shapes[f as usize];
                    match premises {
                        Some(Premises::Campus) => Use::Campus,
                        Some(Premises::Works) => Use::Works,
                        Some(Premises::Market) => Use::Market,
                        Some(Premises::Hospital) => Use::Hospital,
                        None => choose(terrain.density(at), terrain.lakeward(at), m2, &mut rng),
                    }
                })
                .collect();
            let size = match premises {
                None => 1.0,
                Some(Premises::Market) => 0.8,
                Some(_) => 0.35,
            };
            let grid_wish = size * (1.0 + 0.32 * rng.bell()).clamp(0.3, 2.2);
            // Large blocks are not filled in proportion: a village is a village.
            let crowd: Vec<f64> = uses
                .iter()
                .zip(faces)
                .map(|(u, &f)| u.crowd() * shapes[f as usize].1.sqrt() * 100.0)
                .collect();
            let total: f64 = crowd.iter().sum();
            for ((&used, &face), c) in uses.iter().zip(faces).zip(&crowd) {
                wish.push(grid_wish * c / total.max(1e-9));
                list.push(Block {
                    face,
                    grid,
                    used,
                    quota: 0,
                    first: 0,
                    street: NO_STREET,
                    number: 0,
                    heat: 0.0,
                });
            }
        }
        let scale = f64::from(plan.addresses) / wish.iter().sum::<f64>().max(1e-9);
        let mut first = 1;
        for (block, wish) in list.iter_mut().zip(&wish) {
            block.first = first;
            block.quota = rng.about(wish * scale).min(30_000);
            first += block.quota;
            let spot = if rng.chance(0.02) { 7.0 } else { 1.0 };
            let mood = (1.0 + 0.45 * rng.bell()).max(0.1);
            block.heat = (f64::from(block.quota) + 3.0) * block.used.heat() * spot * mood;
        }
        let streets = number(&mut list, done, &shapes, &Names::new(seed, plan.region));
        Self { list, streets }
    }
}

/// Gives each block its number on the widest street that it borders, and each street its name.
fn number(list: &mut [Block], done: &Districts, shapes: &[(P, f64)], names: &Names) -> Vec<String> {
    let width = |s: Street| done.streets[s as usize].rank;
    let mut on_street: Vec<(Street, bool, f64, usize)> = Vec::new();
    for (i, block) in list.iter_mut().enumerate() {
        let ring = &done.mesh.ring[block.face as usize];
        let best = sides(ring)
            .map(|(u, v)| done.mesh.street_of(u, v))
            .filter(|&s| s != NO_STREET)
            .min_by_key(|&s| (width(s), s));
        block.street = best.unwrap_or(0);
        if let Some(info) = done.streets.get(block.street as usize) {
            let from_start = shapes[block.face as usize].0 - info.start;
            on_street.push((block.street, info.along.cross(from_start) > 0.0, info.along.dot(from_start), i));
        }
    }
    on_street.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)).then(a.3.cmp(&b.3)));
    let mut last = (NO_STREET, false);
    let mut next = 0;
    for &(street, left, _, i) in &on_street {
        if (street, left) != last {
            last = (street, left);
            next = if left { 1 } else { 2 };
        }
        list[i].number = next;
        next += 2;
    }
    // The widest streets get the plain names.
    let mut order: Vec<usize> = (0..done.streets.len()).collect();
    order.sort_by_key(|&s| (done.streets[s].rank, s));
    let mut out = vec![String::from("环湖路"); done.streets.len().max(1)];
    for (n, s) in order.into_iter().enumerate() {
        let suffix = match done.streets[s].rank {
            Rank::County => "大道",
            Rank::Town | Rank::Community => "路",
            Rank::Grid => {
                if n % 3 == 0 {
                    "街"
                } else {
                    "路"
                }
            }
            Rank::Block => {
                if n % 2 == 0 {
                    "巷"
                } else {
                    "弄"
                }
            }
        };
        out[s] = format!("{}{suffix}", names.place(Kind::Street, n));
    }
    out
}
