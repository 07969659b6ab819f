//! Which items of a collection a request asks for: filters, order, and the page after a cursor.

use super::{
    candidates::Candidates,
    inside::Inside,
    params::{BoxFilter, TimeRange},
    sort::{Key, Standing, order, standing},
};
use crate::{
    error::{ApiError, FieldError},
    feature::{
        asked::{Asked, queryables},
        collection::{Collection, Field, Kind},
        read::Item,
    },
};
use gridbeat_filter::Filter;
use gridbeat_onemap::{
    Bounds, Reader,
    department::Drawing,
    meets::{ground_meets_box, lines_meet_box},
    query::Budget,
    record::Fid,
};
use serde_json::Value;
use std::ops::ControlFlow;

/// Rows that are paid for at a time.
const ROUND: usize = 256;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Only what lies in the area of this code, and in those below it; nothing, when nobody has it.
    pub within: Option<String>,
    /// Only what shares a position with this box.
    pub bbox: Option<BoxFilter>,
    /// Only what happened then; collections without a time are not filtered by it.
    pub time: Option<TimeRange>,
    /// Only what has exactly these values.
    pub equal: Vec<(Field, Value)>,
    /// Only what all of these are true of.
    pub filters: Vec<Filter>,
    /// In this order; by fid (pieces by grid and beat) when it is empty, and where it leaves two equal.
    pub sort: Vec<Key>,
    /// Only what comes after this.
    pub after: Option<Standing<'static>>,
}

/// One page.
pub struct Page<'a> {
    /// Its items, in the order of their keys.
    pub items: Vec<Item<'a>>,
    /// How many match in all pages.
    pub matched: usize,
    /// What to go on after, when there is more.
    pub next: Option<Standing<'a>>,
}

/// The value that a property filter compares with, by the field's kind.
///
/// # Errors
/// When the text is no value of that kind.
pub fn wanted(field: Field, text: &str) -> Result<Value, FieldError> {
    let bad = |what| FieldError::new(field.name, format!("“{}” is not {what}", super::params::short(text)));
    match field.kind {
        Kind::Text => Ok(Value::from(text)),
        Kind::Integer => text.parse::<i64>().map(Value::from).map_err(|_| bad("a whole number")),
        Kind::Number => match text.parse::<f64>() {
            Ok(n) if n.is_finite() => Ok(Value::from(n)),
            _ => Err(bad("a finite number")),
        },
        Kind::Boolean => text.parse::<bool>().map(Value::from).map_err(|_| bad("true or false")),
        Kind::Time => {
            let time: Result<jiff::Timestamp, _> = text.replace(' ', "+").parse();
            time.map(|t| Value::from(t.to_string())).map_err(|_| bad("an RFC 3339 time"))
        }
        Kind::Date => {
            let day: Result<jiff::civil::Date, _> = text.parse();
            day.map(|d| Value::from(d.to_string())).map_err(|_| bad("a day such as 2026-05-01"))
        }
        Kind::Shares => Err(bad("something that can be asked about")),
    }
}

/// The page of `limit` items that the query asks for.
///
/// # Errors
/// When the budget does not allow it.
pub fn select<'a>(
    reader: &Reader<'a>,
    collection: Collection,
    query: &Query,
    limit: usize,
    budget: &Budget<'_>,
) -> Result<Page<'a>, ApiError> {
    if query.sort.is_empty() {
        in_order(reader, collection, query, limit, budget)
    } else {
        sorted(reader, collection, query, limit, budget)
    }
}

fn in_order<'a>(
    reader: &Reader<'a>,
    collection: Collection,
    query: &Query,
    limit: usize,
    budget: &Budget<'_>,
) -> Result<Page<'a>, ApiError> {
    let candidates = Candidates::of(reader, collection, query);
    let after = query.after.as_ref().map(|s| s.fid);
    let start = after.map_or(0, |after| candidates.partition_point(|c| key(reader, c) <= after));
    let plain = query.within.is_none()
        && query.bbox.is_none()
        && query.time.is_none()
        && query.equal.is_empty()
        && query.filters.is_empty();
    let last = |items: &[Item<'a>]| items.last().map(|i| standing(&[], reader, i));
    if plain {
        let end = start.saturating_add(limit).min(candidates.len());
        let items = candidates.slice(start, end);
        let next = if end < candidates.len() { last(&items) } else { None };
        return Ok(Page { items, matched: candidates.len(), next });
    }
    let (mut items, mut matched, mut more) = (Vec::new(), 0, false);
    each(reader, collection, query, &candidates, budget, |i, item| {
        matched += 1;
        if i >= start {
            if items.len() < limit {
                items.push(item);
            } else {
                more = true;
            }
        }
        ControlFlow::Continue(())
    })?;
    let next = if more { last(&items) } else { None };
    Ok(Page { items, matched, next })
}

