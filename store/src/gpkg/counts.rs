//! How many residents live at each address: counted from the resident rows, kept with the address.

use super::import::FEW;
use crate::error::StoreError;
use rusqlite::Transaction;

/// Notes the addresses of residents that are about to be deleted.
pub(super) fn remember(tx: &Transaction<'_>, which: &str) -> Result<(), StoreError> {
    tx.execute(
        &format!("INSERT OR IGNORE INTO touched SELECT region, address FROM residents WHERE {which}"),
        [],
    )?;
    Ok(())
}

/// After an import of residents: counts again at the addresses where some came or went. `came` says for
/// each region which rows came.
pub(super) fn of_residents(
    tx: &Transaction<'_>,
    regions: &[u16],
    came: &[String],
    rebuild: bool,
    rows: u64,
) -> Result<(), StoreError> {
    let whole = rebuild || rows > FEW;
    for (region, which) in regions.iter().zip(came) {
        // Nobody is left where somebody was.
        tx.execute(
            "UPDATE addresses SET residents = 0 WHERE region = ?1 \
             AND code IN (SELECT address FROM touched WHERE region = ?1) \
             AND NOT EXISTS (SELECT 1 FROM residents AS r WHERE r.region = ?1 AND r.address = addresses.code)",
            [region],
        )?;
        let some = if whole {
            String::new()
        } else {
            format!(
                " AND address IN (SELECT address FROM residents WHERE region = ?1 AND {which} \
                 UNION SELECT address FROM touched WHERE region = ?1)"
            )
        };
        count(tx, *region, &some, "")?;
    }
    Ok(())
}

/// After an import of addresses: counts the residents that were there before them.
pub(super) fn of_addresses(
    tx: &Transaction<'_>,
    regions: &[u16],
    came: &[String],
    rows: u64,
) -> Result<(), StoreError> {
    for (region, which) in regions.iter().zip(came) {
        let some = if rows > FEW {
            String::new()
        } else {
            format!(" AND address IN (SELECT code FROM addresses WHERE region = ?1 AND {which})")
        };
        count(tx, *region, &some, &format!(" AND {which}"))?;
    }
    Ok(())
}

/// Counts all residents again, after another program changed them.
pub(super) fn recount(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let regions = tx
        .prepare("SELECT DISTINCT region FROM addresses ORDER BY 1")?
        .query_map([], |r| r.get(0))?
        .collect::<Result<Vec<u16>, _>>()?;
    regions.into_iter().try_for_each(|region| count(tx, region, "", ""))
}

/// Sets the counts of one region; `residents` and `addresses` narrow down which rows are looked at.
fn count(tx: &Transaction<'_>, region: u16, residents: &str, addresses: &str) -> Result<(), StoreError> {
    tx.execute(
        &format!(
            "UPDATE addresses SET residents = c.n FROM \
             (SELECT address, count(*) AS n FROM residents WHERE region = ?1{residents} GROUP BY address) AS c \
             WHERE addresses.region = ?1 AND addresses.code = c.address AND addresses.residents <> c.n{addresses}"
        ),
        [region],
    )?;
    Ok(())
}
