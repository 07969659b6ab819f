//! The tiles of a footprint as few rectangles.
//!
//! At each zoom the rectangles of all places are cut into the rows of tiles between any two of their edges, in each
//! of which columns that touch are joined; then what is the same in rows that touch is joined:
//!
//! ```text
//!  ┌──────┐                 ┌──────┐            ┌──────┐
//!  │   ┌──┼───┐             ├──────┴───┐        ├──────┴───┐
//!  │   │  │   │      →      ├──────────┤   →    │          │
//!  └───┼──┘   │             ├───┬──────┤        ├───┬──────┤
//!      └──────┘                 └──────┘            └──────┘
//! ```

use super::{Footprint, Spread};
use crate::{
    matrix_set::MatrixSet,
    tile_id::{MAX_ZOOM, TileRange},
};

/// Parts of rows that are looked at for one zoom; with more, it is too much to be told.
const WORK: usize = 1 << 18;

/// Columns, ends included, in one row of rows.
type Run = (usize, u32, u32);

impl Footprint {
    /// The tiles that show any of the places, zoom by zoom, as rectangles that do not overlap: at most `most`, but
    /// for one each zoom. Where that is too few to name them exactly, all deeper zooms have the tiles below those
    /// of the last one that was, and one of the first zooms the box around its tiles: some too many, never one too few.
    pub fn ranges(&self, set: MatrixSet, most: usize) -> Vec<TileRange> {
        let first = self.coarse.len() as u8;
        // Half of them for the first zooms, if these have places of their own.
        let (each, most) = match usize::from(first) {
            0 => (0, most),
            zooms => (most / 2 / zooms, most / 2),
        };
        let mut all: Vec<TileRange> = Vec::new();
        for (z, spread) in (0..).zip(&self.coarse) {
            match spread.ranges_at(set, z).filter(|here| here.len() <= each) {
                Some(here) => all.extend(here),
                None => all.extend(spread.near(set, z).reduce(around)),
            }
        }
        all.extend(self.fine.ranges_from(set, first, most));
        all
    }
}

impl Spread {
    /// The tiles of a zoom and all deeper ones.
    fn ranges_from(&self, set: MatrixSet, first: u8, most: usize) -> Vec<TileRange> {
        let mut all: Vec<TileRange> = Vec::new();
        let mut last: Vec<TileRange> = Vec::new();
        for z in 0..=MAX_ZOOM {
            let here = self.ranges_at(set, z);
            // So many that those below them could be named for every deeper zoom.
            let zooms = usize::from(MAX_ZOOM - z.max(first)) + 1;
            match here.filter(|here| z == 0 || all.len() + here.len() * zooms <= most) {
                Some(here) => {
                    if z >= first {
                        all.extend(&here);
                    }
                    last = here;
                }
                None => {
                    let deeper = z.max(first)..=MAX_ZOOM;
                    all.extend(deeper.flat_map(|z| last.iter().map(move |range| below(range, z))));
                    break;
                }
            }
        }
        all
    }

    /// The tiles of one zoom; `None` if to find out is too much work.
    fn ranges_at(&self, set: MatrixSet, z: u8) -> Option<Vec<TileRange>> {
        let mut found: Vec<TileRange> = self.near(set, z).collect();
        found.sort_unstable_by_key(|r| (r.y0, r.x0, r.y1, r.x1));
        found.dedup();
        let mut edges: Vec<u32> = found.iter().flat_map(|r| [r.y0, r.y1 + 1]).collect();
        edges.sort_unstable();
        edges.dedup();
        let row = |y: u32| edges.partition_point(|&edge| edge < y);
        let mut runs: Vec<Run> = Vec::with_capacity(found.len());
        for r in &found {
            let rows = row(r.y0)..row(r.y1 + 1);
            if runs.len() + rows.len() > WORK {
                return None;
            }
            runs.extend(rows.map(|row| (row, r.x0, r.x1)));
        }
        runs.sort_unstable();
        let mut ranges: Vec<TileRange> = Vec::new();
        // The ranges that end with the row before, by column.
        let mut above = 0..0;
        for runs in joined(runs).chunk_by(|a, b| a.0 == b.0) {
            let (y0, y1) = (edges[runs[0].0], edges[runs[0].0 + 1] - 1);
            let mut here = Vec::with_capacity(runs.len());
            let mut open = above.clone();
            for &(_, x0, x1) in runs {
                while open.start < open.end && ranges[open.start].x0 < x0 {
                    open.start += 1;
                }
                let same = ranges[open.clone()].first();
                let grown = same.filter(|r| (r.x0, r.x1, r.y1 + 1) == (x0, x1, y0)).map(|r| r.y0);
                here.push(TileRange { z, x0, y0: grown.unwrap_or(y0), x1, y1 });
                if grown.is_some() {
                    // It goes on in the row here.
                    ranges[open.start].y0 = u32::MAX;
                }
            }
            above = ranges.len()..ranges.len() + here.len();
            ranges.extend(here);
        }
        ranges.retain(|r| r.y0 != u32::MAX);
        Some(ranges)
    }
}

