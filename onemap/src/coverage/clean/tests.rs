//! The steps together, on small drawings by the equator, where 90 units are a metre.

use super::{
    testing::{METRE as M, polygon, rectangle, rows, square},
    *,
};
use crate::{E7, coverage::Layer, record::Side, shape::ring_area2};

fn metre() -> Options {
    Options { tolerance_m: 1.0, prefer: Prefer::LongestBorder }
}

/// The rows with what cleaning changed in its place.
fn after(rows: &[AreaRow], cleaned: &Cleaned) -> Vec<AreaRow> {
    let mut rows = rows.to_vec();
    for (fid, ground) in &cleaned.changed {
        rows.iter_mut().find(|r| r.fid == *fid).unwrap().geometry = Some(ground.clone());
    }
    rows
}

/// Cleans, checks what holds for every result, and returns the rows as they are now.
fn cleaned(rows: &[AreaRow], options: &Options) -> (Vec<AreaRow>, Report) {
    let result = clean(rows, options);
    assert!(result.report.settled);
    let now = after(rows, &result);
    let again = clean(&now, options);
    assert_eq!(again.changed, [], "a second run changes nothing");
    assert_eq!(again.report.transfers, []);
    (now, result.report)
}

/// Whether every bit of ground has one owner at most and borders are shared vertex for vertex.
fn is_coverage(rows: &[AreaRow]) -> bool {
    let drawings = Drawings::new(rows);
    let table = Table::new(&drawings);
    let open = table.open();
    let lines = open.iter().map(|o| Line { a: o.a, b: o.b, tag: 0, delta: o.delta }).collect();
    let planar = Planar::new(0, lines);
    let faults = Faults::new(&planar, |m| m.framed && m.total != 1);
    let twice = (0..faults.faults.len() as u32).any(|f| faults.meaning(f).total != 0);
    let edges: usize = planar.arcs().map(|a| a.points.len() - 1).sum();
    !twice && edges == open.len() + 4 && table.doubled().next().is_none()
}

fn area2(row: &AreaRow) -> i128 {
    row.geometry.as_ref().unwrap().area2()
}

#[test]
fn a_clean_coverage_stays_as_it_is() {
    // B's short edges at the junction are far below the tolerance, and so is the narrow island C.
    let around = MultiPolygon(vec![crate::Polygon {
        exterior: square(0, 0, 100 * M).0[0].exterior.clone(),
        holes: vec![rectangle(20 * M, 20 * M, 30, 40 * M).0[0].exterior.clone()],
    }]);
    let rows = rows([
        ("A", around),
        ("B", polygon(&[(100 * M, 0), (200 * M, 0), (200 * M, 10), (200 * M, 20), (100 * M, 100 * M)])),
        ("C", rectangle(20 * M, 20 * M, 30, 40 * M)),
    ]);
    let result = clean(&rows, &metre());
    assert_eq!(result.changed, []);
    assert_eq!(result.report, Report { settled: true, ..Report::default() });
}

#[test]
fn nothing_to_clean_is_clean() {
    let result = clean(&[], &metre());
    assert_eq!((result.changed.len(), result.report.settled), (0, true));
}

#[test]
fn an_enclosed_gap_goes_to_the_longest_border() {
    // The gap lies between A in the south and C in the north; B and D have half a metre of it each.
    let rows = rows([
        (
            "A",
            polygon(&[
                (0, 0),
                (30 * M, 0),
                (30 * M, 10 * M),
                (20 * M, 10 * M),
                (10 * M, 10 * M),
                (0, 10 * M),
            ]),
        ),
        ("B", rectangle(0, 10 * M, 10 * M, 20 * M)),
        ("D", rectangle(20 * M, 10 * M, 10 * M, 20 * M)),
        ("C", rectangle(10 * M, 10 * M + 45, 10 * M, 20 * M - 45)),
    ]);
    let (now, report) = cleaned(&rows, &metre());
    assert!(is_coverage(&now));
    assert_eq!(report.transfers.len(), 1);
    let Ground { from, to, area_m2 } = report.transfers[0];
    assert_eq!((from, to), (None, Some(Fid(1))), "A and C have 10 m each: the code decides");
    assert!((area_m2 - 5.0).abs() < 0.1, "{area_m2}");
    assert_eq!((report.moved.vertices, report.moved.dropped), (2, 0), "the gap's northern corners");
}

