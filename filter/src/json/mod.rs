//! CQL2 JSON: the same tree as from text.

mod geometry;

use crate::{
    FilterError, Place,
    ast::{Comparison, End, Expr, Node, Operator, is_standard},
    error::short,
    limits,
    value::{date, end_of_interval, timestamp},
};
use serde_json::{Map, Value};

/// Reads a filter in CQL2 JSON, not yet parsed as JSON.
///
/// # Errors
/// As [`parse_json`], and when it is no JSON.
pub fn parse_json_text(text: &str) -> Result<Node, FilterError> {
    let whole = Place::Member(String::new());
    if text.len() > limits::BYTES {
        return Err(FilterError::new(&whole, format!("the filter is longer than {} bytes", limits::BYTES)));
    }
    let value =
        serde_json::from_str(text).map_err(|e| FilterError::new(&whole, format!("is not JSON: {e}")))?;
    parse_json(&value)
}

/// Reads a filter in CQL2 JSON.
///
/// # Errors
/// [`FilterError`] with the member that makes no sense, or when it is larger than [`limits`] allow.
pub fn parse_json(value: &Value) -> Result<Node, FilterError> {
    Reader { nodes: 0, positions: 0 }.node(value, String::new(), 0)
}

/// Reads a GeoJSON geometry (RFC 7946).
///
/// # Errors
/// [`FilterError`] with the member that makes no sense, or when it is larger than [`limits`] allow.
pub fn parse_geometry(value: &Value) -> Result<geo_types::Geometry<f64>, FilterError> {
    match value {
        Value::Object(object) => geometry::read(object, "", &mut 0),
        _ => fault("", "is not a GeoJSON geometry"),
    }
}

struct Reader {
    nodes: usize,
    positions: usize,
}

type Read<T> = Result<T, FilterError>;

fn fault<T>(at: &str, what: impl Into<String>) -> Read<T> {
    Err(FilterError::new(&Place::Member(at.to_owned()), what))
}

impl Reader {
    fn node(&mut self, value: &Value, at: String, depth: usize) -> Read<Node> {
        if depth > limits::DEPTH {
            return fault(&at, format!("more than {} operators are inside each other", limits::DEPTH));
        }
        self.nodes += 1;
        if self.nodes > limits::NODES {
            return fault(&at, format!("the filter has more than {} operators and operands", limits::NODES));
        }
        let expr = match value {
            Value::Null => return fault(&at, "null is no value to compare with; use isNull"),
            Value::Bool(b) => Expr::Boolean(*b),
            Value::String(text) => Expr::Text(text.clone()),
            Value::Number(n) => match (n.as_i64(), n.as_f64()) {
                (Some(n), _) => Expr::Integer(n),
                (None, Some(n)) if n.is_finite() => Expr::Float(n),
                _ => return fault(&at, "is not a finite number"),
            },
            Value::Array(list) => Expr::Array(self.nodes(list, &at, depth)?),
            Value::Object(object) => self.object(object, &at, depth)?,
        };
        Ok(Node { place: Place::Member(at), expr })
    }

    fn nodes(&mut self, list: &[Value], at: &str, depth: usize) -> Read<Vec<Node>> {
        list.iter().enumerate().map(|(i, v)| self.node(v, format!("{at}/{i}"), depth + 1)).collect()
    }

