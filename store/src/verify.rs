//! A store against its own invariants: every row is read, and what does not fit is named.
//!
//! - ids: ascending, `region · 2³² + sequence`, no higher than the counter of their region;
//! - codes: there, and once in a layer and region; words, times and places as an import would take them;
//! - parents: no area is above itself; one that is missing is told, not a fault (an import only warns);
//! - addresses: as many residents as there are rows for them, where there are any;
//! - layers of departments: ids, and cells and places as an import would take them;
//! - the log: numbers without a gap up to the counter of changes;
//! - what only the backend has: [`crate::Store::inspect`].

use crate::{
    cut::{Counter, Cut},
    department::ready,
    error::StoreError,
    kept::{Kept, Sum},
    rules,
    store::Store,
};
use gridbeat_onemap::{
    department::Schema,
    record::{AreaRow, Fid, LayerKind, Side},
};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
};

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The collection (`grids`), or `file`, `log`, `counters`.
    pub place: String,
    /// The row, where it is one row's.
    pub fid: Option<i64>,
    /// What it is about: `code`, `region`, `r-tree`, …
    pub about: Cow<'static, str>,
    /// What is wrong, and what was expected.
    pub what: String,
    /// Whether it breaks an invariant; else it is only worth knowing.
    pub fault: bool,
}

impl Finding {
    pub(crate) fn new(place: &str, about: impl Into<Cow<'static, str>>, what: String) -> Self {
        Self { place: place.to_owned(), fid: None, about: about.into(), what, fault: true }
    }

    pub(crate) fn of_row(self, fid: i64) -> Self {
        Self { fid: Some(fid), ..self }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.place)?;
        if let Some(fid) = self.fid {
            write!(f, ", row {fid}")?;
        }
        write!(f, ", {}: {}", self.about, self.what)
    }
}

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// As [`Store::checksum`] gives it; `None` when a row could not be read.
    pub checksum: Option<String>,
    /// Number of the last change.
    pub last_change: u64,
    /// Rows of each layer that could be read.
    pub rows: Vec<(LayerKind, u64)>,
}

/// Reads everything in a store and hands what does not fit to `found`.
///
/// # Errors
/// [`StoreError::Unavailable`].
pub fn verify(store: &dyn Store, found: &mut dyn FnMut(Finding)) -> Result<Verified, StoreError> {
    let mut verified = Verified { checksum: None, last_change: 0, rows: Vec::new() };
    store.read(&mut |cut| {
        verified = Check::new(found).run(cut)?;
        Ok(())
    })?;
    store.inspect(found)?;
    Ok(verified)
}

/// 64 bits that stand for a region and a code: of ten million, two are the same once in 400,000 times.
fn key(region: u16, code: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one((region, code))
}

struct Check<'a> {
    found: &'a mut dyn FnMut(Finding),
    sum: Sum,
    /// The highest sequence number of each layer and region.
    highest: BTreeMap<(String, u16), u32>,
    /// Address → its row and the residents it says it has.
    stated: HashMap<u64, (Fid, u32)>,
    /// Address → rows of residents.
    living: HashMap<u64, u32>,
}

impl<'a> Check<'a> {
    fn new(found: &'a mut dyn FnMut(Finding)) -> Self {
        Self {
            found,
            sum: Sum::new(),
            highest: BTreeMap::new(),
            stated: HashMap::new(),
            living: HashMap::new(),
        }
    }

    fn run(mut self, cut: &mut dyn Cut) -> Result<Verified, StoreError> {
        let mut rows = Vec::new();
        let mut whole = true;
        for &layer in LayerKind::ALL {
            let (n, read) = self.layer(cut, layer)?;
            rows.push((layer, n));
            whole &= read;
        }
        self.residents();
        let last_change = cut.last_change()?;
        whole &= self.log(cut, last_change)?;
        for layer in cut.departments()? {
            whole &= self.department(cut, &layer)?;
        }
        let counters = cut.counters()?;
        self.counters(&counters);
        Ok(Verified { checksum: whole.then(|| self.sum.hex()), last_change, rows })
    }

