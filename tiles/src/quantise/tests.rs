//! Snap rounding by hand-made cases and by chance.

use super::*;
use crate::{chain::NOBODY, project::World, tile_id::TileId};
use proptest::prelude::*;

const Z: u8 = 14;
/// World units in a lattice unit at that zoom.
const UNIT: i64 = 1 << (20 - Z);

fn frame(x: u32) -> Frame {
    Frame::new(crate::matrix_set::MatrixSet::WebMercatorQuad, TileId { z: Z, x, y: 6613 })
}

/// A segment in sixty-fourths of a unit from the corner of tile 13656, `y` northwards.
fn segment(a: (i64, i64), b: (i64, i64), left: Owner, right: Owner) -> Segment {
    let origin = TileId { z: Z, x: 13656, y: 6613 }.origin();
    let world = |(x, y): (i64, i64)| World { x: (origin.0 + x) as u32, y: (origin.1 - y) as u32 };
    Segment { a: world(a), b: world(b), left, right }
}

/// The edges as rounding leaves them: owners that contradict each other stay.
fn rounded(frame: &Frame, segments: &[Segment]) -> Vec<Edge> {
    snap_round(frame, segments).0
}

fn px(x: i32, y: i32) -> Px {
    Px { x, y }
}

fn edge(a: Px, b: Px, left: Owner, right: Owner) -> Edge {
    Edge { a, b, left, right }
}

#[test]
fn a_crossing_becomes_a_vertex() {
    let u = UNIT;
    let edges = rounded(
        &frame(13656),
        &[
            segment((100 * u, -100 * u), (110 * u, -105 * u), 1, 2),
            segment((104 * u, -110 * u), (105 * u, -100 * u), 3, 4),
        ],
    );
    // They cross near (104.8, −102.4).
    let middle = px(105, -102);
    assert_eq!(
        edges,
        [
            edge(px(100, -100), middle, 1, 2),
            edge(px(104, -110), middle, 3, 4),
            edge(middle, px(105, -100), 3, 4),
            edge(middle, px(110, -105), 1, 2),
        ]
    );
}

#[test]
fn an_edge_near_a_vertex_goes_through_it_and_is_cut_at_the_tiles_edges() {
    let u = UNIT;
    let edges = rounded(
        &frame(13656),
        &[
            segment((-10 * u, -20 * u), (10 * u, -20 * u), 1, 2),
            segment((5 * u, -20 * u - u / 4), (5 * u, -40 * u), 3, 4),
        ],
    );
    assert_eq!(
        edges,
        [
            edge(px(-10, -20), px(0, -20), 1, 2),
            edge(px(0, -20), px(5, -20), 1, 2),
            edge(px(5, -40), px(5, -20), 4, 3),
            edge(px(5, -20), px(10, -20), 1, 2),
        ]
    );
}

#[test]
fn what_falls_together_keeps_its_outer_owners() {
    let u = UNIT;
    let line =
        |dy: i64, left, right| segment((100 * u, -100 * u + dy), (120 * u, -100 * u + dy), left, right);
    let one = |segments: &[Segment]| rounded(&frame(13656), segments);
    let both = [px(100, -100), px(120, -100)];
    assert_eq!(one(&[line(5, 1, 2), line(-5, 2, 3)]), [edge(both[0], both[1], 1, 3)]);
    assert_eq!(one(&[line(5, 1, 2), line(-5, 2, 1)]), []);
    assert_eq!(one(&[line(0, 7, 7)]), []);
}

