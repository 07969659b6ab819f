//! Standard addresses.

use super::{Context, Fault};
use crate::read::RawRow;
use gridbeat_onemap::record::{AddressRow, Fid};

/// Makes a record of a row.
pub(crate) fn read(cx: &Context, row: &RawRow) -> Result<AddressRow, Fault> {
    let code = cx.needed_code(row, "code")?;
    Ok(AddressRow {
        fid: Fid::default(),
        region: cx.region([Some(&code), None]),
        text: cx.owned(row, "text").ok_or_else(|| ("text", "is empty".to_owned()))?,
        at: cx.needed_position(row)?,
        residents: cx.count(row, "residents")?,
        dwellings: cx.count(row, "dwellings")?,
        organisations: cx.count(row, "organisations")?,
        code,
    })
}
