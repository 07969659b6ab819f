//! tipg, an OGC API server over PostGIS, in a Python environment of its own (`bench/tipg.sh` makes it).

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A running tipg; it ends when this goes.
pub struct Tipg {
    child: Child,
    port: u16,
}

impl Tipg {
    /// Serves the tables of a database, with one worker.
    pub fn start(database: &str) -> Result<Self, String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tipg.sh");
        let made = Command::new("bash").arg(&script).output().map_err(|e| format!("bash: {e}"))?;
        let python = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        if !made.status.success() || python.is_empty() {
            return Err(format!("tipg is not there: {}", String::from_utf8_lossy(&made.stderr)));
        }
        let listener = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
        let port = listener.map_err(|e| format!("no port: {e}"))?.port();
        let mut command = Command::new(python);
        command.args(["-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--log-level", "error"]);
        command.args(["--port", &port.to_string()]);
        command.env("DATABASE_URL", database.replacen("postgres://", "postgresql://", 1));
        command.env("TIPG_DB_SCHEMAS", r#"["public"]"#);
        // As far beyond a tile's edge as ours: by default it draws four times as far.
        command.env("TIPG_TILE_BUFFER", "64");
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("tipg does not start: {e}"))?;
        let mut tipg = Self { child, port };
        tipg.await_ready()?;
        Ok(tipg)
    }

    fn await_ready(&mut self) -> Result<(), String> {
        let end = Instant::now() + Duration::from_secs(120);
        while Instant::now() < end {
            if ureq::get(&self.url("/healthz")).call().is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("tipg ended while starting: {status}"));
            }
            thread::sleep(Duration::from_millis(100));
        }
        Err("tipg was not ready within two minutes".to_owned())
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

impl Drop for Tipg {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
