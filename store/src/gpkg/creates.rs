//! New incidents, many in one transaction and so with one sync.

use super::{Conn, begin, single};
use crate::error::StoreError;
use diesel::Connection;
use gridbeat_onemap::record::{Change, IncidentRow};

/// A row as kept, and its change.
pub(super) type Created = Result<(IncidentRow, Change), StoreError>;

/// Keeps incidents; each gets its own answer, in their order. One that is refused is undone by itself.
pub(super) fn create_many(conn: &mut Conn, rows: Vec<IncidentRow>) -> Vec<Created> {
    let count = rows.len();
    let done = begin(conn, |conn| {
        // Inside a transaction this one is a savepoint.
        Ok(rows.into_iter().map(|row| conn.transaction(|conn| single::put(conn, row))).collect::<Vec<_>>())
    });
    done.unwrap_or_else(|e: StoreError| (0..count).map(|_| Err(e.again())).collect())
}
