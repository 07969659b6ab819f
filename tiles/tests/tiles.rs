//! Tiles as a whole: several layers, the same bytes again, nothing where nothing is.

mod common;

use common::{City, Desk, decode};
use fast_mvt::MvtReaderRef;
use gridbeat_onemap::{E7, MapBuilder};
use gridbeat_tiles::{TileId, TileLayer, TileMaker, TileRange};

fn city() -> City {
    City {
        seed: 7,
        at: E7::new(1_203_000_000, 315_000_000),
        cell: 30_000,
        cells: 8,
        wiggles: 4,
        gaps: 6,
        points: 60,
    }
}

fn is_shareable<T: Send + Sync>(_: &T) {}

#[test]
fn equal_maps_give_equal_bytes() {
    let (one, two) = (city().build(), city().build());
    let (one, two) = (Desk::new(&one), Desk::new(&two));
    is_shareable(&one.maker);
    let home = one.map.bounds().center();
    for z in 0..=22 {
        let id = TileId::of(home, z);
        let tile = one.maker.tile(&one.map, &TileLayer::ALL, id);
        assert!(tile.is_some());
        assert_eq!(tile, two.maker.tile(&two.map, &TileLayer::ALL, id), "{id}");
    }
}

#[test]
fn a_tile_holds_the_layers_asked_for_once_in_their_order() {
    let map = city().build();
    let desk = Desk::new(&map);
    let id = TileId::of(desk.map.bounds().center(), 15);
    let asked = [TileLayer::Beat, TileLayer::Address, TileLayer::Grid, TileLayer::Beat, TileLayer::GridLine];
    let tile = desk.maker.tile(&desk.map, &asked, id).unwrap();
    let reader = MvtReaderRef::new(&tile).unwrap();
    let names: Vec<_> = reader.layers().map(|l| l.name().to_owned()).collect();
    assert_eq!(names, ["beat", "address", "grid", "grid_line"]);
    // Together or alone, a layer is the same.
    let alone: usize = asked[..3]
        .iter()
        .chain(&asked[4..])
        .map(|&l| desk.maker.tile(&desk.map, &[l], id).unwrap().len())
        .sum();
    assert_eq!(alone, tile.len());
}

#[test]
fn nothing_where_nothing_is() {
    let map = city().build();
    let desk = Desk::new(&map);
    let elsewhere = TileId::of(E7::new(0, 0), 12);
    assert_eq!(desk.maker.tile(&desk.map, &TileLayer::ALL, elsewhere), None);
    assert_eq!(desk.maker.tile(&desk.map, &[], TileId::of(desk.map.bounds().center(), 12)), None);
    // A field is public, so a tile that cannot be may come in.
    let home = TileId::of(desk.map.bounds().center(), 22);
    assert_eq!(
        desk.maker.tile(&desk.map, &TileLayer::ALL, TileId { z: 23, x: home.x * 2, y: home.y * 2 }),
        None
    );

    let empty = MapBuilder::new().finish(0);
    let empty = empty.read(&common::ALL);
    let maker = TileMaker::new(&empty);
    for z in 0..=22 {
        assert_eq!(
            maker.tile(&empty, &TileLayer::ALL, TileId::of(E7::new(1_200_000_000, 310_000_000), z)),
            None
        );
    }
}

/// A map that reaches to the ends of the projection and of the world.
#[test]
fn the_ends_of_the_world() {
    for at in [E7::new(-1_800_000_000, 845_000_000), E7::new(1_799_000_000, -899_000_000)] {
        let city = City { at, cell: 100_000, cells: 8, ..city() };
        let map = city.build();
        let desk = Desk::new(&map);
        for z in [0, 1, 5, 9, 12] {
            let range = TileRange::covering(&desk.map.bounds(), z).unwrap();
            assert!(range.iter().all(|id| TileId::new(id.z, id.x, id.y).is_some()));
            let areas: usize = range.iter().map(|id| desk.features(TileLayer::Grid, id).len()).sum();
            assert!(areas > 0, "zoom {z}");
            let incidents = desk.all(TileLayer::Incident, z);
            let count: f64 = incidents.iter().map(|(_, f)| f.number("count").unwrap_or(1.0)).sum();
            assert_eq!(count, 60.0);
        }
    }
}

/// One area around everything: its inner tiles hold no edge, but they are its ground all the same.
#[test]
fn a_tile_without_an_edge_is_full() {
    let city = City { cell: 500_000, cells: 2, wiggles: 0, gaps: 0, ..city() };
    let map = city.build();
    let desk = Desk::new(&map);
    let inside = desk.map.layer(gridbeat_onemap::record::Side::Beat);
    let label = inside.label(inside.ids().find(|&id| inside.area(id).drawn).unwrap()).unwrap();
    for z in 14..=22 {
        let id = TileId::of(label, z);
        let tile = desk.maker.tile(&desk.map, &[TileLayer::Beat], id);
        let features = decode(tile.as_deref(), TileLayer::Beat);
        assert_eq!(features.len(), 1, "{id}");
        let common::Shape::Polygons(polygons) = &features[0].shape else { panic!("not a polygon") };
        let mut corners = polygons[0][0].clone();
        corners.sort_unstable();
        assert_eq!(corners, [(-64, -64), (-64, 4160), (4160, -64), (4160, 4160)]);
    }
}