/// The tiles around two ranges of one zoom.
fn around(a: TileRange, b: TileRange) -> TileRange {
    let (x0, y0) = (a.x0.min(b.x0), a.y0.min(b.y0));
    TileRange { z: a.z, x0, y0, x1: a.x1.max(b.x1), y1: a.y1.max(b.y1) }
}

/// Runs, which are in order, of which none touches the next.
fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
    for (row, x0, x1) in runs {
        match joined.last_mut() {
            Some(last) if last.0 == row && x0 <= last.2 + 1 => last.2 = last.2.max(x1),
            _ => joined.push((row, x0, x1)),
        }
    }
    joined
}

/// The tiles of a deeper zoom, or the same one, in those of a range.
fn below(range: &TileRange, z: u8) -> TileRange {
    let down = z - range.z;
    let last = |v: u32| ((v + 1) << down) - 1;
    TileRange { z, x0: range.x0 << down, y0: range.y0 << down, x1: last(range.x1), y1: last(range.y1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        redrawn::{Anew, Coarse},
        tile_id::TileId,
    };
    use gridbeat_onemap::{Bounds, E7};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const WEB: MatrixSet = MatrixSet::WebMercatorQuad;

    fn point(lon: i32, lat: i32) -> Bounds {
        Bounds { min: E7::new(lon, lat), max: E7::new(lon, lat) }
    }

    /// The middle of a tile.
    fn in_tile(z: u8, x: u32, y: u32) -> Bounds {
        let b = TileId { z, x, y }.bounds();
        let middle = |a: i32, b: i32| a + (b - a) / 2;
        point(middle(b.min.lon, b.max.lon), middle(b.min.lat, b.max.lat))
    }

    fn at(z: u8, tiles: &[(u32, u32)]) -> Vec<[u32; 4]> {
        let footprint = Footprint::new(tiles.iter().map(|&(x, y)| in_tile(z, x, y)).collect());
        footprint.fine.ranges_at(WEB, z).unwrap().iter().map(|r| [r.x0, r.y0, r.x1, r.y1]).collect()
    }

    #[test]
    fn tiles_that_touch_are_one_range() {
        assert_eq!(at(10, &[(5, 5), (6, 5), (7, 5), (5, 6), (7, 6), (6, 6), (5, 6)]), [[5, 5, 7, 6]]);
        assert_eq!(at(10, &[(5, 5), (7, 5)]), [[5, 5, 5, 5], [7, 5, 7, 5]]);
        // A corner is no side, and a row without any parts what is the same above and below.
        assert_eq!(at(10, &[(5, 5), (6, 6)]), [[5, 5, 5, 5], [6, 6, 6, 6]]);
        assert_eq!(at(10, &[(5, 5), (5, 7)]), [[5, 5, 5, 5], [5, 7, 5, 7]]);
        assert_eq!(at(10, &[(5, 5), (5, 6), (6, 6), (5, 7)]), [[5, 5, 5, 5], [5, 6, 6, 6], [5, 7, 5, 7]]);
        assert_eq!(at(10, &[]), [[0_u32; 4]; 0]);
    }

    #[test]
    fn the_world_is_one_range_a_zoom() {
        let ranges = Footprint::new(vec![Bounds::WORLD, point(0, 0)]).ranges(WEB, 100);
        assert_eq!(ranges, (0..=MAX_ZOOM).map(TileRange::whole).collect::<Vec<_>>());
        assert!(Footprint::default().ranges(WEB, 100).is_empty());
    }

    #[test]
    fn the_first_zooms_have_places_of_their_own() {
        let (place, other) = (in_tile(16, 54_000, 26_000), in_tile(16, 20_000, 20_000));
        let own = |z: u8| match z {
            3 => Coarse { places: vec![other], whole: [false; 2] },
            5 => Coarse { places: vec![other], whole: [true, false] },
            _ => Coarse::default(),
        };
        let footprint = Footprint::redrawn(Anew { places: vec![place], coarse: (0..14).map(own).collect() });
        let one = |place, z| TileRange::showing_in(WEB, &place, z).unwrap();
        let mut expected = vec![one(other, 3), TileRange::whole(5)];
        expected.extend((14..=MAX_ZOOM).map(|z| one(place, z)));
        assert_eq!(footprint.ranges(WEB, 100), expected);
        let grid = MatrixSet::ALL[1];
        assert_eq!(footprint.ranges(grid, 100)[1], TileRange::showing_in(grid, &other, 5).unwrap());
        for z in 0..=MAX_ZOOM {
            for place in [place, other] {
                let TileRange { x0: x, y0: y, .. } = one(place, z);
                let told = expected.iter().any(|range| range.contains(TileId { z, x, y }));
                assert_eq!(footprint.shows(WEB, TileId { z, x, y }), told, "{z}");
            }
        }
        let few = Footprint::redrawn(Anew { places: Vec::new(), coarse: vec![Coarse::default(); 14] });
        assert!(few.is_empty() && few.ranges(WEB, 100).is_empty());
    }

    #[test]
    fn too_many_places_of_a_first_zoom_are_told_by_the_box_around_them() {
        let all = scattered(30);
        let places = || all.fine.places.clone();
        let own = |z| Coarse { places: if z == 13 { places() } else { Vec::new() }, whole: [false; 2] };
        let footprint = Footprint::redrawn(Anew { places: places(), coarse: (0..14).map(own).collect() });
        let ranges = footprint.ranges(WEB, 2000);
        let exact = all.ranges(WEB, usize::MAX);
        let at = |ranges: &[TileRange], z| ranges.iter().filter(|r| r.z == z).copied().collect::<Vec<_>>();
        assert_eq!(at(&ranges, 13), [at(&exact, 13).into_iter().reduce(around).unwrap()]);
        // Where there is no more room either, what is told holds all that there is.
        for z in 14..=MAX_ZOOM {
            let told = at(&ranges, z);
            let holds = |r: &TileRange| {
                told.iter().any(|t| t.x0 <= r.x0 && t.y0 <= r.y0 && t.x1 >= r.x1 && t.y1 >= r.y1)
            };
            assert!(at(&exact, z).iter().all(holds), "{z}");
        }
        assert!(ranges.len() < 1100, "{}", ranges.len());
    }

    /// Points that are all in different tiles from some zoom on.
    fn scattered(n: i32) -> Footprint {
        let places = (0..n * n).map(|i| point(1_200_000_000 + i % n * 30_000, 310_000_000 + i / n * 30_000));
        Footprint::new(places.collect())
    }

    #[test]
    fn what_is_too_much_is_told_coarser() {
        let footprint = scattered(30);
        let exact = footprint.ranges(WEB, usize::MAX);
        for most in [100, 500, 2000, exact.len() - 1] {
            let ranges = footprint.ranges(WEB, most);
            assert!(ranges.len() <= most && ranges.len() > most / 20, "{} of {most}", ranges.len());
            // Each zoom is there, and is either exact or all below the one before.
            let of =
                |ranges: &[TileRange], z| ranges.iter().filter(|r| r.z == z).copied().collect::<Vec<_>>();
            let first = (0..=MAX_ZOOM).find(|&z| of(&ranges, z) != of(&exact, z)).unwrap();
            assert!(first > 5, "{first}");
            for z in first..=MAX_ZOOM {
                let above = of(&ranges, first - 1);
                assert_eq!(of(&ranges, z), above.iter().map(|r| below(r, z)).collect::<Vec<_>>());
            }
        }
        assert_eq!(footprint.ranges(WEB, exact.len() * 23), exact);
    }

    proptest! {
        #[test]
        fn no_tile_is_missing_and_none_told_twice(
            places in prop::collection::vec(
                ((0..3_000_000_i32, 0..3_000_000_i32), prop_oneof![Just(0), 0..300_000_i32]), 0..40,
            ),
            z in 8..=15_u8, most in prop_oneof![Just(30_usize), Just(200), Just(usize::MAX / 64)],
        ) {
            let places = places.into_iter().map(|((lon, lat), side)| {
                let min = E7::new(1_200_000_000 + lon, 310_000_000 + lat);
                Bounds { min, max: E7::new(min.lon + side, min.lat + side / 2) }
            });
            let footprint = Footprint::new(places.collect());
            for set in MatrixSet::ALL {
                let expected: BTreeSet<TileId> =
                    footprint.fine.near(set, z).flat_map(|range| range.iter().collect::<Vec<_>>()).collect();
                let all = footprint.ranges(set, most);
                prop_assert!(all.len() <= most);
                let here: Vec<TileId> = all.iter().filter(|r| r.z == z).flat_map(TileRange::iter).collect();
                let told: BTreeSet<TileId> = here.iter().copied().collect();
                prop_assert_eq!(told.len(), here.len());
                prop_assert!(told.is_superset(&expected));
                if most > 1000 {
                    prop_assert_eq!(told, expected);
                }
            }
        }
    }
}
