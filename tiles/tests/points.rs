//! Everything that is a point stands in exactly one tile, and counts add up.

mod common;

use common::{City, Desk, Shape, Value};
use gridbeat_onemap::{
    E7,
    record::{Side, State},
};
use gridbeat_tiles::{TileId, TileLayer};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn cities() -> impl Strategy<Value = City> {
    (
        any::<u64>(),
        -1_700_000_000..1_700_000_000_i32,
        -800_000_000..800_000_000_i32,
        2_000..200_000_i32,
        1..150_u32,
    )
        .prop_map(|(seed, lon, lat, cell, points)| City {
            seed,
            at: E7::new(lon, lat),
            cell,
            cells: 6,
            wiggles: 1,
            gaps: 5,
            points,
        })
}

/// Zooms at which a small city needs few tiles.
fn zooms(city: &City) -> Vec<u8> {
    (0..=22).filter(|&z| (f64::from(city.cell * city.cells) / 3.6e9) * f64::from(1_u32 << z) < 8.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn counts_add_up_at_every_zoom(city in cities()) {
        let map = city.build();
        let desk = Desk::new(&map);
        let total = f64::from(city.points);
        let open = desk.map.incidents().iter().filter(|i| i.row.state.is_open()).count() as f64;
        let residents: f64 = (0..city.points).map(|i| f64::from(desk.map.addresses().get(i).residents)).sum();
        for z in zooms(&city) {
            let incidents = desk.all(TileLayer::Incident, z);
            let sum = |key: &str| incidents.iter().filter_map(|(_, f)| f.number(key)).sum::<f64>();
            let singles: Vec<_> = incidents.iter().filter(|(_, f)| f.text("code").is_some()).collect();
            prop_assert_eq!(sum("count") + singles.len() as f64, total, "incidents at zoom {}", z);
            let single_open = singles.iter().filter(|(_, f)| f.text("state").unwrap().parse::<State>().unwrap().is_open()).count();
            prop_assert_eq!(sum("open") + single_open as f64, open);
            for &state in State::ALL {
                let of_single = singles.iter().filter(|(_, f)| f.text("state") == Some(state.as_str())).count();
                let all = desk.map.incidents().iter().filter(|i| i.row.state == state).count();
                prop_assert_eq!(sum(state.as_str()) + of_single as f64, all as f64, "{}", state.as_str());
            }
            prop_assert!(sum("red") + sum("yellow") + sum("blue") <= sum("open"));
            prop_assert!(incidents.iter().all(|(_, f)| f.id.is_some() == f.text("code").is_some()));
            if z >= 14 {
                prop_assert_eq!(singles.len(), incidents.len());
            }
            let density = desk.all(TileLayer::ResidentDensity, z);
            let addresses = desk.all(TileLayer::Address, z);
            let staff = desk.all(TileLayer::Staff, z);
            let sum = |key: &str| density.iter().filter_map(|(_, f)| f.number(key)).sum::<f64>();
            if z < 15 {
                prop_assert_eq!((sum("addresses"), sum("residents")), (total, residents));
                prop_assert!(addresses.is_empty());
            } else {
                prop_assert!(density.is_empty());
                let ids: BTreeSet<_> = addresses.iter().filter_map(|(_, f)| f.id).collect();
                prop_assert_eq!((ids.len(), addresses.len()), (city.points as usize, city.points as usize));
            }
            let positions = (0..city.points).filter(|n| n % 5 != 0).count();
            prop_assert_eq!(staff.len(), if z < 12 { 0 } else { positions });
            for (id, f) in incidents.iter().chain(&density).chain(&addresses).chain(&staff) {
                let Shape::Point(x, y) = f.shape else { panic!("not a point") };
                prop_assert!((0..4096).contains(&x) && (0..4096).contains(&y), "{} {:?}", id, f);
                prop_assert!(!f.properties.values().any(|v| v == &Value::Text("secret".into())));
            }
        }
    }

    #[test]
    fn a_name_stands_in_one_tile(city in cities()) {
        let map = city.build();
        let desk = Desk::new(&map);
        for z in zooms(&city) {
            for layer in [TileLayer::GridLabel, TileLayer::BeatLabel] {
                let labels = desk.all(layer, z);
                let codes: BTreeSet<_> = labels.iter().map(|(_, f)| f.text("code").unwrap().to_owned()).collect();
                prop_assert_eq!(codes.len(), labels.len());
                for (id, f) in &labels {
                    let level = desk.maker.level_at(layer.side().unwrap(), z);
                    prop_assert_eq!(f.text("level"), Some(level.as_str()));
                    let areas = desk.map.layer(layer.side().unwrap());
                    let label = areas.label(areas.find(f.text("code").unwrap()).unwrap()).unwrap();
                    prop_assert_eq!(TileId::of(label, z), *id);
                }
            }
        }
    }
}

#[test]
fn near_names_are_all_there() {
    let city = City {
        seed: 1,
        at: E7::new(1_203_000_000, 315_000_000),
        cell: 40_000,
        cells: 6,
        wiggles: 2,
        gaps: 0,
        points: 0,
    };
    let map = city.build();
    let desk = Desk::new(&map);
    assert_eq!(desk.all(TileLayer::GridLabel, 15).len(), 36);
    assert_eq!(desk.all(TileLayer::BeatLabel, 15).len(), 9);
    // Too small to be read: an area of 400 m at a zoom where a pixel is 130 m.
    assert!(desk.all(TileLayer::GridLabel, 4).is_empty());
    assert_eq!(desk.maker.level_at(Side::Grid, 9).as_str(), "town");
}

#[test]
fn an_address_carries_its_places() {
    let city = City {
        seed: 3,
        at: E7::new(1_203_000_000, 315_000_000),
        cell: 40_000,
        cells: 6,
        wiggles: 2,
        gaps: 4,
        points: 80,
    };
    let map = city.build();
    let desk = Desk::new(&map);
    let features = desk.all(TileLayer::Address, 16);
    assert_eq!(features.len(), 80);
    let mut placed = 0;
    for (_, f) in &features {
        let i = desk.map.addresses().by_code(f.text("code").unwrap()).unwrap();
        let place = desk.map.locate(desk.map.addresses().get(i).at);
        let code = |side, id: Option<_>| id.map(|id| desk.map.layer(side).area(id).code.as_str());
        assert_eq!(f.text("grid"), code(Side::Grid, place.grid));
        assert_eq!(f.text("beat"), code(Side::Beat, place.beat));
        assert_eq!(f.text("piece"), place.piece.map(|p| desk.map.overlay().piece(p).id.as_str()));
        placed += usize::from(place.grid.is_some());
    }
    assert!((20..80).contains(&placed));
}
