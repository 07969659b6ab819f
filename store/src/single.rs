//! Single rows, by diesel: incidents, the change log, who is on duty.
//!
//! Diesel's queries are typed by their database, so this file is compiled once inside `gpkg` and once
//! inside `postgis`; each gives it `Conn`, its connection, `begin`, how it starts a transaction that
//! writes, `announce`, what it does besides when something changed, and `highest_incident`, the highest fid in a
//! region.

use super::{Conn, announce, begin, highest_incident};
use crate::{
    error::StoreError,
    rules,
    schema::{
        StoredChange, addresses, beats, gridbeat_changes as changes, gridbeat_counters as counters, grids,
        incidents, residents, staff,
    },
    store::{Duty, Edit},
    stored::{StoredIncident, change_in, change_of_incident, change_out, fid_in},
};
use diesel::{
    dsl::{exists, min},
    prelude::*,
    result::{DatabaseErrorKind, Error as DieselError},
    upsert::excluded,
};
use gridbeat_onemap::record::{Change, Fid, IncidentRow, LayerKind, Region, Side};

/// Name of the counter that numbers the changes.
pub(super) const CHANGE: &str = "change";

/// Keeps a new incident, in a transaction of its own.
#[allow(dead_code)] // Of the two backends one always writes several at once.
pub(super) fn create(conn: &mut Conn, row: IncidentRow) -> Result<(IncidentRow, Change), StoreError> {
    begin(conn, |conn| put(conn, row))
}

/// Keeps a new incident, inside a transaction.
pub(super) fn put(conn: &mut Conn, mut row: IncidentRow) -> Result<(IncidentRow, Change), StoreError> {
    rules::incident(&mut row).map_err(bad_row)?;
    row.fid = next_fid(conn, row.region)?;
    if row.code.is_empty() {
        let made = rules::made_code(row.fid, false);
        let same = incidents::table
            .filter(incidents::region.eq(i32::from(row.region.0)))
            .filter(incidents::code.eq(&made));
        let taken = diesel::select(exists(same)).get_result(conn)?;
        row.code = rules::made_code(row.fid, taken);
    }
    diesel::insert_into(incidents::table)
        .values(StoredIncident::from(&row))
        .execute(conn)
        .map_err(|e| duplicate(e, &row.code))?;
    let change = append(conn, None, Some(&row))?;
    Ok((row, change))
}

/// Changes or deletes one, as `decide` says on seeing it.
pub(super) fn edit(
    conn: &mut Conn,
    fid: Fid,
    decide: &mut dyn FnMut(&IncidentRow) -> Edit,
) -> Result<Edited, StoreError> {
    begin(conn, |conn| {
        let old = read(conn, fid)?.ok_or(StoreError::NotFound)?;
        let edit = decide(&old);
        apply(conn, &old, edit)
    })
}

/// What an edit made of an incident, `None` when it is gone, and its change; `None` when it was kept as it was.
pub(super) type Edited = Option<(Option<IncidentRow>, Change)>;

/// Changes or deletes an incident that is there as `old`, inside a transaction.
pub(super) fn apply(conn: &mut Conn, old: &IncidentRow, edit: Edit) -> Result<Edited, StoreError> {
    let of_this = incidents::table
        .filter(incidents::region.eq(i32::from(old.region.0)))
        .filter(incidents::fid.eq(fid_in(old.fid)));
    let new = match edit {
        Edit::Keep => return Ok(None),
        Edit::Delete => {
            diesel::delete(of_this).execute(conn)?;
            None
        }
        Edit::Replace(mut new) => {
            (new.fid, new.region) = (old.fid, old.region);
            if new.code.is_empty() {
                new.code.clone_from(&old.code);
            }
            rules::incident(&mut new).map_err(bad_row)?;
            diesel::update(of_this)
                .set(StoredIncident::from(&new))
                .execute(conn)
                .map_err(|e| duplicate(e, &new.code))?;
            Some(new)
        }
    };
    let change = append(conn, Some(old), new.as_ref())?;
    Ok(Some((new, change)))
}

/// One incident.
pub(super) fn read(conn: &mut Conn, fid: Fid) -> Result<Option<IncidentRow>, StoreError> {
    incidents::table
        .filter(incidents::region.eq(i32::from(fid.region().0)))
        .filter(incidents::fid.eq(fid_in(fid)))
        .first::<StoredIncident>(conn)
        .optional()?
        .map(IncidentRow::try_from)
        .transpose()
}

/// The changes after `n`.
pub(super) fn changes_since(conn: &mut Conn, n: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
    changes::table
        .filter(changes::n.gt(i64::try_from(n).unwrap_or(i64::MAX)))
        .order(changes::n)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load::<StoredChange>(conn)?
        .into_iter()
        .map(change_out)
        .collect()
}

