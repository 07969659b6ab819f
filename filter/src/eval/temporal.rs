//! The temporal functions, by the ends of their intervals as the standard defines them. An instant is an
//! interval that ends where it starts.

use super::truth::{all, any};
use crate::Value;
use std::cmp::Ordering;

/// How two intervals lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Temporal {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

/// From start to end; `None` where it is open.
pub struct Interval<'a> {
    pub start: Option<Value<'a>>,
    pub end: Option<Value<'a>>,
}

/// An end of an interval on the line of time.
#[derive(Clone, Copy)]
enum End<'a> {
    Past,
    At(&'a Value<'a>),
    Future,
}

fn order(a: End<'_>, b: End<'_>) -> Option<Ordering> {
    match (a, b) {
        (End::At(a), End::At(b)) => a.order(b),
        (End::Past, End::Past) | (End::Future, End::Future) => Some(Ordering::Equal),
        (End::Past, _) | (_, End::Future) => Some(Ordering::Less),
        (End::Future, _) | (_, End::Past) => Some(Ordering::Greater),
    }
}

/// Whether the relation holds.
pub fn holds(relation: Temporal, a: &Interval<'_>, b: &Interval<'_>) -> Option<bool> {
    let (s1, s2) = (a.start.as_ref().map_or(End::Past, End::At), b.start.as_ref().map_or(End::Past, End::At));
    let (e1, e2) = (a.end.as_ref().map_or(End::Future, End::At), b.end.as_ref().map_or(End::Future, End::At));
    let less = |a, b| order(a, b).map(Ordering::is_lt);
    let equal = |a, b| order(a, b).map(Ordering::is_eq);
    let both = |x, y| all([x, y].into_iter());
    let three = |x, y, z| all([x, y, z].into_iter());
    match relation {
        Temporal::After => less(e2, s1),
        Temporal::Before => less(e1, s2),
        Temporal::Contains => both(less(s1, s2), less(e2, e1)),
        Temporal::Disjoint => any([less(e1, s2), less(e2, s1)].into_iter()),
        Temporal::During => both(less(s2, s1), less(e1, e2)),
        Temporal::Equals => both(equal(s1, s2), equal(e1, e2)),
        Temporal::FinishedBy => both(less(s1, s2), equal(e1, e2)),
        Temporal::Finishes => both(less(s2, s1), equal(e1, e2)),
        Temporal::Intersects => any([less(e1, s2), less(e2, s1)].into_iter()).map(|t| !t),
        Temporal::Meets => equal(e1, s2),
        Temporal::MetBy => equal(s1, e2),
        Temporal::OverlappedBy => three(less(s2, s1), less(s1, e2), less(e2, e1)),
        Temporal::Overlaps => three(less(s1, s2), less(s2, e1), less(e1, e2)),
        Temporal::StartedBy => both(equal(s1, s2), less(e2, e1)),
        Temporal::Starts => both(equal(s1, s2), less(e1, e2)),
    }
}
