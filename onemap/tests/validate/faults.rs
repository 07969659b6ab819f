//! One fault at a time.

use crate::draw::{METRE, check, codes, kinds, layer, polygon, rectangle, row, the};
use FindingKind::*;
use gridbeat_onemap::{
    E7, Layer, MultiPolygon,
    coverage::{FindingKind, Severity, Shape, Tolerance, validate},
    record::{Fid, Level, Region, Side},
};

/// Two rows of three areas with so many metres between them.
fn two_rows(apart: f64) -> Layer {
    let row = |y: f64| (0..3).map(move |i| rectangle(f64::from(i) * 100.0, y, 100.0, 100.0));
    layer(row(0.0).chain(row(100.0 + apart)))
}

#[test]
fn areas_that_share_their_borders_are_in_order() {
    assert_eq!(kinds(&check(&two_rows(0.0))), []);
}

#[test]
fn a_slit_between_two_rows_is_found_though_it_is_open() {
    let layer = two_rows(0.5);
    let found = check(&layer);
    let gap = the(&found, NarrowGap);
    assert_eq!(codes(&layer, &gap), "ABCDEF");
    assert!((gap.width_m - 0.5).abs() < 0.01, "{} m wide", gap.width_m);
    // To the unit: 300 m by half a metre.
    assert_eq!(gap.ground().unwrap().area2(), 2 * i128::from(300 * METRE) * i128::from(METRE / 2));
    assert_eq!(gap.severity, Severity::Warning);
    assert!(gap.sliver);
    let at = gap.at.unwrap();
    assert!((0..300 * METRE).contains(&at.lon) && (100 * METRE..=100 * METRE + 45).contains(&at.lat));
    // Every pair of neighbours across it has borders that should be one.
    let across: Vec<String> =
        found.iter().filter(|f| f.kind == UnmatchedEdge).map(|f| codes(&layer, f)).collect();
    assert_eq!(across, ["AD", "BE", "CF"]);
    let edge = found.iter().find(|f| f.kind == UnmatchedEdge).unwrap();
    assert!((edge.length_m - 100.0).abs() < 1.0 && (edge.width_m - 0.5).abs() < 0.01, "{edge:?}");
    assert!(matches!(&edge.shape, Shape::Lines(lines) if lines.len() == 1));
}

#[test]
fn a_street_between_two_rows_is_none_unless_the_tolerance_says_so() {
    let layer = two_rows(3.0);
    assert_eq!(kinds(&check(&layer)), []);
    let found = validate(&layer, &Tolerance { gap_m: 5.0 });
    assert_eq!(the(&found, NarrowGap).areas.len(), 6);
    assert_eq!(kinds(&validate(&two_rows(0.5), &Tolerance { gap_m: 0.4 })), []);
}

#[test]
fn a_slit_that_bends_is_one() {
    // An L: the slit runs east, then north.
    let layer = layer([
        polygon(&[(0.0, 0.0), (200.0, 0.0), (200.0, 200.0), (150.0, 200.0), (150.0, 100.0), (0.0, 100.0)]),
        polygon(&[(0.0, 100.4), (149.6, 100.4), (149.6, 200.0), (0.0, 200.0)]),
    ]);
    let found = check(&layer);
    let gap = the(&found, NarrowGap);
    let expected = (149.6 + 99.6) * 0.4;
    assert!((gap.area_m2 - expected).abs() < 0.4, "{} m², expected about {expected}", gap.area_m2);
}

#[test]
fn a_hole_between_areas_is_a_gap_and_counted_once() {
    // Four around a hole half a metre wide: enclosed, so no narrow gap as well.
    let layer = layer([
        rectangle(0.0, 0.0, 300.0, 100.0),
        rectangle(0.0, 100.5, 300.0, 100.0),
        rectangle(-50.0, 0.0, 50.0, 200.5),
        rectangle(300.0, 0.0, 50.0, 200.5),
    ]);
    let found = check(&layer);
    let gap = the(&found, Gap);
    assert_eq!(codes(&layer, &gap), "ABCD");
    assert_eq!(gap.ground().unwrap().area2(), 2 * i128::from(300 * METRE) * i128::from(METRE / 2));
    assert!(!kinds(&found).contains(&NarrowGap), "{:?}", kinds(&found));
}

