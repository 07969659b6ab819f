#![allow(clippy::unwrap_used)]

use super::*;
use crate::http::testing::incident;
use gridbeat_onemap::{
    MapBuilder, Scope,
    query::Stop,
    record::{IncidentRow, Region},
};
use std::cell::Cell;

#[test]
fn rows_that_do_not_match_are_gone_through_only_while_somebody_waits() {
    let mut builder = MapBuilder::new();
    let row = |i: u32| IncidentRow { fid: Fid::new(Region(3202), i), ..incident(i.to_string()) };
    (1..=10_000).for_each(|i| builder.incident(row(i)));
    let map = builder.finish(1);
    let scope = Scope::all();
    let reader = map.read(&scope);
    let code = Collection::Incidents.field("title").unwrap();
    let query = Query { equal: vec![(code, Value::from("nobody says this"))], ..Query::default() };
    let asked = Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        (asked.get() == 3).then_some(Stop::Cancelled)
    };
    for sort in [Vec::new(), vec![Key { field: code, descending: false }]] {
        asked.set(0);
        let query = Query { sort, ..query.clone() };
        let budget = Budget::unlimited().stopped_by(&stop);
        let done = if query.sort.is_empty() {
            stream(&reader, Collection::Incidents, &query, &budget, |_| ControlFlow::Continue(()))
        } else {
            select(&reader, Collection::Incidents, &query, usize::MAX, &budget).map(|_| ())
        };
        assert!(done.is_err());
        assert!(budget.spent() < 4_000, "{} of 10,000 rows were looked at after that", budget.spent());
    }
}