#[test]
fn a_strip_open_at_both_ends_is_closed() {
    let rows = rows([("A", square(0, 0, 100 * M)), ("B", square(100 * M + 45, 0, 100 * M))]);
    let (now, report) = cleaned(&rows, &metre());
    assert!(is_coverage(&now));
    assert_eq!(now[1], rows[1], "the code decides: the strip is A's");
    assert_eq!(area2(&now[0]), 2 * i128::from(100 * M) * i128::from(100 * M + 45));
    assert_eq!(report.moved.vertices, 2);
    assert!((0.45..0.55).contains(&report.moved.max_m), "{:?}", report.moved);
}

#[test]
fn a_strip_wider_than_the_tolerance_stays() {
    let rows = rows([("A", square(0, 0, 100 * M)), ("B", square(101 * M + 10, 0, 100 * M))]);
    assert_eq!(clean(&rows, &metre()).changed, []);
}

#[test]
fn only_the_narrow_part_of_a_wedge_is_closed() {
    // From 0 m at the south to 3 m at the north; each side has a vertex every 20 m.
    let side = |x: fn(i32) -> i32| (0..=5).map(move |k| (x(k), 20 * k * M));
    let mut a: Vec<(i32, i32)> = vec![(-100 * M, 0)];
    a.extend(side(|_| 0));
    a.push((-100 * M, 100 * M));
    let mut b: Vec<(i32, i32)> = side(|k| 54 * k).collect();
    b.extend([(100 * M, 100 * M), (100 * M, 0)]);
    let rows = rows([("A", polygon(&a)), ("B", polygon(&b))]);
    let (now, report) = cleaned(&rows, &metre());
    assert!(is_coverage(&now));
    // Up to 20 m north it is 0.6 m wide; at 40 m it is 1.2 m.
    let gained: f64 = report.transfers.iter().map(|g| g.area_m2).sum();
    assert!((5.5..8.0).contains(&gained), "{report:?}");
}

#[test]
fn a_sharp_corner_at_the_outer_border_is_no_gap() {
    // A and B part at an angle of about 30°, with vertices half a metre from the junction.
    let rows = rows([
        (
            "A",
            polygon(&[
                (0, 0),
                (50 * M, -50 * M),
                (50 * M, 0),
                (50 * M + 45, 12),
                (150 * M, 40 * M),
                (0, 100 * M),
            ]),
        ),
        ("B", polygon(&[(50 * M, -50 * M), (150 * M, -50 * M), (50 * M + 45, -12), (50 * M, 0)])),
    ]);
    assert_eq!(clean(&rows, &metre()).changed, []);
}

#[test]
fn an_overlap_goes_to_one_and_a_wide_one_stays() {
    let rows = rows([
        ("A", square(0, 0, 100 * M)),
        ("B", rectangle(100 * M - 45, 0, 50 * M, 100 * M)),
        ("C", rectangle(0, 100 * M - 180, 100 * M, 50 * M)),
    ]);
    let (now, report) = cleaned(&rows, &metre());
    assert_eq!(report.wide_overlaps.count, 1);
    assert!((report.wide_overlaps.area_m2 - 250.0).abs() < 5.0, "2 m × 100 m with C, ½ m × 100 m with B");
    assert_eq!(report.transfers.len(), 0, "the narrow one hangs together with the wide one");
    // Corners that lie on the neighbour's edge become the neighbour's too; no ground changes.
    assert!(now.iter().map(area2).eq(rows.iter().map(area2)));
    let two = &rows[..2];
    let (now, report) = cleaned(two, &metre());
    assert!(is_coverage(&now));
    assert_eq!((report.transfers[0].from, report.transfers[0].to), (Some(Fid(2)), Some(Fid(1))));
    assert!((report.transfers[0].area_m2 - 50.0).abs() < 1.0);
}

