//! The tree against a scan of all points.

use super::{Columns, Ground, PackedIndex, metric};
use crate::{Bounds, E7, MultiPolygon, Polygon, e7::cross, geodesic};
use proptest::prelude::*;

/// Few distinct places, so that many points share one; a fifth of them in one place.
fn points() -> impl Strategy<Value = Vec<E7>> {
    let place = prop_oneof![
        4 => (0..60_i32, 0..60_i32).prop_map(|(x, y)| at(x, y)),
        1 => Just(at(30, 30)),
    ];
    prop::collection::vec(place, 0..900)
}

fn at(x: i32, y: i32) -> E7 {
    E7::new(1_203_000_000 + x * 1000, 315_000_000 + y * 1000)
}

/// Rings that cross themselves and each other, holes inside and out: even-odd gives all of them a meaning.
fn ground() -> impl Strategy<Value = MultiPolygon> {
    let ring = || {
        let around = (-5..65_i32, -5..65_i32, prop::collection::vec((-20..20_i32, -20..20_i32), 3..9));
        around.prop_map(|(x, y, ring)| ring.iter().map(|(dx, dy)| at(x + dx, y + dy)).collect::<Vec<_>>())
    };
    let polygon = (ring(), prop::collection::vec(ring(), 0..3));
    prop::collection::vec(polygon.prop_map(|(exterior, holes)| Polygon { exterior, holes }), 0..4)
        .prop_map(MultiPolygon)
}

/// By the definition: going west from the point moved by (ε, ε²), how many edges are met?
fn inside(ground: &MultiPolygon, p: E7) -> bool {
    let mut met = 0;
    for ring in ground.rings() {
        for (i, &a) in ring.iter().enumerate() {
            let b = ring[(i + 1) % ring.len()];
            let (s, n) = if a.lat < b.lat { (a, b) } else { (b, a) };
            if s.lat <= p.lat && p.lat < n.lat && cross(s, n, p) <= 0 {
                met += 1;
            }
        }
    }
    met % 2 == 1
}

fn check(points: &[E7], ground: &Ground, wanted: impl Fn(E7) -> bool) -> Result<(), TestCaseError> {
    let index = PackedIndex::build(points);
    let value = |id: u32| [u64::from(id) + 1, u64::from(id % 7)];
    let columns = Columns::new(&index, value);
    let expected: Vec<u32> = (0..points.len() as u32).filter(|&i| wanted(points[i as usize])).collect();
    let mut found = Vec::new();
    index.on(ground, |id| found.push(id));
    found.sort_unstable();
    prop_assert_eq!(&found, &expected);
    prop_assert_eq!(index.count_on(ground), expected.len() as u64);
    let sums = expected.iter().fold([0; 2], |s, &i| [s[0] + value(i)[0], s[1] + value(i)[1]]);
    prop_assert_eq!(index.sum_on(ground, &columns, value), (expected.len() as u64, sums));
    for &p in points {
        prop_assert_eq!(ground.contains(p), wanted(p));
        prop_assert!(!wanted(p) || ground.around().contains(p));
    }
    Ok(())
}

