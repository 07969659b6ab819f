//! What an import is asked to do, and what it says afterwards.

use gridbeat_onemap::record::{Change, LayerKind};

/// How to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportPlan {
    /// The layer that the rows belong to; a row of another layer is refused.
    pub layer: LayerKind,
    /// Swap instead of add. Of each region that the import brings rows for, the rows of the layer that
    /// it does not bring are deleted. For grids and beats this goes by level too: an import of grids
    /// alone leaves the communities and counties above them. A code that stays keeps its fid. An
    /// incident that stays where it was keeps its grid and beat in force, unless the row brings its own.
    pub replace: bool,
    /// Do everything, report it, and keep nothing.
    pub dry_run: bool,
}

impl ImportPlan {
    /// Add rows to a layer.
    pub const fn add(layer: LayerKind) -> Self {
        Self { layer, replace: false, dry_run: false }
    }
}

/// What an import did (or, as a dry run, would have done).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Imported {
    /// Rows now in the store that the import brought.
    pub rows: u64,
    /// Rows that were there before and are no longer as they were: overwritten or deleted by `replace`.
    pub replaced: u64,
    /// Rows refused; each went to `on_reject`.
    pub refused: u64,
    /// The entry in the change log; `None` when nothing changed or nothing was kept.
    pub change: Option<Change>,
    /// Codes that rows of this import name as their parent and that the layer does not have.
    pub missing_parents: Missing,
    /// Codes of addresses that residents of this import live at and that the store does not have.
    pub unknown_addresses: Missing,
}

/// Codes that were looked for and not found: how many, and the first few.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Missing {
    /// Number of different codes.
    pub count: u64,
    /// The first [`Missing::SAMPLE`] of them, ordered.
    pub sample: Vec<String>,
}

impl Missing {
    /// How many codes are named.
    pub const SAMPLE: usize = 20;
}

/// A row that the store did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which, counted from 1 as the iterator yields them.
    pub row: u64,
    /// The field that is wrong.
    pub field: &'static str,
    /// What is wrong, and what was expected.
    pub reason: String,
}
