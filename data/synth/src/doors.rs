//! The addresses of a block: rows of houses set back from its streets, shops along them.
//!
//! A block's doors depend only on the city and the block, so whoever needs them makes them again: the
//! writer of addresses, that of residents and that of incidents never wait for each other.

use crate::{
    blocks::{Block, Use},
    districts::Districts,
    geom::{P, area, bounds, centroid, inside, p, to_border},
    mesh::{Face, NO_STREET},
    rng::Rng,
};
use gridbeat_onemap::E7;

/// What is behind a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// A dwelling in a house with stairs: 3幢2单元501室.
    Flat,
    /// A house of its own: 12弄35号.
    House,
    /// A shop on the street: 12-3号.
    Shop,
    /// A room in an office building: 2座801室.
    Office,
    /// A works hall, a ward, a lecture building: 4号楼.
    Hall,
}

/// One address.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    /// Where.
    pub at: E7,
    /// House within the block.
    pub house: u32,
    /// Staircase within the house.
    pub stairs: u32,
    /// Room: 501 is the first on the fifth floor.
    pub room: u32,
    /// See [`Behind`].
    pub behind: Behind,
}

impl Door {
    /// Whether people live there.
    pub fn is_home(&self) -> bool {
        matches!(self.behind, Behind::Flat | Behind::House)
    }
}

/// How houses of one use stand.
struct Layout {
    /// Distance of staircases in a row, and of rows, metres.
    spacing: (f64, f64),
    /// Distance from the street.
    back: f64,
    /// Staircases to a house, and the gap after it.
    run: (u32, f64),
    /// Rooms on a floor.
    floor: u32,
    behind: Behind,
    /// Share of addresses that are shops along the street.
    shops: f64,
}

fn layout(used: Use) -> Layout {
    use Behind::*;
    let l = |spacing, back, run, floor, behind, shops| Layout { spacing, back, run, floor, behind, shops };
    match used {
        Use::Compound => l((15.0, 33.0), 13.0, (3, 11.0), 2, Flat, 0.14),
        Use::Towers => l((24.0, 50.0), 18.0, (2, 26.0), 4, Flat, 0.12),
        Use::Lanes => l((8.5, 13.0), 6.0, (8, 4.0), 1, House, 0.2),
        Use::Villas => l((24.0, 32.0), 12.0, (1, 6.0), 1, House, 0.0),
        Use::Village => l((12.0, 21.0), 9.0, (6, 9.0), 1, House, 0.05),
        Use::Market => l((7.0, 12.0), 8.0, (10, 6.0), 1, Shop, 0.3),
        Use::Nightlife => l((9.0, 16.0), 8.0, (6, 5.0), 2, Shop, 0.5),
        Use::Offices => l((42.0, 56.0), 18.0, (1, 10.0), 8, Office, 0.25),
        Use::Works => l((62.0, 54.0), 16.0, (1, 10.0), 1, Hall, 0.08),
        Use::Campus => l((58.0, 48.0), 20.0, (1, 8.0), 3, Hall, 0.05),
        Use::Hospital => l((55.0, 50.0), 18.0, (1, 8.0), 4, Hall, 0.1),
        Use::Park | Use::Transport => l((45.0, 45.0), 15.0, (1, 10.0), 1, Hall, 0.5),
    }
}

/// A place where stairs, or a shop, can be.
#[derive(Clone, Copy)]
struct Site {
    at: P,
    house: u32,
    stairs: u32,
}

/// How many of a block's doors are shops along its streets; the first thing that its stream decides.
fn shops_wanted(plan: &Layout, block: &Block, fronts: usize, rng: &mut Rng) -> usize {
    let wanted = rng.about(plan.shops * f64::from(block.quota)) as usize;
    if fronts == 0 { 0 } else { wanted.min(block.quota as usize) }
}

fn stream(block: &Block, seed: u64, region: u16) -> Rng {
    Rng::of(&[seed, u64::from(region), 7, u64::from(block.face)])
}

