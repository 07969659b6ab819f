//! Incidents that are created, changed and deleted, many in one transaction and so with one sync.

use super::{Conn, begin, single};
use crate::{error::StoreError, store::Edit};
use diesel::Connection;
use gridbeat_onemap::record::{Change, IncidentRow};

/// What somebody wants written.
pub(super) enum Write {
    /// A new incident.
    Create(IncidentRow),
    /// An edit of one, decided on seeing it like this.
    Edit {
        /// The row that was seen.
        seen: IncidentRow,
        /// What is to become of it.
        edit: Edit,
    },
}

/// What came of it.
pub(super) enum Written {
    /// The new row, and its change.
    Created(IncidentRow, Change),
    /// What the edit made.
    Edited(single::Edited),
    /// The row is not what was seen: somebody else wrote it meanwhile. Nothing was done.
    Overtaken,
}

/// The answer to a write.
pub(super) type Answer = Result<Written, StoreError>;

/// Writes all; each gets its own answer, in their order. One that is refused is undone by itself.
pub(super) fn write_many(conn: &mut Conn, writes: Vec<Write>) -> Vec<Answer> {
    let count = writes.len();
    let done = begin(conn, |conn| {
        // Inside a transaction this one is a savepoint.
        Ok(writes.into_iter().map(|write| conn.transaction(|conn| one(conn, write))).collect::<Vec<_>>())
    });
    done.unwrap_or_else(|e: StoreError| (0..count).map(|_| Err(e.again())).collect())
}

fn one(conn: &mut Conn, write: Write) -> Answer {
    match write {
        Write::Create(row) => single::put(conn, row).map(|(row, change)| Written::Created(row, change)),
        Write::Edit { seen, edit } => {
            let now = single::read(conn, seen.fid)?.ok_or(StoreError::NotFound)?;
            if now != seen {
                return Ok(Written::Overtaken);
            }
            single::apply(conn, &now, edit).map(Written::Edited)
        }
    }
}
