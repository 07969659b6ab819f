//! What a map that was loaded anew has otherwise than the one before it, by its content: the log may not yet know of
//! what another program wrote, and an import may have brought what was there already.

use super::OneMap;
use crate::{
    Bounds,
    addresses::Addresses,
    department::{Department, FeatureRow},
    live::{Incident, Live, Positioned, StaffPosition},
    overlay::{Overlay, PieceId},
    record::{Fid, Side},
};
use std::{collections::HashMap, iter::Peekable, sync::Arc as Shared};

/// Where two maps differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Whether any grid or any beat differs, by [`Side`](crate::record::Side).
    pub boundaries: [bool; 2],
    /// The rows that differ.
    pub rows: Places,
    /// The rows that are the same, but lie in a piece of another name. Of staff it is not told.
    pub pieces: Places,
}

/// Where rows were and are, each place a box or a point, in order of fid. Of more than [`MOST_PLACES`] of a kind the
/// box around all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Addresses, with how many residents they have.
    pub addresses: Vec<Bounds>,
    /// Incidents.
    pub incidents: Vec<Bounds>,
    /// Staff.
    pub staff: Vec<Bounds>,
    /// Features of departments' layers by name; only of those that differ.
    pub departments: Vec<(&'static str, Vec<Bounds>)>,
}

/// So many places are told one by one.
pub const MOST_PLACES: usize = 1 << 18;

