//! Reading whole layers, row after row, without holding them.

use super::{blob, department};
use crate::{
    columns::Time,
    cut::{Counter, Cut, EachChange, EachFeature},
    error::StoreError,
    kept::{Each, Kept},
    schema::StoredChange,
    store::AddressRef,
    stored::{change_out, count_out, counter_out, fid_out, region_out, word},
};
use gridbeat_onemap::{
    department::Schema,
    e7::E7,
    record::{AreaRow, Fid, IncidentRow, LayerKind, Placed, Region, ResidentRow, Side, StaffRow},
};
use rusqlite::{Connection, Row, Transaction};

/// Makes a record of a row's cells and hands it on.
type ReadRow = fn(&Cells<'_>, &mut Each<'_>) -> Result<(), StoreError>;

/// Every row of a layer, by ascending fid.
pub(super) fn each(conn: &Connection, layer: LayerKind, take: &mut Each<'_>) -> Result<(), StoreError> {
    let (columns, read): (&str, ReadRow) = match layer {
        LayerKind::Grid => ("name, level, parent, kind, geom", |c, take| area(c, Side::Grid, take)),
        LayerKind::Beat => ("name, level, parent, kind, geom", |c, take| area(c, Side::Beat, take)),
        LayerKind::Address => ("text, residents, dwellings, organisations, geom", address),
        LayerKind::Resident => ("address, household, age_band, registration", resident),
        LayerKind::Incident => {
            ("title, category, state, risk, source, reported_at, address, placed, grid, beat, geom", incident)
        }
        LayerKind::Staff => ("role, side, area, on_duty, seen_at, name, phone, geom", staff),
    };
    let sql = format!("SELECT fid, region, code, {columns} FROM {} ORDER BY fid", layer.collection());
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        read(&Cells { row, layer, fid: row.get(0)? }, take)?;
    }
    Ok(())
}

/// The last numbers given.
pub(super) fn counters(conn: &Connection) -> Result<Vec<Counter>, StoreError> {
    let mut statement =
        conn.prepare("SELECT name, region, last FROM gridbeat_counters ORDER BY name, region")?;
    let read = statement.query_map([], |r| {
        let (name, region, last): (String, i64, i64) = (r.get(0)?, r.get(1)?, r.get(2)?);
        Ok(counter_out(name, region, last))
    })?;
    read.map(|counter| counter?).collect()
}

/// The change log, oldest first.
pub(super) fn changes(conn: &Connection, take: &mut EachChange<'_>) -> Result<(), StoreError> {
    let mut statement = conn.prepare(
        "SELECT n, region, layer, op, fid, grid, beat, min_lon, min_lat, max_lon, max_lat, at, row_count \
         FROM gridbeat_changes ORDER BY n",
    )?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let at: String = r.get(11)?;
        let at = Time::parse(&at).map_err(|reason| StoreError::Damaged {
            layer: "the change log".into(),
            fid: r.get(0).unwrap_or(0),
            field: "at".into(),
            reason,
        })?;
        take(change_out(StoredChange {
            n: r.get(0)?,
            region: r.get(1)?,
            layer: r.get(2)?,
            op: r.get(3)?,
            fid: r.get(4)?,
            grid: r.get(5)?,
            beat: r.get(6)?,
            min_lon: r.get(7)?,
            min_lat: r.get(8)?,
            max_lon: r.get(9)?,
            max_lat: r.get(10)?,
            at,
            row_count: r.get(12)?,
        })?)?;
    }
    Ok(())
}

/// The number of the last change.
pub(super) fn last_change(conn: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT last FROM gridbeat_counters WHERE name = 'change' AND region = 0";
    Ok(conn.query_row(sql, [], |r| r.get::<_, i64>(0))? as u64)
}

/// The cells of one row. A value of the wrong type, which SQLite lets other programs put anywhere, is
/// named with its row.
struct Cells<'a> {
    row: &'a Row<'a>,
    layer: LayerKind,
    fid: i64,
}

impl<'a> Cells<'a> {
    fn damaged(&self, field: &'static str, reason: impl ToString) -> StoreError {
        StoreError::damaged(self.layer, self.fid, field, reason)
    }

