//! A row as it comes out of a store, and what it is turned into: a map's input, or a checksum.

use crate::{
    error::StoreError,
    store::{AddressRef, Sink},
};
use gridbeat_onemap::{
    department::{Cell, Drawing, FeatureRow, Schema},
    e7::E7,
    record::{AreaRow, Change, Fid, IncidentRow, LayerKind, ResidentRow, Row, Side, StaffRow},
    shape::MultiPolygon,
};
use sha2::{Digest, Sha256};

/// The layers a map is built from, in the order of [`crate::Store::load`].
pub(crate) const MAPPED: [LayerKind; 5] =
    [LayerKind::Grid, LayerKind::Beat, LayerKind::Address, LayerKind::Incident, LayerKind::Staff];

/// One stored row.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, clippy::large_enum_variant)] // The variants are the layers; one at a time, on the stack.
pub enum Kept<'a> {
    Area(Side, AreaRow),
    Address(AddressRef<'a>),
    Resident(Fid, ResidentRow),
    Incident(IncidentRow),
    Staff(StaffRow),
}

impl Kept<'_> {
    /// Its id.
    pub const fn fid(&self) -> Fid {
        match self {
            Self::Area(_, r) => r.fid,
            Self::Address(r) => r.fid,
            Self::Resident(fid, _) => *fid,
            Self::Incident(r) => r.fid,
            Self::Staff(r) => r.fid,
        }
    }

    /// A row of its own, without its id where the record has none.
    pub fn to_row(&self) -> Row {
        match self {
            Self::Area(side, r) => Row::Area(*side, r.clone()),
            Self::Address(r) => Row::Address(r.to_row()),
            Self::Resident(_, r) => Row::Resident(r.clone()),
            Self::Incident(r) => Row::Incident(r.clone()),
            Self::Staff(r) => Row::Staff(r.clone()),
        }
    }
}

/// Takes stored rows one by one; an error ends the reading.
pub type Each<'a> = dyn FnMut(Kept<'_>) -> Result<(), StoreError> + 'a;

/// Hands a row on to a map: never a resident, never a name or a phone.
pub(crate) fn hand_on(row: Kept<'_>, sink: &mut dyn Sink) {
    match row {
        Kept::Area(side, row) => sink.area(side, row),
        Kept::Address(row) => sink.address(row),
        Kept::Resident(..) => {}
        Kept::Incident(row) => sink.incident(row),
        Kept::Staff(row) => sink.staff(StaffRow { name: None, phone: None, ..row }),
    }
}

/// A checksum in the making. Every value goes in with its length or a mark, so that no two different
/// dumps are the same bytes (`"ab", "c"` is not `"a", "bc"`).
pub(crate) struct Sum(Sha256);

