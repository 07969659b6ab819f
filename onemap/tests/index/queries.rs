//! Every query compared with brute force.

use crate::{
    ask::{Ask, ask},
    brute,
    world::{World, world},
};
use gridbeat_onemap::{
    E7, Reader, Scope,
    query::{Budget, By, Counts, Found, Interval, Key, Page, QueryError, Raster, Tiling, ZONE},
    record::{Fid, Level, Side},
};
use jiff::{Timestamp, ToSpan, Unit, Zoned, ZonedRound, tz::TimeZone};
use proptest::prelude::*;
use std::collections::BTreeMap;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn as_by_brute_force(world in world(), asks in prop::collection::vec(ask(), 1..8), size in 20.0..900.0_f64) {
        let scope = Scope::all();
        let reader = world.map.read(&scope);
        for ask in &asks {
            pages(&world, &reader, ask)?;
            nearest(&world, &reader, ask)?;
            counts(&world, &reader, ask)?;
            groups(&world, &reader, ask)?;
            cells(&world, &reader, ask, size)?;
            series(&world, &reader, ask)?;
        }
    }
}

type Checked = Result<(), TestCaseError>;

/// Goes through all pages.
pub fn all_pages<T>(
    limit: usize,
    page: impl Fn(Page) -> Result<Found<T>, QueryError>,
) -> Result<(Vec<T>, u64), TestCaseError> {
    let mut all = Vec::new();
    let mut next = Page::first(limit);
    loop {
        let found = page(next).unwrap();
        prop_assert!(found.items.len() <= limit);
        prop_assert!(found.next.is_none() || found.items.len() == limit, "only the last page is short");
        all.extend(found.items);
        match found.next {
            Some(after) => next.after = Some(after),
            None => return Ok((all, found.matched)),
        }
    }
}

fn pages(world: &World, reader: &Reader<'_>, ask: &Ask) -> Checked {
    let (place, limit, free) = (ask.place(reader), ask.k * 3, Budget::unlimited());
    let (found, n) = all_pages(limit, |p| reader.find_addresses(&place, p, &free))?;
    let found: Vec<Fid> = found.into_iter().map(|i| reader.addresses().get(i).fid).collect();
    let expected: Vec<Fid> = brute::addresses(world, reader, ask).iter().map(|r| r.fid).collect();
    prop_assert_eq!(n as usize, expected.len());
    prop_assert_eq!(found, expected);

    let (found, n) = all_pages(limit, |p| reader.find_incidents(&place, &ask.incidents, p, &free))?;
    let found: Vec<_> = found.into_iter().map(|i| (i.row.fid, i.row.at, i.row.state)).collect();
    let expected: Vec<_> =
        brute::incidents(world, reader, ask).iter().map(|r| (r.fid, r.at, r.state)).collect();
    prop_assert_eq!(n as usize, expected.len());
    prop_assert_eq!(found, expected);

    let (found, n) = all_pages(limit, |p| reader.find_staff(&place, &ask.staff, p, &free))?;
    let found: Vec<_> = found.into_iter().map(|s| (s.row.fid, s.row.at, s.row.name.clone())).collect();
    let expected: Vec<_> =
        brute::staff(world, reader, ask, Some(&ask.staff)).iter().map(|r| (r.fid, r.at, None)).collect();
    prop_assert_eq!(n as usize, expected.len());
    prop_assert_eq!(found, expected);
    Ok(())
}

fn nearest(world: &World, reader: &Reader<'_>, ask: &Ask) -> Checked {
    let free = Budget::unlimited();
    let found = reader.nearest_addresses(ask.at, ask.k, &free).unwrap();
    let found: Vec<_> = found.into_iter().map(|(i, d)| (reader.addresses().get(i).fid, d)).collect();
    let rows = world.addresses.iter().map(|r| (r.fid, r.at));
    prop_assert_eq!(found, brute::nearest(ask.at, ask.k, rows));

    let found = reader.nearest_incidents(ask.at, ask.k, &ask.incidents, &free).unwrap();
    let found: Vec<_> = found.into_iter().map(|(i, d)| (i.row.fid, d)).collect();
    let rows = world.incidents.values().filter(|r| brute::wants(&ask.incidents, r));
    prop_assert_eq!(found, brute::nearest(ask.at, ask.k, rows.map(|r| (r.fid, r.at))));

    let found = reader.nearest_staff(ask.at, ask.k, &ask.staff, &free).unwrap();
    let found: Vec<_> = found.into_iter().map(|(i, d)| (i.row.fid, d)).collect();
    let rows = world.staff.values().filter(|r| brute::wants_person(&ask.staff, r));
    prop_assert_eq!(found, brute::nearest(ask.at, ask.k, rows.filter_map(|r| Some((r.fid, r.at?)))));
    Ok(())
}

fn counts(world: &World, reader: &Reader<'_>, ask: &Ask) -> Checked {
    let found = reader.count(&ask.place(reader), &ask.incidents, &Budget::unlimited()).unwrap();
    prop_assert_eq!(found, brute::counts(world, reader, ask, |_| true));
    Ok(())
}

