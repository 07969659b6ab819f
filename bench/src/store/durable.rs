//! New incidents a second from 64 writers, each of whom waits until its own is on the disk.

use crate::case::{Case, Measured, Unit, in_turn};
use diesel::{
    Connection as _, PgConnection, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{BigInt, Double, Text},
};
use gridbeat_e2e::postgres::Postgres;
use gridbeat_onemap::{
    E7,
    record::{Fid, IncidentRow, Region, State},
};
use gridbeat_store::{OpenMode, Store, open};
use rusqlite::Connection;
use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

const WRITERS: u64 = 64;
/// Rows of each writer in one run.
const EACH: u64 = 20;

const PEER: &str = "64 clients, one INSERT a transaction";

pub const GEOPACKAGE: Case = Case { name: "store/durable-writes-gpkg", peer_name: PEER, run: geopackage };
pub const POSTGIS: Case = Case { name: "store/durable-writes-postgis", peer_name: PEER, run: postgis };

fn incident() -> IncidentRow {
    IncidentRow {
        fid: Fid(0),
        region: Region(3202),
        code: String::new(),
        title: Some("夜间施工噪音".to_owned()),
        category: Some("noise".to_owned()),
        state: State::Reported,
        risk: None,
        source: None,
        reported_at: None,
        address: None,
        at: E7::new(1_203_000_000, 315_000_000),
        placed: None,
    }
}

fn text<E: std::fmt::Display>(e: E) -> String {
    e.to_string()
}

/// Runs one closure on each of 64 threads.
fn all(work: impl Fn(u64) + Sync) {
    std::thread::scope(|s| {
        for w in 0..WRITERS {
            let work = &work;
            s.spawn(move || work(w));
        }
    });
}

fn ours(store: &dyn Store) {
    all(|_| {
        for _ in 0..EACH {
            // A write that fails would make the count differ at the end.
            let _ = store.create_incident(incident());
        }
    });
}

fn rate(milliseconds: f64) -> f64 {
    (WRITERS * EACH) as f64 / milliseconds * 1e3
}

fn geopackage() -> Result<Measured, String> {
    let folder = tempfile::tempdir().map_err(text)?;
    let store = open(&folder.path().join("ours.gpkg").to_string_lossy(), OpenMode::Create).map_err(text)?;
    let plain = folder.path().join("plain.db");
    let connect = |path: &Path| -> rusqlite::Result<Connection> {
        let conn = Connection::open(path)?;
        conn.execute_batch(
            "PRAGMA busy_timeout = 60000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
        )?;
        Ok(conn)
    };
    connect(&plain)
        .and_then(|c| {
            c.execute_batch("CREATE TABLE incidents (fid INTEGER PRIMARY KEY, code TEXT UNIQUE, title TEXT, lon REAL, lat REAL)")
        })
        .map_err(text)?;
    let next = AtomicU64::new(1);
    let peer = || {
        all(|_| {
            let Ok(conn) = connect(&plain) else { return };
            for _ in 0..EACH {
                let n = next.fetch_add(1, Relaxed);
                let _ = conn
                    .prepare_cached("INSERT INTO incidents VALUES (?1, ?2, '夜间施工噪音', 120.3, 31.5)")
                    .and_then(|mut s| s.execute(rusqlite::params![n as i64, format!("I{n}")]));
            }
        });
    };
    let (a, b) = in_turn(|| ours(&*store), peer);
    let there: i64 = connect(&plain)
        .and_then(|c| c.query_row("SELECT count(*) FROM incidents", [], |r| r.get(0)))
        .map_err(text)?;
    same(&*store, there as u64)?;
    Ok(Measured { ours: rate(a), peer: Some(rate(b)), unit: Unit::PerSecond })
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn postgis() -> Result<Measured, String> {
    let postgres = Postgres::start();
    let url = postgres.database("ours");
    let store = open(&url, OpenMode::Create).map_err(text)?;
    let mut conn = PgConnection::establish(&url).map_err(text)?;
    conn.batch_execute(
        "CREATE TABLE plain (fid bigint PRIMARY KEY, code text UNIQUE, title text, geom geometry(Point, 4490)); \
         CREATE INDEX ON plain USING gist (geom)",
    )
    .map_err(text)?;
    let next = AtomicU64::new(1);
    // Connecting is not what is measured.
    let clients: Vec<std::sync::Mutex<PgConnection>> = (0..WRITERS)
        .map(|_| PgConnection::establish(&url).map(std::sync::Mutex::new).map_err(text))
        .collect::<Result<_, _>>()?;
    let peer = || {
        all(|w| {
            let Ok(mut conn) = clients[w as usize].lock() else { return };
            for _ in 0..EACH {
                let n = next.fetch_add(1, Relaxed);
                let _ = diesel::sql_query(
                    "INSERT INTO plain VALUES ($1, $2, '夜间施工噪音', ST_SetSRID(ST_MakePoint($3, 31.5), 4490))",
                )
                .bind::<BigInt, _>(n as i64)
                .bind::<Text, _>(format!("I{n}"))
                .bind::<Double, _>(120.3)
                .execute(&mut *conn);
            }
        });
    };
    let (a, b) = in_turn(|| ours(&*store), peer);
    let there: Count =
        diesel::sql_query("SELECT count(*) AS n FROM plain").get_result(&mut conn).map_err(text)?;
    same(&*store, there.n as u64)?;
    Ok(Measured { ours: rate(a), peer: Some(rate(b)), unit: Unit::PerSecond })
}

fn same(store: &dyn Store, there: u64) -> Result<(), String> {
    let counts = store.table_counts().map_err(text)?;
    let ours = counts.iter().find(|(l, _)| l.as_str() == "incident").map_or(0, |(_, n)| *n);
    let logged = store.last_change().map_err(text)?;
    if ours == there && logged == there {
        Ok(())
    } else {
        Err(format!("{ours} rows, {logged} changes and {there} rows"))
    }
}
