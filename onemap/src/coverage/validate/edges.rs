//! Edges of all drawings, matched: an edge that one area has in one direction and another area in the
//! other is an inner border and done with. What is left over is the outer border, and whatever is
//! wrong.
//!
//! That is all that is needed to know where the drawings of a layer lie over each other. Let W be, for
//! a point, the number of drawings around it. Crossing an edge changes W by one; crossing two opposite
//! edges at once does not change it. So W follows from the edges left over alone: of a clean city they
//! are one in fifty. Only where W exceeds one is it worth asking whose drawings they are.

use super::{
    Drawing,
    faces::{Edge, Tag},
};
use crate::{E7, shape::ring_area2};

/// The edges of some drawings; drawing `i` has tag `i`.
pub(super) struct Edges {
    segments: Vec<Segment>,
    /// Of each edge in the order of the drawings: twice the number of its segment, plus one if it runs
    /// against it.
    uses: Vec<u32>,
    /// Where the uses of each drawing begin; one more than drawings.
    starts: Vec<u32>,
}

/// The line between two vertices, however many edges run along it; `a < b`.
struct Segment {
    a: E7,
    b: E7,
    /// By how much W is greater to the left of `a → b`.
    sum: i32,
}

impl Edges {
    /// Collects and matches.
    pub fn new(drawings: &[Drawing<'_>]) -> Self {
        let most: usize = drawings.iter().flat_map(|d| d.ground.rings()).map(Vec::len).sum();
        let mut edges = Self {
            segments: Vec::with_capacity(most / 2 + most / 16),
            uses: Vec::with_capacity(most),
            starts: Vec::with_capacity(drawings.len() + 1),
        };
        let mut table = Table::new(most);
        for drawing in drawings {
            edges.starts.push(edges.uses.len() as u32);
            for polygon in &drawing.ground.0 {
                for (k, ring) in polygon.rings().enumerate() {
                    // Ground to the left, whichever way the ring was drawn.
                    let right_way = (ring_area2(ring) > 0) == (k == 0);
                    let Some(&last) = ring.last() else { continue };
                    let mut from = last;
                    for &to in ring {
                        if from != to {
                            edges.add(&mut table, from, to, right_way);
                        }
                        from = to;
                    }
                }
            }
        }
        edges.starts.push(edges.uses.len() as u32);
        edges
    }

    #[inline]
    fn add(&mut self, table: &mut Table, from: E7, to: E7, right_way: bool) {
        let (a, b, along) = if from < to { (from, to, right_way) } else { (to, from, !right_way) };
        let segment = table.find_or_insert(&mut self.segments, a, b);
        self.segments[segment as usize].sum += if along { 1 } else { -1 };
        self.uses.push(segment << 1 | u32::from(!along));
    }

    /// Edges across which W changes, all with tag 0.
    pub fn steps(&self) -> Vec<Edge> {
        let open = self.segments.iter().filter(|s| s.sum != 0);
        open.map(|s| Edge { a: s.a, b: s.b, tag: 0, delta: s.sum }).collect()
    }

    /// Edges without a partner, with the drawing that they belong to, sorted.
    pub fn unmatched(&self) -> Vec<Edge> {
        let all = 0..self.starts.len().saturating_sub(1) as Tag;
        let mut edges: Vec<Edge> = all.flat_map(|tag| self.of(tag)).filter(|e| e.1).map(|e| e.0).collect();
        edges.sort_unstable();
        edges
    }

    /// The edges of one drawing, and whether each is without a partner.
    pub fn of(&self, tag: Tag) -> impl Iterator<Item = (Edge, bool)> + '_ {
        let uses = self.starts[tag as usize] as usize..self.starts[tag as usize + 1] as usize;
        self.uses[uses].iter().map(move |u| {
            let s = &self.segments[(u >> 1) as usize];
            (Edge { a: s.a, b: s.b, tag, delta: if u & 1 == 0 { 1 } else { -1 } }, s.sum != 0)
        })
    }
}

/// A hash table of segments, open addressing; it holds their numbers plus one, 0 is free.
struct Table {
    slots: Vec<u32>,
    shift: u32,
}

impl Table {
    fn new(most: usize) -> Self {
        // Most segments are used twice, so this is a quarter to a half full; never wholly.
        let size = (most + most / 4 + 2).next_power_of_two();
        Self { slots: vec![0; size], shift: 64 - size.trailing_zeros() }
    }

    #[inline]
    fn find_or_insert(&mut self, segments: &mut Vec<Segment>, a: E7, b: E7) -> u32 {
        let word = |p: E7| u64::from(p.lon as u32) << 32 | u64::from(p.lat as u32);
        // Multipliers from the fraction of the golden ratio and of √2: odd, with bits all over.
        let mixed = word(a).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31) ^ word(b);
        let mask = self.slots.len() - 1;
        let mut slot = (mixed.wrapping_mul(0x6A09_E667_F3BC_C909) >> self.shift) as usize;
        loop {
            match self.slots[slot] {
                0 => {
                    segments.push(Segment { a, b, sum: 0 });
                    self.slots[slot] = segments.len() as u32;
                    return segments.len() as u32 - 1;
                }
                n => {
                    let s = &segments[n as usize - 1];
                    if s.a == a && s.b == b {
                        return n - 1;
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
    }
}