#[test]
fn the_rule_decides_who_keeps_an_overlap() {
    let rows = rows([("A", square(0, 0, 50 * M)), ("B", square(50 * M - 45, 0, 100 * M))]);
    let to = |prefer| {
        let (now, report) = cleaned(&rows, &Options { tolerance_m: 1.0, prefer });
        assert!(is_coverage(&now));
        report.transfers[0].to.unwrap()
    };
    assert_eq!(to(Prefer::LargerArea), Fid(2));
    assert_eq!(to(Prefer::Named([Fid(1)].into())), Fid(1));
    assert_eq!(to(Prefer::Named([Fid(2)].into())), Fid(2));
}

#[test]
fn a_vertex_on_the_neighbours_edge_becomes_the_neighbours_too() {
    let rows = rows([
        ("A", square(0, 0, 100)),
        ("B", polygon(&[(100, 0), (200, 0), (200, 100), (100, 100), (100, 37)])),
    ]);
    let (now, report) = cleaned(&rows, &metre());
    assert!(is_coverage(&now));
    assert!(now[0].geometry.as_ref().unwrap().0[0].exterior.contains(&E7::new(100, 37)));
    assert_eq!(report.transfers, []);
}

#[test]
fn a_spike_into_the_neighbour_is_cut_off_however_long() {
    let spiked = polygon(&[
        (0, 0),
        (100 * M, 0),
        (100 * M, 50 * M),
        (160 * M, 50 * M + 20),
        (100 * M, 50 * M + 40),
        (100 * M, 100 * M),
        (0, 100 * M),
    ]);
    let rows = rows([("A", spiked), ("B", square(100 * M, 0, 100 * M))]);
    let (now, report) = cleaned(&rows, &metre());
    assert!(is_coverage(&now));
    assert_eq!(report.moved.dropped, 1, "the tip");
    assert_eq!(area2(&now[0]), 2 * i128::from(100 * M).pow(2));
    assert_eq!(area2(&now[1]), 2 * i128::from(100 * M).pow(2));
}

#[test]
fn spikes_into_nobodys_ground_are_dropped() {
    let spiked = polygon(&[
        (0, 0),
        (100 * M, 0),
        (100 * M, 50 * M),
        // Sharp: 20 m long and half a metre wide.
        (120 * M, 50 * M + 22),
        (100 * M, 50 * M + 45),
        (100 * M, 100 * M),
        // Blunt, on the corner: 30 m long, half a metre wide, with vertices on one side only.
        (70 * M, 100 * M),
        (40 * M, 100 * M),
        (-30 * M, 100 * M),
        (-30 * M, 100 * M - 45),
        (0, 100 * M - 45),
    ]);
    let rows = rows([("A", spiked)]);
    let (now, report) = cleaned(&rows, &metre());
    let square = i128::from(100 * M).pow(2) * 2;
    assert!((area2(&now[0]) - square).abs() < square / 1000, "{} {square}", area2(&now[0]));
    assert_eq!(report.transfers.len(), 1);
    assert_eq!(report.transfers[0].to, None);
    assert!((report.transfers[0].area_m2 - 5.0 - 15.0).abs() < 0.5, "{report:?}");
}

#[test]
fn a_pier_wider_than_the_tolerance_stays() {
    let pier = polygon(&[
        (0, 0),
        (100 * M, 0),
        (100 * M, 50 * M),
        (150 * M, 50 * M),
        (150 * M, 52 * M),
        (100 * M, 52 * M),
        (100 * M, 100 * M),
        (0, 100 * M),
    ]);
    assert_eq!(clean(&rows([("A", pier)]), &metre()).changed, []);
}

#[test]
fn a_line_there_and_back_is_dropped() {
    let spiked = polygon(&[(0, 0), (100, 0), (100, 50), (170, 50), (100, 50), (100, 100), (0, 100)]);
    let (now, _) = cleaned(&rows([("A", spiked)]), &metre());
    assert_eq!(area2(&now[0]), 20_000);
    assert!(is_coverage(&now));
}

