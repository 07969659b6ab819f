//! A server of somebody else's in a process of its own.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A running server; it ends when this goes.
pub struct Server {
    name: &'static str,
    child: Child,
    port: u16,
}

impl Server {
    /// Starts what `command` makes for a free port, and waits until a path answers.
    pub fn start(
        name: &'static str,
        command: impl FnOnce(u16) -> Command,
        ready: &str,
    ) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
        let port = listener.map_err(|e| format!("no port: {e}"))?.port();
        let child = command(port)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("{name} does not start: {e}"))?;
        let mut server = Self { name, child, port };
        server.await_ready(ready)?;
        Ok(server)
    }

    fn await_ready(&mut self, path: &str) -> Result<(), String> {
        let (name, end) = (self.name, Instant::now() + Duration::from_secs(120));
        while Instant::now() < end {
            if ureq::get(&self.url(path)).call().is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("{name} ended while starting: {status}"));
            }
            thread::sleep(Duration::from_millis(100));
        }
        Err(format!("{name} was not ready within two minutes"))
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

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The path that a script of this folder prints when it has made what it is there for.
pub fn made_by(script: &str) -> Result<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
    let made = Command::new("bash").arg(&path).output().map_err(|e| format!("bash: {e}"))?;
    let printed = String::from_utf8_lossy(&made.stdout).trim().to_owned();
    if !made.status.success() || printed.is_empty() {
        return Err(format!("{script} failed: {}", String::from_utf8_lossy(&made.stderr)));
    }
    Ok(printed)
}
