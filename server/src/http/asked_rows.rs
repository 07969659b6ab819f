//! Parameters of questions about rows: where, and which incidents and staff are meant.

use super::{
    inside::Inside,
    params::{Params, short},
};
use gridbeat_onemap::{
    Bounds, E7, MultiPolygon, Polygon, Reader,
    index::Ground,
    query::{IncidentFilter, StaffFilter, TimeRange, Where},
    record::{Risk, Side, State},
};

/// Names of the parameters that [`incidents`] takes.
pub const INCIDENTS: &str = "datetime, category, state, risk, open";

/// `datetime`, and lists of `category`, `state` and `risk`; `open`.
pub fn incidents(params: &mut Params) -> IncidentFilter {
    let time =
        params.datetime().map_or(TimeRange::ANY, |range| TimeRange { from: range.start, to: range.end });
    IncidentFilter {
        time,
        categories: list(params, "category", |word| Some(word.to_owned()), ""),
        states: list(
            params,
            "state",
            |word| word.parse::<State>().ok(),
            &words(State::ALL.iter().map(|s| s.as_str())),
        ),
        risks: list(
            params,
            "risk",
            |word| word.parse::<Risk>().ok(),
            &words(Risk::ALL.iter().map(|r| r.as_str())),
        ),
        open: truth(params, "open"),
    }
}

/// `side`, `role`, and `on_duty`, which is asked for unless the parameter says `any`.
pub fn staff(params: &mut Params) -> StaffFilter {
    let on_duty = match params.text("on_duty").as_deref() {
        None | Some("true") => Some(true),
        Some("false") => Some(false),
        Some("any") => None,
        Some(other) => {
            params.fault("on_duty", format!("“{}” is none of true, false, any", short(other)));
            None
        }
    };
    StaffFilter { side: side(params), on_duty, role: params.text("role"), ..StaffFilter::default() }
}

/// The ground of a box; one across the antimeridian is two.
pub fn ground(boxes: &[Bounds]) -> Ground {
    if let [one] = boxes {
        return Ground::bounds(*one);
    }
    let ring = |Bounds { min, max }: &Bounds| Polygon {
        exterior: vec![*min, E7::new(max.lon, min.lat), *max, E7::new(min.lon, max.lat)],
        holes: Vec::new(),
    };
    Ground::polygon(&MultiPolygon(boxes.iter().map(ring).collect()))
}

/// The ground of the area of that code, and of some box; `None` when nobody has the code.
pub fn place(reader: &Reader<'_>, within: Option<&str>, ground: Option<Ground>) -> Option<Where> {
    let place = match within {
        None => Where::everywhere(),
        Some(code) => Where::in_pieces(Inside::of(reader, code)?.pieces),
    };
    Some(match ground {
        Some(ground) => place.and_on(ground),
        None => place,
    })
}

fn side(params: &mut Params) -> Option<Side> {
    let word = params.text("side")?;
    // As the property of that name has it, or as the layer is called.
    let side = Side::BOTH.into_iter().find(|s| [s.staff(), s.layer()].contains(&word.as_str()));
    if side.is_none() {
        params.fault("side", format!("“{}” is neither grid nor police", short(&word)));
    }
    side
}

fn truth(params: &mut Params, name: &str) -> Option<bool> {
    let word = params.text(name)?;
    let value = word.parse().ok();
    if value.is_none() {
        params.fault(name, format!("“{}” is neither true nor false", short(&word)));
    }
    value
}

fn words<'a>(all: impl Iterator<Item = &'a str>) -> String {
    all.collect::<Vec<_>>().join(", ")
}

/// Words between commas; none is empty.
fn list<T>(params: &mut Params, name: &str, read: impl Fn(&str) -> Option<T>, known: &str) -> Vec<T> {
    let Some(text) = params.text(name) else { return Vec::new() };
    let mut all = Vec::new();
    for word in text.split(',').map(str::trim) {
        match read(word).filter(|_| !word.is_empty()) {
            Some(value) => all.push(value),
            None if word.is_empty() => params.fault(name, "has nothing between two commas"),
            None => params.fault(name, format!("“{}” is none of {known}", short(word))),
        }
    }
    all
}
