//! What a layer of a department is: its name, what it draws, and its columns.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Columns of a layer at most: what both kinds of store can keep with room to spare.
pub const MOST_COLUMNS: usize = 1_000;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }

        impl FromStr for $name {
            type Err = ();
            fn from_str(s: &str) -> Result<Self, ()> {
                match s { $($word => Ok(Self::$variant),)+ _ => Err(()) }
            }
        }
    };
}

words! {
    /// What a column holds.
    ColumnKind {
        /// Text; the empty text is one.
        Text = "text",
        /// Whole numbers of 64 bits.
        Integer = "integer",
        /// Finite numbers.
        Number = "number",
        /// true or false.
        Boolean = "boolean",
        /// Days.
        Date = "date",
        /// Instants, to the millisecond.
        Timestamp = "timestamp",
    }
}

words! {
    /// What all features of a layer are.
    Drawn {
        /// One position each.
        Point = "point",
        /// One line each, or several.
        Line = "line",
        /// One polygon each, or several.
        Polygon = "polygon",
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Column {
    /// Its name in the store, the API and tiles: an identifier (see [`super::identifiers`]).
    pub name: String,
    /// Its name in the file that it first came from, letter for letter.
    pub title: String,
    /// What it holds.
    pub kind: ColumnKind,
}

/// What a layer is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Schema {
    /// The name: of the collection, of the tile layer, of the table (see [`super::check_name`]).
    pub name: String,
    /// What people read.
    pub title: String,
    /// What its features are.
    pub drawn: Drawn,
    /// What the place was called in the file, where it had a name: filters know it by that too.
    pub geometry: Option<String>,
    /// Its columns, in the order of the file.
    pub columns: Vec<Column>,
}

/// Why rows of one schema cannot be added to a layer of another.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// Points and lines, for example.
    #[error("the layer holds {there}s, the file {came}s")]
    Drawn {
        /// What the layer holds.
        there: Drawn,
        /// What came.
        came: Drawn,
    },
    /// A column that only the layer has.
    #[error("the layer has a column “{0}” that the file does not have")]
    Missing(String),
    /// A column that only the file has.
    #[error("the file has a column “{0}” that the layer does not have")]
    More(String),
    /// A column that holds something else.
    #[error("the column “{column}” is {there} in the layer, {came} in the file")]
    Kind {
        /// Its name.
        column: String,
        /// What the layer's holds.
        there: ColumnKind,
        /// What the file's holds.
        came: ColumnKind,
    },
}

impl Schema {
    /// The number of the column of that name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// The one column that says when: days or instants. `None` when there is none, or more than one.
    pub fn time_column(&self) -> Option<usize> {
        let mut times = (0..self.columns.len())
            .filter(|&i| matches!(self.columns[i].kind, ColumnKind::Date | ColumnKind::Timestamp));
        let first = times.next()?;
        times.next().is_none().then_some(first)
    }

    /// Whether rows of `came` can be added to this layer: the same columns, in whatever order, and the same
    /// kind of places.
    ///
    /// # Errors
    /// What differs first.
    pub fn agrees_with(&self, came: &Self) -> Result<(), Mismatch> {
        if self.drawn != came.drawn {
            return Err(Mismatch::Drawn { there: self.drawn, came: came.drawn });
        }
        for c in &self.columns {
            match came.columns.iter().find(|o| o.name == c.name) {
                None => return Err(Mismatch::Missing(c.name.clone())),
                Some(o) if o.kind != c.kind => {
                    return Err(Mismatch::Kind { column: c.name.clone(), there: c.kind, came: o.kind });
                }
                Some(_) => {}
            }
        }
        match came.columns.iter().find(|o| self.column(&o.name).is_none()) {
            Some(more) => Err(Mismatch::More(more.name.clone())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(columns: &[(&str, ColumnKind)]) -> Schema {
        let columns = columns.iter().map(|&(name, kind)| Column {
            name: name.to_owned(),
            title: name.to_owned(),
            kind,
        });
        Schema {
            name: "school".to_owned(),
            title: "学校".to_owned(),
            drawn: Drawn::Point,
            geometry: None,
            columns: columns.collect(),
        }
    }

    #[test]
    fn columns_agree_in_any_order_and_what_differs_is_named() {
        use ColumnKind::{Date, Integer, Text, Timestamp};
        let there = schema(&[("name", Text), ("pupils", Integer)]);
        assert_eq!(there.agrees_with(&schema(&[("pupils", Integer), ("name", Text)])), Ok(()));
        let differs = |columns: &[_]| there.agrees_with(&schema(columns)).unwrap_err().to_string();
        assert!(differs(&[("name", Text)]).contains("“pupils”"));
        assert!(differs(&[("name", Text), ("pupils", Integer), ("head", Text)]).contains("“head”"));
        assert!(differs(&[("name", Text), ("pupils", Text)]).contains("integer in the layer, text"));
        let lines = Schema { drawn: Drawn::Line, ..there.clone() };
        assert!(lines.agrees_with(&there).unwrap_err().to_string().contains("holds lines"));
        assert_eq!(schema(&[("a", Text), ("b", Date)]).time_column(), Some(1));
        assert_eq!(schema(&[("a", Timestamp), ("b", Date)]).time_column(), None);
    }
}
