//! Opening a PostGIS store: what must be in the database, and how each connection is set.

use super::partition;
use crate::{error::StoreError, open::OpenMode, open::without_password, shelf::PATIENCE};
use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    migration::MigrationSource,
    pg::Pg,
    sql_types::{Bool, Nullable, Text},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgis");

/// One at a time makes or upgrades the tables: the key of an advisory lock ("GRIDBEAT" in ASCII).
const MIGRATION_LOCK: i64 = 0x4752_4944_4245_4154;

/// What libpq is told if the URL does not say otherwise: a server that does not answer is given up after
/// seconds, not after minutes.
const PATIENT: [(&str, &str); 4] = [
    ("connect_timeout", "5"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "5"),
    ("tcp_user_timeout", "20000"),
];

/// A URL with the settings of [`PATIENT`] that it does not have.
pub(super) fn patient(url: &str) -> String {
    let mut out = url.to_owned();
    for (name, value) in PATIENT {
        if !url.contains(&format!("{name}=")) {
            let mark = if out.contains('?') { '&' } else { '?' };
            out.push_str(&format!("{mark}{name}={value}"));
        }
    }
    out
}

/// A connection. `synchronous_commit` off or local would answer before the write is safe; the stronger
/// settings of a cluster with standbys are left as they are.
pub(super) fn connect(url: &str) -> Result<PgConnection, StoreError> {
    let mut conn = PgConnection::establish(url).map_err(|e| {
        // Where it is belongs into the log and on the command line, not into an answer.
        let cause = format!("{}: {e}", without_password(url));
        StoreError::unavailable("the database does not let us in", cause)
    })?;
    conn.batch_execute(&format!(
        "SET application_name = 'gridbeat'; SET client_min_messages = warning; SET timezone = 'UTC'; \
         SET lock_timeout = {}; \
         SELECT set_config('synchronous_commit', 'on', false) \
           WHERE current_setting('synchronous_commit') IN ('off', 'local')",
        PATIENCE.as_millis()
    ))?;
    Ok(conn)
}

#[derive(QueryableByName)]
struct There {
    #[diesel(sql_type = Bool)]
    ours: bool,
    #[diesel(sql_type = Nullable<Text>)]
    theirs: Option<String>,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Finds or makes the tables and brings them up to date. Anything else that is there stays as it is.
pub(super) fn prepare(url: &str, mode: OpenMode) -> Result<(), StoreError> {
    let place = || without_password(url);
    let mut conn = connect(url)?;
    if pending(&mut conn, mode, &place)?.is_none() {
        return Ok(());
    }
    // Somebody else may be at it: look again once they are done.
    conn.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
    if pending(&mut conn, mode, &place)?.is_some() {
        conn.run_pending_migrations(MIGRATIONS).map_err(|e| {
            let what = "the tables cannot be made: the database needs the extensions postgis and pg_trgm, and a \
                        user who may create tables";
            StoreError::unavailable(what, e)
        })?;
        partition::make(&mut conn)?;
    }
    conn.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
    Ok(())
}

/// `Some` when migrations are to be run.
fn pending(
    conn: &mut PgConnection,
    mode: OpenMode,
    place: &dyn Fn() -> String,
) -> Result<Option<()>, StoreError> {
    let there: There = diesel::sql_query(
        "SELECT to_regclass('gridbeat_meta') IS NOT NULL AND to_regclass('__diesel_schema_migrations') IS NOT NULL \
         AS ours, (SELECT name FROM unnest(ARRAY['grids', 'beats', 'addresses', 'residents', 'incidents', 'staff']) \
         AS name WHERE to_regclass(name) IS NOT NULL LIMIT 1) AS theirs",
    )
    .get_result(conn)?;
    if !there.ours {
        return match (there.theirs, mode) {
            (Some(table), _) => Err(StoreError::NotAStore {
                place: place(),
                why: format!(
                    "another program's table “{table}” is there; give Gridbeat a database or schema of its own"
                ),
            }),
            (None, OpenMode::Existing) => Err(StoreError::Missing { place: place() }),
            (None, OpenMode::Create) => Ok(Some(())),
        };
    }
    let applied: Vec<Version> =
        diesel::sql_query("SELECT version::text FROM __diesel_schema_migrations ORDER BY version")
            .load(conn)?;
    let migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS)
        .map_err(|e| StoreError::unavailable("the store's schema cannot be read", e))?;
    let mut known: Vec<_> = migrations.iter().map(|m| m.name().version().to_string()).collect();
    known.sort();
    if let Some(found) = applied.iter().find(|v| !known.contains(&v.version)) {
        let known = known.last().cloned().unwrap_or_default();
        return Err(StoreError::Newer { place: place(), found: found.version.clone(), known });
    }
    Ok((applied.len() < known.len()).then_some(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_keeps_what_it_says() {
        let url = patient("postgres://u@h/db?connect_timeout=60");
        assert!(url.starts_with("postgres://u@h/db?connect_timeout=60&keepalives_idle=10&"), "{url}");
        assert!(!url.contains("connect_timeout=5"), "{url}");
        assert!(patient("postgres://h").starts_with("postgres://h?connect_timeout=5&"));
    }
}
