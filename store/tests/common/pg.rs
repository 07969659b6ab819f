//! A PostgreSQL of our own for the tests: a cluster in a temporary folder, on a free port of the
//! loopback, gone when the test process is. `GRIDBEAT_TEST_PG=postgres://user@host/db` names a server to
//! use instead; the user must be allowed to create databases. `GRIDBEAT_TEST_PG_2` does the same for the second
//! server of those tests that need two.

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use std::{
    ffi::OsStr,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

const INSTALL: &str = "PostgreSQL with PostGIS is needed: on Debian, `apt-get install postgresql-15 \
                       postgresql-15-postgis-3`; or set GRIDBEAT_TEST_PG to the URL of a server";

/// An empty database of its own for one test; the URL.
pub fn fresh_database() -> String {
    static TEMPLATE: Template = Template::new("template");
    TEMPLATE.copy(server(), &[])
}

/// Two databases on two servers for one test, set up as `deploy/partitioned/README.md` says: the one at home,
/// in which no store was made yet, with region 3202 (Wuxi) placed on the other server; the URLs of both.
pub fn fresh_pair() -> (String, String) {
    static HOME: Template = Template::new("home");
    let further = fresh_further();
    let home = HOME.copy(server(), &[deployed("home.sql")]);
    run(&home, &format!("{}; SELECT gridbeat_place('south', 3202)", add_server(&further)));
    (home, further)
}

/// A database on the second server that regions may be placed in; the URL.
pub fn fresh_further() -> String {
    static FURTHER: Template = Template::new("further");
    let layers = project("store/migrations/postgis/2026-11-21-000002_layers/up.sql");
    FURTHER.copy(second_server(), &[layers, deployed("further.sql")])
}

/// A file of `deploy/partitioned`.
pub fn deployed(name: &str) -> String {
    project(&format!("deploy/partitioned/{name}"))
}

fn project(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The statement that makes a further database known at home, as `south`.
pub fn add_server(further: &str) -> String {
    let (at, name) = further.rsplit_once('/').expect("the URL names a database");
    let (user, at) = at.trim_start_matches("postgres://").split_once('@').expect("the URL names a user");
    let (host, port) = at.split_once(':').unwrap_or((at, "5432"));
    let (user, password) = user.split_once(':').unwrap_or((user, ""));
    format!("SELECT gridbeat_add_server('south', '{host}', {port}, '{name}', '{user}', '{password}')")
}

/// A database with the extensions in it, made once: copying it is quicker than creating them each time.
struct Template {
    name: &'static str,
    made: Mutex<bool>,
}

impl Template {
    const fn new(name: &'static str) -> Self {
        Self { name, made: Mutex::new(false) }
    }

    /// A copy of its own for one test; the URL. `statements` are run in the template when it is made.
    fn copy(&self, server: &str, statements: &[String]) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let template = format!("gridbeat_{}_{}", self.name, std::process::id());
        let mut made = self.made.lock().unwrap();
        if !*made {
            let with = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'";
            run(&url_of(server, None), &format!("CREATE DATABASE {template} {with}"));
            let url = url_of(server, Some(&template));
            run(&url, "CREATE EXTENSION postgis; CREATE EXTENSION pg_trgm");
            statements.iter().for_each(|sql| run(&url, sql));
            *made = true;
        }
        let name = format!("gridbeat_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        // Under the lock: a template may not be in use while it is copied.
        run(&url_of(server, None), &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        drop(made);
        url_of(server, Some(&name))
    }
}

/// Runs statements.
pub fn run(url: &str, sql: &str) {
    let mut conn = PgConnection::establish(url).unwrap_or_else(|e| panic!("{url}: {e}"));
    conn.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// `postgres://user@host:port/db` with another database.
fn url_of(server: &str, database: Option<&str>) -> String {
    match database {
        None => server.to_owned(),
        Some(name) => format!("{}/{name}", server.rsplit_once('/').expect("the URL names a database").0),
    }
}

/// The URL of the server's own database.
fn server() -> &'static str {
    static SERVER: OnceLock<(String, Option<Child>)> = OnceLock::new();
    &SERVER.get_or_init(|| given_or_started("GRIDBEAT_TEST_PG")).0
}

/// The same of the second server.
fn second_server() -> &'static str {
    static SERVER: OnceLock<(String, Option<Child>)> = OnceLock::new();
    &SERVER.get_or_init(|| given_or_started("GRIDBEAT_TEST_PG_2")).0
}

fn given_or_started(variable: &str) -> (String, Option<Child>) {
    match std::env::var(variable) {
        Ok(url) => (url, None),
        Err(_) => {
            let (url, guard) = start();
            (url, Some(guard))
        }
    }
}

/// Makes a cluster and starts it under a shell that waits for our end: it reads from a pipe that only we
/// hold, so it stops the server and removes the folder however this process ends.
fn start() -> (String, Child) {
    let bin = binaries();
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let script = r#"
        set -e
        dir=$(mktemp -d "${TMPDIR:-/tmp}/gridbeat-pg.XXXXXX")
        trap 'rm -rf "$dir"' EXIT
        "$1/initdb" -D "$dir" -U gridbeat -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
        "$1/postgres" -D "$dir" -c listen_addresses=127.0.0.1 -p "$2" -c unix_socket_directories= \
            -c shared_buffers=64MB -c max_connections=200 -c logging_collector=off 2>"$dir/log" &
        pid=$!
        read -r _ || true
        kill -QUIT $pid
        wait $pid || true
    "#;
    let mut command = as_ordinary_user(OsStr::new("sh"));
    command.args(["-c", script, "sh"]).arg(&bin).arg(port.to_string()).current_dir("/");
    let guard = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("a shell");
    let url = format!("postgres://gridbeat@127.0.0.1:{port}/postgres");
    let end = Instant::now() + Duration::from_secs(60);
    while let Err(e) = PgConnection::establish(&url) {
        assert!(Instant::now() < end, "the private PostgreSQL of {} does not start: {e}", bin.display());
        std::thread::sleep(Duration::from_millis(100));
    }
    (url, guard)
}

/// PostgreSQL refuses to run as root; then it runs as `postgres`, whom its package makes.
fn as_ordinary_user(program: &OsStr) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout == b"0\n");
    let mut command = Command::new(if root { OsStr::new("runuser") } else { program });
    if root {
        command.args(["-u", "postgres", "--"]).arg(program);
    }
    command
}

/// The folder of `initdb` and `postgres`: the newest in Debian's place, else from the search path.
fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|v| v.path().join("bin")).filter(|b| complete(b));
    let newest = debian.max_by_key(|b| b.parent().and_then(|v| v.file_name()?.to_str()?.parse::<u32>().ok()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    newest
        .or_else(|| std::env::split_paths(&path).find(|b| complete(b)))
        .unwrap_or_else(|| panic!("{INSTALL}"))
}

fn complete(bin: &Path) -> bool {
    bin.join("initdb").exists() && bin.join("postgres").exists()
}
