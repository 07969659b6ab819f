//! Points that change while the map is looked at: incidents and the positions of staff.
//!
//! A bulk in order of fid under a packed index, and a small delta above it. A change copies the delta,
//! never the bulk; when the delta has grown to [`DELTA`] rows it is merged into a new bulk. Whoever
//! reads keeps the version he began with.

use crate::{
    Bounds, E7, MultiPolygon, geodesic,
    index::{PackedIndex, polygon::Tester},
    overlay::PieceId,
    record::{Fid, IncidentRow, StaffRow},
};
use std::{collections::BTreeMap, sync::Arc as Shared};

/// Rows of the delta that make it worth merging: scanning so many costs about as much as one query of
/// the bulk.
const DELTA: usize = 1024;

/// A row that lies somewhere and can change.
pub trait Positioned {
    /// Its key.
    fn fid(&self) -> Fid;
    /// Where it is; `None` when not known.
    fn at(&self) -> Option<E7>;
}

/// An incident on the present map.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// The row, always with `placed` set.
    pub row: IncidentRow,
    /// The piece that its place lies in now; `None` outside both layers.
    pub piece: Option<PieceId>,
}

impl Incident {
    /// Code of the grid in force when it was reported.
    pub fn grid(&self) -> Option<&str> {
        self.row.placed.as_ref()?.grid.as_deref()
    }

    /// Code of the beat in force when it was reported.
    pub fn beat(&self) -> Option<&str> {
        self.row.placed.as_ref()?.beat.as_deref()
    }
}

impl Positioned for Incident {
    fn fid(&self) -> Fid {
        self.row.fid
    }
    fn at(&self) -> Option<E7> {
        Some(self.row.at)
    }
}

/// A member of staff at the last known position, without name and phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffPosition {
    /// The row; `name` and `phone` are always `None`.
    pub row: StaffRow,
    /// The piece of the last position.
    pub piece: Option<PieceId>,
}

impl Positioned for StaffPosition {
    fn fid(&self) -> Fid {
        self.row.fid
    }
    fn at(&self) -> Option<E7> {
        self.row.at
    }
}

/// All incidents.
pub type Incidents = Live<Incident>;
/// All positions of staff.
pub type StaffPositions = Live<StaffPosition>;

/// Rows by fid, with an index over their places. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Live<T> {
    bulk: Shared<Bulk<T>>,
    /// What differs from the bulk; `None` for rows that are gone.
    delta: Shared<BTreeMap<Fid, Option<Shared<T>>>>,
    len: usize,
}

#[derive(Debug)]
struct Bulk<T> {
    rows: Vec<Shared<T>>,
    index: PackedIndex,
    /// The row of each indexed point: rows without a place are not indexed.
    row_of: Vec<u32>,
}

impl<T> Bulk<T>
where
    T: Positioned,
{
    fn new(rows: Vec<Shared<T>>) -> Self {
        let (places, row_of): (Vec<E7>, Vec<u32>) =
            rows.iter().enumerate().filter_map(|(i, r)| Some((r.at()?, i as u32))).unzip();
        Self { index: PackedIndex::build(&places), rows, row_of }
    }
}

impl<T: Positioned> Live<T> {
    /// From rows in any order.
    pub(crate) fn new(rows: impl IntoIterator<Item = T>) -> Self {
        let mut rows: Vec<Shared<T>> = rows.into_iter().map(Shared::new).collect();
        rows.sort_by_key(|r| r.fid());
        Self { len: rows.len(), bulk: Shared::new(Bulk::new(rows)), delta: Shared::default() }
    }

    /// These rows with one put in, replaced or (`None`) taken out.
    pub(crate) fn with(&self, fid: Fid, row: Option<T>) -> Self {
        let before = usize::from(self.get(fid).is_some());
        let len = self.len + usize::from(row.is_some()) - before;
        let mut delta = (*self.delta).clone();
        delta.insert(fid, row.map(Shared::new));
        let next = Self { bulk: self.bulk.clone(), delta: Shared::new(delta), len };
        if next.delta.len() <= DELTA {
            return next;
        }
        let mut rows: Vec<Shared<T>> =
            self.bulk.rows.iter().filter(|r| !next.delta.contains_key(&r.fid())).cloned().collect();
        rows.extend(next.delta.values().flatten().cloned());
        rows.sort_by_key(|r| r.fid());
        Self { bulk: Shared::new(Bulk::new(rows)), delta: Shared::default(), len }
    }

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
        match self.delta.get(&fid) {
            Some(row) => row.as_deref(),
            None => self.bulk.rows.binary_search_by_key(&fid, |r| r.fid()).ok().map(|i| &*self.bulk.rows[i]),
        }
    }

    /// All rows by fid.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let mut old =
            self.bulk.rows.iter().map(|r| &**r).filter(|r| !self.delta.contains_key(&r.fid())).peekable();
        let mut new = self.delta.values().flatten().map(|r| &**r).peekable();
        std::iter::from_fn(move || match (old.peek(), new.peek()) {
            (Some(a), Some(b)) if a.fid() < b.fid() => old.next(),
            (_, Some(_)) => new.next(),
            (_, None) => old.next(),
        })
    }

    /// Calls `f` with every row in the box or on its border, in no particular order.
    pub fn in_box<'a>(&'a self, bounds: &Bounds, mut f: impl FnMut(&'a T)) {
        self.bulk.index.in_box(bounds, |i| self.unchanged(i).into_iter().for_each(&mut f));
        self.changed().filter(|r| r.at().is_some_and(|p| bounds.contains(p))).for_each(f);
    }

    /// Calls `f` with every row on some ground.
    pub fn in_polygon<'a>(&'a self, ground: &MultiPolygon, mut f: impl FnMut(&'a T)) {
        self.bulk.index.in_polygon(ground, |i| self.unchanged(i).into_iter().for_each(&mut f));
        let test = Tester::new(ground);
        self.changed().filter(|r| r.at().is_some_and(|p| test.contains(p))).for_each(f);
    }

    /// The `k` nearest rows that `keep` accepts, with their distance in metres, nearest first.
    pub fn nearest<'a>(&'a self, at: E7, k: usize, mut keep: impl FnMut(&'a T) -> bool) -> Vec<(&'a T, f64)> {
        let old = self.bulk.index.nearest(at, k, |i| self.unchanged(i).is_some_and(&mut keep));
        let mut near: Vec<(&T, f64)> =
            old.into_iter().filter_map(|(i, d)| Some((self.unchanged(i)?, d))).collect();
        for row in self.changed() {
            if let Some(p) = row.at()
                && keep(row)
            {
                near.push((row, geodesic::distance_m(at, p)));
            }
        }
        near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.fid().cmp(&b.0.fid())));
        near.truncate(k);
        near
    }

    /// The box around all places, at least.
    pub fn bounds(&self) -> Bounds {
        self.changed().filter_map(Positioned::at).fold(self.bulk.index.bounds(), Bounds::with)
    }

    /// The row of an indexed point, unless the delta has a newer word.
    fn unchanged(&self, i: u32) -> Option<&T> {
        let row = &self.bulk.rows[self.bulk.row_of[i as usize] as usize];
        (!self.delta.contains_key(&row.fid())).then_some(&**row)
    }

    fn changed(&self) -> impl Iterator<Item = &T> {
        self.delta.values().flatten().map(|r| &**r)
    }
}
