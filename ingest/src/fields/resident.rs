//! Residents, without anything that identifies them: the columns that would are never mapped, and a code
//! that turns out to be an identity number rejects its row.

use super::{Context, Fault};
use crate::read::RawRow;
use gridbeat_onemap::record::ResidentRow;

/// Makes a record of a row.
pub(crate) fn read(cx: &Context, row: &RawRow) -> Result<ResidentRow, Fault> {
    let code = cx.needed_code(row, "code")?;
    let address = cx.needed_code(row, "address")?;
    let household = cx.code(row, "household")?;
    for (field, value) in [("code", Some(&code)), ("household", household.as_ref())] {
        if value.is_some_and(|v| is_identity_number(v)) {
            return Err((
                field,
                "is an identity number; expected a code that identifies nobody outside the file".into(),
            ));
        }
    }
    Ok(ResidentRow {
        region: cx.region([Some(&code), Some(&address)]),
        code,
        address,
        household,
        age_band: cx.owned(row, "age_band"),
        registration: cx.owned(row, "registration"),
    })
}

/// Whether a text is a citizen's number of GB 11643: 6 digits of place, 8 of birth, 3 of sequence, and a
/// check character (ISO 7064, mod 11-2).
fn is_identity_number(text: &str) -> bool {
    let b = text.as_bytes();
    if b.len() != 18 || !b[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let digit = |i: usize| u32::from(b[i] - b'0');
    let (year, month, day) =
        ((6..10).fold(0, |n, i| n * 10 + digit(i)), digit(10) * 10 + digit(11), digit(12) * 10 + digit(13));
    if !(1900..=2100).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return false;
    }
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = (0..17).map(|i| digit(i) * WEIGHTS[i]).sum();
    b"10X98765432"[(sum % 11) as usize] == b[17].to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_numbers_are_known_by_their_check_character() {
        assert!(is_identity_number("11010519491231002X")); // the standard's own example
        assert!(is_identity_number("11010519491231002x"));
        assert!(!is_identity_number("110105194912310021"));
        assert!(!is_identity_number("320213025001001999"));
        assert!(!is_identity_number("R3202000000001"));
    }
}
