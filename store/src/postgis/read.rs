//! Reading whole layers, row after row as they arrive.

use super::{Conn, department, single};
use crate::{
    columns::{Ground, Place, Time},
    cut::{Counter, Cut, EachChange, EachFeature},
    error::StoreError,
    kept::{Each, Kept},
    schema::{
        StoredChange, addresses, beats, gridbeat_changes as changes, gridbeat_counters as counters, grids,
        incidents, residents, staff,
    },
    store::AddressRef,
    stored::{StoredIncident, change_out, count_out, counter_out, fid_out, region_out, word},
};
use diesel::{pg::PgRowByRowLoadingMode, prelude::*};
use gridbeat_onemap::{
    department::Schema,
    record::{AreaRow, IncidentRow, LayerKind, ResidentRow, Side, StaffRow},
};

type StoredArea =
    (i64, i32, String, Option<String>, Option<String>, Option<String>, Option<String>, Option<Ground>);
type StoredAddress = (i64, i32, String, String, i64, i64, i64, Place);
type StoredResident = (i64, i32, String, String, Option<String>, Option<String>, Option<String>);
type StoredStaff = (
    i64,
    i32,
    String,
    Option<String>,
    String,
    Option<String>,
    bool,
    Option<Time>,
    Option<String>,
    Option<String>,
    Option<Place>,
);

/// Every row of a layer, by ascending fid.
pub(super) fn each(conn: &mut Conn, layer: LayerKind, take: &mut Each<'_>) -> Result<(), StoreError> {
    match layer {
        LayerKind::Grid => {
            let rows = grids::table.order((grids::region, grids::fid));
            for row in rows.load_iter::<StoredArea, PgRowByRowLoadingMode>(conn)? {
                area(layer, Side::Grid, row?, take)?;
            }
        }
        LayerKind::Beat => {
            let rows = beats::table.order((beats::region, beats::fid));
            for row in rows.load_iter::<StoredArea, PgRowByRowLoadingMode>(conn)? {
                area(layer, Side::Beat, row?, take)?;
            }
        }
        LayerKind::Address => {
            let rows = addresses::table.order((addresses::region, addresses::fid));
            for row in rows.load_iter::<StoredAddress, PgRowByRowLoadingMode>(conn)? {
                address(row?, take)?;
            }
        }
        LayerKind::Resident => {
            let rows = residents::table.order((residents::region, residents::fid));
            for row in rows.load_iter::<StoredResident, PgRowByRowLoadingMode>(conn)? {
                resident(row?, take)?;
            }
        }
        LayerKind::Incident => {
            let rows = incidents::table.order((incidents::region, incidents::fid));
            for row in rows.load_iter::<StoredIncident, PgRowByRowLoadingMode>(conn)? {
                take(Kept::Incident(IncidentRow::try_from(row?)?))?;
            }
        }
        LayerKind::Staff => {
            let rows = staff::table.order((staff::region, staff::fid));
            for row in rows.load_iter::<StoredStaff, PgRowByRowLoadingMode>(conn)? {
                member(row?, take)?;
            }
        }
    }
    Ok(())
}

/// Everything as of one moment: a connection in a transaction whose reads repeat.
pub(super) struct Moment<'a>(pub(super) &'a mut Conn);

impl Cut for Moment<'_> {
    fn last_change(&mut self) -> Result<u64, StoreError> {
        single::last_change(self.0)
    }

    fn rows(&mut self, layer: LayerKind, take: &mut Each<'_>) -> Result<(), StoreError> {
        each(self.0, layer, take)
    }

    fn departments(&mut self) -> Result<Vec<Schema>, StoreError> {
        department::all(self.0)
    }

    fn features(&mut self, layer: &Schema, take: &mut EachFeature<'_>) -> Result<(), StoreError> {
        department::each(self.0, layer, take)
    }

    fn counters(&mut self) -> Result<Vec<Counter>, StoreError> {
        let rows: Vec<(String, i32, i64)> =
            counters::table.order((counters::name, counters::region)).load(self.0)?;
        rows.into_iter().map(|(name, region, last)| counter_out(name, region.into(), last)).collect()
    }

    fn changes(&mut self, take: &mut EachChange<'_>) -> Result<(), StoreError> {
        let log = changes::table.order(changes::n);
        for row in log.load_iter::<StoredChange, PgRowByRowLoadingMode>(self.0)? {
            take(change_out(row?)?)?;
        }
        Ok(())
    }
}

fn area(layer: LayerKind, side: Side, row: StoredArea, take: &mut Each<'_>) -> Result<(), StoreError> {
    let (fid, region, code, name, level, parent, kind, ground) = row;
    take(Kept::Area(
        side,
        AreaRow {
            fid: fid_out(layer, fid)?,
            region: region_out(layer, fid, region)?,
            code,
            name,
            level: level.map(|w| word(layer, fid, "level", &w)).transpose()?,
            parent,
            kind,
            geometry: ground.map(|g| g.0).filter(|g| !g.is_empty()),
        },
    ))
}

fn address(row: StoredAddress, take: &mut Each<'_>) -> Result<(), StoreError> {
    let layer = LayerKind::Address;
    let (fid, region, code, text, residents, dwellings, organisations, place) = row;
    take(Kept::Address(AddressRef {
        fid: fid_out(layer, fid)?,
        region: region_out(layer, fid, region)?,
        code: &code,
        text: &text,
        at: place.0,
        residents: count_out(layer, fid, "residents", residents)?,
        dwellings: count_out(layer, fid, "dwellings", dwellings)?,
        organisations: count_out(layer, fid, "organisations", organisations)?,
    }))
}

fn resident(row: StoredResident, take: &mut Each<'_>) -> Result<(), StoreError> {
    let layer = LayerKind::Resident;
    let (fid, region, code, address, household, age_band, registration) = row;
    let region = region_out(layer, fid, region)?;
    let row = ResidentRow { region, code, address, household, age_band, registration };
    take(Kept::Resident(fid_out(layer, fid)?, row))
}

fn member(row: StoredStaff, take: &mut Each<'_>) -> Result<(), StoreError> {
    let layer = LayerKind::Staff;
    let (fid, region, code, role, side, area, on_duty, seen_at, name, phone, place) = row;
    let side = match side.as_str() {
        "grid" => Side::Grid,
        "police" => Side::Beat,
        other => {
            return Err(StoreError::damaged(
                layer,
                fid,
                "side",
                format!("“{other}”, expected grid or police"),
            ));
        }
    };
    take(Kept::Staff(StaffRow {
        fid: fid_out(layer, fid)?,
        region: region_out(layer, fid, region)?,
        code,
        role,
        side,
        area,
        on_duty,
        seen_at: seen_at.map(|t| t.0),
        at: place.map(|p| p.0),
        name,
        phone,
    }))
}
