//! What a collection can be asked about.

use geo_types::Geometry;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// true or false.
    Boolean,
    /// Days.
    Date,
    /// Instants.
    Timestamp,
    /// Sets of texts.
    Texts,
    /// The place of the row.
    Geometry,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queryable {
    /// Its name in filters.
    pub name: String,
    /// What it holds.
    pub kind: Type,
}

/// The way from the filter's reference system to that of [`crate::Row::geometry`].
pub trait Placing {
    /// Where a position lies.
    ///
    /// # Errors
    /// Why it is no position of the filter's system.
    fn position(&self, x: f64, y: f64) -> Result<(f64, f64), String>;

    /// The ground of a box: least and greatest coordinates in the order of the system's axes. One that
    /// crosses the antimeridian is two polygons.
    ///
    /// # Errors
    /// Why it is no box of the filter's system.
    fn boxed(&self, bbox: [f64; 4]) -> Result<Geometry<f64>, String>;
}

/// The columns, by whose numbers [`crate::Row`] is asked, and where the filter's geometries lie.
pub struct Schema<'a> {
    /// The columns; those of kind [`Type::Geometry`] all mean the one place of a row.
    pub queryables: &'a [Queryable],
    /// Where positions of the filter lie.
    pub placing: &'a dyn Placing,
}

impl Schema<'_> {
    /// The number and kind of a column.
    pub(crate) fn find(&self, name: &str) -> Option<(usize, Type)> {
        let i = self.queryables.iter().position(|q| q.name == name)?;
        Some((i, self.queryables[i].kind))
    }

    /// All names, for a message.
    pub(crate) fn names(&self) -> String {
        self.queryables.iter().map(|q| q.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}
