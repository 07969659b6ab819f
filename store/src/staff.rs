//! Where a member of staff is, and whether on duty: what changes while the map is looked at.
//!
//! Compiled once for each backend, as `single` is.

use super::{Conn, begin, single::append_change};
use crate::{
    columns::{Place, Time},
    error::StoreError,
    rules,
    schema::staff,
    stored::{fid_in, fid_out, region_out},
};
use diesel::prelude::*;
use gridbeat_onemap::{
    e7::Bounds,
    record::{Change, Fid, LayerKind, Op, Side, StaffRow},
};

type Found = (i64, i32, String, Option<String>, String, Option<String>, bool, Option<Time>, Option<Place>);

/// One member of staff, without name and phone.
pub(super) fn read(conn: &mut Conn, fid: Fid) -> Result<Option<StaffRow>, StoreError> {
    staff::table
        .filter(staff::region.eq(i32::from(fid.region().0)))
        .filter(staff::fid.eq(fid_in(fid)))
        .select((
            staff::fid,
            staff::region,
            staff::code,
            staff::role,
            staff::side,
            staff::area,
            staff::on_duty,
            staff::seen_at,
            staff::geom,
        ))
        .first::<Found>(conn)
        .optional()?
        .map(row)
        .transpose()
}

fn row((fid, region, code, role, side, area, on_duty, seen_at, geom): Found) -> Result<StaffRow, StoreError> {
    let layer = LayerKind::Staff;
    let side = Side::BOTH.into_iter().find(|s| s.staff() == side).ok_or_else(|| {
        StoreError::damaged(layer, fid, "side", format!("“{side}”, expected grid or police"))
    })?;
    Ok(StaffRow {
        fid: fid_out(layer, fid)?,
        region: region_out(layer, fid, region)?,
        code,
        role,
        side,
        area,
        on_duty,
        seen_at: seen_at.map(|t| t.0),
        at: geom.map(|p| p.0),
        name: None,
        phone: None,
    })
}

/// Keeps where somebody is and whether on duty, as `decide` says on seeing the present row; all else of
/// the row stays.
pub(super) fn edit(
    conn: &mut Conn,
    fid: Fid,
    decide: &mut dyn FnMut(&StaffRow) -> Option<StaffRow>,
) -> Result<Option<(StaffRow, Change)>, StoreError> {
    begin(conn, |conn| {
        let old = read(conn, fid)?.ok_or(StoreError::NotFound)?;
        let Some(wanted) = decide(&old) else { return Ok(None) };
        let StaffRow { on_duty, seen_at, at, .. } = wanted;
        let mut new = StaffRow { on_duty, seen_at, at, ..old.clone() };
        rules::position_of_staff(&mut new).map_err(|(field, reason)| StoreError::BadRow { field, reason })?;
        diesel::update(
            staff::table.filter(staff::region.eq(i32::from(old.region.0))).filter(staff::fid.eq(fid_in(fid))),
        )
        .set((
            staff::on_duty.eq(new.on_duty),
            staff::seen_at.eq(new.seen_at.map(Time)),
            staff::geom.eq(new.at.map(Place)),
        ))
        .execute(conn)?;
        let places = Bounds::of(old.at.iter().chain(&new.at));
        let mut change = Change {
            n: 0,
            region: new.region,
            layer: LayerKind::Staff.into(),
            op: Op::Update,
            fid: Some(fid),
            grid: None,
            beat: None,
            bbox: (!places.is_empty()).then_some(places),
            at: rules::now(),
            rows: 1,
        };
        append_change(conn, &mut change)?;
        Ok(Some((new, change)))
    })
}
