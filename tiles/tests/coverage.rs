//! Boundaries in tiles: valid polygons that share every edge, inside a tile and across its border.

mod common;

use common::{City, Desk, Feature, Shape, Value};
use gridbeat_onemap::E7;
use gridbeat_tiles::{TileId, TileLayer};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

type P = (i32, i32);

fn cities() -> impl Strategy<Value = City> {
    (
        any::<u64>(),
        -1_700_000_000..1_700_000_000_i32,
        -800_000_000..800_000_000_i32,
        prop_oneof![200..4_000_i32, 4_000..60_000_i32, 60_000..400_000_i32],
        2..8_i32,
        0..9_i32,
        prop_oneof![Just(0_u64), 2..9_u64],
    )
        .prop_map(|(seed, lon, lat, cell, cells, wiggles, gaps)| City {
            seed,
            at: E7::new(lon, lat),
            cell,
            cells,
            wiggles,
            gaps,
            points: 0,
        })
}

fn area2(ring: &[P]) -> i64 {
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    pairs.map(|(a, b)| i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)).sum()
}

fn cross(a: P, b: P, c: P) -> i64 {
    let d = |p: i32, q: i32| i64::from(q) - i64::from(p);
    d(a.0, b.0) * d(a.1, c.1) - d(a.1, b.1) * d(a.0, c.0)
}

/// Whether two edges share more than a common end.
fn conflict(a: P, b: P, c: P, d: P) -> bool {
    let boxes = a.0.min(b.0) <= c.0.max(d.0)
        && c.0.min(d.0) <= a.0.max(b.0)
        && a.1.min(b.1) <= c.1.max(d.1)
        && c.1.min(d.1) <= a.1.max(b.1);
    if !boxes {
        return false;
    }
    let s = [cross(a, b, c), cross(a, b, d), cross(c, d, a), cross(c, d, b)].map(i64::signum);
    if s[0] * s[1] < 0 && s[2] * s[3] < 0 {
        return true;
    }
    // An end inside the other edge, or the same line.
    let inside = |p: P, q: P, v: P| {
        v != p && v != q && cross(p, q, v) == 0 && {
            (p.0.min(q.0)..=p.0.max(q.0)).contains(&v.0) && (p.1.min(q.1)..=p.1.max(q.1)).contains(&v.1)
        }
    };
    inside(a, b, c) || inside(a, b, d) || inside(c, d, a) || inside(c, d, b)
}

/// Directed edges of all rings, with the feature they belong to.
fn edges(features: &[Feature]) -> Vec<(P, P, usize)> {
    let mut out = Vec::new();
    for (i, f) in features.iter().enumerate() {
        if let Shape::Polygons(polygons) = &f.shape {
            for ring in polygons.iter().flatten() {
                out.extend(ring.iter().zip(ring.iter().cycle().skip(1)).map(|(&a, &b)| (a, b, i)));
            }
        }
    }
    out
}

/// MVT 2.1: orientation, no zero area, no repeated points; and simple rings that form a coverage: no two
/// edges cross or overlap, an edge between two areas belongs to both, in opposite directions.
fn assert_coverage(features: &[Feature]) -> i64 {
    let mut total = 0;
    for f in features {
        let Shape::Polygons(polygons) = &f.shape else {
            assert_eq!(f.properties.get("collapsed"), Some(&Value::Flag(true)));
            continue;
        };
        assert!(!f.properties.contains_key("collapsed"));
        for polygon in polygons {
            for (k, ring) in polygon.iter().enumerate() {
                assert!(ring.len() >= 3, "{ring:?}");
                let area = area2(ring);
                assert!(if k == 0 { area > 0 } else { area < 0 }, "ring {k} has area {area}");
                assert!(ring.iter().zip(ring.iter().cycle().skip(1)).all(|(a, b)| a != b));
                assert!(ring.iter().all(|p| (-64..=4160).contains(&p.0) && (-64..=4160).contains(&p.1)));
                let unique: BTreeSet<_> = ring.iter().collect();
                assert_eq!(unique.len(), ring.len(), "a ring touches itself");
                total += area;
            }
        }
    }
    let all = edges(features);
    let directed: BTreeSet<(P, P)> = all.iter().map(|&(a, b, _)| (a, b)).collect();
    assert_eq!(directed.len(), all.len(), "two areas lie on the same side of an edge");
    let single: Vec<_> = directed.iter().filter(|(a, b)| a < b || !directed.contains(&(*b, *a))).collect();
    for (i, e) in single.iter().enumerate() {
        for f in &single[..i] {
            assert!(!conflict(e.0, e.1, f.0, f.1), "{e:?} and {f:?} cross or overlap");
        }
    }
    total
}

/// Undirected polygon edges within `x0 ..= x1`, `y0 ..= y1`, moved by `(dx, dy)`, as a set.
fn seen(
    features: &[Feature],
    x: (i32, i32),
    y: (i32, i32),
    dx: i32,
    dy: i32,
) -> BTreeSet<(P, P, Option<u64>)> {
    edges(features)
        .into_iter()
        .filter(|(a, b, _)| [a, b].iter().all(|p| p.0 >= x.0 && p.0 <= x.1 && p.1 >= y.0 && p.1 <= y.1))
        // Edges along the limits of what is compared may be a tile's own frame.
        .filter(|(a, b, _)| {
            !(a.0 == b.0 && (a.0 == x.0 || a.0 == x.1) || a.1 == b.1 && (a.1 == y.0 || a.1 == y.1))
        })
        .map(|(a, b, i)| ((a.0 + dx, a.1 + dy), (b.0 + dx, b.1 + dy), features[i].id))
        .collect()
}