/// The first number still in the log.
pub(super) fn oldest_change(conn: &mut Conn) -> Result<Option<u64>, StoreError> {
    Ok(changes::table.select(min(changes::n)).first::<Option<i64>>(conn)?.map(|n| n as u64))
}

/// The last number given.
pub(super) fn last_change(conn: &mut Conn) -> Result<u64, StoreError> {
    let last = counters::table.find((CHANGE, 0)).select(counters::last).first::<i64>(conn)?;
    Ok(last as u64)
}

/// Who of `side` is on duty for one of these areas.
pub(super) fn on_duty(
    conn: &mut Conn,
    side: Side,
    areas: &[(Region, &str)],
) -> Result<Vec<Duty>, StoreError> {
    type Found = (i32, String, Option<String>, Option<String>, Option<String>, Option<String>);
    let found: Vec<Found> = staff::table
        .filter(staff::on_duty)
        .filter(staff::side.eq(side.staff()))
        .filter(staff::area.eq_any(areas.iter().map(|(_, code)| *code)))
        .order((staff::region, staff::code))
        .select((staff::region, staff::code, staff::name, staff::role, staff::phone, staff::area))
        .load(conn)?;
    let mut duties = Vec::with_capacity(found.len());
    for (region, area) in areas {
        let answers = |f: &&Found| f.5.as_deref() == Some(*area) && (f.0 == i32::from(region.0) || f.0 == 0);
        duties.extend(found.iter().filter(answers).map(|(_, code, name, role, phone, _)| Duty {
            code: code.clone(),
            name: name.clone(),
            role: role.clone(),
            phone: phone.clone(),
            area: (*area).to_owned(),
        }));
    }
    Ok(duties)
}

/// How many rows each layer has.
pub(super) fn table_counts(conn: &mut Conn) -> Result<Vec<(LayerKind, u64)>, StoreError> {
    let mut counts = Vec::with_capacity(LayerKind::ALL.len());
    for &layer in LayerKind::ALL {
        let n: i64 = match layer {
            LayerKind::Grid => grids::table.count().get_result(conn),
            LayerKind::Beat => beats::table.count().get_result(conn),
            LayerKind::Address => addresses::table.count().get_result(conn),
            LayerKind::Resident => residents::table.count().get_result(conn),
            LayerKind::Incident => incidents::table.count().get_result(conn),
            LayerKind::Staff => staff::table.count().get_result(conn),
        }?;
        counts.push((layer, n as u64));
    }
    Ok(counts)
}

/// Whether a boundary layer has a drawing.
pub(super) fn has_layer(conn: &mut Conn, side: Side) -> Result<bool, StoreError> {
    Ok(match side {
        Side::Grid => diesel::select(exists(grids::table.filter(grids::geom.is_not_null()))).get_result(conn),
        Side::Beat => diesel::select(exists(beats::table.filter(beats::geom.is_not_null()))).get_result(conn),
    }?)
}

/// Gives a change its number and writes it into the log. Inside the transaction of the change.
pub(super) fn append_change(conn: &mut Conn, change: &mut Change) -> Result<(), StoreError> {
    change.n = diesel::update(counters::table.find((CHANGE, 0)))
        .set(counters::last.eq(counters::last + 1))
        .returning(counters::last)
        .get_result::<i64>(conn)? as u64;
    diesel::insert_into(changes::table).values(change_in(change)).execute(conn)?;
    announce(conn, change)
}

fn append(
    conn: &mut Conn,
    old: Option<&IncidentRow>,
    new: Option<&IncidentRow>,
) -> Result<Change, StoreError> {
    let mut change = change_of_incident(old, new).ok_or(StoreError::NotFound)?;
    append_change(conn, &mut change)?;
    Ok(change)
}

/// The next fid for an incident of a region: after the last one given, and after the highest that
/// another program may have put there.
fn next_fid(conn: &mut Conn, region: Region) -> Result<Fid, StoreError> {
    let name = LayerKind::Incident.collection();
    let key = (name, i32::from(region.0));
    let given = counters::table.find(key).select(counters::last).first::<i64>(conn).optional()?.unwrap_or(0);
    let there = highest_incident(conn, region)?.map_or(0, |fid| i64::from(fid.sequence()));
    let sequence = u32::try_from(given.max(there) + 1).map_err(|_| rules::region_full(region))?;
    diesel::insert_into(counters::table)
        .values((counters::name.eq(name), counters::region.eq(key.1), counters::last.eq(i64::from(sequence))))
        .on_conflict((counters::name, counters::region))
        .do_update()
        .set(counters::last.eq(excluded(counters::last)))
        .execute(conn)?;
    Ok(Fid::new(region, sequence))
}

pub(super) fn duplicate(e: DieselError, code: &str) -> StoreError {
    match e {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            StoreError::DuplicateCode(code.to_owned())
        }
        e => e.into(),
    }
}

fn bad_row((field, reason): rules::Fault) -> StoreError {
    StoreError::BadRow { field, reason }
}
