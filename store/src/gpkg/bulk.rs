//! The one prepared statement that all rows of an import go through.

use super::blob;
use crate::{columns::Time, error::StoreError, stored::fid_in};
use gridbeat_onemap::record::{Fid, LayerKind, Row};
use rusqlite::{Connection, Statement, ToSql};

/// Puts rows of one layer into its table.
pub(super) struct Insert<'c> {
    statement: Statement<'c>,
    geometry: Vec<u8>,
}

impl<'c> Insert<'c> {
    pub(super) fn new(conn: &'c Connection, layer: LayerKind) -> Result<Self, StoreError> {
        let columns = match layer {
            LayerKind::Grid | LayerKind::Beat => "name, level, parent, kind, geom",
            LayerKind::Address => "text, residents, dwellings, organisations, geom",
            LayerKind::Resident => "address, household, age_band, registration",
            LayerKind::Incident => {
                "title, category, state, risk, source, reported_at, address, placed, grid, beat, geom"
            }
            LayerKind::Staff => "role, side, area, on_duty, seen_at, name, phone, geom",
        };
        let marks = vec!["?"; 4 + columns.matches(',').count()].join(", ");
        let table = layer.collection();
        let sql = format!(
            "INSERT INTO {table} (fid, region, code, {columns}) VALUES ({marks}) ON CONFLICT (region, code) DO NOTHING"
        );
        Ok(Self { statement: conn.prepare(&sql)?, geometry: Vec::new() })
    }

    /// Whether the row went in; it does not when its code is there already.
    pub(super) fn put(&mut self, fid: Fid, code: &str, row: &Row) -> Result<bool, StoreError> {
        let (statement, geometry) = (&mut self.statement, &mut self.geometry);
        let mut bind = Binder { statement, next: 1 };
        bind.value(fid_in(fid))?;
        bind.value(fid.region().0)?;
        bind.value(code)?;
        match row {
            Row::Area(_, r) => {
                bind.value(r.name.as_deref())?;
                bind.value(r.level.map(|l| l.as_str()))?;
                bind.value(r.parent.as_deref())?;
                bind.value(r.kind.as_deref())?;
                let drawn = r.geometry.as_ref().map(|g| blob::put_multi_polygon(geometry, g));
                bind.value(drawn.map(|()| geometry.as_slice()))?;
            }
            Row::Address(r) => {
                bind.value(r.text.as_str())?;
                bind.value(r.residents)?;
                bind.value(r.dwellings)?;
                bind.value(r.organisations)?;
                blob::put_point(geometry, r.at);
                bind.value(geometry.as_slice())?;
            }
            Row::Resident(r) => {
                bind.value(r.address.as_str())?;
                bind.value(r.household.as_deref())?;
                bind.value(r.age_band.as_deref())?;
                bind.value(r.registration.as_deref())?;
            }
            Row::Incident(r) => {
                bind.value(r.title.as_deref())?;
                bind.value(r.category.as_deref())?;
                bind.value(r.state.as_str())?;
                bind.value(r.risk.map(|w| w.as_str()))?;
                bind.value(r.source.map(|w| w.as_str()))?;
                bind.value(r.reported_at.map(|t| Time(t).text()))?;
                bind.value(r.address.as_deref())?;
                bind.value(r.placed.is_some())?;
                bind.value(r.placed.as_ref().and_then(|p| p.grid.as_deref()))?;
                bind.value(r.placed.as_ref().and_then(|p| p.beat.as_deref()))?;
                blob::put_point(geometry, r.at);
                bind.value(geometry.as_slice())?;
            }
            Row::Staff(r) => {
                bind.value(r.role.as_deref())?;
                bind.value(r.side.staff())?;
                bind.value(r.area.as_deref())?;
                bind.value(r.on_duty)?;
                bind.value(r.seen_at.map(|t| Time(t).text()))?;
                bind.value(r.name.as_deref())?;
                bind.value(r.phone.as_deref())?;
                let drawn = r.at.map(|at| blob::put_point(geometry, at));
                bind.value(drawn.map(|()| geometry.as_slice()))?;
            }
        }
        Ok(self.statement.raw_execute()? == 1)
    }
}

/// Binds the parameters of a statement from left to right.
struct Binder<'a, 'c> {
    statement: &'a mut Statement<'c>,
    next: usize,
}

impl Binder<'_, '_> {
    fn value(&mut self, value: impl ToSql) -> Result<(), StoreError> {
        self.statement.raw_bind_parameter(self.next, value)?;
        self.next += 1;
        Ok(())
    }
}