#[test]
fn a_border_drawn_with_other_vertices_is_unmatched_where_it_differs() {
    // B's copy of the common border bends 30 cm into A and back.
    let layer = layer([
        rectangle(0.0, 0.0, 100.0, 100.0),
        polygon(&[(100.0, 0.0), (200.0, 0.0), (200.0, 100.0), (100.0, 100.0), (99.7, 50.0)]),
    ]);
    let found = check(&layer);
    assert_eq!(codes(&layer, &the(&found, Overlap)), "AB");
    let edge = the(&found, UnmatchedEdge);
    assert_eq!(edge.count, 2, "two edges of B along one of A");
    assert!((edge.width_m - 0.3).abs() < 0.02 && (edge.length_m - 100.0).abs() < 1.0, "{edge:?}");
    let overlap = the(&found, Overlap);
    assert!((overlap.area_m2 - 15.0).abs() < 0.5 && overlap.sliver, "{overlap:?}");
    assert_eq!(overlap.severity, Severity::Error);
}

#[test]
fn what_rounding_alone_makes_is_a_note() {
    // The vertex of B lies one unit inside A: a centimetre.
    let mut beside = rectangle(100.0, 0.0, 100.0, 100.0);
    beside.0[0].exterior.push(E7::new(100 * METRE - 1, 50 * METRE));
    let found = check(&layer([rectangle(0.0, 0.0, 100.0, 100.0), beside]));
    let overlap = the(&found, Overlap);
    assert_eq!(overlap.severity, Severity::Note, "{overlap:?}");
    assert!(overlap.area_m2 > 0.3 && overlap.area_m2 < 0.7, "{overlap:?}");
    assert_eq!(the(&found, UnmatchedVertex).count, 1);
    assert!(found.iter().all(|f| f.severity == Severity::Note), "{found:?}");
}

#[test]
fn a_corner_on_a_neighbours_edge_is_an_unmatched_vertex() {
    let layer = layer([
        rectangle(0.0, 0.0, 200.0, 100.0),
        rectangle(0.0, 100.0, 70.0, 100.0),
        rectangle(70.0, 100.0, 130.0, 100.0),
    ]);
    let found = check(&layer);
    assert_eq!(kinds(&found), [UnmatchedVertex, UnmatchedVertex]);
    for finding in &found {
        assert_eq!(finding.severity, Severity::Note);
        assert_eq!(finding.shape, Shape::Points(vec![E7::new(70 * METRE, 100 * METRE)]));
        assert_eq!(finding.count, 1);
    }
    assert_eq!([codes(&layer, &found[0]), codes(&layer, &found[1])], ["AB", "AC"]);
}

#[test]
fn crossings_are_placed() {
    let layer = layer([rectangle(0.0, 40.0, 100.0, 20.0), rectangle(40.0, 0.0, 20.0, 100.0)]);
    let crossing = the(&check(&layer), Crossing);
    assert_eq!(crossing.count, 4);
    let corners = [(40, 40), (40, 60), (60, 40), (60, 60)].map(|(x, y)| E7::new(x * METRE, y * METRE));
    assert_eq!(crossing.shape, Shape::Points(corners.to_vec()));
    assert_eq!(crossing.severity, Severity::Error);
}

#[test]
fn what_lies_over_an_inner_border_crosses_it() {
    let layer = layer([
        rectangle(0.0, 0.0, 100.0, 100.0),
        rectangle(100.0, 0.0, 100.0, 100.0),
        rectangle(60.0, 20.0, 80.0, 60.0),
    ]);
    let found = check(&layer);
    let with: Vec<_> =
        found.iter().filter(|f| f.kind == Crossing).map(|f| (codes(&layer, f), f.count)).collect();
    assert_eq!(with, [("AC".to_owned(), 2), ("BC".to_owned(), 2)]);
    let overlaps: Vec<_> = found.iter().filter(|f| f.kind == Overlap).map(|f| codes(&layer, f)).collect();
    assert_eq!(overlaps, ["AC", "BC"]);
}

