//! The index over the texts of addresses: bringing it up to date.

use crate::error::StoreError;
use rusqlite::Connection;

/// Whether another program changed addresses since.
pub(super) fn is_stale(conn: &Connection) -> Result<bool, StoreError> {
    Ok(conn.prepare_cached("SELECT 1 FROM gridbeat_address_stale LIMIT 1")?.exists([])?)
}

/// Takes in what another program changed. Inside a transaction that writes.
pub(super) fn catch_up(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(
        "INSERT INTO gridbeat_address_text (gridbeat_address_text, rowid, text)
           SELECT 'delete', fid, text FROM gridbeat_address_stale WHERE text IS NOT NULL;
         INSERT INTO gridbeat_address_text (rowid, text)
           SELECT fid, a.text FROM gridbeat_address_stale JOIN addresses AS a USING (fid);
         DELETE FROM gridbeat_address_stale;",
    )?;
    Ok(())
}

/// Adds the rows that `which` names.
pub(super) fn add(conn: &Connection, which: &str) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO gridbeat_address_text (rowid, text) SELECT fid, text FROM addresses WHERE {which}"
    );
    conn.execute(&sql, [])?;
    Ok(())
}

/// Takes out the rows that `which` names, before they go.
pub(super) fn remove(conn: &Connection, which: &str) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO gridbeat_address_text (gridbeat_address_text, rowid, text) \
         SELECT 'delete', fid, text FROM addresses WHERE {which}"
    );
    conn.execute(&sql, [])?;
    Ok(())
}

/// Makes it anew out of all rows.
pub(super) fn rebuild(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch("INSERT INTO gridbeat_address_text (gridbeat_address_text) VALUES ('rebuild')")?;
    Ok(())
}
