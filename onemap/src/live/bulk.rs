//! Most of the rows, as they were when they were last merged.

use super::Positioned;
use crate::{E7, index::PackedIndex, overlay::PieceId, record::Fid};
use rayon::prelude::*;
use std::{ops::RangeInclusive, sync::Arc as Shared};

/// Rows by fid, with orders over them. A row's number is its place.
#[derive(Debug)]
pub(super) struct Bulk<T> {
    pub rows: Vec<Shared<T>>,
    pub index: PackedIndex,
    /// The row of each indexed point: rows without a place are not indexed.
    row_of: Vec<u32>,
    /// Second and number of each row that has a time.
    by_time: Vec<(i64, u32)>,
    /// Piece and number of each row that has one.
    by_piece: Vec<(PieceId, u32)>,
}

impl<T: Positioned + Send + Sync> Bulk<T> {
    /// From rows by fid.
    pub fn new(rows: Vec<Shared<T>>) -> Self {
        let places = || {
            let placed = rows.iter().enumerate().filter_map(|(i, r)| Some((r.at()?, i as u32)));
            let (places, row_of): (Vec<E7>, Vec<u32>) = placed.unzip();
            (PackedIndex::build(&places), row_of)
        };
        let orders = || {
            let mut by_time: Vec<(i64, u32)> =
                rows.iter().zip(0..).filter_map(|(r, i)| Some((r.time()?.as_second(), i))).collect();
            by_time.par_sort_unstable();
            let mut by_piece: Vec<(PieceId, u32)> =
                rows.iter().zip(0..).filter_map(|(r, i)| Some((r.piece()?, i))).collect();
            by_piece.par_sort_unstable();
            (by_time, by_piece)
        };
        let ((index, row_of), (by_time, by_piece)) = rayon::join(places, orders);
        Self { rows, index, row_of, by_time, by_piece }
    }
}

impl<T: Positioned> Bulk<T> {
    /// The number of the row with this fid.
    pub fn find(&self, fid: Fid) -> Option<u32> {
        self.rows.binary_search_by_key(&fid, |r| r.fid()).ok().map(|i| i as u32)
    }

    /// The number of the row of an indexed point.
    pub fn row_of(&self, point: u32) -> u32 {
        self.row_of[point as usize]
    }

    /// Numbers of the rows whose time lies in these seconds, by time.
    pub fn in_seconds(&self, seconds: &RangeInclusive<i64>) -> impl Iterator<Item = u32> + Clone {
        let start = self.by_time.partition_point(|t| t.0 < *seconds.start());
        let end = self.by_time.partition_point(|t| t.0 <= *seconds.end());
        self.by_time[start..end.max(start)].iter().map(|t| t.1)
    }

    /// Numbers of the rows in a piece, by fid.
    pub fn in_piece(&self, piece: PieceId) -> impl Iterator<Item = u32> + Clone {
        let start = self.by_piece.partition_point(|p| p.0 < piece);
        let count = self.by_piece[start..].partition_point(|p| p.0 == piece);
        self.by_piece[start..start + count].iter().map(|p| p.1)
    }
}
