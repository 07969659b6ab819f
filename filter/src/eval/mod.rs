//! Asking a filter about a row.
//!
//! [`truth`] holds the three-valued logic, [`like`] patterns, [`words`] what `CASEI` and `ACCENTI` fold,
//! [`arithmetic`] numbers, [`spatial`], [`temporal`] and [`arrays`] the functions of the standard.

pub mod arithmetic;
pub mod arrays;
pub mod like;
pub mod spatial;
pub mod temporal;
pub mod truth;
pub mod words;

use crate::{Filter, Value};
use geo_types::{Geometry, Rect};
use spatial::Prepared;

/// What is asked: one row of a collection.
pub trait Row {
    /// What stands in a column, by its number in [`crate::Schema::queryables`].
    fn value(&self, column: usize) -> Value<'_>;

    /// A box around the place; `None` without one. Cheap: it spares most rows the next question.
    fn bounds(&self) -> Option<Rect<f64>>;

    /// The place; valid by the rules of simple features.
    fn geometry(&self) -> Option<Geometry<f64>>;
}

/// A filter made ready to be asked many times by one thread.
pub struct Matcher<'a> {
    filter: &'a Filter,
    prepared: Vec<Prepared<'a>>,
}

impl Filter {
    /// Makes the filter ready.
    pub fn matcher(&self) -> Matcher<'_> {
        Matcher { filter: self, prepared: self.geometries.iter().map(Prepared::new).collect() }
    }
}

impl Matcher<'_> {
    /// Whether the filter is true of the row: neither false nor unknown.
    pub fn matches(&self, row: &dyn Row) -> bool {
        self.truth(&self.filter.root, row) == Some(true)
    }
}
