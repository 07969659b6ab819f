//! Points that change while the map is looked at: incidents and the positions of staff.
//!
//! Three tiers, each immutable and shared by all versions that have it:
//!
//! - [`bulk`]: rows in order of fid under a packed index.
//! - [`recent`]: what changed since, under an `rstar` tree.
//! - fresh: the last changes, at most [`FRESH`]. A change copies these, nothing else; when they are too
//!   many, they go into a copy of the recent ones.
//!
//! Bulk and changes are [merged](Live::merged) into a new bulk, beside whoever reads and writes.
//! [`find`]: the queries. [`rows`]: what a row is.

mod bulk;
mod find;
mod recent;
mod rows;
#[cfg(test)]
mod tests;

pub use rows::{Incident, Positioned, StaffPosition};

use crate::{Bounds, record::Fid};
use bulk::Bulk;
use recent::Recent;
use rustc_hash::FxHashMap;
use std::sync::Arc as Shared;

/// So many fresh changes are gone through one by one in each query. Copying the recent ones costs
/// about 50 ns a row and is shared by so many changes.
const FRESH: usize = 128;
/// Recent changes that make a merge worth while …
const RECENT: usize = 4096;
/// … and the share of the bulk, if that is more.
const SHARE: usize = 64;
/// Whose turn it is to merge and does not is not waited for beyond so many times that.
const PATIENCE: usize = 16;

/// All incidents.
pub type Incidents = Live<Incident>;
/// All positions of staff.
pub type StaffPositions = Live<StaffPosition>;

/// The last changes; `None` for rows that are gone.
type Fresh<T> = FxHashMap<Fid, Option<Shared<T>>>;

/// Rows by fid, with an index over their places. Cheap to clone.
#[derive(Debug)]
pub struct Live<T> {
    bulk: Shared<Bulk<T>>,
    recent: Shared<Recent<T>>,
    fresh: Shared<Fresh<T>>,
    len: usize,
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        Self {
            bulk: Shared::clone(&self.bulk),
            recent: Shared::clone(&self.recent),
            fresh: Shared::clone(&self.fresh),
            len: self.len,
        }
    }
}

/// A new bulk: see [`Live::merged`].
#[derive(Debug)]
pub struct Merged<T> {
    /// The bulk that it takes the place of.
    of: Shared<Bulk<T>>,
    bulk: Shared<Bulk<T>>,
}

impl<T: Positioned + Send + Sync> Live<T> {
    /// From rows in any order.
    pub(crate) fn new(rows: impl IntoIterator<Item = T>) -> Self {
        Self::shared(rows.into_iter().map(Shared::new).collect())
    }

    /// From rows in any order that are shared already.
    pub(crate) fn shared(mut rows: Vec<Shared<T>>) -> Self {
        rows.sort_by_key(|r| r.fid());
        Self::of(Bulk::new(rows))
    }

    fn of(bulk: Bulk<T>) -> Self {
        Self {
            len: bulk.rows.len(),
            recent: Shared::new(Recent::new(&bulk)),
            bulk: Shared::new(bulk),
            fresh: Shared::default(),
        }
    }

    /// These rows with one put in, replaced or (`None`) taken out.
    pub(crate) fn with(&self, fid: Fid, row: Option<T>) -> Self {
        let before = usize::from(self.get(fid).is_some());
        let mut next = self.clone();
        next.len = self.len + usize::from(row.is_some()) - before;
        let fresh = Shared::make_mut(&mut next.fresh);
        fresh.insert(fid, row.map(Shared::new));
        if fresh.len() > FRESH {
            next.recent = Shared::new(self.recent.with(&self.bulk, fresh));
            next.fresh = Shared::default();
            if next.recent.rows.len() > PATIENCE * next.patience() {
                next = next.with_merged(&next.merged());
            }
        }
        next
    }

    /// Whether so much has changed that [`Live::merged`] is worth while.
    pub fn wants_merge(&self) -> bool {
        self.recent.rows.len() > self.patience()
    }

