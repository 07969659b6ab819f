//! Looking in a box.

use super::{
    packed::{FANOUT, Group, Leaf},
    walk::{Relation, Target},
};
use crate::Bounds;

/// A box; points on its border are in it.
pub(super) struct Window(pub Bounds);

impl Window {
    /// Which boxes of a group meet the window, and which lie wholly in it.
    #[inline]
    pub fn look(&self, g: &Group) -> (u32, u32) {
        let Bounds { min, max } = self.0;
        let (mut near, mut inside) = ([0_u8; FANOUT], [0_u8; FANOUT]);
        // Without a branch, so that the machine compares several at a time.
        for i in 0..FANOUT {
            near[i] = u8::from(g.west[i] <= max.lon)
                & u8::from(g.east[i] >= min.lon)
                & u8::from(g.south[i] <= max.lat)
                & u8::from(g.north[i] >= min.lat);
            inside[i] = u8::from(g.west[i] >= min.lon)
                & u8::from(g.east[i] <= max.lon)
                & u8::from(g.south[i] >= min.lat)
                & u8::from(g.north[i] <= max.lat);
        }
        (bits(&near), bits(&inside))
    }
}

impl Target for Window {
    type Note = ();

    fn root(&mut self, bounds: &Bounds) -> (Relation, ()) {
        self.node((), bounds)
    }

    #[inline]
    fn look(&mut self, group: &Group) -> (u32, u32) {
        Window::look(self, group)
    }

    #[inline]
    fn node(&mut self, (): (), bounds: &Bounds) -> (Relation, ()) {
        let relation = if !self.0.intersects(bounds) {
            Relation::Outside
        } else if self.0.covers(bounds) {
            Relation::Inside
        } else {
            Relation::Across
        };
        (relation, ())
    }

    #[inline]
    fn points(&mut self, (): (), leaf: &Leaf) -> u32 {
        let Bounds { min, max } = self.0;
        let mut inside = [0_u8; FANOUT];
        for ((inside, &lon), &lat) in inside.iter_mut().zip(&leaf.lon).zip(&leaf.lat) {
            *inside = u8::from(lon >= min.lon)
                & u8::from(lon <= max.lon)
                & u8::from(lat >= min.lat)
                & u8::from(lat <= max.lat);
        }
        bits(&inside)
    }
}

/// Bit `i` for every `i` that holds 1.
#[inline]
fn bits(flags: &[u8; FANOUT]) -> u32 {
    let all = u128::from_le_bytes(*flags);
    // Byte k of eight comes to bit 56 + k of the product; nothing else comes there with a carry, since
    // every byte is 0 or 1.
    let half = |eight: u64| (eight.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32;
    half(all as u64) | half((all >> 64) as u64) << 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_has_its_bit() {
        for wanted in 0..1_u32 << FANOUT {
            let flags = std::array::from_fn(|i| (wanted >> i & 1) as u8);
            assert_eq!(bits(&flags), wanted);
        }
    }
}
