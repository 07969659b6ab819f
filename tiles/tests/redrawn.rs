//! Where areas and pieces are drawn otherwise: outside of what is told, not a byte of any tile is.

#![allow(clippy::unwrap_used)] // How a test fails.

mod common;

use common::{ALL, City};
use gridbeat_onemap::{
    Bounds, E7, MapBuilder, MultiPolygon, OneMap, Polygon,
    record::{AreaRow, Fid, Level, Side},
};
use gridbeat_tiles::{
    Anew, Footprint, Keep, MatrixSet, Redrawn, TileLayer, TileMaker, TileRange, TileRequest,
};
use proptest::prelude::*;

fn city(seed: u64, gaps: u64) -> City {
    City {
        seed,
        at: E7::new(1_203_000_000, 315_000_000),
        cell: 40_000,
        cells: 8,
        wiggles: 4,
        gaps,
        points: 0,
    }
}

type Rows = Vec<(Side, AreaRow)>;

fn build(rows: &Rows) -> OneMap {
    let mut builder = MapBuilder::new();
    rows.iter().for_each(|(side, row)| builder.area(*side, row.clone()));
    builder.finish(1)
}

/// What somebody does to an area.
#[derive(Clone, Debug)]
enum Edit {
    Rename,
    Recode,
    Remove,
    /// Under the parent of another.
    Move(usize),
    /// Some vertices go somewhere else, in the drawings of all that have them.
    Bend(i32, i32),
    /// It has the ground of another too, or instead.
    Take(usize, bool),
    /// Its ground comes to nearly nothing.
    Shrink,
}

fn edit() -> impl Strategy<Value = (usize, Edit)> {
    let side = || -9000..9000_i32;
    let edit = prop_oneof![
        Just(Edit::Rename),
        Just(Edit::Recode),
        Just(Edit::Remove),
        any::<usize>().prop_map(Edit::Move),
        (side(), side()).prop_map(|(x, y)| Edit::Bend(x, y)),
        (any::<usize>(), any::<bool>()).prop_map(|(n, too)| Edit::Take(n, too)),
        Just(Edit::Shrink),
    ];
    (any::<usize>(), edit)
}

fn apply(rows: &mut Rows, at: usize, edit: &Edit) {
    let at = at % rows.len();
    let side = rows[at].0;
    match *edit {
        Edit::Rename => rows[at].1.name = Some("other".to_owned()),
        Edit::Recode => rows[at].1.code += "x",
        Edit::Remove => drop(rows.remove(at)),
        Edit::Move(n) => rows[at].1.parent = rows[n % rows.len()].1.parent.clone(),
        Edit::Bend(x, y) => {
            let Some(ground) = &rows[at].1.geometry else { return };
            let ring = &ground.0[0].exterior;
            let bent: Vec<E7> = ring[1..ring.len() / 6].to_vec();
            let of_side = rows.iter_mut().filter(|(s, _)| *s == side);
            let polygons = of_side.filter_map(|(_, row)| row.geometry.as_mut()).flat_map(|g| &mut g.0);
            for p in polygons.flat_map(|p| &mut p.exterior).filter(|p| bent.contains(p)) {
                *p = E7::new(p.lon + x, p.lat + y);
            }
        }
        Edit::Take(n, too) => {
            let Some(other) = rows[n % rows.len()].1.geometry.clone() else { return };
            if let Some(own) = &mut rows[at].1.geometry {
                if !too {
                    own.0.clear();
                }
                own.0.extend(other.0);
            }
        }
        Edit::Shrink => {
            if let Some(own) = &mut rows[at].1.geometry {
                let ring = &mut own.0[0].exterior;
                ring.truncate(3);
            }
        }
    }
}

