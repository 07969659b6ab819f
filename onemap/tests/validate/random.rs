//! Random layers of rectangles on a raster of cells, where everything can be counted.

use crate::draw::{METRE, check, kinds, layer};
use gridbeat_onemap::{
    E7, Layer, MultiPolygon, Polygon,
    coverage::{Finding, FindingKind, Severity},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Cells in a row and in a column.
const SIZE: i32 = 14;
/// Side of a cell: 20 m, so that no cell is a sliver.
const CELL: i32 = 20 * METRE;

type Rectangle = (i32, i32, i32, i32);

fn ground((x, y, w, h): Rectangle) -> Polygon {
    let at = |x: i32, y: i32| E7::new(x * CELL, y * CELL);
    Polygon { exterior: vec![at(x, y), at(x + w, y), at(x + w, y + h), at(x, y + h)], holes: vec![] }
}

fn holds((x, y, w, h): Rectangle, cell: (i32, i32)) -> bool {
    (x..x + w).contains(&cell.0) && (y..y + h).contains(&cell.1)
}

fn cells() -> impl Iterator<Item = (i32, i32)> {
    (-1..=SIZE).flat_map(|x| (-1..=SIZE).map(move |y| (x, y)))
}

fn area_cells(finding: &Finding) -> i128 {
    finding.ground().map_or(0, MultiPolygon::area2) / (2 * i128::from(CELL) * i128::from(CELL))
}

/// Pieces of unclaimed ground that the outside does not reach over sides of cells.
fn enclosed(claimed: impl Fn((i32, i32)) -> bool) -> Vec<BTreeSet<(i32, i32)>> {
    let mut free: BTreeSet<(i32, i32)> = cells().filter(|&c| !claimed(c)).collect();
    let mut pieces = Vec::new();
    while let Some(&start) = free.first() {
        let (mut piece, mut todo) = (BTreeSet::new(), vec![start]);
        while let Some(c) = todo.pop() {
            if free.remove(&c) {
                piece.insert(c);
                todo.extend([(c.0 + 1, c.1), (c.0 - 1, c.1), (c.0, c.1 + 1), (c.0, c.1 - 1)]);
            }
        }
        // The frame around the raster is unclaimed and first.
        pieces.push(piece);
    }
    pieces.into_iter().filter(|p| !p.contains(&(-1, -1))).collect()
}

fn rectangles() -> impl Strategy<Value = Vec<Rectangle>> {
    prop::collection::vec((0..SIZE - 1, 0..SIZE - 1, 1..7_i32, 1..7_i32), 1..14).prop_map(|all| {
        all.into_iter().map(|(x, y, w, h)| (x, y, w.min(SIZE - x), h.min(SIZE - y))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Claimants by brute force, cell by cell; every claimed set must be found with exactly its ground,
    /// and every enclosed gap.
    #[test]
    fn overlaps_and_gaps_are_those_of_the_raster(drawn in rectangles()) {
        let layer = layer(drawn.iter().map(|&r| MultiPolygon(vec![ground(r)])));
        let mut claims: BTreeMap<Vec<u32>, i128> = BTreeMap::new();
        for cell in cells() {
            let claimants: Vec<u32> =
                (0..).zip(&drawn).filter(|(_, r)| holds(**r, cell)).map(|(i, _)| i).collect();
            if claimants.len() > 1 {
                *claims.entry(claimants).or_default() += 1;
            }
        }
        let mut found_claims: BTreeMap<Vec<u32>, i128> = BTreeMap::new();
        let found = check(&layer);
        for f in found.iter().filter(|f| f.kind == FindingKind::Overlap) {
            *found_claims.entry(f.areas.iter().map(|a| a.0).collect()).or_default() += area_cells(f);
            prop_assert_eq!(f.severity, Severity::Error);
            prop_assert_eq!(f.ground().unwrap().0.len(), 1, "each connected piece by itself");
        }
        prop_assert_eq!(found_claims, claims);

        let mut gaps: Vec<i128> =
            enclosed(|c| drawn.iter().any(|&r| holds(r, c))).iter().map(|p| p.len() as i128).collect();
        let mut found_gaps: Vec<i128> =
            found.iter().filter(|f| f.kind == FindingKind::Gap).map(area_cells).collect();
        gaps.sort_unstable();
        found_gaps.sort_unstable();
        prop_assert_eq!(found_gaps, gaps);
    }

    /// Cells dealt out to areas: a coverage. Nothing is found but areas in several parts, and where a
    /// cell was left out, gaps.
    #[test]
    fn a_clean_coverage_gives_no_finding(owners in prop::collection::vec(0..9_u8, (SIZE * SIZE) as usize)) {
        let mut areas: BTreeMap<u8, Vec<Polygon>> = BTreeMap::new();
        for (i, owner) in (0..).zip(&owners) {
            areas.entry(*owner).or_default().push(ground((i % SIZE, i / SIZE, 1, 1)));
        }
        let found = check(&layer(areas.into_values().map(MultiPolygon)));
        prop_assert!(found.iter().all(|f| f.kind == FindingKind::MultiPart), "{:?}", kinds(&found));
    }

    /// Nine squares, one of which slipped to the east or west: it lies over its neighbour on one side
    /// and leaves a slit on the other.
    #[test]
    fn an_area_that_slipped_is_found_on_both_sides(
        slipped in 0..9_usize,
        by in (1..60_i32, any::<bool>()),
    ) {
        let units = if by.1 { by.0 } else { -by.0 };
        let mut shapes: Vec<MultiPolygon> =
            (0..9).map(|i| MultiPolygon(vec![ground((i % 3 * 4, i / 3 * 4, 4, 4))])).collect();
        for p in &mut shapes[slipped].0[0].exterior {
            p.lon += units;
        }
        let layer: Layer = layer(shapes);
        let found = check(&layer);
        let east = slipped % 3 < 2 && units > 0;
        let west = slipped % 3 > 0 && units < 0;
        let overlap: i128 = found
            .iter()
            .filter(|f| f.kind == FindingKind::Overlap)
            .map(|f| f.ground().unwrap().area2())
            .sum();
        let strip = 2 * i128::from(units.abs()) * i128::from(4 * CELL);
        prop_assert_eq!(overlap, if east || west { strip } else { 0 });
        // On the other side a slit of the same size, where a neighbour lies across: open to the outside
        // in the outer rows, enclosed in the middle.
        let slit: i128 = found
            .iter()
            .filter(|f| matches!(f.kind, FindingKind::Gap | FindingKind::NarrowGap))
            .map(|f| f.ground().unwrap().area2())
            .sum();
        let across = if units > 0 { slipped % 3 > 0 } else { slipped % 3 < 2 };
        // Two units are taken for rounding where the slit is open.
        if across && units.abs() > 2 {
            prop_assert_eq!(slit, strip);
        } else if !across {
            prop_assert_eq!(slit, 0);
        }
    }
}
