//! Martin, a tile server over PostGIS in Rust (`bench/martin.sh` builds it).

use super::server::{Server, made_by};
use std::process::Command;

/// Serves the tables of a database, with one worker.
pub fn start(database: &str) -> Result<Server, String> {
    let martin = made_by("martin.sh")?;
    let command = |port: u16| {
        let mut command = Command::new(martin);
        command.args(["--listen-addresses", &format!("127.0.0.1:{port}"), "--workers", "1"]);
        command.arg(database.replacen("postgres://", "postgresql://", 1));
        command
    };
    Server::start("martin", command, "/health")
}
