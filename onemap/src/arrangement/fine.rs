//! Many points at once: cells with segments are divided once more, into 8 × 8.
//!
//! ```text
//!   ┌─┬─┬─┬─╱─┬─┬─┬─┐     a bit for each of the 64: does a segment touch it? If not, all of it has one
//!   ├─┼─┼─┼╱┼─┼─┼─┼─┤     label, and a second bit says which of two. Only points in what is touched, and
//!   ├─┼─┼─╱─┼─┼─┼─┼─┤     in the ground of a third label, are walked to.
//!   └─┴─┴╱┴─┴─┴─┴─┴─┘
//! ```
//!
//! What is not touched and lies side by side has the same label: no segment passes between.

use super::{
    frame::Frame,
    labels::Label,
    line::Chain,
    slots::Slots,
    table::{Entry, MIXED, Row, Table},
};
use crate::e7::E7;

/// A cell with segments; its parts are numbered row by row from the south-west.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fine {
    /// Parts whose label is to be found by walking.
    walked: u64,
    /// Parts that have the second label.
    second: u64,
    labels: [Label; 2],
}

/// Parts of a cell along one side: 2^3.
pub(super) const PARTS_SHIFT: u32 = 3;
/// The western column of parts, and the eastern.
const WEST: u64 = 0x0101_0101_0101_0101;
const EAST: u64 = WEST << 7;

/// Points that are looked at together, so that one need not wait for another's cell.
const BATCH: usize = 256;

/// Calls `answer` with the label of each point, in order.
pub(super) fn label_each(table: &Table, chains: &Slots<Chain>, points: &[E7], mut answer: impl FnMut(Label)) {
    let frame = &table.frame;
    let (mut words, mut places) = ([0_u32; BATCH], [0_u16; BATCH]);
    for batch in points.chunks(BATCH) {
        let mut mixed = 0;
        for (i, &p) in batch.iter().enumerate() {
            words[i] = match frame.bounds().contains(p) {
                true => table.rows[frame.row(p.lat) as usize].word(frame.column(p.lon)),
                false => Label::NONE.0,
            };
            places[mixed] = i as u16;
            mixed += usize::from(words[i] & MIXED != 0);
        }
        let mut walked = 0;
        for k in 0..mixed {
            let i = places[k] as usize;
            let (p, row) = (batch[i], frame.row(batch[i].lat));
            let cells = table.rows[row as usize].fine(|| divide(table, row, chains));
            let cell = &cells[(words[i] & !MIXED) as usize];
            let part = frame.part(p);
            let is_walked = cell.walked >> part & 1 == 1;
            let label = cell.labels[(cell.second >> part & 1) as usize].0;
            words[i] = if is_walked { words[i] } else { label };
            places[walked] = i as u16;
            walked += usize::from(is_walked);
        }
        for &i in &places[..walked] {
            let (p, word) = (batch[i as usize], words[i as usize]);
            words[i as usize] = table.walk(frame.row(p.lat), frame.column(p.lon), word, p, chains).0;
        }
        words[..batch.len()].iter().for_each(|w| answer(Label(*w)));
    }
}

/// The finer cells of a row.
fn divide(table: &Table, row: u32, chains: &Slots<Chain>) -> Box<[Fine]> {
    let of_row: &Row = &table.rows[row as usize];
    let label = |column: u32, part: u32| {
        let p = table.frame.place_of_part(row, column, part)?;
        Some(table.walk(row, column, of_row.word(column), p, chains))
    };
    let divided = of_row.with_segments().map(|(column, entries)| {
        Fine::new(touched(&table.frame, row, column, entries), |part| label(column, part))
    });
    divided.collect()
}

/// The parts of a cell that segments touch.
fn touched(frame: &Frame, row: u32, column: u32, entries: &[Entry]) -> u64 {
    let Some(parts) = frame.divided(row, column) else { return u64::MAX };
    let mut touched = 0_u64;
    for e in entries {
        parts.pass(e.ends.0, e.ends.1, 0, |r, c0, c1| {
            touched |= ((2_u64 << c1) - (1 << c0)) << (r << PARTS_SHIFT);
        });
    }
    touched
}

impl Fine {
    /// From the parts that are touched, and the label of any other.
    fn new(touched: u64, label: impl Fn(u32) -> Option<Label>) -> Self {
        let mut cell = Self { walked: touched, second: 0, labels: [Label::NONE; 2] };
        let (mut rest, mut known) = (!touched, 0);
        while rest != 0 {
            let first = rest.trailing_zeros();
            let together = spread(1 << first, rest);
            rest &= !together;
            let label = label(first);
            match (0..known).find(|&k| Some(cell.labels[k]) == label) {
                Some(0) => {}
                Some(_) => cell.second |= together,
                None => match label {
                    Some(label) if known < 2 => {
                        cell.labels[known] = label;
                        cell.second |= if known == 1 { together } else { 0 };
                        known += 1;
                    }
                    _ => cell.walked |= together,
                },
            }
        }
        cell
    }
}

/// All parts that are reached from some, side by side within `open`.
fn spread(from: u64, open: u64) -> u64 {
    let mut reached = from;
    loop {
        let aside = (reached & !EAST) << 1 | (reached & !WEST) >> 1;
        let next = (reached | aside | reached << 8 | reached >> 8) & open;
        if next == reached {
            return reached;
        }
        reached = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_side_by_side_spreads_but_not_around_the_edge() {
        let wall = WEST << 3;
        assert_eq!(spread(1, !wall), WEST | WEST << 1 | WEST << 2);
        assert_eq!(spread(EAST, !wall), WEST << 4 | WEST << 5 | WEST << 6 | EAST);
    }

    #[test]
    fn a_third_label_is_walked_to() {
        let walls = WEST << 2 | WEST << 5;
        let cell = Fine::new(walls, |part| Some(Label(part % 8 / 3)));
        assert_eq!((cell.labels, cell.second), ([Label(0), Label(1)], WEST << 3 | WEST << 4));
        assert_eq!(cell.walked, walls | WEST << 6 | EAST);
    }
}
