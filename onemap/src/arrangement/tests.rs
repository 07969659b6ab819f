//! Properties of arrangements over random rings, against brute force.

use super::*;
use proptest::prelude::*;

/// Winding of a ring around `p` moved by (ε, ε²), by the sum of signed crossings of the ray west.
fn winding(ring: &[E7], p: E7) -> i32 {
    let mut w = 0;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        let up = a.lat <= p.lat && p.lat < b.lat;
        let down = b.lat <= p.lat && p.lat < a.lat;
        if up || down {
            let (s, n) = if up { (a, b) } else { (b, a) };
            if crate::e7::cross(s, n, p) <= 0 {
                // West of p. Going down in the west keeps p to the left.
                w += if down { 1 } else { -1 };
            }
        }
    }
    w
}

/// The arrangement of some rings, each its own id.
fn arrange(rings: &[Vec<E7>]) -> Arrangement {
    let directed: Vec<DirectedRing> = (0..)
        .zip(rings)
        .map(|(id, points)| DirectedRing { points, delta: Delta::new(0, Some(id), None) })
        .collect();
    Arrangement::of_rings(&directed)
}

fn windings(arrangement: &Arrangement, at: E7) -> Vec<(Id, i32)> {
    arrangement.labels().windings(arrangement.label(at), 0).collect()
}

fn edges(rings: &[Vec<E7>], first: Id) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (id, ring) in (first..).zip(rings) {
        for (k, &from) in ring.iter().enumerate() {
            let delta = Delta::new(0, Some(id), None);
            edges.push(Edge { from, to: ring[(k + 1) % ring.len()], delta });
        }
    }
    edges
}

/// Everything of an arrangement that does not depend on how it came about: each chain with what winds
/// on either side.
type Seen = Vec<(Vec<E7>, Vec<(Id, i32)>, Vec<(Id, i32)>)>;

fn seen(arrangement: &Arrangement) -> Seen {
    let of = |l: Label| arrangement.labels().windings(l, 0).collect();
    let mut all: Seen =
        arrangement.chains().map(|(_, c)| (c.path.points().to_vec(), of(c.left), of(c.right))).collect();
    all.sort();
    all
}

/// No two segments share more than an end.
fn noded(arrangement: &Arrangement) -> bool {
    let mut segments: Vec<meet::Segment> = arrangement
        .chains()
        .flat_map(|(_, c)| c.path.points().windows(2).map(|w| meet::sorted(w[0], w[1])).collect::<Vec<_>>())
        .collect();
    let count = segments.len();
    segments.sort_unstable();
    segments.dedup();
    let mut clean = count == segments.len();
    for (i, s) in segments.iter().enumerate() {
        for t in &segments[i + 1..] {
            meet::meet(*s, *t, false, |_| clean = false);
        }
    }
    clean
}

