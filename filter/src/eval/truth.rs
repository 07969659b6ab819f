//! True, false or unknown (`None`): what is compared with null is unknown.

use super::{Matcher, Row, arithmetic::combine, arrays, like, temporal};
use crate::{
    Value,
    compile::{Bool, Instants, Scalar},
};
use std::borrow::Cow;

/// `AND` of all: false as soon as one is.
pub fn all(mut items: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut sum = Some(true);
    loop {
        match items.next() {
            None => return sum,
            Some(Some(false)) => return Some(false),
            Some(None) => sum = None,
            Some(Some(true)) => {}
        }
    }
}

/// `OR` of all: true as soon as one is.
pub fn any(items: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(items.map(|t| t.map(|t| !t))).map(|t| !t)
}

impl Matcher<'_> {
    /// What is so of the row.
    pub(super) fn truth(&self, test: &Bool, row: &dyn Row) -> Option<bool> {
        match test {
            Bool::Known(truth) => *truth,
            Bool::Column(i) => match row.value(*i) {
                Value::Boolean(b) => Some(b),
                _ => None,
            },
            Bool::Not(inner) => self.truth(inner, row).map(|t| !t),
            Bool::And(parts) => all(parts.iter().map(|p| self.truth(p, row))),
            Bool::Or(parts) => any(parts.iter().map(|p| self.truth(p, row))),
            Bool::Compare(comparison, a, b) => {
                self.value(a, row).order(&self.value(b, row)).map(|o| comparison.holds(o))
            }
            Bool::Between(a, low, high) => {
                let a = self.value(a, row);
                let low = a.order(&self.value(low, row)).map(|o| o.is_ge());
                let high = a.order(&self.value(high, row)).map(|o| o.is_le());
                all([low, high].into_iter())
            }
            Bool::In(a, list) => {
                let a = self.value(a, row);
                any(list.iter().map(|b| a.order(&self.value(b, row)).map(|o| o.is_eq())))
            }
            Bool::Like(a, pattern) => match (self.value(a, row), self.value(pattern, row)) {
                (Value::Text(text), Value::Text(pattern)) => Some(like::matches(&text, &pattern)),
                _ => None,
            },
            Bool::IsNull(a) => Some(self.value(a, row).is_null()),
            Bool::NoPlace => Some(row.bounds().is_none()),
            Bool::Spatial(relation, a, b) => self.related(*relation, *a, *b, row),
            Bool::Temporal(relation, a, b) => {
                let (a, b) = (self.instants(a, row)?, self.instants(b, row)?);
                temporal::holds(*relation, &a, &b)
            }
            Bool::Array(relation, a, b) => {
                let (a, b) = (self.value(a, row), self.value(b, row));
                match (&a, &b) {
                    (Value::List(a), Value::List(b)) => arrays::holds(*relation, a, b),
                    _ => None,
                }
            }
        }
    }

    /// What stands there in the row.
    pub(super) fn value<'v>(&'v self, scalar: &'v Scalar, row: &'v dyn Row) -> Value<'v> {
        match scalar {
            Scalar::Fixed(value) => match value {
                Value::Text(text) => Value::Text(Cow::Borrowed(text)),
                other => other.clone(),
            },
            Scalar::Column(i) => row.value(*i),
            Scalar::Folded(fold, inner) => match self.value(inner, row) {
                Value::Text(text) => Value::Text(Cow::Owned(fold.apply(&text))),
                _ => Value::Null,
            },
            Scalar::Arithmetic(operator, sides) => {
                combine(*operator, &self.value(&sides[0], row), &self.value(&sides[1], row))
            }
            Scalar::Truth(test) => self.truth(test, row).map_or(Value::Null, Value::Boolean),
            Scalar::List(items) => Value::List(items.iter().map(|i| self.value(i, row)).collect()),
        }
    }

    /// The interval; `None` when an end is not known.
    fn instants<'v>(&'v self, of: &'v Instants, row: &'v dyn Row) -> Option<temporal::Interval<'v>> {
        let end = |scalar: &'v Option<Scalar>| match scalar {
            None => Some(None),
            Some(scalar) => Some(self.value(scalar, row)).filter(|v| !v.is_null()).map(Some),
        };
        match of {
            Instants::At(scalar) => {
                let at = Some(self.value(scalar, row)).filter(|v| !v.is_null())?;
                Some(temporal::Interval { start: Some(at.clone()), end: Some(at) })
            }
            Instants::Between(start, to) => Some(temporal::Interval { start: end(start)?, end: end(to)? }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_neither() {
        let (t, f, u) = (Some(true), Some(false), None);
        for (a, b, and, or) in
            [(t, t, t, t), (t, f, f, t), (t, u, u, t), (f, f, f, f), (f, u, f, u), (u, u, u, u)]
        {
            assert_eq!(all([a, b].into_iter()), and, "{a:?} AND {b:?}");
            assert_eq!(all([b, a].into_iter()), and, "{b:?} AND {a:?}");
            assert_eq!(any([a, b].into_iter()), or, "{a:?} OR {b:?}");
            assert_eq!(any([b, a].into_iter()), or, "{b:?} OR {a:?}");
        }
    }
}
