//! Where the residents of the synthetic city live: clustered as its quarters are, and stacked, since a
//! household shares a door and a staircase has many.

use gridbeat_onemap::{E7, geodesic};
use gridbeat_synth::{Scale, city::City, doors::doors, plan::Plan, residents};
use rstar::{RTree, primitives::GeomWithData};
use std::sync::OnceLock;

/// Seed of the city.
const SEED: u64 = 1;

/// A point of the peer's.
pub type Entry = GeomWithData<[f64; 2], u32>;

/// One position for each resident, block by block; made once.
pub fn residents() -> Result<&'static [E7], String> {
    static ALL: OnceLock<Vec<E7>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let plan = Plan::of(Scale::City);
        plan.cities.iter().flat_map(|c| of_city(&City::new(c, plan.province, SEED))).collect()
    });
    // A changed format of the rows would show here.
    if all.len() < 6_000_000 {
        return Err(format!("the synthetic city has {} residents, not 6.3 million", all.len()));
    }
    Ok(all)
}

/// The rows of residents name their address by its number in the city; the doors say where that is.
fn of_city(city: &City) -> Vec<E7> {
    let occupied = residents::occupied(city);
    let mut all = Vec::new();
    let mut rows = Vec::new();
    for (nth, block) in city.blocks.list.iter().enumerate() {
        rows.clear();
        residents::write(city, nth, occupied, &mut rows);
        let doors = doors(&city.done, block, city.seed, city.plan.region);
        for row in rows.split(|&b| b == b'\n') {
            // code,address,…: the address ends in its nine-digit number.
            let Some(address) = row.split(|&b| b == b',').nth(1) else { continue };
            let digits = &address[address.len().saturating_sub(9)..];
            let number = digits.iter().fold(0_u32, |n, b| n * 10 + u32::from(b - b'0'));
            all.extend(doors.get((number - block.first) as usize).map(|d| d.at));
        }
    }
    all
}

/// The peer's tree over the same points, in whole lattice units, which doubles hold exactly.
pub fn tree(points: &[E7]) -> RTree<Entry> {
    RTree::bulk_load(entries(points, at))
}

/// What the peer's tree is loaded from.
pub fn entries(points: &[E7], place: impl Fn(E7) -> [f64; 2]) -> Vec<Entry> {
    points.iter().zip(0..).map(|(&p, id)| GeomWithData::new(place(p), id)).collect()
}

/// A place in lattice units.
pub fn at(p: E7) -> [f64; 2] {
    [f64::from(p.lon), f64::from(p.lat)]
}

/// Some residents at random: where people live is where people look.
pub fn some(points: &[E7], n: usize) -> Vec<E7> {
    let mut random = Random(11);
    (0..n).map(|_| points[(random.next() % points.len() as u64) as usize]).collect()
}

/// A fixed sequence (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between 0 and 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Units to the east and to the north that make a metre at a position.
pub fn units_per_metre(at: E7) -> (f64, f64) {
    let step = 10_000;
    let metres = |p| geodesic::distance_m(at, p) / f64::from(step);
    (1.0 / metres(E7::new(at.lon + step, at.lat)), 1.0 / metres(E7::new(at.lon, at.lat + step)))
}
