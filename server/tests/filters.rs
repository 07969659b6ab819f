//! CQL2 over HTTP: two hundred generated filters select what going through all rows by hand selects.
//!
//! A generated filter is text, JSON and a closure over the row's GeoJSON, made side by side: the closure
//! shares nothing with the server's parser, compiler and evaluator.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{
    crowd::{CATEGORIES, CROWD, Dice, GROUND, TITLES, crowd, minute},
    encoded,
};
use jiff::Timestamp;
use serde_json::{Value, json};

type Truth = Option<bool>;

/// A filter in both notations, and what it means.
struct Case {
    text: String,
    json: Value,
    means: Box<dyn Fn(&Value) -> Truth>,
}

fn case(text: String, json: Value, means: impl Fn(&Value) -> Truth + 'static) -> Case {
    Case { text, json, means: Box::new(means) }
}

fn word<'a>(row: &'a Value, field: &str) -> Option<&'a str> {
    row["properties"][field].as_str()
}

fn time(row: &Value) -> Option<Timestamp> {
    word(row, "reported_at").map(|t| t.parse().unwrap())
}

fn position(row: &Value) -> (f64, f64) {
    let at = &row["geometry"]["coordinates"];
    (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

const COMPARISONS: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];

fn compared<T: PartialOrd + ?Sized>(symbol: &str, a: &T, b: &T) -> bool {
    match symbol {
        "=" => a == b,
        "<>" => a != b,
        "<" => a < b,
        "<=" => a <= b,
        ">" => a > b,
        _ => a >= b,
    }
}

fn text_field(dice: &mut Dice) -> (&'static str, String) {
    match dice.below(4) {
        0 => ("title", (*dice.pick(&TITLES)).to_owned()),
        1 => ("category", (*dice.pick(&CATEGORIES)).to_owned()),
        2 => ("risk", (*dice.pick(&["red", "yellow", "blue"])).to_owned()),
        _ => ("code", format!("C{:05}", dice.below(CROWD))),
    }
}

fn leaf(dice: &mut Dice) -> Case {
    let symbol = *dice.pick(&COMPARISONS);
    match dice.below(13) {
        0 => {
            let (field, value) = text_field(dice);
            case(
                format!("{field} {symbol} {}", quoted(&value)),
                json!({ "op": symbol, "args": [{ "property": field }, value] }),
                move |row| word(row, field).map(|v| compared(symbol, v, &value)),
            )
        }
        1 => {
            let part = *dice.pick(&["noise", "O'", "0", "噪", "N"]);
            let negated = dice.below(2) == 0;
            let text =
                format!("title {}LIKE {}", if negated { "NOT " } else { "" }, quoted(&format!("%{part}%")));
            let like = json!({ "op": "like", "args": [{ "property": "title" }, format!("%{part}%")] });
            let json = if negated { json!({ "op": "not", "args": [like] }) } else { like };
            case(text, json, move |row| word(row, "title").map(|v| v.contains(part) != negated))
        }
        2 => {
            let list = [*dice.pick(&CATEGORIES), *dice.pick(&CATEGORIES)];
            case(
                format!("category IN ({}, {})", quoted(list[0]), quoted(list[1])),
                json!({ "op": "in", "args": [{ "property": "category" }, list] }),
                move |row| word(row, "category").map(|v| list.contains(&v)),
            )
        }
        3 => {
            let field = *dice.pick(&["title", "risk", "reported_at", "grid"]);
            case(
                format!("{field} IS NULL"),
                json!({ "op": "isNull", "args": [{ "property": field }] }),
                move |row| Some(row["properties"][field].is_null()),
            )
        }
        4 => {
            let at = minute(dice);
            case(
                format!("reported_at {symbol} TIMESTAMP('{at}')"),
                json!({ "op": symbol, "args": [{ "property": "reported_at" }, { "timestamp": at.to_string() }] }),
                move |row| time(row).map(|t| compared(symbol, &t, &at)),
            )
        }
        5 => {
            let (a, b) = (minute(dice), minute(dice));
            let (a, b) = (a.min(b), a.max(b));
            case(
                format!("T_DURING(reported_at, INTERVAL('{a}', '{b}'))"),
                json!({ "op": "t_during", "args": [{ "property": "reported_at" }, { "interval": [a.to_string(), b.to_string()] }] }),
                move |row| time(row).map(|t| a < t && t < b),
            )
        }
        6 => {
            let mut side = || GROUND.2.min(dice.below(GROUND.2)) as i32;
            let (x, y) = (GROUND.0 + side(), GROUND.1 + side());
            let (w, s, e, n) = (
                f64::from(x) / 1e7,
                f64::from(y) / 1e7,
                f64::from(x + 150_000) / 1e7,
                f64::from(y + 200_000) / 1e7,
            );
            let name = *dice.pick(&["S_INTERSECTS", "S_DISJOINT"]);
            case(
                format!("{name}(geometry, BBOX({w}, {s}, {e}, {n}))"),
                json!({ "op": name.to_lowercase(), "args": [{ "property": "geometry" }, { "bbox": [w, s, e, n] }] }),
                move |row| {
                    let (x, y) = position(row);
                    Some((w <= x && x <= e && s <= y && y <= n) == (name == "S_INTERSECTS"))
                },
            )
        }
        7 => {
            let ring = star(dice);
            let positions: Vec<_> = ring.iter().map(|(x, y)| format!("{x} {y}")).collect();
            let list: Vec<_> = ring.iter().map(|(x, y)| json!([x, y])).collect();
            case(
                format!("S_WITHIN(geometry, POLYGON(({})))", positions.join(", ")),
                json!({ "op": "s_within", "args": [{ "property": "geometry" }, { "type": "Polygon", "coordinates": [list] }] }),
                move |row| Some(inside(&ring, position(row))),
            )
        }
        8 => {
            let title = *dice.pick(&["noise at night", "STRASSE", "café o'neil"]);
            case(
                format!("CASEI(title) = CASEI({})", quoted(title)),
                json!({ "op": "=", "args": [{ "op": "casei", "args": [{ "property": "title" }] }, { "op": "casei", "args": [title] }] }),
                // Of the titles that occur only this one folds to more than lower case.
                move |row| {
                    word(row, "title").map(|v| v.to_lowercase().replace('ß', "ss") == title.to_lowercase())
                },
            )
        }
        9 => case(
            "ACCENTI(title) = 'Cafe O''Neil'".to_owned(),
            json!({ "op": "=", "args": [{ "op": "accenti", "args": [{ "property": "title" }] }, "Cafe O'Neil"] }),
            |row| word(row, "title").map(|v| v == "Café O'Neil"),
        ),
        10 => {
            let (by, left) = (2 + dice.below(9) as u64, dice.below(4) as u64);
            case(
                format!("(fid + 3) * 2 % {by} = {left}"),
                json!({ "op": "=", "args": [{ "op": "%", "args": [{ "op": "*", "args": [{ "op": "+", "args": [{ "property": "fid" }, 3] }, 2] }, by] }, left] }),
                move |row| Some((row["id"].as_u64().unwrap() + 3) * 2 % by == left),
            )
        }
        11 => {
            let (a, b) = *dice.pick(&[("category", "source"), ("title", "category"), ("grid", "beat")]);
            case(
                format!("{a} {symbol} {b}"),
                json!({ "op": symbol, "args": [{ "property": a }, { "property": b }] }),
                move |row| Some(compared(symbol, word(row, a)?, word(row, b)?)),
            )
        }
        _ => {
            let risk = *dice.pick(&["red", "blue"]);
            case(
                format!("A_OVERLAPS((category, risk), ('noise', '{risk}'))"),
                json!({ "op": "a_overlaps", "args": [[{ "property": "category" }, { "property": "risk" }], ["noise", risk]] }),
                move |row| {
                    let (category, level) = (word(row, "category"), word(row, "risk"));
                    match (
                        category == Some("noise") || level == Some(risk),
                        category.is_some() && level.is_some(),
                    ) {
                        (true, _) => Some(true),
                        (false, true) => Some(false),
                        (false, false) => None,
                    }
                },
            )
        }
    }
}

/// A closed ring around a place on the ground of the crowd, seen whole from its middle.
fn star(dice: &mut Dice) -> Vec<(f64, f64)> {
    let middle = (120.29 + dice.below(400) as f64 / 1e4, 31.55 + dice.below(400) as f64 / 1e4);
    let corners = 5 + dice.below(8);
    let mut ring: Vec<_> = (0..corners)
        .map(|i| {
            let (angle, radius) =
                (i as f64 / corners as f64 * std::f64::consts::TAU, 0.002 + dice.below(150) as f64 / 1e4);
            // On the lattice, as the server takes it.
            let round = |v: f64| (v * 1e7).round() / 1e7;
            (round(middle.0 + radius * angle.cos()), round(middle.1 + radius * angle.sin()))
        })
        .collect();
    ring.push(ring[0]);
    ring
}

/// Whether a ray to the east crosses the ring an odd number of times.
fn inside(ring: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
    let crossings = ring.windows(2).filter(|edge| {
        let ((ax, ay), (bx, by)) = (edge[0], edge[1]);
        (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
    });
    crossings.count() % 2 == 1
}

fn generated(dice: &mut Dice, depth: usize) -> Case {
    if depth == 0 || dice.below(3) == 0 {
        return leaf(dice);
    }
    let a = generated(dice, depth - 1);
    if dice.below(3) == 0 {
        return case(format!("NOT ({})", a.text), json!({ "op": "not", "args": [a.json] }), move |row| {
            (a.means)(row).map(|t| !t)
        });
    }
    let b = generated(dice, depth - 1);
    let both = dice.below(2) == 0;
    let name = if both { "and" } else { "or" };
    case(
        format!("({}) {name} ({})", a.text, b.text),
        json!({ "op": name, "args": [a.json, b.json] }),
        move |row| match ((a.means)(row), (b.means)(row)) {
            // What decides is false for AND, true for OR.
            (Some(t), _) | (_, Some(t)) if t != both => Some(!both),
            (None, _) | (_, None) => None,
            _ => Some(both),
        },
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_filters_count_what_going_through_all_rows_counts() {
    let town = crowd();
    let all = town.get("/api/collections/incidents/items?f=geojsonseq").await.is(200).text();
    let rows: Vec<Value> =
        all.split('\u{1e}').skip(1).map(|record| serde_json::from_str(record).unwrap()).collect();
    assert_eq!(rows.len(), CROWD);
    let mut dice = Dice(42);
    let (mut some, mut total) = (0, 0);
    for _ in 0..200 {
        let case = generated(&mut dice, 3);
        let expected = rows.iter().filter(|row| (case.means)(row) == Some(true)).count();
        for (language, filter) in [("cql2-text", case.text.clone()), ("cql2-json", case.json.to_string())] {
            let path = format!(
                "/api/collections/incidents/items?limit=1&filter-lang={language}&filter={}",
                encoded(&filter)
            );
            let page = town.get(&path).await.is(200).json();
            assert_eq!(page["numberMatched"], expected, "{filter}");
        }
        some += usize::from(expected > 0 && expected < CROWD);
        total += expected;
    }
    // Filters that select nothing or everything would show little.
    assert!(some > 150 && total > 20_000, "{some} filters select some rows, {total} rows in all");
}
