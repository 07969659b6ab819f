//! Addresses into a file, both sides ending with the R-tree; ours with the log and the index over texts too.

use crate::case::{Case, Measured, Unit, in_turn};
use diesel::{
    Connection as _, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection,
    sql_types::{BigInt, Binary, Double, Text},
};
use gridbeat_onemap::{
    E7,
    record::{AddressRow, LayerKind, Region, Row},
};
use gridbeat_store::{ImportPlan, OpenMode, open, point_wkb};
use std::cell::Cell;

const ROWS: u32 = 200_000;

pub const CASE: Case = Case { name: "store/bulk-write", peer_name: "diesel row by row", run };

fn row(i: u32) -> AddressRow {
    AddressRow {
        region: Region(3202),
        code: format!("3202130250{i:08}"),
        text: format!("示例市示例区观山街道湖东路{}号{}幢{}单元", i / 64, i / 8 % 8 + 1, i % 8 + 1),
        at: E7::new(1_200_000_000 + (i as i32 * 7919) % 5_000_000, 315_000_000 + (i as i32 % 4_999) * 1_000),
        dwellings: i % 12,
        ..AddressRow::default()
    }
}

fn run() -> Result<Measured, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let next = Cell::new(0);
    let place = |name: &str| {
        next.set(next.get() + 1);
        folder.path().join(format!("{name}-{}.gpkg", next.get())).to_string_lossy().into_owned()
    };
    let failed = Cell::new(None);
    let ours = || {
        let done = open(&place("ours"), OpenMode::Create).and_then(|store| {
            let mut rows = (0..ROWS).map(|i| Ok(Row::Address(row(i))));
            store.import(&ImportPlan::add(LayerKind::Address), &mut || rows.next(), &mut |_| {})
        });
        match done {
            Ok(done) => {
                failed.set((done.rows != u64::from(ROWS)).then(|| format!("{} rows came in", done.rows)))
            }
            Err(e) => failed.set(Some(e.to_string())),
        }
    };
    let peer = || {
        if let Err(e) = row_by_row(&place("plain")) {
            failed.set(Some(e.to_string()));
        }
    };
    let (ours, peer) = in_turn(ours, peer);
    match failed.take() {
        Some(what) => Err(what),
        None => Ok(Measured { ours, peer: Some(peer), unit: Unit::Milliseconds }),
    }
}

fn row_by_row(path: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE addresses (fid INTEGER PRIMARY KEY, region INTEGER, code TEXT, text TEXT, residents INTEGER,
           dwellings INTEGER, organisations INTEGER, geom BLOB, UNIQUE (region, code));
         CREATE VIRTUAL TABLE rtree_addresses_geom USING rtree(id, minx, maxx, miny, maxy);",
    )?;
    conn.transaction(|conn| {
        for i in 0..ROWS {
            let r = row(i);
            diesel::sql_query("INSERT INTO addresses VALUES (?, 3202, ?, ?, 0, ?, 0, ?)")
                .bind::<BigInt, _>(i64::from(i) + 1)
                .bind::<Text, _>(&r.code)
                .bind::<Text, _>(&r.text)
                .bind::<BigInt, _>(i64::from(r.dwellings))
                .bind::<Binary, _>(point_wkb(r.at))
                .execute(conn)?;
            let (x, y) = (r.at.lon_degrees(), r.at.lat_degrees());
            diesel::sql_query("INSERT INTO rtree_addresses_geom VALUES (?, ?, ?, ?, ?)")
                .bind::<BigInt, _>(i64::from(i) + 1)
                .bind::<Double, _>(x)
                .bind::<Double, _>(x)
                .bind::<Double, _>(y)
                .bind::<Double, _>(y)
                .execute(conn)?;
        }
        diesel::QueryResult::Ok(())
    })?;
    Ok(())
}
