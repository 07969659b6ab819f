//! What must hold of any two layers, without an oracle: all that must hold of a case, and that arcs meet in
//! their ends only, that every polygon is valid, that points far from every line have the owner that counting
//! says, that a repaired polygon is valid and needs no second repair, and that a cleaned layer is valid and needs
//! no second cleaning.

use crate::{
    cases::{Case, Random, drawn},
    judge::{Built, distance},
};
use geo::Validation;
use gridbeat_onemap::{
    E7, Layer, MultiPolygon, Polygon,
    coverage::{
        clean::{Options, Prefer, clean},
        repair,
    },
    e7,
    record::AreaRow,
    shape::ring_area2,
};

/// What an input led to, in powers of two: inputs of the same shape teach nothing new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape([u32; 7]);

/// Builds a case and checks it.
pub fn check(case: Case) -> (Shape, Built) {
    let repaired = drawn(&case.grids).flat_map(|g| &g.0).filter(|p| is_repaired(p)).count();
    let built = Built::new(case);
    built.check();
    let overlay = &built.overlay;
    for layer in built.layers() {
        noded(layer.arcs().map(|arc| arc.points));
        layer.ids().for_each(|id| valid(&layer.outline(id)));
    }
    noded(overlay.arcs().map(|(points, ..)| points));
    let pieces = built.pieces();
    pieces.iter().for_each(valid);
    owned(&built.grids, &built.case.grids);
    owned(&built.beats, &built.case.beats);
    // A tolerance in metres says nothing of lines across half the world.
    if super::is_local(&built) {
        cleaned(&built.case.grids);
    }
    let rings = pieces.iter().flat_map(MultiPolygon::rings).count();
    let polygons: usize = pieces.iter().map(|p| p.0.len()).sum();
    let vertices: usize = pieces.iter().flat_map(MultiPolygon::rings).map(Vec::len).sum();
    let counts = [
        pieces.len(),
        polygons,
        rings - polygons,
        vertices,
        overlay.arcs().count(),
        built.grids.arcs().count(),
        repaired,
    ];
    (Shape(counts.map(|n| (n + 1).ilog2())), built)
}

/// No two edges share more than an end.
fn noded<'a>(arcs: impl Iterator<Item = &'a [E7]>) {
    let edges: Vec<(E7, E7)> =
        arcs.flat_map(|points| points.windows(2).map(|w| (w[0].min(w[1]), w[0].max(w[1])))).collect();
    for (i, &(a, b)) in edges.iter().enumerate() {
        assert!(a != b, "an edge without length at {a:?}");
        for &(c, d) in &edges[..i] {
            assert!((a, b) != (c, d), "the edge {a:?} {b:?} stands twice");
            let inside = |p: E7, a: E7, b: E7| p != a && p != b && e7::on_segment(a, b, p);
            let touches = inside(a, c, d) || inside(b, c, d) || inside(c, a, b) || inside(d, a, b);
            let apart = |p: E7, q: E7, r: E7, s: E7| {
                e7::orientation(p, q, r).is_gt() != e7::orientation(p, q, s).is_gt()
            };
            let ends = [a, b].iter().any(|p| [c, d].contains(p));
            let crosses = !ends && !touches && apart(a, b, c, d) && apart(c, d, a, b) && {
                let zero = |p, q, r| e7::cross(p, q, r) == 0;
                !zero(a, b, c) && !zero(a, b, d) && !zero(c, d, a) && !zero(c, d, b)
            };
            assert!(!touches && !crosses, "{a:?} {b:?} meets {c:?} {d:?}");
        }
    }
}

/// Valid as OGC has it, by `geo`; exteriors counter-clockwise, holes clockwise.
fn valid(ground: &MultiPolygon) {
    let ring = |r: &Vec<E7>| {
        geo_types::LineString::from(
            r.iter().map(|p| (f64::from(p.lon), f64::from(p.lat))).collect::<Vec<_>>(),
        )
    };
    let polygon =
        |p: &Polygon| geo_types::Polygon::new(ring(&p.exterior), p.holes.iter().map(ring).collect());
    let shape = geo_types::MultiPolygon::new(ground.0.iter().map(polygon).collect());
    assert!(shape.is_valid(), "{:?}: {ground:?}", shape.validation_errors());
    for p in &ground.0 {
        assert!(
            ring_area2(&p.exterior) > 0 && p.holes.iter().all(|h| ring_area2(h) < 0),
            "{p:?} runs the wrong way"
        );
    }
}

