//! Numbers. What has no finite result (a division by zero) is null.

use crate::{Value, ast::Operator};

/// Combines two numbers. Whole numbers stay whole where the result is and fits; else floating point.
pub fn combine(operator: Operator, a: &Value<'_>, b: &Value<'_>) -> Value<'static> {
    if let (Value::Integer(a), Value::Integer(b)) = (a, b)
        && let Some(whole) = whole(operator, *a, *b)
    {
        return Value::Integer(whole);
    }
    let (Some(a), Some(b)) = (a.number(), b.number()) else { return Value::Null };
    Value::float(match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
        Operator::Quotient => (a / b).trunc(),
        Operator::Remainder => a % b,
        Operator::Power => a.powf(b),
    })
}

fn whole(operator: Operator, a: i64, b: i64) -> Option<i64> {
    match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::Divide => None,
        Operator::Quotient => a.checked_div(b),
        Operator::Remainder => a.checked_rem(b),
        Operator::Power => a.checked_pow(u32::try_from(b).ok()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_fractional_and_none() {
        let i = Value::Integer;
        let f = Value::Float;
        for (operator, a, b, result) in [
            (Operator::Divide, i(7), i(2), f(3.5)),
            (Operator::Quotient, i(-7), i(2), i(-3)),
            (Operator::Remainder, i(-7), i(2), i(-1)),
            (Operator::Power, i(2), i(10), i(1024)),
            (Operator::Power, i(2), i(-1), f(0.5)),
            (Operator::Add, i(i64::MAX), i(1), f(9_223_372_036_854_775_808.0)),
            (Operator::Divide, i(1), i(0), Value::Null),
            (Operator::Quotient, i(1), i(0), Value::Null),
            (Operator::Remainder, i(1), i(0), Value::Null),
            (Operator::Quotient, i(i64::MIN), i(-1), f(9_223_372_036_854_775_808.0)),
            (Operator::Power, f(-1.0), f(0.5), Value::Null),
            (Operator::Add, Value::Null, i(1), Value::Null),
            (Operator::Quotient, f(7.5), i(2), f(3.0)),
        ] {
            assert_eq!(combine(operator, &a, &b), result, "{a:?} {operator:?} {b:?}");
        }
    }
}
