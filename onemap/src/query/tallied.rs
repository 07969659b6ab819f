//! How many features of a department's layer there are, and what their columns add up to: by area or piece, over
//! time, by cell. A line or a polygon counts once, where the position that stands for it lies.

use super::{Budget, By, Cell, Interval, Key, MOST_CELLS, QueryError, Raster};
use crate::{
    PieceId, Reader,
    department::{Cell as Stored, Department},
};
use jiff::{Timestamp, civil::Time, tz::Offset};
use std::collections::BTreeMap;

/// What a column adds up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sum {
    /// Of whole numbers, exactly.
    Integer(i128),
    /// Of numbers.
    Number(f64),
}

/// What is counted of some features.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct FeatureCounts {
    /// How many there are.
    pub features: u64,
    /// Of each column asked for; `None` where no feature has a number there.
    pub sums: Vec<Option<Sum>>,
}

impl FeatureCounts {
    /// Of nothing.
    pub fn none(columns: &[usize]) -> Self {
        Self { features: 0, sums: vec![None; columns.len()] }
    }

    /// Counts a feature, adding up its columns.
    pub fn add(&mut self, layer: &Department, columns: &[usize], i: u32) {
        self.features += 1;
        for (sum, &column) in self.sums.iter_mut().zip(columns) {
            *sum = match (layer.cell(i, column), *sum) {
                (Stored::Integer(n), None) => Some(Sum::Integer(i128::from(*n))),
                (Stored::Integer(n), Some(Sum::Integer(all))) => Some(Sum::Integer(all + i128::from(*n))),
                (Stored::Number(n), None) => Some(Sum::Number(*n)),
                (Stored::Number(n), Some(Sum::Number(all))) => Some(Sum::Number(all + n)),
                (_, sum) => sum,
            };
        }
    }
}

/// One area or piece.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureGroup {
    /// Which; `None` for what lies in none of them.
    pub key: Option<Key>,
    /// What there is.
    pub counts: FeatureCounts,
    /// Features by the start of their hour, day or week, those with none left out.
    pub series: Vec<(Timestamp, u64)>,
}

/// Counts features of a layer by area or piece of the present ground, as they are handed to it.
#[derive(Debug)]
pub struct FeatureTally<'a> {
    layer: &'a Department,
    columns: &'a [usize],
    /// How long a bucket is, by which clocks, and the column that says when.
    interval: Option<(Interval, Offset, usize)>,
    keys: Vec<Key>,
    /// By piece; one more than the last key for what lies in none.
    of_piece: Vec<u32>,
    counts: Vec<FeatureCounts>,
    series: BTreeMap<(usize, i64), u64>,
}

impl<'a> FeatureTally<'a> {
    /// Nothing yet. `columns` are summed: those of numbers, others add up to nothing. With an interval, features
    /// are also counted by the layer's one column that says when; a layer without one has no series. `layer` must be
    /// of the map that is read.
    ///
    /// # Errors
    /// When the budget is spent; a group costs a unit.
    pub fn new(
        reader: &Reader<'_>,
        layer: &'a Department,
        columns: &'a [usize],
        by: By,
        interval: Option<(Interval, Offset)>,
        budget: &Budget<'_>,
    ) -> Result<Self, QueryError> {
        let (keys, of_piece) = reader.groups(by);
        budget.spend(keys.len() as u64)?;
        let time = layer.schema().time_column();
        Ok(Self {
            layer,
            columns,
            interval: interval.and_then(|(interval, zone)| Some((interval, zone, time?))),
            counts: vec![FeatureCounts::none(columns); keys.len() + 1],
            keys,
            of_piece,
            series: BTreeMap::new(),
        })
    }

    /// Counts a feature.
    pub fn add(&mut self, i: u32) {
        let outside = self.keys.len();
        let group = |piece: PieceId| self.of_piece[piece.0 as usize] as usize;
        let group = self.layer.piece(i).map_or(outside, group);
        self.counts[group].add(self.layer, self.columns, i);
        if let Some((interval, zone, column)) = self.interval
            && let Some(at) = instant(self.layer.cell(i, column), zone)
        {
            *self.series.entry((group, interval.bucket(at, zone))).or_default() += 1;
        }
    }

    /// All groups by key, also those with nothing; last what lies in none of them.
    pub fn groups(self) -> Vec<FeatureGroup> {
        let keys = self.keys.into_iter().map(Some).chain([None]);
        let mut groups: Vec<FeatureGroup> = keys
            .zip(self.counts)
            .map(|(key, counts)| FeatureGroup { key, counts, series: Vec::new() })
            .collect();
        if let Some((interval, zone, _)) = self.interval {
            for ((group, bucket), n) in self.series {
                groups[group].series.push((interval.start(bucket, zone), n));
            }
        }
        groups
    }
}

/// When that is; a day begins at midnight by the clocks of the zone.
fn instant(cell: &Stored, zone: Offset) -> Option<Timestamp> {
    match cell {
        Stored::Timestamp(at) => Some(*at),
        Stored::Date(day) => zone.to_timestamp(day.to_datetime(Time::midnight())).ok(),
        _ => None,
    }
}

/// Counts features of a layer by cell of a raster, as they are handed to it.
#[derive(Debug)]
pub struct CellTally<'a> {
    layer: &'a Department,
    columns: &'a [usize],
    raster: &'a Raster,
    cells: BTreeMap<Cell, FeatureCounts>,
}

impl<'a> CellTally<'a> {
    /// Nothing yet; `columns` are summed.
    pub fn new(layer: &'a Department, columns: &'a [usize], raster: &'a Raster) -> Self {
        Self { layer, columns, raster, cells: BTreeMap::new() }
    }

    /// Counts a feature; one without any vertex is in no cell.
    ///
    /// # Errors
    /// When there are more than [`MOST_CELLS`].
    pub fn add(&mut self, i: u32) -> Result<(), QueryError> {
        let Some(at) = self.layer.drawing(i).stands_at() else { return Ok(()) };
        let counts = self.cells.entry(self.raster.cell(at));
        counts.or_insert_with(|| FeatureCounts::none(self.columns)).add(self.layer, self.columns, i);
        if self.cells.len() > MOST_CELLS {
            return Err(QueryError::TooMany { what: "cells", most: MOST_CELLS });
        }
        Ok(())
    }

    /// Cells that hold something, from south to north and west to east.
    pub fn cells(self) -> BTreeMap<Cell, FeatureCounts> {
        self.cells
    }
}
