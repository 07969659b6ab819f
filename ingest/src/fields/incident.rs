//! Incidents: a location is all they need.

use super::{Context, Fault, words};
use crate::read::RawRow;
use gridbeat_onemap::record::{Fid, IncidentRow, State};

/// Makes a record of a row.
pub(crate) fn read(cx: &Context, row: &RawRow) -> Result<IncidentRow, Fault> {
    let code = cx.code(row, "code")?.unwrap_or_default();
    let word = |field| cx.text(row, field);
    Ok(IncidentRow {
        fid: Fid::default(),
        region: cx.region([Some(&code), None]),
        title: cx.owned(row, "title"),
        category: cx.owned(row, "category"),
        state: word("state")
            .map(|w| words::state(&w))
            .transpose()
            .map_err(|e| ("state", e))?
            .unwrap_or(State::Reported),
        risk: word("risk").map(|w| words::risk(&w)).transpose().map_err(|e| ("risk", e))?,
        source: word("source").map(|w| words::source(&w)).transpose().map_err(|e| ("source", e))?,
        reported_at: cx.time(row, "reported_at")?,
        address: cx.owned(row, "address"),
        at: cx.needed_position(row)?,
        placed: None,
        code,
    })
}