    fn object(&mut self, object: &Map<String, Value>, at: &str, depth: usize) -> Read<Expr> {
        let text = |name: &str| match object.get(name) {
            Some(Value::String(text)) => Ok(text.as_str()),
            _ => fault(&format!("{at}/{name}"), "is not a text"),
        };
        let told = |what: Result<Expr, String>| what.or_else(|what| fault(at, what));
        if object.contains_key("op") {
            return self.operation(text("op")?, object, at, depth);
        }
        if object.contains_key("property") {
            return text("property").map(|name| Expr::Property(name.to_owned()));
        }
        if object.contains_key("date") {
            return told(date(text("date")?).map(Expr::Date));
        }
        if object.contains_key("timestamp") {
            return told(timestamp(text("timestamp")?).map(Expr::Timestamp));
        }
        if let Some(interval) = object.get("interval") {
            let Some([start, end]) = interval.as_array().map(Vec::as_slice) else {
                return fault(&format!("{at}/interval"), "is not a start and an end");
            };
            let start = self.end(start, format!("{at}/interval/0"), depth + 1)?;
            let end = self.end(end, format!("{at}/interval/1"), depth + 1)?;
            return Ok(Expr::Interval(Box::new([start, end])));
        }
        if let Some(bbox) = object.get("bbox").filter(|_| !object.contains_key("type")) {
            return geometry::bbox(bbox, &format!("{at}/bbox")).map(Expr::Bbox);
        }
        if object.contains_key("type") {
            return geometry::read(object, at, &mut self.positions).map(Expr::Geometry);
        }
        fault(at, "has none of the members op, property, date, timestamp, interval, bbox, type")
    }

    fn end(&mut self, value: &Value, at: String, depth: usize) -> Read<End> {
        if let Value::String(text) = value {
            let end = end_of_interval(text).or_else(|what| fault(&at, what))?;
            return Ok(end.map_or(End::Open, |expr| End::At(Node { place: Place::Member(at), expr })));
        }
        self.node(value, at, depth).map(End::At)
    }

    fn operation(&mut self, op: &str, object: &Map<String, Value>, at: &str, depth: usize) -> Read<Expr> {
        let list = match object.get("args") {
            Some(Value::Array(list)) => list,
            Some(_) => return fault(&format!("{at}/args"), "is not a list"),
            None => return fault(&format!("{at}/args"), "is missing; a list was expected"),
        };
        let here = format!("{at}/args");
        if op == "in" {
            let [item, Value::Array(choices)] = list.as_slice() else {
                return fault(&here, "“in” takes a value and a list");
            };
            let item = self.node(item, format!("{here}/0"), depth + 1)?;
            return Ok(Expr::In(Box::new(item), self.nodes(choices, &format!("{here}/1"), depth + 1)?));
        }
        let args = self.nodes(list, &here, depth)?;
        let count = args.len();
        let wrong =
            |wanted: usize| fault(&here, format!("“{}” takes {wanted} arguments, not {count}", short(op)));
        match op {
            "and" | "or" if count < 2 => {
                fault(&here, format!("“{op}” takes at least 2 arguments, not {count}"))
            }
            "and" => Ok(Expr::And(args)),
            "or" => Ok(Expr::Or(args)),
            "not" => exactly(args).map_or_else(|| wrong(1), |[a]| Ok(Expr::Not(Box::new(a)))),
            "isNull" => exactly(args).map_or_else(|| wrong(1), |[a]| Ok(Expr::IsNull(Box::new(a)))),
            "like" => exactly(args).map_or_else(|| wrong(2), |two| Ok(Expr::Like(Box::new(two)))),
            "between" => exactly(args).map_or_else(|| wrong(3), |three| Ok(Expr::Between(Box::new(three)))),
            _ => {
                if let Some(comparison) = Comparison::of(op) {
                    return exactly(args)
                        .map_or_else(|| wrong(2), |two| Ok(Expr::Compare(comparison, Box::new(two))));
                }
                if let Some(operator) = Operator::of(op) {
                    return exactly(args)
                        .map_or_else(|| wrong(2), |two| Ok(Expr::Arithmetic(operator, Box::new(two))));
                }
                let lower = op.to_ascii_lowercase();
                Ok(Expr::Call(if is_standard(&lower) { lower } else { op.to_owned() }, args))
            }
        }
    }
}

fn exactly<const N: usize>(args: Vec<Node>) -> Option<[Node; N]> {
    args.try_into().ok()
}