    fn cell(&self, i: usize) -> Result<rusqlite::types::ValueRef<'a>, StoreError> {
        Ok(self.row.get_ref(i)?)
    }

    fn fid(&self) -> Result<Fid, StoreError> {
        fid_out(self.layer, self.fid)
    }

    fn region(&self) -> Result<Region, StoreError> {
        let region = self.int(1, "region")?;
        region_out(self.layer, self.fid, i32::try_from(region).unwrap_or(-1))
    }

    fn code(&self) -> Result<&'a str, StoreError> {
        self.str(2, "code")
    }

    fn str(&self, i: usize, field: &'static str) -> Result<&'a str, StoreError> {
        self.cell(i)?.as_str().map_err(|e| self.damaged(field, e))
    }

    fn maybe_str(&self, i: usize, field: &'static str) -> Result<Option<&'a str>, StoreError> {
        self.cell(i)?.as_str_or_null().map_err(|e| self.damaged(field, e))
    }

    fn text(&self, i: usize, field: &'static str) -> Result<Option<String>, StoreError> {
        Ok(self.maybe_str(i, field)?.map(str::to_owned))
    }

    fn int(&self, i: usize, field: &'static str) -> Result<i64, StoreError> {
        self.cell(i)?.as_i64().map_err(|e| self.damaged(field, e))
    }

    fn count(&self, i: usize, field: &'static str) -> Result<u32, StoreError> {
        count_out(self.layer, self.fid, field, self.int(i, field)?)
    }

    fn time(&self, i: usize, field: &'static str) -> Result<Option<jiff::Timestamp>, StoreError> {
        let Some(text) = self.maybe_str(i, field)? else {
            return Ok(None);
        };
        Time::parse(text).map(|t| Some(t.0)).map_err(|e| self.damaged(field, e))
    }

    fn place(&self, i: usize) -> Result<Option<E7>, StoreError> {
        let Some(blob) = self.cell(i)?.as_blob_or_null().map_err(|e| self.damaged("geom", e))? else {
            return Ok(None);
        };
        blob::read_point(blob).map_err(|e| self.damaged("geom", e))
    }

    fn needed_place(&self, i: usize) -> Result<E7, StoreError> {
        self.place(i)?.ok_or_else(|| self.damaged("geom", "the point is empty"))
    }
}

fn area(c: &Cells<'_>, side: Side, take: &mut Each<'_>) -> Result<(), StoreError> {
    let geometry = c.cell(7)?.as_blob_or_null().map_err(|e| c.damaged("geom", e))?;
    let geometry = geometry.map(blob::read_multi_polygon).transpose().map_err(|e| c.damaged("geom", e))?;
    take(Kept::Area(
        side,
        AreaRow {
            fid: c.fid()?,
            region: c.region()?,
            code: c.code()?.to_owned(),
            name: c.text(3, "name")?,
            level: c.maybe_str(4, "level")?.map(|w| word(c.layer, c.fid, "level", w)).transpose()?,
            parent: c.text(5, "parent")?,
            kind: c.text(6, "kind")?,
            geometry: geometry.filter(|g| !g.is_empty()),
        },
    ))
}

fn address(c: &Cells<'_>, take: &mut Each<'_>) -> Result<(), StoreError> {
    take(Kept::Address(AddressRef {
        fid: c.fid()?,
        region: c.region()?,
        code: c.code()?,
        text: c.str(3, "text")?,
        residents: c.count(4, "residents")?,
        dwellings: c.count(5, "dwellings")?,
        organisations: c.count(6, "organisations")?,
        at: c.needed_place(7)?,
    }))
}

fn resident(c: &Cells<'_>, take: &mut Each<'_>) -> Result<(), StoreError> {
    take(Kept::Resident(
        c.fid()?,
        ResidentRow {
            region: c.region()?,
            code: c.code()?.to_owned(),
            address: c.str(3, "address")?.to_owned(),
            household: c.text(4, "household")?,
            age_band: c.text(5, "age_band")?,
            registration: c.text(6, "registration")?,
        },
    ))
}

fn incident(c: &Cells<'_>, take: &mut Each<'_>) -> Result<(), StoreError> {
    let placed = c.int(10, "placed")? != 0;
    take(Kept::Incident(IncidentRow {
        fid: c.fid()?,
        region: c.region()?,
        code: c.code()?.to_owned(),
        title: c.text(3, "title")?,
        category: c.text(4, "category")?,
        state: word(c.layer, c.fid, "state", c.str(5, "state")?)?,
        risk: c.maybe_str(6, "risk")?.map(|w| word(c.layer, c.fid, "risk", w)).transpose()?,
        source: c.maybe_str(7, "source")?.map(|w| word(c.layer, c.fid, "source", w)).transpose()?,
        reported_at: c.time(8, "reported_at")?,
        address: c.text(9, "address")?,
        placed: placed.then_some(Placed { grid: c.text(11, "grid")?, beat: c.text(12, "beat")? }),
        at: c.needed_place(13)?,
    }))
}

fn staff(c: &Cells<'_>, take: &mut Each<'_>) -> Result<(), StoreError> {
    let side = match c.str(4, "side")? {
        "grid" => Side::Grid,
        "police" => Side::Beat,
        other => return Err(c.damaged("side", format!("“{other}”, expected grid or police"))),
    };
    take(Kept::Staff(StaffRow {
        fid: c.fid()?,
        region: c.region()?,
        code: c.code()?.to_owned(),
        role: c.text(3, "role")?,
        side,
        area: c.text(5, "area")?,
        on_duty: c.int(6, "on_duty")? != 0,
        seen_at: c.time(7, "seen_at")?,
        name: c.text(8, "name")?,
        phone: c.text(9, "phone")?,
        at: c.place(10)?,
    }))
}

/// Everything as of one moment: a transaction that reads.
impl Cut for Transaction<'_> {
    fn last_change(&mut self) -> Result<u64, StoreError> {
        last_change(self)
    }

    fn rows(&mut self, layer: LayerKind, take: &mut Each<'_>) -> Result<(), StoreError> {
        each(self, layer, take)
    }

    fn departments(&mut self) -> Result<Vec<Schema>, StoreError> {
        department::all(self)
    }

    fn features(&mut self, layer: &Schema, take: &mut EachFeature<'_>) -> Result<(), StoreError> {
        department::each(self, layer, take)
    }

    fn counters(&mut self) -> Result<Vec<Counter>, StoreError> {
        counters(self)
    }

    fn changes(&mut self, take: &mut EachChange<'_>) -> Result<(), StoreError> {
        changes(self, take)
    }
}
