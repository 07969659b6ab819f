//! One feature of a department's layer, as files bring it and stores keep it.

use super::{ColumnKind, Drawing};
use crate::record::{Fid, Region};
use jiff::{Timestamp, civil::Date};

/// What stands in a column of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is known.
    Null,
    /// Text, perhaps empty.
    Text(Box<str>),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// true or false.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// An instant.
    Timestamp(Timestamp),
}

impl Cell {
    /// What it is; `None` for null, which any column may hold.
    pub fn kind(&self) -> Option<ColumnKind> {
        Some(match self {
            Self::Null => return None,
            Self::Text(_) => ColumnKind::Text,
            Self::Integer(_) => ColumnKind::Integer,
            Self::Number(_) => ColumnKind::Number,
            Self::Boolean(_) => ColumnKind::Boolean,
            Self::Date(_) => ColumnKind::Date,
            Self::Timestamp(_) => ColumnKind::Timestamp,
        })
    }
}

/// A row: its cells are those of the columns of its [`Schema`](super::Schema), in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureRow {
    /// Assigned by the store; `Fid(0)` before that.
    pub fid: Fid,
    /// City, see [`Region`].
    pub region: Region,
    /// By column.
    pub cells: Vec<Cell>,
    /// Where it is.
    pub drawing: Drawing,
}