/// Keeps the first `limit` of all that match: never more than twice as many.
fn sorted<'a>(
    reader: &Reader<'a>,
    collection: Collection,
    query: &Query,
    limit: usize,
    budget: &Budget<'_>,
) -> Result<Page<'a>, ApiError> {
    let keys = &query.sort;
    let by = |a: &(Standing<'a>, Item<'a>), b: &(Standing<'a>, Item<'a>)| order(keys, &a.0, &b.0);
    // One more than asked for tells whether there is another page.
    let wanted = limit.saturating_add(1);
    let mut best: Vec<(Standing<'a>, Item<'a>)> = Vec::new();
    let mut matched = 0;
    let candidates = Candidates::of(reader, collection, query);
    each(reader, collection, query, &candidates, budget, |_, item| {
        matched += 1;
        let here = standing(keys, reader, &item);
        if query.after.as_ref().is_none_or(|after| order(keys, &here, after).is_gt()) {
            best.push((here, item));
            if best.len() >= wanted.saturating_mul(2) {
                best.select_nth_unstable_by(wanted - 1, by);
                best.truncate(wanted);
            }
        }
        ControlFlow::Continue(())
    })?;
    best.sort_unstable_by(by);
    let more = best.len() > limit;
    best.truncate(limit);
    let next = if more { best.last().map(|(here, _)| here.clone()) } else { None };
    Ok(Page { items: best.into_iter().map(|(_, item)| item).collect(), matched, next })
}

/// Hands every match to `f`, in the order of their keys, without keeping any.
///
/// # Errors
/// When the budget does not allow it.
pub fn stream<'a>(
    reader: &Reader<'a>,
    collection: Collection,
    query: &Query,
    budget: &Budget<'_>,
    mut f: impl FnMut(Item<'a>) -> ControlFlow<()>,
) -> Result<(), ApiError> {
    let candidates = Candidates::of(reader, collection, query);
    let after = query.after.as_ref().map(|s| s.fid);
    each(reader, collection, query, &candidates, budget, |_, item| {
        if after.is_some_and(|after| key(reader, &item) <= after) {
            ControlFlow::Continue(())
        } else {
            f(item)
        }
    })
}

/// Hands every match, and its place among the candidates, to `f` until that has enough.
fn each<'a>(
    reader: &Reader<'a>,
    collection: Collection,
    query: &Query,
    candidates: &Candidates<'a>,
    budget: &Budget<'_>,
    mut f: impl FnMut(usize, Item<'a>) -> ControlFlow<()>,
) -> Result<(), ApiError> {
    let queryables = if query.filters.is_empty() { Vec::new() } else { queryables(collection) };
    let inside = query.within.as_deref().and_then(|code| Inside::of(reader, code));
    let matchers: Vec<_> = query.filters.iter().map(Filter::matcher).collect();
    for i in 0..candidates.len() {
        if i % ROUND == 0 {
            budget.spend(ROUND as u64)?;
        }
        let item = candidates.get(i);
        if !matches(reader, &item, query) || inside.as_ref().is_some_and(|area| !area.holds(reader, &item)) {
            continue;
        }
        let asked = Asked { reader, queryables: &queryables, item };
        if matchers.iter().all(|m| m.matches(&asked)) && f(i, item).is_break() {
            break;
        }
    }
    Ok(())
}

/// The item of that fid (or, for pieces, that id).
pub fn find<'a>(reader: &Reader<'a>, collection: Collection, id: &str) -> Option<Item<'a>> {
    if collection == Collection::Pieces {
        return reader.overlay().find(id).map(Item::Piece);
    }
    let fid = Fid(id.parse().ok()?);
    match collection {
        Collection::Addresses => reader.addresses().by_fid(fid).map(Item::Address),
        Collection::Incidents => reader.incidents().get(fid).map(Item::Incident),
        Collection::Staff => reader.staff().get(fid).map(Item::Staff),
        Collection::Department(layer) => {
            let department = reader.department(&layer.schema.name)?;
            department.by_fid(fid).map(|i| Item::Department(department, i))
        }
        Collection::Grids | Collection::Beats | Collection::Pieces => {
            let side = collection.side()?;
            reader.layer(side).by_fid(fid).map(|id| Item::Area(side, id))
        }
    }
}

pub fn key(reader: &Reader<'_>, item: &Item<'_>) -> u64 {
    item.fid(reader).0
}

fn matches(reader: &Reader<'_>, item: &Item<'_>, query: &Query) -> bool {
    let equal = query.equal.iter().all(|(field, wanted)| same(&item.value(reader, field.name), wanted));
    let timely = || query.time.is_none_or(|range| item.is_timely(|first, last| range.meets(first, last)));
    equal && timely() && query.bbox.as_ref().is_none_or(|b| b.0.iter().any(|b| meets(reader, item, b)))
}

fn same(found: &Value, wanted: &Value) -> bool {
    // Whole numbers to the last digit, which a double does not have.
    match (found.as_i64(), wanted.as_i64(), found.as_f64(), wanted.as_f64()) {
        (Some(a), Some(b), ..) => a == b,
        (_, _, Some(a), Some(b)) => a == b,
        _ => found == wanted,
    }
}

fn meets(reader: &Reader<'_>, item: &Item<'_>, area: &Bounds) -> bool {
    let bounds = item.bounds(reader);
    if bounds.is_empty() || !area.intersects(&bounds) {
        return false;
    }
    // A point, or ground that lies in the box as a whole: no need to draw it.
    if area.covers(&bounds) {
        return true;
    }
    match item {
        Item::Area(side, id) => ground_meets_box(&reader.layer(*side).outline(*id), area),
        Item::Piece(id) => ground_meets_box(&reader.overlay().outline(*id), area),
        Item::Department(layer, i) => match layer.drawing(*i) {
            Drawing::Point(at) => area.contains(*at),
            Drawing::Lines(lines) => lines_meet_box(lines, area),
            Drawing::Ground(ground) => ground_meets_box(ground, area),
        },
        _ => false,
    }
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
