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
        assert_eq!(
            text.lines().next().map(str::trim_end),
            Some(COLUMNS),
            "header of\n{run}"
        );
        let mut pieces = Self::default();
        for row in run.csv() {
            let area = row["area_m2"]
                .parse::<f64>()
                .unwrap_or_else(|e| panic!("area_m2 of {row:?}: {e}"));
            let before = pieces
                .0
                .insert((row["grid"].clone(), row["beat"].clone()), area);
            assert!(before.is_none(), "two pieces of one pair: {row:?}");
        }
        pieces
    }

    /// Reads a reference table `beat_num,CODE,area_m2`, rows of equal codes added up.
    pub fn reference(path: &Path) -> Self {
        let mut pieces = Self::default();
        for row in csv::Reader::from_path(path)
            .unwrap()
            .into_deserialize::<(String, String, f64)>()
        {
            let (beat, grid, area) = row.unwrap();
            *pieces.0.entry((grid, beat)).or_default() += area;
        }
        pieces
    }

    /// The pieces that have both a grid and a beat.
    pub fn pairs(&self) -> impl Iterator<Item = (&(String, String), f64)> {
        self.0
            .iter()
            .filter(|((grid, beat), _)| !grid.is_empty() && !beat.is_empty())
            .map(|(k, &a)| (k, a))
    }

    /// Their area in square metres.
    pub fn total(&self) -> f64 {
        self.pairs().map(|(_, area)| area).sum()
    }

    /// Ground of one side only: (grid without beat, beat without grid), in square metres.
    pub fn one_sided(&self) -> (f64, f64) {
        let sum = |wanted: fn(&(String, String)) -> bool| {
            self.0
                .iter()
                .filter(|(pair, _)| wanted(pair))
                .map(|(_, area)| area)
                .sum()
        };
        (
            sum(|(grid, beat)| !grid.is_empty() && beat.is_empty()),
            sum(|(grid, beat)| grid.is_empty() && !beat.is_empty()),
        )
    }

    /// Every pair of the reference over 2 m² is here within 0.1 % + 1 m², and no pair over 2 m² besides.
    ///
    /// "Over 2 m²" with the tolerance taken off: 2.0005 m² there may be 1.9 m² here.
    #[track_caller]
    pub fn matches(&self, reference: &Self) {
        let mut faults = Vec::new();
        let all: BTreeSet<_> = self
            .pairs()
            .chain(reference.pairs())
            .map(|(pair, _)| pair)
            .collect();
        for pair in all {
            let ours = self.0.get(pair).copied().unwrap_or(0.0);
            let theirs = reference.0.get(pair).copied().unwrap_or(0.0);
            let relevant = ours > 2.0 || theirs > 2.0;
            if relevant && (ours - theirs).abs() > theirs * 1e-3 + 1.0 {
                faults.push(format!("{pair:?}: {ours} m², reference {theirs} m²"));
            }
        }
        assert!(
            faults.is_empty(),
            "{} pairs differ:\n{}",
            faults.len(),
            faults.join("\n")
        );
    }
}
