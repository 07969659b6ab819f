//! One city, ready to be written: ground, register, borders, blocks.

use crate::{
    beats::{self, Beats},
    blocks::{Block, Blocks},
    digitise,
    districts::Districts,
    doors::{Behind, Door},
    ground,
    mesh::sides,
    plan::CityPlan,
    register::Register,
    rng::Rng,
    terrain::Terrain,
    text::digits,
    trace::{self, Side},
};
use gridbeat_onemap::MultiPolygon;

/// Everything about a city but its points, which are made when they are written.
pub struct City {
    /// What was asked for.
    pub plan: CityPlan,
    /// The seed of all of it.
    pub seed: u64,
    /// Faces and streets.
    pub done: Districts,
    /// Codes and names.
    pub register: Register,
    /// What stands where.
    pub blocks: Blocks,
    /// Beat of each face (before its border was redrawn).
    pub beats: Beats,
    /// Ground of each grid.
    pub grid_ground: Vec<MultiPolygon>,
    /// Ground of each beat.
    pub beat_ground: Vec<MultiPolygon>,
}

impl City {
    /// Makes a city.
    pub fn new(plan: &CityPlan, province: Option<&str>, seed: u64) -> Self {
        let terrain = Terrain::new(plan, seed);
        let done = ground::cut(plan, &terrain, seed);
        let mut rng = Rng::of(&[seed, u64::from(plan.region), 3]);
        let beats = beats::grow(&done, &terrain, plan.beats, &mut rng);
        let beat_sides = digitise::beat_sides(&done.mesh, &beats.of_face, &mut rng);
        let beat_ground = trace::areas(beat_sides, beats.station_of.len());
        let grid_ground = trace::areas(grid_sides(&done), done.counts[3] as usize);
        let register = Register::new(plan, province, &done, &beats, &terrain, seed);
        let blocks = Blocks::new(plan, &done, &register, &terrain, seed);
        Self { plan: plan.clone(), seed, done, register, blocks, beats, grid_ground, beat_ground }
    }

    /// The part of an address that all doors of a block share: 滨澜区碧塘街道观山路12.
    pub fn address_start(&self, block: &Block) -> String {
        let r = &self.register;
        let community = &r.communities[r.grids[block.grid as usize].above as usize];
        let town = &r.towns[community.above as usize];
        let county = &r.counties[town.above as usize];
        let street = self.blocks.streets.get(block.street as usize).map_or("环湖路", String::as_str);
        format!("{}{}{street}{}", county.name, town.name, block.number)
    }

    /// Appends the rest of a door's address: 号3幢2单元501室.
    pub fn address_rest(out: &mut Vec<u8>, door: &Door) {
        let mut part = |number: u32, word: &str| {
            digits(out, u64::from(number));
            out.extend_from_slice(word.as_bytes());
        };
        match door.behind {
            Behind::Flat => {
                part(door.house, "幢");
                part(door.stairs, "单元");
                part(door.room, "室");
            }
            Behind::House => part(door.house, "号"),
            Behind::Shop => part(door.room, "号"),
            Behind::Office => {
                part(door.house, "座");
                part(door.room, "室");
            }
            Behind::Hall => {
                part(door.house, "号楼");
                part(door.room, "室");
            }
        }
    }

    /// The word between a block's number and the rest: 号, 弄 or a dash before a shop's number.
    pub fn address_link(door: &Door) -> &'static str {
        match door.behind {
            Behind::Flat | Behind::Office | Behind::Hall => "号",
            Behind::House => "弄",
            Behind::Shop => "-",
        }
    }

    /// The number within the region that addresses' codes are made of: `320213` + 9 digits.
    pub fn address_code(&self, out: &mut Vec<u8>, block: &Block, nth: u32) {
        let r = &self.register;
        let community = &r.communities[r.grids[block.grid as usize].above as usize];
        let county = &r.counties[r.towns[community.above as usize].above as usize];
        out.extend_from_slice(&county.code.as_bytes()[..6]);
        crate::text::padded(out, u64::from(block.first + nth), 9);
    }
}

fn grid_sides(done: &Districts) -> Vec<Side> {
    let mut out = Vec::new();
    for (f, g) in done.ground.iter().enumerate().filter(|(_, g)| !g.water) {
        for (u, v) in sides(&done.mesh.ring[f]) {
            let beyond = done.mesh.left_of(v, u).map(|h| done.ground[h as usize].grid);
            if beyond != Some(g.grid) {
                out.push(Side { area: g.grid, from: done.mesh.at[u as usize], to: done.mesh.at[v as usize] });
            }
        }
    }
    out
}
