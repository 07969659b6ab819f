//! Who lives where: households and their members, counted and never named.

use crate::{
    blocks::Use,
    city::City,
    doors::{Door, doors, homes},
    rng::Rng,
    text::padded,
};

/// Mean size of a household that is at home, from the weights below.
const MEAN_SIZE: f64 = 2.83;
const SIZES: [u32; 6] = [18, 25, 29, 17, 8, 3];

const AGES: [&str; 4] = ["0-17", "18-34", "35-59", "60+"];
const REGISTRATIONS: [&str; 3] = ["registered", "migrant", "overseas"];

/// Share of homes where somebody lives, such that the whole city has as many residents as planned.
pub fn occupied(city: &City) -> f64 {
    let homes: u64 =
        city.blocks.list.iter().map(|b| u64::from(homes(&city.done, b, city.seed, city.plan.region))).sum();
    f64::from(city.plan.residents) / (homes.max(1) as f64 * MEAN_SIZE)
}

/// Appends the residents of one block as CSV rows; gives their number.
pub fn write(city: &City, nth: usize, occupied: f64, out: &mut Vec<u8>) -> u64 {
    let block = &city.blocks.list[nth];
    let mut rng = Rng::of(&[city.seed, u64::from(city.plan.region), 9, nth as u64]);
    let mut rows = 0;
    for (i, door) in doors(&city.done, block, city.seed, city.plan.region).iter().enumerate() {
        let size = household(door, occupied, &mut rng);
        if size == 0 {
            continue;
        }
        let mut address = Vec::with_capacity(16);
        city.address_code(&mut address, block, i as u32);
        let migrant = match block.used {
            Use::Village | Use::Villas => 12,
            Use::Lanes => 45,
            Use::Works => 70,
            _ => 26,
        };
        let foreign = rng.weighted(&[100 - migrant, migrant, 1]);
        let young = if foreign == 1 { 44 } else { 22 };
        let old = if block.used == Use::Village || block.used == Use::Lanes { 34 } else { 20 };
        for member in 1..=size {
            out.extend_from_slice(&address);
            padded(out, u64::from(member), 2);
            out.push(b',');
            out.extend_from_slice(&address);
            out.push(b',');
            out.extend_from_slice(&address);
            out.extend_from_slice(b"H,");
            // Nobody under age lives alone; the third and later are mostly children.
            let age = match member {
                1 | 2 => 1 + rng.weighted(&[young, 40, old]),
                _ => rng.weighted(&[62, 8, 12, 18]),
            };
            out.extend_from_slice(AGES[age].as_bytes());
            out.push(b',');
            out.extend_from_slice(REGISTRATIONS[foreign].as_bytes());
            out.push(b'\n');
        }
        rows += u64::from(size);
    }
    rows
}

fn household(door: &Door, occupied: f64, rng: &mut Rng) -> u32 {
    if !door.is_home() {
        return 0;
    }
    // More people than homes of this size can hold are spread as larger households.
    let home = rng.chance(occupied.min(1.0));
    let size = rng.weighted(&SIZES) as u32 + 1;
    let more = if occupied > 1.0 { rng.about((occupied - 1.0) * MEAN_SIZE) } else { 0 };
    if home { size + more } else { 0 }
}
