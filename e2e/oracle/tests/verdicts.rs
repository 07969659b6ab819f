//! The oracle itself: it must see what is wrong, or nothing that it passes means anything.

use gridbeat_onemap::{E7, MultiPolygon, Polygon};
use gridbeat_oracle::{Ground, assert_coverages, intersections, judge};

fn ring(points: &[(i32, i32)]) -> Vec<E7> {
    points.iter().map(|&(x, y)| E7::new(1_200_000_000 + x, 315_000_000 + y)).collect()
}

fn area(points: &[(i32, i32)]) -> MultiPolygon {
    MultiPolygon(vec![Polygon { exterior: ring(points), holes: vec![] }])
}

fn square(x: i32, y: i32, s: i32) -> MultiPolygon {
    area(&[(x, y), (x + s, y), (x + s, y + s), (x, y + s)])
}

#[test]
fn a_coverage_is_passed() {
    let mut around = square(0, 0, 100);
    around.0[0].holes.push(ring(&[(40, 40), (40, 60), (60, 60), (60, 40)]));
    let areas = [around, square(40, 40, 20), square(100, 0, 100), MultiPolygon::default()];
    assert_coverages([("three areas and an empty one", &areas[..])]);
    let verdict = &judge(&[Ground::on_lattice(&areas)])[0];
    assert_eq!((verdict.sum, verdict.union), (20_000.0, 20_000.0));
}

#[test]
fn each_fault_is_seen() {
    let one = |areas: &[MultiPolygon]| judge(&[Ground::on_lattice(areas)]).remove(0);
    // An overlap of one unit.
    let overlapping = one(&[square(0, 0, 100), square(99, 0, 100)]);
    assert!(
        !overlapping.coverage && overlapping.invalid == 0 && overlapping.complaint.contains("invalid edges")
    );
    // A neighbour's vertex in the middle of an edge.
    let unmatched = one(&[square(0, 0, 100), square(100, 0, 50)]);
    assert!(!unmatched.coverage);
    let bow_tie = one(&[area(&[(0, 0), (10, 10), (10, 0), (0, 10)])]);
    assert_eq!(bow_tie.invalid, 1);
    let mut clockwise = square(0, 0, 100);
    clockwise.0[0].exterior.reverse();
    clockwise.0[0].holes.push(ring(&[(10, 10), (20, 10), (20, 20)]));
    assert_eq!(one(&[clockwise]).against_rfc7946, 2);
    // Many questions in one frame keep their order.
    let good = Ground::on_lattice(&[square(0, 0, 1)]);
    let bad = Ground::on_lattice(&[square(0, 0, 2), square(1, 0, 2)]);
    let told: Vec<bool> = judge(&[good.clone(), bad, good]).iter().map(|v| v.coverage).collect();
    assert_eq!(told, [true, false, true]);
}

#[test]
fn what_geos_cannot_hold_is_said_and_the_next_question_answered() {
    // A polygon of no ring at all, behind more questions than a pipe holds.
    let none =
        Ground::on_lattice(&[MultiPolygon(vec![Polygon { exterior: ring(&[(0, 0)]), holes: vec![] }])]);
    let many: Vec<Ground> = (0..20_000).map(|_| none.clone()).collect();
    assert!(std::panic::catch_unwind(|| judge(&many)).is_err());
    assert!(
        judge(&[Ground::on_lattice(&[]), Ground::on_lattice(&[square(0, 0, 1)])]).iter().all(|v| v.is_good())
    );
}

/// Without its second question GEOS calls the first of these invalid; the others are, whatever the question.
#[test]
fn a_hole_that_touches_where_three_meet_is_no_fault() {
    let around = |hole: &[(i32, i32)]| {
        let mut around = area(&[(0, 0), (10, 0), (10, 5), (10, 10), (0, 10)]);
        around.0[0].holes.push(ring(hole));
        around
    };
    let beyond = area(&[(10, 5), (15, 0), (15, 10)]);
    let one = |areas: &[MultiPolygon]| judge(&[Ground::on_lattice(areas)]).remove(0);
    let touching = one(&[around(&[(10, 5), (5, 4), (5, 6)]), beyond.clone()]);
    assert!(touching.is_good() && touching.touching, "{touching:?}");
    // Two holes that touch each other, and in one of them an area that has the vertex.
    let mut two = around(&[(3, 3), (3, 5), (5, 5)]);
    two.0[0].holes.push(ring(&[(5, 5), (5, 7), (7, 7), (7, 5)]));
    assert!(one(&[two.clone(), area(&[(5, 5), (7, 5), (7, 7), (5, 7)]), beyond.clone()]).is_good());
    // A filling with a vertex more than its hole, and one that is too large.
    let hole = around(&[(10, 5), (5, 4), (5, 6)]);
    assert!(!one(&[hole.clone(), beyond.clone(), area(&[(10, 5), (5, 6), (5, 5), (5, 4)])]).coverage);
    assert!(!one(&[hole, beyond, area(&[(10, 5), (4, 6), (5, 4)])]).coverage);
}

#[test]
fn common_ground_is_measured() {
    let first = Ground::on_lattice(&[square(0, 0, 100), square(100, 0, 100)]);
    let second = Ground::on_lattice(&[square(50, 50, 100), square(500, 0, 1)]);
    let mut told = intersections(&[[first, second]]).remove(0);
    told.sort_by(|a, b| a.partial_cmp(b).unwrap());
    assert_eq!(told, [(0, 0, 2500.0), (1, 0, 2500.0)]);
}
