//! Two thousand incidents with all kinds of values and gaps, the same ones in every run.

use super::{Town, town_with};
use gridbeat_onemap::{
    E7,
    record::{Fid, IncidentRow, LayerKind, Region, Row, State},
};
use gridbeat_store::{ImportPlan, Store};
use jiff::Timestamp;

/// Numbers that look random: a linear congruential generator (Knuth's MMIX constants).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Rows of the crowd.
pub const CROWD: usize = 2_000;
/// West, south, and how far the crowd spreads, in units of the lattice.
pub const GROUND: (i32, i32, usize) = (1_202_900_000, 315_500_000, 500_000);
/// The titles that occur.
pub const TITLES: [&str; 8] = [
    "夜间噪音扰民",
    "Noise at night",
    "NOISE AT NIGHT",
    "Café O'Neil",
    "CAFE O'NEIL",
    "100% full",
    "100 m",
    "Straße",
];
/// The categories that occur.
pub const CATEGORIES: [&str; 4] = ["noise", "parking", "fire_hazard", "NOISE"];
const STATES: [State; 4] = [State::Reported, State::Handling, State::Closed, State::Void];

/// A place on the ground of the crowd.
pub fn place(dice: &mut Dice) -> E7 {
    let (west, south, size) = GROUND;
    E7::new(west + dice.below(size) as i32, south + dice.below(size) as i32)
}

/// A minute of the summer of 2026.
pub fn minute(dice: &mut Dice) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + 60 * dice.below(100_000) as i64).unwrap()
}

fn row(i: usize, dice: &mut Dice) -> IncidentRow {
    fn perhaps(dice: &mut Dice) -> bool {
        dice.below(4) > 0
    }
    IncidentRow {
        fid: Fid(0),
        region: Region(3202),
        code: format!("C{i:05}"),
        title: perhaps(dice).then(|| (*dice.pick(&TITLES)).to_owned()),
        category: perhaps(dice).then(|| (*dice.pick(&CATEGORIES)).to_owned()),
        state: *dice.pick(&STATES),
        risk: perhaps(dice).then(|| ["red", "yellow", "blue"][dice.below(3)].parse().unwrap()),
        source: perhaps(dice).then(|| ["patrol", "hotline", "police"][dice.below(3)].parse().unwrap()),
        reported_at: perhaps(dice).then(|| minute(dice)),
        address: None,
        at: place(dice),
        placed: None,
    }
}

/// The sample with the crowd.
pub fn crowd() -> Town {
    town_with(|store: &dyn Store| {
        let mut dice = Dice(7);
        let mut rows = (0..CROWD).map(|i| Ok(Row::Incident(row(i, &mut dice))));
        let mut refused = |r| panic!("{r:?}");
        store.import(&ImportPlan::add(LayerKind::Incident), &mut || rows.next(), &mut refused).unwrap();
    })
}