proptest! {
    #[test]
    fn boxes_find_what_a_scan_finds(points in points(), x in 0..60_i32, y in 0..60_i32, w in -2..60_i32, h in 0..60_i32) {
        let b = Bounds { min: at(x, y), max: at(x + w, y + h) };
        check(&points, &Ground::bounds(b), |p| b.contains(p))?;
    }

    #[test]
    fn polygons_find_what_a_scan_finds(points in points(), ground in ground()) {
        check(&points, &Ground::polygon(&ground), |p| inside(&ground, p))?;
    }

    #[test]
    fn circles_find_what_a_scan_finds(points in points(), x in -10..70_i32, y in -10..70_i32, radius in 0.0..900.0_f64) {
        let middle = at(x, y);
        check(&points, &Ground::circle(middle, radius), |p| geodesic::distance_m(middle, p) <= radius)?;
    }

    #[test]
    fn wide_circles_find_what_a_scan_finds(middle in anywhere(), points in prop::collection::vec(anywhere(), 0..400), radius in 0.0..2e7_f64) {
        let in_reach = |p| geodesic::distance_m(middle, p) <= radius;
        let index = PackedIndex::build(&points);
        let expected = points.iter().filter(|p| in_reach(**p)).count() as u64;
        prop_assert_eq!(index.count_on(&Ground::circle(middle, radius)), expected);
    }

    #[test]
    fn nearest_is_nearest(points in points(), x in 0..60_000_i32, y in 0..60_000_i32, k in 0..40_usize, n in 1..4_u32) {
        check_nearest(&points, E7::new(1_203_000_000 + x, 315_000_000 + y), k, |id| id % n == 0)?;
    }

    #[test]
    fn nearest_is_nearest_around_the_globe(points in prop::collection::vec(anywhere(), 0..400), middle in anywhere(), k in 0..20_usize) {
        check_nearest(&points, middle, k, |_| true)?;
    }

    #[test]
    fn nothing_is_nearer_than_the_estimate(middle in anywhere(), a in anywhere(), b in anywhere(), s in 0.0..=1.0_f64, t in 0.0..=1.0_f64) {
        let bounds = Bounds::of([&a, &b]);
        let on = |lo: i32, hi: i32, s: f64| (f64::from(lo) + (f64::from(hi) - f64::from(lo)) * s) as i32;
        let p = E7::new(on(bounds.min.lon, bounds.max.lon, s), on(bounds.min.lat, bounds.max.lat, t));
        prop_assert!(metric::least_m(middle, &bounds) <= geodesic::distance_m(middle, p));
    }
}

/// Anywhere on the globe, often near a pole or the antimeridian.
fn anywhere() -> impl Strategy<Value = E7> {
    let lon = prop_oneof![2 => -1_800_000_000..=1_800_000_000_i32, 1 => 1_799_000_000..=1_800_000_000_i32, 1 => -1_800_000_000..=-1_799_000_000_i32];
    let lat = prop_oneof![2 => -900_000_000..=900_000_000_i32, 1 => 899_000_000..=900_000_000_i32];
    (lon, lat).prop_map(|(lon, lat)| E7::new(lon, lat))
}

fn check_nearest(points: &[E7], at: E7, k: usize, keep: impl Fn(u32) -> bool) -> Result<(), TestCaseError> {
    let all = (0..points.len() as u32).filter(|&i| keep(i));
    let mut expected: Vec<(u32, f64)> =
        all.map(|i| (i, geodesic::distance_m(at, points[i as usize]))).collect();
    expected.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    expected.truncate(k);
    prop_assert_eq!(PackedIndex::build(points).nearest(at, k, keep), expected);
    Ok(())
}

#[test]
fn a_hundred_thousand_points_in_one_place() {
    let mut points = vec![at(5, 5); 100_000];
    points.extend((0..100).map(|i| at(i, 7)));
    let index = PackedIndex::build(&points);
    let near = index.nearest(at(5, 5), 10, |_| true);
    assert_eq!(near, (0..10).map(|id| (id, 0.0)).collect::<Vec<_>>());
    assert_eq!(index.count_in_box(&Bounds { min: at(5, 5), max: at(5, 5) }), 100_000);
    let mut asked = vec![0; points.len()];
    let last = index.nearest(at(5, 5), 1, |id| {
        asked[id as usize] += 1;
        id >= 99_999
    });
    assert_eq!(last, [(99_999, 0.0)]);
    assert!(asked[..100_000].iter().all(|&n| n == 1), "each is asked about once");
    // Of the others those that share a leaf with some of these.
    assert!(asked[100_000..].iter().all(|&n| n <= 1) && asked[100_000..].iter().sum::<u32>() < 16);
}