/// The pixel's south and west sides are its own, north and east are not.
#[test]
fn pixels_are_half_open() {
    let frame = frame(13656);
    let (h, pixel) = (frame.half(), px(0, 0));
    let touches = |a: (i64, i64), b: (i64, i64)| {
        let fine = |(x, y)| Fine { x, y };
        touches(&frame, &Line::new(&frame, fine(a), fine(b), 1, 2), pixel)
    };
    assert!(touches((-9 * h, -h), (9 * h, -h)) && !touches((-9 * h, h), (9 * h, h)));
    assert!(touches((-h, -9 * h), (-h, 9 * h)) && !touches((h, -9 * h), (h, 9 * h)));
    // Lines that meet the square in one corner only: south-west, then the other three.
    assert!(touches((-2 * h, 0), (0, -2 * h)));
    assert!(!touches((0, 2 * h), (2 * h, 0)));
    assert!(!touches((-2 * h, 0), (0, 2 * h)));
    assert!(!touches((0, -2 * h), (2 * h, 0)));
    // Both diagonals go through.
    assert!(touches((-2 * h, -2 * h), (2 * h, 2 * h)) && touches((-2 * h, 2 * h), (2 * h, -2 * h)));
    // On the line, but too short to reach.
    assert!(!touches((2 * h, 2 * h), (3 * h, 3 * h)) && touches((0, 0), (3 * h, 3 * h)));
}

proptest! {
    /// What a line's ends say of pixels is what [`touches`] says.
    #[test]
    fn a_lines_ends_bound_the_pixels_that_it_touches(
        ends in prop::array::uniform4(-5 * UNIT..5 * UNIT),
    ) {
        let frame = frame(13656);
        let [a, b] = [(ends[0], ends[1]), (ends[2], ends[3])].map(|(x, y)| Fine { x, y });
        let line = Line::new(&frame, a, b, 1, 2);
        let [low, high] = line.bounds();
        let is_straight = low.x == high.x || low.y == high.y;
        for p in (-8..8).flat_map(|x| (-8..8).map(move |y| px(x, y))) {
            let inside = low.x <= p.x && p.x <= high.x && low.y <= p.y && p.y <= high.y;
            let touched = touches(&frame, &line, p);
            prop_assert!(inside || !touched, "{p:?}");
            prop_assert!(touched || !(line.ends.contains(&p) || inside && is_straight), "{p:?}");
        }
    }
}

fn cross(a: Px, b: Px, c: Px) -> i64 {
    i64::from(b.x - a.x) * i64::from(c.y - a.y) - i64::from(b.y - a.y) * i64::from(c.x - a.x)
}

