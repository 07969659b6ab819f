//! tipg, an OGC API server over PostGIS, in a Python environment of its own (`bench/tipg.sh` makes it).

use super::server::{Server, made_by};
use std::process::Command;

/// Serves the tables of a database, with one worker.
pub fn start(database: &str) -> Result<Server, String> {
    let python = made_by("tipg.sh")?;
    let command = |port: u16| {
        let mut command = Command::new(python);
        command.args(["-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--log-level", "error"]);
        command.args(["--port", &port.to_string()]);
        command.env("DATABASE_URL", database.replacen("postgres://", "postgresql://", 1));
        command.env("TIPG_DB_SCHEMAS", r#"["public"]"#);
        // As far beyond a tile's edge as ours: by default it draws four times as far.
        command.env("TIPG_TILE_BUFFER", "64");
        command
    };
    Server::start("tipg", command, "/healthz")
}