    /// The rows of a layer: how many there are, and whether all of them could be read.
    fn layer(&mut self, cut: &mut dyn Cut, layer: LayerKind) -> Result<(u64, bool), StoreError> {
        self.sum.table(layer.collection());
        let mut codes = HashSet::new();
        let mut family = Family::default();
        let (mut n, mut before) = (0, None);
        let read = cut.rows(layer, &mut |kept| {
            n += 1;
            self.sum.row(&kept);
            let fid = kept.fid();
            if before.is_some_and(|b| b >= fid) {
                self.tell(layer, fid, "fid", "rows do not come in the order of their ids".to_owned());
            }
            before = Some(fid);
            self.row(layer, &kept, &mut codes);
            if let Kept::Area(side, row) = &kept {
                family.add(*side, row);
            }
            Ok(())
        });
        let whole = match read {
            Err(StoreError::Damaged { layer: _, fid, field, reason }) => {
                (self.found)(
                    Finding::new(layer.collection(), field, format!("cannot be read: {reason}")).of_row(fid),
                );
                false
            }
            other => {
                other?;
                true
            }
        };
        if whole {
            family.tell(layer, self.found);
        }
        Ok((n, whole))
    }

    fn row(&mut self, layer: LayerKind, kept: &Kept<'_>, codes: &mut HashSet<u64>) {
        let (fid, mut row) = (kept.fid(), kept.to_row());
        let region = rules::region_of(&row);
        let code = rules::code_of(&row).to_owned();
        if fid.region() != region || fid.sequence() == 0 {
            let expected = fid.region().0;
            let what = format!("it is {}, but the id says {expected} (region · 2³² + sequence)", region.0);
            self.tell(layer, fid, "region", what);
        }
        let highest = self.highest.entry((layer.collection().to_owned(), fid.region().0)).or_default();
        *highest = (*highest).max(fid.sequence());
        if !codes.insert(key(region.0, &code)) {
            self.tell(layer, fid, "code", format!("“{code}” stands more than once in region {}", region.0));
        }
        match kept {
            Kept::Address(r) => {
                self.stated.insert(key(region.0, &code), (fid, r.residents));
            }
            Kept::Resident(_, r) => *self.living.entry(key(region.0, &r.address)).or_default() += 1,
            _ => {}
        }
        if code.is_empty() {
            // An import would make the code of an incident; what is kept has one.
            self.tell(layer, fid, "code", "there is none: expected a code".to_owned());
        } else if let Err((field, reason)) = rules::ready(layer, &mut row) {
            self.tell(layer, fid, field, reason);
        }
    }