fn rings(range: i32, most: usize) -> impl Strategy<Value = Vec<Vec<E7>>> {
    let p = (0..range, 0..range).prop_map(|(x, y)| E7::new(x * 16, y * 16));
    prop::collection::vec(prop::collection::vec(p, 3..7), 1..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Crossings of rings with few vertices on a coarse lattice; points away from rounded crossings
    /// must have exactly the windings of the rings as drawn.
    #[test]
    fn labels_are_windings(rings in rings(8, 5), xs in prop::collection::vec((0..128_i32, 0..128_i32), 20)) {
        let arrangement = arrange(&rings);
        prop_assert!(noded(&arrangement));
        for (x, y) in xs {
            let p = E7::new(x, y);
            let near = rings.iter().any(|r| (0..r.len()).any(|i| {
                let (a, b) = (r[i], r[(i + 1) % r.len()]);
                near_segment(a, b, p)
            }));
            if near { continue; }
            let mut expected: Vec<(Id, i32)> = (0..).zip(&rings).map(|(t, r)| (t, winding(r, p))).collect();
            expected.retain(|l| l.1 != 0);
            prop_assert_eq!(windings(&arrangement, p), expected);
        }
    }

    /// On borders too, once the rings cross nowhere: rectangles on whole lattice lines.
    #[test]
    fn one_point_one_answer_on_borders(
        boxes in prop::collection::vec((0..12_i32, 0..12_i32, 1..8_i32, 1..8_i32), 1..6),
        points in prop::collection::vec((-1..21_i32, -1..21_i32), 30),
    ) {
        let rings: Vec<Vec<E7>> = boxes.iter().map(|&(x, y, w, h)| vec![
            E7::new(x, y), E7::new(x + w, y), E7::new(x + w, y + h), E7::new(x, y + h)]).collect();
        let arrangement = arrange(&rings);
        for (x, y) in points {
            let mut expected: Vec<(Id, i32)> = (0..).zip(&boxes)
                .filter(|(_, b)| (b.0..b.0 + b.2).contains(&x) && (b.1..b.1 + b.3).contains(&y))
                .map(|(t, _)| (t, 1)).collect();
            expected.sort_unstable();
            prop_assert_eq!(windings(&arrangement, E7::new(x, y)), expected);
        }
    }

    /// Many points at once are answered as each by itself, wherever cells end.
    #[test]
    fn many_points_are_answered_as_each(rings in rings(8, 6), wide in 1..10_000_i32) {
        let rings: Vec<Vec<E7>> = rings.iter()
            .map(|r| r.iter().map(|p| E7::new(p.lon * wide, p.lat * wide)).collect()).collect();
        let arrangement = arrange(&rings);
        let points: Vec<E7> =
            (0..80 * 80).map(|i| E7::new((i % 80 - 8) * 2 * wide, (i / 80 - 8) * 2 * wide)).collect();
        let mut answers = Vec::new();
        arrangement.label_each(&points, |label| answers.push(label));
        let alone: Vec<Label> = points.iter().map(|p| arrangement.label(*p)).collect();
        prop_assert_eq!(answers, alone);
    }

    #[test]
    fn nothing_crosses_on_a_wide_lattice(
        ends in prop::collection::vec((0..1_000_000_000_i32, 0..1_000_000_000_i32), 3..24),
    ) {
        let ring: Vec<E7> = ends.iter().map(|&(x, y)| E7::new(x, y)).collect();
        prop_assert!(noded(&arrange(&[ring])));
    }

    #[test]
    fn nothing_crosses_on_a_tiny_lattice(
        ends in prop::collection::vec((0..10_i32, 0..10_i32), 3..40),
    ) {
        let ring: Vec<E7> = ends.iter().map(|&(x, y)| E7::new(x, y)).collect();
        prop_assert!(noded(&arrange(&[ring])));
    }

    #[test]
    fn order_and_beginning_of_rings_do_not_matter(rings in rings(9, 5), turn in 0..7_usize) {
        let mut other: Vec<(Id, Vec<E7>)> = (0..).zip(rings.clone()).collect();
        other.reverse();
        for (_, ring) in &mut other {
            let n = ring.len();
            ring.rotate_left(turn % n);
        }
        let directed: Vec<DirectedRing> = other
            .iter()
            .map(|(id, points)| DirectedRing { points, delta: Delta::new(0, Some(*id), None) })
            .collect();
        prop_assert_eq!(seen(&Arrangement::of_rings(&directed)), seen(&arrange(&rings)));
    }

    /// Some rings less and some more give what building from scratch gives; on a coarse lattice, where
    /// everything bends, and on a fine one, where only the neighbourhood is done again.
    #[test]
    fn editing_is_building_anew(
        stays in rings(12, 6), goes in rings(12, 3), comes in rings(12, 3),
        scale in prop::sample::select(vec![1, 3, 1_000, 400_000]),
    ) {
        let scaled = |rings: &[Vec<E7>]| -> Vec<Vec<E7>> {
            rings.iter().map(|r| r.iter().map(|p| E7::new(p.lon / 16 * scale, p.lat / 16 * scale)).collect()).collect()
        };
        let (stays, goes, comes) = (scaled(&stays), scaled(&goes), scaled(&comes));
        let before = arrange(&[stays.clone(), goes.clone()].concat());
        let first = stays.len() as Id;
        let (less, more) = (edges(&goes, first), edges(&comes, first + 100));
        let kept = edges(&stays, 0);
        let near = nearby(&less, &more, |bounds, out| {
            out.extend(kept.iter().filter(|e| Bounds::of([&e.from, &e.to]).intersects(bounds)));
        });
        let (edited, _) = before.edit(&less, &more, near);
        let mut rings: Vec<DirectedRing> = Vec::new();
        for (id, points) in (0..).zip(&stays).chain((first + 100..).zip(&comes)) {
            rings.push(DirectedRing { points, delta: Delta::new(0, Some(id), None) });
        }
        let anew = Arrangement::of_rings(&rings);
        prop_assert_eq!(seen(&edited), seen(&anew));
        for x in -1..13 {
            for y in -1..13 {
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (scale / 2, scale / 3)] {
                    let p = E7::new(x * scale + dx, y * scale + dy);
                    prop_assert_eq!(windings(&edited, p), windings(&anew, p), "at {:?}", p);
                }
            }
        }
    }
}

