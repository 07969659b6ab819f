//! Opening a GeoPackage: what it must be, how each connection is set, the functions that the triggers
//! of its R-trees call.

use super::blob;
use crate::{error::StoreError, open::OpenMode, shelf::PATIENCE};
use diesel::{
    Connection as _, SqliteConnection,
    connection::SimpleConnection,
    migration::MigrationSource,
    sql_types::{Binary, Nullable},
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use rusqlite::{Connection, OpenFlags, functions::FunctionFlags};
use std::{
    fs,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/gpkg");

diesel::define_sql_function! { #[sql_name = "ST_MinX"] fn st_min_x(geom: Nullable<Binary>) -> Nullable<diesel::sql_types::Double>; }
diesel::define_sql_function! { #[sql_name = "ST_MaxX"] fn st_max_x(geom: Nullable<Binary>) -> Nullable<diesel::sql_types::Double>; }
diesel::define_sql_function! { #[sql_name = "ST_MinY"] fn st_min_y(geom: Nullable<Binary>) -> Nullable<diesel::sql_types::Double>; }
diesel::define_sql_function! { #[sql_name = "ST_MaxY"] fn st_max_y(geom: Nullable<Binary>) -> Nullable<diesel::sql_types::Double>; }
diesel::define_sql_function! { #[sql_name = "ST_IsEmpty"] fn st_is_empty(geom: Nullable<Binary>) -> Nullable<diesel::sql_types::Integer>; }

/// The settings of every connection. WAL lets readers go on while one writes; FULL syncs the log at
/// each commit, so that what was answered survives a power cut.
fn settings() -> String {
    format!(
        "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
        PATIENCE.as_millis()
    )
}

/// Finds or makes the store at `path` and brings its schema up to date. Anything else that is there
/// stays as it is.
pub(super) fn prepare(path: &Path, mode: OpenMode) -> Result<(), StoreError> {
    match (look(path)?, mode) {
        (Found::Nothing, OpenMode::Existing) => {
            Err(StoreError::Missing { place: path.display().to_string() })
        }
        (Found::Nothing, OpenMode::Create) => create(path),
        (Found::Store { pending: false }, _) => Ok(()),
        (Found::Store { pending: true }, _) => upgrade(path),
    }
}

enum Found {
    Nothing,
    Store { pending: bool },
}

/// What is at `path`, by reading alone.
fn look(path: &Path) -> Result<Found, StoreError> {
    let place = || path.display().to_string();
    let not_a_store = |why: &str| StoreError::NotAStore { place: place(), why: why.to_owned() };
    let cannot_read = |e| StoreError::unavailable(format!("{} cannot be read", place()), e);
    let mut head = Vec::with_capacity(100);
    match fs::File::open(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(e) => return Err(cannot_read(e)),
        Ok(f) if f.metadata().map_err(cannot_read)?.is_dir() => {
            return Err(not_a_store("it is a folder"));
        }
        Ok(f) => f.take(100).read_to_end(&mut head).map_err(cannot_read)?,
    };
    if head.is_empty() {
        return Err(not_a_store("it is an empty file"));
    }
    if !head.starts_with(b"SQLite format 3\0") || head.len() < 100 {
        return Err(not_a_store("it is no GeoPackage"));
    }
    // The application id of the SQLite header.
    if head[68..72] != *b"GPKG" {
        return Err(not_a_store("it is an SQLite database, but no GeoPackage"));
    }
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.busy_timeout(PATIENCE)?;
    let ours =
        "SELECT count(*) FROM sqlite_master WHERE name IN ('gridbeat_meta', '__diesel_schema_migrations')";
    if conn.query_row(ours, [], |r| r.get::<_, i64>(0))? != 2 {
        return Err(not_a_store("it is a GeoPackage that Gridbeat did not make; import its layers instead"));
    }
    let applied = conn
        .prepare("SELECT version FROM __diesel_schema_migrations ORDER BY version")?
        .query_map([], |r| r.get(0))?
        .collect::<Result<Vec<String>, _>>()?;
    let known = known_versions()?;
    if let Some(found) = applied.iter().find(|v| !known.contains(v)) {
        let known = known.last().cloned().unwrap_or_default();
        return Err(StoreError::Newer { place: place(), found: found.clone(), known });
    }
    Ok(Found::Store { pending: applied.len() < known.len() })
}

/// Versions of the migrations in this program, oldest first.
fn known_versions() -> Result<Vec<String>, StoreError> {
    let migrations = MigrationSource::<Sqlite>::migrations(&MIGRATIONS)
        .map_err(|e| StoreError::unavailable("the store's schema cannot be read", e))?;
    let mut versions: Vec<_> = migrations.iter().map(|m| m.name().version().to_string()).collect();
    versions.sort();
    Ok(versions)
}

/// Makes a store beside its place and then puts it there in one step, so that nobody ever sees half of
/// one; when somebody else was quicker, theirs stays.
fn create(path: &Path) -> Result<(), StoreError> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let draft = beside(path, &format!("new-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    let made = migrate(&draft).and_then(|()| {
        let cannot = |e| StoreError::unavailable(format!("{} cannot be made", path.display()), e);
        match fs::hard_link(&draft, path) {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
            // A file system without hard links.
            Err(_) => fs::rename(&draft, path).map_err(cannot),
        }?;
        if let Some(folder) = path.parent() {
            fs::File::open(folder).and_then(|f| f.sync_all()).map_err(cannot)?;
        }
        Ok(())
    });
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(with_suffix(&draft, suffix)); // What is not there need not be removed.
    }
    made
}

/// Brings an older store up to date, keeping a copy of it as it was.
fn upgrade(path: &Path) -> Result<(), StoreError> {
    let copy = beside(path, &format!("before-upgrade-{}", crate::rules::now().as_second()));
    let conn = open_raw(path)?;
    conn.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
    drop(conn);
    migrate(path)
}

fn migrate(path: &Path) -> Result<(), StoreError> {
    let mut conn = open_diesel(path)?;
    conn.run_pending_migrations(MIGRATIONS)
        .map_err(|e| StoreError::unavailable("the store's tables cannot be made", e))?;
    // All into the file itself: it is about to be moved, or read by its first bytes.
    Ok(conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?)
}

fn beside(path: &Path, word: &str) -> PathBuf {
    with_suffix(path, &format!(".{word}"))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A connection for single rows.
pub(super) fn open_diesel(path: &Path) -> Result<SqliteConnection, StoreError> {
    let text = path.to_string_lossy();
    let mut conn = SqliteConnection::establish(&text)
        .map_err(|e| StoreError::unavailable("the store's file cannot be opened", e))?;
    let side =
        |of: fn(&[f64; 4]) -> f64| move |geom: Option<Vec<u8>>| blob::envelope(&geom?).as_ref().map(of);
    conn.batch_execute(&settings())
        .and_then(|()| st_min_x_utils::register_impl(&mut conn, side(|e| e[0])))
        .and_then(|()| st_max_x_utils::register_impl(&mut conn, side(|e| e[1])))
        .and_then(|()| st_min_y_utils::register_impl(&mut conn, side(|e| e[2])))
        .and_then(|()| st_max_y_utils::register_impl(&mut conn, side(|e| e[3])))
        .and_then(|()| {
            st_is_empty_utils::register_impl(&mut conn, |geom: Option<Vec<u8>>| {
                geom.map(|g| i32::from(blob::envelope(&g).is_none()))
            })
        })?;
    Ok(conn)
}

/// A connection for millions of rows.
pub(super) fn open_raw(path: &Path) -> Result<Connection, StoreError> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.execute_batch(&settings())?;
    register(&conn)?;
    Ok(conn)
}

/// Gives a connection the functions that the triggers of R-trees call.
pub(super) fn register(conn: &Connection) -> Result<(), StoreError> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (name, i) in [("ST_MinX", 0), ("ST_MaxX", 1), ("ST_MinY", 2), ("ST_MaxY", 3)] {
        conn.create_scalar_function(name, 1, flags, move |args| {
            Ok(args.get_raw(0).as_blob_or_null()?.and_then(blob::envelope).map(|e| e[i]))
        })?;
    }
    conn.create_scalar_function("ST_IsEmpty", 1, flags, |args| {
        Ok(args.get_raw(0).as_blob_or_null()?.map(|g| blob::envelope(g).is_none()))
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::{QueryableByName, RunQueryDsl};

    #[derive(QueryableByName)]
    struct Setting {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        synchronous: i32,
    }

    #[test]
    fn every_commit_is_synced() {
        const FULL: i32 = 2;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.gpkg");
        prepare(&path, OpenMode::Create).unwrap();
        let raw = open_raw(&path).unwrap();
        let setting = |name: &str| -> String {
            raw.query_row(&format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}"), [], |r| r.get(0))
                .unwrap()
        };
        assert_eq!(setting("synchronous"), FULL.to_string());
        assert_eq!((setting("journal_mode").as_str(), setting("foreign_keys").as_str()), ("wal", "1"));
        let mut single = open_diesel(&path).unwrap();
        let read: Setting =
            diesel::sql_query("SELECT synchronous FROM pragma_synchronous").get_result(&mut single).unwrap();
        assert_eq!(read.synchronous, FULL);
    }
}
