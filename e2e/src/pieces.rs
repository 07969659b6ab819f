//! The overlay as `gridbeat overlay` prints it.

use crate::Run;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The columns, in the contract's order.
const COLUMNS: &str =
    "piece,grid,beat,area_m2,share_of_grid,share_of_beat,addresses,residents,incidents,sliver";

/// Area by (grid, beat); the empty code stands for none.
#[derive(Debug, Clone, Default)]
pub struct Pieces(pub BTreeMap<(String, String), f64>);

impl Pieces {
    /// Reads the CSV on standard output.
    #[track_caller]
    pub fn read(run: &Run) -> Self {
        let text = run.text();
        assert_eq!(text.lines().next().map(str::trim_end), Some(COLUMNS), "header of\n{run}");
        let mut pieces = Self::default();
        for row in run.csv() {
            let area = row["area_m2"].parse::<f64>().unwrap_or_else(|e| panic!("area_m2 of {row:?}: {e}"));
            let before = pieces.0.insert((row["grid"].clone(), row["beat"].clone()), area);
            assert!(before.is_none(), "two pieces of one pair: {row:?}");
        }
        pieces
    }

    /// Reads a reference table `beat_num,CODE,area_m2`, rows of equal codes added up.
    pub fn reference(path: &Path) -> Self {
        let mut pieces = Self::default();
        for row in csv::Reader::from_path(path).unwrap().into_deserialize::<(String, String, f64)>() {
            let (beat, grid, area) = row.unwrap();
            *pieces.0.entry((grid, beat)).or_default() += area;
        }
        pieces
    }

    /// The pieces that have both a grid and a beat.
    pub fn pairs(&self) -> impl Iterator<Item = (&(String, String), f64)> {
        self.0.iter().filter(|((grid, beat), _)| !grid.is_empty() && !beat.is_empty()).map(|(k, &a)| (k, a))
    }

    /// Their area in square metres.
    pub fn total(&self) -> f64 {
        self.pairs().map(|(_, area)| area).sum()
    }

    /// Ground of one side only: (grid without beat, beat without grid), in square metres.
    pub fn one_sided(&self) -> (f64, f64) {
        let sum = |wanted: fn(&(String, String)) -> bool| {
            self.0.iter().filter(|(pair, _)| wanted(pair)).map(|(_, area)| area).sum()
        };
        (
            sum(|(grid, beat)| !grid.is_empty() && beat.is_empty()),
            sum(|(grid, beat)| grid.is_empty() && !beat.is_empty()),
        )
    }

    /// The pairs over 2 m², here or in the reference, that differ by more than 0.1 % + 1 m².
    pub fn differences(&self, reference: &Self) -> Vec<Difference> {
        let all: BTreeSet<_> = self.pairs().chain(reference.pairs()).map(|(pair, _)| pair).collect();
        let of = |pieces: &Self, pair| pieces.0.get(pair).copied().unwrap_or(0.0);
        all.into_iter()
            .map(|pair| Difference { pair: pair.clone(), ours: of(self, pair), theirs: of(reference, pair) })
            .filter(|d| d.ours > 2.0 || d.theirs > 2.0)
            .filter(|d| (d.ours - d.theirs).abs() > d.theirs * 1e-3 + 1.0)
            .collect()
    }
}

/// A pair whose area is not the reference's.
#[derive(Debug, Clone)]
pub struct Difference {
    /// Grid and beat.
    pub pair: (String, String),
    /// Square metres here.
    pub ours: f64,
    /// Square metres there.
    pub theirs: f64,
}
