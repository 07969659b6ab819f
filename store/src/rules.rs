//! What every store refuses, whatever its backend, and how a row looks before it is kept.

use crate::error::StoreError;
use gridbeat_onemap::{
    e7::{Bounds, E7},
    record::{AreaRow, Fid, IncidentRow, LayerKind, Level, Region, Row, Side, StaffRow},
    shape::MultiPolygon,
};
use jiff::Timestamp;

/// Longest code in bytes: an index entry of PostgreSQL must stay below 2,704 bytes.
const LONGEST_CODE: usize = 255;
/// Regions are four digits.
const HIGHEST_REGION: u16 = 9999;

/// Why a row is refused: the field, and what is wrong with it.
pub(crate) type Fault = (&'static str, String);

/// The region of a row.
pub(crate) fn region_of(row: &Row) -> Region {
    match row {
        Row::Area(_, r) => r.region,
        Row::Address(r) => r.region,
        Row::Resident(r) => r.region,
        Row::Incident(r) => r.region,
        Row::Staff(r) => r.region,
    }
}

/// The code of a row; empty for an incident whose code the store is to make.
pub(crate) fn code_of(row: &Row) -> &str {
    match row {
        Row::Area(_, r) => &r.code,
        Row::Address(r) => &r.code,
        Row::Resident(r) => &r.code,
        Row::Incident(r) => &r.code,
        Row::Staff(r) => &r.code,
    }
}

/// The layer that a row belongs to.
pub(crate) fn layer_of(row: &Row) -> LayerKind {
    match row {
        Row::Area(Side::Grid, _) => LayerKind::Grid,
        Row::Area(Side::Beat, _) => LayerKind::Beat,
        Row::Address(_) => LayerKind::Address,
        Row::Resident(_) => LayerKind::Resident,
        Row::Incident(_) => LayerKind::Incident,
        Row::Staff(_) => LayerKind::Staff,
    }
}

/// The side whose areas a layer keeps.
pub(crate) const fn side_of(layer: LayerKind) -> Option<Side> {
    match layer {
        LayerKind::Grid => Some(Side::Grid),
        LayerKind::Beat => Some(Side::Beat),
        _ => None,
    }
}

/// The level of an area, the layer's own when it says none.
pub(crate) fn level_of(side: Side, row: &AreaRow) -> Level {
    row.level.unwrap_or(Level::default_of(side))
}

/// Readies a row for keeping: times to the millisecond, an empty drawing to none. Refuses what one of
/// the backends could not keep.
pub(crate) fn ready(layer: LayerKind, row: &mut Row) -> Result<(), Fault> {
    if layer_of(row) != layer {
        return Err(("layer", format!("this is a row of {}, expected {layer}", layer_of(row))));
    }
    region(region_of(row))?;
    match row {
        Row::Area(side, r) => {
            code("code", &r.code)?;
            optional_code("parent", r.parent.as_deref())?;
            texts(&[("name", r.name.as_deref()), ("kind", r.kind.as_deref())])?;
            if let Some(level) = r.level.filter(|l| l.side() != *side) {
                let side = side.layer();
                return Err(("level", format!("{level} is no level of the {side} side")));
            }
            if r.geometry.as_ref().is_some_and(MultiPolygon::is_empty) {
                r.geometry = None;
            }
            r.geometry.as_ref().map_or(Ok(()), shape)
        }
        Row::Address(r) => {
            code("code", &r.code)?;
            texts(&[("text", Some(&r.text))])?;
            position(r.at)
        }
        Row::Resident(r) => {
            code("code", &r.code)?;
            code("address", &r.address)?;
            texts(&[
                ("household", r.household.as_deref()),
                ("age_band", r.age_band.as_deref()),
                ("registration", r.registration.as_deref()),
            ])
        }
        Row::Incident(r) => incident(r),
        Row::Staff(r) => {
            code("code", &r.code)?;
            optional_code("area", r.area.as_deref())?;
            texts(&[
                ("role", r.role.as_deref()),
                ("name", r.name.as_deref()),
                ("phone", r.phone.as_deref()),
            ])?;
            position_of_staff(r)
        }
    }
}

/// What changes of a member of staff who moves.
pub(crate) fn position_of_staff(r: &mut StaffRow) -> Result<(), Fault> {
    time("seen_at", &mut r.seen_at)?;
    r.at.map_or(Ok(()), position)
}

/// The same for an incident alone.
pub(crate) fn incident(r: &mut IncidentRow) -> Result<(), Fault> {
    region(r.region)?;
    if !r.code.is_empty() {
        code("code", &r.code)?;
    }
    texts(&[
        ("title", r.title.as_deref()),
        ("category", r.category.as_deref()),
        ("address", r.address.as_deref()),
    ])?;
    if let Some(placed) = &r.placed {
        optional_code("grid", placed.grid.as_deref())?;
        optional_code("beat", placed.beat.as_deref())?;
    }
    time("reported_at", &mut r.reported_at)?;
    position(r.at)
}

/// The code that an incident without one gets: `I` and its fid, or that with `-2` where somebody took
/// the first.
pub(crate) fn made_code(fid: Fid, taken: bool) -> String {
    format!("I{}{}", fid.0, if taken { "-2" } else { "" })
}

/// Why a row is refused whose code came before in the same import (`again`), or was there before it.
pub(crate) fn duplicate(code: &str, again: bool) -> Fault {
    let reason = if again {
        format!("“{code}” came before in this import: expected each code once")
    } else {
        format!("“{code}” is there already: expected a new code, or --replace")
    };
    ("code", reason)
}

/// The error of a region that has used up its 2³² sequence numbers.
pub(crate) fn region_full(region: Region) -> StoreError {
    StoreError::BadRow { field: "fid", reason: format!("region {} has no number left for a row", region.0) }
}

/// Now, to the millisecond, as stores keep it.
pub(crate) fn now() -> Timestamp {
    milliseconds(Timestamp::now())
}

fn milliseconds(t: Timestamp) -> Timestamp {
    // A timestamp cut to milliseconds is one again; the other arm is never taken.
    Timestamp::from_millisecond(t.as_millisecond()).unwrap_or(t)
}

pub(crate) fn time(field: &'static str, t: &mut Option<Timestamp>) -> Result<(), Fault> {
    let Some(t) = t else { return Ok(()) };
    // Years 1 to 9999: what both a GeoPackage DATETIME and PostgreSQL can write.
    const FIRST: i64 = -62_135_596_800_000;
    if t.as_millisecond() < FIRST {
        return Err((field, format!("{t} is too early: expected a time from the year 1 on")));
    }
    *t = milliseconds(*t);
    Ok(())
}

pub(crate) fn region(r: Region) -> Result<(), Fault> {
    if r.0 > HIGHEST_REGION {
        return Err(("region", format!("{} is no region: expected 0 to {HIGHEST_REGION}", r.0)));
    }
    Ok(())
}

fn code(field: &'static str, value: &str) -> Result<(), Fault> {
    if value.is_empty() {
        return Err((field, "there is none: expected a code".to_owned()));
    }
    optional_code(field, Some(value))
}

fn optional_code(field: &'static str, value: Option<&str>) -> Result<(), Fault> {
    let Some(value) = value else { return Ok(()) };
    if value.len() > LONGEST_CODE {
        return Err((field, format!("it is {} bytes long: expected at most {LONGEST_CODE}", value.len())));
    }
    text(field, value)
}

fn texts(values: &[(&'static str, Option<&str>)]) -> Result<(), Fault> {
    values.iter().try_for_each(|(field, value)| value.map_or(Ok(()), |v| text(field, v)))
}

pub(crate) fn text(field: &'static str, value: &str) -> Result<(), Fault> {
    if value.contains('\0') {
        return Err((field, "it holds a zero character, which no store can keep".to_owned()));
    }
    Ok(())
}

pub(crate) fn position(p: E7) -> Result<(), Fault> {
    if Bounds::WORLD.contains(p) {
        return Ok(());
    }
    let (lon, lat) = (p.lon_degrees(), p.lat_degrees());
    Err(("geometry", format!("({lon}, {lat}) is no place: expected longitudes to ±180 and latitudes to ±90")))
}

/// Refuses a drawing that a store could not give back as it is, or that holds nothing.
pub(crate) fn drawing(ground: &MultiPolygon) -> Result<(), Fault> {
    if ground.is_empty() {
        return Err(("geometry", "it is empty: expected a drawing".to_owned()));
    }
    shape(ground)
}

pub(crate) fn shape(shape: &MultiPolygon) -> Result<(), Fault> {
    for ring in shape.rings() {
        if ring.len() < 3 {
            return Err(("geometry", format!("a ring has {} vertices: expected at least 3", ring.len())));
        }
        if ring.first() == ring.last() {
            return Err(("geometry", "a ring repeats its first vertex at the end".to_owned()));
        }
        ring.iter().try_for_each(|&p| position(p))?;
    }
    Ok(())
}
