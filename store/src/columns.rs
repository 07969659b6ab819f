//! Values as the two databases keep them, so that one table definition serves both.
//!
//! | here | GeoPackage | PostGIS |
//! |---|---|---|
//! | [`Time`] | DATETIME, text `2026-11-21T08:30:00.000Z` | `timestamptz` |
//! | [`Place`] | geometry blob | `geometry(Point, 4490)` |
//! | [`Ground`] | geometry blob (in bulk, see `gpkg/read`) | `geometry(MultiPolygon, 4490)` |

use crate::{gpkg::blob, wkb};
use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::SqlType,
    sqlite::{Sqlite, SqliteValue},
};
use gridbeat_onemap::{e7::E7, shape::MultiPolygon};
use jiff::Timestamp;
use postgis_diesel::sql_types::Geometry;
use std::io::Write;

/// EPSG number of the reference system of everything stored: CGCS2000, longitude and latitude.
pub(crate) const SRID: u32 = 4490;

/// SQL type of a moment in time.
#[derive(SqlType, QueryId)]
#[diesel(sqlite_type(name = "Text"))]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
pub struct Moment; // `pub` for diesel's macros; the module is private.

/// A moment, to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromSqlRow, AsExpression)]
#[diesel(sql_type = Moment)]
pub(crate) struct Time(pub(crate) Timestamp);

impl Time {
    /// As a GeoPackage writes it.
    pub(crate) fn text(self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
    }

    /// From a GeoPackage: a DATETIME, or a DATE as other programs may leave it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
        whole.parse().map(Self).map_err(|_| format!("“{text}” is no time: expected 2026-11-21T08:30:00.000Z"))
    }
}

/// 2000-01-01T00:00:00Z in microseconds since 1970: where PostgreSQL counts from.
const PG_EPOCH: i64 = 946_684_800_000_000;

impl ToSql<Moment, Sqlite> for Time {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.text());
        Ok(IsNull::No)
    }
}

impl FromSql<Moment, Sqlite> for Time {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self::parse(value.read_text())?)
    }
}

impl ToSql<Moment, Pg> for Time {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&self.pg().to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl Time {
    /// Microseconds since 2000, PostgreSQL's own form.
    pub(crate) fn pg(self) -> i64 {
        self.0.as_microsecond() - PG_EPOCH
    }
}

impl FromSql<Moment, Pg> for Time {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let micros = i64::from_be_bytes(value.as_bytes().try_into()?);
        let micros = micros.checked_add(PG_EPOCH).ok_or("a time beyond all calendars")?;
        Ok(Self(Timestamp::from_microsecond(micros)?))
    }
}

/// A position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromSqlRow, AsExpression)]
#[diesel(sql_type = Geometry)]
pub(crate) struct Place(pub(crate) E7);

impl ToSql<Geometry, Sqlite> for Place {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        let mut bytes = Vec::with_capacity(29);
        blob::put_point(&mut bytes, self.0);
        out.set_value(bytes);
        Ok(IsNull::No)
    }
}

impl FromSql<Geometry, Sqlite> for Place {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(blob::read_point(value.read_blob())?.ok_or("the point is empty")?))
    }
}

impl ToSql<Geometry, Pg> for Place {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let mut bytes = Vec::with_capacity(25);
        wkb::put_point(&mut bytes, self.0, Some(SRID));
        out.write_all(&bytes)?;
        Ok(IsNull::No)
    }
}

impl FromSql<Geometry, Pg> for Place {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(wkb::read_point(value.as_bytes())?.ok_or("the point is empty")?))
    }
}

/// An area's drawing.
#[derive(Clone, Debug, PartialEq, FromSqlRow, AsExpression)]
#[diesel(sql_type = Geometry)]
pub(crate) struct Ground(pub(crate) MultiPolygon);

impl ToSql<Geometry, Sqlite> for Ground {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        let mut bytes = Vec::new();
        blob::put_multi_polygon(&mut bytes, &self.0);
        out.set_value(bytes);
        Ok(IsNull::No)
    }
}

impl FromSql<Geometry, Sqlite> for Ground {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(blob::read_multi_polygon(value.read_blob())?))
    }
}

impl ToSql<Geometry, Pg> for Ground {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let mut bytes = Vec::new();
        wkb::put_multi_polygon(&mut bytes, &self.0, Some(SRID));
        out.write_all(&bytes)?;
        Ok(IsNull::No)
    }
}

impl FromSql<Geometry, Pg> for Ground {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(wkb::read_multi_polygon(value.as_bytes())?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_a_geopackage_wants_them() {
        for (given, written) in [
            ("2026-11-21T16:30:05.25+08:00", "2026-11-21T08:30:05.250Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
            ("9999-12-30T21:59:59.999Z", "9999-12-30T21:59:59.999Z"),
        ] {
            let time = Time(given.parse().unwrap());
            assert_eq!(time.text(), written);
            assert_eq!(Time::parse(&time.text()), Ok(time));
        }
    }

    #[test]
    fn a_date_alone_is_midnight() {
        assert_eq!(Time::parse("2026-11-21").unwrap().text(), "2026-11-21T00:00:00.000Z");
        assert!(Time::parse("yesterday").is_err());
    }
}
