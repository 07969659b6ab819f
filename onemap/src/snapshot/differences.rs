//! What a map that was loaded anew has otherwise than the one before it, by its content: the log may not yet know of
//! what another program wrote, and an import may have brought what was there already.

use super::OneMap;
use crate::{
    Bounds,
    department::{Department, FeatureRow},
    live::{Live, Positioned},
    record::{Fid, Side},
};
use std::{iter::Peekable, sync::Arc as Shared};

/// Where two maps differ. Which pieces rows lie in is the boundaries' and not a row's, so where those differ, that may
/// differ of all rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differences {
    /// Whether any grid or any beat differs, by [`Side`].
    pub boundaries: [bool; 2],
    /// Whether any address differs, or how many residents it has.
    pub addresses: bool,
    /// The incidents that differ: where each was and where it is, in order of fid. Of more than [`MOST_PLACES`] the
    /// box around all.
    pub incidents: Vec<Bounds>,
    /// The same of staff.
    pub staff: Vec<Bounds>,
    /// The same of departments' layers, by name; only those that differ.
    pub departments: Vec<(&'static str, Vec<Bounds>)>,
}

/// So many places are told one by one.
pub const MOST_PLACES: usize = 1 << 18;

impl Differences {
    /// Whether boundaries and addresses are the same.
    pub fn are_of_live_rows(&self) -> bool {
        self.boundaries == [false; 2] && !self.addresses
    }
}

impl OneMap {
    /// This map in the place of an earlier one, and what differs. Boundaries and addresses that do not are the earlier
    /// map's very own, with all that was worked out on them: areas and pieces have the same numbers anyway.
    #[must_use]
    pub fn following(mut self, earlier: &Self) -> (Self, Differences) {
        let grids = !self.grids.has_rows_of(&earlier.grids);
        let beats = !self.beats.has_rows_of(&earlier.beats);
        let addresses = !self.addresses.has_rows_of(&earlier.addresses);
        let differences = Differences {
            boundaries: [grids, beats],
            addresses,
            incidents: live(&earlier.incidents, &self.incidents, |i| &i.row),
            staff: live(&earlier.staff, &self.staff, |s| &s.row),
            departments: departments(&earlier.departments, &self.departments),
        };
        if !grids {
            self.grids = Shared::clone(&earlier.grids);
            self.faults[Side::Grid as usize] = Shared::clone(&earlier.faults[Side::Grid as usize]);
        }
        if !beats {
            self.beats = Shared::clone(&earlier.beats);
            self.faults[Side::Beat as usize] = Shared::clone(&earlier.faults[Side::Beat as usize]);
        }
        if !grids && !beats {
            self.overlay = Shared::clone(&earlier.overlay);
            if !addresses {
                self.addresses = Shared::clone(&earlier.addresses);
            }
        }
        (self, differences)
    }
}

/// Where what differs of two lists of rows was and is.
fn live<T: Positioned + Send + Sync, R: PartialEq>(
    old: &Live<T>,
    new: &Live<T>,
    row: impl Fn(&T) -> &R,
) -> Vec<Bounds> {
    let seen = |r: &T| r.at().map_or(Bounds::EMPTY, |at| Bounds { min: at, max: at });
    places(old.iter().map(|r| (r.fid(), row(r), seen(r))), new.iter().map(|r| (r.fid(), row(r), seen(r))))
}

/// Departments' layers that differ, and where what does was and is.
fn departments(old: &[Shared<Department>], new: &[Shared<Department>]) -> Vec<(&'static str, Vec<Bounds>)> {
    let find = |all: &'_ [Shared<Department>], name: &str| {
        all.iter().position(|d| d.schema().name == name).map(|i| Shared::clone(&all[i]))
    };
    let mut differ = Vec::new();
    for layer in new {
        let name = layer.schema().name.as_str();
        let seen = match find(old, name) {
            Some(before) if before.schema() == layer.schema() => features(&before, layer),
            // With other columns all of it is another's.
            Some(before) => vec![before.bounds(), layer.bounds()],
            None => vec![layer.bounds()],
        };
        differ.push((name, seen));
    }
    let gone = old.iter().filter(|d| find(new, &d.schema().name).is_none());
    differ.extend(gone.map(|d| (d.schema().name.as_str(), vec![d.bounds()])));
    differ.iter_mut().for_each(|(_, seen)| seen.retain(|place| !place.is_empty()));
    differ.retain(|(_, seen)| !seen.is_empty());
    differ
}

fn features(old: &Department, new: &Department) -> Vec<Bounds> {
    fn all(d: &Department) -> impl Iterator<Item = (Fid, &FeatureRow, Bounds)> {
        (0..d.len() as u32).map(|i| (d.fid(i), d.row(i), d.bounds_of(i)))
    }
    places(all(old), all(new))
}

/// The places of all rows that only one of two lists has, or that differ between them. Both are in order of fid.
fn places<R: PartialEq>(
    old: impl Iterator<Item = (Fid, R, Bounds)>,
    new: impl Iterator<Item = (Fid, R, Bounds)>,
) -> Vec<Bounds> {
    let (mut old, mut new) = (old.peekable(), new.peekable());
    let (mut places, mut all): (Vec<Bounds>, _) = (Vec::new(), Bounds::EMPTY);
    while let Some(fid) = first(&mut old, &mut new) {
        let (before, after) = (old.next_if(|r| r.0 == fid), new.next_if(|r| r.0 == fid));
        if before.as_ref().map(|r| &r.1) == after.as_ref().map(|r| &r.1) {
            continue;
        }
        for place in before.iter().chain(&after).map(|r| r.2).filter(|place| !place.is_empty()) {
            all = all.join(place);
            // Most rows stay where they were.
            if places.len() <= MOST_PLACES && places.last() != Some(&place) {
                places.push(place);
            }
        }
    }
    if places.len() > MOST_PLACES { vec![all] } else { places }
}

/// The lowest fid that comes next.
fn first<R, A: Iterator<Item = (Fid, R, Bounds)>, B: Iterator<Item = (Fid, R, Bounds)>>(
    old: &mut Peekable<A>,
    new: &mut Peekable<B>,
) -> Option<Fid> {
    let next = [old.peek().map(|r| r.0), new.peek().map(|r| r.0)];
    next.into_iter().flatten().min()
}