/// Lines with what each adds to the winding, see [`lines`].
type Lines = Vec<(E7, E7, i32)>;

/// Points more than a unit from every line have the owner that their windings say: of all areas whose rings
/// wind around them the one with the first code.
fn owned(layer: &Layer, rows: &[AreaRow]) {
    let areas: Vec<(&AreaRow, Lines)> =
        rows.iter().filter_map(|r| r.geometry.as_ref().map(|g| (r, lines(g)))).collect();
    let all: Lines = areas.iter().flat_map(|(_, lines)| lines.iter().copied()).collect();
    let grounds: Vec<_> =
        layer.ids().filter(|&id| layer.area(id).drawn).map(|id| (id, layer.outline(id))).collect();
    let mut random = Random::new(all.len() as u64);
    for _ in 0..if all.is_empty() { 0 } else { 24 } {
        // Between the ends of two lines, so that it is mostly inside something.
        let (p, q) = (all[random.below(all.len())].0, all[random.below(all.len())].1);
        let at = gridbeat_onemap::Bounds::of([&p, &q]).center();
        if all.iter().any(|&(a, b, _)| distance(at, a, b) <= 1.5) {
            continue;
        }
        let winding = |lines: &Lines| lines.iter().map(|l| crossed(*l, at)).sum::<i32>();
        let expected = areas.iter().filter(|(_, l)| winding(l) > 0).map(|(r, _)| &r.code).min();
        let owner: Vec<&String> = grounds
            .iter()
            .filter(|(_, g)| winding(&lines(g)) > 0)
            .map(|(id, _)| &layer.area(*id).code)
            .collect();
        assert_eq!(owner, expected.into_iter().collect::<Vec<_>>(), "whose {at:?} is");
    }
}

/// The lines of some ground, from south to north, with what the winding is greater to their west than to their
/// east; exteriors count +1 inside, holes −1, whichever way they run.
fn lines(ground: &MultiPolygon) -> Lines {
    let mut lines = Vec::new();
    for polygon in &ground.0 {
        for (k, ring) in polygon.rings().enumerate() {
            let sign = if (ring_area2(ring) > 0) == (k == 0) { 1 } else { -1 };
            for (i, &a) in ring.iter().enumerate() {
                let b = ring[(i + 1) % ring.len()];
                if a != b {
                    lines.push(if a.lat <= b.lat { (a, b, sign) } else { (b, a, -sign) });
                }
            }
        }
    }
    lines
}

/// What a line adds to the winding at a point west of it.
fn crossed((south, north, sign): (E7, E7, i32), p: E7) -> i32 {
    if south.lat <= p.lat && p.lat < north.lat && e7::cross(south, north, p) > 0 { sign } else { 0 }
}

/// A repaired polygon is valid, and repairing it again changes nothing.
fn is_repaired(polygon: &Polygon) -> bool {
    let Ok(once) = repair(polygon) else { return false };
    valid(&once.polygons);
    for part in &once.polygons.0 {
        let twice = repair(part).expect("what was repaired is a polygon");
        assert_eq!(twice.polygons.0, std::slice::from_ref(part), "repaired again: {:?}", twice.what);
    }
    true
}

/// Cleaning gives valid ground, and cleaning that again changes nothing.
fn cleaned(rows: &[AreaRow]) {
    let whole = |g: &MultiPolygon| {
        let parts = g.0.iter().filter_map(|p| repair(p).ok());
        MultiPolygon(parts.flat_map(|r| r.polygons.0).collect())
    };
    let given: Vec<AreaRow> =
        rows.iter().map(|r| AreaRow { geometry: r.geometry.as_ref().map(whole), ..r.clone() }).collect();
    for tolerance_m in [0.03, 0.5] {
        let options = Options { tolerance_m, prefer: Prefer::LongestBorder };
        let with_ground = |rows: &[AreaRow]| {
            let has = |r: &&AreaRow| r.geometry.as_ref().is_some_and(|g| !g.is_empty());
            rows.iter().filter(has).cloned().collect::<Vec<AreaRow>>()
        };
        let mut once = with_ground(&given);
        for (fid, ground) in clean(&once, &options).changed {
            valid(&ground);
            let row = once.iter_mut().find(|r| r.fid == fid).expect("a row that was given");
            row.geometry = Some(ground);
        }
        let twice = clean(&with_ground(&once), &options).changed;
        assert!(twice.is_empty(), "within {tolerance_m} m, cleaned again: {twice:?}");
    }
}
