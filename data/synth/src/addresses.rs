//! Addresses as CSV rows.

use crate::{
    blocks::Block,
    city::City,
    doors::doors,
    text::{digits, position},
};

/// Appends the addresses of one block; gives their number.
pub fn write(city: &City, block: &Block, out: &mut Vec<u8>) -> u64 {
    let start = city.address_start(block);
    let all = doors(&city.done, block, city.seed, city.plan.region);
    for (nth, door) in all.iter().enumerate() {
        city.address_code(out, block, nth as u32);
        out.push(b',');
        out.extend_from_slice(start.as_bytes());
        out.extend_from_slice(City::address_link(door).as_bytes());
        City::address_rest(out, door);
        out.push(b',');
        position(out, door.at);
        // Residents are left out: they are counted from their own file.
        out.extend_from_slice(b",,");
        digits(out, u64::from(door.is_home()));
        out.push(b',');
        digits(out, u64::from(!door.is_home()));
        out.push(b'\n');
    }
    all.len() as u64
}