/// How many of a block's doors are homes, without making them.
pub fn homes(done: &Districts, block: &Block, seed: u64, region: u16) -> u32 {
    let plan = layout(block.used);
    if !matches!(plan.behind, Behind::Flat | Behind::House) {
        return 0;
    }
    let fronts =
        if plan.shops > 0.0 { street_front(done, block.face, &done.mesh.shape(block.face)).len() } else { 0 };
    block.quota - shops_wanted(&plan, block, fronts, &mut stream(block, seed, region)) as u32
}

/// The doors of a block, exactly as many as its quota.
pub fn doors(done: &Districts, block: &Block, seed: u64, region: u16) -> Vec<Door> {
    let mut rng = stream(block, seed, region);
    let shape = done.mesh.shape(block.face);
    let plan = layout(block.used);
    let quota = block.quota as usize;
    // South-facing rows, as nearly as the block's streets allow.
    let a = P::of_angle(done.ground[block.face as usize].angle);
    let along = if a.x.abs() >= a.y.abs() { a } else { a.left() };
    let along = if along.x < 0.0 { -along } else { along };

    let mut shops = if plan.shops > 0.0 { street_front(done, block.face, &shape) } else { Vec::new() };
    let want_shops = shops_wanted(&plan, block, shops.len(), &mut rng);
    let want = quota - want_shops;
    let mut sites =
        if want > 0 { rows(&shape, along, &plan, block.used, want, &mut rng) } else { Vec::new() };
    if sites.is_empty() {
        sites.push(Site { at: some_place(&shape, &mut rng), house: 1, stairs: 1 });
    }
    if shops.is_empty() {
        shops.push(sites[0]);
    }
    let mut out = Vec::with_capacity(quota);
    let lattice = |q: P| done.mesh.frame.lattice(q);
    for i in 0..want {
        let k = i * sites.len() / want;
        let site = sites[k];
        // The first door of this site: the smallest j with j·sites/want = k.
        let first = (k * want).div_ceil(sites.len());
        let n = (i - first) as u32;
        let (level, side) = (n / plan.floor, n % plan.floor);
        // Doors of one staircase lie a few metres apart, as surveyors place them, not on one point.
        let spread = match plan.behind {
            Behind::Flat | Behind::Office => {
                let across = f64::from(level % 5) * 1.6 - 3.2;
                along * ((f64::from(side) - f64::from(plan.floor - 1) / 2.0) * 3.4) + along.left() * across
            }
            _ => P::default(),
        };
        let jitter = p(rng.range(-0.6, 0.6), rng.range(-0.6, 0.6));
        let at = site.at + spread + jitter;
        let at = if inside(&shape, at) { at } else { site.at };
        out.push(Door {
            at: lattice(at),
            house: if plan.behind == Behind::House { i as u32 + 1 } else { site.house },
            stairs: if plan.behind == Behind::Shop { 0 } else { site.stairs },
            room: match plan.behind {
                Behind::Shop => i as u32 + 1 + want_shops as u32,
                Behind::Hall => n + 1,
                _ => (level + 1) * 100 + side + 1,
            },
            behind: plan.behind,
        });
    }
    for i in 0..want_shops {
        let site = shops[i * shops.len() / want_shops];
        let jitter = p(rng.range(-0.8, 0.8), rng.range(-0.8, 0.8));
        let at = if inside(&shape, site.at + jitter) { site.at + jitter } else { site.at };
        out.push(Door { at: lattice(at), house: 0, stairs: 0, room: i as u32 + 1, behind: Behind::Shop });
    }
    out
}

