//! Pieces tile the outline of the arrangement exactly, in lattice units; an area of the overlay differs from
//! the layer's by less than one unit times the length of its crossed edges: those that the arrangement bent, and
//! those that it kept although an edge of the other layer crosses them (so close to an end that the crossing
//! became that end; then the other edge may run past the end on either side). Where an area is no wider than a unit
//! somewhere, a neighbour's bent edge may pass to its other side, from vertex to vertex of it; then by as much
//! as that edge runs there.

use super::{Built, drawn};
use crate::edges::{area2, edges, length};
use gridbeat_onemap::{AreaId, Bounds, E7, Layer, Overlay, e7, record::Side};
use std::collections::BTreeSet;

pub fn check(name: &str, built: &Built) {
    let overlay = &built.overlay;
    let outline = overlay.arcs().filter_map(|(points, left, right)| match (left, right) {
        (Some(_), None) => Some((points, false)),
        (None, Some(_)) => Some((points, true)),
        _ => None,
    });
    let outline = outline.flat_map(|(points, against)| {
        points.windows(2).map(move |w| if against { (w[1], w[0]) } else { (w[0], w[1]) })
    });
    let pieces: i128 = overlay.ids().map(|p| overlay.outline(p).area2()).sum();
    assert_eq!(pieces, area2(outline), "{name}: pieces and the outline of all");

    let kept = kept(overlay);
    for (side, layer, other) in
        [(Side::Grid, &built.grids, &built.beats), (Side::Beat, &built.beats, &built.grids)]
    {
        for id in drawn(layer) {
            let in_layer = layer.outline(id).area2();
            let in_pieces: i128 =
                overlay.pieces_of(side, id).iter().map(|p| overlay.outline(*p).area2()).sum();
            let apart = (in_layer - in_pieces) as f64 / 2.0;
            let bent = bent(layer, id, &kept);
            // What is dear to find out is found out only where it may matter.
            let least = || bent + crossed(layer, id, other, &kept);
            assert!(
                apart == 0.0
                    || apart.abs() < bent
                    || apart.abs() < least()
                    || apart.abs() < least() + passing(layer, id, &kept),
                "{name}: {} is {apart} square units larger in its layer than in the overlay; {bent} units of its edges are bent",
                layer.area(id).code
            );
        }
    }
}

/// How long those kept edges of an area are that an edge of the other layer crosses.
fn crossed(layer: &Layer, id: AreaId, other: &Layer, kept: &BTreeSet<(E7, E7)>) -> f64 {
    let others: Vec<(E7, E7)> = other
        .arcs()
        .flat_map(|arc| arc.points.windows(2).map(|w| (w[0], w[1])).collect::<Vec<_>>())
        .collect();
    let apart = |(a, b): (E7, E7), c: E7, d: E7| {
        let (c, d) = (e7::orientation(a, b, c), e7::orientation(a, b, d));
        (c.is_lt() && d.is_gt()) || (c.is_gt() && d.is_lt())
    };
    let edges =
        edges([&layer.outline(id)]).into_iter().filter(|&(a, b)| kept.contains(&(a.min(b), a.max(b))));
    edges
        .filter(|&(a, b)| others.iter().any(|&(c, d)| apart((a, b), c, d) && apart((c, d), a, b)))
        .map(length)
        .sum()
}

/// How long the bent edges of other areas of the layer are within a unit of an area's box.
fn passing(layer: &Layer, id: AreaId, kept: &BTreeSet<(E7, E7)>) -> f64 {
    let b = layer.outline(id).bounds();
    let b = Bounds { min: E7::new(b.min.lon - 1, b.min.lat - 1), max: E7::new(b.max.lon + 1, b.max.lat + 1) };
    let around = 2.0
        * (length((b.min, E7::new(b.max.lon, b.min.lat))) + length((b.min, E7::new(b.min.lon, b.max.lat))));
    let others = drawn(layer).filter(|&other| other != id);
    let near = others
        .flat_map(|other| edges([&layer.outline(other)]))
        .filter(|&(p, q)| !kept.contains(&(p.min(q), p.max(q))) && b.intersects(&Bounds::of([&p, &q])));
    near.map(|e| length(e).min(around)).sum()
}

/// The edges of the arrangement.
pub fn kept(overlay: &Overlay) -> BTreeSet<(E7, E7)> {
    let edges =
        overlay.arcs().flat_map(|(points, ..)| points.windows(2).map(|w| (w[0].min(w[1]), w[0].max(w[1]))));
    edges.collect()
}

/// How long those edges of an area are that the arrangement has not as they are: it cut them, and so perhaps
/// bent them.
pub fn bent(layer: &Layer, id: AreaId, kept: &BTreeSet<(E7, E7)>) -> f64 {
    let edges = edges([&layer.outline(id)]);
    edges.into_iter().filter(|&(a, b)| !kept.contains(&(a.min(b), a.max(b)))).map(length).sum()
}