    /// The features of a department's layer: whether all of them could be read.
    fn department(&mut self, cut: &mut dyn Cut, layer: &Schema) -> Result<bool, StoreError> {
        self.sum.department(layer);
        let mut before = None;
        let read = cut.features(layer, &mut |mut row| {
            self.sum.feature(&row);
            let fid = row.fid;
            let mut tell = |about: &'static str, what: String| {
                (self.found)(Finding::new(&layer.name, about, what).of_row(fid.0 as i64));
            };
            if before.is_some_and(|b| b >= fid) {
                tell("fid", "rows do not come in the order of their ids".to_owned());
            }
            before = Some(fid);
            if let Err((field, reason)) = ready(layer, &mut row) {
                tell(field, reason);
            }
            let highest = self.highest.entry((layer.name.clone(), fid.region().0)).or_default();
            *highest = (*highest).max(fid.sequence());
            Ok(())
        });
        match read {
            Err(StoreError::Damaged { layer: _, fid, field, reason }) => {
                let what = format!("cannot be read: {reason}");
                (self.found)(Finding::new(&layer.name, field, what).of_row(fid));
                Ok(false)
            }
            other => other.map(|()| true),
        }
    }

    fn residents(&mut self) {
        let (stated, living) = (std::mem::take(&mut self.stated), std::mem::take(&mut self.living));
        let mut wrong: Vec<(Fid, u32, u32)> = living
            .iter()
            .filter_map(|(address, &n)| stated.get(address).map(|&(fid, says)| (fid, says, n)))
            .filter(|&(_, says, n)| says != n)
            .collect();
        wrong.sort_unstable();
        for (fid, says, n) in wrong {
            let what = format!("it says {says}, but {n} rows of residents live there");
            self.tell(LayerKind::Address, fid, "residents", what);
        }
    }

    fn counters(&mut self, counters: &[Counter]) {
        for (&(ref name, region), &highest) in &self.highest {
            let given = counters.iter().find(|c| c.name == *name && c.region == region).map_or(0, |c| c.last);
            if given < u64::from(highest) {
                // Another program put rows there; numbers go on after the highest, so nothing is given twice.
                let what = format!(
                    "{name} of region {region}: {given} numbers given, but the highest in use is {highest}: rows came \
                     from outside"
                );
                (self.found)(Finding { fault: false, ..Finding::new("counters", "last", what) });
            }
        }
    }

    /// Whether all of the log could be read.
    fn log(&mut self, cut: &mut dyn Cut, last_change: u64) -> Result<bool, StoreError> {
        self.sum.table("counters");
        for c in cut.counters()? {
            self.sum.counter(&c.name, i64::from(c.region), c.last as i64);
        }
        self.sum.table("changes");
        let mut before: Option<u64> = None;
        let read = cut.changes(&mut |change| {
            self.sum.change(&change);
            if let Some(b) = before.filter(|&b| b + 1 != change.n) {
                let what = format!("change {} follows {b}: expected {}", change.n, b + 1);
                (self.found)(Finding::new("log", "n", what));
            }
            before = Some(change.n);
            Ok(())
        });
        if let Err(StoreError::Damaged { fid, field, reason, .. }) = read {
            (self.found)(Finding::new("log", field, format!("change {fid} cannot be read: {reason}")));
            return Ok(false);
        }
        read?;
        if before.is_some_and(|b| b != last_change) || (before.is_none() && last_change > 0) {
            let what = match before {
                Some(b) => format!("it ends with change {b}, but {last_change} were counted"),
                None => format!("it is empty, but {last_change} changes were counted"),
            };
            (self.found)(Finding::new("log", "n", what));
        }
        Ok(true)
    }

    fn tell(&mut self, layer: LayerKind, fid: Fid, about: &'static str, what: String) {
        (self.found)(Finding::new(layer.collection(), about, what).of_row(fid.0 as i64));
    }
}

/// Who is above whom in a boundary layer, by code: parents may be of another region.
#[derive(Default)]
struct Family {
    above: BTreeMap<String, (Fid, Option<String>)>,
}

impl Family {
    fn add(&mut self, _: Side, row: &AreaRow) {
        self.above.insert(row.code.clone(), (row.fid, row.parent.clone()));
    }

    fn tell(&self, layer: LayerKind, found: &mut dyn FnMut(Finding)) {
        for (code, (fid, parent)) in &self.above {
            let Some(parent) = parent else { continue };
            if !self.above.contains_key(parent) {
                let what = format!("“{parent}” is not in the layer");
                let finding = Finding::new(layer.collection(), "parent", what).of_row(fid.0 as i64);
                found(Finding { fault: false, ..finding });
            } else if self.goes_round(code) {
                let what = format!("“{code}” is above itself, by way of “{parent}”");
                found(Finding::new(layer.collection(), "parent", what).of_row(fid.0 as i64));
            }
        }
    }

    /// Whether one comes back to `code` by going up from it.
    fn goes_round(&self, code: &str) -> bool {
        let mut at = code;
        // No way up is longer than there are areas.
        for _ in 0..self.above.len() {
            match self.above.get(at).and_then(|(_, parent)| parent.as_deref()) {
                Some(parent) if parent == code => return true,
                Some(parent) => at = parent,
                None => return false,
            }
        }
        false
    }
}
