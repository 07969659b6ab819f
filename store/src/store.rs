//! The one trait, and the small types that it speaks in.

use crate::{
    cut::{Cut, Work},
    department::{DepartmentLayer, DepartmentPlan, NextFeature},
    error::{SourceFailed, StoreError},
    open::OpenMode,
    plan::{ImportPlan, Imported, Refused},
    shelf::Pool,
    verify::Finding,
};
use gridbeat_onemap::{
    department::{FeatureRow, Schema},
    e7::E7,
    record::{AddressRow, AreaRow, Change, Fid, IncidentRow, LayerKind, Placed, Region, Row, Side, StaffRow},
    scope::Scope,
    shape::MultiPolygon,
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Yields the rows of an import one by one, then `None`; an error aborts the import.
pub type NextRow<'a> = dyn FnMut() -> Option<Result<Row, SourceFailed>> + 'a;

/// Takes each row that the store refuses.
pub type OnReject<'a> = dyn FnMut(Refused) + 'a;

/// A place that keeps everything, for good. Shared by threads; every method may block on the disk or
/// the network, so call it from a thread that may.
pub trait Store: Send + Sync {
    /// One consistent cut of everything the map is built from, streamed into the sink: grids, beats,
    /// addresses, incidents, staff, each by ascending fid, then the layers of departments by name. Returns the number of the last change in
    /// the cut (0 when there was none), so that [`Store::changes_since`] goes on from there.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a value cannot be read, [`StoreError::Unavailable`]. The sink may
    /// have been given a part by then: throw it away.
    fn load(&self, scope: &Scope, sink: &mut dyn Sink) -> Result<u64, StoreError>;

    /// Takes the rows of one layer in one transaction: all or nothing. A row that the store refuses
    /// (duplicate code, a time out of range) goes to `on_reject` and is left out. Fids are given in
    /// the order of the rows.
    ///
    /// # Errors
    /// [`StoreError::Source`] when `rows` fails, [`StoreError::Busy`], [`StoreError::Unavailable`];
    /// nothing was changed then.
    fn import(
        &self,
        plan: &ImportPlan,
        rows: &mut NextRow<'_>,
        on_reject: &mut OnReject<'_>,
    ) -> Result<Imported, StoreError>;

    /// Takes the features of a department's layer in one transaction, making the layer when it is not there:
    /// all or nothing, one change in the log, whose layer is the name. Fids are given in the order of the rows.
    ///
    /// # Errors
    /// [`StoreError::LayerDiffers`] when the columns do not agree with those there,
    /// [`StoreError::Source`] when `rows` fails, [`StoreError::Busy`], [`StoreError::Unavailable`]; nothing was
    /// changed then.
    fn import_department(
        &self,
        plan: &DepartmentPlan,
        rows: &mut NextFeature<'_>,
        on_reject: &mut OnReject<'_>,
    ) -> Result<Imported, StoreError>;

    /// The layers of departments, by name, with the number of their features.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Unavailable`].
    fn departments(&self, scope: &Scope) -> Result<Vec<DepartmentLayer>, StoreError>;

    /// Gives drawn areas of one side new drawings, in one transaction; all else of their rows stays, and
    /// so do incidents' areas in force. One change in the log, `op = import`, with as many rows as there
    /// are drawings and the box around the old and the new ones. `seen` is the number of the last change
    /// in the cut from which the drawings were made (what [`Store::load`] returned).
    ///
    /// # Errors
    /// [`StoreError::Outdated`] when the layer was changed after `seen`, [`StoreError::NotFound`] when an
    /// area is not there or is not drawn, [`StoreError::BadRow`] for a drawing that cannot be kept,
    /// [`StoreError::Busy`], [`StoreError::Unavailable`]; nothing was changed then.
    fn redraw(&self, side: Side, seen: u64, drawings: Vec<(Fid, MultiPolygon)>)
    -> Result<Change, StoreError>;

    /// Keeps a new incident. Its `fid` is given by the store, and its `code` (`I` + fid) when empty.
    /// Times are kept to the millisecond. Returns the row as kept.
    ///
    /// # Errors
    /// [`StoreError::DuplicateCode`], [`StoreError::BadRow`], [`StoreError::Busy`], [`StoreError::Unavailable`].
    fn create_incident(&self, row: IncidentRow) -> Result<(IncidentRow, Change), StoreError>;

    /// Changes or deletes an incident. `decide` sees the row as it is when the edit is written, so what it
    /// compares (an `If-Match`) is exact: should somebody overtake it, it is asked again with the newer row, and
    /// what it said last counts. `Ok(None)` when it said [`Edit::Keep`]; else the row as kept (`None` when deleted)
    /// and the change. Fid and region stay as they were.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::DuplicateCode`], [`StoreError::BadRow`],
    /// [`StoreError::Busy`], [`StoreError::Unavailable`].
    fn edit_incident(
        &self,
        fid: Fid,
        decide: &mut dyn FnMut(&IncidentRow) -> Edit,
    ) -> Result<Option<(Option<IncidentRow>, Change)>, StoreError>;

    /// One incident.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Unavailable`].
    fn incident(&self, scope: &Scope, fid: Fid) -> Result<Option<IncidentRow>, StoreError>;

    /// Keeps a new feature of a department's layer; its fid is given by the store. Its cells are those of `schema`, and
    /// `placed` says who answers for it. Returns the row as kept.
    ///
    /// # Errors
    /// [`StoreError::LayerDiffers`] when the layer is not there or has other columns by now, [`StoreError::BadRow`],
    /// [`StoreError::Busy`], [`StoreError::Unavailable`].
    fn create_feature(
        &self,
        schema: &Schema,
        row: FeatureRow,
        placed: Placed,
    ) -> Result<(FeatureRow, Change), StoreError>;

    /// Changes or deletes a feature of a department's layer. `decide` sees the row inside the transaction. `Ok(None)`
    /// when it said [`FeatureEdit::Keep`]; else the row as kept (`None` when deleted) and the change. Fid and region
    /// stay as they were.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of [`Store::create_feature`].
    fn edit_feature(
        &self,
        schema: &Schema,
        fid: Fid,
        decide: &mut dyn FnMut(&FeatureRow) -> FeatureEdit,
    ) -> Result<Option<(Option<FeatureRow>, Change)>, StoreError>;

    /// One feature of a department's layer, its cells in the order of `schema`.
    ///
    /// # Errors
    /// [`StoreError::LayerDiffers`] when the layer is not there or has other columns by now, [`StoreError::Damaged`],
    /// [`StoreError::Unavailable`].
    fn feature(&self, scope: &Scope, schema: &Schema, fid: Fid) -> Result<Option<FeatureRow>, StoreError>;

    /// Changes where a member of staff is, when that was and whether on duty; the rest of the row that
    /// `decide` makes of the present one is not looked at. `decide` sees it inside the transaction,
    /// without name and phone, and may be called once. `Ok(None)` when it said `None`. The log does not
    /// keep the places: it would be the trail of a person.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::BadRow`], [`StoreError::Busy`], [`StoreError::Unavailable`].
    fn edit_staff(
        &self,
        fid: Fid,
        decide: &mut dyn FnMut(&StaffRow) -> Option<StaffRow>,
    ) -> Result<Option<(StaffRow, Change)>, StoreError>;

    /// One member of staff, without name and phone.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Unavailable`].
    fn staff(&self, scope: &Scope, fid: Fid) -> Result<Option<StaffRow>, StoreError>;

    /// The changes after number `n`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn changes_since(&self, n: u64, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// The number of the oldest change still in the log; `None` when the log is empty.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn oldest_change(&self) -> Result<Option<u64>, StoreError>;

    /// The number of the last change ever made; 0 when there was none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn last_change(&self) -> Result<u64, StoreError>;

    /// Waits until there is a change after `n`, at most `timeout`; returns the last change's number.
    /// This is how one node hears of what another process wrote.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn wait_for_change(&self, n: u64, timeout: Duration) -> Result<u64, StoreError> {
        const EVERY: Duration = Duration::from_millis(100);
        let end = Instant::now() + timeout;
        loop {
            let last = self.last_change()?;
            let left = end.saturating_duration_since(Instant::now());
            if last > n || left.is_zero() {
                return Ok(last);
            }
            std::thread::sleep(EVERY.min(left));
        }
    }

    /// The members of staff of one side who are on duty and answer for one of these areas, in the order
    /// of the areas, then by code. A member of region 0 (city not known) answers for an area of any city.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn on_duty(&self, scope: &Scope, side: Side, areas: &[(Region, &str)]) -> Result<Vec<Duty>, StoreError>;

    /// Addresses whose text holds `text` (letters of any case), best first: found early in a short
    /// address. By an index over runs of [`SHORTEST_SEARCH`] characters; fewer find nothing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn search_addresses(
        &self,
        scope: &Scope,
        text: &str,
        limit: usize,
    ) -> Result<Vec<AddressHit>, StoreError>;

    /// Number of rows of each layer.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn table_counts(&self) -> Result<Vec<(LayerKind, u64)>, StoreError>;

    /// Whether a boundary layer has any area that is drawn.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn has_layer(&self, side: Side) -> Result<bool, StoreError>;

    /// SHA-256, in hex, over an ordered dump of every row of every table, the change log and the
    /// counters included. Two stores with equal sums hold the same, whatever their pages look like.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Unavailable`].
    fn checksum(&self) -> Result<String, StoreError>;

    /// Runs `work`, once, over one consistent cut of everything; writers go on meanwhile.
    ///
    /// # Errors
    /// What `work` returns; [`StoreError::Unavailable`].
    fn read(&self, work: &mut Work<'_>) -> Result<(), StoreError>;

    /// Takes everything of another store's cut in one transaction: rows with their fids, layers of departments,
    /// counters, log.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`] when there is anything here already, [`StoreError::BadRow`] when the cut
    /// names a code twice, [`StoreError::Busy`], [`StoreError::Unavailable`]; nothing was changed then.
    fn restore(&self, from: &mut dyn Cut) -> Result<(), StoreError>;

    /// Writes one consistent cut of everything as a GeoPackage store at `draft`, where nothing is yet.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Unavailable`]; what is at `draft` then is good for nothing.
    fn backup(&self, draft: &Path) -> Result<(), StoreError> {
        let copy = crate::open(&draft.to_string_lossy(), OpenMode::Create)?;
        self.read(&mut |cut| copy.restore(cut))
    }

    /// How much its connections are in use.
    fn pools(&self) -> Vec<Pool>;

    /// Looks at what only this backend has (the pages of its file, its indexes) and names what is wrong.
    /// Part of [`crate::verify`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    fn inspect(&self, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError>;

    /// The same over the rows of one layer alone: equal in a GeoPackage and in PostGIS for equal rows.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Unavailable`].
    fn layer_checksum(&self, layer: LayerKind) -> Result<String, StoreError>;

    /// The same over the columns and features of a department's layer.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Damaged`], [`StoreError::Unavailable`].
    fn department_checksum(&self, name: &str) -> Result<String, StoreError>;
}

