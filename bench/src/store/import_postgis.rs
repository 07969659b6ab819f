//! All addresses and residents of the city into PostGIS, from the same files as `ogr2ogr` imports.
//!
//! Ours ends with more: unique codes in each region, an index over every three characters of every address, the
//! residents counted at their addresses, and the change log. Both take minutes, so each runs once.

use crate::{
    case::{Case, Measured, Unit},
    served::{Served, demo_dir, gridbeat},
};
use gridbeat_e2e::postgres::Postgres;
use gridbeat_synth::Scale;
use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

pub const CASE: Case = Case { name: "store/import-postgis", peer_name: "ogr2ogr", run };

fn run() -> Result<Measured, String> {
    // The demo makes the files.
    drop(Served::demo(Scale::City)?);
    let files = demo_dir().join("city/files");
    let (addresses, residents) = (files.join("address.csv"), files.join("resident.csv"));
    let postgres = Postgres::start();
    let url = postgres.database("theirs");
    let theirs = timed([ogr2ogr(&url, &addresses, "addresses"), ogr2ogr(&url, &residents, "residents")])?;
    let count = |database: &str, table: &str| {
        postgres.psql(database, &format!("SELECT count(*) FROM {table}")).parse::<u64>().unwrap_or(0)
    };
    let rows = |database: &str| (count(database, "addresses"), count(database, "residents"));
    let peer = rows("theirs");
    // What was written so far is not for us to write to the disk.
    postgres.psql("theirs", "CHECKPOINT");
    let url = postgres.database("ours");
    let import = |layer: &str, file: &Path| {
        gridbeat(&["import", "--store", &url, "--layer", layer, &file.to_string_lossy()])
    };
    let ours = timed([import("address", &addresses)?, import("resident", &residents)?])?;
    match rows("ours") {
        mine if mine == peer && mine.0 > 2_000_000 => {
            Ok(Measured { ours, peer: Some(theirs), unit: Unit::Milliseconds })
        }
        mine => Err(format!("{mine:?} rows of ours and {peer:?}")),
    }
}

/// Imports a file with COPY, in one transaction.
fn ogr2ogr(url: &str, file: &Path, table: &str) -> Command {
    let mut command = Command::new("ogr2ogr");
    command.args(["--config", "PG_USE_COPY", "YES", "-gt", "unlimited", "-f", "PostgreSQL"]);
    // GDAL takes no URL: libpq's words instead.
    let (server, database) = url.rsplit_once('/').unwrap_or_default();
    let port = server.rsplit(':').next().unwrap_or_default();
    command.arg(format!("PG:host=127.0.0.1 port={port} user=gridbeat dbname={database}")).arg(file).args([
        "-nln",
        table,
        "-a_srs",
        "EPSG:4490",
    ]);
    if table == "addresses" {
        command.args(["-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat"]);
    }
    command
}

/// Runs programs one after the other; their milliseconds.
fn timed(commands: impl IntoIterator<Item = Command>) -> Result<f64, String> {
    let start = Instant::now();
    for mut command in commands {
        let done = command.stdout(Stdio::null()).output().map_err(|e| format!("{command:?}: {e}"))?;
        if !done.status.success() {
            return Err(format!("{command:?}: {}", String::from_utf8_lossy(&done.stderr)));
        }
    }
    Ok(start.elapsed().as_secs_f64() * 1e3)
}