#[test]
fn a_net_of_lanes_between_parcels_is_closed_lane_by_lane() {
    // 3 × 3 parcels of 20 m, each 0.4 m from the next: one gap, open to the outside everywhere.
    let step = 20 * M + 36;
    let rows = rows([
        ("1", square(0, 0, 20 * M)),
        ("2", square(step, 0, 20 * M)),
        ("3", square(2 * step, 0, 20 * M)),
        ("4", square(0, step, 20 * M)),
        ("5", square(step, step, 20 * M)),
        ("6", square(2 * step, step, 20 * M)),
        ("7", square(0, 2 * step, 20 * M)),
        ("8", square(step, 2 * step, 20 * M)),
        ("9", square(2 * step, 2 * step, 20 * M)),
    ]);
    let (now, report) = cleaned(&rows, &metre());
    assert!(is_coverage(&now));
    let all: i128 = now.iter().map(area2).sum();
    let side = i128::from(2 * step + 20 * M);
    assert_eq!(all, 2 * side * side, "nothing is left between them");
    for (row, before) in now.iter().zip(&rows) {
        let lane = i128::from(2 * 40 * M * 40);
        assert!(area2(row) - area2(before) < 2 * lane + 20_000, "{}: no tentacles", row.code);
    }
    assert_eq!(report.narrow.count, 0);
}

#[test]
fn an_area_that_lies_in_another_is_not_swallowed() {
    // B, half a metre wide, is drawn over A, which has no hole for it.
    let rows = rows([("A", square(0, 0, 100 * M)), ("B", rectangle(10 * M, 10 * M, 45, 40 * M))]);
    let (now, report) = cleaned(&rows, &metre());
    assert!(is_coverage(&now));
    assert_eq!(now[1], rows[1]);
    assert_eq!(now[0].geometry.as_ref().unwrap().0[0].holes.len(), 1);
    assert_eq!(report.transfers[0].from, Some(Fid(1)));
}

#[test]
fn what_crosses_elsewhere_is_not_touched() {
    // A and B overlap by half a metre; far away, A and C by 10 m. C stays vertex for vertex, and A
    // gets no vertex where its border crosses C's.
    let rows = rows([
        ("A", square(0, 0, 100 * M)),
        ("B", rectangle(100 * M - 45, 0, 50 * M, 100 * M)),
        ("C", polygon(&[(-50 * M, 10 * M), (10 * M, 33 * M), (-50 * M, 60 * M)])),
    ]);
    let (now, report) = cleaned(&rows, &metre());
    assert_eq!(now[2], rows[2]);
    assert_eq!(report.wide_overlaps.count, 1);
    let exterior = |r: &AreaRow| r.geometry.as_ref().unwrap().0[0].exterior.clone();
    assert!(exterior(&now[0]).iter().all(|v| v.lon != 0 || v.lat == 0 || v.lat == 100 * M));
    assert_eq!(report.transfers.len(), 1);
}

#[test]
fn ground_is_accounted_for() {
    let rows = rows([
        ("A", square(0, 0, 50 * M)),
        ("B", square(50 * M - 45, 0, 50 * M)),
        ("C", rectangle(0, 50 * M + 60, 100 * M - 45, 50 * M)),
    ]);
    let (now, report) = cleaned(&rows, &metre());
    assert!(is_coverage(&now));
    for (before, now) in rows.iter().zip(&now) {
        let m2 = |r: &AreaRow| crate::geodesic::area_m2(r.geometry.as_ref().unwrap());
        let sum = |f: &dyn Fn(&Ground) -> bool| -> f64 {
            report.transfers.iter().filter(|g| f(g)).map(|g| g.area_m2).sum()
        };
        // Whoever keeps an overlap has it in his drawing before and after.
        let gained = sum(&|g| g.to == Some(now.fid) && g.from.is_none());
        let lost = sum(&|g| g.from == Some(now.fid));
        assert!((m2(now) - m2(before) - gained + lost).abs() < 0.2, "{}", now.code);
    }
}

#[test]
fn the_layer_built_from_the_result_is_the_result() {
    let rows = rows([("A", square(0, 0, 100 * M)), ("B", square(100 * M + 45, 7, 100 * M))]);
    let (now, _) = cleaned(&rows, &metre());
    let layer = Layer::new(Side::Grid, now.clone());
    for row in &now {
        let outline = layer.outline(layer.by_fid(row.fid).unwrap());
        assert_eq!(drawings::canonical(&outline), drawings::canonical(row.geometry.as_ref().unwrap()));
        assert!(ring_area2(&outline.0[0].exterior) > 0);
    }
}