/// Rows of staircases inside a block; near its middle (or its road) first where few are wanted.
fn rows(shape: &[P], along: P, plan: &Layout, used: Use, want: usize, rng: &mut Rng) -> Vec<Site> {
    let across = along.left();
    let turned: Vec<P> = shape.iter().map(|q| p(q.dot(along), q.dot(across))).collect();
    let (mut low, mut high) = bounds(&turned);
    let clustered = matches!(used, Use::Village | Use::Works | Use::Campus | Use::Villas);
    let heart = if clustered { heart(&turned, rng) } else { centroid(&turned) };
    if used == Use::Village {
        // A village takes the room that it needs, not the fields.
        let reach = (want as f64 * plan.spacing.0 * plan.spacing.1).sqrt() * 1.3 + 40.0;
        low = p(low.x.max(heart.x - reach), low.y.max(heart.y - reach));
        high = p(high.x.min(heart.x + reach), high.y.min(heart.y + reach));
    }
    let mut sites = Vec::new();
    let mut house = 0;
    let mut y = low.y + plan.back + rng.range(0.0, 0.4) * plan.spacing.1;
    while y < high.y {
        let mut x = low.x + rng.range(0.0, 1.0) * plan.spacing.0;
        let mut stairs = 0;
        house += 1;
        let slip = if used == Use::Village { 2.5 } else { 0.0 };
        while x < high.x {
            let at = p(x + slip * rng.range(-1.0, 1.0), y + slip * rng.range(-1.0, 1.0));
            if inside(&turned, at) && to_border(&turned, at) > plan.back {
                stairs += 1;
                if stairs > plan.run.0 {
                    stairs = 1;
                    house += 1;
                    x += plan.run.1;
                    continue;
                }
                sites.push(Site { at: along * at.x + across * at.y, house, stairs });
            }
            x += plan.spacing.0;
        }
        y += plan.spacing.1;
    }
    if clustered && sites.len() > want {
        let heart = along * heart.x + across * heart.y;
        let mut order: Vec<(f64, usize)> = sites
            .iter()
            .enumerate()
            .map(|(i, s)| ((s.at - heart).len() * rng.range(0.85, 1.15), i))
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut keep: Vec<usize> = order.into_iter().take(want).map(|o| o.1).collect();
        keep.sort_unstable();
        sites = keep.into_iter().map(|i| sites[i]).collect();
    }
    // House numbers without holes.
    let mut seen = (0, 0);
    for s in &mut sites {
        if s.house != seen.0 {
            seen = (s.house, seen.1 + 1);
        }
        s.house = seen.1;
    }
    sites
}

/// Where a village or a works gate is: by the middle of the longest side, some way in.
fn heart(turned: &[P], rng: &mut Rng) -> P {
    let mid = centroid(turned);
    let longest = (0..turned.len())
        .map(|i| (turned[i], turned[(i + 1) % turned.len()]))
        .max_by(|a, b| (a.1 - a.0).len().total_cmp(&(b.1 - b.0).len()));
    longest.map_or(mid, |(a, b)| a.toward(b, rng.range(0.3, 0.7)).toward(mid, rng.range(0.25, 0.6)))
}

/// Shop fronts along the sides that are streets.
fn street_front(done: &Districts, face: Face, shape: &[P]) -> Vec<Site> {
    let ring = &done.mesh.ring[face as usize];
    let mut out = Vec::new();
    for i in 0..ring.len() {
        let (u, v) = (ring[i], ring[(i + 1) % ring.len()]);
        if done.mesh.street_of(u, v) == NO_STREET {
            continue;
        }
        let (a, b) = (shape[i], shape[(i + 1) % ring.len()]);
        let size = (b - a).len();
        let inward = (b - a).left().unit();
        let mut t = 9.0;
        while t < size - 8.0 {
            let at = a.toward(b, t / size) + inward * 7.5;
            if inside(shape, at) && to_border(shape, at) > 5.0 {
                out.push(Site { at, house: 0, stairs: 0 });
            }
            t += 9.5;
        }
    }
    out
}

/// A random place in a face, off its border where the face is wide enough.
pub fn some_place(shape: &[P], rng: &mut Rng) -> P {
    let (low, high) = bounds(shape);
    let room = (area(shape).sqrt() * 0.08).min(6.0);
    for clear in [room, room / 3.0, 0.0] {
        for _ in 0..60 {
            let at = p(rng.range(low.x, high.x), rng.range(low.y, high.y));
            if inside(shape, at) && to_border(shape, at) > clear {
                return at;
            }
        }
    }
    centroid(shape)
}
