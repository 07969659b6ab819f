//! Rows, page by page in order of their fids.

use super::{Budget, IncidentFilter, QueryError, StaffFilter, Where, filter::Filter, rows};
use crate::{
    Reader,
    live::{Incident, Live, Positioned, StaffPosition},
    record::Fid,
};
use std::collections::BinaryHeap;

/// The most rows of a page.
pub const MOST_ITEMS: usize = 10_000;

/// Which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The last row of the page before.
    pub after: Option<Fid>,
    /// Rows on it, 1 to [`MOST_ITEMS`].
    pub limit: usize,
}

impl Page {
    /// The first page.
    pub const fn first(limit: usize) -> Self {
        Self { after: None, limit }
    }

    pub(super) fn check(&self) -> Result<(), QueryError> {
        if (1..=MOST_ITEMS).contains(&self.limit) {
            return Ok(());
        }
        let found = self.limit.to_string();
        Err(QueryError::Parameter { parameter: "limit", found, expected: "a number from 1 to 10000" })
    }
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<T> {
    /// The rows by fid.
    pub items: Vec<T>,
    /// How many there are on all pages.
    pub matched: u64,
    /// What to continue after, if there is more.
    pub next: Option<Fid>,
}

impl<'a> Reader<'a> {
    /// Numbers of the addresses there.
    ///
    /// # Errors
    /// When the limit is none, or the budget is spent.
    pub fn find_addresses(
        &self,
        place: &Where,
        page: Page,
        budget: &Budget<'_>,
    ) -> Result<Found<u32>, QueryError> {
        page.check()?;
        let all = self.addresses();
        // Addresses are numbered in order of their fids.
        let start = page.after.map_or(0, |fid| all.number_after(fid));
        if place.is_everywhere() {
            let end = (start as usize).saturating_add(page.limit).min(all.len()) as u32;
            budget.spend(u64::from(end - start))?;
            let next = (end > start && (end as usize) < all.len()).then(|| all.get(end - 1).fid);
            return Ok(Found { items: (start..end).collect(), matched: all.len() as u64, next });
        }
        let mut lowest = Lowest::new(start, page.limit);
        rows::addresses(self, place, budget, |i| lowest.see(i))?;
        let (items, matched, more) = lowest.sorted();
        let next = items.last().filter(|_| more).map(|&i| all.get(i).fid);
        Ok(Found { items, matched, next })
    }

    /// The incidents there.
    ///
    /// # Errors
    /// When the limit is none, or the budget is spent.
    pub fn find_incidents(
        &self,
        place: &Where,
        filter: &IncidentFilter,
        page: Page,
        budget: &Budget<'_>,
    ) -> Result<Found<&'a Incident>, QueryError> {
        find(self.incidents(), place, filter, page, budget)
    }

    /// The staff there, by last position.
    ///
    /// # Errors
    /// When the limit is none, or the budget is spent.
    pub fn find_staff(
        &self,
        place: &Where,
        filter: &StaffFilter,
        page: Page,
        budget: &Budget<'_>,
    ) -> Result<Found<&'a StaffPosition>, QueryError> {
        find(self.staff(), place, filter, page, budget)
    }
}

fn find<'a, T: Positioned>(
    live: &'a Live<T>,
    place: &Where,
    filter: &impl Filter<T>,
    page: Page,
    budget: &Budget<'_>,
) -> Result<Found<&'a T>, QueryError> {
    page.check()?;
    let start = page.after.map_or(Fid(0), |fid| Fid(fid.0.saturating_add(1)));
    let mut lowest = Lowest::new(start, page.limit);
    rows::live(live, place, filter, budget, |row| lowest.see(row.fid()))?;
    let (fids, matched, more) = lowest.sorted();
    let next = fids.last().copied().filter(|_| more);
    Ok(Found { items: fids.into_iter().filter_map(|fid| live.get(fid)).collect(), matched, next })
}

/// The lowest of many keys, from a first one on.
pub(super) struct Lowest<K> {
    start: K,
    limit: usize,
    /// The highest of them on top.
    kept: BinaryHeap<K>,
    seen: u64,
    /// Of those seen, how many come from the first one on.
    from_start: u64,
}

impl<K: Ord + Copy> Lowest<K> {
    pub(super) fn new(start: K, limit: usize) -> Self {
        Self { start, limit, kept: BinaryHeap::with_capacity(limit.min(1024) + 1), seen: 0, from_start: 0 }
    }

    pub(super) fn see(&mut self, key: K) {
        self.seen += 1;
        if key < self.start {
            return;
        }
        self.from_start += 1;
        if self.kept.len() < self.limit {
            self.kept.push(key);
        } else if let Some(mut highest) = self.kept.peek_mut()
            && key < *highest
        {
            *highest = key;
        }
    }

    /// The keys, how many were seen, and whether more come after these.
    pub(super) fn sorted(self) -> (Vec<K>, u64, bool) {
        let more = self.from_start > self.kept.len() as u64;
        (self.kept.into_sorted_vec(), self.seen, more)
    }
}
