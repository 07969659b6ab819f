//! Counts and live points of the map, against brute force over the rows.

use crate::raster::{Raster, map};
use gridbeat_onemap::{
    Bounds, E7, MapBuilder, OneMap, Scope,
    geodesic::distance_m,
    record::{AddressRow, Fid, IncidentRow, Placed, Region, Side, State},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn incident(n: u32, at: E7, state: State) -> IncidentRow {
    IncidentRow {
        fid: Fid::new(Region(3202), n),
        region: Region(3202),
        code: format!("I{n}"),
        title: None,
        category: None,
        state,
        risk: None,
        source: None,
        reported_at: None,
        address: None,
        at,
        placed: None,
    }
}

fn layers() -> (Raster, Raster) {
    let g = Raster { width: 3, cells: (0..9).map(Some).collect(), scale: 100, origin: (0, 0) };
    let b = Raster { width: 2, cells: (0..4).map(Some).collect(), scale: 140, origin: (0, 0) };
    (g, b)
}

#[derive(Clone, Debug)]
enum Step {
    Put(u32, i32, i32, bool),
    Take(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1..1500_u32, -10..310_i32, -10..310_i32, any::<bool>()).prop_map(|(n, x, y, o)| Step::Put(n, x, y, o)),
        1 => (1..1500_u32).prop_map(Step::Take),
    ];
    // Long enough to merge the delta into the bulk on the way.
    prop::collection::vec(step, 1..1800)
}

fn count(map: &OneMap, rows: &BTreeMap<u32, IncidentRow>) {
    let scope = Scope::all();
    let reader = map.read(&scope);
    let by_fid: Vec<_> = reader.incidents().iter().map(|i| i.row.fid.sequence()).collect();
    assert_eq!(by_fid, rows.keys().copied().collect::<Vec<_>>());
    assert_eq!(reader.incidents().len(), rows.len());
    for id in reader.overlay().ids() {
        let here = rows.values().filter(|r| reader.locate(r.at).piece == Some(id));
        let (mut all, mut open) = (0, 0);
        for r in here {
            all += 1;
            open += u64::from(r.state.is_open());
        }
        let tally = reader.tally(id);
        assert_eq!((tally.incidents, tally.incidents_open), (all, open));
    }
    let window = Bounds { min: E7::new(50, 50), max: E7::new(200, 150) };
    let mut found = Vec::new();
    reader.incidents().in_box(&window, |i| found.push(i.row.fid.sequence()));
    found.sort_unstable();
    assert_eq!(
        found,
        rows.iter().filter(|(_, r)| window.contains(r.at)).map(|(n, _)| *n).collect::<Vec<_>>()
    );
    let at = E7::new(120, 77);
    let near: Vec<f64> = reader.incidents().nearest(at, 7, |_| true).into_iter().map(|n| n.1).collect();
    let mut expected: Vec<f64> = rows.values().map(|r| distance_m(at, r.at)).collect();
    expected.sort_by(f64::total_cmp);
    expected.truncate(7);
    assert_eq!(near, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn incidents_come_move_and_go(steps in steps()) {
        let (g, b) = layers();
        let mut now = map(g.rows(Side::Grid), b.rows(Side::Beat));
        let mut rows = BTreeMap::new();
        for (k, step) in steps.iter().enumerate() {
            let (n, row) = match *step {
                Step::Put(n, x, y, open) => {
                    let state = if open { State::Handling } else { State::Closed };
                    (n, Some(incident(n, E7::new(x, y), state)))
                }
                Step::Take(n) => (n, None),
            };
            match &row {
                Some(r) => { rows.insert(n, r.clone()); }
                None => { rows.remove(&n); }
            }
            now = now.with_incident(k as u64 + 2, Fid::new(Region(3202), n), row);
            prop_assert_eq!(now.change(), k as u64 + 2);
        }
        count(&now, &rows);
    }
}

#[test]
fn an_incident_keeps_the_responsibility_it_was_reported_under() {
    let (g, b) = layers();
    let mut builder = MapBuilder::new();
    g.rows(Side::Grid).into_iter().for_each(|r| builder.area(Side::Grid, r));
    b.rows(Side::Beat).into_iter().for_each(|r| builder.area(Side::Beat, r));
    let placed = Placed { grid: Some("of old".into()), beat: None };
    builder.incident(IncidentRow { placed: Some(placed), ..incident(1, E7::new(10, 10), State::Reported) });
    builder.incident(incident(2, E7::new(10, 10), State::Reported));
    let map = builder.finish(1);
    let scope = Scope::all();
    let incidents = map.read(&scope).incidents();
    let codes = |n: u32| {
        let i = incidents.get(Fid::new(Region(3202), n)).unwrap();
        (i.grid().map(str::to_owned), i.beat().map(str::to_owned))
    };
    assert_eq!(codes(1), (Some("of old".into()), None));
    assert_eq!(codes(2), (Some("G000".into()), Some("B000".into())));
}

#[test]
fn addresses_are_counted_where_they_lie() {
    let (g, b) = layers();
    let mut builder = MapBuilder::new();
    g.rows(Side::Grid).into_iter().for_each(|r| builder.area(Side::Grid, r));
    b.rows(Side::Beat).into_iter().for_each(|r| builder.area(Side::Beat, r));
    // In falling order of fid: the builder sorts.
    for n in (1..=300_u32).rev() {
        builder.address(&AddressRow {
            fid: Fid::new(Region(3202), n),
            region: Region(3202),
            code: format!("A{n:04}"),
            text: format!("云湖区太湖街道{n}号"),
            at: E7::new(n as i32, n as i32),
            residents: n,
            ..AddressRow::default()
        });
    }
    let map = builder.finish(1);
    let scope = Scope::all();
    let reader = map.read(&scope);
    let addresses = reader.addresses();
    assert_eq!(addresses.len(), 300);
    let seventh = addresses.get(addresses.by_code("A0007").unwrap());
    assert_eq!((seventh.text, seventh.residents, seventh.fid.sequence()), ("云湖区太湖街道7号", 7, 7));
    assert_eq!(addresses.by_code("A7"), None);
    let grid = reader.layer(Side::Grid).find("G004").unwrap();
    let tally = reader.tally_of(Side::Grid, grid);
    // The middle cell: 100 ≤ n < 200 on the diagonal.
    assert_eq!((tally.addresses, tally.residents), (100, (100..200).sum()));
    let all: u64 = reader.overlay().ids().map(|p| reader.tally(p).addresses).sum();
    assert_eq!(all, 299, "the 300th lies on the outer north-east corner, which belongs to nobody");
}
