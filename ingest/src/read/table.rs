//! What every reader gives: a header, then rows of text cells with perhaps a geometry.

use crate::{IngestError, Note, Progress, crs::declared::Declared};
use gridbeat_onemap::department::ColumnKind;

/// What a file says of itself before its rows.
#[derive(Debug, Default)]
pub(crate) struct Header {
    /// Names of the columns, each once.
    pub columns: Vec<String>,
    /// Whether rows carry a geometry of their own (not in a column).
    pub has_geometry: bool,
    /// The coordinate system it states.
    pub declared: Option<Declared>,
    /// What was guessed.
    pub notes: Vec<Note>,
    /// Whether rows of this format carry no attributes at all, so that their number must be the code.
    pub anonymous: bool,
    /// What the file states of its columns; those beyond the end are not stated.
    pub typings: Vec<Typing>,
    /// Whether an empty text says nothing of its column's kind: some writers of CSV quote every cell, also where
    /// nothing is known.
    pub blank_fits_all: bool,
    /// What the file calls the geometry of its rows, where that has a name.
    pub geometry_name: Option<String>,
}

impl Header {
    /// What the file states of a column.
    pub fn typing(&self, column: usize) -> Typing {
        self.typings.get(column).copied().unwrap_or_default()
    }
}

/// What a file states of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Typing {
    /// Nothing: its values tell.
    #[default]
    Open,
    /// Its kind.
    Stated(ColumnKind),
    /// That it holds bytes, which no layer keeps.
    Bytes,
}

/// A file that can be read from its beginning as often as needed.
pub(crate) trait Input: Send {
    /// A new reader at the first row.
    fn rows(&self) -> Result<Box<dyn Rows>, IngestError>;
}

/// A reader of rows.
pub(crate) trait Rows: Send {
    /// Reads the next row into `row`; `false` at the end. After a [`RowError::Row`] the next call goes on
    /// with the row behind it.
    fn read(&mut self, row: &mut RawRow) -> Result<bool, RowError>;
    /// How far it is.
    fn progress(&self) -> Progress;
}

/// Why a row cannot be had.
#[derive(Debug)]
pub(crate) enum RowError {
    /// This row is bad; others may be good.
    Row {
        /// The field that is wrong; empty when it is the row as a whole.
        field: &'static str,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// The file is bad.
    Fatal(IngestError),
}

impl RowError {
    pub fn row(reason: impl Into<String>) -> Self {
        Self::Row { field: "", reason: reason.into() }
    }
    pub fn geometry(reason: impl Into<String>) -> Self {
        Self::Row { field: "geometry", reason: reason.into() }
    }
}

impl From<IngestError> for RowError {
    fn from(e: IngestError) -> Self {
        Self::Fatal(e)
    }
}

/// One row, its buffers used again for the next.
#[derive(Debug, Default)]
pub(crate) struct RawRow {
    /// 1 for the first.
    pub number: u64,
    /// The attributes.
    pub cells: Cells,
    /// The geometry, where rows have one.
    pub geometry: Geometry,
}

/// The cells of a row as text. For most readers nothing, null and blanks are the same ([`Cells::get`]); where
/// they are not, [`Cells::raw`] tells.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    text: String,
    spans: Vec<Span>,
}

/// Where a cell's text stands.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: usize,
    end: usize,
    /// Whether there is a value at all: the empty text is one.
    is_set: bool,
    /// Whether the file says that it is text: `"7"`, not `7`.
    is_text: bool,
}

impl Cells {
    /// Forgets the row before and makes `n` empty cells.
    pub fn reset(&mut self, n: usize) {
        self.text.clear();
        self.spans.clear();
        self.spans.resize(n, Span::default());
    }

    /// Writes a cell.
    pub fn set(&mut self, column: usize, value: &str) {
        let start = self.text.len();
        self.text.push_str(value);
        if let Some(span) = self.spans.get_mut(column) {
            *span = Span { start, end: self.text.len(), is_set: true, is_text: false };
        }
    }

    /// Writes a cell that the file says is text, whatever it looks like.
    pub fn set_text(&mut self, column: usize, value: &str) {
        self.set(column, value);
        if let Some(span) = self.spans.get_mut(column) {
            span.is_text = true;
        }
    }

    /// Writes a number: whole numbers without a fraction (`1011.0` is the code `1011`).
    pub fn set_number(&mut self, column: usize, value: f64) {
        if value.is_finite() {
            self.set(column, &number_text(value));
        }
    }