impl Differences {
    /// Whether boundaries and addresses are the same.
    pub fn are_of_live_rows(&self) -> bool {
        self.boundaries == [false; 2] && self.rows.addresses.is_empty()
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
        let names = (grids || beats).then(|| Names::new(&earlier.overlay, &self.overlay));
        let names = names.as_ref();
        let mut differences = Differences { boundaries: [grids, beats], ..Differences::default() };
        let Differences { rows, pieces, .. } = &mut differences;
        if addresses || names.is_some() {
            let all = |a| addresses_of(a);
            (rows.addresses, pieces.addresses) = places(all(&earlier.addresses), all(&self.addresses), names);
        }
        let (old, new) = (&earlier.incidents, &self.incidents);
        let all = |i| live(i, |i: &Incident| &i.row, |i| i.piece);
        (rows.incidents, pieces.incidents) = places(all(old), all(new), names);
        let all = |s| live(s, |s: &StaffPosition| &s.row, |_| None);
        (rows.staff, _) = places(all(&earlier.staff), all(&self.staff), None);
        departments(&earlier.departments, &self.departments, names, [rows, pieces]);
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

/// Which pieces of two maps have one name.
struct Names {
    /// A number for the name of each piece of the earlier map, and of the later one.
    numbers: [Vec<u32>; 2],
}

impl Names {
    fn new(old: &Overlay, new: &Overlay) -> Self {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let numbers = [old, new].map(|overlay| {
            let number = |id: PieceId| {
                let next = known.len() as u32;
                *known.entry(&overlay.piece(id).id).or_insert(next)
            };
            overlay.ids().map(number).collect()
        });
        Self { numbers }
    }

    fn agree(&self, old: Option<PieceId>, new: Option<PieceId>) -> bool {
        let [old, new] = [(old, 0), (new, 1)].map(|(id, map)| id.map(|id| self.numbers[map][id.0 as usize]));
        old == new
    }
}

/// A row, the piece that it lies in, and its place.
struct Row<R> {
    fid: Fid,
    row: R,
    piece: Option<PieceId>,
    place: Bounds,
}

fn addresses_of(all: &Addresses) -> impl Iterator<Item = Row<impl PartialEq>> {
    (0..all.len() as u32).map(|i| {
        let at = all.at(i);
        let row = (all.code(i), all.text(i), at, all.counts(i));
        Row { fid: all.fid(i), row, piece: all.piece(i), place: Bounds { min: at, max: at } }
    })
}

fn live<'a, T: Positioned + Send + Sync, R>(
    all: &'a Live<T>,
    row: impl Fn(&'a T) -> R,
    piece: impl Fn(&T) -> Option<PieceId>,
) -> impl Iterator<Item = Row<R>> {
    all.iter().map(move |r| {
        let place = r.at().map_or(Bounds::EMPTY, |at| Bounds { min: at, max: at });
        Row { fid: r.fid(), row: row(r), piece: piece(r), place }
    })
}

fn features(d: &Department) -> impl Iterator<Item = Row<&FeatureRow>> {
    (0..d.len() as u32).map(|i| Row {
        fid: d.fid(i),
        row: d.row(i),
        piece: d.piece(i),
        place: d.bounds_of(i),
    })
}

/// What differs of departments' layers.
fn departments(
    old: &[Shared<Department>],
    new: &[Shared<Department>],
    names: Option<&Names>,
    [rows, pieces]: [&mut Places; 2],
) {
    let find = |all: &'_ [Shared<Department>], name: &str| {
        all.iter().position(|d| d.schema().name == name).map(|i| Shared::clone(&all[i]))
    };
    for layer in new {
        let name = layer.schema().name.as_str();
        let (differ, elsewhere) = match find(old, name) {
            Some(before) if before.schema() == layer.schema() => {
                places(features(&before), features(layer), names)
            }
            // With other columns all of it is another's.
            Some(before) => (vec![before.bounds(), layer.bounds()], Vec::new()),
            None => (vec![layer.bounds()], Vec::new()),
        };
        rows.departments.push((name, differ));
        pieces.departments.push((name, elsewhere));
    }
    let gone = old.iter().filter(|d| find(new, &d.schema().name).is_none());
    rows.departments.extend(gone.map(|d| (d.schema().name.as_str(), vec![d.bounds()])));
    for Places { departments, .. } in [rows, pieces] {
        departments.iter_mut().for_each(|(_, seen)| seen.retain(|place| !place.is_empty()));
        departments.retain(|(_, seen)| !seen.is_empty());
    }
}

/// The places of all rows that only one of two lists has, or that differ between them; and of those that are the same
/// but lie in a piece of another name. Both lists are in order of fid.
fn places<R: PartialEq>(
    old: impl Iterator<Item = Row<R>>,
    new: impl Iterator<Item = Row<R>>,
    names: Option<&Names>,
) -> (Vec<Bounds>, Vec<Bounds>) {
    let (mut old, mut new) = (old.peekable(), new.peekable());
    let (mut differ, mut elsewhere) = (Gathered::default(), Gathered::default());
    while let Some(fid) = first(&mut old, &mut new) {
        let (before, after) = (old.next_if(|r| r.fid == fid), new.next_if(|r| r.fid == fid));
        match (&before, &after) {
            (Some(a), Some(b)) if a.row == b.row => {
                if names.is_some_and(|names| !names.agree(a.piece, b.piece)) {
                    elsewhere.add(b.place);
                }
            }
            _ => before.iter().chain(&after).for_each(|r| differ.add(r.place)),
        }
    }
    (differ.finish(), elsewhere.finish())
}

/// Places one by one, until they are too many.
struct Gathered {
    places: Vec<Bounds>,
    around: Bounds,
}

impl Default for Gathered {
    fn default() -> Self {
        Self { places: Vec::new(), around: Bounds::EMPTY }
    }
}

impl Gathered {
    fn add(&mut self, place: Bounds) {
        self.around = self.around.join(place);
        // Most rows stay where they were.
        if !place.is_empty() && self.places.len() <= MOST_PLACES && self.places.last() != Some(&place) {
            self.places.push(place);
        }
    }

    fn finish(self) -> Vec<Bounds> {
        if self.places.len() > MOST_PLACES { vec![self.around] } else { self.places }
    }
}

/// The lowest fid that comes next.
fn first<R, A: Iterator<Item = Row<R>>, B: Iterator<Item = Row<R>>>(
    old: &mut Peekable<A>,
    new: &mut Peekable<B>,
) -> Option<Fid> {
    let next = [old.peek().map(|r| r.fid), new.peek().map(|r| r.fid)];
    next.into_iter().flatten().min()
}
