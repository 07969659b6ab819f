//! One cell: from its text to a value of its column's kind.

use super::survey::{boolean, number};
use crate::{fields::short, read::RawRow, time::Clock};
use gridbeat_onemap::department::{Cell, ColumnKind};

/// How a column is read.
#[derive(Debug)]
pub(super) struct Reading {
    /// Its number in the file.
    pub column: usize,
    /// Its name in the layer.
    pub name: String,
    pub kind: ColumnKind,
    /// Of its times.
    pub clock: Clock,
}

impl Reading {
    /// The value in a row.
    ///
    /// # Errors
    /// What stands there, and what was expected.
    pub fn cell(&self, row: &RawRow) -> Result<Cell, String> {
        let Some(text) = row.cells.raw(self.column) else { return Ok(Cell::Null) };
        let value = text.trim();
        if value.is_empty() && self.kind != ColumnKind::Text {
            return Ok(Cell::Null);
        }
        let odd = || format!("“{}” is no {}", short(value), self.kind);
        Ok(match self.kind {
            ColumnKind::Text if text.contains('\0') => {
                return Err("it holds a zero character, which no store can keep".to_owned());
            }
            ColumnKind::Text => Cell::Text(text.into()),
            // Where the file states the kind, numbers of all 64 bits are taken.
            ColumnKind::Integer => Cell::Integer(value.parse().map_err(|_| odd())?),
            ColumnKind::Number => {
                let n = number(value).or_else(|| value.parse().ok().filter(|n: &f64| n.is_finite()));
                Cell::Number(n.ok_or_else(odd)?)
            }
            ColumnKind::Boolean => {
                let stated = match value {
                    "1" => Some(true),
                    "0" => Some(false),
                    _ => boolean(value),
                };
                Cell::Boolean(stated.ok_or_else(odd)?)
            }
            ColumnKind::Date => {
                let day = self.clock.day(value)?;
                if day.year() < 1 {
                    return Err(format!(
                        "“{}” is too early: expected a day from the year 1 on",
                        short(value)
                    ));
                }
                Cell::Date(day)
            }
            ColumnKind::Timestamp => Cell::Timestamp(self.clock.read(value)?),
        })
    }
}