    /// A cell without blanks around it; `None` when nothing is left.
    pub fn get(&self, column: usize) -> Option<&str> {
        let s = self.raw(column)?.trim();
        (!s.is_empty()).then_some(s)
    }

    /// A cell as it stands, blanks and all; `None` when there is no value.
    pub fn raw(&self, column: usize) -> Option<&str> {
        let span = self.spans.get(column).filter(|s| s.is_set)?;
        Some(&self.text[span.start..span.end])
    }

    /// Whether the file says that a cell is text.
    pub fn is_text(&self, column: usize) -> bool {
        self.spans.get(column).is_some_and(|s| s.is_text)
    }
}

/// Below 2^53 a whole f64 is exact; beyond, its digits would be made up.
pub(crate) const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number as a code or a count would be written: no fraction when it is whole.
pub(crate) fn number_text(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < EXACT { format!("{}", value as i64) } else { format!("{value}") }
}

/// A ring as the file holds it: closed or not, in the file's coordinates.
pub(crate) type RawRing = Vec<(f64, f64)>;
/// Exterior first, then holes.
pub(crate) type RawPolygon = Vec<RawRing>;

/// A geometry as the file holds it, without Z and M.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) enum Geometry {
    /// None (null, or empty).
    #[default]
    None,
    /// One position.
    Point(f64, f64),
    /// One or more lines.
    Lines(Vec<RawRing>),
    /// One or more polygons.
    Polygons(Vec<RawPolygon>),
    /// Something no layer takes, by its name.
    Other(String),
}

impl Geometry {
    /// This and another geometry of one collection: only lines and polygons add up.
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, g) | (g, Self::None) => g,
            (Self::Lines(mut a), Self::Lines(b)) => {
                a.extend(b);
                Self::Lines(a)
            }
            (Self::Polygons(mut a), Self::Polygons(b)) => {
                a.extend(b);
                Self::Polygons(a)
            }
            (Self::Other(a), _) | (_, Self::Other(a)) => Self::Other(a),
            (Self::Point(..), Self::Point(..)) => Self::Other("MultiPoint".into()),
            _ => Self::Other("GeometryCollection of different kinds".into()),
        }
    }

    /// Lines, or nothing when there are none.
    pub fn lines(lines: Vec<RawRing>) -> Self {
        if lines.is_empty() { Self::None } else { Self::Lines(lines) }
    }

    /// Polygons, or nothing when there are none.
    pub fn polygons(polygons: Vec<RawPolygon>) -> Self {
        if polygons.is_empty() { Self::None } else { Self::Polygons(polygons) }
    }
}

/// Checks that no column occurs twice, and names those without a name.
pub(crate) fn check_columns(file: &str, columns: Vec<String>) -> Result<Vec<String>, IngestError> {
    let mut seen = std::collections::HashSet::new();
    let mut out = Vec::with_capacity(columns.len());
    for (i, c) in columns.into_iter().enumerate() {
        let c = c.trim().to_owned();
        let c = if c.is_empty() { format!("column {}", i + 1) } else { c };
        if !seen.insert(c.clone()) {
            return Err(IngestError::format(
                file,
                format!("two columns are called “{c}”; every column needs its own name"),
            ));
        }
        out.push(c);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_codes() {
        assert_eq!(number_text(1011.0), "1011");
        assert_eq!(number_text(-3.0), "-3");
        assert_eq!(number_text(0.25), "0.25");
        assert_eq!(number_text(320_213_025_001_001.0), "320213025001001");
    }

    #[test]
    fn cells_come_back_trimmed() {
        let mut c = Cells::default();
        c.reset(3);
        c.set(2, " a ");
        c.set(0, "  ");
        c.set(9, "nowhere");
        assert_eq!((c.get(0), c.get(1), c.get(2), c.get(9)), (None, None, Some("a"), None));
        assert_eq!((c.raw(0), c.raw(1), c.raw(2), c.raw(9)), (Some("  "), None, Some(" a "), None));
        c.set_text(1, "");
        assert_eq!((c.raw(1), c.get(1), c.is_text(1), c.is_text(2)), (Some(""), None, true, false));
    }

    #[test]
    fn a_column_twice_is_refused() {
        assert!(
            check_columns("f", vec!["a".into(), "b".into(), "a ".into()])
                .unwrap_err()
                .to_string()
                .contains("“a”")
        );
        assert_eq!(check_columns("f", vec!["a".into(), String::new()]).unwrap(), ["a", "column 2"]);
    }
}
