//! Values of columns and literals, and how two of them compare.

use crate::{ast::Expr, error::short};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::{borrow::Cow, cmp::Ordering};

/// What a column holds in one row, or a literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing is known.
    Null,
    /// Text, compared by code point.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Float(f64),
    /// true or false.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// An instant.
    Time(Timestamp),
    /// A set, written as a list.
    List(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    /// Text, or null.
    pub fn text(text: Option<&'a str>) -> Self {
        text.map_or(Value::Null, |t| Value::Text(Cow::Borrowed(t)))
    }

    /// A number; null where it is not finite.
    pub fn float(number: f64) -> Self {
        if number.is_finite() { Value::Float(number) } else { Value::Null }
    }

    /// Whether nothing is known.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Integer(n) => Some(*n as f64),
            Value::Float(n) => Some(*n),
            _ => None,
        }
    }

    /// Nothing borrowed.
    pub fn owned(self) -> Value<'static> {
        match self {
            Value::Text(t) => Value::Text(Cow::Owned(t.into_owned())),
            Value::List(list) => Value::List(list.into_iter().map(Value::owned).collect()),
            Value::Null => Value::Null,
            Value::Integer(n) => Value::Integer(n),
            Value::Float(n) => Value::Float(n),
            Value::Boolean(b) => Value::Boolean(b),
            Value::Date(d) => Value::Date(d),
            Value::Time(t) => Value::Time(t),
        }
    }

    /// The order of two values of one kind; `None` when one is null, or they are of different kinds.
    ///
    /// A day and an instant are compared by the day on which, in UTC, the instant falls. So an instant is
    /// before, on, or after a day, and never two of these.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)), // Bytes of UTF-8 are in order of code points.
            (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
            // Whole numbers beyond 2^53 meet fractions as their nearest float.
            (Value::Integer(_) | Value::Float(_), Value::Integer(_) | Value::Float(_)) => {
                self.number()?.partial_cmp(&other.number()?)
            }
            (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
            (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Time(b)) => Some(a.cmp(&day(*b))),
            (Value::Time(a), Value::Date(b)) => Some(day(*a).cmp(b)),
            _ => None,
        }
    }
}

/// The day of an instant in UTC.
fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// A day as `2026-05-01`.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    // The library also takes a time behind the day, and does not look at it.
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let read = if plain { text.parse().ok() } else { None };
    read.ok_or_else(|| format!("“{}” is not a date; expected the form 2026-05-01", short(text)))
}

/// An instant as `2026-05-01T08:00:00Z`; other zones than UTC are taken too.
pub(crate) fn timestamp(text: &str) -> Result<Timestamp, String> {
    let bad = || format!("“{}” is not a timestamp; expected the form 2026-05-01T08:00:00Z", short(text));
    if text.contains('T') { text.parse().map_err(|_| bad()) } else { Err(bad()) }
}

/// The end of an interval as text: `None` where it is open.
pub(crate) fn end_of_interval(text: &str) -> Result<Option<Expr>, String> {
    if text == ".." {
        return Ok(None);
    }
    if text.contains('T') {
        return timestamp(text).map(|t| Some(Expr::Timestamp(t)));
    }
    date(text).map(|d| Some(Expr::Date(d))).map_err(|_| {
        format!("“{}” is no end of an interval; expected a date, a timestamp or “..”", short(text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_before_on_or_after_a_day() {
        let day = Value::Date(date("2026-05-01").unwrap());
        for (at, order) in [
            ("2026-04-30T23:59:59.999Z", Ordering::Less),
            ("2026-05-01T00:00:00Z", Ordering::Equal),
            ("2026-05-01T23:59:59Z", Ordering::Equal),
            ("2026-05-02T00:00:00Z", Ordering::Greater),
            ("2026-05-02T07:59:59+08:00", Ordering::Equal),
        ] {
            let at = Value::Time(timestamp(at).unwrap());
            assert_eq!(at.order(&day), Some(order), "{at:?}");
            assert_eq!(day.order(&at), Some(order.reverse()), "{at:?}");
        }
    }

    #[test]
    fn kinds_are_kept_apart_and_null_from_all() {
        let text = Value::text(Some("1"));
        assert_eq!(text.order(&Value::Integer(1)), None);
        assert_eq!(Value::Null.order(&Value::Null), None);
        assert_eq!(Value::Integer(1).order(&Value::Float(1.0)), Some(Ordering::Equal));
        // By code point, not by UTF-16 unit or language.
        assert_eq!(
            Value::text(Some("\u{ffee}")).order(&Value::text(Some("\u{1f600}"))),
            Some(Ordering::Less)
        );
    }

    #[test]
    fn times_that_are_none_are_refused() {
        for bad in ["2026-02-30", "2026-5-1", "2026-05-01T00:00:00Z", "", "20260501"] {
            assert!(date(bad).is_err(), "{bad}");
        }
        for bad in ["2026-05-01", "2026-05-01T25:00:00Z", "2026-05-01T00:00:00", "T"] {
            assert!(timestamp(bad).is_err(), "{bad}");
        }
    }
}
