//! Tree → typed predicate: names become columns, kinds are checked, geometries are put in their place.
//!
//! [`scalar`] does values, [`functions`] the functions of the standard.

mod functions;
mod scalar;

pub(crate) use functions::{array_relation, spatial_relation, temporal_relation};

use crate::{
    FilterError, Schema,
    ast::{Comparison, Expr, Node, Operator},
    error::short,
    eval::{
        arrays::Relation,
        spatial::{Side, Spatial},
        temporal::Temporal,
        words::Fold,
    },
    schema::Type,
    value::Value,
};
use geo_types::{Geometry, Rect};

/// A filter that fits a schema.
#[derive(Clone, Debug)]
pub struct Filter {
    pub(crate) root: Bool,
    pub(crate) geometries: Vec<Geometry<f64>>,
    bounds: Option<Rect<f64>>,
}

/// Something that is true, false or unknown of a row.
#[derive(Clone, Debug)]
pub(crate) enum Bool {
    Known(Option<bool>),
    Column(usize),
    Not(Box<Bool>),
    And(Vec<Bool>),
    Or(Vec<Bool>),
    Compare(Comparison, Scalar, Scalar),
    Between(Scalar, Scalar, Scalar),
    In(Scalar, Vec<Scalar>),
    Like(Scalar, Scalar),
    IsNull(Scalar),
    /// The row has no place.
    NoPlace,
    Spatial(Spatial, Side, Side),
    Temporal(Temporal, Instants, Instants),
    Array(Relation, Scalar, Scalar),
}

/// A value of a row.
#[derive(Clone, Debug)]
pub(crate) enum Scalar {
    Fixed(Value<'static>),
    Column(usize),
    Folded(Fold, Box<Scalar>),
    Arithmetic(Operator, Box<[Scalar; 2]>),
    Truth(Box<Bool>),
    List(Vec<Scalar>),
}

/// An instant or an interval of a row.
#[derive(Clone, Debug)]
pub(crate) enum Instants {
    At(Scalar),
    Between(Option<Scalar>, Option<Scalar>),
}

/// What can be compared with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Text,
    Number,
    Boolean,
    Time,
    List,
}

impl Class {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Time => "a date or timestamp",
            Self::List => "an array",
        }
    }
}

impl Filter {
    /// Makes a filter of a tree.
    ///
    /// # Errors
    /// [`FilterError`] naming a property that is not there, kinds that do not go together, a function that is
    /// not known, or a geometry that is none.
    pub fn compile(node: &Node, schema: &Schema<'_>) -> Result<Self, FilterError> {
        let mut compiler = Compiler { schema, geometries: Vec::new() };
        let root = compiler.truth(node)?;
        let geometries = compiler.geometries;
        let bounds = functions::bounds(&root, &geometries);
        Ok(Self { root, geometries, bounds })
    }

    /// A box that the place of every matching row meets; `None` when the filter says nothing of the kind.
    /// Rows elsewhere need not be asked.
    pub fn bounds(&self) -> Option<Rect<f64>> {
        self.bounds
    }
}

struct Compiler<'a> {
    schema: &'a Schema<'a>,
    geometries: Vec<Geometry<f64>>,
}

type Compiled<T> = Result<T, FilterError>;

fn fault<T>(node: &Node, what: impl Into<String>) -> Compiled<T> {
    Err(FilterError::new(&node.place, what))
}

impl Compiler<'_> {
    fn truths(&mut self, nodes: &[Node]) -> Compiled<Vec<Bool>> {
        nodes.iter().map(|n| self.truth(n)).collect()
    }

    fn truth(&mut self, node: &Node) -> Compiled<Bool> {
        Ok(match &node.expr {
            Expr::Boolean(b) => Bool::Known(Some(*b)),
            Expr::Not(inner) => Bool::Not(Box::new(self.truth(inner)?)),
            Expr::And(parts) => Bool::And(self.truths(parts)?),
            Expr::Or(parts) => Bool::Or(self.truths(parts)?),
            Expr::Compare(comparison, sides) => {
                let [a, b] = self.alike(sides)?;
                Bool::Compare(*comparison, a, b)
            }
            Expr::Between(three) => {
                let [a, low, high] = self.alike(three)?;
                Bool::Between(a, low, high)
            }
            Expr::In(item, list) => {
                let (a, class) = self.scalar(item)?;
                let list = list.iter().map(|n| self.of_class(n, class)).collect::<Compiled<_>>()?;
                Bool::In(a, list)
            }
            Expr::Like(sides) => {
                Bool::Like(self.of_class(&sides[0], Class::Text)?, self.of_class(&sides[1], Class::Text)?)
            }
            Expr::IsNull(inner) => match &inner.expr {
                Expr::Property(name) if self.column(inner, name)?.1 == Type::Geometry => Bool::NoPlace,
                _ => Bool::IsNull(self.scalar(inner)?.0),
            },
            Expr::Property(name) => match self.column(node, name)? {
                (i, Type::Boolean) => Bool::Column(i),
                _ => return fault(node, format!("“{}” is not true or false by itself", short(name))),
            },
            Expr::Call(name, args) => match self.function(node, name, args)? {
                Some(test) => test,
                None => return fault(node, format!("“{}” gives no truth value", short(name))),
            },
            _ => return fault(node, "is not true or false; a comparison was expected"),
        })
    }

    fn column(&self, node: &Node, name: &str) -> Compiled<(usize, Type)> {
        match self.schema.find(name) {
            Some(found) => Ok(found),
            None => fault(
                node,
                format!("there is no property “{}”; there are {}", short(name), self.schema.names()),
            ),
        }
    }
}
