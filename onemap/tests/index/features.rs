//! Features of departments' layers compared with brute force, within budgets.

use crate::{
    ask::ask,
    brute,
    queries::all_pages,
    world::{STEP, place, world},
};
use gridbeat_onemap::{
    E7, Scope,
    department::{Department, Drawing, Drawn, FeatureRow, Schema},
    query::{Budget, Page, QueryError},
    record::{Fid, Region},
};
use proptest::prelude::*;

const REGION: Region = Region(3202);

fn row(i: usize, drawing: Drawing) -> FeatureRow {
    FeatureRow { fid: Fid::new(REGION, i as u32 + 1), region: REGION, cells: Vec::new(), drawing }
}

/// A short line whose middle is there.
fn line(p: E7) -> Drawing {
    let end = |side: i32| E7::new(p.lon + 2 * side * STEP, p.lat);
    Drawing::Lines(vec![vec![end(-1), end(1)]])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn features_as_by_brute_force(
        world in world(),
        places in prop::collection::vec(place(), 0..200),
        ask in ask(),
        lines in any::<bool>(),
        units in 0..300_u64,
    ) {
        let scope = Scope::all();
        let reader = world.map.read(&scope);
        let drawn = if lines { Drawn::Line } else { Drawn::Point };
        let schema = Schema {
            name: "hydrant".to_owned(),
            title: "Hydrants".to_owned(),
            drawn,
            geometry: None,
            columns: Vec::new(),
        };
        let draw = |p: E7| if lines { line(p) } else { Drawing::Point(p) };
        let rows = places.iter().enumerate().map(|(i, &p)| row(i, draw(p))).collect();
        let layer = Department::new(Box::leak(Box::new(schema)), rows, reader.overlay());

        let at = ask.place(&reader);
        let page = |p, budget: &Budget<'_>| reader.find_features(&layer, &at, p, budget);
        let (found, n) = all_pages(ask.k * 3, |p| page(p, &Budget::unlimited()))?;
        let there = places.iter().enumerate().filter(|(_, p)| brute::there(&reader, &ask, Some(**p)));
        let expected: Vec<u32> = there.map(|(i, _)| i as u32).collect();
        prop_assert_eq!(n as usize, expected.len());
        prop_assert_eq!(found, expected);

        let nearest = |budget: &Budget<'_>| reader.nearest_features(&layer, ask.at, ask.k, budget);
        let near = nearest(&Budget::unlimited()).unwrap();
        let points = places.iter().enumerate().filter(|_| !lines).map(|(i, &p)| (row(i, draw(p)).fid, p));
        let expected = brute::nearest(ask.at, ask.k, points);
        prop_assert_eq!(near.iter().map(|&(i, m)| (layer.fid(i), m)).collect::<Vec<_>>(), expected);

        // Within a budget there is the same answer or none.
        let costly = QueryError::TooCostly { budget: units };
        let first = Page::first(10);
        let bounded = page(first, &Budget::new(units));
        prop_assert!(bounded == page(first, &Budget::unlimited()) || bounded == Err(costly.clone()));
        let bounded = nearest(&Budget::new(units));
        prop_assert!(bounded == Ok(near) || bounded == Err(costly));
    }
}
