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
        let edges = rings.iter().enumerate().flat_map(|(t, r)| ring_edges(r, t as Tag)).collect();
        let (arrangement, locator) = Arrangement::build_with_locator(edges);
        for (x, y) in xs {
            let p = E7::new(x, y);
            let near = rings.iter().any(|r| (0..r.len()).any(|i| {
                let (a, b) = (r[i], r[(i + 1) % r.len()]);
                near_segment(a, b, p)
            }));
            if near { continue; }
            let mut expected: Vec<(Tag, i32)> = rings.iter().enumerate().map(|(t, r)| (t as Tag, winding(r, p))).collect();
            expected.retain(|l| l.1 != 0);
            prop_assert_eq!(arrangement.label(locator.face(p)), &expected[..]);
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
        let edges = rings.iter().enumerate().flat_map(|(t, r)| ring_edges(r, t as Tag)).collect();
        let (arrangement, locator) = Arrangement::build_with_locator(edges);
        for (x, y) in points {
            let mut expected: Vec<(Tag, i32)> = boxes.iter().enumerate()
                .filter(|(_, b)| (b.0..b.0 + b.2).contains(&x) && (b.1..b.1 + b.3).contains(&y))
                .map(|(t, _)| (t as Tag, 1)).collect();
            expected.sort_unstable();
            prop_assert_eq!(arrangement.label(locator.face(E7::new(x, y))), &expected[..]);
        }
    }

    #[test]
    fn order_of_edges_does_not_matter(rings in rings(9, 5), seed in any::<u64>()) {
        let edges: Vec<Edge> = rings.iter().enumerate().flat_map(|(t, r)| ring_edges(r, t as Tag)).collect();
        let mut shuffled = edges.clone();
        let mut s = seed | 1;
        for i in (1..shuffled.len()).rev() {
            s = s.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(i, (s >> 33) as usize % (i + 1));
        }
        prop_assert_eq!(Arrangement::build(edges), Arrangement::build(shuffled));
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
    let edges: Vec<Edge> = ring_edges(&square(0, 0, 100), 1)
        .chain(ring_edges(&square(40, 40, 10), 2))
        .chain(ring_edges(&square(43, 43, 2), 3))
        .chain(ring_edges(&square(200, 40, 10), 4))
        .collect();
    let (a, l) = Arrangement::build_with_locator(edges);
    assert_eq!(a.faces(), 5);
    assert_eq!(a.label(l.face(E7::new(10, 10))), &[(1, 1)]);
    assert_eq!(a.label(l.face(E7::new(41, 41))), &[(1, 1), (2, 1)]);
    assert_eq!(a.label(l.face(E7::new(44, 44))), &[(1, 1), (2, 1), (3, 1)]);
    assert_eq!(a.label(l.face(E7::new(60, 44))), &[(1, 1)]);
    assert_eq!(a.label(l.face(E7::new(205, 44))), &[(4, 1)]);
    assert_eq!(a.label(l.face(E7::new(150, 44))), &[]);
    assert_eq!(a.chains().len(), 4);
}