/// Within two units of the segment: rounding may bend an edge by less than one, twice.
fn near_segment(a: E7, b: E7, p: E7) -> bool {
    let (ax, ay) = (f64::from(a.lon), f64::from(a.lat));
    let (dx, dy) = (f64::from(b.lon) - ax, f64::from(b.lat) - ay);
    let (px, py) = (f64::from(p.lon) - ax, f64::from(p.lat) - ay);
    let l2 = dx * dx + dy * dy;
    let t = if l2 == 0.0 { 0.0 } else { ((px * dx + py * dy) / l2).clamp(0.0, 1.0) };
    (px - t * dx).hypot(py - t * dy) < 2.0
}

#[test]
fn an_island_lies_in_the_face_around_it() {
    let square =
        |x: i32, y: i32, s: i32| [E7::new(x, y), E7::new(x + s, y), E7::new(x + s, y + s), E7::new(x, y + s)];
    let rings = [square(0, 0, 100), square(40, 40, 10), square(43, 43, 2), square(200, 40, 10)];
    let a = arrange(&rings.map(|r| r.to_vec()));
    let at = |x: i32, y: i32| windings(&a, E7::new(x, y));
    assert_eq!(at(10, 10), [(0, 1)]);
    assert_eq!(at(41, 41), [(0, 1), (1, 1)]);
    assert_eq!(at(44, 44), [(0, 1), (1, 1), (2, 1)]);
    assert_eq!(at(60, 44), [(0, 1)]);
    assert_eq!(at(205, 44), [(3, 1)]);
    assert_eq!(at(150, 44), []);
    assert_eq!(a.chains().count(), 4);
}

/// A big square with islands in two columns, and a lake in each; all of them counter-clockwise.
fn islands(count: i32) -> Vec<Vec<E7>> {
    let square = |lon: i32, lat: i32, side: i32| {
        [(0, 0), (side, 0), (side, side), (0, side)].map(|(x, y)| E7::new(lon + x, lat + y)).to_vec()
    };
    let island = |i: i32| {
        let (lon, lat) = (20 + i % 2 * 13, 20 + i / 2 * 20);
        [square(lon, lat, 10), square(lon + 3, lat + 3, 4)]
    };
    std::iter::once(square(0, 0, 20 * count)).chain((0..count).flat_map(island)).collect()
}

#[test]
fn islands_have_around_them_what_lies_there() {
    // Few are labelled without a table, many are walked to.
    for (count, is_walked) in [(50, false), (300, true)] {
        let rings = islands(count);
        let arrangement = arrange(&rings);
        assert_eq!(arrangement.table.get().is_some(), is_walked);
        let mut expected: Seen = (0..)
            .zip(&rings)
            .map(|(id, ring)| {
                let inside: Vec<(Id, i32)> = match id {
                    0 => vec![(0, 1)],
                    island if island % 2 == 1 => vec![(0, 1), (id, 1)],
                    _ => vec![(0, 1), (id - 1, 1), (id, 1)],
                };
                let outside = inside[..inside.len() - 1].to_vec();
                // Closed borders go round clockwise or not by which of their second vertices is smaller.
                let (mut points, first) = (ring.clone(), ring[0]);
                points[1..].reverse();
                points.push(first);
                (points, outside, inside)
            })
            .collect();
        expected.sort();
        assert_eq!(seen(&arrangement), expected);
    }
}
