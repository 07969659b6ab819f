//! Mends a layer whose drawings do not quite fit, within a tolerance.
//!
//! ```text
//! drawings → table of edges → open edges → faults ─┬→ faces ──┐
//!                                                  ├→ lanes ──┼→ redraw → again, until nothing changes
//!                                                  └→ spikes ─┘
//! ```
//!
//! - [`drawings`]: what each area looks like at this moment. [`table`]: all their edges, and which of
//!   them are open, that is not shared by one area on each side.
//! - [`planar`], [`faults`]: ground that nobody or several areas claim.
//! - [`width`]: how wide it is. [`scale`]: metres.
//! - [`faces`]: gaps and overlaps no wider than the tolerance go to one area each; [`award`] says whose.
//! - [`lanes`]: so do the narrow parts of gaps that are open or wide elsewhere.
//! - [`spikes`]: lines that run out and back are dropped.
//! - [`redraw`]: the new drawings. [`promise`]: whether they keep what is promised here; if not, all begins
//!   anew and that place is spared. [`report`]: what moved, and who gained what from whom.
//!
//! How borders snap: no vertex is pushed around. Where two borders run side by side within the
//! tolerance, the sliver between them is a gap or an overlap; it goes to one of the two, and with that
//! the border of the other lies on the border of the first, vertex for vertex. So each bit of ground
//! changes hands once at most, and only if it lies within the tolerance of the old border.
//!
//! Guarantees: a clean coverage comes back as it was, vertex for vertex. No vertex moves farther than
//! the tolerance (and three units for rounding), but for those that are cut off with a spike. What is wider
//! than the tolerance stays. The result is the same for the same drawings in any order. It is idempotent by
//! construction: a result is handed out only when one more round over it has changed nothing, and where
//! places were spared, when a second run has.

mod award;
mod drawings;
mod faces;
mod faults;
mod lanes;
mod planar;
mod promise;
mod redraw;
mod report;
mod scale;
mod spikes;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod width;

pub use report::{Ground, Left, Moved, Report};

use crate::{
    Bounds, MultiPolygon,
    record::{AreaRow, Fid},
};
use award::Award;
use drawings::Drawings;
use faults::Faults;
use planar::{Line, Planar};
use promise::Spared;
use std::{borrow::Cow, collections::BTreeSet};
use table::Table;

/// How to clean.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// In metres: what is wider, or farther, is never touched.
    pub tolerance_m: f64,
    /// Who gets ground that nobody or several claim.
    pub prefer: Prefer,
}

/// Who gets ground that nobody or several claim, among those who may have it. Ties go to the longest
/// border with that ground, then to the code that comes first by code point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Prefer {
    /// The area with the longest border along it.
    #[default]
    LongestBorder,
    /// The area whose drawing is larger.
    LargerArea,
    /// These areas before all others.
    Named(BTreeSet<Fid>),
}

/// A cleaned layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Cleaned {
    /// The areas whose drawing changed, by fid, and their new drawings.
    pub changed: Vec<(Fid, MultiPolygon)>,
    /// What happened.
    pub report: Report,
}

/// Rounds after which the vertices that rounding put into borders are left in: three or four suffice
/// before, and with them nothing is left to cut.
const HEALING_ROUNDS: usize = 12;
/// Rounds after which what still changes is spared.
const ROUNDS: usize = 24;
/// Beginnings after which all is left as it was. One or two are the rule, and each spares more.
const BEGINNINGS: usize = 24;

/// Cleans drawings that should form a coverage. `drawn` are the areas that are drawn (see
/// [`super::Area::drawn`]), in any order; rows without geometry are passed over. Their polygons are valid
/// each for itself, as an import leaves them (see [`super::repair`](fn@super::repair)).
pub fn clean<'a>(drawn: impl IntoIterator<Item = &'a AreaRow>, options: &Options) -> Cleaned {
    let given = Drawings::new(drawn);
    let mut spared = Spared::default();
    for beginning in 1..=BEGINNINGS {
        match lasting(&given, options, &spared) {
            Ok(result) => return result.cleaned(options),
            Err(places) => spared.add(&places, options.tolerance_m * f64::from(beginning as u32)),
        }
    }
    Cleaned { changed: Vec::new(), report: Report::default() }
}

/// Mends until a run of its own would change nothing. That may be another thing than mending until nothing
/// changes where places are spared: a new run spares nothing, and measures from where borders lie by then.
/// Fails with the places where the promise would be broken.
fn lasting<'a>(given: &Drawings<'a>, options: &Options, spared: &Spared) -> Result<Attempt<'a>, Vec<Bounds>> {
    let mut result = attempt(given, options, spared)?;
    let mut spared_now = !spared.is_empty();
    while spared_now {
        let from = result.drawings.as_given();
        let mut anew = Spared::default();
        let mut next = Err(Vec::new());
        for beginning in 1..=BEGINNINGS {
            next = attempt(&from, options, &anew);
            match &next {
                Ok(_) => break,
                Err(places) => anew.add(places, options.tolerance_m * f64::from(beginning as u32)),
            }
        }
        let next = next?;
        if next.changed.is_empty() {
            break;
        }
        spared_now = !anew.is_empty();
        let Attempt { changed, transfers, report, drawings } = next;
        let redrawn: Vec<(u32, MultiPolygon)> =
            changed.into_iter().map(|a| (a, drawings.ground(a).clone())).collect();
        result.transfers.extend(transfers);
        result.report = report;
        result.redraw(redrawn, options.tolerance_m)?;
    }
    Ok(result)
}

