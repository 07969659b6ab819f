//! One piece: its name, its size, and whether it is a sliver.

use super::Key;
use crate::{
    Bounds,
    arrangement::{Arrangement, Chain, ChainId},
    coverage::{AreaId, Layer},
    geodesic::{metres, square_metres},
};
use std::{
    fmt::{self, Write},
    ops::Deref,
    sync::Arc as Shared,
};

/// A piece's place in [`Overlay::pieces`](super::Overlay::pieces); valid within one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PieceId(pub u32);

/// All ground with the same grid and the same beat.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// `GRID~BEAT`, codes percent-encoded, empty for none.
    pub id: String,
    /// The grid, if there is one.
    pub grid: Option<AreaId>,
    /// The beat, if there is one.
    pub beat: Option<AreaId>,
    /// Square metres.
    pub area_m2: f64,
    /// Share of the grid's ground, 0–1; `None` without a grid.
    pub share_of_grid: Option<f64>,
    /// Share of the beat's ground, 0–1; `None` without a beat.
    pub share_of_beat: Option<f64>,
    /// Thin or tiny: see [`SLIVER_AREA_M2`] and [`SLIVER_WIDTH_M`].
    pub sliver: bool,
    /// The box around it.
    pub bounds: Bounds,
}

/// A piece smaller than this many square metres is a sliver …
pub const SLIVER_AREA_M2: f64 = 10.0;
/// … and so is one whose mean width, twice the area over the border's length, is less than this many
/// metres: two drawings of one border, not ground that somebody meant to give to the other side.
pub const SLIVER_WIDTH_M: f64 = 2.0;

/// The chains around a piece, and what they add up to.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Measures {
    /// Ascending.
    pub chains: Chains,
    pub sums: Sums,
}

/// Sums over chains: in whole units, so the same in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sums {
    mm2: i128,
    border_um: i64,
    bounds: Bounds,
}

/// Numbers of chains, ascending, among those of all pieces that were made together.
#[derive(Clone, Default)]
pub(super) struct Chains {
    all: Shared<Vec<ChainId>>,
    from: u32,
    to: u32,
}

impl Chains {
    /// Those of pieces one after the other, each with as many as `counts` says.
    pub fn of_pieces(all: Vec<ChainId>, counts: Vec<u32>) -> impl Iterator<Item = Self> {
        let (all, mut to) = (Shared::new(all), 0);
        counts.into_iter().map(move |count| {
            to += count;
            Self { all: Shared::clone(&all), from: to - count, to }
        })
    }
}

impl From<Vec<ChainId>> for Chains {
    fn from(all: Vec<ChainId>) -> Self {
        Self { from: 0, to: all.len() as u32, all: Shared::new(all) }
    }
}

impl Deref for Chains {
    type Target = [ChainId];

    fn deref(&self) -> &[ChainId] {
        &self.all[self.from as usize..self.to as usize]
    }
}

impl PartialEq for Chains {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Chains {}

impl fmt::Debug for Chains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&**self).finish()
    }
}

impl Default for Sums {
    fn default() -> Self {
        Self { mm2: 0, border_um: 0, bounds: Bounds::EMPTY }
    }
}

impl Sums {
    /// Adds a chain that has the piece to its left (`sign` 1) or right (−1).
    pub fn add(&mut self, chain: &Chain, sign: i128) {
        self.mm2 += sign * chain.path.measure.left_mm2;
        self.border_um += chain.path.measure.length_um;
        self.bounds = self.bounds.join(chain.path.bounds);
    }
}

impl Measures {
    /// After some chains came and others went, each with the side on which it has the piece.
    pub fn moved(
        &self,
        comes: &[(ChainId, Chain, i128)],
        goes: &[(ChainId, Chain, i128)],
        arrangement: &Arrangement,
    ) -> Self {
        let (mut sums, mut chains) = (self.sums, self.chains.to_vec());
        for (id, chain, sign) in goes {
            chains.retain(|c| c != id);
            sums.mm2 -= sign * chain.path.measure.left_mm2;
            sums.border_um -= chain.path.measure.length_um;
        }
        for (id, chain, sign) in comes {
            chains.push(*id);
            sums.add(chain, *sign);
        }
        chains.sort_unstable();
        let all = chains.iter().filter_map(|c| arrangement.chain(*c));
        sums.bounds = all.fold(Bounds::EMPTY, |b, c| b.join(c.path.bounds));
        Self { chains: chains.into(), sums }
    }
}

impl Piece {
    pub(super) fn new((grid, beat): Key, sums: &Sums, grids: &Layer, beats: &Layer) -> Self {
        let area_m2 = square_metres(sums.mm2);
        let share = |layer: &Layer, area: Option<AreaId>| {
            let ground = layer.area(area?).area_m2;
            (ground > 0.0).then(|| (area_m2 / ground).clamp(0.0, 1.0))
        };
        Self {
            id: name(grid.map(|g| grids.area(g).code.as_str()), beat.map(|b| beats.area(b).code.as_str())),
            grid,
            beat,
            area_m2,
            share_of_grid: share(grids, grid),
            share_of_beat: share(beats, beat),
            sliver: area_m2 < SLIVER_AREA_M2 || 2.0 * area_m2 < SLIVER_WIDTH_M * metres(sums.border_um),
            bounds: sums.bounds,
        }
    }
}

/// The id of a piece: `GRID~BEAT` with both codes percent-encoded (RFC 3986 unreserved characters
/// but `~` stand for themselves).
pub fn name(grid: Option<&str>, beat: Option<&str>) -> String {
    let (grid, beat) = (grid.unwrap_or(""), beat.unwrap_or(""));
    let mut id = String::with_capacity(grid.len() + 1 + beat.len());
    encode(grid, &mut id);
    id.push('~');
    encode(beat, &mut id);
    id
}

/// Which bytes stand for themselves: asked for every byte of every id.
const STANDS: [bool; 256] = {
    let (mut stands, mut byte) = ([false; 256], 0);
    while byte < 256 {
        let b = byte as u8;
        stands[byte] = b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
        byte += 1;
    }
    stands
};

fn encode(code: &str, id: &mut String) {
    let stands = |byte: u8| STANDS[usize::from(byte)];
    // Nearly every code is all letters and digits.
    if code.bytes().all(stands) {
        return id.push_str(code);
    }
    for byte in code.bytes() {
        if stands(byte) {
            id.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(id, "%{byte:02X}");
        }
    }
}