fn groups(world: &World, reader: &Reader<'_>, ask: &Ask) -> Checked {
    let ways = [
        By::Piece,
        By::Area(Side::Grid, None),
        By::Area(Side::Beat, None),
        By::Area(Side::Grid, Some(Level::Community)),
        By::Area(Side::Beat, Some(Level::Station)),
        By::Area(Side::Grid, Some(Level::City)),
    ];
    for by in ways {
        // The group of a position, by asking the layer and going up.
        let group = |p: Option<E7>| -> Option<Key> {
            let place = p.map(|p| reader.locate(p))?;
            match by {
                By::Piece => place.piece.map(Key::Piece),
                By::Area(side, level) => {
                    let area = if side == Side::Grid { place.grid } else { place.beat }?;
                    let layer = reader.layer(side);
                    level.map_or(Some(area), |l| layer.at_level(area, l)).map(Key::Area)
                }
            }
        };
        let (place, interval) = (ask.place(reader), Some((Interval::Day, ZONE)));
        let found = reader.summary(by, &place, &ask.incidents, interval, &Budget::unlimited()).unwrap();
        let keys: Vec<_> = found.groups.iter().map(|g| g.key).collect();
        let ordered = keys.iter().take(keys.len() - 1).is_sorted() && keys.last() == Some(&None);
        prop_assert!(ordered, "{keys:?}");
        for g in &found.groups {
            let expected = brute::counts(world, reader, ask, |p| group(p) == g.key);
            prop_assert_eq!(g.counts, expected, "{:?}", g.key);
            let mut days: BTreeMap<Timestamp, u64> = BTreeMap::new();
            for r in brute::incidents(world, reader, ask) {
                if let Some(t) = r.reported_at.filter(|_| group(Some(r.at)) == g.key) {
                    *days.entry(start(t, Interval::Day)).or_default() += 1;
                }
            }
            prop_assert_eq!(&g.series, &days.into_iter().collect::<Vec<_>>());
        }
    }
    Ok(())
}

fn cells(world: &World, reader: &Reader<'_>, ask: &Ask, size: f64) -> Checked {
    for tiling in [Tiling::Square, Tiling::Hexagon] {
        let raster = Raster::new(tiling, size, ask.at).unwrap();
        let place = ask.place(reader);
        let found = reader.count_by_cell(&place, &ask.incidents, &raster, &Budget::unlimited()).unwrap();
        let places = brute::addresses(world, reader, ask).into_iter().map(|r| r.at);
        let places = places.chain(brute::incidents(world, reader, ask).into_iter().map(|r| r.at));
        let places = places.chain(brute::staff(world, reader, ask, None).into_iter().filter_map(|r| r.at));
        let mut expected: BTreeMap<_, Counts> = BTreeMap::new();
        for cell in places.map(|p| raster.cell(p)) {
            expected.entry(cell).or_insert_with(|| {
                brute::counts(world, reader, ask, |p| p.is_some_and(|p| raster.cell(p) == cell))
            });
        }
        prop_assert_eq!(found, expected);
    }
    Ok(())
}

/// When an hour, day or week begins, by the calendar of the `jiff` crate.
fn start(at: Timestamp, interval: Interval) -> Timestamp {
    let local: Zoned = at.to_zoned(TimeZone::fixed(ZONE));
    let down = |unit| local.round(ZonedRound::new().smallest(unit).mode(jiff::RoundMode::Floor)).unwrap();
    match interval {
        Interval::Hour => down(Unit::Hour),
        Interval::Day => local.start_of_day().unwrap(),
        Interval::Week => {
            let days = i64::from(local.weekday().to_monday_zero_offset());
            local.start_of_day().unwrap().checked_sub(days.days()).unwrap()
        }
    }
    .timestamp()
}

fn series(world: &World, reader: &Reader<'_>, ask: &Ask) -> Checked {
    let rows = brute::incidents(world, reader, ask);
    for interval in [Interval::Hour, Interval::Day, Interval::Week] {
        let place = ask.place(reader);
        let found = reader.series(&place, &ask.incidents, interval, ZONE, &Budget::unlimited()).unwrap();
        prop_assert_eq!(found.undated as usize, rows.iter().filter(|r| r.reported_at.is_none()).count());
        let mut expected: BTreeMap<Timestamp, (u64, u64)> = BTreeMap::new();
        for r in &rows {
            if let Some(t) = r.reported_at {
                let bucket = expected.entry(start(t, interval)).or_default();
                bucket.0 += 1;
                bucket.1 += u64::from(r.state.is_open());
            }
        }
        for pair in found.buckets.windows(2) {
            let next = start(pair[0].start, interval) < pair[1].start
                && start(pair[1].start - 1.second(), interval) == pair[0].start;
            prop_assert!(next, "no gap and no overlap: {pair:?}");
        }
        if let (Some(from), Some(first)) = (ask.incidents.time.from, found.buckets.first()) {
            prop_assert_eq!(first.start, start(from, interval));
        }
        if let (Some(to), Some(last)) = (ask.incidents.time.to, found.buckets.last()) {
            prop_assert_eq!(last.start, start(to, interval));
        }
        let full = found.buckets.into_iter().filter(|b| b.incidents > 0);
        let full: BTreeMap<_, _> = full.map(|b| (b.start, (b.incidents, b.open))).collect();
        prop_assert_eq!(full, expected);
    }
    Ok(())
}
