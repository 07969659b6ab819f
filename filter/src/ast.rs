//! A filter as it was written, before it is known what it is about.

use crate::Place;
use geo_types::Geometry;
use jiff::{Timestamp, civil::Date};

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where.
    pub place: Place,
    /// What.
    pub expr: Expr,
}

/// Two nodes are equal when they say the same, wherever they stand.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.expr == other.expr
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `'text'`
    Text(String),
    /// `12`
    Integer(i64),
    /// `1.5`; finite.
    Float(f64),
    /// `TRUE`
    Boolean(bool),
    /// `DATE('2026-05-01')`
    Date(Date),
    /// `TIMESTAMP('2026-05-01T00:00:00Z')`
    Timestamp(Timestamp),
    /// `INTERVAL(start, end)`
    Interval(Box<[End; 2]>),
    /// A geometry in the filter's reference system, numbers as they were written.
    Geometry(Geometry<f64>),
    /// `BBOX(west, south, east, north)`; heights are left out.
    Bbox([f64; 4]),
    /// The name of a property.
    Property(String),
    /// `(a, b, c)`
    Array(Vec<Node>),
    /// A function; those of the standard in lower case (`casei`, `s_within`), others as written.
    Call(String, Vec<Node>),
    /// `NOT a`
    Not(Box<Node>),
    /// `a AND b AND c`
    And(Vec<Node>),
    /// `a OR b OR c`
    Or(Vec<Node>),
    /// `a = b`
    Compare(Comparison, Box<[Node; 2]>),
    /// `a LIKE 'pattern'`
    Like(Box<[Node; 2]>),
    /// `a BETWEEN low AND high`
    Between(Box<[Node; 3]>),
    /// `a IN (b, c)`
    In(Box<Node>, Vec<Node>),
    /// `a IS NULL`
    IsNull(Box<Node>),
    /// `a + b`
    Arithmetic(Operator, Box<[Node; 2]>),
}

/// One end of an interval.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// `'..'`
    Open,
    /// A date, a timestamp or a property.
    At(Node),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The comparison of a symbol.
    pub fn of(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "=" => Self::Equal,
            "<>" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    /// Whether it holds for values in that order.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// How two numbers are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`: never a whole-number division.
    Divide,
    /// `div`: the quotient without what follows its point.
    Quotient,
    /// `%`: what `div` leaves, with the sign of the dividend.
    Remainder,
    /// `^`
    Power,
}

impl Operator {
    /// The operator of a symbol.
    pub fn of(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "div" => Self::Quotient,
            "%" => Self::Remainder,
            "^" => Self::Power,
            _ => return None,
        })
    }
}

/// The functions that the standard defines, in lower case.
pub(crate) fn is_standard(name: &str) -> bool {
    matches!(name, "casei" | "accenti")
        || crate::compile::spatial_relation(name).is_some()
        || crate::compile::temporal_relation(name).is_some()
        || crate::compile::array_relation(name).is_some()
}
