//! From a row's cells to a record: one file for each kind of record.

pub(crate) mod address;
pub(crate) mod area;
pub(crate) mod incident;
pub(crate) mod resident;
pub(crate) mod staff;
pub(crate) mod words;

use crate::{
    crs::Transformer,
    mapping::{From, Mapping},
    read::{Geometry, RawRow, wkt},
    time::Clock,
};
use gridbeat_onemap::{E7, record::Region};
use std::borrow::Cow;

/// The longest code that is taken.
const MAX_CODE: usize = 128;

/// A field and what is wrong with it.
pub(crate) type Fault = (&'static str, String);

/// What all rows of a file share.
pub(crate) struct Context {
    pub mapping: Mapping,
    pub transformer: Transformer,
    /// Whether the file holds north first.
    pub swapped: bool,
    pub clock: Clock,
    /// Overrides every row's region.
    pub region: Option<Region>,
}

impl Context {
    /// A field's text; `None` when it has no column or the cell is empty.
    pub fn text<'r>(&self, row: &'r RawRow, field: &str) -> Option<Cow<'r, str>> {
        match self.mapping.get(field)? {
            From::Column(i) => row.cells.get(i).map(Cow::Borrowed),
            From::RowNumber => Some(Cow::Owned(row.number.to_string())),
        }
    }

    /// A field's text, owned.
    pub fn owned(&self, row: &RawRow, field: &str) -> Option<String> {
        self.text(row, field).map(Cow::into_owned)
    }

    /// A code; `None` when the cell is empty.
    pub fn code(&self, row: &RawRow, field: &'static str) -> Result<Option<String>, Fault> {
        let Some(text) = self.text(row, field) else {
            return Ok(None);
        };
        let code = without_fraction(&text);
        if code.len() > MAX_CODE {
            return Err((field, format!("is longer than {MAX_CODE} bytes")));
        }
        if code.chars().any(char::is_control) {
            return Err((field, "holds a control character".into()));
        }
        Ok(Some(code.to_owned()))
    }

    /// A code that must be there.
    pub fn needed_code(&self, row: &RawRow, field: &'static str) -> Result<String, Fault> {
        self.code(row, field)?.ok_or_else(|| (field, "is empty".to_owned()))
    }

    /// A count; 0 when the cell is empty.
    pub fn count(&self, row: &RawRow, field: &'static str) -> Result<u32, Fault> {
        let Some(text) = self.text(row, field) else {
            return Ok(0);
        };
        let wrong = || (field, format!("“{}” is not a whole number from 0 on", short(&text)));
        let n: f64 = text.parse().map_err(|_| wrong())?;
        if n.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&n) { Ok(n as u32) } else { Err(wrong()) }
    }

    /// A time; `None` when the cell is empty.
    pub fn time(&self, row: &RawRow, field: &'static str) -> Result<Option<jiff::Timestamp>, Fault> {
        self.text(row, field).map(|t| self.clock.read(&t)).transpose().map_err(|e| (field, e))
    }

    /// The row's geometry: its own, else that of its geometry column.
    pub fn geometry<'r>(&self, row: &'r RawRow) -> Result<Cow<'r, Geometry>, Fault> {
        if row.geometry == Geometry::None
            && let Some(From::Column(i)) = self.mapping.get("geometry")
            && let Some(text) = row.cells.get(i)
        {
            return wkt::parse(text).map(Cow::Owned).map_err(|e| ("geometry", e));
        }
        Ok(Cow::Borrowed(&row.geometry))
    }

    /// The numbers of the row's position, as the file holds them; `None` when it has none.
    pub fn numbers(&self, row: &RawRow) -> Result<Option<(f64, f64)>, Fault> {
        match self.geometry(row)?.as_ref() {
            Geometry::Point(x, y) => return Ok(Some((*x, *y))),
            Geometry::Polygons(_) => {
                return Err(("geometry", "is a polygon; expected a point".into()));
            }
            Geometry::Lines(_) => return Err(("geometry", "is a line; expected a point".into())),
            Geometry::Other(kind) => {
                return Err(("geometry", format!("is a {kind}; expected a point")));
            }
            Geometry::None => {}
        }
        let (lon, lat) = (self.text(row, "lon"), self.text(row, "lat"));
        let number = |field: &'static str, text: &str| {
            text.parse::<f64>().map_err(|_| (field, format!("“{}” is not a number", short(text))))
        };
        match (lon, lat) {
            (None, None) => Ok(None),
            (Some(x), Some(y)) => Ok(Some((number("lon", &x)?, number("lat", &y)?))),
            (None, Some(_)) => Err(("lon", "is empty though lat is not".into())),
            (Some(_), None) => Err(("lat", "is empty though lon is not".into())),
        }
    }

    /// The row's position on the lattice.
    pub fn position(&self, row: &RawRow) -> Result<Option<E7>, Fault> {
        let Some((x, y)) = self.numbers(row)? else {
            return Ok(None);
        };
        if (x, y) == (0.0, 0.0) {
            return Err(("geometry", "the position is 0, 0, which is what unfilled positions hold".into()));
        }
        self.place(x, y).map(Some).map_err(|e| ("geometry", e))
    }

    /// A position that must be there.
    pub fn needed_position(&self, row: &RawRow) -> Result<E7, Fault> {
        self.position(row)?.ok_or_else(|| ("geometry", "the row has no position".to_owned()))
    }

    /// The file's numbers on the lattice.
    pub fn place(&self, x: f64, y: f64) -> Result<E7, String> {
        let (x, y) = if self.swapped { (y, x) } else { (x, y) };
        self.transformer.forward(x, y).map_err(|e| e.to_string())
    }

    /// The region of a row: what the user says; else the first four digits of the first of its codes (its
    /// own, then its parent's or address's) that begins with twelve digits or more; else 0.
    ///
    /// `320213025001A12` has no region by itself, its parent `320213025001` gives 3202.
    pub fn region(&self, codes: [Option<&str>; 2]) -> Region {
        if let Some(r) = self.region {
            return r;
        }
        codes.into_iter().flatten().map(region_of).find(|r| *r != Region(0)).unwrap_or_default()
    }
}

fn region_of(code: &str) -> Region {
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    Region::of_code(&code[..digits])
}

/// `11023904.0`, as spreadsheets and data frames write numeric codes, is `11023904`. Only from four digits
/// on: `3.0` may be an outline number.
fn without_fraction(code: &str) -> &str {
    match code.split_once('.') {
        Some((whole, zeros))
            if whole.len() >= 4
                && whole.bytes().all(|b| b.is_ascii_digit())
                && !zeros.is_empty()
                && zeros.bytes().all(|b| b == b'0') =>
        {
            whole
        }
        _ => code,
    }
}

/// The beginning of a cell, for a message.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lose_the_fraction_of_a_data_frame() {
        assert_eq!(without_fraction("11023904.0"), "11023904");
        assert_eq!(without_fraction("3.0"), "3.0");
        assert_eq!(without_fraction("1011.5"), "1011.5");
        assert_eq!(without_fraction("A1011.0"), "A1011.0");
    }

    #[test]
    fn the_region_comes_from_the_first_code_that_has_one() {
        assert_eq!(region_of("320213025001001"), Region(3202));
        assert_eq!(region_of("320213025001A12"), Region(3202));
        assert_eq!(region_of("3202130250A1"), Region(0));
        assert_eq!(region_of("B12"), Region(0));
    }
}
