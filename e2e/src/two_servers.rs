//! A store whose tables lie on two PostgreSQL servers, set up as `deploy/partitioned` says.

use crate::postgres::Postgres;
use std::path::Path;

/// Both servers, and the store.
pub struct TwoServers {
    /// Has the log, the counters and the regions that are on no other server.
    pub home: Postgres,
    /// Has region 3202, in its database `south`.
    pub further: Postgres,
    /// URL of the store, in the database `town` at home.
    pub url: String,
}

impl TwoServers {
    /// Starts them, with empty tables.
    pub fn start() -> Self {
        let (home, further) = (Postgres::start(), Postgres::start());
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let run = |server: &Postgres, database: &str, file: &str| {
            server.psql(database, &std::fs::read_to_string(project.join(file)).unwrap());
        };
        further.database("south");
        run(&further, "south", "store/migrations/postgis/2026-11-21-000002_layers/up.sql");
        run(&further, "south", "deploy/partitioned/further.sql");
        let url = home.database("town");
        run(&home, "town", "deploy/partitioned/home.sql");
        let port = further.psql("south", "SHOW port");
        let add =
            format!("SELECT gridbeat_add_server('south', '127.0.0.1', {port}, 'south', 'gridbeat', '')");
        home.psql("town", &add);
        home.psql("town", "SELECT gridbeat_place('south', 3202)");
        Self { home, further, url }
    }
}
