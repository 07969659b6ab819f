//! Crosswalk and adjacency of random rasters, against counting cells.

use crate::raster::Raster;
use gridbeat_onemap::{
    AreaId, E7, MapBuilder, OneMap, Reader, Scope,
    crosswalk::{Asked, Pair, Within, crosswalk},
    geodesic::distance_m,
    mismatch::{Question, Rank, mismatch},
    query::{Budget, QueryError},
    record::{AddressRow, AreaRow, Fid, Level, Region, Side},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const WIDTH: usize = 6;
const SCALE: i32 = 1000;

/// Two layers on the same cells, and residents at the middle of each.
#[derive(Clone, Debug)]
struct Ground {
    grids: Raster,
    beats: Raster,
    residents: Vec<Option<u32>>,
}

fn ground() -> impl Strategy<Value = Ground> {
    let n = WIDTH * WIDTH;
    let cells = |areas: u8| prop::collection::vec(prop::option::weighted(0.9, 0..areas), n);
    let raster = |cells| Raster { width: WIDTH, cells, scale: SCALE, origin: (0, 0) };
    let residents = prop::collection::vec(prop::option::weighted(0.6, 0..4_u32), n);
    (cells(7), cells(5), residents).prop_map(move |(g, b, residents)| Ground {
        grids: raster(g),
        beats: raster(b),
        residents,
    })
}

/// The community of a grid: every third has none.
fn community(grid: u8) -> Option<u8> {
    (!grid.is_multiple_of(3)).then_some(grid % 2)
}

fn map(ground: &Ground) -> OneMap {
    let mut builder = MapBuilder::new();
    for mut row in ground.grids.rows(Side::Grid) {
        row.parent = community(row.fid.sequence() as u8 - 1).map(|c| format!("C{c}"));
        builder.area(Side::Grid, row);
    }
    for c in 0..2 {
        let (fid, region) = (Fid::new(Region(3202), 100 + c), Region(3202));
        let level = Some(Level::Community);
        builder.area(Side::Grid, AreaRow { fid, region, code: format!("C{c}"), level, ..AreaRow::default() });
    }
    ground.beats.rows(Side::Beat).into_iter().for_each(|r| builder.area(Side::Beat, r));
    for (i, residents) in ground.residents.iter().enumerate() {
        let Some(residents) = *residents else { continue };
        let (x, y) = ((i % WIDTH) as i32 * SCALE + SCALE / 2, (i / WIDTH) as i32 * SCALE + SCALE / 2);
        builder.address(&AddressRow {
            fid: Fid::new(Region(3202), i as u32 + 1),
            region: Region(3202),
            code: format!("A{i}"),
            text: String::new(),
            at: E7::new(x, y),
            residents,
            dwellings: 0,
            organisations: 0,
        });
    }
    builder.finish(1)
}

/// Cells, addresses and residents.
type Counts = [u64; 3];

/// What `Pair` should say, by code.
fn counted(
    ground: &Ground,
    grid_as: impl Fn(u8) -> Option<String>,
) -> BTreeMap<(Option<String>, Option<String>), Counts> {
    let mut pairs: BTreeMap<_, Counts> = BTreeMap::new();
    for (i, residents) in ground.residents.iter().enumerate() {
        let key =
            (ground.grids.cells[i].and_then(&grid_as), ground.beats.cells[i].map(|b| format!("B{b:03}")));
        if key != (None, None) {
            let counts = pairs.entry(key).or_default();
            counts[0] += 1;
            counts[1] += u64::from(residents.is_some());
            counts[2] += u64::from(residents.unwrap_or(0));
        }
    }
    pairs
}

fn code(reader: &Reader<'_>, side: Side, id: Option<AreaId>) -> Option<String> {
    id.map(|i| reader.layer(side).area(i).code.clone())
}

/// A cell's square metres: all are alike, to a millionth, so near the equator.
fn cell_m2() -> f64 {
    distance_m(E7::new(0, 0), E7::new(SCALE, 0)) * distance_m(E7::new(0, 0), E7::new(0, SCALE))
}

fn near(found: Option<f64>, part: u64, whole: u64) -> bool {
    match found {
        None => whole == 0,
        Some(share) => whole > 0 && (share - part as f64 / whole as f64).abs() < 1e-5,
    }
}

proptest! {
    #[test]
    fn pairs_are_what_the_cells_count(ground in ground(), communities in any::<bool>()) {
        let map = map(&ground);
        let scope = Scope::all();
        let reader = map.read(&scope);
        let level = communities.then_some(Level::Community);
        let pairs = crosswalk(&reader, &Asked { grid_level: level, ..Asked::default() }, &Budget::unlimited()).unwrap();
        let name = |g: u8| if communities { community(g).map(|c| format!("C{c}")) } else { Some(format!("G{g:03}")) };
        let expected = counted(&ground, name);
        let (mut of_grid, mut of_beat): (BTreeMap<_, Counts>, BTreeMap<_, Counts>) = Default::default();
        for ((g, b), counts) in &expected {
            for (k, n) in counts.iter().enumerate() {
                of_grid.entry(g.clone()).or_default()[k] += n;
                of_beat.entry(b.clone()).or_default()[k] += n;
            }
        }
        prop_assert_eq!(pairs.len(), expected.len());
        prop_assert!(pairs.windows(2).all(|w| (w[0].grid, w[0].beat) < (w[1].grid, w[1].beat)), "in order");
        for pair in &pairs {
            let (g, b) = (code(&reader, Side::Grid, pair.grid), code(&reader, Side::Beat, pair.beat));
            let counts = expected[&(g.clone(), b.clone())];
            prop_assert!((pair.area_m2 / cell_m2() - counts[0] as f64).abs() < 1e-4);
            prop_assert_eq!((pair.tally.addresses, pair.tally.residents), (counts[1], counts[2]));
            for (shares, whole) in [(pair.of_grid, g.is_some().then(|| of_grid[&g])), (pair.of_beat, b.is_some().then(|| of_beat[&b]))] {
                let whole = whole.unwrap_or_default();
                prop_assert!(near(shares.area, counts[0], whole[0]), "{:?} of {:?}", counts, whole);
                prop_assert!(near(shares.addresses, counts[1], whole[1]), "{:?} of {:?}", counts, whole);
                prop_assert!(near(shares.residents, counts[2], whole[2]), "{:?} of {:?}", counts, whole);
            }
            let piece = pair.piece.map(|p| reader.overlay().piece(p)).map(|p| (p.grid, p.beat));
            let drawn = !communities || pair.grid.is_none();
            // Without a community lie grids without one, too; then it is a piece only where no grid is.
            prop_assert!(piece.is_none_or(|p| drawn && p == (pair.grid, pair.beat)));
            prop_assert!(communities || piece.is_some());
        }
    }

    #[test]
    fn filters_leave_the_pairs_they_ask_for(ground in ground()) {
        let map = map(&ground);
        let scope = Scope::all();
        let reader = map.read(&scope);
        let all = crosswalk(&reader, &Asked::default(), &Budget::unlimited()).unwrap();
        if let Some(less) = (reader.overlay().pieces().len() as u64).checked_sub(1) {
            let short = crosswalk(&reader, &Asked::default(), &Budget::new(less));
            prop_assert_eq!(short, Err(QueryError::TooCostly { budget: less }));
        }
        let grids = reader.layer(Side::Grid);
        let kept = |keep: &dyn Fn(&Pair) -> bool| all.iter().filter(|p| keep(p)).cloned().collect::<Vec<_>>();
        for id in grids.ids() {
            let within = Asked { grids: Within::Area(id), ..Asked::default() };
            let below = |p: &Pair| p.grid.is_some_and(|g| grids.drawn_below(id).contains(&g));
            prop_assert_eq!(crosswalk(&reader, &within, &Budget::unlimited()).unwrap(), kept(&below));
        }
        let nowhere = Asked { grids: Within::Nowhere, ..Asked::default() };
        prop_assert_eq!(crosswalk(&reader, &nowhere, &Budget::unlimited()).unwrap(), kept(&|p| p.grid.is_none()));
        for id in reader.layer(Side::Beat).ids() {
            let within = Asked { beats: Within::Area(id), grids: Within::Nowhere, ..Asked::default() };
            prop_assert_eq!(crosswalk(&reader, &within, &Budget::unlimited()).unwrap(), kept(&|p| p.grid.is_none() && p.beat == Some(id)));
        }
    }

    /// Cells side by side, and cells corner to corner.
    #[test]
    fn neighbours_are_what_the_cells_are(ground in ground(), communities in any::<bool>()) {
        let map = map(&ground);
        let scope = Scope::all();
        let reader = map.read(&scope);
        let (grids, free) = (reader.layer(Side::Grid), Budget::unlimited());
        let name = |g: u8| match community(g) {
            Some(c) if communities => format!("C{c}"),
            _ => format!("G{g:03}"),
        };
        let at = |x: usize, y: usize| (x < WIDTH && y < WIDTH).then(|| ground.grids.cells[y * WIDTH + x].map(name)).flatten();
        // Numbers of common edges that run along the meridian and along the parallel.
        let mut expected: BTreeMap<(String, String), [i32; 2]> = BTreeMap::new();
        let mut touch = |a: Option<String>, b: Option<String>, edges: [i32; 2]| {
            if let (Some(a), Some(b)) = (a, b) && a != b {
                let counts = expected.entry(if a < b { (a, b) } else { (b, a) }).or_default();
                counts[0] += edges[0];
                counts[1] += edges[1];
            }
        };
        for y in 0..WIDTH {
            for x in 0..WIDTH {
                touch(at(x, y), at(x + 1, y), [1, 0]);
                touch(at(x, y), at(x, y + 1), [0, 1]);
                touch(at(x, y), at(x + 1, y + 1), [0, 0]);
                touch(at(x + 1, y), at(x, y + 1), [0, 0]);
            }
        }
        let (north, east) = (distance_m(E7::new(0, 0), E7::new(0, SCALE)), distance_m(E7::new(0, 0), E7::new(SCALE, 0)));
        let all = grids.adjacency(communities.then_some(Level::Community), &free).unwrap();
        let code = |id: AreaId| grids.area(id).code.clone();
        let mut found = BTreeSet::new();
        for (a, b, metres) in all.pairs() {
            let key = (code(a).min(code(b)), code(a).max(code(b)));
            let counts = expected.get(&key).copied();
            prop_assert!(counts.is_some(), "{:?} do not touch", key);
            let wanted = counts.map_or(0.0, |c| f64::from(c[0]) * north + f64::from(c[1]) * east);
            prop_assert!((metres - wanted).abs() < 1e-3, "{:?}: {} m, {} expected", key, metres, wanted);
            prop_assert_eq!(metres == 0.0, wanted == 0.0);
            found.insert(key);
        }
        prop_assert_eq!(found.len(), expected.len(), "{:?} of {:?}", found, expected);
        for id in grids.ids().filter(|&id| grids.area(id).drawn != communities) {
            prop_assert_eq!(grids.neighbours(id, &free).unwrap(), all.of(id));
        }
        let pieces = reader.overlay().adjacency(&free).unwrap();
        for id in reader.overlay().ids() {
            prop_assert_eq!(reader.overlay().neighbours(id, &free).unwrap(), pieces.of(id));
        }
    }

    #[test]
    fn what_is_cut_off_is_what_the_cells_count(ground in ground(), by in prop_oneof![
        Just(Rank::Share), Just(Rank::Residents), Just(Rank::Area)
    ]) {
        let map = map(&ground);
        let scope = Scope::all();
        let reader = map.read(&scope);
        let question =
            Question { side: Side::Grid, level: None, other_level: None, within: Within::Anywhere, by };
        let ranked = mismatch(&reader, &question, &Budget::unlimited()).unwrap();
        let pairs = counted(&ground, |g| Some(format!("G{g:03}")));
        let grids: BTreeSet<&String> = pairs.keys().filter_map(|k| k.0.as_ref()).collect();
        prop_assert_eq!(ranked.len(), grids.len());
        for m in &ranked {
            let grid = code(&reader, Side::Grid, Some(m.area));
            let parts: Vec<_> = pairs.iter().filter(|(k, _)| k.0 == grid).collect();
            let sum = |column: usize, of: &dyn Fn(&Option<String>) -> bool| -> u64 {
                parts.iter().filter(|(k, _)| of(&k.1)).map(|(_, c)| c[column]).sum()
            };
            let main = code(&reader, Side::Beat, m.main);
            let elsewhere = |beat: &Option<String>| beat.is_none() || *beat != main;
            prop_assert_eq!(m.tally.residents, sum(2, &|_| true));
            prop_assert_eq!(m.cut_tally.residents, sum(2, &elsewhere));
            prop_assert_eq!(m.cut_tally.addresses, sum(1, &elsewhere));
            prop_assert_eq!((m.counterparts + m.slivers) as usize, parts.iter().filter(|(k, _)| k.1.is_some()).count());
            // No other beat has more.
            let most = parts.iter().filter(|(k, _)| k.1.is_some()).map(|(_, c)| (c[2], c[0])).max();
            let has = |beat: &Option<String>| *beat == main && beat.is_some();
            prop_assert_eq!(most.unwrap_or((0, 0)), (sum(2, &has), sum(0, &has)));
            let (column, whole) = if m.tally.residents > 0 { (2, m.tally.residents) } else { (0, sum(0, &|_| true)) };
            prop_assert!((m.cut - sum(column, &elsewhere) as f64 / whole as f64).abs() < 1e-5);
            prop_assert!((m.uncovered_m2 / cell_m2() - sum(0, &Option::is_none) as f64).abs() < 1e-3);
        }
        let in_order = ranked.windows(2).all(|w| match by {
            Rank::Share => w[0].cut >= w[1].cut,
            Rank::Residents => w[0].cut_tally.residents >= w[1].cut_tally.residents,
            Rank::Area => w[0].cut_m2 >= w[1].cut_m2,
        });
        prop_assert!(in_order);
    }
}
