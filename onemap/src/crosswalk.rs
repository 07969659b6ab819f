//! How two carvings of the ground translate into each other: for every pair of grid and beat, at any level,
//! what they have in common, and which share of each that is; by area, by addresses, by residents.
//!
//! A share by area is one of ground, a share by residents one of people: half a grid's ground may be a lake
//! in which nobody lives.

use crate::{
    AreaId, Layer, PieceId, Reader, Tally,
    query::{Budget, QueryError},
    record::{Level, Side},
};
use std::collections::BTreeMap;

/// Which pairs are asked for. The default is all pairs of drawn areas: the pieces.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// The level of the grid's side; `None` for the areas that are drawn.
    pub grid_level: Option<Level>,
    /// The level of the beat's side; `None` for the areas that are drawn.
    pub beat_level: Option<Level>,
    /// Which grids.
    pub grids: Within,
    /// Which beats.
    pub beats: Within,
}

/// Which areas of a side are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Within {
    /// All, and ground that has none.
    #[default]
    Anywhere,
    /// This one and those below it.
    Area(AreaId),
    /// Ground that has none.
    Nowhere,
}

/// What a grid and a beat have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The grid; `None`: no grid of that level.
    pub grid: Option<AreaId>,
    /// The beat; `None`: no beat of that level.
    pub beat: Option<AreaId>,
    /// The piece, where both are drawn (or one is, and the other none).
    pub piece: Option<PieceId>,
    /// Whether all its pieces are slivers.
    pub sliver: bool,
    /// Square metres.
    pub area_m2: f64,
    /// Counts on that ground.
    pub tally: Tally,
    /// Which share of the grid that is; all `None` without one.
    pub of_grid: Shares,
    /// Which share of the beat that is; all `None` without one.
    pub of_beat: Shares,
}

/// Shares of a whole, 0–1; `None` where the whole has nothing.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
#[allow(missing_docs)]
pub struct Shares {
    pub area: Option<f64>,
    pub addresses: Option<f64>,
    pub residents: Option<f64>,
}

/// The pairs that are asked for: by grid, then by beat, none first, as the pieces are.
///
/// Areas stand where their drawn areas lie: ground whose grid has no parent of the level counts as ground
/// without a grid, and ground without either is left out.
///
/// # Errors
/// When the budget is spent.
pub fn crosswalk(reader: &Reader<'_>, asked: &Asked, budget: &Budget<'_>) -> Result<Vec<Pair>, QueryError> {
    let grids = Sight::new(reader.layer(Side::Grid), asked.grid_level, asked.grids);
    let beats = Sight::new(reader.layer(Side::Beat), asked.beat_level, asked.beats);
    let mut pairs: BTreeMap<(Option<AreaId>, Option<AreaId>), Pair> = BTreeMap::new();
    for (id, piece) in reader.overlay().ids().zip(reader.overlay().pieces()) {
        budget.spend(1)?;
        let (grid, beat) = (grids.shown(piece.grid), beats.shown(piece.beat));
        if (grid, beat) == (None, None) || !grids.asks_for(grid) || !beats.asks_for(beat) {
            continue;
        }
        let pair = pairs.entry((grid, beat)).or_insert_with(|| Pair {
            grid,
            beat,
            piece: ((grid, beat) == (piece.grid, piece.beat)).then_some(id),
            sliver: true,
            area_m2: 0.0,
            tally: Tally::default(),
            of_grid: Shares::default(),
            of_beat: Shares::default(),
        });
        pair.sliver &= piece.sliver;
        pair.area_m2 += piece.area_m2;
        pair.tally += reader.tally(id);
    }
    let mut pairs: Vec<Pair> = pairs.into_values().collect();
    for side in Side::BOTH {
        let mut wholes: BTreeMap<AreaId, (f64, Tally)> = BTreeMap::new();
        for pair in &mut pairs {
            budget.spend(1)?;
            let (area, shares) = match side {
                Side::Grid => (pair.grid, &mut pair.of_grid),
                Side::Beat => (pair.beat, &mut pair.of_beat),
            };
            let Some(id) = area else { continue };
            let whole = || (reader.layer(side).area(id).area_m2, reader.tally_of(side, id));
            let (ground, tally) = wholes.entry(id).or_insert_with(whole);
            *shares = Shares {
                area: share(pair.area_m2, *ground),
                addresses: share(pair.tally.addresses as f64, tally.addresses as f64),
                residents: share(pair.tally.residents as f64, tally.residents as f64),
            };
        }
    }
    Ok(pairs)
}

/// A share, not above 1 whatever rounding did to its parts.
fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| (part / whole).clamp(0.0, 1.0))
}

/// One side as it is asked for.
struct Sight<'a> {
    layer: &'a Layer,
    within: Within,
    /// What each area is shown as.
    shown: Vec<Option<AreaId>>,
}

impl<'a> Sight<'a> {
    fn new(layer: &'a Layer, level: Option<Level>, within: Within) -> Self {
        let shown = |id: AreaId| level.map_or(Some(id), |l| layer.at_level(id, l));
        Self { layer, within, shown: layer.ids().map(shown).collect() }
    }

    fn shown(&self, drawn: Option<AreaId>) -> Option<AreaId> {
        self.shown[drawn?.0 as usize]
    }

    fn asks_for(&self, shown: Option<AreaId>) -> bool {
        match (self.within, shown) {
            (Within::Anywhere, _) | (Within::Nowhere, None) => true,
            (Within::Nowhere, Some(_)) | (Within::Area(_), None) => false,
            (Within::Area(top), Some(id)) => id == top || self.layer.ancestors(id).any(|a| a == top),
        }
    }
}
