//! Values: literals, columns, arithmetic, folded texts, arrays.

use super::{Class, Compiled, Compiler, Scalar, fault};
use crate::{
    ast::{Expr, Node},
    eval::{arithmetic::combine, words::Fold},
    schema::Type,
    value::{Value, date, timestamp},
};
use std::borrow::Cow;

impl Compiler<'_> {
    /// Values of one class, which must be comparable.
    pub(super) fn alike<const N: usize>(&mut self, nodes: &[Node; N]) -> Compiled<[Scalar; N]> {
        let class = match nodes.first() {
            Some(first) => self.scalar(first)?.1,
            None => Class::Text,
        };
        if class == Class::List {
            return fault(
                &nodes[0],
                "arrays are compared by A_EQUALS, A_CONTAINS, A_CONTAINEDBY and A_OVERLAPS",
            );
        }
        let all = nodes.iter().map(|n| self.of_class(n, class)).collect::<Compiled<Vec<_>>>()?;
        // As many as there were nodes; the conversion cannot fail.
        all.try_into().or_else(|_| fault(&nodes[0], "cannot be compared"))
    }

    /// A value that can be compared with one of this class.
    pub(super) fn of_class(&mut self, node: &Node, class: Class) -> Compiled<Scalar> {
        if let Some(value) = meant(node, class) {
            return Ok(Scalar::Fixed(value));
        }
        let (scalar, found) = self.scalar(node)?;
        if found == class {
            return Ok(scalar);
        }
        let hint = match (class, found) {
            (Class::Time, Class::Text) | (Class::Text, Class::Time) => {
                "; write TIMESTAMP('2026-05-01T00:00:00Z') or DATE('2026-05-01')"
            }
            (Class::Text, Class::Number) => "; a text stands in single quotes",
            _ => "",
        };
        fault(node, format!("is {}, where {} was expected{hint}", found.name(), class.name()))
    }

    /// A value and what it can be compared with.
    pub(super) fn scalar(&mut self, node: &Node) -> Compiled<(Scalar, Class)> {
        let fixed = |value, class| Ok((Scalar::Fixed(value), class));
        match &node.expr {
            Expr::Text(text) => fixed(Value::Text(Cow::Owned(text.clone())), Class::Text),
            Expr::Integer(n) => fixed(Value::Integer(*n), Class::Number),
            Expr::Float(n) => fixed(Value::Float(*n), Class::Number),
            Expr::Date(d) => fixed(Value::Date(*d), Class::Time),
            Expr::Timestamp(t) => fixed(Value::Time(*t), Class::Time),
            Expr::Boolean(b) => fixed(Value::Boolean(*b), Class::Boolean),
            Expr::Property(name) => {
                let (i, kind) = self.column(node, name)?;
                let class = match kind {
                    Type::Text => Class::Text,
                    Type::Integer | Type::Number => Class::Number,
                    Type::Boolean => Class::Boolean,
                    Type::Date | Type::Timestamp => Class::Time,
                    Type::Texts => Class::List,
                    Type::Geometry => {
                        return fault(node, "is a geometry, which only spatial functions and IS NULL take");
                    }
                };
                Ok((Scalar::Column(i), class))
            }
            Expr::Arithmetic(operator, sides) => {
                let a = self.of_class(&sides[0], Class::Number)?;
                let b = self.of_class(&sides[1], Class::Number)?;
                if let (Scalar::Fixed(a), Scalar::Fixed(b)) = (&a, &b) {
                    return fixed(combine(*operator, a, b), Class::Number);
                }
                Ok((Scalar::Arithmetic(*operator, Box::new([a, b])), Class::Number))
            }
            Expr::Call(name, args) if matches!(name.as_str(), "casei" | "accenti") => {
                let fold = if name == "casei" { Fold::Case } else { Fold::Accents };
                let [inner] = args.as_slice() else {
                    return fault(
                        node,
                        format!("{} takes 1 argument, not {}", name.to_uppercase(), args.len()),
                    );
                };
                match self.of_class(inner, Class::Text)? {
                    Scalar::Fixed(Value::Text(text)) => {
                        fixed(Value::Text(Cow::Owned(fold.apply(&text))), Class::Text)
                    }
                    inner => Ok((Scalar::Folded(fold, Box::new(inner)), Class::Text)),
                }
            }
            Expr::Array(items) => {
                let items = items.iter().map(|n| self.scalar(n).map(|(s, _)| s)).collect::<Compiled<_>>()?;
                Ok((Scalar::List(items), Class::List))
            }
            Expr::Interval(_) => fault(node, "is an interval, which only temporal functions take"),
            Expr::Geometry(_) | Expr::Bbox(_) => {
                fault(node, "is a geometry, which only spatial functions take")
            }
            _ => Ok((Scalar::Truth(Box::new(self.truth(node)?)), Class::Boolean)),
        }
    }
}

/// What is written otherwise than the standard has it, as GDAL does: what it is compared with tells what it is. A time
/// as a text, a day as `'2026-05-01T'`, true as 1.
fn meant(node: &Node, class: Class) -> Option<Value<'static>> {
    match (class, &node.expr) {
        (Class::Time, Expr::Text(text)) => {
            let day = text.strip_suffix('T').unwrap_or(text);
            timestamp(text).map(Value::Time).or_else(|_| date(day).map(Value::Date)).ok()
        }
        (Class::Boolean, Expr::Integer(n @ (0 | 1))) => Some(Value::Boolean(*n == 1)),
        _ => None,
    }
}