/// What came to rest.
struct Attempt<'a> {
    drawings: Drawings<'a>,
    changed: BTreeSet<u32>,
    transfers: Vec<Transfer>,
    report: Report,
}

/// Mends until nothing changes. Fails with the places where the promise would be broken, or where there
/// is no rest.
fn attempt<'a>(given: &Drawings<'a>, options: &Options, spared: &Spared) -> Result<Attempt<'a>, Vec<Bounds>> {
    let mut now = Attempt {
        drawings: given.clone(),
        changed: BTreeSet::new(),
        transfers: Vec::new(),
        report: Report::default(),
    };
    let mut table = Table::new(given);
    let mut restless = Vec::new();
    for round in 1..=ROUNDS {
        let change = mend(&now.drawings, &table, options, spared, round <= HEALING_ROUNDS, &mut now.report);
        now.transfers.extend(change.transfers);
        if change.redrawn.is_empty() {
            now.report.settled = true;
            return Ok(now);
        }
        table.redraw(&change.redrawn);
        restless = change
            .redrawn
            .iter()
            .flat_map(|(a, ground)| promise::changes(now.drawings.ground(*a), ground))
            .collect();
        now.redraw(change.redrawn, options.tolerance_m)?;
    }
    Err(restless)
}

impl Attempt<'_> {
    /// Takes new drawings in the place of old ones. Fails with the places where they break the promise.
    fn redraw(&mut self, redrawn: Vec<(u32, MultiPolygon)>, tolerance: f64) -> Result<(), Vec<Bounds>> {
        let mut places = Vec::new();
        for (area, ground) in redrawn {
            let drawing = &mut self.drawings.0[area as usize];
            places.extend(promise::broken(drawing.given, &drawing.ground, &ground, tolerance));
            self.changed.insert(area);
            drawing.ground = Cow::Owned(ground);
        }
        if places.is_empty() { Ok(()) } else { Err(places) }
    }

    fn cleaned(mut self, options: &Options) -> Cleaned {
        self.report.transfers = report::add_up(&self.transfers, &self.drawings);
        let changed = self.changed.iter().map(|&a| &self.drawings.0[a as usize]);
        self.report.moved =
            report::measure(changed.clone().map(|d| (d.given, &*d.ground)), options.tolerance_m);
        let changed = changed
            .filter(|d| drawings::canonical(d.given) != drawings::canonical(&d.ground))
            .map(|d| (d.fid, d.ground.clone().into_owned()))
            .collect();
        Cleaned { changed, report: self.report }
    }
}

/// One round: the first step that finds something to do does it.
fn mend(
    drawings: &Drawings<'_>,
    table: &Table,
    options: &Options,
    spared: &Spared,
    heal: bool,
    report: &mut Report,
) -> Change {
    let open = table.open();
    let lines = open.iter().map(|o| Line { a: o.a, b: o.b, tag: 0, delta: o.delta }).collect();
    let planar = Planar::new(0, lines);
    let faults = Faults::new(&planar, |m| m.framed && m.total != 1);
    let suspects = faces::suspects(table, &open, &faults, options.tolerance_m);
    if !suspects.is_empty() {
        let change = faces::mend(drawings, &open, suspects, options, spared, heal);
        if !change.redrawn.is_empty() {
            return change;
        }
    }
    let change = lanes::close(drawings, table, &open, &faults, options, spared, heal);
    if !change.redrawn.is_empty() {
        return change;
    }
    let change = spikes::drop(drawings, table, &open, &faults, options, spared);
    if change.redrawn.is_empty() {
        report::note_left(report, &faults, options.tolerance_m);
    }
    change
}

/// What a step changed.
#[derive(Debug, Default)]
struct Change {
    redrawn: Vec<(u32, MultiPolygon)>,
    transfers: Vec<Transfer>,
}

/// Ground that went from one area, or nobody, to another, or nobody.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Transfer {
    from: Option<u32>,
    to: Option<u32>,
    area_m2: f64,
}

impl Transfer {
    /// What a gift was: from nobody for a gap, else from each claimant but the one who keeps it.
    fn of(award: &Award<'_>, fault: u32, areas: &[u32]) -> Vec<Self> {
        let to = award.owner(fault);
        let area_m2 = award.area_m2(fault);
        let number = |local: u32| areas[local as usize];
        let claims = &award.faults.meaning(fault).claims;
        let transfer = |from: Option<u32>| Self { from: from.map(number), to: to.map(number), area_m2 };
        if claims.is_empty() {
            return vec![transfer(None)];
        }
        claims.iter().filter(|&&c| Some(c) != to).map(|&c| transfer(Some(c))).collect()
    }
}
