//! Between the records of the core and the rows of the tables.

use crate::{
    columns::{Place, Time},
    cut::Counter,
    error::StoreError,
    schema::{StoredChange, incidents},
};
use gridbeat_onemap::{
    department::NotAName,
    e7::{Bounds, E7},
    record::{Change, Fid, IncidentRow, LayerKind, LayerName, Op, Placed, Region, UnknownWord},
};
use std::str::FromStr;

/// A row of `incidents`.
#[derive(Clone, Debug, diesel::Insertable, diesel::AsChangeset, diesel::Queryable)]
#[diesel(table_name = incidents, primary_key(fid), treat_none_as_null = true)]
pub(crate) struct StoredIncident {
    pub fid: i64,
    pub region: i32,
    pub code: String,
    pub title: Option<String>,
    pub category: Option<String>,
    pub state: String,
    pub risk: Option<String>,
    pub source: Option<String>,
    pub reported_at: Option<Time>,
    pub address: Option<String>,
    pub placed: bool,
    pub grid: Option<String>,
    pub beat: Option<String>,
    pub geom: Place,
}

impl From<&IncidentRow> for StoredIncident {
    fn from(r: &IncidentRow) -> Self {
        let placed = r.placed.clone().unwrap_or_default();
        Self {
            fid: fid_in(r.fid),
            region: i32::from(r.region.0),
            code: r.code.clone(),
            title: r.title.clone(),
            category: r.category.clone(),
            state: r.state.as_str().to_owned(),
            risk: r.risk.map(|w| w.as_str().to_owned()),
            source: r.source.map(|w| w.as_str().to_owned()),
            reported_at: r.reported_at.map(Time),
            address: r.address.clone(),
            placed: r.placed.is_some(),
            grid: placed.grid,
            beat: placed.beat,
            geom: Place(r.at),
        }
    }
}

impl TryFrom<StoredIncident> for IncidentRow {
    type Error = StoreError;

    fn try_from(s: StoredIncident) -> Result<Self, StoreError> {
        let (layer, fid) = (LayerKind::Incident, s.fid);
        Ok(Self {
            fid: fid_out(layer, s.fid)?,
            region: region_out(layer, fid, s.region)?,
            state: word(layer, fid, "state", &s.state)?,
            risk: s.risk.map(|w| word(layer, fid, "risk", &w)).transpose()?,
            source: s.source.map(|w| word(layer, fid, "source", &w)).transpose()?,
            code: s.code,
            title: s.title,
            category: s.category,
            reported_at: s.reported_at.map(|t| t.0),
            address: s.address,
            at: s.geom.0,
            placed: s.placed.then_some(Placed { grid: s.grid, beat: s.beat }),
        })
    }
}

/// A fid as databases keep it. Fids are below 2⁵³.
pub(crate) const fn fid_in(fid: Fid) -> i64 {
    fid.0 as i64
}

/// A fid from a database.
pub(crate) fn fid_out(layer: LayerKind, fid: i64) -> Result<Fid, StoreError> {
    known_fid(fid).ok_or_else(|| StoreError::damaged(layer, fid, "fid", FID))
}

/// What a fid should be.
pub(crate) const FID: &str = "expected region · 2³² + sequence";

/// A fid from a database, if it is one.
pub(crate) fn known_fid(fid: i64) -> Option<Fid> {
    u64::try_from(fid).ok().filter(|n| *n < 1 << 53).map(Fid)
}

/// A region from a database.
pub(crate) fn region_out(layer: LayerKind, fid: i64, region: i32) -> Result<Region, StoreError> {
    u16::try_from(region)
        .map(Region)
        .map_err(|_| StoreError::damaged(layer, fid, "region", format!("{region}, expected 0 to 9999")))
}

/// A count of things at an address.
pub(crate) fn count_out(layer: LayerKind, fid: i64, field: &'static str, n: i64) -> Result<u32, StoreError> {
    u32::try_from(n).map_err(|_| StoreError::damaged(layer, fid, field, format!("{n} is no count")))
}