/// The tile in the middle of the city and its eastern and southern neighbours.
fn middle(desk: &Desk<'_>, z: u8) -> Vec<TileId> {
    let home = TileId::of(desk.map.bounds().center(), z);
    [(0, 0), (1, 0), (0, 1)].iter().filter_map(|(dx, dy)| TileId::new(z, home.x + dx, home.y + dy)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn tiles_are_coverages_and_agree_with_their_neighbours(city in cities(), z in 0..=22_u8) {
        let map = city.build();
        let desk = Desk::new(&map);
        for layer in [TileLayer::Grid, TileLayer::Beat, TileLayer::Piece] {
            let ids = middle(&desk, z);
            let tiles: Vec<_> = ids.iter().map(|&id| desk.features(layer, id)).collect();
            for features in &tiles {
                assert_coverage(features);
            }
            for (id, there) in ids.iter().zip(&tiles).skip(1) {
                let (dx, dy) = ((id.x - ids[0].x) as i32 * 4096, (id.y - ids[0].y) as i32 * 4096);
                let near = |d: i32, from: i32| if d > 0 { (from - 64, from + 64) } else { (-64, 4160) };
                let here = seen(&tiles[0], near(dx, 4096), near(dy, 4096), 0, 0);
                let other = seen(there, near(dx, 0), near(dy, 0), dx, dy);
                prop_assert_eq!(here, other, "{} at {} and {}", layer, ids[0], id);
            }
        }
    }

    /// Without gaps the areas fill the box of a tile that lies inside the city.
    #[test]
    fn no_gap_and_no_overlap(seed: u64, z in 10..=22_u8, lat in -800_000_000..800_000_000_i32) {
        // About 12 tiles wide, so that the middle one is full.
        let width = (3.6e9 / f64::from(1_u32 << z) * 12.0) as i32;
        let city = City { seed, at: E7::new(1_203_000_000, lat), cell: width / 8, cells: 8, wiggles: 5, gaps: 0, points: 0 };
        let map = city.build();
        let desk = Desk::new(&map);
        for layer in [TileLayer::Grid, TileLayer::Beat, TileLayer::Piece] {
            if layer == TileLayer::Piece && z < 11 {
                continue;
            }
            for id in middle(&desk, z) {
                let total = assert_coverage(&desk.features(layer, id));
                prop_assert_eq!(total, 2 * 4224 * 4224, "{} at {}", layer, id);
            }
        }
    }

    /// At a zoom where its level shows, every area is somewhere: as a polygon or, collapsed, as a point.
    #[test]
    fn every_area_is_somewhere(city in cities(), z in 0..=16_u8) {
        let map = city.build();
        let desk = Desk::new(&map);
        if f64::from(city.cell * city.cells) / 3.6e9 * f64::from(1_u32 << z) > 12.0 {
            return Ok(());
        }
        for (layer, side) in [TileLayer::Grid, TileLayer::Beat].into_iter().filter_map(|l| Some((l, l.side()?))) {
            let level = desk.maker.level_at(side, z);
            let drawn: BTreeSet<String> = desk.all(layer, z).iter()
                .map(|(_, f)| f.text("code").unwrap().to_owned()).collect();
            let expected: BTreeSet<String> = desk.map.layer(side).areas().iter()
                .filter(|a| a.level == level && !a.bounds.is_empty()).map(|a| a.code.clone()).collect();
            prop_assert_eq!(drawn, expected, "{} at zoom {}", layer, z);
        }
        if z >= 11 {
            let drawn: BTreeSet<String> = desk.all(TileLayer::Piece, z).iter()
                .map(|(_, f)| f.text("piece").unwrap().to_owned()).collect();
            prop_assert_eq!(drawn.len(), desk.map.overlay().pieces().len());
        }
    }

    /// Lines are the polygons' borders, each once, and bound the level they say.
    #[test]
    fn lines_are_the_borders(city in cities(), z in 0..=22_u8) {
        let map = city.build();
        let desk = Desk::new(&map);
        for (ground, line) in [(TileLayer::Grid, TileLayer::GridLine), (TileLayer::Beat, TileLayer::BeatLine)] {
            let id = middle(&desk, z)[0];
            let areas = desk.features(ground, id);
            let mut owners: BTreeMap<(P, P), Vec<&str>> = BTreeMap::new();
            for (a, b, i) in edges(&areas) {
                let on = |k: i32, q: i32| k == q && (k == -64 || k == 4160);
                if !on(a.0, b.0) && !on(a.1, b.1) {
                    owners.entry((a.min(b), a.max(b))).or_default().push(areas[i].text("code").unwrap());
                }
            }
            let mut drawn = BTreeSet::new();
            let layer = desk.map.layer(ground.side().unwrap());
            for f in desk.features(line, id) {
                let Shape::Lines(lines) = &f.shape else { panic!("not lines") };
                for pair in lines.iter().flat_map(|l| l.windows(2)) {
                    let edge = (pair[0].min(pair[1]), pair[0].max(pair[1]));
                    prop_assert!(drawn.insert(edge), "an edge is drawn twice");
                    let level = f.text("level").unwrap();
                    let chain = |code: &str| {
                        let id = layer.find(code).unwrap();
                        layer.levels().iter().map(|&l| (l, layer.at_level(id, l))).collect::<Vec<_>>()
                    };
                    let expect = match owners.get(&edge).map(Vec::as_slice) {
                        Some([_]) => layer.levels()[0],
                        Some([one, two]) => chain(one).into_iter().zip(chain(two)).find(|(a, b)| a != b).unwrap().0.0,
                        other => panic!("{edge:?} bounds {other:?}"),
                    };
                    prop_assert_eq!(level, expect.as_str());
                }
            }
            prop_assert_eq!(drawn, owners.into_keys().collect::<BTreeSet<_>>());
        }
    }
}
