//! Where areas and pieces are drawn otherwise: outside of what is told, not a byte of any tile is.

#![allow(clippy::unwrap_used)] // How a test fails.

mod common;

use common::{ALL, City};
use gridbeat_onemap::{
    Bounds, E7, MapBuilder, MultiPolygon, OneMap, Polygon,
    record::{AreaRow, Fid, Level, Side},
};
use gridbeat_tiles::{
    Anew, Coarse, Footprint, Keep, MatrixSet, Redrawn, TileLayer, TileMaker, TileRange, TileRequest,
};
use proptest::prelude::*;

const WEB: MatrixSet = MatrixSet::WebMercatorQuad;

fn city(seed: u64, gaps: u64) -> City {
    wide_city(seed, gaps, 40_000)
}

fn wide_city(seed: u64, gaps: u64, cell: i32) -> City {
    City { seed, at: E7::new(1_203_000_000, 315_000_000), cell, cells: 8, wiggles: 4, gaps, points: 0 }
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
            let bent: Vec<E7> = ring.get(1..ring.len() / 6).unwrap_or_default().to_vec();
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

const SHOWN: [TileLayer; 4] = [TileLayer::Grid, TileLayer::Beat, TileLayer::Piece, TileLayer::Fault];

/// What is drawn otherwise, and the maker of the earlier map, of which there are tiles of every zoom in one matrix set.
fn redrawn(old: &OneMap, new: &OneMap) -> (Redrawn, TileMaker) {
    let (old, new) = (old.read(&ALL), new.read(&ALL));
    let maker = TileMaker::new(&old);
    for z in 0..14 {
        let id = TileRange::covering_in(WEB, &old.overlay().bounds(), z).unwrap().iter().next().unwrap();
        maker.tile(&old, &SHOWN, id);
    }
    (Redrawn::between((&old, &maker), (&new, &TileMaker::new(&new)), [true; 2]), maker)
}

/// At the deepest zooms a wide city has thousands of tiles.
fn step(z: u8) -> usize {
    if z < 15 { 1 } else { 7 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn tiles_elsewhere_are_the_same(
        seed in 0..1000_u64, gaps in prop_oneof![Just(0_u64), Just(9)],
        edits in prop::collection::vec(edit(), 0..4), cell in prop_oneof![Just(40_000), Just(400_000)],
    ) {
        let city = wide_city(seed, gaps, cell);
        let mut rows = city.areas();
        let old = build(&rows);
        edits.iter().for_each(|(at, edit)| apply(&mut rows, *at, edit));
        let new = build(&rows);
        let ground = Bounds { min: city.at, max: E7::new(city.at.lon + 8 * cell, city.at.lat + 8 * cell) };
        let (Redrawn { areas: [grids, beats], pieces, faults }, maker) = redrawn(&old, &new);
        let faults = Anew { places: faults, coarse: Vec::new() };
        let (old, new) = (old.read(&ALL), new.read(&ALL));
        let makers = [maker, TileMaker::new(&new)];
        let shown = [
            (vec![TileLayer::Grid, TileLayer::GridLine, TileLayer::GridLabel], grids),
            (vec![TileLayer::Beat, TileLayer::BeatLine, TileLayer::BeatLabel], beats),
            (vec![TileLayer::Piece], pieces),
            (vec![TileLayer::Fault], faults),
        ];
        for (layers, places) in shown {
            let footprint = Footprint::redrawn(places);
            for set in MatrixSet::ALL {
                for z in [0, 9, 11, 12, 13, 14, 15, 16] {
                    for id in TileRange::covering_in(set, &ground, z).unwrap().iter().step_by(step(z)) {
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
    let (redrawn, _) = redrawn(&build(&rows), &build(&changed));
    (rows, redrawn)
}

/// Places at zooms with every vertex, and at some zooms before those; of the other matrix set there is no tile.
fn anew(places: &[Bounds], zooms: std::ops::RangeInclusive<u8>) -> Anew {
    let at = |z| if zooms.contains(&z) { places.to_vec() } else { Vec::new() };
    let coarse = (0..14).map(|z| Coarse { places: at(z), whole: [false, true] }).collect();
    Anew { places: at(*zooms.end().max(&13)), coarse }
}

/// The same of pieces, which are drawn from zoom 11 on.
fn pieces_anew(places: &[Bounds]) -> Anew {
    let mut anew = anew(places, 11..=13);
    anew.coarse[..11].fill(Coarse::default());
    anew
}

/// The zooms before those with every vertex at which anything is drawn otherwise.
fn zooms(anew: &Anew) -> Vec<usize> {
    (0..14).filter(|&z| !anew.coarse[z].places.is_empty()).collect()
}

#[test]
fn only_what_differs_is_told() {
    let none = || anew(&[], 0..=13);
    let no_piece = pieces_anew(&[]);
    let nothing = Redrawn { areas: [none(), none()], pieces: no_piece.clone(), faults: Vec::new() };
    assert_eq!(after(|_| {}).1, nothing);
    // A name is written in the area, and in no piece. Before zoom 13 its community is shown.
    let (rows, redrawn) = after(|row| {
        if row.code == "grid003004" {
            row.name = Some("other".to_owned());
        }
    });
    let row = rows.into_iter().find(|(_, row)| row.code == "grid003004").unwrap().1;
    let grids = anew(&[row.geometry.unwrap().bounds()], 13..=13);
    assert_eq!(redrawn, Redrawn { areas: [grids, none()], ..nothing.clone() });
    // Of a parent, which is not shown where every vertex is.
    let (_, redrawn) = after(|row| {
        if row.level == Some(Level::Town) {
            row.name = Some("other".to_owned());
        }
    });
    let [grids, beats] = &redrawn.areas;
    assert_eq!(
        (zooms(grids), &grids.places, beats, &redrawn.pieces),
        (vec![9, 10], &vec![], &none(), &no_piece)
    );
    // Another parent of a parent makes borders of another level.
    let (_, redrawn) = after(|row| {
        if row.code == "grid-p0" {
            row.parent = Some("grid-m1".to_owned());
        }
    });
    let [grids, beats] = &redrawn.areas;
    assert_eq!((zooms(grids), grids.places.len(), beats), ((9..14).collect(), 16, &none()));
    // Without a level that there was, any border may be of another.
    let (_, redrawn) = after(|row| {
        if row.level == Some(Level::County) {
            row.level = Some(Level::City);
        }
    });
    let [grids, beats] = &redrawn.areas;
    assert!(grids.coarse.iter().all(|coarse| coarse.places.contains(&Bounds::WORLD)));
    assert_eq!((&grids.places, beats), (&vec![Bounds::WORLD], &none()));
}

/// What nobody has a tile of is not made to be compared.
#[test]
fn zooms_without_tiles_are_told_whole() {
    let rows = city(7, 0).areas();
    let (old, new) = (build(&rows), build(&rows));
    let (old, new) = (old.read(&ALL), new.read(&ALL));
    let maker = TileMaker::new(&old);
    let id = TileRange::covering_in(WEB, &old.overlay().bounds(), 12).unwrap().iter().next().unwrap();
    maker.tile(&old, &[TileLayer::Piece], id);
    let redrawn = Redrawn::between((&old, &maker), (&new, &TileMaker::new(&new)), [false, true]);
    let whole = |anew: &Anew| anew.coarse.iter().map(|c| c.whole[0]).collect::<Vec<_>>();
    assert_eq!(redrawn.areas[0], Anew::default());
    assert_eq!(whole(&redrawn.areas[1]), [true; 14]);
    assert_eq!(whole(&redrawn.pieces), (0..14).map(|z| z == 11 || z == 13).collect::<Vec<_>>());
    assert_eq!(redrawn.faults, [Bounds::WORLD]);
}

/// A square with its south-western corner so far east.
fn square(lon: i32) -> Vec<E7> {
    let corners = [(0, 0), (9000, 0), (9000, 9000), (0, 9000)];
    corners.map(|(x, y)| E7::new(1_203_000_000 + lon + x, 315_000_000 + y)).to_vec()
}

fn beats(squares: &[(&str, i32)]) -> OneMap {
    beats_of(squares.iter().map(|&(code, lon)| (code, square(lon))))
}

fn beats_of<'a>(rings: impl Iterator<Item = (&'a str, Vec<E7>)>) -> OneMap {
    let beat = |(n, (code, exterior)): (u64, (&str, Vec<E7>))| {
        let geometry = Some(MultiPolygon(vec![Polygon { exterior, holes: Vec::new() }]));
        (Side::Beat, AreaRow { fid: Fid(n), code: code.to_owned(), geometry, ..AreaRow::default() })
    };
    build(&(1..).zip(rings).map(beat).collect())
}

/// Ground as large as before, somewhere else, differs by its edges alone.
#[test]
fn ground_that_moved_is_told_where_it_was_and_is() {
    let (old, new) = (beats(&[("A", 0)]), beats(&[("A", 90_000)]));
    let area = |map: &OneMap| map.read(&ALL).layer(Side::Beat).areas()[0].area_m2;
    assert_eq!(area(&old), area(&new));
    let places = [0, 90_000].map(|lon| Bounds::of(&square(lon)));
    let (Redrawn { areas: [_, beats], pieces, faults }, _) = redrawn(&old, &new);
    assert_eq!([beats, pieces], [anew(&places, 0..=13), pieces_anew(&places)]);
    assert!(faults.is_empty());
}

/// A vertex of a border that did not change is kept where it was left out, because another border comes between it
/// and the line without it.
///
/// ```text
///  ───────╮ Z ╭──────        ───────╮ Z ╭──────
///     Y   ╰───╯        and      Y   │   │
///  ──────╲   ╱───────        ──────╲╰───╯╱─────
///     X    ╲╱                   X    ╲╱
/// ```
#[test]
fn what_a_neighbour_keeps_is_told_too() {
    let map = |tip: i32| {
        let at = |points: &[(i32, i32)]| -> Vec<E7> {
            points.iter().map(|(x, y)| E7::new(1_203_000_000 + x, 315_000_000 + y)).collect()
        };
        let below = [(100_000, 0), (52_000, 0), (50_000, -2000), (48_000, 0), (0, 0)];
        let above = [(0, 6000), (49_000, 6000), (50_000, tip), (51_000, 6000), (100_000, 6000)];
        let x = [&[(0, -50_000), (100_000, -50_000)], &below[..]].concat();
        let back = |line: &[(i32, i32)]| line.iter().rev().copied().collect::<Vec<_>>();
        let y = [back(&below), back(&above)].concat();
        let z = [&above[..], &[(100_000, 60_000), (0, 60_000)]].concat();
        beats_of([("X", at(&x)), ("Y", at(&y)), ("Z", at(&z))].into_iter())
    };
    let (old, new) = (map(3000), map(-1000));
    let beats = redrawn(&old, &new).0.areas[1].clone();
    let bounds = |code: &str| {
        let map = old.read(&ALL);
        map.layer(Side::Beat).areas().iter().find(|a| a.code == code).unwrap().bounds
    };
    let told = |places: &[Bounds]| ["X", "Y", "Z"].map(|code| places.contains(&bounds(code)));
    assert_eq!(told(&beats.places), [false, true, true]);
    assert_eq!(told(&beats.coarse[10].places), [true; 3]);
    // Where the vertex shows anyway.
    assert_eq!(told(&beats.coarse[13].places), [false, true, true]);
}

/// Two that lie over each other, and elsewhere two more: only these are moved, and what they share.
#[test]
fn faults_are_told_where_they_differ() {
    let map = |east| beats(&[("A", 0), ("B", 8000), ("C", 90_000), ("D", east)]);
    let overlap = |west, east| Bounds::of(&[square(west)[0], square(east)[2]]);
    let faults = |old, new| redrawn(&map(old), &map(new)).0.faults;
    assert_eq!(faults(97_000, 97_000), []);
    let shared = |east: i32| overlap(east, 90_000);
    assert_eq!(faults(97_000, 98_500), [shared(97_000), shared(98_500)]);
    assert_eq!(faults(97_000, 900_000), [shared(97_000)]);
    assert_eq!(faults(900_000, 97_000), [shared(97_000)]);
}
