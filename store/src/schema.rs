//! The tables that diesel reads and writes, the same in both databases (`migrations/` makes them).

use crate::columns::{Moment, Time};
use diesel::table;

table! {
    use diesel::sql_types::{Integer, BigInt, Text, Nullable};
    use postgis_diesel::sql_types::Geometry;

    grids (fid) {
        fid -> BigInt,
        region -> Integer,
        code -> Text,
        name -> Nullable<Text>,
        level -> Nullable<Text>,
        parent -> Nullable<Text>,
        kind -> Nullable<Text>,
        geom -> Nullable<Geometry>,
    }
}

table! {
    use diesel::sql_types::{Integer, BigInt, Text, Nullable};
    use postgis_diesel::sql_types::Geometry;

    beats (fid) {
        fid -> BigInt,
        region -> Integer,
        code -> Text,
        name -> Nullable<Text>,
        level -> Nullable<Text>,
        parent -> Nullable<Text>,
        kind -> Nullable<Text>,
        geom -> Nullable<Geometry>,
    }
}

table! {
    use diesel::sql_types::{Integer, BigInt, Text};
    use postgis_diesel::sql_types::Geometry;

    addresses (fid) {
        fid -> BigInt,
        region -> Integer,
        code -> Text,
        text -> Text,
        residents -> BigInt,
        dwellings -> BigInt,
        organisations -> BigInt,
        geom -> Geometry,
    }
}

table! {
    use diesel::sql_types::{Integer, BigInt, Text, Nullable};

    residents (fid) {
        fid -> BigInt,
        region -> Integer,
        code -> Text,
        address -> Text,
        household -> Nullable<Text>,
        age_band -> Nullable<Text>,
        registration -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::{Integer, BigInt, Text, Nullable, Bool};
    use postgis_diesel::sql_types::Geometry;
    use super::Moment;

    incidents (fid) {
        fid -> BigInt,
        region -> Integer,
        code -> Text,
        title -> Nullable<Text>,
        category -> Nullable<Text>,
        state -> Text,
        risk -> Nullable<Text>,
        source -> Nullable<Text>,
        reported_at -> Nullable<Moment>,
        address -> Nullable<Text>,
        placed -> Bool,
        grid -> Nullable<Text>,
        beat -> Nullable<Text>,
        geom -> Geometry,
    }
}

table! {
    use diesel::sql_types::{Integer, BigInt, Text, Nullable, Bool};
    use postgis_diesel::sql_types::Geometry;
    use super::Moment;

    staff (fid) {
        fid -> BigInt,
        region -> Integer,
        code -> Text,
        role -> Nullable<Text>,
        side -> Text,
        area -> Nullable<Text>,
        on_duty -> Bool,
        seen_at -> Nullable<Moment>,
        name -> Nullable<Text>,
        phone -> Nullable<Text>,
        geom -> Nullable<Geometry>,
    }
}

table! {
    use diesel::sql_types::{Integer, BigInt, Text, Nullable};
    use super::Moment;

    gridbeat_changes (n) {
        n -> BigInt,
        region -> Integer,
        layer -> Text,
        op -> Text,
        fid -> Nullable<BigInt>,
        grid -> Nullable<Text>,
        beat -> Nullable<Text>,
        min_lon -> Nullable<Integer>,
        min_lat -> Nullable<Integer>,
        max_lon -> Nullable<Integer>,
        max_lat -> Nullable<Integer>,
        at -> Moment,
        row_count -> BigInt,
    }
}

table! {
    use diesel::sql_types::{Integer, BigInt, Text};

    gridbeat_counters (name, region) {
        name -> Text,
        region -> Integer,
        last -> BigInt,
    }
}

/// A row of `gridbeat_changes`.
#[derive(Clone, Debug, diesel::Insertable, diesel::Queryable)]
#[diesel(table_name = gridbeat_changes)]
pub(crate) struct StoredChange {
    pub n: i64,
    pub region: i32,
    pub layer: String,
    pub op: String,
    pub fid: Option<i64>,
    pub grid: Option<String>,
    pub beat: Option<String>,
    pub min_lon: Option<i32>,
    pub min_lat: Option<i32>,
    pub max_lon: Option<i32>,
    pub max_lat: Option<i32>,
    pub at: Time,
    pub row_count: i64,
}