    fn patience(&self) -> usize {
        RECENT.max(self.bulk.rows.len() / SHARE)
    }

    /// A new bulk of all rows as they are in this version: slow, so made beside all readers and
    /// writers. [`Live::with_merged`] puts it under the version that is the newest by then.
    #[must_use]
    pub fn merged(&self) -> Merged<T> {
        let visible = self.bulk.rows.iter().zip(0..).filter(|(r, i)| self.is_visible(*i, r.fid()));
        let mut rows: Vec<Shared<T>> = visible.map(|(r, _)| Shared::clone(r)).collect();
        rows.extend(self.changes().filter_map(|(_, row)| row.cloned()));
        rows.sort_by_key(|r| r.fid());
        Merged { of: Shared::clone(&self.bulk), bulk: Shared::new(Bulk::new(rows)) }
    }

    /// The same rows over a merged bulk, which takes in all but what changed since it was begun. A bulk
    /// that was begun over other rows than these is left aside.
    #[must_use]
    pub fn with_merged(&self, merged: &Merged<T>) -> Self {
        if !Shared::ptr_eq(&self.bulk, &merged.of) {
            return self.clone();
        }
        let bulk = &merged.bulk;
        let since = self.changes().filter(|(fid, row)| {
            let known = bulk.find(*fid).map(|i| &bulk.rows[i as usize]);
            match (known, row) {
                (Some(a), Some(b)) => !Shared::ptr_eq(a, b),
                (a, b) => a.is_some() != b.is_some(),
            }
        });
        let since: Fresh<T> = since.map(|(fid, row)| (fid, row.cloned())).collect();
        let recent = Recent::new(bulk).with(bulk, &since);
        Self {
            bulk: Shared::clone(bulk),
            recent: Shared::new(recent),
            fresh: Shared::default(),
            len: self.len,
        }
    }
}

impl<T: Positioned> Live<T> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The row with this fid.
    pub fn get(&self, fid: Fid) -> Option<&T> {
        match self.fresh.get(&fid) {
            Some(row) => row.as_deref(),
            None => self.get_not_fresh(fid),
        }
    }

    fn get_not_fresh(&self, fid: Fid) -> Option<&T> {
        match self.recent.rows.get(&fid) {
            Some(row) => row.as_deref(),
            None => self.bulk.find(fid).map(|i| &*self.bulk.rows[i as usize]),
        }
    }

    /// All rows by fid.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let old = self.bulk.rows.iter().zip(0..).filter(|(r, i)| self.is_visible(*i, r.fid()));
        let mut old = old.map(|(r, _)| &**r).peekable();
        let mut new: Vec<&T> = self.changed().collect();
        new.sort_unstable_by_key(|r| r.fid());
        let mut new = new.into_iter().peekable();
        std::iter::from_fn(move || match (old.peek(), new.peek()) {
            (Some(a), Some(b)) if a.fid() < b.fid() => old.next(),
            (_, Some(_)) => new.next(),
            (_, None) => old.next(),
        })
    }

    /// The box around all places, at least.
    pub fn bounds(&self) -> Bounds {
        self.changed().filter_map(Positioned::at).fold(self.bulk.index.bounds(), Bounds::with)
    }

    /// Whether a row of the bulk is the last word.
    fn is_visible(&self, row: u32, fid: Fid) -> bool {
        !self.recent.hides(row) && !self.fresh.contains_key(&fid)
    }

    /// The last word on every row that changed, each once.
    fn changes(&self) -> impl Iterator<Item = (Fid, Option<&Shared<T>>)> {
        let recent = self.recent.rows.iter().filter(|(fid, _)| !self.fresh.contains_key(*fid));
        self.fresh.iter().chain(recent).map(|(fid, row)| (*fid, row.as_ref()))
    }

    /// The rows that changed and are there.
    fn changed(&self) -> impl Iterator<Item = &T> {
        self.changes().filter_map(|(_, row)| row.map(|r| &**r))
    }
}
