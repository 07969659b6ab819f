//! Where the two carvings disagree most: areas of one side, ranked by how badly those of the other cut them.
//!
//! Every area has a *main* counterpart: the one that has most of its residents, or, where nobody lives, most of
//! its ground. What the main counterpart does not have is *cut off*: who lives there has another officer than the
//! neighbours. An area of which nothing is cut off is led by one pair of people; in all others each incident
//! begins with the question whose it is.

use crate::{
    AreaId, Reader, Tally,
    crosswalk::{Asked, Pair, Within, crosswalk},
    query::{Budget, QueryError},
    record::{Level, Side},
};
use std::collections::BTreeMap;

/// Which areas are ranked, and against which.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The side whose areas are ranked.
    pub side: Side,
    /// Their level; `None` for the areas that are drawn.
    pub level: Option<Level>,
    /// The level of the other side; `None` for the areas that are drawn.
    pub other_level: Option<Level>,
    /// Only this area and those below it.
    pub within: Within,
    /// What comes first.
    pub by: Rank,
}

/// What makes one mismatch worse than another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rank {
    /// The share that is cut off: of its residents, or, where nobody lives, of its ground.
    #[default]
    Share,
    /// The number of residents that are cut off.
    Residents,
    /// The ground that is cut off, in square metres.
    Area,
}

/// How the other side cuts one area.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// The area.
    pub area: AreaId,
    /// Its main counterpart; `None` where the other side has none of it.
    pub main: Option<AreaId>,
    /// The share that is cut off, 0–1: of its residents, or, where nobody lives, of its ground.
    pub cut: f64,
    /// Areas of the other side that have some of it, slivers apart.
    pub counterparts: u32,
    /// Areas of the other side that have slivers of it and nothing else.
    pub slivers: u32,
    /// Square metres that the main counterpart does not have.
    pub cut_m2: f64,
    /// Counts on that ground.
    pub cut_tally: Tally,
    /// Square metres of it that nobody on the other side has.
    pub uncovered_m2: f64,
    /// All of it, in square metres.
    pub area_m2: f64,
    /// All counts of it.
    pub tally: Tally,
}

/// Ranks areas, the worst first; of equals the one with more residents and then with more ground cut off.
///
/// # Errors
/// When the budget is spent.
pub fn mismatch(
    reader: &Reader<'_>,
    question: &Question,
    budget: &Budget<'_>,
) -> Result<Vec<Mismatch>, QueryError> {
    let &Question { side, level, other_level, within, by } = question;
    let asked = match side {
        Side::Grid => Asked { grid_level: level, beat_level: other_level, grids: within, ..Asked::default() },
        Side::Beat => Asked { grid_level: other_level, beat_level: level, beats: within, ..Asked::default() },
    };
    let mut parts: BTreeMap<AreaId, Vec<(Option<AreaId>, Pair)>> = BTreeMap::new();
    for pair in crosswalk(reader, &asked, budget)? {
        let (area, other) = match side {
            Side::Grid => (pair.grid, pair.beat),
            Side::Beat => (pair.beat, pair.grid),
        };
        if let Some(area) = area {
            parts.entry(area).or_default().push((other, pair));
        }
    }
    let mut all: Vec<Mismatch> = parts.into_iter().map(|(area, parts)| of_area(area, &parts)).collect();
    // Stable: equals stay in the order of the areas.
    all.sort_by(|a, b| {
        let share = b.cut.total_cmp(&a.cut);
        let residents = b.cut_tally.residents.cmp(&a.cut_tally.residents);
        let ground = b.cut_m2.total_cmp(&a.cut_m2);
        match by {
            Rank::Share => share.then(residents).then(ground),
            Rank::Residents => residents.then(share).then(ground),
            Rank::Area => ground.then(residents),
        }
    });
    Ok(all)
}

fn of_area(area: AreaId, parts: &[(Option<AreaId>, Pair)]) -> Mismatch {
    let mut found = Mismatch {
        area,
        main: None,
        cut: 1.0,
        counterparts: 0,
        slivers: 0,
        cut_m2: 0.0,
        cut_tally: Tally::default(),
        uncovered_m2: 0.0,
        area_m2: 0.0,
        tally: Tally::default(),
    };
    let mut main: Option<&(Option<AreaId>, Pair)> = None;
    for part in parts {
        let (other, pair) = part;
        found.area_m2 += pair.area_m2;
        found.tally += pair.tally;
        if other.is_none() {
            found.uncovered_m2 += pair.area_m2;
            continue;
        }
        if pair.sliver {
            found.slivers += 1
        } else {
            found.counterparts += 1
        }
        let most = |p: &Pair| (p.tally.residents, p.area_m2);
        if main.is_none_or(|(_, best)| most(pair) > most(best)) {
            main = Some(part);
        }
    }
    found.main = main.and_then(|m| m.0);
    for (_, pair) in parts.iter().filter(|(other, _)| other.is_none() || *other != found.main) {
        found.cut_m2 += pair.area_m2;
        found.cut_tally += pair.tally;
    }
    found.cut = if found.tally.residents > 0 {
        found.cut_tally.residents as f64 / found.tally.residents as f64
    } else if found.area_m2 > 0.0 {
        found.cut_m2 / found.area_m2
    } else {
        0.0
    };
    found
}