/// Whether two edges share more than a common end.
fn conflict(p: &Edge, q: &Edge) -> bool {
    let s = [cross(p.a, p.b, q.a), cross(p.a, p.b, q.b), cross(q.a, q.b, p.a), cross(q.a, q.b, p.b)];
    let inside = |e: &Edge, v: Px| {
        e.a < v && v < e.b && cross(e.a, e.b, v) == 0 && {
            (e.a.y.min(e.b.y)..=e.a.y.max(e.b.y)).contains(&v.y)
        }
    };
    s[0].signum() * s[1].signum() < 0 && s[2].signum() * s[3].signum() < 0
        || inside(p, q.a)
        || inside(p, q.b)
        || inside(q, p.a)
        || inside(q, p.b)
}

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    // Around the tile's eastern edge; short, middling and very long ones, all crossing wildly.
    let east = 4096 * UNIT;
    let place = (-400 * UNIT..400 * UNIT, -400 * UNIT..0_i64);
    let reach = prop_oneof![Just(UNIT), Just(20 * UNIT), Just(400 * UNIT), Just(20_000 * UNIT)];
    prop::collection::vec((place, reach, -100..100_i64, -100..100_i64), 1..30).prop_map(move |all| {
        all.into_iter()
            .enumerate()
            .map(|(i, ((x, y), reach, dx, dy))| {
                let (a, b) = ((east + x, y), (east + x + reach * dx / 100, y + reach * dy / 100));
                segment(a, b, 2 * i as Owner, 2 * i as Owner + 1)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn nothing_crosses_and_neighbours_agree(segments in segments()) {
        let west = rounded(&frame(13656), &segments);
        let east = rounded(&frame(13657), &segments);
        for (i, p) in west.iter().enumerate() {
            prop_assert!(p.a < p.b && p.a.in_box() && p.b.in_box());
            for q in &west[..i] {
                prop_assert!(!conflict(p, q), "{:?} {:?}", p, q);
            }
        }
        // Both see the 128 columns around their common edge.
        let strip = |edges: &[Edge], shift: i32| -> Vec<Edge> {
            let moved = edges.iter().map(|e| Edge {
                a: px(e.a.x + shift, e.a.y), b: px(e.b.x + shift, e.b.y), ..*e
            });
            moved.filter(|e| [e.a.x, e.b.x].iter().all(|x| (4032..=4160).contains(x))).collect()
        };
        prop_assert_eq!(strip(&west, 0), strip(&east, 4096));
    }
}

/// A corner that lies over an edge of its neighbour: the ground between is one owner's.
#[test]
fn ground_that_two_claim_goes_to_one() {
    // 1 in the west and 3 in the east; a corner of 4, which lies in 1, came to lie in 3.
    let corners = |a: (i64, i64), b: (i64, i64), left, right| {
        segment((a.0 * UNIT, a.1 * UNIT), (b.0 * UNIT, b.1 * UNIT), left, right)
    };
    let edges = quantise(
        &frame(13656),
        &[
            corners((0, 0), (0, -40), 1, NOBODY),
            corners((0, -40), (0, -60), 4, NOBODY),
            corners((0, -60), (0, -100), 1, NOBODY),
            corners((0, -100), (40, -100), 1, NOBODY),
            corners((40, -100), (80, -100), 3, NOBODY),
            corners((80, -100), (80, 0), 3, NOBODY),
            corners((80, 0), (40, 0), 3, NOBODY),
            corners((40, 0), (0, 0), 1, NOBODY),
            corners((40, -100), (40, 0), 1, 3),
            corners((0, -40), (60, -50), 1, 4),
            corners((60, -50), (0, -60), 1, 4),
        ],
        || NOBODY,
    );
    // The tip is 4's by two of its three edges, and what is around it 3's.
    assert!(edges.contains(&edge(px(40, -47), px(60, -50), 3, 4)), "{edges:?}");
    assert!(!edges.contains(&edge(px(40, -53), px(40, -47), 4, 3)), "{edges:?}");
    let mut around: std::collections::BTreeMap<Px, Vec<(i64, i64, Owner, Owner)>> = Default::default();
    for e in &edges {
        for (from, to, left, right) in [(e.a, e.b, e.left, e.right), (e.b, e.a, e.right, e.left)] {
            let way = (i64::from(to.x - from.x), i64::from(to.y - from.y));
            around.entry(from).or_default().push((way.0, way.1, left, right));
        }
    }
    let mut checked = 0;
    for spokes in around.values_mut().filter(|s| s.len() > 1) {
        spokes.sort_by(|p, q| {
            f64::atan2(p.1 as f64, p.0 as f64).total_cmp(&f64::atan2(q.1 as f64, q.0 as f64))
        });
        for i in 0..spokes.len() {
            let after = spokes[(i + 1) % spokes.len()];
            assert_eq!(spokes[i].2, after.3, "{edges:?}");
            checked += 1;
        }
    }
    assert!(checked > 8, "{edges:?}");
}

/// An island that turned over as a whole has the ground of those around it inside, and nobody sees it.
#[test]
fn an_island_lies_on_the_ground_around_it() {
    // Of 3, in 1; 2 is in the east of both.
    let line = |a: (i64, i64), b: (i64, i64), left, right| {
        segment((a.0 * UNIT, a.1 * UNIT), (b.0 * UNIT, b.1 * UNIT), left, right)
    };
    let corners = [(100, -100), (103, -100), (101, -103), (100, -100)];
    // Clockwise: the island is on the right, or on the left once it turned over.
    let island = |inside, outside| corners.windows(2).map(move |p| line(p[0], p[1], outside, inside));
    let border = line((2000, -5000), (2000, 900), 1, 2);
    let edges_of = |segments: Vec<Segment>| agree(rounded(&frame(13656), &segments), || 1);
    let count = |edges: &[Edge]| edges.iter().filter(|e| e.left == 3 || e.right == 3).count();
    let around = edges_of(vec![border]);
    for whole in [edges_of(island(3, 1).collect()), edges_of(island(3, 1).chain([border]).collect())] {
        assert_eq!(count(&whole), 3, "{whole:?}");
    }
    assert_eq!(edges_of(island(1, 3).collect()), []);
    assert_eq!(edges_of(island(1, 3).chain([border]).collect()), around);
    assert!(!around.is_empty());
}
