//! Staff of both sides.

use super::{Context, Fault, words};
use crate::read::RawRow;
use gridbeat_onemap::record::{Fid, StaffRow};

/// Makes a record of a row. The side must be stated: nothing else in a row tells it surely.
pub(crate) fn read(cx: &Context, row: &RawRow) -> Result<StaffRow, Fault> {
    let code = cx.needed_code(row, "code")?;
    let area = cx.code(row, "area")?;
    let side =
        cx.text(row, "side").ok_or_else(|| ("side", "is empty; expected grid or police".to_owned()))?;
    Ok(StaffRow {
        fid: Fid::default(),
        region: cx.region([Some(&code), area.as_deref()]),
        role: cx.owned(row, "role"),
        side: words::side(&side).map_err(|e| ("side", e))?,
        on_duty: cx
            .text(row, "on_duty")
            .map(|w| words::yes(&w))
            .transpose()
            .map_err(|e| ("on_duty", e))?
            .unwrap_or(false),
        seen_at: cx.time(row, "seen_at")?,
        at: cx.position(row)?,
        name: cx.owned(row, "name"),
        phone: cx.owned(row, "phone"),
        area,
        code,
    })
}
