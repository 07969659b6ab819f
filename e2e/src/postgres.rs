//! A private PostgreSQL with PostGIS: made for one test, on a loopback port of its own, gone afterwards.

use crate::run;
use std::{
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A running cluster.
#[derive(Debug)]
pub struct Postgres {
    server: Child,
    port: u16,
    programs: PathBuf,
    _dir: TempDir,
}

impl Postgres {
    /// Makes and starts a cluster.
    #[track_caller]
    pub fn start() -> Self {
        let programs = programs();
        let dir = TempDir::with_prefix("gridbeat-pg-").unwrap();
        let data = dir.path().join("data");
        if let Some((uid, gid)) = postgres_user() {
            std::os::unix::fs::chown(dir.path(), Some(uid), Some(gid)).unwrap();
        }
        let mut initdb = unprivileged(&programs.join("initdb"), dir.path());
        initdb
            .args([
                "--auth=trust",
                "--username=gridbeat",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "-D",
            ])
            .arg(&data);
        run(initdb).ok();

        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = launch(&programs, dir.path(), &data, port);
        let mut this = Self { server, port, programs, _dir: dir };
        this.await_ready();
        this
    }

    /// Stops the cluster: at once, as a crash would (`crash`), or in good order.
    pub fn stop(&mut self, crash: bool) {
        // SIGQUIT is PostgreSQL's "immediate shutdown": no checkpoint, recovery at the next start.
        let how = if crash { "-QUIT" } else { "-INT" };
        let _ = Command::new("kill").args([how, &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }

    /// Starts it again, on the same port.
    #[track_caller]
    pub fn start_again(&mut self) {
        let data = self._dir.path().join("data");
        self.server = launch(&self.programs, self._dir.path(), &data, self.port);
        self.await_ready();
    }

    fn await_ready(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let mut ready = Command::new(self.programs.join("pg_isready"));
            ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            if ready.status().is_ok_and(|s| s.success()) {
                return;
            }
            assert!(self.server.try_wait().unwrap().is_none(), "PostgreSQL ended while starting");
            assert!(Instant::now() < deadline, "PostgreSQL was not ready within a minute");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// An empty database with PostGIS in it, by its URL.
    #[track_caller]
    pub fn database(&self, name: &str) -> String {
        self.psql("postgres", &format!("CREATE DATABASE {name}"));
        self.psql(name, "CREATE EXTENSION postgis");
        format!("postgres://gridbeat@127.0.0.1:{}/{name}", self.port)
    }

    /// What `psql` prints for a statement: values only, no headers.
    #[track_caller]
    pub fn psql(&self, database: &str, sql: &str) -> String {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "gridbeat"]);
        psql.args(["-p", &self.port.to_string(), "-d", database, "-c", sql]);
        run(psql).ok().text().trim().to_owned()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's "fast shutdown".
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline {
            if let Ok(Some(_)) = self.server.try_wait() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn launch(programs: &Path, dir: &Path, data: &Path, port: u16) -> Child {
    let mut postgres = unprivileged(&programs.join("postgres"), dir);
    postgres.arg("-D").arg(data).args(["-p", &port.to_string(), "-h", "127.0.0.1", "-c"]);
    postgres.arg(format!("unix_socket_directories={}", dir.display()));
    let log = std::fs::File::options().create(true).append(true).open(dir.join("log")).unwrap();
    postgres.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// The folder of `initdb` and `postgres`; Debian keeps it out of `PATH`.
fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|e| e.path().join("bin")))
        .collect();
    found.sort();
    let in_path =
        std::env::var_os("PATH").map(|p| std::env::split_paths(&p).collect::<Vec<_>>()).unwrap_or_default();
    let mut all = found.into_iter().rev().chain(in_path);
    all.find(|dir| dir.join("initdb").exists())
        .expect("PostgreSQL is not installed: scripts/prerequisites.sh says how")
}

/// Who runs PostgreSQL, when it is root who asks: PostgreSQL refuses to run as root.
fn postgres_user() -> Option<(u32, u32)> {
    let id = |args: &[&str]| -> Option<u32> {
        let out = Command::new("id").args(args).output().ok()?;
        String::from_utf8(out.stdout).ok()?.trim().parse().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?))
}

fn unprivileged(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(home);
    if let Some((uid, gid)) = postgres_user() {
        command.uid(uid).gid(gid);
    }
    command
}