/// What takes a store's rows to build a map of them.
pub trait Sink {
    /// An area of one side.
    fn area(&mut self, side: Side, row: AreaRow);
    /// An address; borrowed, since there are millions.
    fn address(&mut self, row: AddressRef<'_>);
    /// An incident.
    fn incident(&mut self, row: IncidentRow);
    /// A member of staff; `name` and `phone` are `None`: they stay in the store.
    fn staff(&mut self, row: StaffRow);
    /// A layer of a department, whose features follow. Who needs none ignores it.
    fn department(&mut self, _schema: Schema) {}
    /// A feature of the department's layer that was told last.
    fn feature(&mut self, _row: FeatureRow) {}
}

/// An [`AddressRow`] that borrows its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The fields are those of AddressRow.
pub struct AddressRef<'a> {
    pub fid: Fid,
    pub region: Region,
    pub code: &'a str,
    pub text: &'a str,
    pub at: E7,
    pub residents: u32,
    pub dwellings: u32,
    pub organisations: u32,
}

impl AddressRef<'_> {
    /// A row of its own.
    pub fn to_row(&self) -> AddressRow {
        AddressRow {
            fid: self.fid,
            region: self.region,
            code: self.code.to_owned(),
            text: self.text.to_owned(),
            at: self.at,
            residents: self.residents,
            dwellings: self.dwellings,
            organisations: self.organisations,
        }
    }
}

/// What to do with the incident that was shown.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // One at a time, on the stack.
pub enum Edit {
    /// Keep this in its place.
    Replace(IncidentRow),
    /// Delete it.
    Delete,
    /// Leave it as it is.
    Keep,
}

/// What to do with the feature that was shown, and who answers for it.
#[derive(Clone, Debug, PartialEq)]
pub enum FeatureEdit {
    /// Keep this in its place.
    Replace(FeatureRow, Placed),
    /// Delete it.
    Delete(Placed),
    /// Leave it as it is.
    Keep,
}

/// Somebody on duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Staff id.
    pub code: String,
    /// Name.
    pub name: Option<String>,
    /// `chief`, `worker`, `officer`, …
    pub role: Option<String>,
    /// Duty phone.
    pub phone: Option<String>,
    /// Code of the area this person answers for.
    pub area: String,
}

/// An address that a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressHit {
    /// Its id.
    pub fid: Fid,
    /// Its official code.
    pub code: String,
    /// The address as written.
    pub text: String,
    /// Where.
    pub at: E7,
}
