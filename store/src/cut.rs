//! One consistent view of a whole store: what exports, backups, checks and checksums read.

use crate::{
    error::StoreError,
    kept::{Each, Sum},
};
use gridbeat_onemap::{
    department::{FeatureRow, Schema},
    record::{Change, LayerKind},
};

/// Works on a [`Cut`]; see [`crate::Store::read`].
pub type Work<'a> = dyn FnMut(&mut dyn Cut) -> Result<(), StoreError> + 'a;

/// Everything in a store as of one change, whoever writes meanwhile. Read layer by layer, row by row.
pub trait Cut {
    /// The number of the last change that is in it; 0 when there was none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn last_change(&mut self) -> Result<u64, StoreError>;

    /// Every row of a layer, by ascending fid.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a value cannot be read, [`StoreError::Unavailable`], what `take` returns.
    fn rows(&mut self, layer: LayerKind, take: &mut Each<'_>) -> Result<(), StoreError>;

    /// The layers of departments, by name.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Unavailable`].
    fn departments(&mut self) -> Result<Vec<Schema>, StoreError>;

    /// Every feature of one of them, by ascending fid.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a value cannot be read, [`StoreError::Unavailable`], what `take` returns.
    fn features(&mut self, layer: &Schema, take: &mut EachFeature<'_>) -> Result<(), StoreError>;

    /// The last numbers given, by name and region.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn counters(&mut self) -> Result<Vec<Counter>, StoreError>;

    /// The change log, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Unavailable`], what `take` returns.
    fn changes(&mut self, take: &mut EachChange<'_>) -> Result<(), StoreError>;
}

/// Takes changes one by one.
pub type EachChange<'a> = dyn FnMut(Change) -> Result<(), StoreError> + 'a;

/// Takes features of a department's layer one by one.
pub type EachFeature<'a> = dyn FnMut(FeatureRow) -> Result<(), StoreError> + 'a;

/// The last number given for a name in a region: `incidents` of 3202 had 17 rows so far, `change` of 0
/// (all regions together) counts the changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// A collection's name, or `change`.
    pub name: String,
    /// City; 0 for changes.
    pub region: u16,
    /// The last number given.
    pub last: u64,
}

/// Adds all rows, the counters, the log and the layers of departments to a sum.
pub(crate) fn add(cut: &mut dyn Cut, sum: &mut Sum) -> Result<(), StoreError> {
    for &layer in LayerKind::ALL {
        sum.table(layer.collection());
        cut.rows(layer, &mut |row| {
            sum.row(&row);
            Ok(())
        })?;
    }
    sum.table("counters");
    for c in cut.counters()? {
        sum.counter(&c.name, i64::from(c.region), c.last as i64);
    }
    sum.table("changes");
    cut.changes(&mut |change| {
        sum.change(&change);
        Ok(())
    })?;
    cut.departments()?.iter().try_for_each(|layer| add_department(cut, sum, layer))
}

/// Adds the columns and features of a department's layer to a sum.
pub(crate) fn add_department(cut: &mut dyn Cut, sum: &mut Sum, layer: &Schema) -> Result<(), StoreError> {
    sum.department(layer);
    cut.features(layer, &mut |row| {
        sum.feature(&row);
        Ok(())
    })
}
