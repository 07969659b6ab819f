//! What the databases say, in the words of [`StoreError`].

use crate::error::StoreError;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use rusqlite::{Error as RusqliteError, ErrorCode};

const FULL: &str = "the disk is full; nothing was changed";
const READ_ONLY: &str = "the store may not be written to: its file, folder or server is read-only";
const CANNOT_OPEN: &str = "the store's file cannot be opened: check its folder and who may read and write it";
const DISK: &str = "the disk did not do what it was asked";
const DAMAGED: &str = "the store is damaged";
const GONE: &str = "the database does not answer";
const OTHER: &str = "the store did not do what it was asked";

impl From<RusqliteError> for StoreError {
    fn from(e: RusqliteError) -> Self {
        let what = match e.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => return Self::Busy,
            Some(ErrorCode::DiskFull) => FULL,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => READ_ONLY,
            Some(ErrorCode::CannotOpen) => CANNOT_OPEN,
            Some(ErrorCode::SystemIoFailure) => DISK,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => DAMAGED,
            _ => OTHER,
        };
        Self::unavailable(what, e)
    }
}

impl From<DieselError> for StoreError {
    fn from(e: DieselError) -> Self {
        match classify(&e) {
            Some(what) => Self::unavailable(what, e),
            None => Self::Busy,
        }
    }
}

/// What is the matter; `None` when somebody else is writing. Diesel hands on a kind and the message,
/// so SQLite's codes and some of PostgreSQL's are known by their (untranslated) words.
fn classify(e: &DieselError) -> Option<&'static str> {
    let DieselError::DatabaseError(kind, info) = e else {
        return Some(OTHER);
    };
    match kind {
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            return Some(GONE);
        }
        DatabaseErrorKind::ReadOnlyTransaction => return Some(READ_ONLY),
        DatabaseErrorKind::SerializationFailure => return None,
        _ => {}
    }
    let says = |words: &[&str]| words.iter().any(|w| info.message().contains(w));
    if says(&["database is locked", "table is locked", "lock timeout", "deadlock detected"]) {
        None
    } else if says(&["disk is full", "No space left on device"]) {
        Some(FULL)
    } else if says(&["readonly database", "read-only transaction", "permission denied"]) {
        Some(READ_ONLY)
    } else if says(&["unable to open"]) {
        Some(CANNOT_OPEN)
    } else if says(&["disk I/O error", "could not write", "could not extend"]) {
        Some(DISK)
    } else if says(&["malformed", "not a database", "invalid page"]) {
        Some(DAMAGED)
    } else if says(&[
        "closed the connection",
        "terminating connection",
        "shutting down",
        "starting up",
        "connection to server",
    ]) {
        Some(GONE)
    } else {
        Some(OTHER)
    }
}