impl Sum {
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    /// The sum in hex.
    pub(crate) fn hex(self) -> String {
        self.0.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Begins a table.
    pub(crate) fn table(&mut self, name: &str) {
        self.text(name);
    }

    pub(crate) fn counter(&mut self, name: &str, region: i64, last: i64) {
        self.text(name);
        self.int(region);
        self.int(last);
    }

    pub(crate) fn change(&mut self, c: &Change) {
        self.int(c.n as i64);
        self.int(i64::from(c.region.0));
        self.text(c.layer.as_str());
        self.text(c.op.as_str());
        self.maybe(c.fid.map(|f| f.0), |s, f| s.int(f as i64));
        self.words(&[c.grid.as_deref(), c.beat.as_deref()]);
        self.maybe(c.bbox, |s, b| {
            s.place(b.min);
            s.place(b.max);
        });
        self.int(c.at.as_millisecond());
        self.int(c.rows as i64);
    }

    pub(crate) fn row(&mut self, row: &Kept<'_>) {
        match row {
            Kept::Area(_, r) => {
                self.key(r.fid, i64::from(r.region.0), &r.code);
                self.words(&[
                    r.name.as_deref(),
                    r.level.map(|l| l.as_str()),
                    r.parent.as_deref(),
                    r.kind.as_deref(),
                ]);
                self.maybe(r.geometry.as_ref(), Self::shape);
            }
            Kept::Address(r) => {
                self.key(r.fid, i64::from(r.region.0), r.code);
                self.text(r.text);
                self.place(r.at);
                [r.residents, r.dwellings, r.organisations].iter().for_each(|&n| self.int(i64::from(n)));
            }
            Kept::Resident(fid, r) => {
                self.key(*fid, i64::from(r.region.0), &r.code);
                self.text(&r.address);
                self.words(&[r.household.as_deref(), r.age_band.as_deref(), r.registration.as_deref()]);
            }
            Kept::Incident(r) => {
                self.key(r.fid, i64::from(r.region.0), &r.code);
                self.words(&[
                    r.title.as_deref(),
                    r.category.as_deref(),
                    Some(r.state.as_str()),
                    r.risk.map(|w| w.as_str()),
                    r.source.map(|w| w.as_str()),
                    r.address.as_deref(),
                ]);
                self.maybe(r.reported_at, |s, t| s.int(t.as_millisecond()));
                self.place(r.at);
                self.maybe(r.placed.as_ref(), |s, p| s.words(&[p.grid.as_deref(), p.beat.as_deref()]));
            }
            Kept::Staff(r) => {
                self.key(r.fid, i64::from(r.region.0), &r.code);
                self.words(&[
                    r.role.as_deref(),
                    Some(r.side.staff()),
                    r.area.as_deref(),
                    r.name.as_deref(),
                    r.phone.as_deref(),
                ]);
                self.int(i64::from(r.on_duty));
                self.maybe(r.seen_at, |s, t| s.int(t.as_millisecond()));
                self.maybe(r.at, Self::place);
            }
        }
    }

    /// Begins a department's layer.
    pub(crate) fn department(&mut self, schema: &Schema) {
        self.words(&[Some(&schema.name), Some(&schema.title), schema.geometry.as_deref()]);
        self.text(schema.drawn.as_str());
        for c in &schema.columns {
            self.words(&[Some(&c.name), Some(&c.title), Some(c.kind.as_str())]);
        }
    }

    /// A feature of a department's layer.
    pub(crate) fn feature(&mut self, row: &FeatureRow) {
        self.int(row.fid.0 as i64);
        for cell in &row.cells {
            self.maybe(cell.kind(), |s, kind| s.text(kind.as_str()));
            match cell {
                Cell::Null => {}
                Cell::Text(t) => self.text(t),
                Cell::Integer(n) => self.int(*n),
                Cell::Number(n) => self.int(n.to_bits() as i64),
                Cell::Boolean(b) => self.int(i64::from(*b)),
                Cell::Date(d) => self.text(&d.to_string()),
                Cell::Timestamp(t) => self.int(t.as_millisecond()),
            }
        }
        match &row.drawing {
            Drawing::Point(p) => self.place(*p),
            Drawing::Lines(lines) => {
                self.int(lines.len() as i64);
                for line in lines {
                    self.int(line.len() as i64);
                    line.iter().for_each(|&p| self.place(p));
                }
            }
            Drawing::Ground(ground) => self.shape(ground),
        }
    }

    fn key(&mut self, fid: Fid, region: i64, code: &str) {
        self.int(fid.0 as i64);
        self.int(region);
        self.text(code);
    }

    fn int(&mut self, n: i64) {
        self.0.update(n.to_le_bytes());
    }

    fn text(&mut self, s: &str) {
        self.int(s.len() as i64);
        self.0.update(s);
    }

    fn words(&mut self, words: &[Option<&str>]) {
        words.iter().for_each(|w| self.maybe(*w, Self::text));
    }

    fn place(&mut self, p: E7) {
        self.int(i64::from(p.lon));
        self.int(i64::from(p.lat));
    }

    fn shape(&mut self, shape: &MultiPolygon) {
        self.int(shape.0.len() as i64);
        for polygon in &shape.0 {
            self.int(polygon.holes.len() as i64);
            for ring in polygon.rings() {
                self.int(ring.len() as i64);
                ring.iter().for_each(|&p| self.place(p));
            }
        }
    }

    fn maybe<T>(&mut self, value: Option<T>, put: impl FnOnce(&mut Self, T)) {
        self.0.update([u8::from(value.is_some())]);
        if let Some(value) = value {
            put(self, value);
        }
    }
}
