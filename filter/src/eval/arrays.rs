//! The array functions: lists are sets, so order and repetition do not matter.

use super::truth::{all, any};
use crate::Value;

/// How two sets lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Relation {
    Contains,
    ContainedBy,
    Equals,
    Overlaps,
}

/// Whether the relation holds; unknown where a null decides.
pub fn holds(relation: Relation, a: &[Value<'_>], b: &[Value<'_>]) -> Option<bool> {
    match relation {
        Relation::Contains => all(b.iter().map(|b| has(a, b))),
        Relation::ContainedBy => all(a.iter().map(|a| has(b, a))),
        Relation::Equals => {
            all([Relation::Contains, Relation::ContainedBy].into_iter().map(|r| holds(r, a, b)))
        }
        Relation::Overlaps => any(a.iter().map(|a| has(b, a))),
    }
}

fn has(set: &[Value<'_>], item: &Value<'_>) -> Option<bool> {
    any(set.iter().map(|other| match (other, item) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::List(a), Value::List(b)) => holds(Relation::Equals, a, b),
        // Values of different kinds are different.
        _ => Some(other.order(item).is_some_and(|o| o.is_eq())),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(items: &[i64]) -> Vec<Value<'static>> {
        items.iter().map(|&i| Value::Integer(i)).collect()
    }

    #[test]
    fn sets() {
        let (a, b) = (set(&[1, 2, 3]), set(&[3, 1]));
        assert_eq!(holds(Relation::Contains, &a, &b), Some(true));
        assert_eq!(holds(Relation::ContainedBy, &a, &b), Some(false));
        assert_eq!(holds(Relation::Overlaps, &a, &set(&[7])), Some(false));
        assert_eq!(holds(Relation::Equals, &b, &set(&[1, 3, 3])), Some(true));
        assert_eq!(holds(Relation::Contains, &a, &[]), Some(true));
        assert_eq!(holds(Relation::Overlaps, &a, &[]), Some(false));
        assert_eq!(holds(Relation::Overlaps, &[Value::Integer(1)], &[Value::text(Some("1"))]), Some(false));
        assert_eq!(holds(Relation::Contains, &[Value::Null], &b), None);
        assert_eq!(holds(Relation::Overlaps, &[Value::Null, Value::Integer(1)], &b), Some(true));
    }
}