/// A counter.
pub(crate) fn counter_out(name: String, region: i64, last: i64) -> Result<Counter, StoreError> {
    match (u16::try_from(region), u64::try_from(last)) {
        (Ok(region), Ok(last)) => Ok(Counter { name, region, last }),
        _ => Err(StoreError::Damaged {
            layer: "the counters".into(),
            fid: region,
            field: "last".into(),
            reason: format!("{name} of region {region} is {last}, expected a count"),
        }),
    }
}

/// A word of a closed list.
pub(crate) fn word<W>(layer: LayerKind, fid: i64, field: &'static str, text: &str) -> Result<W, StoreError>
where
    W: FromStr<Err = UnknownWord>,
{
    text.parse().map_err(|e| StoreError::damaged(layer, fid, field, e))
}

/// A change as the log keeps it: without the places of a member of staff who moved, since the log would
/// be a trail of that person. Nodes know the old place, and read the new one.
pub(crate) fn change_in(c: &Change) -> StoredChange {
    let moved = c.layer.built_in() == Some(LayerKind::Staff) && c.fid.is_some();
    let bbox = c.bbox.filter(|_| !moved);
    StoredChange {
        n: c.n as i64,
        region: i32::from(c.region.0),
        layer: c.layer.as_str().to_owned(),
        op: c.op.as_str().to_owned(),
        fid: c.fid.map(fid_in),
        grid: c.grid.clone(),
        beat: c.beat.clone(),
        min_lon: bbox.map(|b| b.min.lon),
        min_lat: bbox.map(|b| b.min.lat),
        max_lon: bbox.map(|b| b.max.lon),
        max_lat: bbox.map(|b| b.max.lat),
        at: Time(c.at),
        row_count: c.rows as i64,
    }
}

/// A change from the log.
pub(crate) fn change_out(s: StoredChange) -> Result<Change, StoreError> {
    let damaged = |field: &'static str, reason: String| StoreError::Damaged {
        layer: "the change log".into(),
        fid: s.n,
        field: field.into(),
        reason,
    };
    let layer: LayerName = s.layer.parse().map_err(|e: NotAName| damaged("layer", e.to_string()))?;
    let op: Op = s.op.parse().map_err(|e: UnknownWord| damaged("op", e.to_string()))?;
    let bbox = match (s.min_lon, s.min_lat, s.max_lon, s.max_lat) {
        (Some(w), Some(b), Some(e), Some(t)) => Some(Bounds { min: E7::new(w, b), max: E7::new(e, t) }),
        _ => None,
    };
    Ok(Change {
        n: s.n as u64,
        region: u16::try_from(s.region)
            .map(Region)
            .map_err(|_| damaged("region", format!("{}, expected 0 to 9999", s.region)))?,
        layer,
        op,
        fid: s.fid.map(|f| known_fid(f).ok_or_else(|| damaged("fid", FID.to_owned()))).transpose()?,
        grid: s.grid,
        beat: s.beat,
        bbox,
        at: s.at.0,
        rows: s.row_count as u64,
    })
}

/// What a row's coming, changing or going is; `None` without a row.
pub(crate) fn op_of<T>(old: Option<&T>, new: Option<&T>) -> Option<Op> {
    match (old, new) {
        (None, Some(_)) => Some(Op::Insert),
        (Some(_), Some(_)) => Some(Op::Update),
        (Some(_), None) => Some(Op::Delete),
        (None, None) => None,
    }
}

/// The change that an incident's coming, changing or going is: `(None, Some(new))`, `(Some(old),
/// Some(new))`, `(Some(old), None)`. Its number is still 0.
pub(crate) fn change_of_incident(old: Option<&IncidentRow>, new: Option<&IncidentRow>) -> Option<Change> {
    let op = op_of(old, new)?;
    let row = new.or(old)?;
    let placed = row.placed.clone().unwrap_or_default();
    Some(Change {
        n: 0,
        region: row.region,
        layer: LayerKind::Incident.into(),
        op,
        fid: Some(row.fid),
        grid: placed.grid,
        beat: placed.beat,
        bbox: Some(Bounds::of(old.into_iter().chain(new).map(|r| &r.at))),
        at: crate::rules::now(),
        rows: 1,
    })
}