fn redrawn(old: &OneMap, new: &OneMap) -> Redrawn {
    let (old, new) = (old.read(&ALL), new.read(&ALL));
    Redrawn::between((&old, &TileMaker::new(&old)), (&new, &TileMaker::new(&new)), [true; 2])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn tiles_elsewhere_are_the_same(
        seed in 0..1000_u64, gaps in prop_oneof![Just(0_u64), Just(9)],
        edits in prop::collection::vec(edit(), 0..4),
    ) {
        let mut rows = city(seed, gaps).areas();
        let old = build(&rows);
        edits.iter().for_each(|(at, edit)| apply(&mut rows, *at, edit));
        let new = build(&rows);
        let Redrawn { areas: [grids, beats], pieces } = redrawn(&old, &new);
        let (old, new) = (old.read(&ALL), new.read(&ALL));
        let makers = [TileMaker::new(&old), TileMaker::new(&new)];
        let shown = [
            (vec![TileLayer::Grid, TileLayer::GridLine, TileLayer::GridLabel], grids),
            (vec![TileLayer::Beat, TileLayer::BeatLine, TileLayer::BeatLabel], beats),
            (vec![TileLayer::Piece], pieces),
        ];
        let (corner, side) = (city(0, 0).at, 40_000 * 8);
        let ground = Bounds { min: corner, max: E7::new(corner.lon + side, corner.lat + side) };
        for (layers, places) in shown {
            let footprint = Footprint::redrawn(places);
            for set in MatrixSet::ALL {
                for z in [0, 12, 14, 15, 16] {
                    for id in TileRange::covering_in(set, &ground, z).unwrap().iter() {
                        if footprint.shows(set, id) {
                            continue;
                        }
                        let asked = TileRequest { set, id, layers: &layers, keep: Keep::ALL };
                        let tiles = (makers[0].make(&old, &asked), makers[1].make(&new, &asked));
                        prop_assert!(tiles.0 == tiles.1, "{:?} {} {:?}", layers, id, set);
                    }
                }
            }
        }
    }
}

/// Rows of a city, and what is drawn otherwise after a change to those of one side.
fn after(change: impl Fn(&mut AreaRow)) -> (Rows, Redrawn) {
    let rows = city(7, 0).areas();
    let mut changed = rows.clone();
    changed.iter_mut().filter(|(side, _)| *side == Side::Grid).for_each(|(_, row)| change(row));
    let redrawn = redrawn(&build(&rows), &build(&changed));
    (rows, redrawn)
}

#[test]
fn only_what_differs_is_told() {
    // Whoever asks knows that nothing differs, if so.
    let areas = |places| Anew { places, coarse: true };
    let nothing = Redrawn { areas: [areas(Vec::new()), areas(Vec::new())], pieces: Anew::default() };
    assert_eq!(after(|_| {}).1, nothing);
    // A name is written in the area, and in no piece.
    let (rows, redrawn) = after(|row| {
        if row.code == "grid003004" {
            row.name = Some("other".to_owned());
        }
    });
    let row = rows.into_iter().find(|(_, row)| row.code == "grid003004").unwrap().1;
    let grids = areas(vec![row.geometry.unwrap().bounds()]);
    assert_eq!(redrawn, Redrawn { areas: [grids, areas(Vec::new())], ..nothing.clone() });
    // Of a parent, which is not shown where every vertex is.
    let renamed = after(|row| {
        if row.level == Some(Level::Town) {
            row.name = Some("other".to_owned());
        }
    });
    assert_eq!(renamed.1, nothing);
    // Another parent of a parent makes borders of another level.
    let (_, redrawn) = after(|row| {
        if row.code == "grid-p0" {
            row.parent = Some("grid-m1".to_owned());
        }
    });
    assert_eq!((redrawn.areas[0].places.len(), redrawn.areas[1].places.len()), (16, 0));
    // Without a level that there was, any border may be of another.
    let (_, redrawn) = after(|row| {
        if row.level == Some(Level::County) {
            row.level = Some(Level::City);
        }
    });
    assert_eq!(redrawn.areas, [areas(vec![Bounds::WORLD]), areas(Vec::new())]);
}

/// Ground as large as before, somewhere else, differs by its edges alone.
#[test]
fn ground_that_moved_is_told_where_it_was_and_is() {
    let square = |lon: i32| {
        let corners = [(0, 0), (9000, 0), (9000, 9000), (0, 9000)];
        corners.map(|(x, y)| E7::new(1_203_000_000 + lon + x, 315_000_000 + y)).to_vec()
    };
    let map = |lon| {
        let polygon = Polygon { exterior: square(lon), holes: Vec::new() };
        let geometry = Some(MultiPolygon(vec![polygon]));
        let row = AreaRow { fid: Fid(1), code: "A".to_owned(), geometry, ..AreaRow::default() };
        build(&vec![(Side::Beat, row)])
    };
    let (old, new) = (map(0), map(90_000));
    let area = |map: &OneMap| map.read(&ALL).layer(Side::Beat).areas()[0].area_m2;
    assert_eq!(area(&old), area(&new));
    let places = [0, 90_000].map(|lon| Bounds::of(&square(lon))).to_vec();
    let Redrawn { areas: [_, beats], pieces } = redrawn(&old, &new);
    let anew = Anew { places, coarse: true };
    assert_eq!([beats, pieces], [anew.clone(), anew]);
}
