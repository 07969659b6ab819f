//! What a query may cost: it ends with the right answer or with an error that says why.

use crate::{
    ask::{Ask, ask},
    world::{World, at, world},
};
use gridbeat_onemap::{
    Reader, Scope,
    query::{
        Budget, By, IncidentFilter, Interval, MOST_BUCKETS, Page, QueryError, Raster, Stop, Tiling,
        TimeRange, Where, ZONE,
    },
};
use proptest::prelude::*;

/// The answer of each query, in words.
fn answers(
    reader: &Reader<'_>,
    ask: &Ask,
    budget: impl Fn() -> Budget<'static>,
) -> Vec<Result<String, QueryError>> {
    fn words<T: std::fmt::Debug>(answer: Result<T, QueryError>) -> Result<String, QueryError> {
        answer.map(|a| format!("{a:?}"))
    }
    let (place, page, filter) = (ask.place(reader), Page::first(10), &ask.incidents);
    let raster = Raster::new(Tiling::Hexagon, 100.0, ask.at).unwrap();
    vec![
        words(reader.find_addresses(&place, page, &budget())),
        words(reader.find_incidents(&place, filter, page, &budget())),
        words(reader.find_staff(&place, &ask.staff, page, &budget())),
        words(reader.nearest_addresses(ask.at, ask.k, &budget())),
        words(reader.nearest_incidents(ask.at, ask.k, filter, &budget())),
        words(reader.nearest_staff(ask.at, ask.k, &ask.staff, &budget())),
        words(reader.count(&place, filter, &budget())),
        words(reader.summary(By::Piece, &place, filter, None, &budget())),
        words(reader.count_by_cell(&place, filter, &raster, &budget())),
        words(reader.series(&place, filter, Interval::Hour, ZONE, &budget())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_small_budget_gives_the_same_answer_or_none(world in world(), ask in ask(), units in 0..300_u64) {
        let scope = Scope::all();
        let reader = world.map.read(&scope);
        let free = answers(&reader, &ask, Budget::unlimited);
        for (bounded, free) in answers(&reader, &ask, || Budget::new(units)).into_iter().zip(free) {
            match bounded {
                Ok(answer) => prop_assert_eq!(Ok(answer), free),
                Err(error) => prop_assert_eq!(error, QueryError::TooCostly { budget: units }),
            }
        }
    }
}

fn some_world() -> World {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tree = prop::strategy::Strategy::new_tree(&world(), &mut runner).unwrap();
    prop::strategy::ValueTree::current(&tree)
}

#[test]
fn who_has_gone_away_is_not_answered() {
    let world = some_world();
    let scope = Scope::all();
    let reader = world.map.read(&scope);
    for (stop, error) in [(Stop::Cancelled, QueryError::Cancelled), (Stop::TimedOut, QueryError::TimedOut)] {
        let gone = || Some(stop);
        let budget = || Budget::unlimited().stopped_by(&gone);
        let (all, any) = (Where::everywhere(), IncidentFilter::default());
        assert_eq!(reader.find_addresses(&all, Page::first(10), &budget()), Err(error.clone()));
        assert_eq!(reader.find_incidents(&all, &any, Page::first(10), &budget()), Err(error.clone()));
        assert_eq!(reader.count(&all, &any, &budget()), Err(error.clone()));
        assert_eq!(reader.nearest_addresses(at(0, 0), 3, &budget()), Err(error));
    }
}

#[test]
fn answers_are_not_longer_than_allowed() {
    let world = some_world();
    let scope = Scope::all();
    let reader = world.map.read(&scope);
    let free = Budget::unlimited();
    for limit in [0, 10_001] {
        let error = reader.find_addresses(&Where::everywhere(), Page::first(limit), &free).unwrap_err();
        assert_eq!(error.to_string(), format!("limit is {limit}, expected a number from 1 to 10000"));
        assert!(reader.nearest_addresses(at(0, 0), limit, &free).is_err());
    }
    let years = TimeRange {
        from: Some("2020-01-01T00:00:00Z".parse().unwrap()),
        to: Some("2026-01-01T00:00:00Z".parse().unwrap()),
    };
    let filter = IncidentFilter { time: years, ..IncidentFilter::default() };
    let series = |interval| reader.series(&Where::everywhere(), &filter, interval, ZONE, &free);
    assert_eq!(series(Interval::Hour), Err(QueryError::TooMany { what: "buckets", most: MOST_BUCKETS }));
    assert_eq!(series(Interval::Week).map(|s| s.buckets.len()), Ok(314));
    assert!(Raster::new(Tiling::Square, f64::NAN, at(0, 0)).is_err());
}
