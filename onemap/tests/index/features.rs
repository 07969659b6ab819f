//! Features of departments' layers compared with brute force, within budgets.

use crate::{
    ask::ask,
    brute,
    queries::all_pages,
    world::{STEP, place, world},
};
use gridbeat_onemap::{
    E7, MultiPolygon, Polygon, Scope,
    department::{Cell, Column, ColumnKind, Department, Drawing, Drawn, FeatureRow, Schema},
    query::{
        Budget, By, CellTally, FeatureCounts, FeatureTally, Interval, Key, Page, QueryError, Raster, Sum,
        Tiling, ZONE,
    },
    record::{Fid, Region, Side},
};
use proptest::prelude::*;
use std::{collections::BTreeMap, ops::Range};

const REGION: Region = Region(3202);

fn row(i: usize, drawing: Drawing) -> FeatureRow {
    FeatureRow { fid: Fid::new(REGION, i as u32 + 1), region: REGION, cells: Vec::new(), drawing }
}

/// A short line whose middle is there.
fn line(p: E7) -> Drawing {
    let end = |side: i32| E7::new(p.lon + 2 * side * STEP, p.lat);
    Drawing::Lines(vec![vec![end(-1), end(1)]])
}

/// Ground with its middle there.
fn square(p: E7) -> Drawing {
    let corner = |x: i32, y: i32| E7::new(p.lon + 2 * x * STEP, p.lat + 2 * y * STEP);
    let exterior = vec![corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
    Drawing::Ground(MultiPolygon(vec![Polygon { exterior, holes: Vec::new() }]))
}

/// Features that come, move or go, one after the other.
fn edits(how_many: Range<usize>) -> impl Strategy<Value = Vec<(usize, Option<E7>)>> {
    prop::collection::vec((0..220_usize, prop::option::weighted(0.8, place())), how_many)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn features_as_by_brute_force(
        world in world(),
        places in prop::collection::vec(place(), 0..200),
        // Few, or so many that the index is made again.
        edits in prop_oneof![edits(0..40), edits(200..400)],
        ask in ask(),
        drawn in prop_oneof![Just(Drawn::Point), Just(Drawn::Line), Just(Drawn::Polygon)],
        units in 0..300_u64,
    ) {
        let scope = Scope::all();
        let reader = world.map.read(&scope);
        let schema = Schema {
            name: "hydrant".to_owned(),
            title: "Hydrants".to_owned(),
            drawn,
            geometry: None,
            columns: Vec::new(),
        };
        let draw = |p: E7| match drawn {
            Drawn::Point => Drawing::Point(p),
            Drawn::Line => line(p),
            Drawn::Polygon => square(p),
        };
        let rows = places.iter().enumerate().map(|(i, &p)| row(i, draw(p))).collect();
        let mut layer = Department::new(Box::leak(Box::new(schema)), rows, reader.overlay());
        let mut all: BTreeMap<Fid, E7> = places.iter().enumerate().map(|(i, &p)| (row(i, draw(p)).fid, p)).collect();
        for (i, edit) in edits {
            let fid = row(i, draw(E7::default())).fid;
            layer = layer.with(fid, edit.map(|p| row(i, draw(p))), reader.overlay());
            match edit {
                Some(p) => drop(all.insert(fid, p)),
                None => drop(all.remove(&fid)),
            }
        }
        let fids: Vec<Fid> = (0..layer.len() as u32).map(|i| layer.fid(i)).collect();
        prop_assert!(fids.iter().eq(all.keys()));
        let places: Vec<E7> = all.values().copied().collect();
        for (i, &p) in (0..).zip(&places) {
            prop_assert_eq!(layer.drawing(i), &draw(p));
            if drawn != Drawn::Polygon {
                prop_assert_eq!(layer.piece(i), reader.overlay().locate(p));
            }
        }

        let at = ask.place(&reader);
        let page = |p, budget: &Budget<'_>| reader.find_features(&layer, &at, p, budget);
        let (found, n) = all_pages(ask.k * 3, |p| page(p, &Budget::unlimited()))?;
        let there = (0..layer.len() as u32).filter(|&i| match layer.drawing(i) {
            Drawing::Point(p) => brute::there(&reader, &ask, Some(*p)),
            drawing => {
                let mut parts = layer.shares(reader.overlay(), i).iter().map(|part| part.piece);
                brute::meets(&ask.shape, drawing) && parts.any(|piece| brute::in_pieces(&reader, &ask, piece))
            }
        });
        let expected: Vec<u32> = there.collect();
        prop_assert_eq!(n as usize, expected.len());
        prop_assert_eq!(found, expected);

        let nearest = |budget: &Budget<'_>| reader.nearest_features(&layer, ask.at, ask.k, budget);
        let near = nearest(&Budget::unlimited()).unwrap();
        // The nearest of a level line is right above or below, or it is one of its ends; of a square likewise.
        let clamp = |at: i32, p: i32| at.clamp(p - 2 * STEP, p + 2 * STEP);
        let to = |p: E7| match drawn {
            Drawn::Point => p,
            Drawn::Line => E7::new(clamp(ask.at.lon, p.lon), p.lat),
            Drawn::Polygon => E7::new(clamp(ask.at.lon, p.lon), clamp(ask.at.lat, p.lat)),
        };
        let points = all.iter().map(|(&fid, &p)| (fid, to(p)));
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn tallies_as_by_brute_force(
        world in world(),
        rows in prop::collection::vec((place(), prop::option::of(-50..50_i64), 0..20_i8), 0..120),
        lines in any::<bool>(),
        level in 0..3_u8,
    ) {
        let scope = Scope::all();
        let reader = world.map.read(&scope);
        let column = |name: &str, kind| Column { name: name.to_owned(), title: name.to_owned(), kind };
        let schema = Schema {
            name: "kiosk".to_owned(),
            title: "Kiosks".to_owned(),
            drawn: if lines { Drawn::Line } else { Drawn::Point },
            geometry: None,
            columns: vec![column("seats", ColumnKind::Integer), column("opened", ColumnKind::Date)],
        };
        let day = |n: i8| jiff::civil::date(2026, 1, 5).saturating_add(jiff::Span::new().days(n));
        let features = rows.iter().enumerate().map(|(i, &(p, seats, n))| FeatureRow {
            cells: vec![seats.map_or(Cell::Null, Cell::Integer), Cell::Date(day(n))],
            ..row(i, if lines { line(p) } else { Drawing::Point(p) })
        });
        let layer = Department::new(Box::leak(Box::new(schema)), features.collect(), reader.overlay());
        let some: Vec<u32> = (0..rows.len() as u32).filter(|i| i % 3 != 1).collect();
        let counts = |of: &[u32]| {
            let seats: Vec<i64> = of.iter().filter_map(|&i| rows[i as usize].1).collect();
            let sum = (!seats.is_empty()).then(|| Sum::Integer(seats.iter().map(|&n| i128::from(n)).sum()));
            FeatureCounts { features: of.len() as u64, sums: vec![sum] }
        };

        let by = [By::Piece, By::Area(Side::Grid, None), By::Area(Side::Beat, None)][usize::from(level)];
        let unlimited = Budget::unlimited();
        let interval = Some((Interval::Week, ZONE));
        let mut tally = FeatureTally::new(&reader, &layer, &[0], by, interval, &unlimited).unwrap();
        some.iter().for_each(|&i| tally.add(i));
        let groups = tally.groups();
        let key = |i: u32| {
            let place = reader.locate(rows[i as usize].0);
            match by {
                By::Piece => place.piece.map(Key::Piece),
                By::Area(Side::Grid, _) => place.grid.map(Key::Area),
                By::Area(Side::Beat, _) => place.beat.map(Key::Area),
            }
        };
        prop_assert_eq!(groups.iter().map(|g| g.counts.features).sum::<u64>(), some.len() as u64);
        for group in &groups {
            let there: Vec<u32> = some.iter().copied().filter(|&i| key(i) == group.key).collect();
            prop_assert_eq!(&group.counts, &counts(&there));
            // The 5th of January 2026 is a Monday.
            let week = |n: i64| there.iter().filter(|&&i| i64::from(rows[i as usize].2) / 7 == n).count() as u64;
            let first: jiff::Timestamp = "2026-01-04T16:00:00Z".parse().unwrap();
            let weeks = (0..3).map(|n| (first + jiff::SignedDuration::from_hours(24 * 7 * n), week(n)));
            prop_assert_eq!(&group.series, &weeks.filter(|w| w.1 > 0).collect::<Vec<_>>());
        }

        let raster = Raster::new(Tiling::Hexagon, 150.0, reader.bounds().center()).unwrap();
        let mut tally = CellTally::new(&layer, &[0], &raster);
        some.iter().for_each(|&i| tally.add(i).unwrap());
        let cells = tally.cells();
        prop_assert_eq!(cells.values().map(|c| c.features).sum::<u64>(), some.len() as u64);
        for (cell, found) in &cells {
            let there: Vec<u32> = some.iter().copied().filter(|&i| raster.cell(rows[i as usize].0) == *cell).collect();
            prop_assert_eq!(found, &counts(&there));
        }
    }
}