#[test]
fn ground_claimed_by_three_names_all_three() {
    let layer = layer([
        rectangle(0.0, 0.0, 100.0, 100.0),
        rectangle(50.0, 0.0, 100.0, 100.0),
        rectangle(0.0, 50.0, 150.0, 100.0),
    ]);
    let found = check(&layer);
    let mut overlaps: Vec<_> =
        found.iter().filter(|f| f.kind == Overlap).map(|f| (codes(&layer, f), f.area_m2.round())).collect();
    overlaps.sort_by(|a, b| a.0.cmp(&b.0));
    let named: Vec<&str> = overlaps.iter().map(|o| o.0.as_str()).collect();
    assert_eq!(named, ["AB", "ABC", "AC", "BC"]);
    // 50 m by 50 m each; 90 units are a little over a metre.
    assert!(overlaps.iter().all(|o| (2480.0..2530.0).contains(&o.1)), "{overlaps:?}");
}

#[test]
fn an_area_wholly_inside_another_of_a_lower_code_has_no_ground() {
    let layer = layer([rectangle(0.0, 0.0, 100.0, 100.0), rectangle(20.0, 20.0, 20.0, 20.0)]);
    let found = check(&layer);
    assert_eq!(codes(&layer, &the(&found, NoGround)), "B");
    assert_eq!(codes(&layer, &the(&found, Overlap)), "AB");
}

#[test]
fn parts_that_lie_over_each_other_are_found() {
    let mut twice = rectangle(0.0, 0.0, 100.0, 100.0);
    twice.0.extend(rectangle(90.0, 0.0, 100.0, 100.0).0);
    let found = check(&layer([twice]));
    assert_eq!(kinds(&found), [SelfOverlap]);
    assert!((found[0].area_m2 - 1000.0).abs() < 20.0, "{found:?}");
}

#[test]
fn thin_areas_and_tiny_parts_are_slivers() {
    let mut with_crumb = rectangle(0.0, 0.0, 100.0, 100.0);
    with_crumb.0.extend(rectangle(200.0, 0.0, 2.0, 3.0).0);
    let layer = layer([with_crumb, rectangle(0.0, 100.0, 100.0, 1.5)]);
    let found = check(&layer);
    assert_eq!(kinds(&found), [Sliver, Sliver, MultiPart]);
    assert_eq!([codes(&layer, &found[0]), codes(&layer, &found[1])], ["B", "A"]);
    let parts = &found[2];
    assert_eq!(parts.count, 2);
    let at = parts.at.unwrap();
    assert!((200 * METRE..=202 * METRE).contains(&at.lon), "it points at the crumb: {at:?}");
}

#[test]
fn a_code_in_two_regions_is_found() {
    let mut rows = vec![
        row(1, "A", rectangle(0.0, 0.0, 100.0, 100.0)),
        row(1, "A", rectangle(500.0, 0.0, 100.0, 100.0)),
    ];
    rows[1].region = Region(3205);
    rows[1].fid = Fid::new(Region(3205), 1);
    let layer = Layer::new(Side::Grid, rows);
    let found = check(&layer);
    assert_eq!(kinds(&found), [DuplicateCode]);
    assert_eq!((found[0].count, found[0].areas.len()), (2, 2));
}

#[test]
fn a_child_outside_its_parents_drawing_is_named() {
    let mut rows = vec![
        row(1, "P", rectangle(0.0, 0.0, 100.0, 100.0)),
        row(2, "inside", rectangle(0.0, 0.0, 50.0, 100.0)),
        row(3, "reaching", rectangle(50.0, 0.0, 70.0, 100.0)),
        row(4, "nearly", rectangle(0.0, 100.0, 50.0, 0.8)),
    ];
    rows[0].level = Some(Level::Community);
    for child in &mut rows[1..] {
        child.parent = Some("P".into());
    }
    // The last one leaves its parent by less than the tolerance.
    rows[3].geometry = Some(rectangle(0.0, 0.0, 50.0, 100.8));
    rows.remove(1);
    let layer = Layer::new(Side::Grid, rows);
    let found = check(&layer);
    let outside = the(&found, ChildOutside);
    let named: Vec<&str> = outside.areas.iter().map(|&a| layer.area(a).code.as_str()).collect();
    assert_eq!(named, ["reaching", "P"]);
    assert!((outside.area_m2 - 2000.0).abs() < 40.0, "{outside:?}");
    assert!(!kinds(&found).contains(&ParentDiffers));
}

#[test]
fn nothing_is_found_in_nothing() {
    assert_eq!(kinds(&check(&layer([]))), []);
    assert_eq!(kinds(&check(&layer([MultiPolygon::default()]))), []);
}
